"""What a project says of its dashboard, and in one line what it cannot say."""

import pytest

from cimnet_nornir.bootstrap.dashboard import is_loopback
from cimnet_nornir.bootstrap.dashboard_settings import DashboardSettings, TokenSetting, address_of
from cimnet_nornir.errors import SettingsError


def test_without_settings_it_listens_on_loopback_and_nobody_may_change_anything() -> None:
    assert DashboardSettings.of(None) == DashboardSettings("127.0.0.1:8350", 0, (), {})


def test_what_a_project_says_is_taken() -> None:
    said = {
        "listen": "[::1]:80",
        "collect": 60,
        "names": ["noc.example.net"],
        "tokens": {"ana": {"token": "env:ANA", "may": "change"}, "prometheus": {"token": "file:/run/token"}},
    }
    tokens = {"ana": TokenSetting("env:ANA", "change"), "prometheus": TokenSetting("file:/run/token", "read")}
    assert DashboardSettings.of(said) == DashboardSettings("[::1]:80", 60, ("noc.example.net",), tokens)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "is a mapping like {listen: 127.0.0.1:8350}, not []"),
        ({"port": 80}, "has no port; it has listen, collect, names, tokens"),
        ({"listen": 8350}, "listen is HOST:PORT like 127.0.0.1:8350 or [::1]:8350, not 8350"),
        ({"collect": "often"}, "collect is a number of seconds from 0, not 'often'"),
        ({"collect": True}, "collect is a number of seconds from 0, not True"),
        ({"names": "noc"}, "names is a list of host names, not 'noc'"),
        ({"tokens": ["hunter2"]}, "tokens is a mapping like {ana: {token: env:ANA_TOKEN, may: change}}"),
        ({"tokens": {7: {"token": "env:A"}}}, "tokens: a holder is a name, not 7"),
        ({"tokens": {"ana": "hunter2"}}, "tokens: ana is like {token: env:NAME, may: read}, the token a reference"),
        ({"tokens": {"ana": {"token": 17}}}, "tokens: ana is like {token: env:NAME, may: read}, the token a reference"),
        ({"tokens": {"ana": {"token": "env:A", "may": "all"}}}, "tokens: ana may read or change, not 'all'"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_and_no_token_with_it(said: object, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        DashboardSettings.of(said)
    assert refused.value.message == f"inventory/config.yaml: dashboard: {told}"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8350", ("127.0.0.1", 8350)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:8350", ("::1", 8350)),
        ("noc.example.net:65535", ("noc.example.net", 65535)),
    ],
)
def test_an_address_is_read(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["", ":8350", "8350", "::1:8350", "[::1:8350", "host:65536", "host:-1", "host:²"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^inventory/config\.yaml: dashboard: listen is HOST:PORT like "):
        address_of(text)
    with pytest.raises(SettingsError, match=r"^--listen is HOST:PORT like "):
        address_of(text, said_by="--listen")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("noc.example.net", False),
    ],
)
def test_a_name_may_mean_any_address_but_for_localhost(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback

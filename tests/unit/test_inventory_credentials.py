"""Credentials as references: resolved when an inventory is loaded, never told in a message."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError
from nornir.core.inventory import ConnectionOptions, Host

from cimnet_nornir.errors import SettingsError
from cimnet_nornir.inventory.credentials import cimnet_credentials, resolve


class KeyringInMemory(KeyringBackend):
    """A keyring of a service with one entry; another service cannot be opened."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError("the collection is locked")
        return "from-keyring" if (service, username) == ("network/core", "admin") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nobody writes here."""

    def delete_password(self, service: str, username: str) -> None:
        """Nobody writes here."""


@pytest.fixture
def in_memory() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(KeyringInMemory())  # type: ignore[no-untyped-call]  # keyring annotates no constructor
    yield
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIMNET_USERNAME", "CIMNET_PASSWORD", "CIMNET_ENABLE"):
        monkeypatch.delenv(name, raising=False)


def host(username: str | None = None, password: str | None = None) -> Host:
    options = {
        "netmiko": ConnectionOptions(extras={"conn_timeout": 1}),
        "napalm": ConnectionOptions(extras={"optional_args": {"conn_timeout": 1}}),
    }
    return Host("sw1", username=username, password=password, connection_options=options)


def extras(of: Host) -> tuple[dict[str, object], dict[str, object]]:
    """Of Netmiko, and NAPALM's optional arguments."""
    netmiko, napalm = (of.connection_options[name].extras for name in ("netmiko", "napalm"))
    assert netmiko is not None
    assert napalm is not None
    return netmiko, napalm["optional_args"]


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_USERNAME", "ann")
    monkeypatch.setenv("CIMNET_PASSWORD", "pw")
    monkeypatch.setenv("CIMNET_ENABLE", "en")
    target = host()
    cimnet_credentials(target)
    assert (target.username, target.password) == ("ann", "pw")
    assert [options["secret"] for options in extras(target)] == ["en", "en"]


def test_what_is_not_set_is_left_out() -> None:
    target = host()
    cimnet_credentials(target)
    assert (target.username, target.password) == (None, None)
    assert all(set(options) == {"conn_timeout"} for options in extras(target))


def test_a_lab_knows_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_PASSWORD", "of-the-real-ones")
    monkeypatch.setenv("CIMNET_ENABLE", "of-the-real-ones")
    target = host("admin", "lab")
    cimnet_credentials(target)
    assert (target.username, target.password) == ("admin", "lab")
    assert "secret" not in extras(target)[0]


def test_credentials_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("pw with spaces \n")
    target = host("ann")
    cimnet_credentials(target, password=f"file:{secret}")
    assert target.password == "pw with spaces "


@pytest.mark.usefixtures("in_memory")
def test_credentials_come_from_a_keyring() -> None:
    assert resolve("keyring:network/core/admin") == "from-keyring"
    assert resolve("keyring:network/core/bob") is None
    with pytest.raises(SettingsError, match="the keyring cannot be read: the collection is locked") as caught:
        resolve("keyring:locked/admin")
    assert caught.value.subject == "locked/admin"


def test_keys_and_the_agent_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "id_ed25519").write_text("the key")
    target = host()
    cimnet_credentials(target, key_file="~/id_ed25519", agent=True)
    for options in extras(target):
        assert options["use_keys"] is True
        assert options["key_file"] == str(tmp_path / "id_ed25519")
        assert options["allow_agent"] is True


def test_a_key_that_does_not_exist_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"^key_file: {tmp_path}/id_lost does not exist; name the private key's"):
        cimnet_credentials(host("ann"), key_file=str(tmp_path / "id_lost"))
    in_a_lab = host("admin", "lab")
    cimnet_credentials(in_a_lab, key_file=str(tmp_path / "id_lost"))
    assert "key_file" not in extras(in_a_lab)[0]


@pytest.mark.parametrize(
    "reference", ["s3cr3t", "s3cr3t:s3cr3t", "", "env:", "file:", "keyring:s3cr3t", ":s3cr3t", 53237, None, True]
)
def test_what_is_no_reference_is_refused_and_never_told(reference: object) -> None:
    """Whoever writes the password itself into the settings does not read it again in a log."""
    with pytest.raises(SettingsError, match=r"password: this is no reference to a secret; write env:NAME, ") as caught:
        cimnet_credentials(host("ann"), password=reference)  # type: ignore[arg-type]  # as YAML gives it
    assert "s3cr3t" not in str(caught.value)
    assert "53237" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(SettingsError, match=r"the secret in .*/missing cannot be read: No such file or directory"):
        resolve(f"file:{missing}")
    missing.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"the secret in .*/missing cannot be read: it is no UTF-8 text"):
        resolve(f"file:{missing}")

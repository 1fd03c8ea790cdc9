"""What settings of the device itself and of who may come in refuse."""

from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.features import setting_class
from cimnet_nornir.domain.features.aaa import ServerDefaults
from cimnet_nornir.domain.features.lines import TerminalLine
from cimnet_nornir.domain.features.model import Setting, read_setting, told_setting
from cimnet_nornir.domain.features.services import Archive
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import CimnetError, DefinitionError
from tests.golden_features import network_of

SECRET = "env:SECRET"


@pytest.mark.parametrize(
    ("feature", "fields", "said"),
    [
        ("service", {"name": "pad", "enabled": False, "options": "x"}, "does not run"),
        ("service", {"name": "Two words"}, "pattern"),
        ("ldap-server", {"name": "L", "address": "192.0.2.1", "bind_dn": "cn=x"}, "both, or neither"),
        ("clock", {"summer_time": {"name": "S", "begins": "some day", "ends": "some day"}}, "no moment"),
        ("clock", {"summer_time": {"name": "S", "begins": "last Sun Mar 2:00"}}, "begins and ends"),
        (
            "clock",
            {"summer_time": {"name": "S", "begins": "last Sun Mar 2:00", "ends": "Oct 1 2026 3:00"}},
            "by the week, or on a date",
        ),
        ("clock", {"summer_time": {"name": "S", "minutes": 30}}, "behind when"),
        ("domain", {"servers": ["192.0.2.300"]}, "no address"),
        ("domain", {"servers": [f"192.0.2.{n}" for n in range(7)]}, "at most 6"),
        ("banner", {"kind": "motd", "text": " \n"}, "printable text"),
        ("banner", {"kind": "motd", "text": "a ^C b"}, "holds no"),
        ("banner", {"kind": "motd", "text": "#~@%$&|="}, "leaves out one of"),
        ("boot", {"system": []}, "at least 1"),
        ("user", {"name": "a", "secret": SECRET, "password": SECRET}, "but one"),
        ("user", {"name": "a", "password": SECRET, "algorithm": "scrypt"}, "algorithm without a secret"),
        ("user", {"name": "a", "secret": "cisco123"}, "by reference"),
        ("enable", {}, "a secret or a password"),
        ("aaa", {"new_model": False, "authorize_console": True}, "AAA is off"),
        ("aaa-authentication", {"service": "login", "methods": ["magic"]}, "no method"),
        ("aaa-authentication", {"service": "login", "methods": []}, "at least 1"),
        ("aaa-accounting", {"service": "exec", "action": "none", "groups": ["A"]}, "goes with no group"),
        ("aaa-accounting", {"service": "exec", "action": "start-stop"}, "goes with a group"),
        ("aaa-group", {"name": "G", "protocol": "radius", "servers": [{}]}, "a name or an address"),
        (
            "aaa-group",
            {"name": "G", "protocol": "radius", "servers": [{"name": "A", "port": 5}]},
            "where it is declared",
        ),
        (
            "aaa-group",
            {"name": "G", "protocol": "tacacs+", "servers": [{"address": "192.0.2.1", "timeout": 5}]},
            "only a private server",
        ),
        ("aaa-group", {"name": "G", "protocol": "tacacs+", "servers": [{"name": "A"}, {"name": "A"}]}, "twice"),
        (
            "aaa-group",
            {"name": "G", "protocol": "tacacs+", "servers": [{"address": "192.0.2.1", "auth_port": 1812}]},
            "only RADIUS has two ports",
        ),
        ("aaa-servers", {"protocol": "tacacs", "retransmit": 2}, "alone"),
        ("aaa-servers", {"protocol": "radius", "directed_request": True}, "a matter of TACACS"),
        ("line", {"lines": "vty"}, "no lines"),
        ("line", {"lines": "vty 4 0"}, "end before they begin"),
    ],
)
def test_what_no_device_would_take_is_refused(feature: str, fields: dict[str, Any], said: str) -> None:
    with pytest.raises((ValidationError, CimnetError), match=said):
        setting_class(feature).model_validate(fields)


def _network(features: str) -> Network:
    head = "network: n\ndefaults: {vendor: cisco, platform: ios}\ndevices:\n  r1: {kind: router, features: {"
    return network_of(f"{head}{features}}}}}\n", file="n.yaml")


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("line: {vty 0 4: {}, vty 4 15: {}}", "overlap"),
        ("line: {1 8: {}, 8 16: {}}", "overlap"),
        ("line: {vty 0 4: {login_list: X}}", "but no AAA"),
        ("line: {vty 0 4: {authorization: {exec: X}}}", "but no AAA"),
        ("aaa: {}, line: {vty 0 4: {login: local}}", "which no device with AAA takes"),
        ("aaa-authentication: [{service: login, methods: [local]}]", "but no AAA"),
        ("aaa: {new_model: false}, aaa-group: {G: {protocol: radius}}", "but no AAA"),
    ],
)
def test_what_does_not_fit_the_rest_of_the_device_is_refused(features: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=rf"devices\.r1\.features\.[a-z-]+.*{said}"):
        _network(features)


def test_lines_that_do_not_overlap_go_together() -> None:
    network = _network("line: {con 0: {}, aux 0: {}, vty 0 4: {}, vty 5 15: {}, 1 4: {}, 0/0/0 0/0/4: {}}")
    assert len(network.devices["r1"].features) == 6


@pytest.mark.parametrize(
    ("lines", "headers"),
    [
        ("vty 0 15", ("line vty 0 4", "line vty 5 15")),
        ("vty 4 5", ("line vty 4", "line vty 5")),
        ("vty 5 15", ("line vty 5 15",)),
        ("console 0", ("line con 0",)),
    ],
)
def test_virtual_terminals_are_told_as_a_device_shows_them(lines: str, headers: tuple[str, ...]) -> None:
    assert TerminalLine(lines=lines).headers == headers


def test_a_stop_bit_may_be_written_as_a_number() -> None:
    line: Setting = setting_class("line").model_validate({"lines": "con 0", "port": {"stop_bits": 1.5}})
    assert isinstance(line, TerminalLine)
    assert line.port.stop_bits == "1.5"


def test_what_holds_for_all_tacacs_servers_is_read_from_its_event() -> None:
    setting = ServerDefaults(protocol="tacacs", shared_secret="env:KEY", timeout=3)
    assert read_setting(told_setting(setting)) == setting


def test_tacacs_has_no_retransmissions() -> None:
    with pytest.raises((ValidationError, CimnetError), match="TACACS"):
        ServerDefaults(protocol="tacacs", retransmit=2)


def test_a_password_in_a_url_is_refused_and_not_told() -> None:
    with pytest.raises((ValidationError, CimnetError)) as caught:
        Archive.model_validate({"path": "ftp://ann:S3cret@10.0.0.4/kept"})
    assert "a password stands in a URL" in str(caught.value)

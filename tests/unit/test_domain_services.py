"""Settings of services refuse what a device would refuse, and say what would be right."""

from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features import setting_class
from cimnet_nornir.domain.features.dhcp import DhcpPool
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.snmp import SnmpGroup, SnmpUser
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import NotFound

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("global-option", {"name": "ip tcp synwait-time"}, "takes a number"),
    ("global-option", {"name": "ip tcp synwait-time", "value": "soon"}, "takes a number, not soon"),
    ("global-option", {"name": "ip cef", "value": "on"}, "ip cef takes no value"),
    ("global-option", {"name": "ip tcp mss", "enabled": False}, "not there unless it is set"),
    ("global-option", {"name": "ip nonsense"}, "no global option 'ip nonsense'"),
    ("logging", {"trap": "loud"}, "trap"),
    ("logging-host", {"host": "192.0.2.300"}, "write it like 192.0.2.1"),
    ("logging-host", {"host": "two words"}, "not one word"),
    ("ntp-key", {"number": 1, "secret": "open-word"}, "given by reference"),
    ("snmp-view", {"name": "V"}, "names no objects"),
    ("snmp-group", {"name": "G"}, "has a level"),
    ("snmp-group", {"name": "G", "version": "2c", "level": "auth"}, "has a level"),
    ("snmp-user", {"name": "eve", "group": "G", "auth": "sha"}, "go together"),
    (
        "snmp-user",
        {"name": "eve", "group": "G", "privacy": "des", "privacy_secret": "env:X"},
        "no privacy without authentication",
    ),
    ("snmp-host", {"host": "192.0.2.1"}, "have a community"),
    ("snmp-host", {"host": "192.0.2.1", "version": "3", "user": "eve"}, "a user and a level"),
    (
        "snmp-host",
        {"host": "192.0.2.1", "version": 1, "community": "env:X", "informs": True},
        "version 1 has no informs",
    ),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "threshold": 6000}, "at most the timeout"),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "frequency": 2}, "at most the time between two probes"),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "port": 80}, "icmp-echo has no port"),
    ("ip-sla", {"number": 1, "type": "tcp-connect", "target": "192.0.2.1"}, "tcp-connect needs a port"),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "packets": 5}, "neither packets"),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "control": False}, "neither ports nor control"),
    ("ip-sla", {"number": 1, "target": "192.0.2.1", "schedule": {"start": "soon"}}, "no start"),
    ("track", {"number": 1, "of": {"kind": "list", "rule": "and", "up": 5}}, "has no threshold"),
    (
        "track",
        {"number": 1, "of": {"kind": "list", "rule": "or", "objects": [{"number": 2, "weight": 1}]}},
        "only a list by weight",
    ),
    (
        "track",
        {"number": 1, "of": {"kind": "list", "rule": "weight", "objects": [{"number": 2, "negated": True}]}},
        "turns objects round",
    ),
    ("dhcp-exclusion", {"first": "10.0.0.9", "last": "10.0.0.1"}, "not behind"),
    ("dhcp-pool", {"name": "P", "network": "10.0.0.0/24", "host": "10.0.0.1/24"}, "not for both"),
    ("dhcp-pool", {"name": "P", "client_identifier": "0100.1122.3344.55"}, "only a pool for a host"),
    (
        "dhcp-pool",
        {"name": "P", "host": "10.0.0.1/24", "client_identifier": "01aa", "hardware_address": "0011.2233.4455"},
        "not both",
    ),
    ("dhcp-pool", {"name": "P", "host": "10.0.0.1/24", "client_identifier": "no digits"}, "write it like"),
    ("dhcp-pool", {"name": "P", "network": "10.0.0.0/24", "default_routers": ["10.0.1.1"]}, "10.0.1.1 is not in"),
]


@pytest.mark.parametrize(("feature", "fields", "said"), WRONG)
def test_what_does_not_fit_is_refused_and_told(feature: str, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        setting_class(feature).model_validate(fields)


@pytest.mark.parametrize(
    ("feature", "fields", "key"),
    [
        ("ntp-server", {"server": "192.0.2.1"}, "192.0.2.1"),
        ("ntp-server", {"server": "2001:DB8::0:1"}, "2001:db8::1"),
        ("logging-host", {"host": "log.example"}, "log.example"),
        ("dhcp-pool", {"name": 10}, "10"),
        ("track", {"number": 7, "of": {"kind": "stub"}}, "7"),
        ("snmp", {}, ""),
    ],
)
def test_settings_are_told_apart_by_their_key(feature: str, fields: dict[str, Any], key: str) -> None:
    assert setting_class(feature).model_validate(fields).own_key == key


def test_a_pool_without_a_network_may_have_any_router() -> None:
    assert DhcpPool(name="P", default_routers=(IPv4Address("10.0.1.1"),)).network is None


def device(*known: Setting) -> Device:
    details = DeviceDetails(vendor="cisco", platform="ios", model="")
    found = {setting.identity: setting for setting in known}
    return Device("n", "r1", "r1", DeviceKind.ROUTER, details, features=found)


def test_a_user_of_snmp_needs_its_group() -> None:
    user = SnmpUser(name="eve", group="OPS")
    user.check(device(SnmpGroup(name="OPS", level="auth")))
    for known in ((), (SnmpGroup(name="OPS", version="2c"),)):
        with pytest.raises(NotFound, match="r1 has no SNMP group OPS of version 3, which the user eve is in"):
            user.check(device(*known))

"""Checks as declarations: each says in words what holds, and takes nothing that a device could read as more."""

import pytest
from pydantic import TypeAdapter, ValidationError

from cimnet_nornir.domain.checks import (
    CHECK_KINDS,
    AnyCheck,
    CheckResult,
    DeclaredCheck,
    NeighborUp,
    NoNewErrors,
    Ping,
    failures,
)

CHECK: TypeAdapter[DeclaredCheck] = TypeAdapter(AnyCheck)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({"check": "interface-up", "interface": "gi0/1"}, "interface GigabitEthernet0/1 is up"),
        ({"check": "neighbor-up", "protocol": "cdp", "neighbor": "dist1"}, "CDP neighbour dist1 is up"),
        (
            {"check": "neighbor-up", "protocol": "ospf", "neighbor": "10.255.0.1", "interface": "Te1/1/1"},
            "OSPF neighbour 10.255.0.1 on TenGigabitEthernet1/1/1 is up",
        ),
        ({"check": "route-present", "prefix": "10.0.0.0/8"}, "route 10.0.0.0/8 is present"),
        (
            {"check": "route-present", "prefix": "0.0.0.0/0", "via": "10.0.0.1", "protocol": "static"},
            "static route 0.0.0.0/0 via 10.0.0.1 is present",
        ),
        (
            {"check": "route-present", "prefix": "0.0.0.0/0", "via": "gi0/0", "protocol": "ospf"},
            "OSPF route 0.0.0.0/0 via GigabitEthernet0/0 is present",
        ),
        ({"check": "route-present", "prefix": "10.0.0.0/8", "protocol": "isis"}, "IS-IS route 10.0.0.0/8 is present"),
        ({"check": "ping", "destination": "10.0.0.1"}, "10.0.0.1 answers to ping"),
        (
            {"check": "ping", "destination": "10.0.0.1", "source": "lo0", "vrf": "mgmt"},
            "10.0.0.1 in VRF mgmt answers to ping from Loopback0",
        ),
        ({"check": "vlan-active", "vlan": 10}, "VLAN 10 is active"),
        ({"check": "no-new-errors"}, "no new errors on all interfaces"),
        (
            {"check": "no-new-errors", "interfaces": ["gi0/1", "gi0/2"], "most": 3},
            "at most 3 new errors on GigabitEthernet0/1, GigabitEthernet0/2",
        ),
    ],
)
def test_each_check_says_in_words_what_holds(written: dict[str, object], text: str) -> None:
    check = CHECK.validate_python(written)
    assert check.text == text
    assert type(check) is CHECK_KINDS[check.check]
    assert CHECK.validate_json(CHECK.dump_json(check)) == check


@pytest.mark.parametrize(
    "written",
    [
        {"check": "ping", "destination": "10.0.0.1\nreload"},
        {"check": "ping", "destination": "10.0.0.1 repeat 100000"},
        {"check": "ping", "destination": "-x"},
        {"check": "ping", "destination": "10.0.0.1", "vrf": "a b"},
        {"check": "ping", "destination": "10.0.0.1", "source": "a b"},
        {"check": "ping", "destination": "10.0.0.1", "count": 1000},
        {"check": "ping", "destination": "10.0.0.1", "at_least": 0},
        {"check": "neighbor-up", "protocol": "cdp", "neighbor": "a | append flash:x"},
        {"check": "neighbor-up", "protocol": "rip", "neighbor": "r1"},
        {"check": "neighbor-up", "protocol": "bgp", "neighbor": "10.0.0.1", "interface": "gi0/1"},
        {"check": "interface-up", "interface": "eno1"},
        {"check": "route-present", "prefix": "10.0.0.1/8"},
        {"check": "vlan-active", "vlan": 4095},
        {"check": "vlan-active", "vlan": True},
        {"check": "vlan-active", "vlan": 10, "hosts": ["a b"]},
        {"check": "vlan-active", "vlan": 10, "within": -1},
        {"check": "vlan-active", "vlan": 10, "every": 0},
        {"check": "no-new-errors", "when": "after"},
        {"check": "no-new-errors", "most": -1},
    ],
)
def test_what_is_no_check_is_refused(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CHECK.validate_python(written)


def test_what_takes_time_is_given_time() -> None:
    assert NeighborUp(protocol="ospf", neighbor="r1").within == Ping(destination="10.0.0.1").within == 30
    assert CHECK_KINDS["interface-up"].model_fields["within"].default == 10
    assert NoNewErrors().within == 0


def test_the_failed_checks_are_told_in_one_line() -> None:
    results = (
        CheckResult(check="a", ok=True),
        CheckResult(check="b", ok=False, said="no"),
        CheckResult(check="c", ok=False, said="none"),
    )
    assert failures(results) == "b: no; c: none"
    assert failures(results[:1]) == ""

"""Interface names and VLAN lists: one form for every way in which they are written."""

import pytest

from cimnet_nornir.domain.interfaces import (
    INTERFACE_TYPES,
    canonical_interface,
    expand_interfaces,
    format_vlan_list,
    interface_sort_key,
    interface_speed,
    interface_type,
    is_interface,
    is_logical,
    parse_vlan_list,
    short_interface,
)
from cimnet_nornir.errors import InvalidValue


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gi0/1", "GigabitEthernet0/1"),
        ("g0/1", "GigabitEthernet0/1"),
        ("Gig 0/1", "GigabitEthernet0/1"),
        ("GIGABITETHERNET0/1", "GigabitEthernet0/1"),
        ("  Gi1/0/48  ", "GigabitEthernet1/0/48"),
        ("Gi0/01", "GigabitEthernet0/1"),
        ("Gi0/0.10", "GigabitEthernet0/0.10"),
        ("fa0/24", "FastEthernet0/24"),
        ("f0/1", "FastEthernet0/1"),
        ("e0/0", "Ethernet0/0"),
        ("Et0/0", "Ethernet0/0"),
        ("Te1/1/1", "TenGigabitEthernet1/1/1"),
        ("TenGig1/1/1", "TenGigabitEthernet1/1/1"),
        ("Tw1/0/1", "TwoGigabitEthernet1/0/1"),
        ("Two1/0/1", "TwoGigabitEthernet1/0/1"),
        ("Twe1/0/1", "TwentyFiveGigE1/0/1"),
        ("Fi1/0/1", "FiveGigabitEthernet1/0/1"),
        ("Fo1/1", "FortyGigabitEthernet1/1"),
        ("Fou1/0/1", "FourHundredGigE1/0/1"),
        ("Hu1/0/1", "HundredGigE1/0/1"),
        ("Ap1/0/1", "AppGigabitEthernet1/0/1"),
        ("Po10", "Port-channel10"),
        ("port-channel 10", "Port-channel10"),
        ("Po1.20", "Port-channel1.20"),
        ("vl 10", "Vlan10"),
        ("Vlan010", "Vlan10"),
        ("Lo0", "Loopback0"),
        ("Tu1", "Tunnel1"),
        ("s0/0/0", "Serial0/0/0"),
        ("Serial0/0/0:15", "Serial0/0/0:15"),
        ("Se0/0/0:15.1", "Serial0/0/0:15.1"),
        ("Embedded-Service-Engine0/0", "Embedded-Service-Engine0/0"),
        ("Virtual-Template1", "Virtual-Template1"),
        ("VirtualPortGroup0", "VirtualPortGroup0"),
        ("nve1", "nve1"),
    ],
)
def test_an_interface_has_one_name_however_it_is_written(written: str, meant: str) -> None:
    assert canonical_interface(written) == meant
    assert canonical_interface(meant) == meant
    assert is_interface(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "10",
        "Gi",
        "Gi0/",
        "Gi/1",
        "Gi0//1",
        "Gi0/1.",
        "Gi0/1-3",
        "Gi-0/1",
        "Gi0/1\nshutdown",
        "Gi\n0/1",
        "Gi0/1 shutdown",
        "Ethernetgiga0/1",
        "t1/1",  # TenGigabitEthernet, Tunnel, TwoGigabitEthernet
        "l0",
        "m0",
        "p1",
        "Vlan0",
        "Vlan4095",
        "Vlan10/1",
        "Vlan10.5",
        "Loopback0.1",
        "Loopback0/1",
        "Gi0/" + "1" * 5000,
        "Gi0/\u0661",  # an Arabic digit one
    ],
)
def test_what_is_no_interface_or_could_be_several_is_refused(written: str) -> None:
    assert not is_interface(written)
    with pytest.raises(InvalidValue, match="is no interface name; write it like GigabitEthernet0/1") as refused:
        canonical_interface(written)
    assert refused.value.subject == "interface"


@pytest.mark.parametrize("kind", [full for full, _, _ in INTERFACE_TYPES])
def test_the_short_form_of_every_type_is_read_back_as_that_type(kind: str) -> None:
    name = f"{kind}1"
    assert canonical_interface(short_interface(name)) == name
    assert interface_type(name) == kind


def test_the_least_beginning_of_every_type_is_read_as_that_type() -> None:
    assert {canonical_interface(f"{least}1") for _, _, least in INTERFACE_TYPES} == {
        f"{full}1" for full, _, _ in INTERFACE_TYPES
    }


def test_a_name_of_an_unknown_type_has_no_shorter_form() -> None:
    assert short_interface("Wlan-GigabitEthernet0/1/0") == "Wlan-GigabitEthernet0/1/0"


@pytest.mark.parametrize("name", ["Vlan10", "Loopback0", "Port-channel1", "GigabitEthernet0/0.10", "Tunnel5"])
def test_what_configuration_creates_is_logical(name: str) -> None:
    assert is_logical(name)


@pytest.mark.parametrize("name", ["GigabitEthernet0/0", "Serial0/0/0:15", "FastEthernet0/24"])
def test_hardware_is_not_logical(name: str) -> None:
    assert not is_logical(name)


@pytest.mark.parametrize(
    ("name", "speed"),
    [
        ("FastEthernet0/1", 100),
        ("GigabitEthernet1/0/24", 1_000),
        ("TwoGigabitEthernet1/0/1", 2_500),
        ("TenGigabitEthernet1/1/1", 10_000),
        ("FourHundredGigE1/0/1", 400_000),
        ("Serial0/0/0", None),
        ("Port-channel1", None),
        ("eno1", None),
    ],
)
def test_the_type_of_a_port_tells_its_speed(name: str, speed: int | None) -> None:
    assert interface_speed(name) == speed


def test_interfaces_sort_by_number_and_not_by_letter() -> None:
    names = ["GigabitEthernet1/0/10", "Vlan2", "GigabitEthernet1/0/2", "GigabitEthernet1/0/2.5", "Vlan10"]
    assert sorted(names, key=interface_sort_key) == [
        "GigabitEthernet1/0/2",
        "GigabitEthernet1/0/2.5",
        "GigabitEthernet1/0/10",
        "Vlan2",
        "Vlan10",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Gi1/0/1-3", ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3")),
        ("gi1/0/9 - 10 , te1/1/1", ("GigabitEthernet1/0/9", "GigabitEthernet1/0/10", "TenGigabitEthernet1/1/1")),
        ("Po1-2", ("Port-channel1", "Port-channel2")),
        ("port-channel 3", ("Port-channel3",)),
        ("Gi0/1-1", ("GigabitEthernet0/1",)),
    ],
)
def test_a_range_stands_for_its_interfaces(written: str, meant: tuple[str, ...]) -> None:
    assert expand_interfaces(written) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Gi1/0/3-1", "runs backwards"),
        ("Gi1/0/1-999999", "at most 1024 members"),
        ("Gi1/0/1,", "is no interface name"),
        ("1-3", "is no interface name"),
        ("Gi1/0/1-Gi1/0/3", "is no interface name"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(written: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        expand_interfaces(written)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1", {1}),
        ("1,3-5", {1, 3, 4, 5}),
        (" 10 , 20 - 22", {10, 20, 21, 22}),
        ("1-4094", set(range(1, 4095))),
        ("7,7", {7}),
    ],
)
def test_a_vlan_list_is_read(text: str, ids: set[int]) -> None:
    assert parse_vlan_list(text) == ids


@pytest.mark.parametrize(
    "text",
    ["", "a", "10,", "10-", "-10", "10--12", "0", "4095", "1-4095", "5-3", "10 20", "\u00b2", "1" * 5000, "1-2-3"],
)
def test_a_vlan_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_vlan_list(text)
    assert refused.value.subject == "vlan"


@pytest.mark.parametrize(
    ("ids", "text"), [((), ""), ((5,), "5"), ((1, 3, 4, 5), "1,3-5"), ((10, 11), "10,11"), ((3, 1, 2, 9), "1-3,9")]
)
def test_a_vlan_list_is_written_as_ios_writes_it(ids: tuple[int, ...], text: str) -> None:
    assert format_vlan_list(ids) == text

"""Two spellings of one configuration become one; nothing but noise and defaults is dropped."""

import pytest

from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.acl_entries import canonical_entry
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import (
    L3SWITCH_IOS,
    PROFILES,
    ROUTER_IOS,
    SWITCH_IOS,
    Profile,
    interface_kind,
    profile_for,
)
from cimnet_nornir.ios.tree import parse_config, to_text


def _normal(text: str, profile: Profile = L3SWITCH_IOS) -> str:
    return to_text(normalise(parse_config(text), profile))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("interface gi0/1", "interface GigabitEthernet0/1"),
        ("Interface  Te 1/0/1", "interface TenGigabitEthernet1/0/1"),
        ("interface po1.10", "interface Port-channel1.10"),
        ("no passive-interface vl10", "no passive-interface Vlan10"),
        ("passive-interface default", "passive-interface default"),
        ("neighbor 10.0.0.1 update-source lo0", "neighbor 10.0.0.1 update-source Loopback0"),
        ("ip route 0.0.0.0 0.0.0.0 gi0/0 10.0.0.1", "ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/0 10.0.0.1"),
        ("ip route 10.0.0.0 255.0.0.0 null0", "ip route 10.0.0.0 255.0.0.0 Null0"),
        ("track 1 interface gi0/1 line-protocol", "track 1 interface GigabitEthernet0/1 line-protocol"),
        ("standby 1 track gi0/1 20", "standby 1 track GigabitEthernet0/1 20"),
        ("ntp source lo0", "ntp source Loopback0"),
        ("logging source-interface vlan 5", "logging source-interface Vlan5"),
        ("IP Address 10.0.0.1  255.0.0.0", "ip address 10.0.0.1 255.0.0.0"),
        ("encapsulation dot1q 10", "encapsulation dot1Q 10"),
        ("description  Two  Spaces to gi0/1", "description Two  Spaces to gi0/1"),
        ("Hostname Switch", "hostname Switch"),
        ("route-map OUT permit 10", "route-map OUT permit 10"),
        ("match ip address eth1", "match ip address eth1"),
        ("ip access-list Extended Standard", "ip access-list extended Standard"),
        ("remark  Keep  This", "remark Keep  This"),
        ("ip domain-name example.net", "ip domain name example.net"),
        ("no ip domain-lookup", "no ip domain lookup"),
        ("logging 10.0.0.1", "logging host 10.0.0.1"),
        ("address-family ipv4 unicast", "address-family ipv4"),
        ("spanning-tree portfast edge trunk", "spanning-tree portfast trunk"),
        ("line console 0", "line con 0"),
        ("interface Frobnicate0/0", "interface Frobnicate0/0"),
    ],
)
def test_a_line_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical_line(written) == canonical
    assert canonical_line(canonical) == canonical


@pytest.mark.parametrize(
    "noise",
    [
        "Building configuration...",
        "Current configuration : 1234 bytes",
        "Using 1234 out of 524288 bytes",
        "! Last configuration change at 10:00:00 UTC Mon Nov 23 2026 by admin",
        "! NVRAM config last updated at 10:00:00 UTC Mon Nov 23 2026",
        "version 15.2",
        "ntp clock-period 17179",
        "sw1#show running-config",
        "sw1#",
        "boot-start-marker",
        "end",
    ],
)
def test_what_a_device_says_around_its_configuration_is_noise(noise: str) -> None:
    assert _normal(f"{noise}\nhostname a\n") == "hostname a\n"


@pytest.mark.parametrize(
    "default",
    [
        "no shutdown",
        "no ip address",
        "switchport",
        "switchport access vlan 1",
        "switchport trunk native vlan 1",
        "switchport trunk allowed vlan all",
        "switchport trunk allowed vlan 1-4094",
        "no switchport trunk allowed vlan",
    ],
)
def test_a_line_that_only_says_a_default_is_dropped(default: str) -> None:
    assert _normal(f"interface Gi0/1\n {default}\n") == "interface GigabitEthernet0/1\n"


def test_what_is_a_default_depends_on_the_platform() -> None:
    assert _normal("ip routing\n", ROUTER_IOS) == ""
    assert _normal("ip routing\n", L3SWITCH_IOS) == "ip routing\n"
    assert _normal("no ip routing\n", SWITCH_IOS) == ""
    assert _normal("interface Gi0/1\n no switchport\n", ROUTER_IOS) == "interface GigabitEthernet0/1\n"
    assert _normal("interface Gi0/1\n no switchport\n") == "interface GigabitEthernet0/1\n no switchport\n"


@pytest.mark.parametrize(
    ("lines", "folded"),
    [
        (("10,20", "add 30"), "10,20,30"),
        (("10-12", "remove 11", "add 40-42"), "10,12,40-42"),
        (("except 2-4094",), "1"),
        (("none", "add 7"), "7"),
        (("1, 2",), "1,2"),
        (("none",), "none"),
        (("10", "remove 10"), "none"),
    ],
)
def test_the_vlans_of_a_trunk_are_one_line(lines: tuple[str, ...], folded: str) -> None:
    typed = "".join(f" switchport trunk allowed vlan {line}\n" for line in lines)
    assert _normal(f"interface Gi0/1\n{typed}") == (
        f"interface GigabitEthernet0/1\n switchport trunk allowed vlan {folded}\n"
    )


@pytest.mark.parametrize("nonsense", ["switchport trunk allowed vlan 10-", "switchport trunk allowed vlan 9999"])
def test_a_list_that_is_nonsense_stays_for_the_device_to_refuse(nonsense: str) -> None:
    assert _normal(f"interface Gi0/1\n {nonsense}\n") == f"interface GigabitEthernet0/1\n {nonsense}\n"
    assert _normal("vlan 10-\n") == "vlan 10-\n"


def test_a_list_of_vlans_is_one_node_each() -> None:
    assert _normal("vlan 10,20-21\nspanning-tree vlan 10,20 priority 4096\n", SWITCH_IOS) == (
        "vlan 10\nvlan 20\nvlan 21\nspanning-tree vlan 10 priority 4096\nspanning-tree vlan 20 priority 4096\n"
    )


def test_a_vlan_name_that_the_device_gives_by_itself_is_dropped() -> None:
    assert _normal("vlan 10\n name VLAN0010\nvlan 20\n name VLAN0010\n") == "vlan 10\nvlan 20\n name VLAN0010\n"


def test_a_range_of_interfaces_is_each_of_them() -> None:
    assert _normal("interface range gi0/1 - 2\n shutdown\n") == (
        "interface GigabitEthernet0/1\n shutdown\ninterface GigabitEthernet0/2\n shutdown\n"
    )


def test_a_section_that_comes_twice_is_one_and_its_last_value_counts() -> None:
    assert _normal("interface Gi0/1\n description a\n shutdown\ninterface gi0/1\n description b\n") == (
        "interface GigabitEthernet0/1\n description b\n shutdown\n"
    )


def test_numbered_access_lists_are_sections() -> None:
    assert _normal(
        "access-list 10 permit host 10.0.0.1\naccess-list 10 permit 0.0.0.0 255.255.255.255\n"
        "access-list 110 permit tcp any any eq 80\naccess-list 700 permit 0011.2233.4455 0000.0000.0000\n"
    ) == (
        "ip access-list standard 10\n permit 10.0.0.1\n permit any\n"
        "ip access-list extended 110\n permit tcp any any eq www\n"
        "access-list 700 permit 0011.2233.4455 0000.0000.0000\n"
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("10 permit tcp any any eq 80 443", "permit tcp any any eq www 443"),
        ("permit udp any any range 67 68", "permit udp any any range bootps bootpc"),
        ("permit tcp any any eq 514", "permit tcp any any eq cmd"),
        ("permit udp any any eq 514", "permit udp any any eq syslog"),
        ("permit ip 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255", "permit ip host 10.0.0.1 any"),
        ("permit tcp any gt 1023 any eq bgp", "permit tcp any gt 1023 any eq bgp"),
        ("10 remark eq 80 stays", "remark eq 80 stays"),
        ("deny", "deny"),
    ],
)
def test_an_entry_of_an_extended_list_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical_entry(written, standard=False) == canonical


def test_entries_of_prefix_lists_get_the_numbers_that_a_device_gives() -> None:
    assert _normal("ip prefix-list A seq 7 permit 10.0.0.0/8\nip prefix-list A deny 0.0.0.0/0\n") == (
        "ip prefix-list A seq 7 permit 10.0.0.0/8\nip prefix-list A seq 12 deny 0.0.0.0/0\n"
    )


def test_several_things_in_one_line_are_a_line_each() -> None:
    assert _normal("ip name-server 10.0.0.1 10.0.0.2\nip name-server vrf M 10.0.0.3\n") == (
        "ip name-server 10.0.0.1\nip name-server 10.0.0.2\nip name-server vrf M 10.0.0.3\n"
    )
    assert _normal("route-map A permit 10\n match ip address prefix-list X Y\n match ip address 1 2\n") == (
        "route-map A permit 10\n match ip address prefix-list X\n match ip address prefix-list Y\n"
        " match ip address 1\n match ip address 2\n"
    )


def test_passive_interfaces_that_repeat_the_default_are_dropped() -> None:
    assert _normal(
        "router ospf 1\n passive-interface default\n passive-interface Vlan1\n no passive-interface Vlan2\n"
    ) == ("router ospf 1\n passive-interface default\n no passive-interface Vlan2\n")
    assert _normal("router ospf 1\n no passive-interface Vlan2\n passive-interface Vlan1\n") == (
        "router ospf 1\n passive-interface Vlan1\n"
    )


def test_a_profile_is_found_by_platform_and_features() -> None:
    for profile in PROFILES:
        assert profile_for(profile.platform, routes=profile.routes, switches=profile.switches) is profile


def test_an_unknown_platform_is_refused_by_name() -> None:
    with pytest.raises(InvalidValue, match="platform 'nxos' is not known; known: ios, iosxe"):
        profile_for("nxos", routes=True, switches=False)
    with pytest.raises(InvalidValue, match="a device routes, switches or does both"):
        profile_for("ios", routes=False, switches=False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GigabitEthernet0/1", "physical"),
        ("GigabitEthernet0/1.10", "subinterface"),
        ("Vlan10", "vlan"),
        ("Loopback0", "loopback"),
        ("Port-channel1", "port-channel"),
        ("Tunnel0", "other"),
        ("Frobnicate0/0", "other"),
    ],
)
def test_interfaces_are_told_by_kind(name: str, kind: str) -> None:
    assert interface_kind(name) == kind

"""The merge model does with typed lines what a device does, and refuses what a device refuses."""

import pytest

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import L3SWITCH_IOS, ROUTER_IOS, ROUTER_IOSXE, Profile
from cimnet_nornir.ios.remediation import apply_lines
from cimnet_nornir.ios.tree import parse_config, to_text


def _after(running: str, typed: str, profile: Profile = L3SWITCH_IOS) -> str:
    config = normalise(parse_config(running), profile)
    return to_text(apply_lines(config, typed.split("\n"), profile))


@pytest.mark.parametrize(
    ("running", "typed", "after"),
    [
        ("hostname a\n", "hostname b", "hostname b\n"),
        ("vlan 10,20,30\n", "no vlan 10,30", "vlan 20\n"),
        ("", "vlan 10,20", "vlan 10\nvlan 20\n"),
        ("no spanning-tree vlan 5-9\n", "spanning-tree vlan 6,8-9", "no spanning-tree vlan 5,7\n"),
        (
            "no spanning-tree vlan 5\n",
            "logging buffered 65536",
            "no spanning-tree vlan 5\nlogging buffered 65536\n",
        ),
        ("ip http server\n", "no ip http server", "no ip http server\n"),
        ("ip frobnicate 7\n", "no ip frobnicate", ""),
        (
            "",
            "ip sla 1\nicmp-echo 192.0.2.1\nip sla 2\nicmp-echo 192.0.2.2\ntrack 1 ip sla 1",
            "ip sla 1\n icmp-echo 192.0.2.1\nip sla 2\n icmp-echo 192.0.2.2\ntrack 1 ip sla 1\n",
        ),
        ("ip route 0.0.0.0 0.0.0.0 10.0.0.1\n", "no ip route 0.0.0.0 0.0.0.0 10.0.0.1", ""),
        ("class-map match-any X\n match foo\n", "no class-map match-any X", ""),
        ("banner motd ^C\nold\n^C\n", "banner motd #\nnew\n\ntext\n#", "banner motd ^C\nnew\n\ntext\n^C\n"),
        ("hostname a\n", "! a comment\n\nend\nhostname a", "hostname a\n"),
        ("hostname a\n", "exit\nexit", "hostname a\n"),
    ],
)
def test_a_global_line_replaces_adds_or_takes_back(running: str, typed: str, after: str) -> None:
    assert _after(running, typed) == after


@pytest.mark.parametrize(
    ("running", "typed", "after"),
    [
        ("switchport access vlan 10", "switchport access vlan 20", "switchport access vlan 20"),
        ("switchport access vlan 10", "no switchport access vlan", ""),
        (
            "switchport trunk allowed vlan 10",
            "switchport trunk allowed vlan add 20",
            "switchport trunk allowed vlan 10,20",
        ),
        ("switchport trunk allowed vlan 10", "switchport trunk allowed vlan all", ""),
        ("no switchport", "switchport", ""),
        ("shutdown", "no shutdown", ""),
        ("description a", "no description", ""),
        ("ip address 10.0.0.1 255.255.255.0", "ip address 10.0.0.2 255.255.255.0", "ip address 10.0.0.2 255.255.255.0"),
        ("ip address 10.0.0.1 255.255.255.0", "vrf forwarding M", "vrf forwarding M"),
        ("", "ip frobnicate", "ip frobnicate"),
    ],
)
def test_a_line_of_an_interface_replaces_adds_or_takes_back(running: str, typed: str, after: str) -> None:
    lines = "".join(f" {line}\n" for line in (after,) if line)
    assert _after(f"interface Gi0/1\n {running}\n", f"interface gi0/1\n{typed}") == (
        f"interface GigabitEthernet0/1\n{lines}"
    )


def test_a_global_line_typed_in_a_section_leaves_it() -> None:
    assert _after("", "interface Gi0/1\nshutdown\nvlan 10\nname x\nip route 10.0.0.0 255.0.0.0 Null0") == (
        "interface GigabitEthernet0/1\n shutdown\nvlan 10\n name x\nip route 10.0.0.0 255.0.0.0 Null0\n"
    )


def test_lines_that_stand_in_from_an_unknown_header_are_below_it() -> None:
    assert _after("", "policy-map type inspect Q\n class V\n  pass\nip frobnicate") == (
        "policy-map type inspect Q\n class V\n  pass\nip frobnicate\n"
    )


def test_an_address_family_is_left_by_its_own_word() -> None:
    typed = (
        "router bgp 1\nneighbor 10.0.0.1 remote-as 2\naddress-family ipv4\nneighbor 10.0.0.1 activate\n"
        "exit-address-family\nneighbor 10.0.0.1 description x"
    )
    assert _after("", typed) == (
        "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n address-family ipv4\n  neighbor 10.0.0.1 activate\n"
        " neighbor 10.0.0.1 description x\n"
    )


def test_taking_back_a_neighbour_takes_all_its_lines() -> None:
    running = (
        "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n neighbor 10.0.0.2 remote-as 2\n"
        " address-family ipv4\n  neighbor 10.0.0.1 activate\n  neighbor 10.0.0.2 activate\n"
    )
    assert _after(running, "router bgp 1\nno neighbor 10.0.0.1 remote-as 2") == (
        "router bgp 1\n neighbor 10.0.0.2 remote-as 2\n address-family ipv4\n  neighbor 10.0.0.2 activate\n"
    )


ACL = "ip access-list extended A\n permit tcp any any\n remark rest\n deny ip any any\n"


@pytest.mark.parametrize(
    ("typed", "profile", "entries"),
    [
        (
            "15 permit udp any any",
            ROUTER_IOSXE,
            ["permit tcp any any", "permit udp any any", "remark rest", "deny ip any any"],
        ),
        (
            "25 permit udp any any",
            ROUTER_IOSXE,
            ["permit tcp any any", "remark rest", "permit udp any any", "deny ip any any"],
        ),
        (
            "25 permit udp any any",
            ROUTER_IOS,
            ["permit tcp any any", "remark rest", "deny ip any any", "permit udp any any"],
        ),
        (
            "permit udp any any",
            ROUTER_IOS,
            ["permit tcp any any", "remark rest", "deny ip any any", "permit udp any any"],
        ),
        ("no permit tcp any any", ROUTER_IOS, ["remark rest", "deny ip any any"]),
        ("no 10", ROUTER_IOS, ["remark rest", "deny ip any any"]),
        ("no remark rest", ROUTER_IOS, ["permit tcp any any", "deny ip any any"]),
        ("remark more", ROUTER_IOS, ["permit tcp any any", "remark rest", "deny ip any any", "remark more"]),
    ],
)
def test_an_entry_stands_where_its_number_puts_it(typed: str, profile: Profile, entries: list[str]) -> None:
    assert _after(ACL, f"ip access-list extended A\n{typed}", profile).split("\n ")[1:] == [
        *entries[:-1],
        f"{entries[-1]}\n",
    ]


@pytest.mark.parametrize(
    ("running", "typed", "refusal"),
    [
        ("interface Gi0/1\n", "no interface gi0/1", "a physical interface cannot be removed"),
        (ACL, "ip access-list extended A\npermit tcp any any", "is there already"),
        ("vlan 10\n name a\n", "vlan 20\nname a", "vlan 20 and vlan 10 have an identical name a"),
        (ACL, "ip access-list extended A\n10 permit udp any any", "is there already"),
        (ACL, "ip access-list resequence B 10 10", "there is no access list B"),
        (
            "ip prefix-list A seq 5 permit 10.0.0.0/8\n",
            "ip prefix-list A seq 5 deny 10.0.0.0/8",
            "until it is taken back",
        ),
        (
            "interface Gi0/1\n ip address 10.0.0.1 255.255.255.0\n",
            "interface Gi0/2\nip address 10.0.0.2 255.255.255.0",
            "ip address 10.0.0.2 255.255.255.0 overlaps with interface GigabitEthernet0/1",
        ),
        (
            "interface Gi0/1\n ip address 10.0.0.1 255.255.255.0\n ip address 10.0.1.1 255.255.255.0 secondary\n",
            "interface Gi0/1\nno ip address 10.0.0.1 255.255.255.0",
            "secondary addresses without a primary one",
        ),
    ],
)
def test_what_a_device_refuses_is_refused(running: str, typed: str, refusal: str) -> None:
    with pytest.raises(ConfigurationError, match=refusal):
        _after(running, typed, ROUTER_IOS)

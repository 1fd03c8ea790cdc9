"""Lines of BGP, EIGRP and access lists in the one form in which they are compared."""

from ipaddress import IPv4Address, IPv4Network

import pytest

from cimnet_nornir.ios.acl_entries import canonical_entry
from cimnet_nornir.ios.network_lines import classful_length, is_classful, plain_numbers, short_network
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.ios.tree import parse_config, walk


@pytest.mark.parametrize(
    ("address", "length"),
    [("0.0.0.0", 0), ("10.0.0.0", 8), ("127.0.0.0", 8), ("128.1.0.0", 16), ("191.255.0.0", 16), ("192.0.2.0", 24),
     ("223.255.255.0", 24), ("224.0.0.0", 32)],
)  # fmt: skip
def test_the_class_of_an_address_says_its_length(address: str, length: int) -> None:
    assert classful_length(IPv4Address(address)) == length
    assert is_classful(IPv4Network(f"{address}/{length}"))
    assert length == 32 or not is_classful(IPv4Network(f"{address}/{length + 1}"))


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("network 10.0.0.0 mask 255.0.0.0", "network 10.0.0.0"),
        ("network 10.0.0.0 mask 255.0.0.0 route-map M", "network 10.0.0.0 route-map M"),
        ("network 10.1.0.0 mask 255.255.0.0", "network 10.1.0.0 mask 255.255.0.0"),
        ("network 0.0.0.0 mask 0.0.0.0", "network 0.0.0.0"),
        ("no network 172.16.0.0 0.0.255.255", "no network 172.16.0.0"),
        ("network 0.0.0.0 255.255.255.255", "network 0.0.0.0"),
        ("network 10.0.0.0 255.255.255.0", "network 10.0.0.0 255.255.255.0"),
        ("network 10.0.0.0 0.255.255.255 area 0", "network 10.0.0.0 0.255.255.255 area 0"),
        ("network 300.0.0.0 mask 255.0.0.0", "network 300.0.0.0 mask 255.0.0.0"),
        ("network 10.0.0.0", "network 10.0.0.0"),
    ],
)
def test_a_network_is_shown_without_what_its_class_says(line: str, short: str) -> None:
    assert short_network(line) == short


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("router bgp 1.10", "router bgp 65546"),
        ("no neighbor 10.0.0.1 remote-as 0.5", "no neighbor 10.0.0.1 remote-as 5"),
        ("neighbor 10.0.0.1 local-as 1.1", "neighbor 10.0.0.1 local-as 65537"),
        ("neighbor 10.0.0.1 remote-as 65001", "neighbor 10.0.0.1 remote-as 65001"),
        ("neighbor 10.0.0.1 description remote-as 1.1", "neighbor 10.0.0.1 description remote-as 1.1"),
    ],
)
def test_an_as_number_is_one_number(line: str, plain: str) -> None:
    assert plain_numbers(line) == plain


@pytest.mark.parametrize(
    ("entry", "canonical"),
    [
        ("10 permit 6 any any eq 80", "permit tcp any any eq www"),
        ("permit 99 any any", "permit 99 any any"),
        ("permit ip 10.0.0.0 0.0.0.255 0.0.0.0 0.0.0.0", "permit ip 10.0.0.0 0.0.0.255 host 0.0.0.0"),
        ("permit ip 0.0.0.0 255.255.255.255 10.0.0.1 0.0.0.0 log", "permit ip any host 10.0.0.1 log"),
        ("deny udp host 0.0.0.0 eq 68 any range 67 69", "deny udp host 0.0.0.0 eq bootpc any range bootps tftp"),
    ],
)
def test_an_entry_has_one_form(entry: str, canonical: str) -> None:
    assert canonical_entry(entry, standard=False) == canonical
    assert canonical_entry(canonical, standard=False) == canonical


def bgp(lines: str) -> set[tuple[str, ...]]:
    config = parse_config("router bgp 1\n" + "".join(f" {line}\n" for line in lines.splitlines()))
    return {path[1:] for path in walk(normalise(config, ROUTER_IOS))} - {()}


FAMILY = "address-family ipv4"


def test_what_belongs_to_ipv4_stands_in_its_family() -> None:
    flat = "neighbor 10.0.0.2 remote-as 2\nneighbor G peer-group\nneighbor 10.0.0.3 peer-group G\nnetwork 10.0.0.0\n"
    assert bgp(flat + "neighbor 10.0.0.2 next-hop-self\nneighbor 2001:db8::1 remote-as 2") == {
        ("neighbor 10.0.0.2 remote-as 2",),
        ("neighbor G peer-group",),
        ("neighbor 10.0.0.3 peer-group G",),
        ("neighbor 2001:DB8::1 remote-as 2",),
        (FAMILY,),
        (FAMILY, "network 10.0.0.0"),
        (FAMILY, "neighbor 10.0.0.2 next-hop-self"),
        (FAMILY, "neighbor 10.0.0.2 activate"),
        (FAMILY, "neighbor 10.0.0.3 activate"),
    }


def test_a_neighbour_is_not_active_where_somebody_said_so() -> None:
    peer = "neighbor 10.0.0.2 remote-as 2\n"
    assert (FAMILY, "neighbor 10.0.0.2 activate") not in bgp(peer + "no bgp default ipv4-unicast")
    assert (FAMILY, "neighbor 10.0.0.2 activate") not in bgp(peer + "no neighbor 10.0.0.2 activate")


def test_a_process_with_families_is_left_as_it_is() -> None:
    shown = "neighbor 10.0.0.2 remote-as 2\naddress-family vpnv4\n neighbor 10.0.0.2 activate\nexit-address-family"
    assert (FAMILY, "neighbor 10.0.0.2 activate") not in bgp(shown)
    assert (FAMILY,) in bgp(shown)

"""Rules about access lists: each finds what it is for, and is silent about what works."""

from collections.abc import Callable

import pytest

from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.filter_rules import FILTER_RULES

Make = Callable[[str], Network]

ROUTER = """devices:
  r1:
    kind: router
    ports: Gi0/0-1
    access_lists:
      EDGE:
        kind: extended
        entries:
{entries}
    interfaces: {{Gi0/0: {{address: 192.0.2.1/24{group}}}}}
"""
USED = ", access_group_in: EDGE"


def told(network_of: Make, *entries: str, group: str = USED) -> list[str]:
    text = "\n".join(f"          - {entry}" for entry in entries)
    network = network_of(ROUTER.format(entries=text, group=group))
    found = Registry(FILTER_RULES).check(NetworkView(network))
    return [f"{finding.rule} {finding.path}: {finding.message}; {finding.right}" for finding in found]


def entry(action: str = "permit", **fields: str) -> str:
    return "{" + ", ".join([f"action: {action}", *(f"{name}: {value}" for name, value in fields.items())]) + "}"


def test_an_entry_behind_one_that_has_it_all_is_found(network_of: Make) -> None:
    assert told(network_of, entry("deny"), entry(protocol="icmp")) == [
        (
            "access-list-shadowed access list EDGE: entry 20 (permit) is never reached: entry 10 is before it; "
            "entry 20 before 10"
        )
    ]
    assert told(network_of, entry(source="10.0.0.0/8"), entry(source="10.1.0.0/16")) == [
        (
            "access-list-shadowed access list EDGE: entry 20 (permit) is never reached: entry 10 is before it; "
            "the list without entry 20"
        )
    ]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ({"protocol": "tcp", "destination_port": "range 20 30"}, {"protocol": "tcp", "destination_port": "eq 25"}, 1),
        ({"protocol": "tcp", "destination_port": "gt 1023"}, {"protocol": "tcp", "destination_port": "eq 1023"}, 0),
        ({"protocol": "tcp", "destination_port": "lt 1024"}, {"protocol": "tcp", "destination_port": "eq 22"}, 1),
        ({"protocol": "tcp", "destination_port": "eq 22"}, {"protocol": "tcp"}, 0),
        ({"protocol": "tcp", "established": "true"}, {"protocol": "tcp"}, 0),
        ({"protocol": "tcp"}, {"protocol": "tcp", "established": "true"}, 1),
        ({"protocol": "udp"}, {"protocol": "tcp"}, 0),
        ({"source": "10.1.0.0/16"}, {"source": "10.0.0.0/8"}, 0),
        ({"source": "'10.0.0.0 0.0.255.0'"}, {"source": "10.0.7.0"}, 1),
        ({"source": "'10.0.0.0 0.0.255.0'"}, {"source": "10.0.7.1"}, 0),
    ],
)
def test_an_entry_that_some_packet_reaches_is_not(
    network_of: Make, first: dict[str, str], second: dict[str, str], count: int
) -> None:
    assert len(told(network_of, entry("deny", **first), entry(**second))) == count


def test_a_netmask_as_a_wildcard_is_found_with_the_wildcard_it_stands_for(network_of: Make) -> None:
    assert told(network_of, entry(source="'10.0.0.0 255.255.255.0'")) == [
        (
            "netmask-in-access-list access list EDGE: entry 10 has the netmask 255.255.255.0 as its wildcard; "
            "the wildcard 0.0.0.255"
        )
    ]


def test_a_netmask_as_an_address_matches_no_packet_and_in_a_route_map_a_mask(network_of: Make) -> None:
    mask = entry(source="10.0.1.0", destination="255.255.255.0")
    assert told(network_of, mask) == [
        (
            "netmask-in-access-list access list EDGE: entry 10 has the netmask 255.255.255.0 as an address: "
            "no packet has it; a wildcard"
        )
    ]
    found = told(network_of, mask, mask.replace("10.0.1.0", "10.0.2.0"), group="")
    for_routes = "it has netmasks as addresses: that means masks of routes, and only where a route map asks it"
    assert found == 2 * [f"netmask-in-access-list access list EDGE: {for_routes}; a prefix list"]


def test_addresses_prefixes_and_any_are_no_netmasks(network_of: Make) -> None:
    assert told(network_of, entry(source="10.0.0.1", destination="10.0.0.0/24"), entry("deny")) == []
    assert told(network_of, entry(source="0.0.0.0/1")) == []

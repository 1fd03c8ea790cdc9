"""BGP, EIGRP and access lists in a definition file: what they become, and what is told of what is wrong."""

from ipaddress import IPv4Address, IPv4Network

import pytest

from cimnet_nornir.definition import check_definition, load_definition
from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess

HEAD = """network: campus
defaults: {vendor: cisco, platform: ios, kind: router}
devices:
  r1:
    ports: Gi0/0-1
    interfaces: {Loopback0: {address: 10.0.0.1/32}, Gi0/0: {address: 192.0.2.1/24}}
"""


def device(lines: str) -> DesiredDevice:
    (found,) = load_definition(HEAD + lines, file="f").desired.devices
    return found


def only_problem(text: str) -> tuple[int, str, str]:
    _, problems = check_definition(text, file="f")
    assert len(problems) == 1, problems
    return problems[0].line, problems[0].field, problems[0].problem


def test_bgp_is_read_with_its_neighbours_and_networks() -> None:
    found = device(
        "    bgp:\n"
        "      asn: '1.10'\n"
        "      router_id: 10.0.0.1\n"
        "      neighbors:\n"
        "        - {address: 192.0.2.2, remote_as: 64500, description: provider 1, ebgp_multihop: 2}\n"
        "        - {address: 10.0.0.2, remote_as: 65546, update_source: lo0, next_hop_self: true}\n"
        "      networks: [203.0.113.0/24]\n"
    )
    assert found.bgp == BgpRouter(
        as_number=65546,
        router_id=IPv4Address("10.0.0.1"),
        neighbors=(
            BgpNeighbor(address=IPv4Address("192.0.2.2"), remote_as=64500, description="provider 1", ebgp_multihop=2),
            BgpNeighbor(
                address=IPv4Address("10.0.0.2"), remote_as=65546, update_source="Loopback0", next_hop_self=True
            ),
        ),
        networks=(IPv4Network("203.0.113.0/24"),),
    )


def test_eigrp_takes_prefixes_and_networks_with_their_wildcard() -> None:
    found = device("    eigrp: {asn: 100, networks: [10.0.0.0/8, 172.16.0.0 0.0.255.255], passive: [lo0]}")
    networks = (IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/16"))
    assert found.eigrp == {100: EigrpProcess(as_number=100, networks=networks, passive_interfaces=("Loopback0",))}
    several = device("    eigrp: [{asn: 1}, {asn: 2, router_id: 10.0.0.1}]")
    assert list(several.eigrp) == [1, 2]


def test_entries_of_a_list_are_numbered_by_ten_where_nothing_is_said() -> None:
    found = device(
        "    access_lists:\n"
        "      10:\n"
        "        entries:\n"
        "          - {action: permit, source: 10.0.0.0/8}\n"
        "          - {sequence: 15, action: deny}\n"
        "          - {action: permit, source: 192.0.2.1}\n"
        "      EDGE:\n"
        "        entries:\n"
        "          - {remark: web}\n"
        "          - {action: permit, protocol: tcp, source_port: gt 1023, destination: 192.0.2.10,"
        " destination_port: 443}\n"
    )
    assert found.access_lists["10"] == AccessList.model_validate(
        {
            "name": "10",
            "kind": "standard",
            "entries": [
                {"sequence": 10, "action": "permit", "source": "10.0.0.0/8"},
                {"sequence": 15, "action": "deny"},
                {"sequence": 25, "action": "permit", "source": "192.0.2.1"},
            ],
        }
    )
    assert found.access_lists["EDGE"] == AccessList.model_validate(
        {
            "name": "EDGE",
            "kind": "extended",
            "entries": [
                {"sequence": 10, "action": "remark", "text": "web"},
                {
                    "sequence": 20,
                    "action": "permit",
                    "protocol": "tcp",
                    "source_ports": "gt 1023",
                    "destination": "192.0.2.10",
                    "destination_ports": 443,
                },
            ],
        }
    )


def test_an_interface_names_its_access_lists_by_name_or_number() -> None:
    text = HEAD.replace("192.0.2.1/24}", "192.0.2.1/24, access_group_in: EDGE, access_group_out: 10}")
    lists = "    access_lists: {EDGE: {entries: [{action: permit}]}, 10: {entries: [{action: permit}]}}"
    (found,) = load_definition(text + lists, file="f").desired.devices
    port = found.interfaces["GigabitEthernet0/0"]
    assert (port.access_group_in, port.access_group_out) == ("EDGE", "10")


PEER = "address: 192.0.2.2, remote_as: 64500"
LISTS = "    access_lists:\n      E:\n        entries:\n          - {action: permit, protocol: tcp}\n          - "
NUMBERED = "    access_lists:\n      10:\n        entries:\n          - {action: permit}\n"
WRONG = (
    ("    bgp: {neighbors: []}", 7, "bgp.asn", "asn is missing"),
    ("    bgp: {asn: 1.10}", 7, "bgp.asn", "1.1 is no AS number; write asdot in quotes"),
    ("    bgp: {asn: 4294967296}", 7, "bgp.asn", "AS numbers are 1 to 4294967295"),
    ("    bgp: {asn: x}", 7, "bgp.asn", "'x' is no AS number"),
    ("    bgp: {asn: 1, nets: []}", 7, "bgp.nets", "did you mean networks?"),
    (
        f"    bgp:\n      asn: 65001\n      neighbors:\n        - {{{PEER}}}\n        - {{{PEER}}}",
        11,
        "bgp.neighbors[1]",
        "the neighbour 192.0.2.2 stands here twice",
    ),
    (
        f"    bgp:\n      asn: 64500\n      neighbors:\n        - {{{PEER}, ebgp_multihop: 2}}",
        10,
        "bgp.neighbors[0]",
        "192.0.2.2 is in AS 64500 itself",
    ),
    ("    bgp: {asn: 1, networks: [10.0.0.0/8, 10.0.0.0/8]}", 7, "bgp.networks[1]", "stands here twice"),
    (
        "    bgp:\n      asn: 1\n      neighbors:\n        - {address: 10.0.0.1, remote_as: 2}",
        10,
        "bgp.neighbors[0]",
        "the BGP neighbour 10.0.0.1 is r1 Loopback0 itself",
    ),
    (
        f"    bgp:\n      asn: 1\n      neighbors:\n        - {{{PEER}, update_source: lo7}}",
        10,
        "bgp.neighbors[0]",
        "the BGP neighbour 192.0.2.2 of r1 names Loopback7, which is no layer-3 interface of it",
    ),
    ("    eigrp: {asn: 70000}", 7, "eigrp.asn", "70000 is too high; the highest is 65535"),
    ("    eigrp: [{asn: 1}, {asn: 1}]", 7, "eigrp[1].asn", "EIGRP 1 stands here twice"),
    ("    eigrp: {asn: 1, networks: [10.0.0.0 0.0.5.0]}", 7, "eigrp.networks[0]", "has a gap"),
    ("    eigrp: {asn: 1, networks: [10.0.0.0 x]}", 7, "eigrp.networks[0]", "is no network with its wildcard"),
    ("    eigrp: {asn: 1, networks: [10.0.0.7 0.0.0.255]}", 7, "eigrp.networks[0]", "write the network: 10.0.0.0/24"),
    ("    eigrp: {asn: 1, passive: [lo0, Loopback0]}", 7, "eigrp.passive[1]", "stands here twice"),
    ("    eigrp: {asn: 1, passive: [7]}", 7, "eigrp.passive[0]", "an interface such as Loopback0 is expected"),
    (
        "    eigrp:\n      - {asn: 1}\n      - {asn: 2, passive: [lo9]}",
        9,
        "eigrp[1]",
        "EIGRP 2 of r1 names Loopback9, which is no layer-3 interface of it",
    ),
    (LISTS + "{action: allow}", 11, "access_lists.E.entries[1].action", "'allow' is none of 'permit' or 'deny'"),
    (LISTS + "{protocol: tcp}", 11, "access_lists.E.entries[1]", "action is missing"),
    (LISTS + "{remark: x, log: true}", 11, "access_lists.E.entries[1].remark", "a remark stands alone"),
    (LISTS + "{remark: what?}", 11, "access_lists.E.entries[1].remark", "ASCII text without '?'"),
    (
        LISTS + "{action: deny, source: all}",
        11,
        "access_lists.E.entries[1].source",
        "'all' are no addresses; write any",
    ),
    (LISTS + "{action: deny, source: 1}", 11, "access_lists.E.entries[1].source", "1 stands where any, an address"),
    (LISTS + "{action: deny, protocol: http}", 11, "access_lists.E.entries[1].protocol", "'http' is no protocol"),
    (LISTS + "{action: deny, destination_port: 80}", 11, "access_lists.E.entries[1]", "protocol ip has no ports"),
    (
        LISTS + "{action: deny, protocol: udp, established: true}",
        11,
        "access_lists.E.entries[1].established",
        "established goes with tcp",
    ),
    (LISTS + "{action: permit, protocol: 6}", 11, "access_lists.E.entries[1]", "stands in access list E twice"),
    (LISTS + "{sequence: 10, action: deny}", 11, "access_lists.E.entries[1]", "sequence 10 follows 10"),
    (
        NUMBERED + "          - {action: deny, protocol: tcp}",
        11,
        "access_lists.10.entries[1]",
        "looks at the source alone",
    ),
    (NUMBERED + "        kind: extended", 11, "access_lists.10.kind", "access list 10 is standard by its number"),
    ("    access_lists: {E: {entries: []}}", 7, "access_lists.E.entries", "would let everything through"),
    ("    access_lists: {300: {entries: []}}", 7, "access_lists.300", "'300' is no access list"),
)


@pytest.mark.parametrize(("lines", "line", "field", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_field(lines: str, line: int, field: str, message: str) -> None:
    found = only_problem(HEAD + lines)
    assert found[:2] == (line, f"devices.r1.{field}")
    assert message in found[2]


def test_an_interface_that_names_no_list_is_told_of() -> None:
    text = HEAD.replace("192.0.2.1/24}", "192.0.2.1/24, access_group_out: EGDE}")
    found = only_problem(text + "    access_lists: {EDGE: {entries: [{action: permit}]}}")
    assert found[:2] == (6, "devices.r1.interfaces.Gi0/0.access_group_out")
    assert found[2].endswith("did you mean EDGE?")


@pytest.mark.parametrize("field", ["bgp", "eigrp"])
def test_a_switch_that_does_not_route_runs_no_protocol(field: str) -> None:
    text = f"network: n\ndevices:\n  s1: {{vendor: cisco, platform: ios, kind: switch, {field}: {{asn: 1}}}}\n"
    line, where, problem = only_problem(text)
    assert (line, where) == (3, f"devices.s1.{field}")
    assert problem.endswith("enable routing first (routing: true)")


def test_a_plain_switch_may_filter() -> None:
    lists = "access_lists: {A: {entries: [{action: permit}]}}"
    text = f"network: n\ndevices:\n  s1: {{vendor: cisco, platform: ios, kind: switch, {lists}}}"
    assert check_definition(text, file="f")[1] == ()


def test_what_an_error_names_is_found_in_the_file() -> None:
    definition = load_definition(HEAD + "    bgp: {asn: 1}\n    eigrp: {asn: 2}\n", file="f")
    assert definition.locate("r1", "bgp 192.0.2.9") == (7, "devices.r1.bgp")
    assert definition.locate("r1", "eigrp 2") == (8, "devices.r1.eigrp")

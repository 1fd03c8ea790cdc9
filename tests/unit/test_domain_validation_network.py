"""Rules over a whole network: each finds what it is for, and is silent about what works."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

import pytest

from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.validation import Finding, NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import RoutedInterface

REGISTRY = Registry(STANDARD_RULES)
Make = Callable[[str], Network]

TWO_ROUTERS = """devices:
  r1:
    kind: router
    ports: Gi0/0-3
    interfaces: {{Gi0/0: {{address: {one}}}}}
  r2:
    kind: router
    ports: Gi0/0-3
    interfaces: {{Gi0/0: {{address: {other}}}}}
"""

# Two switches that route, and one that does not, in a row; {between} and {down} are the VLANs that the trunks allow.
THREE_SWITCHES = """devices:
  d1:
    routing: true
    ports: Gi0/1-4
    spanning_tree: {{priority: {{"10,20,99": 4096}}}}
    interfaces:
      Vlan10: {{address: 10.0.10.1/24}}
      Vlan99: {{address: 10.0.99.1/24}}
      Gi0/1: {{profile: trunk, allowed: "{between}"}}
  d2:
    ports: Gi0/1-4
    interfaces:
      Gi0/1: {{profile: trunk, allowed: "{between}"}}
      Gi0/2: {{profile: trunk, allowed: "{down}"}}
      Gi0/3: {{profile: user}}
  a1:
    ports: Gi0/1-4
    interfaces:
      Vlan99: {{address: 10.0.99.3/24}}
      Gi0/2: {{profile: trunk, allowed: "{down}"}}
      Gi0/3: {{profile: user}}
links:
  - [d1 Gi0/1, d2 Gi0/1]
  - [d2 Gi0/2, a1 Gi0/2]
"""
ALL = "10,20,99"


def found(network: Network, rule: str) -> list[Finding]:
    return [finding for finding in REGISTRY.check(NetworkView(network)) if finding.rule == rule]


def told(network: Network, rule: str) -> list[str]:
    return [str(finding) for finding in found(network, rule)]


# --- addresses --------------------------------------------------------------------------------------------------------


def test_networks_without_problems_have_no_findings(network_of: Make) -> None:
    assert REGISTRY.check(NetworkView(network_of(THREE_SWITCHES.format(between=ALL, down=ALL)))) == ()
    assert REGISTRY.check(NetworkView(network_of(TWO_ROUTERS.format(one="10.0.0.1/24", other="10.0.1.1/24")))) == ()


def test_an_address_on_two_devices_is_found_at_both(network_of: Make) -> None:
    network = network_of(TWO_ROUTERS.format(one="10.0.0.1/24", other="10.0.0.2/24"))
    # Two programs, or an import, may bring what no single change would be allowed to.
    network.devices["r2"].interfaces = dict(network.devices["r1"].interfaces)
    assert told(network, "duplicate-address") == [
        "error: r1 GigabitEthernet0/0: the address 10.0.0.1 is that of r2 GigabitEthernet0/0 too",
        "error: r2 GigabitEthernet0/0: the address 10.0.0.1 is that of r1 GigabitEthernet0/0 too",
    ]


@pytest.mark.parametrize(("address", "count"), [("10.0.0.1", 2), ("192.0.2.9", 0), ("127.0.0.1", 0)])
def test_a_management_address_that_another_device_has_is_found(network_of: Make, address: str, count: int) -> None:
    network = network_of(TWO_ROUTERS.format(one="10.0.0.1/24", other="10.0.0.2/24"))
    device = network.devices["r2"]
    device.details = device.details.model_copy(update={"management": IPv4Address(address)})
    assert len(found(network, "duplicate-address")) == count


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("10.0.0.0/24", "address of"),
        ("10.0.0.255/24", "broadcast address of"),
        ("10.0.0.0/31", ""),
        ("10.0.0.1/24", ""),
    ],
)
def test_an_address_that_no_host_can_have_is_found(network_of: Make, address: str, what: str) -> None:
    network = network_of(TWO_ROUTERS.format(one="10.9.0.1/24", other="192.0.2.1/24"))
    # Refused where it is declared; an import may bring it.
    interface = RoutedInterface(addresses=(IPv4Interface(address),))
    network.devices["r1"].interfaces["GigabitEthernet0/0"] = interface
    findings = found(network, "host-address")
    assert [what in finding.message for finding in findings] == ([True] if what else [])


def segment(one: str, two: str, three: str) -> str:
    """Three routers at one switch."""
    routers = "".join(
        f"  r{number}: {{kind: router, ports: [Gi0/0], interfaces: {{Gi0/0: {{address: {address}}}}}}}\n"
        for number, address in enumerate((one, two, three), 1)
    )
    ports = "".join(f"      Gi0/{number}: {{profile: user}}\n" for number in (1, 2, 3))
    links = "".join(f"  - [r{number} Gi0/0, sw Gi0/{number}]\n" for number in (1, 2, 3))
    return f"devices:\n{routers}  sw:\n    ports: Gi0/1-3\n    interfaces:\n{ports}links:\n{links}"


def test_another_mask_than_that_of_the_segment_is_found(network_of: Make) -> None:
    network = network_of(segment("10.0.0.1/24", "10.0.0.2/25", "10.0.0.3/24"))
    (finding,) = found(network, "subnet-mask")
    assert (finding.device, finding.right, finding.others) == ("r2", "the mask /24", ("r1", "r3"))
    assert found(network_of(segment("10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24")), "subnet-mask") == []


def test_two_subnets_on_one_segment_that_share_nothing_are_right(network_of: Make) -> None:
    network = network_of(segment("10.0.0.1/24", "10.0.1.2/24", "10.0.0.3/24"))
    assert [finding.rule for finding in REGISTRY.check(NetworkView(network))] == []


def test_subnets_of_two_segments_that_overlap_are_found(network_of: Make) -> None:
    network = network_of(TWO_ROUTERS.format(one="10.0.0.1/16", other="10.0.7.1/24"))
    assert told(network, "overlapping-subnets") == [
        "error: r2 GigabitEthernet0/0: its subnet 10.0.7.0/24 overlaps 10.0.0.0/16 of r1 GigabitEthernet0/0"
    ]
    (warned,) = found(network_of(TWO_ROUTERS.format(one="10.0.0.1/16", other="10.0.7.1/32")), "overlapping-subnets")
    assert warned.severity == "warning"


def test_a_subnet_within_a_subnet_within_a_third_is_told_by_its_nearest(network_of: Make) -> None:
    text = TWO_ROUTERS.format(one="10.0.0.1/8", other="10.1.0.1/16")
    text += "  r3: {kind: router, ports: [Gi0/0], interfaces: {Gi0/0: {address: 10.1.2.1/24}}}\n"
    assert [finding.message.split(" overlaps ")[1] for finding in found(network_of(text), "overlapping-subnets")] == [
        "10.0.0.0/8 of r1 GigabitEthernet0/0",
        "10.1.0.0/16 of r2 GigabitEthernet0/0",
    ]


def test_a_subnet_on_two_segments_is_found_where_both_are_known(network_of: Make) -> None:
    lines = TWO_ROUTERS.format(one="10.0.0.1/30", other="10.0.0.2/30")
    assert found(network_of(lines), "subnet-twice") == []
    svis = """devices:
  d1: {routing: true, ports: [Gi0/1], interfaces: {Vlan10: {address: 10.0.0.1/24}, Gi0/1: {profile: user}}}
  d2: {routing: true, ports: [Gi0/1], interfaces: {Vlan10: {address: 10.0.0.2/24}, Gi0/1: {profile: user}}}
"""
    (finding,) = found(network_of(svis), "subnet-twice")
    assert (finding.device, finding.path, finding.others) == ("d2", "Vlan10", ("d1",))
    assert found(network_of(svis + "links: [[d1 Gi0/1, d2 Gi0/1]]\n"), "subnet-twice") == []


# --- VLANs ------------------------------------------------------------------------------------------------------------


def test_users_who_do_not_reach_their_gateway_are_an_error(network_of: Make) -> None:
    network = network_of(THREE_SWITCHES.format(between="20,99", down=ALL))
    (finding,) = found(network, "vlan-continuity")
    assert (finding.severity, finding.device, finding.path) == ("error", "a1", "VLAN 10")
    assert finding.message == "a1, d2 cannot reach d1 in it, where its gateway 10.0.10.1 is"
    assert set(finding.others) == {"d1", "d2"}


def test_parts_of_a_vlan_without_a_gateway_are_a_warning(network_of: Make) -> None:
    network = network_of(THREE_SWITCHES.format(between=ALL, down="10,99"))
    for switch in ("d1", "a1"):
        port = network.devices["d2"].switch_ports["GigabitEthernet0/3"]
        assert port.switching is not None
        vlan_20 = port.model_copy(update={"switching": port.switching.model_copy(update={"vlan": 20})})
        network.devices[switch].switch_ports["GigabitEthernet0/4"] = vlan_20
    (finding,) = found(network, "vlan-continuity")
    assert (finding.severity, finding.path) == ("warning", "VLAN 20")
    (gap,) = found(network, "trunk-missing-vlans")
    assert (gap.device, gap.others, gap.right) == ("a1", ("d2",), "allow 20 at both ends")


def test_a_vlan_of_two_sites_with_routers_between_them_is_right(network_of: Make) -> None:
    network = network_of("""devices:
  d1:
    routing: true
    ports: Gi0/1-2
    interfaces: {Gi0/1: {address: 10.0.0.1/30}, Gi0/2: {profile: user}, Vlan10: {address: 10.1.0.1/24}}
  d2:
    routing: true
    ports: Gi0/1-2
    interfaces: {Gi0/1: {address: 10.0.0.2/30}, Gi0/2: {profile: user}, Vlan10: {address: 10.2.0.1/24}}
links: [[d1 Gi0/1, d2 Gi0/1]]
""")
    assert found(network, "vlan-continuity") == []


def test_a_trunk_without_a_vlan_that_both_its_sides_use_is_found(network_of: Make) -> None:
    network = network_of(THREE_SWITCHES.format(between="20,99", down=ALL))
    (finding,) = found(network, "trunk-missing-vlans")
    assert (finding.device, finding.path, finding.others) == ("d1", "GigabitEthernet0/1", ("d2",))
    assert finding.message.endswith("does not carry VLANs that both sides use: 10")
    assert found(network_of(THREE_SWITCHES.format(between=ALL, down="10,99")), "trunk-missing-vlans") == []


# --- routing ----------------------------------------------------------------------------------------------------------


OSPF_ROUTER = """devices:
  d1:
    routing: true
    ports: Gi0/1-2
    ospf: {{process: 1, router_id: 10.0.0.1}}
    interfaces:
      Vlan10: {{address: 10.0.10.1/24{vlan10}}}
      Vlan20: {{address: 10.0.20.1/24{vlan20}}}
      Gi0/1: {{profile: trunk}}
"""


def test_an_svi_that_ospf_does_not_announce_is_found(network_of: Make) -> None:
    network = network_of(OSPF_ROUTER.format(vlan10=", ospf: {area: 0, passive: true}", vlan20=""))
    assert told(network, "ospf-coverage") == [
        "warning: d1 Vlan20: d1 runs OSPF, and 10.0.20.0/24 is not announced in it"
    ]
    network.devices["d1"].bgp = BgpRouter(as_number=65001, networks=(IPv4Network("10.0.0.0/16"),))
    assert found(network, "ospf-coverage") == []


@pytest.mark.parametrize(("areas", "count"), [((1, 2), 1), ((0, 2), 0), ((1, 1), 0)])
def test_areas_that_meet_outside_the_backbone_are_found(network_of: Make, areas: tuple[int, int], count: int) -> None:
    one, other = (f", ospf: {{area: {area}, passive: true}}" for area in areas)
    assert len(found(network_of(OSPF_ROUTER.format(vlan10=one, vlan20=other)), "ospf-backbone")) == count


def test_router_ids_are_their_own_in_each_protocol(network_of: Make) -> None:
    network = network_of(TWO_ROUTERS.format(one="10.0.0.1/30", other="10.0.0.2/30"))
    identity = IPv4Address("10.255.0.1")
    network.devices["r1"].bgp = BgpRouter(as_number=65001, router_id=identity)
    network.devices["r2"].eigrp = {1: EigrpProcess(as_number=1, router_id=identity)}
    assert found(network, "duplicate-router-id") == []
    network.devices["r2"].bgp = BgpRouter(as_number=65002, router_id=identity)
    network.devices["r1"].eigrp = {7: EigrpProcess(as_number=7, router_id=identity)}
    assert [finding.path for finding in found(network, "duplicate-router-id")] == [
        "BGP 65001",
        "BGP 65002",
        "EIGRP 7",
        "EIGRP 1",
    ]


def peers(network_of: Make, one: BgpRouter | None, other: BgpRouter | None, *, linked: bool = True) -> list[str]:
    text = TWO_ROUTERS.format(one="10.0.0.1/30", other="10.0.0.2/30")
    network = network_of(text + ("links: [[r1 Gi0/0, r2 Gi0/0]]\n" if linked else ""))
    network.devices["r1"].bgp, network.devices["r2"].bgp = one, other
    return [finding.message for finding in found(network, "bgp-neighbour")]


def bgp(number: int, *neighbors: tuple[str, int], **rest: int) -> BgpRouter:
    known = (BgpNeighbor(address=IPv4Address(address), remote_as=remote, **rest) for address, remote in neighbors)
    return BgpRouter(as_number=number, neighbors=tuple(known))


def test_bgp_neighbours_that_point_at_one_another_are_right(network_of: Make) -> None:
    assert peers(network_of, bgp(65001, ("10.0.0.2", 65002)), bgp(65002, ("10.0.0.1", 65001))) == []


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (bgp(65001, ("10.0.0.2", 65002)), None, "r2 has the address of the neighbour, and runs no BGP"),
        (bgp(65001, ("10.0.0.2", 65009)), bgp(65002, ("10.0.0.1", 65001)), "r2 is in AS 65002, and AS 65009 is expec"),
        (bgp(65001, ("10.0.0.2", 65002)), bgp(65002), "r2 has no neighbour with an address of r1"),
        (bgp(65001, ("10.0.0.1", 65001)), None, "the neighbour is the router itself"),
        (bgp(65001, ("10.0.0.3", 65002)), None, "nobody has the address 10.0.0.3 of the neighbour"),
        (bgp(65001, ("192.0.2.1", 65002)), None, "the neighbour 192.0.2.1 is in no connected subnet"),
    ],
)
def test_a_bgp_neighbour_that_points_at_nobody_is_found(
    network_of: Make, one: BgpRouter, other: BgpRouter | None, said: str
) -> None:
    (message,) = peers(network_of, one, other)
    assert message.startswith(said)


def test_a_bgp_neighbour_outside_the_network_is_right(network_of: Make) -> None:
    assert peers(network_of, bgp(65001, ("10.0.0.3", 65002)), None, linked=False) == []
    assert peers(network_of, bgp(65001, ("10.0.0.3", 65009)), None, linked=False) == []
    assert peers(network_of, bgp(65001, ("192.0.2.1", 65002), ebgp_multihop=2), None) == []

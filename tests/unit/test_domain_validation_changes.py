"""Rules over a change: lock-out, and what becomes of layer 2 and of the hosts behind it."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network

import pytest

from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import Finding, NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import OspfProcess, PortConfiguration, StaticRoute, TrunkMode

REGISTRY = Registry(STANDARD_RULES)
Make = Callable[[str], Network]

# A router, two distribution switches and an access switch at both of them.
CAMPUS = """devices:
  r1:
    kind: router
    role: core
    management: 10.255.0.1
    ports: Gi0/0-3
    interfaces:
      Loopback0: {address: 10.255.0.1/32}
      Gi0/0: {address: 10.0.0.1/30}
    routes: [{to: 0.0.0.0/0, via: 10.0.0.2}]
  d1:
    routing: true
    management: 10.0.99.1
    ports: Gi0/1-4
    spanning_tree: {priority: {"10,20,99": 4096}}
    interfaces:
      Vlan10: {address: 10.0.10.1/24}
      Vlan99: {address: 10.0.99.1/24}
      Gi0/1: {address: 10.0.0.2/30}
      Gi0/2: {profile: trunk}
      Gi0/3: {profile: trunk}
    routes: [{to: 0.0.0.0/0, via: 10.0.0.1}]
  d2:
    ports: Gi0/1-4
    management: 10.0.99.2
    spanning_tree: {priority: {"10,20,99": 8192}}
    interfaces:
      Vlan99: {address: 10.0.99.2/24}
      Gi0/2: {profile: trunk}
      Gi0/3: {profile: trunk}
  a1:
    ports: Gi0/1-4
    management: 10.0.99.3
    interfaces:
      Vlan99: {address: 10.0.99.3/24}
      Gi0/1: {profile: user}
      Gi0/2: {profile: trunk}
      Gi0/3: {profile: trunk}
links:
  - [r1 Gi0/0, d1 Gi0/1]
  - [d1 Gi0/2, d2 Gi0/2]
  - [d1 Gi0/3, a1 Gi0/2]
  - [d2 Gi0/3, a1 Gi0/3]
"""


@pytest.fixture
def campus(network_of: Make) -> Network:
    return network_of(CAMPUS)


def added(before: Network, after: Network, *rules: str) -> list[Finding]:
    found = REGISTRY.check_change(NetworkView(before), NetworkView(after))
    return [finding for finding in found if not rules or finding.rule in rules]


def edited(network_of: Make, *pairs: tuple[str, str]) -> Network:
    text = CAMPUS
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return network_of(text)


# --- lock-out ---------------------------------------------------------------------------------------------------------


def test_a_change_of_nothing_adds_nothing(campus: Network) -> None:
    assert REGISTRY.check(NetworkView(campus)) == ()
    assert added(campus, copy_of(campus)) == []


@pytest.mark.parametrize(
    ("old", "new", "device", "said"),
    [
        ("      Vlan99: {address: 10.0.99.3/24}\n", "", "a1", "Vlan99 loses 10.0.99.3"),
        ("10.0.99.3/24}", "10.0.99.3/24, enabled: false}", "a1", "Vlan99 is shut, and has 10.0.99.3"),
        ("10.0.99.3/24", "10.0.99.33/24", "a1", "Vlan99 loses 10.0.99.3"),
        ("address: 10.0.0.1/30}", "address: 10.0.0.1/30, enabled: false}", "a1", "no way is left from Vlan99"),
        ("    routes: [{to: 0.0.0.0/0, via: 10.0.0.1}]\n", "", "d1", "the default route of d1 goes"),
    ],
)
def test_a_change_that_cuts_the_way_to_a_device_is_refused(
    network_of: Make, campus: Network, old: str, new: str, device: str, said: str
) -> None:
    found = [item for item in added(campus, edited(network_of, (old, new)), "lock-out") if item.device == device]
    assert [item.severity for item in found] == ["error"]
    assert found[0].message.startswith(said)


def test_a_management_vlan_that_trunks_no_longer_carry_locks_out(campus: Network) -> None:
    after = copy_of(campus)
    users_only = PortConfiguration(switching=TrunkMode(native_vlan=99, allowed=frozenset({10, 20})))
    after.devices["d2"].switch_ports["GigabitEthernet0/3"] = users_only
    # a1 still has its other way, by d1.
    assert added(campus, after, "lock-out") == []
    after.devices["d1"].switch_ports["GigabitEthernet0/3"] = users_only
    (finding,) = added(campus, after, "lock-out")
    assert (finding.device, finding.path) == ("a1", "Vlan99")


def test_a_management_address_may_move_with_its_device(network_of: Make, campus: Network) -> None:
    moved = edited(network_of, ("10.0.99.3", "10.0.99.33"))
    assert added(campus, moved, "lock-out") == []


def test_a_device_whose_management_address_nobody_tells_any_more_is_looked_for_where_it_was(campus: Network) -> None:
    after = copy_of(campus)
    device = after.devices["a1"]
    device.details = device.details.model_copy(update={"management": None})
    assert added(campus, after, "lock-out") == []
    device.interfaces = {}
    (finding,) = added(campus, after, "lock-out")
    assert finding.message.startswith("Vlan99 loses 10.0.99.3")


def test_a_default_route_that_a_protocol_brings_may_go(campus: Network) -> None:
    after = copy_of(campus)
    after.devices["d1"].routes = ()
    after.devices["d1"].ospf = {1: OspfProcess(router_id=IPv4Address("10.255.0.9"))}
    assert added(campus, after, "lock-out") == []
    after.devices["d1"].ospf = {}
    other = StaticRoute(prefix=IPv4Network("0.0.0.0/0"), next_hop=IPv4Address("10.0.0.1"), distance=200)
    after.devices["d1"].routes = (other,)
    assert added(campus, after, "lock-out") == []


def test_without_a_core_any_router_will_do(network_of: Make) -> None:
    before = edited(network_of, ("    role: core\n", ""))
    after = copy_of(before)
    after.links = {link for link in after.links if "r1" not in (link.a[0], link.b[0])}
    assert {item.device for item in added(before, after, "lock-out")} == {"d1", "r1"}


def test_an_address_that_stood_nowhere_before_is_not_lost(network_of: Make) -> None:
    before = edited(network_of, ("management: 10.0.99.3", "management: 192.0.2.3"))
    after = copy_of(before)
    after.devices["a1"].interfaces = {}
    assert added(before, after, "lock-out") == []


def test_a_device_that_goes_is_not_locked_out(campus: Network) -> None:
    after = copy_of(campus)
    del after.devices["a1"]
    assert added(campus, after, "lock-out") == []


# --- layer 2 ----------------------------------------------------------------------------------------------------------


def test_a_root_that_moves_is_told(network_of: Make, campus: Network) -> None:
    (finding,) = added(campus, edited(network_of, ('"10,20,99": 8192', '"10,99": 0, 20: 8192')))[:1]
    assert finding.rule == "spanning-tree-root-moves"
    assert finding.message == "the root of VLAN 10,99 moves from d1 to d2"


def test_a_root_that_is_not_determined_any_more_is_told_as_such(network_of: Make, campus: Network) -> None:
    after = edited(network_of, ('"10,20,99": 8192', '"10,20,99": 4096'))
    (finding,) = added(campus, after, "spanning-tree-root-moves", "blocked-port-moves")
    assert finding.message == "the root of VLAN 10,20,99 moves from d1 to one of d1, d2 (undetermined)"


def test_a_blocked_port_that_moves_is_told(network_of: Make, campus: Network) -> None:
    after = edited(network_of, ('"10,20,99": 8192', '"10,99": 0, 20: 8192'))
    assert [str(item) for item in added(campus, after, "blocked-port-moves")] == [
        "warning: a1 GigabitEthernet0/2: in VLAN 10,99 the port blocks, and forwarded before",
        "warning: a1 GigabitEthernet0/3: in VLAN 10,99 the port forwards, and blocked before",
    ]


def test_mode_mst_has_no_tree_per_vlan(network_of: Make, campus: Network) -> None:
    after = edited(network_of, ('{priority: {"10,20,99": 8192}}', "{mode: mst}"))
    assert added(campus, after, "spanning-tree-root-moves", "blocked-port-moves") == []


def test_a_vlan_that_is_parted_is_told(campus: Network) -> None:
    after = copy_of(campus)
    after.links = {link for link in after.links if "a1" not in (link.a[0], link.b[0])}
    found = added(campus, after, "vlan-parted")
    assert [(item.device, item.path, item.message) for item in found if item.path == "VLAN 10"] == [
        ("a1", "VLAN 10", "a1 reached d1, d2 in it, and does not any more")
    ]


def test_hosts_that_lose_their_gateway_are_an_error(campus: Network) -> None:
    after = copy_of(campus)
    del after.devices["d1"].interfaces["Vlan10"]
    (finding,) = added(campus, after, "gateway-lost")
    assert (finding.severity, finding.device, finding.path) == ("error", "a1", "VLAN 10")
    assert finding.message.startswith("1 port of hosts in it had the gateway 10.0.10.1 (d1 Vlan10)")
    assert added(after, campus, "gateway-lost") == []


def test_hosts_that_never_had_a_gateway_lose_none(campus: Network) -> None:
    before = copy_of(campus)
    del before.devices["d1"].interfaces["Vlan10"]
    after = copy_of(before)
    after.links = set()
    assert added(before, after, "gateway-lost") == []

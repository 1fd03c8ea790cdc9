"""The order of a rollout by the topology: what is farther from the operator first."""

import time
from collections.abc import Callable

import pytest

from cimnet_nornir.application.order import (
    Topology,
    distances,
    entries,
    farthest_first,
    host_distances,
    pushing_order,
    topology_of,
)
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.errors import DeviceNotFound
from cimnet_nornir.projections.inventory import hosts_of

NetworkMaker = Callable[[str], Network]
CAMPUS = """
devices:
  r1: {kind: router, ports: GigabitEthernet0/1-4}
  r2: {kind: router, ports: GigabitEthernet0/1-4}
  dist1: {ports: GigabitEthernet0/1-9}
  acc1: {ports: GigabitEthernet0/1-9}
  acc2: {ports: GigabitEthernet0/1-9}
  far1: {ports: GigabitEthernet0/1-9}
  lone1: {ports: GigabitEthernet0/1-9}
  srv1: {kind: host, vendor: nixos, platform: nixos, ports: [eno1, eno2]}
links:
  - [r1 GigabitEthernet0/1, r2 GigabitEthernet0/1]
  - [r1 GigabitEthernet0/2, dist1 GigabitEthernet0/1]
  - [dist1 GigabitEthernet0/2, acc1 GigabitEthernet0/1]
  - [dist1 GigabitEthernet0/3, acc2 GigabitEthernet0/1]
  - [acc1 GigabitEthernet0/2, acc2 GigabitEthernet0/2]
  - [acc2 GigabitEthernet0/3, far1 GigabitEthernet0/1]
  - [acc1 GigabitEthernet0/9, srv1 eno1]
  - [far1 GigabitEthernet0/9, srv1 eno2]
"""
DEFAULT_ROUTE = """    interfaces:
      GigabitEthernet0/4: {address: 203.0.113.2/30}
    routes:
      - {to: 0.0.0.0/0, via: 203.0.113.1}
"""


@pytest.fixture
def campus(network_of: NetworkMaker) -> Network:
    return network_of(CAMPUS)


def test_what_is_farther_from_the_operator_comes_first_and_what_no_link_leads_to_before_all(campus: Network) -> None:
    assert pushing_order(campus, campus.devices, "r2") == (
        ("lone1",),
        ("far1",),
        ("acc1", "acc2"),
        ("dist1",),
        ("r1",),
        ("r2",),
    )
    assert pushing_order(campus, ["dist1", "far1", "acc2", "srv1"], "R2") == (("far1",), ("acc2",), ("dist1",))
    assert pushing_order(campus, []) == ()


def test_a_server_is_an_end_and_no_way_unless_the_operator_sits_there(campus: Network) -> None:
    topology = topology_of(campus)
    assert distances(topology, "acc1")["srv1"] == 1
    assert distances(topology, "acc1")["far1"] == 2
    assert distances(topology, "srv1") == {
        "srv1": 0,
        "acc1": 1,
        "far1": 1,
        "acc2": 2,
        "dist1": 2,
        "r1": 3,
        "r2": 4,
    }


def test_the_operator_is_known_by_host_name_or_id_and_one_who_is_not_there_is_told(campus: Network) -> None:
    campus.devices["acc1"].name = "access1"
    assert pushing_order(campus, ["acc1", "r1"], "access1") == pushing_order(campus, ["acc1", "r1"], "acc1")
    with pytest.raises(DeviceNotFound, match=r"operator: there is no device 'acc9' in the network; it is the host"):
        pushing_order(campus, ["acc1"], "acc9")
    with pytest.raises(DeviceNotFound, match="there is no device 'acc9' in the network"):
        pushing_order(campus, ["acc9"])


def test_inside_a_group_devices_stand_by_their_host_names(campus: Network) -> None:
    campus.devices["acc1"].name = "z1"
    assert pushing_order(campus, ["acc1", "acc2"], "dist1") == (("acc2", "acc1"),)


def test_the_operator_is_guessed_at_the_routers_with_a_default_route_or_else_at_all_routers(
    network_of: NetworkMaker,
) -> None:
    assert entries(topology_of(network_of(CAMPUS))) == ("r1", "r2")
    head, tail = CAMPUS.split("links:")
    out = head.replace(
        "  r2: {kind: router, ports: GigabitEthernet0/1-4}\n",
        f"  r2:\n    kind: router\n    ports: GigabitEthernet0/1-4\n{DEFAULT_ROUTE}",
    )
    network = network_of(f"{out}links:{tail}")
    assert entries(topology_of(network)) == ("r2",)
    assert pushing_order(network, ["r1", "r2"]) == (("r1",), ("r2",))


def test_without_routers_the_operator_is_guessed_at_a_layer_3_switch_or_where_most_links_end() -> None:
    neighbours = {"a": {"b", "s"}, "b": {"a", "c"}, "c": {"b"}, "s": {"a", "x", "y"}}
    assert entries(Topology(neighbours, servers={"s"})) == ("a",)
    assert entries(Topology(neighbours, servers={"s"}, gateways={"c"})) == ("c",)
    assert entries(Topology(neighbours, servers={"s"}, gateways={"s", "c"})) == ("c",)
    assert entries(Topology(neighbours, routers={"b"}, gateways={"c"})) == ("b",)
    assert entries(Topology({})) == ()
    assert distances(Topology({})) == {}


def test_an_inventory_knows_the_same_distances_by_host_name(campus: Network) -> None:
    campus.devices["acc1"].name = "access1"
    away = distances(topology_of(campus))
    expected = {device.name: away.get(device.id) for device in campus.devices.values()}
    assert host_distances(hosts_of(campus, "lab")) == expected
    assert expected["lone1"] is None
    assert host_distances(hosts_of(campus, "lab"), "ACCESS1")["dist1"] == 1
    assert host_distances(hosts_of(campus, "lab"), "acc1")["dist1"] == 1
    assert host_distances((), "acc1") == {}
    with pytest.raises(DeviceNotFound, match="operator: there is no device 'acc9'"):
        host_distances(hosts_of(campus, "lab"), "acc9")


def test_a_vlan_leaves_the_switches_behind_before_the_one_that_carries_it_to_them(campus: Network) -> None:
    """The same order on add and on removal: the way to a switch is as it was when its turn comes."""
    carries = {"dist1", "acc2", "far1"}
    for group in pushing_order(campus, ["dist1", "acc2", "far1"], "r1"):
        for device in group:
            way = {"far1": {"dist1", "acc2"}, "acc2": {"dist1"}, "dist1": set()}[device]
            assert way <= carries
        carries -= set(group)
    assert carries == set()


def test_those_without_a_distance_are_the_first_group() -> None:
    assert farthest_first({"b": 1, "a": None, "c": 10, "d": 1}) == (("a",), ("c",), ("b", "d"))
    assert farthest_first({"b": 0}) == (("b",),)


def test_ten_thousand_devices_in_a_ring_are_ordered_in_a_moment() -> None:
    count = 10_000
    neighbours = {f"d{n:05}": {f"d{(n - 1) % count:05}", f"d{(n + 1) % count:05}"} for n in range(count)}
    began = time.process_time()
    away = distances(Topology(neighbours), "d00000")
    groups = farthest_first(away)
    assert time.process_time() - began < 1
    assert (len(away), max(away.values())) == (count, count // 2)
    assert (groups[0], groups[1], groups[-1]) == (("d05000",), ("d04999", "d05001"), ("d00000",))


def test_a_link_to_a_device_that_is_gone_leads_nowhere(campus: Network) -> None:
    campus.connect(Link(("gone", "GigabitEthernet0/1"), ("lone1", "GigabitEthernet0/1")))
    assert "gone" not in distances(topology_of(campus), "lone1")
    assert host_distances(hosts_of(campus, "lab"), "lone1")["r1"] is None

"""Context graphs of any size, with everything in them that a diagram draws, made without a network behind them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from networkx import MultiGraph

# A switch of so many ports carries as many others.
PORTS = 24


def large_graph(
    devices: int,
    *,
    site: Callable[[int], str] = lambda number: f"site-{number // 25:03}",
    role: Callable[[int], str] = lambda number: ("core", "distribution", "access")[min(number, 2)],
    name: Callable[[int], str] = lambda number: f"dev{number}",
    vlans: int = 4,
) -> "MultiGraph[str]":
    """A tree of switches under a router, one in ten a host with a network of containers on it."""
    graph: MultiGraph[str] = nx.MultiGraph(name=name(0))
    for number in range(devices):
        kind = "router" if number == 0 else "host" if number % 10 == 9 else "switch"
        attributes = {"device": kind, "routing": number % 7 == 1, "role": role(number), "site": site(number)}
        graph.add_node(f"device:{number}", kind="device", label=name(number), **attributes)
    for vlan in range(10, 10 + vlans):
        graph.add_node(f"vlan:{vlan}", kind="vlan", label=f"VLAN {vlan} {name(vlan)}", vlan=vlan, continuous=vlan != 11)
        graph.add_node(f"subnet:{vlan}", kind="subnet", label=f"10.0.{vlan % 256}.0/24", version=4)
        graph.add_edge(f"vlan:{vlan}", f"subnet:{vlan}", relation="subnet")
        attributes = {"interface": f"GigabitEthernet0/0.{vlan}", "address": f"10.0.{vlan % 256}.1/24"}
        graph.add_edge("device:0", f"subnet:{vlan}", relation="address", **attributes)
    for number in range(1, devices):
        _cable(graph, number, "" if number % 50 == 49 else f"1,10-{9 + vlans}")
        kind = graph.nodes[f"device:{number}"]["device"]
        (_host if kind == "host" else _switch)(graph, number, vlans, name)
    return graph


def _cable(graph: "MultiGraph[str]", number: int, vlans: str) -> None:
    above = (number - 1) // PORTS
    # What is a host has nothing below it.
    above -= graph.nodes[f"device:{above}"]["device"] == "host"
    ends = {"a": str(above), "b": str(number), "a_port": f"GigabitEthernet1/0/{number % PORTS + 1}"}
    graph.add_edge(
        f"device:{above}", f"device:{number}", relation="link", b_port="GigabitEthernet1/0/49", vlans=vlans, **ends
    )


def _switch(graph: "MultiGraph[str]", number: int, vlans: int, name: Callable[[int], str]) -> None:
    for vlan in range(10, 10 + vlans):
        ports = {"tagged": "GigabitEthernet1/0/49", "untagged": "GigabitEthernet1/0/1,GigabitEthernet1/0/2"}
        graph.add_edge(f"device:{number}", f"vlan:{vlan}", relation="has vlan", **ports)


def _host(graph: "MultiGraph[str]", number: int, vlans: int, name: Callable[[int], str]) -> None:
    network = f"container-network:{number}"
    attributes = {"driver": "bridge", "runtime": "docker", "bridge": f"br{number}"}
    graph.add_node(network, kind="container network", label=name(number), **attributes)
    graph.add_edge(network, f"device:{number}", relation="on host", uplink="eno1", range="")
    graph.add_edge(f"vlan:{10 + number % vlans}", network, relation="in vlan")
    for each in range(3):
        container = f"container:{number}/{each}"
        graph.add_node(container, kind="container", label=name(each), address=f"10.0.10.{each}", mac="", image="")
        graph.add_edge(container, network, relation="member of")
        graph.add_edge(container, f"device:{number}", relation="runs on")

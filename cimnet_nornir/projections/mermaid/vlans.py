"""A VLAN as the context graph has it: who carries it on which ports, its subnets with their gateways, its islands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cimnet_nornir.projections.mermaid.flowchart import Box, Line
from cimnet_nornir.projections.mermaid.links import Cabling, cablings, port_list, short_name
from cimnet_nornir.projections.mermaid.styles import kind_of

if TYPE_CHECKING:
    from networkx import MultiGraph

Ports = tuple[tuple[str, ...], tuple[str, ...]]
"""The tagged ports and the untagged ones."""


@dataclass(slots=True)
class Vlans:
    """What a graph tells of its VLANs, looked up once: each by the node of a VLAN, a subnet or a network of hosts."""

    graph: "MultiGraph[str]"
    cablings: dict[str, list[Cabling]] = field(default_factory=dict)
    ports: dict[str, dict[str, Ports]] = field(default_factory=dict)
    subnets: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    networks: dict[str, list[str]] = field(default_factory=dict)
    hosts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: "MultiGraph[str]") -> "Vlans":
        found = cls(graph)
        for cabling in cablings(graph):
            for device in dict.fromkeys((cabling.a, cabling.b)):
                found.cablings.setdefault(device, []).append(cabling)
        for one, other, data in graph.edges(data=True):
            found.take_in(one, other, data)
        return found

    def take_in(self, one: str, other: str, data: Mapping[str, Any]) -> None:
        """An edge, whichever of its ends networkx names first."""
        first, second = sorted((one, other), key=lambda node: _ORDER.get(self.kind(node), 0))
        match data["relation"]:
            case "has vlan":
                self.ports.setdefault(second, {})[first] = (_listed(data["tagged"]), _listed(data["untagged"]))
            case "subnet":
                self.subnets.setdefault(first, []).append(second)
            case "address":
                self.addresses.setdefault(second, []).append((first, str(data["interface"]), str(data["address"])))
            case "in vlan":
                self.networks.setdefault(first, []).append(second)
            case "on host":
                self.hosts.setdefault(second, []).append((first, str(data["uplink"])))
            case _:
                pass

    def kind(self, node: str) -> str:
        return str(self.graph.nodes[node]["kind"])

    def label(self, node: str) -> str:
        return str(self.graph.nodes[node]["label"])

    def device_kind(self, device: str) -> str:
        return kind_of(self.graph.nodes[device])

    def all(self) -> tuple[str, ...]:
        """The nodes of all VLANs, in the order of their numbers."""
        nodes = (node for node, data in self.graph.nodes(data=True) if data["kind"] == "vlan")
        return tuple(sorted(nodes, key=self.number))

    def number(self, vlan: str) -> int:
        return int(self.graph.nodes[vlan]["vlan"])


# The end of an edge that is named first here: a device before a VLAN, a VLAN before its subnet or a network in it.
_ORDER = {"device": 0, "vlan": 1, "subnet": 2, "container network": 3, "vm network": 3}


def _listed(ports: object) -> tuple[str, ...]:
    return tuple(str(ports).split(",")) if ports else ()


@dataclass(frozen=True)
class VlanParts:
    """One VLAN to be drawn; what only some charts need is looked up when they ask for it."""

    vlans: Vlans
    node: str

    @property
    def label(self) -> str:
        return self.vlans.label(self.node)

    @property
    def ports(self) -> Mapping[str, Ports]:
        """The switches that have the VLAN, with their ports in it."""
        return self.vlans.ports.get(self.node, {})

    @cached_property
    def gateways(self) -> Mapping[str, tuple[tuple[str, str, str], ...]]:
        """Device, interface and address of each gateway, by subnet."""
        subnets = self.vlans.subnets.get(self.node, ())
        return {subnet: tuple(_gateways(self.vlans, self.node, subnet)) for subnet in subnets}

    @cached_property
    def devices(self) -> Mapping[str, tuple[str, ...]]:
        """All that are in it, switches, gateways and hosts; with what is told of them besides ports."""
        devices: dict[str, list[str]] = {device: [] for device in self.ports}
        for device, interface, address in (each for found in self.gateways.values() for each in found):
            devices.setdefault(device, []).append(f"{short_name(interface)} {address}")
        for network in self.vlans.networks.get(self.node, ()):
            for host, uplink in self.vlans.hosts.get(network, ()):
                by = f" by {uplink}" if uplink else ""
                text = f"{self.vlans.kind(network)} {self.vlans.label(network)}{by}"
                devices.setdefault(host, []).append(text)
        return {device: tuple(texts) for device, texts in devices.items()}

    @cached_property
    def joined(self) -> tuple[Cabling, ...]:
        """What joins its devices and carries it."""
        return tuple(_joined(self.vlans, self.node, self.devices))

    @cached_property
    def islands(self) -> Mapping[str, int]:
        """The island of each device, from 1; empty where the VLAN reaches all who use it."""
        if self.vlans.graph.nodes[self.node]["continuous"]:
            return {}
        return _islands(self.devices, self.joined, set(self.ports))

    @cached_property
    def island_count(self) -> int:
        """How many islands it is in; 0 where it is in one piece."""
        return max(self.islands.values(), default=0)


def _port_lines(tagged: tuple[str, ...], untagged: tuple[str, ...]) -> Iterator[str]:
    if untagged:
        yield f"untagged {port_list(untagged)}"
    if tagged:
        yield f"tagged {port_list(tagged)}"
    if not tagged and not untagged:
        yield "no port in it"


def _gateways(vlans: Vlans, node: str, subnet: str) -> Iterator[tuple[str, str, str]]:
    """The routers and switches with an address in a subnet that is theirs in this VLAN: SVIs and tags of routers."""
    number = vlans.number(node)
    for device, interface, address in vlans.addresses.get(subnet, ()):
        if interface == f"Vlan{number}" or interface.endswith(f".{number}"):
            yield device, interface, address


def _joined(vlans: Vlans, node: str, devices: Mapping[str, object]) -> Iterator[Cabling]:
    number, ports = vlans.number(node), vlans.ports.get(node, {})
    for cabling in dict.fromkeys(cabling for device in devices for cabling in vlans.cablings.get(device, ())):
        if cabling.a in devices and cabling.b in devices and not cabling.tunnel:
            ends = ((cabling.a, 0, cabling.b), (cabling.b, 1, cabling.a))
            if cabling.carries(number) or any(_brings(vlans, ports, cabling, *end) for end in ends):
                yield cabling


def _brings(vlans: Vlans, ports: Mapping[str, Ports], cabling: Cabling, device: str, side: int, other: str) -> bool:
    """Whether a switch port brings the VLAN to what is no switch: a router, or a server."""
    carrying = {port for group in ports.get(device, ((), ())) for port in group}
    own = {cabling.bundles[side], *(cable[side] for cable in cabling.cables)}
    return other not in ports and "switch" not in vlans.device_kind(other) and not carrying.isdisjoint(own)


def _islands(devices: Iterable[str], joined: Iterable[Cabling], using: set[str]) -> dict[str, int]:
    """The island of each device, counted by the switches that use the VLAN; what hangs on none is in none."""
    beside: dict[str, list[str]] = {}
    for cabling in joined:
        beside.setdefault(cabling.a, []).append(cabling.b)
        beside.setdefault(cabling.b, []).append(cabling.a)
    found: dict[str, int] = {}
    number = 0
    for device in (device for device in devices if device in using):
        if device not in found:
            number += 1
            found |= dict.fromkeys(_reached(device, beside), number)
    return found


def _reached(device: str, beside: Mapping[str, list[str]]) -> set[str]:
    reached, ahead = {device}, [device]
    while ahead:
        new = set(beside.get(ahead.pop(), ())) - reached
        reached |= new
        ahead += new
    return reached


def device_box(parts: VlanParts, device: str, frames: tuple[str, ...]) -> Box:
    """A device in a VLAN, with its ports; in the frame of its island."""
    island = parts.islands.get(device)
    around = (f"island {island} of {parts.island_count}",) if island else ()
    ports = _port_lines(*parts.ports[device]) if device in parts.ports else ()
    lines = (parts.vlans.label(device), *ports, *parts.devices[device])
    kind, style = parts.vlans.device_kind(device), "island" if island else ""
    return Box(f"{parts.node} {device}", lines, kind, style, (*frames, *around))


def subnet_boxes(parts: VlanParts, frames: tuple[str, ...]) -> Iterator[Box]:
    """The subnets of a VLAN."""
    for subnet in parts.gateways:
        yield Box(f"{parts.node} {subnet}", (parts.vlans.label(subnet), "subnet"), "subnet", frames=frames)


def gateway_lines(parts: VlanParts, box_of: Mapping[str, str]) -> Iterator[Line]:
    """From the boxes of gateways to their subnets; `box_of` tells the box of a device."""
    for subnet, gateways in parts.gateways.items():
        for device, interface, address in gateways:
            text = f"{short_name(interface)} {address.partition('/')[0]}"
            yield Line(box_of[device], f"{parts.node} {subnet}", text, "dotted")

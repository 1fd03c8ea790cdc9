"""Rules over a network as a whole; each is a function in the table at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios.device_values import DEFAULT_BRIDGE_PRIORITY
from cimnet_nornir.ios.findings import Finding, error, warning
from cimnet_nornir.ios.validate_devices import carries

DISTRIBUTION_ROLES = frozenset({"distribution", "dist", "aggregation"})


@dataclass(frozen=True, slots=True)
class NetworkIndex:
    """What the rules look up, gathered in one pass.

    `neighbours` has, by device id, each switch port that is linked: (port, the other device's id, its port).
    """

    devices: Mapping[str, Device]
    neighbours: Mapping[str, tuple[tuple[str, str, str], ...]]

    @classmethod
    def of(cls, network: Network) -> "NetworkIndex":
        """The index of a network."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for link in sorted(network.links):
            for near, far in ((link.a, link.b), (link.b, link.a)):
                found.setdefault(near[0], []).append((near[1], *far))
        devices = {name: network.devices[name] for name in sorted(network.devices)}
        return cls(devices, {device: tuple(ports) for device, ports in found.items()})


NetworkRule = Callable[[NetworkIndex], Iterable[Finding]]


def router_ids_are_unique(index: NetworkIndex) -> Iterator[Finding]:
    """Two routers of one id do not become neighbours, and spoil the database of the area (RFC 2328, C.1)."""
    owners: dict[IPv4Address, list[tuple[Device, int]]] = {}
    for device in index.devices.values():
        for number, process in sorted(device.ospf.items()):
            owners.setdefault(process.router_id, []).append((device, number))
    for router_id, users in owners.items():
        for device, number in users:
            others = sorted({other.name for other, _ in users} - {device.name})
            if others:
                yield error(
                    device.name, f"OSPF {number}", f"the router id {router_id} is that of {', '.join(others)} too"
                )


def a_vlan_of_two_distribution_switches_has_a_root(index: NetworkIndex) -> Iterator[Finding]:
    """Without a priority the oldest switch (the lowest MAC address) becomes root; told once, at the first of them."""
    told: set[tuple[str, int]] = set()
    for device in index.devices.values():
        if not _is_distribution(device):
            continue
        for vlan in sorted(device.vlans):
            if (device.id, vlan) in told:
                continue
            segment = _segment(index, device, vlan)
            switches = [other for other in segment if _is_distribution(other)]
            told |= {(other.id, vlan) for other in switches}
            if len(switches) > 1 and not any(_has_priority(other, vlan) for other in segment):
                names = ", ".join(other.name for other in switches)
                yield warning(device.name, f"VLAN {vlan}", f"{names} carry it, and none has a root priority for it")


def _is_distribution(device: Device) -> bool:
    return device.switches and device.details.role.lower() in DISTRIBUTION_ROLES


def _has_priority(device: Device, vlan: int) -> bool:
    return device.spanning_tree.priorities.get(vlan, DEFAULT_BRIDGE_PRIORITY) < DEFAULT_BRIDGE_PRIORITY


def _segment(index: NetworkIndex, start: Device, vlan: int) -> list[Device]:
    """The switches that a VLAN reaches from one of them over ports that carry it at both ends."""
    reached = {start.id: start}
    waiting = [start]
    while waiting:
        device = waiting.pop()
        for port, other_id, other_port in index.neighbours.get(device.id, ()):
            other = index.devices.get(other_id)
            if other is None or other_id in reached or vlan not in other.vlans:
                continue
            if _port_carries(device, port, vlan) and _port_carries(other, other_port, vlan):
                reached[other_id] = other
                waiting.append(other)
    return [reached[name] for name in sorted(reached)]


def _port_carries(device: Device, port: str, vlan: int) -> bool:
    configuration = device.switch_ports.get(port)
    return configuration is not None and carries(configuration, vlan)


NETWORK_RULES: tuple[NetworkRule, ...] = (router_ids_are_unique, a_vlan_of_two_distribution_switches_has_a_root)

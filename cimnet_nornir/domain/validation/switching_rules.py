"""Rules about VLANs and spanning tree over a whole network."""

from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.ports import DEFAULT_BRIDGE_PRIORITY
from cimnet_nornir.domain.validation.rules import AnyRule, rule
from cimnet_nornir.domain.validation.view import NetworkView

DISTRIBUTION_ROLES = frozenset({"distribution", "dist", "aggregation"})


@rule("spanning-tree-root", "warning", "No switch has a root priority for a VLAN of several distribution switches.")
def spanning_tree_root(network: NetworkView) -> Iterator[Problem]:
    """Without a priority the oldest switch (the lowest MAC address) becomes root; told once, at the first of them."""
    told: set[tuple[str, int]] = set()
    for device in network.devices.values():
        if not _is_distribution(device):
            continue
        for vlan in sorted(device.vlans):
            if (device.id, vlan) in told:
                continue
            segment = reached(network, device, vlan)
            switches = [other for other in segment if _is_distribution(other)]
            told |= {(other.id, vlan) for other in switches}
            if len(switches) > 1 and not any(_has_priority(other, vlan) for other in segment):
                names = ", ".join(other.name for other in switches)
                message = f"{names} carry it, and none has a root priority for it"
                yield Problem(device.name, f"VLAN {vlan}", message, f"a priority such as 4096 on {device.name}")


def _is_distribution(device: Device) -> bool:
    return device.switches and device.details.role.lower() in DISTRIBUTION_ROLES


def _has_priority(device: Device, vlan: int) -> bool:
    return device.spanning_tree.priorities.get(vlan, DEFAULT_BRIDGE_PRIORITY) < DEFAULT_BRIDGE_PRIORITY


def reached(network: NetworkView, start: Device, vlan: int) -> list[Device]:
    """The switches that a VLAN reaches from one of them over ports that carry it at both ends, by id."""
    found = {start.id: start}
    waiting = [start]
    while waiting:
        for near, far in network.neighbours(waiting.pop()):
            if far.device.id in found or vlan not in far.device.vlans:
                continue
            if near.carries(vlan) and far.carries(vlan):
                found[far.device.id] = far.device
                waiting.append(far.device)
    return [found[name] for name in sorted(found)]


SWITCHING_RULES: tuple[AnyRule, ...] = (spanning_tree_root,)

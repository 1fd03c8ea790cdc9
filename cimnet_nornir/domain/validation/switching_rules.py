"""Rules about VLANs and spanning tree over a whole network."""

from collections.abc import Collection, Iterable, Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem, vlans_text
from cimnet_nornir.domain.validation.ports import DEFAULT_BRIDGE_PRIORITY, existing_vlans
from cimnet_nornir.domain.validation.rules import AnyRule, rule
from cimnet_nornir.domain.validation.segments import (
    Segment,
    gateways,
    members,
    names,
    reach,
    segments_of,
    switch_links,
)
from cimnet_nornir.domain.validation.uplinks import uplinks
from cimnet_nornir.domain.validation.view import End, NetworkView
from cimnet_nornir.domain.values import AccessMode
from cimnet_nornir.domain.vlan_uses import vlans_in_use

DISTRIBUTION_ROLES = frozenset({"distribution", "dist", "aggregation"})
ACCESS_ROLES = frozenset({"access", "edge"})


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
            segment = _reached(network, device, vlan)
            switches = [other for other in segment if _is_distribution(other)]
            told |= {(other.id, vlan) for other in switches}
            if len(switches) > 1 and not any(_has_priority(other, vlan) for other in segment):
                names = ", ".join(other.name for other in switches)
                message = f"{names} carry it, and none has a root priority for it"
                yield Problem(device.name, f"VLAN {vlan}", message, f"a priority such as 4096 on {device.name}")


@rule("spanning-tree-root-at-edge", "warning", "An access switch is the spanning-tree root of a VLAN.")
def spanning_tree_root_at_edge(network: NetworkView) -> Iterator[Problem]:
    """All traffic of the VLAN then goes by way of it; told where a distribution switch is in the same segment."""
    found: dict[str, list[int]] = {}
    for segment, switches in network.remember(switches_of_segments).items():
        devices = [network.devices[switch] for switch in switches]
        root = _root(devices, int(segment[1]))
        if root is not None and _is_access(root) and any(_is_distribution(device) for device in devices):
            found.setdefault(root.id, []).append(int(segment[1]))
    for switch, vlans in found.items():
        name = network.devices[switch].name
        message = f"{name} is an access switch, and root of VLAN {vlans_text(vlans)}"
        yield Problem(name, "spanning tree", message, "a lower priority on a distribution switch")


def _root(devices: Iterable[Device], vlan: int) -> Device | None:
    """The switch of the lowest priority in a VLAN; None where several have it, and the MAC address decides."""
    by_priority: dict[int, list[Device]] = {}
    for device in devices:
        by_priority.setdefault(_priority(device, vlan), []).append(device)
    lowest = by_priority[min(by_priority)]
    return lowest[0] if len(lowest) == 1 else None


def _is_access(device: Device) -> bool:
    return device.details.role.lower() in ACCESS_ROLES


def _is_distribution(device: Device) -> bool:
    return device.switches and device.details.role.lower() in DISTRIBUTION_ROLES


def _has_priority(device: Device, vlan: int) -> bool:
    return _priority(device, vlan) < DEFAULT_BRIDGE_PRIORITY


def _priority(device: Device, vlan: int) -> int:
    return device.spanning_tree.priorities.get(vlan, DEFAULT_BRIDGE_PRIORITY)


def _reached(network: NetworkView, start: Device, vlan: int) -> list[Device]:
    """The switches that have a VLAN and that it reaches from one of them, by id."""
    return [network.devices[name] for name in network.remember(switches_of_segments)[_segment(network, start, vlan)]]


def _segment(network: NetworkView, device: Device, vlan: int) -> Segment:
    return network.remember(reach).segment(device.id, vlan)


def switches_of_segments(network: NetworkView) -> dict[Segment, list[str]]:
    """The ids of the switches in each broadcast domain of a VLAN that they were given."""
    found: dict[Segment, list[str]] = {}
    for device in network.devices.values():
        for vlan in device.vlans:
            found.setdefault(_segment(network, device, vlan), []).append(device.id)
    return found


@rule("vlan-continuity", "warning", "Users of a VLAN do not reach one another in it although cables join them.")
def vlan_continuity(network: NetworkView) -> Iterator[Problem]:
    """An error where one part has a gateway that another part would need."""
    for vlan, users in sorted(network.remember(users_of_vlans).items()):
        for parts in _islands(network, vlan, users):
            yield from _island_problems(network, vlan, parts)


def users_of_vlans(network: NetworkView) -> dict[int, list[str]]:
    """The ids of the switches that somebody uses a VLAN on, by VLAN: an access port, an SVI, a sub-interface behind."""
    found: dict[int, list[str]] = {}
    for switch, vlans in vlans_in_use(network.network).items():
        for vlan in vlans:
            found.setdefault(vlan, []).append(switch)
    return {vlan: sorted(switches) for vlan, switches in found.items()}


def _islands(network: NetworkView, vlan: int, users: list[str]) -> Iterator[dict[Segment, list[str]]]:
    """The parts of a VLAN in use, by their broadcast domains, wherever there are several in what cables join."""
    if len(segments_of(network, vlan, users)) == 1:
        return
    cabled = network.remember(reach).cabled
    areas: dict[str, list[str]] = {}
    for switch in users:
        areas.setdefault(cabled.part(switch), []).append(switch)
    for switches in areas.values():
        parts = segments_of(network, vlan, switches)
        if len(parts) > 1:
            yield parts


def _island_problems(network: NetworkView, vlan: int, parts: dict[Segment, list[str]]) -> Iterator[Problem]:
    """Told at each part but the one with the gateway, or else the largest one."""
    served = network.remember(gateways)
    main = max(parts, key=lambda segment: (segment in served, len(parts[segment]), segment))
    for segment, switches in parts.items():
        if segment == main:
            continue
        there, lost = names(network, parts[main]), main in served and segment not in served
        gateway = f", where its gateway {served[main][0].address.ip} is" if lost else ""
        yield Problem(
            network.devices[switches[0]].name,
            f"VLAN {vlan}",
            f"{names(network, switches)} cannot reach {there} in it{gateway}",
            "carry it on the trunks between them: cimnet vlan create does",
            "error" if lost and _has_hosts(network, switches, vlan) else None,
            tuple(network.devices[switch].name for switch in (*switches[1:], *parts[main])),
        )


def _has_hosts(network: NetworkView, switches: Collection[str], vlan: int) -> bool:
    """Whether hosts may be in the VLAN there: behind an enabled access port, or on a server with a network in it."""
    if any(each.vlan == vlan and each.uplink.switch in switches for each in network.remember(uplinks)):
        return True
    ports = (port for switch in switches for port in network.devices[switch].switch_ports.values() if port.enabled)
    return any(isinstance(port.switching, AccessMode) and port.switching.vlan == vlan for port in ports)


@rule("trunk-missing-vlans", "warning", "A trunk leaves out a VLAN that is used at both of its sides.")
def trunk_missing_vlans(network: NetworkView) -> Iterator[Problem]:
    """Only where no other way joins the two sides in that VLAN."""
    users = network.remember(users_of_vlans)
    used = {vlan: segments_of(network, vlan, switches).keys() for vlan, switches in users.items()}
    parted = {vlan: segments for vlan, segments in used.items() if len(segments) > 1}
    for link in network.remember(switch_links) if parted else ():
        ends = (link.ends.near, link.ends.far)
        left_out = [vlan for vlan in parted if vlan not in link.vlans] if link.trunk else []
        missing = [vlan for vlan in left_out if _joins(network, ends, vlan, parted[vlan])]
        if missing:
            yield _gap(*ends, missing)


def _joins(network: NetworkView, ends: Iterable[End], vlan: int, segments: Collection[Segment]) -> bool:
    if not all(vlan in existing_vlans(end.device) for end in ends):
        return False
    sides = {network.remember(reach).segment(end.device.id, vlan) for end in ends}
    return len(sides) > 1 and sides <= set(segments)


def _gap(near: End, far: End, missing: list[int]) -> Problem:
    vlans = vlans_text(missing)
    at, other = (near, far) if not set(missing) <= members(near.device, near.switched).vlans else (far, near)
    message = f"the trunk to {other} does not carry VLANs that both sides use: {vlans}"
    return Problem(at.device.name, at.port, message, f"allow {vlans} at both ends", others=(other.device.name,))


SWITCHING_RULES: tuple[AnyRule, ...] = (
    spanning_tree_root,
    spanning_tree_root_at_edge,
    vlan_continuity,
    trunk_missing_vlans,
)

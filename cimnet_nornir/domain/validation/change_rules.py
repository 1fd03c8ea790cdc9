"""Rules over a change of the network: what it does to layer 2, and to the hosts behind it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.layer2 import DEFAULT_VLAN
from cimnet_nornir.domain.spanning_tree import Cable, Port, Tree, spanning_tree
from cimnet_nornir.domain.validation.findings import Problem, vlans_text
from cimnet_nornir.domain.validation.ports import DEFAULT_BRIDGE_PRIORITY
from cimnet_nornir.domain.validation.rules import AnyRule, change_rule
from cimnet_nornir.domain.validation.segments import (
    Segment,
    gateways,
    names,
    reach,
    segments_of,
    switch_links,
)
from cimnet_nornir.domain.validation.uplinks import uplinks
from cimnet_nornir.domain.validation.view import End, NetworkView
from cimnet_nornir.domain.values import AccessMode


@dataclass(frozen=True, slots=True)
class Layer2:
    """What spanning tree looks at in one VLAN: its cables, and the priority of each switch that has it."""

    cables: frozenset[Cable]
    priorities: Mapping[str, int]


def layer2(network: NetworkView) -> dict[int, Layer2]:
    """By VLAN, the cables that carry it and the switches that have it."""
    cables: dict[int, set[Cable]] = {}
    for link in network.remember(switch_links):
        near, far = ((end.device.id, end.port) for end in (link.ends.near, link.ends.far))
        for vlan in link.vlans:
            cables.setdefault(vlan, set()).add(Cable(near, far))
    priorities: dict[int, dict[str, int]] = {}
    for device in network.devices.values():
        for vlan in (DEFAULT_VLAN, *device.vlans) if device.switches else ():
            own = device.spanning_tree.priorities.get(vlan, DEFAULT_BRIDGE_PRIORITY)
            priorities.setdefault(vlan, {})[device.id] = own
    return {vlan: Layer2(frozenset(cables.get(vlan, ())), switches) for vlan, switches in priorities.items()}


def changed_vlans(before: NetworkView, after: NetworkView) -> tuple[int, ...]:
    """The VLANs, there before and after, whose cables, switches or priorities a change touches, in order."""
    was, now = before.remember(layer2), after.remember(layer2)
    return tuple(vlan for vlan in sorted(was.keys() & now.keys()) if was[vlan] != now[vlan])


def trees(network: NetworkView, vlan: int) -> dict[Segment, Tree]:
    """The spanning trees of a VLAN, one for each of its parts of several switches; undetermined where mode mst runs."""
    grown = network.remember(_grown).by_vlan
    if vlan not in grown:
        grown[vlan] = _trees(network, vlan)
    return grown[vlan]


@dataclass(frozen=True, slots=True)
class _Grown:
    """The trees that somebody has asked for: by VLAN, and by what they were made of, which VLANs often share."""

    by_vlan: dict[int, dict[Segment, Tree]] = field(default_factory=dict)
    by_parts: dict[object, Tree] = field(default_factory=dict)


def _grown(_: NetworkView) -> _Grown:
    return _Grown()


def _trees(network: NetworkView, vlan: int) -> dict[Segment, Tree]:
    found = network.remember(layer2)[vlan]
    by_segment: dict[Segment, list[Cable]] = {}
    for cable in sorted(found.cables, key=lambda each: (each.a, each.b)):
        by_segment.setdefault(network.remember(reach).segment(cable.a[0], vlan), []).append(cable)
    return {
        segment: _tree(network, switches, found.priorities, by_segment.get(segment, ()))
        for segment, switches in segments_of(network, vlan, sorted(found.priorities)).items()
        if len(switches) > 1
    }


def _tree(network: NetworkView, switches: list[str], priorities: Mapping[str, int], cables: Collection[Cable]) -> Tree:
    if any(network.devices[switch].spanning_tree.mode == "mst" for switch in switches):
        return Tree(None)
    known = network.remember(_grown).by_parts
    parts = (tuple(cables), tuple((switch, priorities[switch]) for switch in switches))
    if parts not in known:
        known[parts] = spanning_tree(switches, priorities, cables)
    return known[parts]


@change_rule("spanning-tree-root-moves", "warning", "Another switch becomes the spanning-tree root of a VLAN.")
def spanning_tree_root_moves(before: NetworkView, after: NetworkView) -> Iterator[Problem]:
    """The tree is made anew from the root: traffic stops for a moment, and takes other ways."""
    moves: dict[tuple[str, str], list[int]] = {}
    for vlan in changed_vlans(before, after):
        for old, new in _new_roots(before, after, vlan):
            moves.setdefault((old, new), []).append(vlan)
    for (old, words), vlans in moves.items():
        name = after.devices[old].name
        message = f"the root of VLAN {vlans_text(vlans)} moves from {name} to {words}"
        yield Problem(
            name, "spanning tree", message, "a priority that is lower than that of all others, if it is to stay"
        )


def _new_roots(before: NetworkView, after: NetworkView, vlan: int) -> Iterator[tuple[str, str]]:
    """The roots of then that are switches still and root no more, each with a word for what is root in their part."""
    now = trees(after, vlan)
    for tree in trees(before, vlan).values():
        if tree.root is None or tree.root not in after.remember(layer2)[vlan].priorities:
            continue
        new = now.get(after.remember(reach).segment(tree.root, vlan))
        if new is not None and new.root is None and new.rivals:
            yield tree.root, f"one of {names(after, new.rivals)} (undetermined)"
        elif new is not None and new.root not in (None, tree.root):
            yield tree.root, names(after, (str(new.root),))


@change_rule("blocked-port-moves", "warning", "Spanning tree blocks other ports than before.")
def blocked_port_moves(before: NetworkView, after: NetworkView) -> Iterator[Problem]:
    """Told of ports that are cabled before and after, where spanning tree is determined before and after."""
    moves: dict[tuple[Port, bool], list[int]] = {}
    for vlan in changed_vlans(before, after):
        was, now = _states(trees(before, vlan)), _states(trees(after, vlan))
        kept = _cabled(before, vlan) & _cabled(after, vlan)
        for port in kept:
            if was is not None and now is not None and (port in was) != (port in now):
                moves.setdefault((port, port in now), []).append(vlan)
    for (port, blocks), vlans in sorted(moves.items()):
        name = after.devices[port[0]].name
        state = "blocks, and forwarded before" if blocks else "forwards, and blocked before"
        yield Problem(name, port[1], f"in VLAN {vlans_text(vlans)} the port {state}")


def _states(found: Mapping[Segment, Tree]) -> frozenset[Port] | None:
    """The ports that block in all parts of a VLAN; None where one of them is not determined."""
    if any(tree.root is None or tree.open for tree in found.values()):
        return None
    return frozenset(port for tree in found.values() for port in tree.blocking)


def _cabled(network: NetworkView, vlan: int) -> frozenset[Port]:
    return frozenset(port for cable in network.remember(layer2)[vlan].cables for port in (cable.a, cable.b))


@change_rule("vlan-parted", "warning", "A VLAN is parted: switches that keep it do not reach one another in it.")
def vlan_parted(before: NetworkView, after: NetworkView) -> Iterator[Problem]:
    for vlan in changed_vlans(before, after):
        kept = [
            switch
            for switch in before.remember(layer2)[vlan].priorities
            if switch in after.remember(layer2)[vlan].priorities
        ]
        for part in segments_of(before, vlan, kept).values():
            largest, *islands = sorted(segments_of(after, vlan, part).values(), key=len, reverse=True)
            for island in islands:
                message = f"{names(after, island)} reached {names(after, largest)} in it, and does not any more"
                yield Problem(
                    after.devices[island[0]].name,
                    f"VLAN {vlan}",
                    message,
                    "carry it on the trunks between them, or remove it where nobody needs it",
                    others=tuple(after.devices[switch].name for switch in (*island[1:], *largest)),
                )


@change_rule("gateway-lost", "error", "Hosts lose their gateway: no router is left in their VLAN.")
def gateway_lost(before: NetworkView, after: NetworkView) -> Iterator[Problem]:
    """Of VLANs with ports of hosts, there before and after, that had the address of a router."""
    had, have = before.remember(gateways), after.remember(gateways)
    for (switch, vlan), ports in sorted(host_ports(after).items()):
        if (switch, vlan) not in host_ports(before):
            continue
        old = had.get(before.remember(reach).segment(switch, vlan))
        if old and after.remember(reach).segment(switch, vlan) not in have:
            hosts = f"{len(ports)} port{'' if len(ports) == 1 else 's'} of hosts"
            message = f"{hosts} in it had the gateway {old[0].address.ip} ({old[0]}), and have none any more"
            right = "a router with an address in the VLAN, and trunks that carry it there"
            yield Problem(after.devices[switch].name, f"VLAN {vlan}", message, right)


def host_ports(network: NetworkView) -> dict[tuple[str, int], list[str]]:
    """The ports of hosts by switch (its id) and VLAN: enabled access ports, and those of servers with a network in it.

    Ports that a cable joins to a switch are left out.
    """
    return network.remember(_host_ports)


def _host_ports(network: NetworkView) -> dict[tuple[str, int], list[str]]:
    trunks = {end for link in network.remember(switch_links) for end in _both(link.ends.near, link.ends.far)}
    found: dict[tuple[str, int], list[str]] = {}
    for device in network.devices.values():
        for name, port in device.switch_ports.items():
            if port.enabled and isinstance(port.switching, AccessMode) and (device.id, name) not in trunks:
                found.setdefault((device.id, port.switching.vlan), []).append(name)
    for each in network.remember(uplinks):
        if each.uplink.switch in network.devices:
            found.setdefault((each.uplink.switch, each.vlan), []).append(each.uplink.port)
    return found


def _both(one: End, other: End) -> tuple[Port, Port]:
    return (one.device.id, one.port), (other.device.id, other.port)


CHANGE_RULES: tuple[AnyRule, ...] = (
    spanning_tree_root_moves,
    blocked_port_moves,
    vlan_parted,
    gateway_lost,
)

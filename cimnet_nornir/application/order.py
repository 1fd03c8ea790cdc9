"""In which order devices are pushed to: what is farther from the operator first, so that the path there stays."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from cimnet_nornir.application.host_plan import only_takes_away
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import DeviceNotFound
from cimnet_nornir.projections.inventory import HostView


@dataclass(frozen=True, slots=True)
class Topology:
    """Who is linked to whom, each device and server by one key (its id or host name).

    `servers` pass nothing on, `gateways` are the routers and layer-3 switches that hold a static default route.
    """

    neighbours: Mapping[str, Collection[str]]
    servers: Collection[str] = frozenset()
    routers: Collection[str] = frozenset()
    gateways: Collection[str] = frozenset()


def pushing_order(network: Network, devices: Iterable[str], operator: str | None = None) -> tuple[tuple[str, ...], ...]:
    """The devices (ids) in groups to be pushed to one after the other, farthest from the operator first.

    Inside a group they stand by host name, and none is on the way to another. Devices to which no declared links lead
    are the first group: nothing is known of the path to them, and nothing else is pushed to before they are. Servers
    are not pushed to and left out. `operator` is the host name or id of the device where the operator's station enters
    the network, guessed where it is not told. Raises DeviceNotFound for a device or operator that is not there.

    The order is the same whether a change adds or removes: at each turn all devices on a shortest way from the operator
    are as they were before. Nearest first would cut the way to what is behind, above all on removal: a VLAN that
    carries the management of the switches behind is to go from them first. Adding from the far end is as safe: a new
    VLAN carries nothing until the last switch on its way has it. Inside one device the remediation orders the lines:
    VLANs before the trunks and ports that use them on add, the reverse on removal. What no order mends is a change that
    moves a device's own management into a VLAN that the switches before it do not carry yet: that takes two plans,
    first the VLAN, then the move.
    """
    found = {}
    topology = topology_of(network)
    away = distances(topology, _named(network, operator))
    for identity in devices:
        if identity not in network.devices:
            raise DeviceNotFound(f"there is no device {identity!r} in the network", subject=identity)
        if identity not in topology.servers:
            found[identity] = away.get(identity)
    names = {identity: network.devices[identity].name for identity in found}
    return farthest_first(found, names=names)


def farthest_first(
    away: Mapping[str, int | None], *, names: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Keys in groups of one distance, the farthest first, but those without one before them; each by name or key."""
    groups: dict[int | None, list[str]] = {}
    for key, distance in away.items():
        groups.setdefault(distance, []).append(key)
    known = sorted((distance for distance in groups if distance is not None), reverse=True)
    order: list[int | None] = [None, *known] if None in groups else [*known]
    return tuple(tuple(sorted(groups[distance], key=lambda key: names[key] if names else key)) for distance in order)


def distances(topology: Topology, operator: str | None = None) -> Mapping[str, int]:
    """How many links each device is away from the operator; those that no links lead to are left out.

    `operator` is a key of the topology, guessed where it is None.
    """
    starts = (operator,) if operator is not None else entries(topology)
    found = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        device = waiting.popleft()
        # A server that hangs on two switches is no way from one to the other, unless the operator sits there.
        if device in topology.servers and found[device]:
            continue
        for neighbour in topology.neighbours.get(device, ()):
            if neighbour not in found:
                found[neighbour] = found[device] + 1
                waiting.append(neighbour)
    return found


def entries(topology: Topology) -> tuple[str, ...]:
    """Where the operator's station enters the network, guessed; the setting `operator` says it for sure.

    Most come from outside: by the routers that hold a default route, or else by any router, or else by the layer-3
    switches that hold one. In a network of switches alone it is the one with most links, the first by its key where
    several have as many: that is the middle of it. A server with a default route has it towards the network.
    """
    routers, gateways = set(topology.routers), set(topology.gateways) - set(topology.servers)
    likely = (routers & gateways) or routers or gateways
    if likely:
        return tuple(sorted(likely))
    devices = sorted(key for key in topology.neighbours if key not in topology.servers)
    return (max(devices, key=lambda key: len(topology.neighbours[key])),) if devices else ()


def topology_of(network: Network) -> Topology:
    """The topology of a network by device ids."""
    devices = network.devices.values()
    neighbours: dict[str, set[str]] = {device.id: set() for device in devices}
    for link in network.links:
        (one, _), (other, _) = link.a, link.b
        if one in neighbours and other in neighbours:
            neighbours[one].add(other)
            neighbours[other].add(one)
    return Topology(
        neighbours,
        servers={device.id for device in devices if device.is_host},
        routers={device.id for device in devices if device.kind is DeviceKind.ROUTER},
        gateways={device.id for device in devices if device.has_default_route},
    )


@dataclass(frozen=True, slots=True)
class HostTurns:
    """The hosts of a plan, by name, that go before its switches and after them, and who waits for whom.

    `needs` gives by the name of a device those whose failure keeps it from being pushed to.
    """

    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def turn(self, name: str) -> int:
        """When a device's turn is: before all others (-1), after them (1), or between."""
        return -1 if name in self.first else 1 if name in self.last else 0


def hosts_first(plan: Plan) -> tuple[str, ...]:
    """The hosts, by name, that a plan only takes something away from: they go before the switches."""
    hosts = (device for device in plan.changes if device.kind == "host")
    return tuple(sorted(device.name for device in hosts if only_takes_away(device.commands)))


def hosts_last(plan: Plan) -> tuple[str, ...]:
    """The other hosts of a plan's changes: they go after the switches."""
    first = hosts_first(plan)
    return tuple(sorted(each.name for each in plan.changes if each.kind == "host" and each.name not in first))


def host_turns(plan: Plan, network: Network) -> HostTurns:
    """When the hosts of a plan have their turn: switch first on add, host first on removal.

    What a host brings has a VLAN to stand on by then, and what it takes away has one until it is gone. A host that
    brings something waits for the switches that it is linked to, and a switch for the hosts linked to it that take
    something away: where these fail, or could not be read, it is left as it is.
    """
    hosts = {device.device: device.name for device in plan.changes if device.kind == "host"}
    first = hosts_first(plan)
    needs: dict[str, set[str]] = {}
    for host, name in hosts.items():
        for link in network.links_of(host):
            switch = link.b[0] if link.a[0] == host else link.a[0]
            other = network.devices.get(switch)
            if other is not None and not other.is_host:
                waiting, awaited = (other.name, name) if name in first else (name, other.name)
                needs.setdefault(waiting, set()).add(awaited)
    return HostTurns(first, hosts_last(plan), {name: frozenset(awaited) for name, awaited in needs.items()})


def host_distances(hosts: Iterable[HostView], operator: str | None = None) -> Mapping[str, int | None]:
    """The distance of each host of an inventory by its name, None where no declared links lead to it.

    `operator` is a host name, in either case, or a device id. Raises DeviceNotFound.
    """
    views = tuple(hosts)
    start = _named_host(views, operator) if operator is not None and views else None
    away = distances(_topology_of_hosts(views), start)
    return {view.name: away.get(view.name) for view in views}


def _named_host(hosts: Collection[HostView], operator: str) -> str:
    named = (view.name for view in hosts if view.name.lower() == operator.lower())
    identified = (view.name for view in hosts if view.device == operator)
    return next(named, None) or next(identified, None) or _no_operator(operator)


def _topology_of_hosts(hosts: Collection[HostView]) -> Topology:
    return Topology(
        {view.name: _neighbours(view) for view in hosts},
        servers={view.name for view in hosts if view.is_server},
        routers={view.name for view in hosts if view.facts["kind"] == DeviceKind.ROUTER},
        gateways={view.name for view in hosts if view.facts["default_route"]},
    )


def _neighbours(view: HostView) -> set[str]:
    """The host names at the other ends of its links, which the facts tell as "HOST PORT"."""
    ends = view.facts["neighbours"]
    return {end.partition(" ")[0] for end in ends.values()} if isinstance(ends, dict) else set()


def _named(network: Network, operator: str | None) -> str | None:
    if operator is None:
        return None
    device = network.device_named(operator)
    return device.id if device is not None else _no_operator(operator)


def _no_operator(name: str) -> NoReturn:
    raise DeviceNotFound(
        f"operator: there is no device {name!r} in the network; it is the host name of the device by which the"
        " operator's station enters the network",
        subject="operator",
    )

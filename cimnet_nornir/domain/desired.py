"""A network as somebody wants it, and the commands that take the present intent there: only what differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.desired_bundles import bundle_changes, bundle_removals, joining_ports
from cimnet_nornir.domain.desired_features import feature_changes, feature_removals
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.hosting.derived import left_ends, moved_networks, ports_again, removed_ends, with_derived
from cimnet_nornir.domain.hosting.wishes import (
    DesiredContainerNetwork,
    DesiredVmNetwork,
    first_commands,
    last_commands,
)
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    Bond,
    DeviceKind,
    Endpoint,
    InterfaceConfiguration,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    SpanningTree,
    StaticRoute,
    port_name,
)
from cimnet_nornir.errors import AlreadyExists, RuleViolated


@dataclass(frozen=True, slots=True)
class DesiredDevice:
    """A device as it should be. Keys of the mappings are canonical; `id` is its identity, `name` its host name.

    None for `routing` or `spanning_tree` means that nothing is said about it.
    """

    id: str
    name: str
    kind: DeviceKind
    details: DeviceDetails
    ports: tuple[str, ...] = ()
    routing: bool | None = None
    vlans: Mapping[int, str | None] = field(default_factory=dict)
    switch_ports: Mapping[str, PortConfiguration] = field(default_factory=dict)
    spanning_tree: SpanningTree | None = None
    interfaces: Mapping[str, InterfaceConfiguration] = field(default_factory=dict)
    ospf: Mapping[int, OspfProcess] = field(default_factory=dict)
    routes: tuple[StaticRoute, ...] = ()
    bgp: BgpRouter | None = None
    eigrp: Mapping[int, EigrpProcess] = field(default_factory=dict)
    access_lists: Mapping[str, AccessList] = field(default_factory=dict)
    port_channels: Mapping[int, PortChannel] = field(default_factory=dict)
    bonds: Mapping[str, Bond] = field(default_factory=dict)
    features: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DesiredNetwork:
    """A network as it should be; what it leaves out stays as it is unless the caller prunes."""

    name: str
    devices: tuple[DesiredDevice, ...] = ()
    links: frozenset[Link] = frozenset()
    container_networks: tuple[DesiredContainerNetwork, ...] = ()
    vm_networks: tuple[DesiredVmNetwork, ...] = ()


def commands_between(network: Network, desired: DesiredNetwork, *, prune: bool = False) -> tuple[c.Command, ...]:
    """The commands that take the network to what is desired, in an order in which each is allowed.

    What is named is taken as named: a port, an interface or the routes of a prefix as a whole. What is not named
    stays, unless it is in the way (an old cable in a port that gets a new one) or `prune` removes it. A device keeps
    its kind: one of another kind under the same id is another device, and replaces the old one only under `prune`.

    Raises AlreadyExists where two desired devices have one id, RuleViolated where a device would change its kind.
    """
    _refuse_double_ids(desired)
    desired = with_derived(network, _with_named_ports(network, desired), prune=prune)
    replaced = _replaced(network, desired, prune=prune)
    return tuple(_commands(network, desired, replaced, prune=prune))


def _refuse_double_ids(desired: DesiredNetwork) -> None:
    seen: set[str] = set()
    for device in desired.devices:
        if device.id in seen:
            raise AlreadyExists(f"two devices have the id {device.id!r}", subject=device.id)
        seen.add(device.id)


def _with_named_ports(network: Network, desired: DesiredNetwork) -> DesiredNetwork:
    """Ports of links by the names that devices have them under; what a definition leaves out it does not know."""
    known = {device.id for device in desired.devices}

    def named(end: tuple[str, str]) -> Endpoint:
        device = network.devices.get(end[0]) if end[0] not in known else None
        return Endpoint(device=end[0], port=port_name(device.kind, end[1]) if device is not None else end[1])

    return replace(desired, links=frozenset(Link.between(named(link.a), named(link.b)) for link in desired.links))


def _replaced(network: Network, desired: DesiredNetwork, *, prune: bool) -> frozenset[str]:
    """Ids whose device gives way to one of another kind."""
    found = set()
    for wanted in desired.devices:
        device = network.devices.get(wanted.id)
        if device is None or device.kind is wanted.kind:
            continue
        if not prune:
            raise RuleViolated(
                f"the device {wanted.id!r} is a {device.kind.value} and cannot become a {wanted.kind.value}; "
                "give the new device an id of its own",
                subject=wanted.id,
            )
        found.add(wanted.id)
    return frozenset(found)


def _commands(
    network: Network, desired: DesiredNetwork, replaced: frozenset[str], *, prune: bool
) -> Iterator[c.Command]:
    if not network.created:
        yield c.CreateNetwork(name=desired.name)
    wishes = (desired.container_networks, desired.vm_networks)
    first = tuple(first_commands(network, wishes, prune=prune))
    yield from first
    named = {device.id for device in desired.devices}
    gone = replaced | ({device for device in network.devices if device not in named} if prune else frozenset())
    yield from _unlink(network, desired, prune=prune)
    yield from (c.RemoveDevice(device=device) for device in network.devices if device in gone)
    pairs = [(None if wanted.id in gone else network.devices.get(wanted.id), wanted) for wanted in desired.devices]
    for device, wanted in pairs:
        yield from _identity(device, wanted)
    for device, wanted in pairs:
        yield from _removals(device, wanted, prune=prune) if device else ()
        yield from _additions(device, wanted)
        yield from _late_removals(device, wanted) if device and prune else ()
        yield from _stop_routing(device, wanted, prune=prune) if device else ()
    lost = _lost_ports(pairs) if prune else frozenset()
    for link in sorted(desired.links):
        kept = not any(end[0] in gone or end in lost for end in (link.a, link.b))
        if link not in network.links or not kept:
            yield c.ConnectLink(a=_end(link.a), b=_end(link.b))
    yield from ports_again(desired, removed_ends(network, first))
    yield from last_commands(network, wishes, moved_networks(network, desired, prune=prune))
    yield from ports_again(desired, left_ends(network, desired, prune=prune))


def _end(end: tuple[str, str]) -> Endpoint:
    return Endpoint(device=end[0], port=end[1])


def _unlink(network: Network, desired: DesiredNetwork, *, prune: bool) -> Iterator[c.Command]:
    """A port holds one cable: an old link goes where a new one needs its port."""
    taken = {end for link in desired.links for end in (link.a, link.b)}
    for link in sorted(network.links - desired.links):
        if prune or link.a in taken or link.b in taken:
            yield c.DisconnectLink(a=_end(link.a), b=_end(link.b))


def _lost_ports(pairs: Iterable[tuple[Device | None, DesiredDevice]]) -> frozenset[tuple[str, str]]:
    """Ends that pruning takes away, and their links with them."""
    return frozenset(
        (wanted.id, port) for device, wanted in pairs if device for port in device.ports if port not in wanted.ports
    )


def _identity(device: Device | None, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    if device is None:
        common = {"device": wanted.id, "name": wanted.name, "details": wanted.details, "ports": wanted.ports}
        match wanted.kind:
            case DeviceKind.ROUTER:
                yield c.AddRouter.model_validate(common)
            case DeviceKind.SWITCH:
                yield c.AddSwitch.model_validate({**common, "routing": bool(wanted.routing)})
            case DeviceKind.HOST:
                yield c.AddHost.model_validate(common)
            case _:
                assert_never(wanted.kind)
        return
    if device.name != wanted.name:
        yield c.RenameDevice(device=wanted.id, name=wanted.name)
    if device.details != wanted.details:
        yield c.ChangeDeviceDetails(device=wanted.id, details=wanted.details)
    if new := tuple(port for port in wanted.ports if port not in device.ports):
        yield c.AddPorts(device=wanted.id, ports=new)


def _removals(device: Device, wanted: DesiredDevice, *, prune: bool) -> Iterator[c.DeviceCommand]:
    """What uses a thing goes before the thing, so that no step is refused."""
    name = device.id
    prefixes = {route.prefix for route in wanted.routes}
    for route in device.routes:
        if route not in wanted.routes and (prune or route.prefix in prefixes):
            yield c.RemoveStaticRoute(device=name, route=route)
    joining = joining_ports(device, wanted)
    for port in device.switch_ports:
        if port not in wanted.switch_ports and (prune or port in wanted.interfaces or port in joining):
            yield c.ResetPort(device=name, port=port)
    for interface in sorted(device.interfaces, key=_children_first):
        parent = interface.partition(".")[0]
        in_the_way = bool({interface, parent} & (wanted.switch_ports.keys() | joining))
        if interface not in wanted.interfaces and (prune or in_the_way):
            kind = c.RemoveHostInterface if device.is_host else c.RemoveRouterInterface
            yield kind(device=name, interface=interface)
    if prune and (gone := tuple(port for port in device.ports if port not in wanted.ports)):
        yield c.RemovePorts(device=name, ports=gone)


def _children_first(interface: str) -> bool:
    return "." not in interface


def _children_last(item: tuple[str, InterfaceConfiguration]) -> bool:
    return "." in item[0]


def _additions(device: Device | None, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    name = wanted.id
    # A switch is added as what it is to be.
    begins = device is None and wanted.kind is DeviceKind.HOST
    if wanted.routing and (begins or (device is not None and not device.routing)):
        yield c.EnableRouting(device=name)
    yield from _vlan_additions(device.vlans if device else {}, wanted)
    tree = wanted.spanning_tree
    if tree is not None and tree != (device.spanning_tree if device else SpanningTree()):
        yield c.ConfigureSpanningTree(device=name, mode=tree.mode, priorities=dict(tree.priorities))
    processes = device.ospf if device else {}
    for number, process in wanted.ospf.items():
        if processes.get(number) != process:
            yield c.ConfigureOspf(device=name, process=process)
    yield from _list_changes(device, wanted)
    yield from bundle_changes(device, wanted)
    yield from _interface_changes(device, wanted)
    for route in wanted.routes:
        if device is None or route not in device.routes:
            yield c.AddStaticRoute(device=name, route=route)
    yield from _protocol_changes(device, wanted)
    yield from feature_changes(device, wanted)


def _list_changes(device: Device | None, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    present = device.access_lists if device else {}
    changed = (acl for acl in wanted.access_lists.values() if present.get(acl.name) != acl)
    return (c.ConfigureAccessList(device=wanted.id, access_list=acl) for acl in changed)


def _protocol_changes(device: Device | None, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    """BGP and EIGRP name interfaces, so they come when those are there."""
    present = device.bgp if device else None
    if wanted.bgp is not None and wanted.bgp != present:
        yield c.ConfigureBgp(device=wanted.id, router=wanted.bgp)
    processes = device.eigrp if device else {}
    for number, process in wanted.eigrp.items():
        if processes.get(number) != process:
            yield c.ConfigureEigrp(device=wanted.id, process=process)


def _vlan_additions(present: Mapping[int, str | None], wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    for vlan, label in sorted(wanted.vlans.items()):
        if vlan not in present:
            yield c.CreateVlan(device=wanted.id, vlan=vlan, name=label)
        elif present[vlan] != label:
            yield c.RenameVlan(device=wanted.id, vlan=vlan, name=label)


def _interface_changes(device: Device | None, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    interfaces = device.interfaces if device else {}
    ports = device.switch_ports if device else {}
    for interface, routed in sorted(wanted.interfaces.items(), key=_children_last):
        if interfaces.get(interface) != routed:
            kind = c.ConfigureHostInterface if wanted.kind is DeviceKind.HOST else c.ConfigureRouterInterface
            fields = {"device": wanted.id, "interface": interface, "configuration": routed}
            yield kind.model_validate(fields)
    for port, switched in wanted.switch_ports.items():
        if ports.get(port) != switched:
            yield c.ConfigurePort(device=wanted.id, port=port, configuration=switched)


def _late_removals(device: Device, wanted: DesiredDevice) -> Iterator[c.DeviceCommand]:
    """VLANs and processes go when nothing uses them any more."""
    name = device.id
    yield from feature_removals(device, wanted)
    if device.switches and wanted.spanning_tree is None and device.spanning_tree != SpanningTree():
        yield c.ConfigureSpanningTree(device=name, mode=SpanningTree().mode)
    yield from bundle_removals(device, wanted)
    yield from (c.RemoveVlan(device=name, vlan=vlan) for vlan in sorted(device.vlans) if vlan not in wanted.vlans)
    yield from (c.RemoveOspf(device=name, process=number) for number in device.ospf if number not in wanted.ospf)
    if device.bgp is not None and wanted.bgp is None:
        yield c.RemoveBgp(device=name)
    yield from (c.RemoveEigrp(device=name, as_number=number) for number in device.eigrp if number not in wanted.eigrp)
    lists = (acl for acl in device.access_lists if acl not in wanted.access_lists)
    yield from (c.RemoveAccessList(device=name, name=acl) for acl in lists)


def _stop_routing(device: Device, wanted: DesiredDevice, *, prune: bool) -> Iterator[c.DeviceCommand]:
    unsaid = prune and wanted.routing is None and not _needs_routing(wanted)
    if device.kind is not DeviceKind.ROUTER and device.routing and (wanted.routing is False or unsaid):
        yield c.DisableRouting(device=device.id)


def _needs_routing(wanted: DesiredDevice) -> bool:
    """Whether it has what only what routes can have; an SVI a plain switch has too, a host routes of its own."""
    protocols = wanted.ospf or wanted.bgp or wanted.eigrp
    if wanted.kind is DeviceKind.HOST:
        return bool(protocols)
    return bool(protocols or wanted.routes or any(interface_type(name) != "Vlan" for name in wanted.interfaces))

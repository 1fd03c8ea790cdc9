"""VLANs over switches: what makes one continuous between them, what uses one, and what takes one back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.bundles import bundle_of
from cimnet_nornir.domain.interfaces import canonical_interface, interface_sort_key
from cimnet_nornir.domain.layer2 import PERMANENT_VLANS, Layer2, has_vlan
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.requirements import require_switch
from cimnet_nornir.domain.sentences import some_of
from cimnet_nornir.domain.trunks import edge_port_with, made_trunk, port_without, trunk_end_with
from cimnet_nornir.domain.values import PortConfiguration, TrunkMode
from cimnet_nornir.domain.vlan_uses import switches_in_use, vlan_uses
from cimnet_nornir.errors import DeviceNotFound, NoLayer2Path, VlanAlreadyExists, VlanInUse, VlanNotFound

End = tuple[str, str]
"""A device id and one of its ports."""


# --- creating it ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Extension:
    """The switches that a VLAN joins so far, and the links that are to carry it."""

    layer2: Layer2
    vlan: int
    joined: set[str] = field(default_factory=set)
    links: dict[Link, None] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    """Those asked for and those on the way: they are to have the VLAN, and their trunks to one another carry it."""

    def join(self, switch: str) -> bool:
        """Join a switch to the others; whether there is a way."""
        part = self.layer2.segment(switch, self.vlan)
        path = self.layer2.path(part, self.joined, self.vlan) if self.joined else ()
        if path is None:
            return False
        self.joined |= part
        for link in path:
            self.links[link] = None
            for end in (link.a, link.b):
                self.members.add(end[0])
                self.joined |= self.layer2.segment(end[0], self.vlan)
        return True

    def redundant(self) -> Iterator[Link]:
        """Other trunks between the members and what they joined: spanning tree keeps them for when a link fails."""
        for switch in self.layer2.by_name(self.members):
            for link in self.layer2.links[switch]:
                inside = link.a[0] in self.joined and link.b[0] in self.joined
                if inside and self.layer2.is_trunk(link) and self.layer2.can_carry(link, self.vlan):
                    yield link


def commands_to_create(network: Network, command: c.CreateVlanOnSwitches) -> tuple[c.DeviceCommand, ...]:
    """The commands that create a VLAN on switches and make it one layer-2 segment; none where it is that already.

    The switches asked for are joined with one another, and with those where the VLAN is in use already, as far as
    cables join them: by way of the fewest links, and on each switch on the way the VLAN is created too, for a switch
    forwards only VLANs that it has. Trunks whose allowed list lacks the VLAN get it, at both ends; those between the
    same switches as well, which spanning tree keeps in reserve. A link that nobody configured becomes a trunk with the
    native VLAN and the list of its other end, or with VLAN 1 as native one and beside the VLAN.

    Raises DeviceNotFound, RuleViolated where one is no switch or a port cannot be such a trunk, NoLayer2Path where no
    cables join two of them, VlanAlreadyExists where one of them has the VLAN under another name.
    """
    switches = dict.fromkeys((*command.switches, *(end.device for end in command.ports)))
    for switch in switches:
        _require_known_switch(network, switch)
    layer2 = Layer2.of(network)
    extension = _Extension(layer2, command.vlan, members=set(switches))
    _join_all(extension, layer2.by_name(switches))
    for switch in switches_in_use(network, command.vlan):
        # One that no cable joins is an island by the way the network is built: that is no matter of VLANs.
        extension.join(switch)
    links = dict.fromkeys((*extension.links, *extension.redundant()))
    ports = {**_extended_ports(layer2, links, command.vlan), **_edge_ports(layer2, command)}
    vlans = {(switch, command.vlan) for switch in extension.members} | _native_vlans(ports)
    return (
        *_creations(network, layer2, vlans, command),
        *(c.ConfigurePort(device=end[0], port=end[1], configuration=ports[end]) for end in _in_order(layer2, ports)),
    )


def _require_known_switch(network: Network, switch: str) -> None:
    device = network.devices.get(switch)
    if device is None:
        raise DeviceNotFound(f"there is no device {switch!r} in network {network.name!r}", subject=switch)
    require_switch(device)


def _join_all(extension: _Extension, switches: tuple[str, ...]) -> None:
    for switch in switches:
        if not extension.join(switch):
            names = (extension.layer2.name(switches[0]), extension.layer2.name(switch))
            raise NoLayer2Path(
                f"no links that can carry VLAN {extension.vlan} lead from {names[0]} to {names[1]};"
                " connect them by switch ports, or create the VLAN in each part by itself",
                subject=names[1],
            )


def _native_vlans(ports: dict[End, PortConfiguration]) -> set[tuple[str, int]]:
    """A new trunk needs the native VLAN of its other end."""
    modes = ((end[0], port.switching) for end, port in ports.items())
    natives = {(switch, mode.native_vlan) for switch, mode in modes if isinstance(mode, TrunkMode)}
    return {(switch, vlan) for switch, vlan in natives if vlan not in PERMANENT_VLANS}


def _in_order(layer2: Layer2, ends: Iterable[End]) -> list[End]:
    return sorted(ends, key=lambda end: (layer2.name(end[0]), end[0], interface_sort_key(end[1])))


def _creations(
    network: Network, layer2: Layer2, wanted: set[tuple[str, int]], command: c.CreateVlanOnSwitches
) -> Iterator[c.CreateVlan]:
    names = {vlan: vlan_name(network, vlan) for vlan in {vlan for _, vlan in wanted}}
    for switch, vlan in sorted(wanted, key=lambda pair: (layer2.name(pair[0]), pair)):
        asked = command.name if vlan == command.vlan else None
        if not has_vlan(network.devices[switch], vlan):
            yield c.CreateVlan(device=switch, vlan=vlan, name=asked or names[vlan])
        elif asked and switch in command.switches and network.devices[switch].vlans[vlan] != asked:
            named = network.devices[switch].vlans[vlan] or "nothing"
            raise VlanAlreadyExists(
                f"{layer2.name(switch)} has VLAN {vlan} already, named {named}; leave the name out, or take that",
                subject=str(vlan),
            )


def vlan_name(network: Network, vlan: int) -> str | None:
    """What a VLAN is called on the first switch, by name, that has a name for it."""
    switches = sorted(network.devices.values(), key=lambda device: (device.name, device.id))
    return next((name for switch in switches if (name := switch.vlans.get(vlan))), None)


def _edge_ports(layer2: Layer2, command: c.CreateVlanOnSwitches) -> dict[End, PortConfiguration]:
    """The ports towards servers that have to change."""
    changed: dict[End, PortConfiguration] = {}
    for endpoint in command.ports:
        named = canonical_interface(endpoint.port)
        port = bundle_of(layer2.network.devices[endpoint.device], named) or named
        own = layer2.end((endpoint.device, port))
        where = f"{layer2.name(endpoint.device)} {port}"
        new = edge_port_with(own, command.vlan, where=where)
        if new != own:
            changed[endpoint.device, port] = new
    return changed


def _extended_ports(layer2: Layer2, links: Iterable[Link], vlan: int) -> dict[End, PortConfiguration]:
    """The ports that have to change for the links to carry a VLAN, each with its new configuration."""
    changed: dict[End, PortConfiguration] = {}
    for link in links:
        for near, far in ((link.a, link.b), (link.b, link.a)):
            own = layer2.end(near)
            new = trunk_end_with(own, layer2.end(far), vlan)
            if new != own:
                changed[near] = new
    return changed


# --- taking it back ---------------------------------------------------------------------------------------------------


def commands_to_remove(network: Network, command: c.RemoveVlanFromSwitches) -> tuple[c.DeviceCommand, ...]:
    """The commands that take a VLAN from switches and out of the trunks there, at both ends of their links.

    A trunk that allows nothing but it and VLAN 1, with VLAN 1 as native VLAN and nothing else said at either end, is
    what creation makes of a link that nobody configured: its ports are reset.

    Raises VlanNotFound where a switch does not have it, VlanInUse with all that uses it there; among that are other
    switches which reach one another in it only by way of these.
    """
    for switch in command.switches or ():
        _require_known_switch(network, switch)
    layer2 = Layer2.of(network)
    having = [switch for switch in layer2.links if command.vlan in network.devices[switch].vlans]
    chosen = layer2.by_name(having if command.switches is None else command.switches)
    _require_there(network, chosen, command.vlan)
    _refuse_used(layer2, frozenset(chosen), command.vlan)
    ports = _shrunk_ports(layer2, chosen, command.vlan)
    return (
        *(_port_command(end, ports[end]) for end in _in_order(layer2, ports)),
        *(c.RemoveVlan(device=switch, vlan=command.vlan) for switch in chosen),
    )


def _require_there(network: Network, switches: tuple[str, ...], vlan: int) -> None:
    if not switches:
        raise VlanNotFound(f"no switch of {network.name} has VLAN {vlan}", subject=str(vlan))
    for switch in switches:
        if vlan not in network.devices[switch].vlans:
            raise VlanNotFound(f"{network.devices[switch].name} has no VLAN {vlan}", subject=str(vlan))


def _refuse_used(layer2: Layer2, switches: frozenset[str], vlan: int) -> None:
    users = (*vlan_uses(layer2.network, vlan, switches), *_parted(layer2, switches, vlan))
    if users:
        raise VlanInUse(f"VLAN {vlan} is used: {some_of(users)}; change that first", subject=str(vlan), users=users)


def _parted(layer2: Layer2, gone: frozenset[str], vlan: int) -> Iterator[str]:
    """Switches that would not reach one another in a VLAN any more."""
    for part in layer2.segments(vlan):
        rest = part - gone
        if not part & gone or not rest:
            continue
        first, *others = layer2.by_name(rest)
        reached = layer2.segment(first, vlan, avoiding=gone)
        yield from (f"the way from {layer2.name(first)} to {layer2.name(o)}" for o in others if o not in reached)


def _shrunk_ports(layer2: Layer2, switches: Iterable[str], vlan: int) -> dict[End, PortConfiguration | None]:
    """The trunks that lose a VLAN, each with its new configuration; None where nothing is left of it."""
    changed: dict[End, PortConfiguration | None] = {}
    for switch in switches:
        for port, configuration in layer2.network.devices[switch].switch_ports.items():
            changed[switch, port] = port_without(configuration, vlan)
        for link in layer2.links[switch]:
            ends = {end: layer2.end(end) for end in (link.a, link.b)}
            made = all(port == made_trunk(vlan) for port in ends.values())
            changed |= {end: None if made else port_without(port, vlan) for end, port in ends.items()}
    return {end: new for end, new in changed.items() if new != layer2.end(end)}


def _port_command(end: End, configuration: PortConfiguration | None) -> c.DeviceCommand:
    if configuration is None:
        return c.ResetPort(device=end[0], port=end[1])
    return c.ConfigurePort(device=end[0], port=end[1], configuration=configuration)


def vlan_commands(network: Network, command: c.VlanCommand) -> tuple[c.DeviceCommand, ...]:
    """What a command about a VLAN over switches comes to on each of them."""
    if isinstance(command, c.CreateVlanOnSwitches):
        return commands_to_create(network, command)
    return commands_to_remove(network, command)


def stood_on(network: Network, command: c.VlanCommand) -> frozenset[str]:
    """The ids of the devices that a command, once carried out, stands on: another change of one may make it wrong.

    A VLAN that was created stands on every switch that it reaches from those it was asked for on, one that was removed
    on the routers, which may tag it.
    """
    layer2 = Layer2.of(network)
    if isinstance(command, c.RemoveVlanFromSwitches):
        ends = {end[0] for link in network.links for end in (link.a, link.b)}
        linked = (network.devices[name] for name in ends if name in network.devices)
        return frozenset(device.id for device in linked if device.routes_packets and not device.switches)
    found: set[str] = set()
    for switch in (*command.switches, *(end.device for end in command.ports)):
        if switch not in found:
            found |= layer2.segment(switch, command.vlan)
    return frozenset(found)

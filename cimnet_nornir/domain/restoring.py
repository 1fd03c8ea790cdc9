"""From an intent to the wish for it, and the commands that take one intent, or parts of it, to another."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.bundles import channel_number, logical_link
from cimnet_nornir.domain.contents import Place, Presence, contents, differences, fork, with_places
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.hosting.wishes import desired_container_network, desired_vm_network
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import DomainError, InvalidValue

# So many later changes are tried one by one for a refusal whose cause lies in one of them.
_MOST_TRIALS = 400


def desired_of(network: Network) -> DesiredNetwork:
    """The wish for a network as it is: nothing is left unsaid."""
    return DesiredNetwork(
        name=network.name,
        devices=tuple(desired_device(device) for device in network.devices.values()),
        links=frozenset(network.links),
        container_networks=tuple(desired_container_network(hosted) for hosted in network.container_networks.values()),
        vm_networks=tuple(desired_vm_network(hosted) for hosted in network.vm_networks.values()),
    )


def desired_device(device: Device) -> DesiredDevice:
    """The wish for a device as it is. Both name the same thing by the same name, so that none is forgotten here."""
    return DesiredDevice(**{item.name: getattr(device, item.name) for item in fields(DesiredDevice)})


def commands_to(present: Network, goal: Network) -> tuple[c.Command, ...]:
    """The commands that make the present network what another is, and take away what that does not have."""
    return commands_between(present, desired_of(goal), prune=True)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a change cannot be taken back: the places that stand in the way, or the domain's own words."""

    places: tuple[Place, ...]
    refusal: str = ""


def compensation(
    present: Network, before: Network, after: Network, places: Collection[Place]
) -> tuple[c.Command, ...] | Blocked:
    """The commands that make `places` what they were `before` a change that made them what they are in `after`.

    Blocked where one of them was changed again since, where something was built on one, or where a rule refuses.
    Nothing has to be done where all of them are as before.
    """
    was, made, is_now = contents(before), contents(after), contents(present)
    changed = tuple(place for place in places if _at(is_now, place) not in (_at(was, place), _at(made, place)))
    todo = [place for place in places if _at(is_now, place) != _at(was, place)]
    built = tuple(place for place in is_now if place not in todo and _below_gone(place, todo, was))
    if changed := changed or _lost(todo, was, is_now):
        return Blocked((*changed, *built))
    goal = with_places(present, before, todo)
    if built := (*built, *_loose(goal)):
        return Blocked(built)
    lost = _attempt(present, goal)
    if isinstance(lost, tuple):
        return Blocked(lost)
    if lost is not None:
        return Blocked(_in_the_way(present, before, after, todo), lost.message)
    return commands_to(present, goal)


def _loose(network: Network) -> tuple[Place, ...]:
    """The links of a network that end in no port of it."""
    ports = {(device.id, port) for device in network.devices.values() for port in device.ports}
    return tuple(("links", link) for link in sorted(network.links) if not {link.a, link.b} <= ports)


def _at(table: dict[Place, object], place: Place) -> object:
    return table.get(place, Presence.ABSENT)


def _lost(todo: Collection[Place], was: dict[Place, object], is_now: dict[Place, object]) -> tuple[Place, ...]:
    """The things that what is to come back belongs to, and that have gone since."""
    above = (place[:depth] for place in todo if place in was for depth in range(1, len(place)))
    return tuple(dict.fromkeys(thing for thing in above if thing in was and thing not in is_now and thing not in todo))


def _below_gone(place: Place, todo: Collection[Place], was: dict[Place, object]) -> bool:
    """Whether a place belongs to a thing that would go."""
    return any(place[:depth] in todo and place[:depth] not in was for depth in range(1, len(place)))


def _attempt(present: Network, goal: Network) -> DomainError | InvalidValue | tuple[Place, ...] | None:
    """What stands against making one network the other: a rule, or places that would change besides."""
    working = Working(fork(present))
    try:
        for command in commands_to(present, goal):
            working.execute(command)
        working.finish()
    except (DomainError, InvalidValue) as error:
        return error
    return differences(contents(goal), contents(working.network)) or None


def _in_the_way(present: Network, before: Network, after: Network, todo: Collection[Place]) -> tuple[Place, ...]:
    """Of what changed since, each thing that alone would have the change refused.

    It is tried on the network as the change left it, so that what does not matter does not stand in the way either.
    """
    is_now = contents(present)
    since = [place for place in differences(contents(after), is_now) if place not in todo]
    near = {place[:2] for place in todo}
    since.sort(key=lambda place: place[:2] not in near)
    if _attempt(after, with_places(after, before, todo)) is not None:
        # Not what came later stands in the way: what came with it does.
        return ()

    def stands_in_the_way(place: Place) -> bool:
        with_it = tuple(other for other in _ground(after, present, place) if other in is_now and other not in todo)
        if _undone_at(after, before, todo, (*with_it, place), present) is None:
            return False
        return not with_it or _undone_at(after, before, todo, with_it, present) is None

    return tuple(place for place in since[:_MOST_TRIALS] if stands_in_the_way(place))


def _ground(after: Network, present: Network, place: Place) -> Iterator[Place]:
    """What a container or VM network stands on now, where the place is one of it: hosts, cables, VLANs and trunks.

    Without that it is refused whatever is taken back, for the lack of its host or cable.
    """
    hosted: dict[Place, HostedNetwork] = {}
    hosted |= {("container_networks", name): network for name, network in present.container_networks.items()}
    hosted |= {("vm_networks", name): network for name, network in present.vm_networks.items()}
    if place[:2] in hosted:
        yield from _under(after, present, hosted[place[:2]])


def _under(after: Network, present: Network, network: HostedNetwork) -> Iterator[Place]:
    """Its hosts, and of switches that were there already only what carries its VLAN; all of the other switches."""
    extension, vlan = network.settings.extension, network.settings.vlan
    ports = {(uplink.switch, uplink.port) for uplink in network.uplinks.values()}
    ports |= {(trunk.switch, trunk.port) for trunk in extension.trunks}
    carrying = {*extension.switches, *(switch for switch, _ in ports)}
    for identity in sorted({*network.settings.hosts, *(carrying - after.devices.keys())} & present.devices.keys()):
        yield from contents(present.devices[identity], ("devices", identity))
    yield from (("devices", switch, "vlans", vlan) for switch in sorted(carrying))
    yield from (("devices", switch, "switch_ports", port) for switch, port in sorted(ports))
    channels = ((switch, channel_number(port)) for switch, port in sorted(ports))
    yield from (("devices", switch, "port_channels", number) for switch, number in channels if number is not None)
    ends = [{(host, uplink.interface), (uplink.switch, uplink.port)} for host, uplink in network.uplinks.items()]
    logical = ((link, logical_link(present.devices, link)) for link in sorted(present.links))
    yield from (("links", link) for link, way in logical if {way.a, way.b} in ends)


def _undone_at(
    after: Network, before: Network, todo: Collection[Place], later: Collection[Place], present: Network
) -> DomainError | InvalidValue | tuple[Place, ...] | None:
    """What stands against taking a change back where, since then, only these places have become what they are now."""
    start = with_places(_around(after, (*later, *todo)), present, later)
    return _attempt(start, with_places(start, before, todo))


def _around(after: Network, places: Collection[Place]) -> Network:
    """The part of a network that a trial is about: small, for there are many trials."""
    wanted = {place[1] for place in places if place[0] == "devices" and len(place) > 1}
    # So are the devices at both ends of a link.
    wanted |= {end[0] for place in places if isinstance(link := place[-1], Link) for end in (link.a, link.b)}
    named = {place[:2] for place in places}
    # A network of hosts stands on its hosts and their switches: it is in the trial together with them, or not at all.
    containers = {name: it for name, it in after.container_networks.items() if ("container_networks", name) in named}
    machines = {name: it for name, it in after.vm_networks.items() if ("vm_networks", name) in named}
    wanted |= {identity for hosted in containers.values() for identity in hosted.devices}
    wanted |= {identity for hosted in machines.values() for identity in hosted.devices}
    devices = {identity: device for identity, device in after.devices.items() if identity in wanted}
    containers |= {name: it for name, it in after.container_networks.items() if it.devices <= wanted}
    machines |= {name: it for name, it in after.vm_networks.items() if it.devices <= wanted}
    return replace(after, devices=devices, container_networks=containers, vm_networks=machines)

"""A network under change: commands are decided against it one after another, and their events collected.

What was read for the decisions, which unique keys are wanted and which are given back, is known at the end, so that
one append can check and carry all of it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.decide import decide
from cimnet_nornir.domain.decide_bundles import refuse_stray_members
from cimnet_nornir.domain.decide_features import refuse_misfit_features
from cimnet_nornir.domain.decide_host import refuse_host_misfits
from cimnet_nornir.domain.decide_protocols import refuse_stray_protocols
from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.hosting.desk import HostedDesk, evolve_hosted
from cimnet_nornir.domain.hosting.guards import check_hosted
from cimnet_nornir.domain.keys import address_key, addresses_of, name_key, unique_keys
from cimnet_nornir.domain.network import Link, Network, evolve_network
from cimnet_nornir.domain.streams import device_prefix, device_stream, network_stream
from cimnet_nornir.domain.tables import refuse_overlaps
from cimnet_nornir.domain.values import Endpoint, port_name
from cimnet_nornir.domain.vlans import stood_on, vlan_commands
from cimnet_nornir.errors import AlreadyExists, DeviceNotFound, DuplicateIpAddress, NotFound, PortNotFound, RuleViolated

Holders = Callable[[Collection[str]], Mapping[str, str]]
"""Of unique keys, those that are held, each with the stream that holds it."""


@dataclass(slots=True)
class Working:
    """A network to decide against. `network` is changed in place; `events` are (stream, event) in order.

    `holders` knows who holds a unique key at the beginning; without it all devices are asked, and so read, at once.
    """

    network: Network
    holders: Holders | None = None
    events: list[tuple[str, Event]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    before: dict[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    """Of the keys claimed, those that are held at the beginning, as `finish` found them."""
    _met: dict[str, None] = field(default_factory=dict)
    """The ids of devices that commands were for, in order."""
    hosted: HostedDesk = field(init=False)

    def __post_init__(self) -> None:
        self.hosted = HostedDesk(self.network)
        if self.holders is None:
            held = self._keys(self.network.devices)
            held |= {key: stream for stream, keys in self.hosted.keys_of_all() for key in keys}
            self.holders = lambda keys: {key: held[key] for key in keys if key in held}

    def execute(self, command: c.Command) -> None:
        """Decide one command and apply what it makes; what holds over the whole is checked by `finish`.

        Raises a DomainError or InvalidValue; the working network is then of no use.
        """
        if isinstance(command, c.CreateNetwork | c.ConnectLink | c.DisconnectLink):
            self._network_command(command)
            return
        if not self.network.created:
            raise NotFound(f"there is no network {self.network.name!r}", subject=self.network.name)
        if isinstance(command, c.VlanCommand):
            self._vlan_command(command)
            return
        if isinstance(command, c.HostingCommand):
            self._hosting_command(command)
            return
        device = self._meet(command.device)
        stream = device_stream(self.network.name, command.device)
        self.touched |= {stream, network_stream(self.network.name)}
        for event in decide(self.network.name, device, command):
            device = evolve(device, event)
            self.events.append((stream, event))
        if device is not None:
            self._keep(device)
            self._drop_links(device)

    def _vlan_command(self, command: c.VlanCommand) -> None:
        """A VLAN over switches stands on links and on more devices than it changes: all of them are read."""
        self.touched.add(network_stream(self.network.name))
        for each in vlan_commands(self.network, command):
            self.execute(each)
        self.touched |= {device_stream(self.network.name, each) for each in stood_on(self.network, command)}

    def _hosting_command(self, command: c.HostingCommand) -> None:
        stream, decided = self.hosted.decide(command, self._in_use)
        whole = network_stream(self.network.name)
        self.touched |= {stream, whole, *(device_stream(self.network.name, name) for name in decided.read)}
        if decided.assigned:
            self.touched |= self.hosted.streams()
        for event in decided.events:
            evolve_hosted(self.network, stream, event)
            self.events.append((stream, event))
        self.events += [(whole, event) for event in decided.assigned]
        for each in decided.commands:
            self.execute(each)

    def _in_use(self, addresses: Iterable[IPv4Address]) -> frozenset[IPv4Address]:
        """Of addresses, those that somebody has now: a device, a container or VM network, an address pool."""
        keys = {f"address:{self.network.name}/{address}": address for address in addresses}
        now = self._wanted()
        held = self.holders(keys) if self.holders is not None else {}
        met = {*self.hosted.met, *(device_stream(self.network.name, name) for name in self._met)}
        elsewhere = {key for key, stream in held.items() if stream not in met}
        return frozenset(address for key, address in keys.items() if key in now or key in elsewhere)

    def finish(self) -> None:
        """Check what holds over the whole: no name or address twice, no subnet on two interfaces of a device.

        Names and addresses may pass from one device to another on the way. Raises AlreadyExists with the name as its
        subject, DuplicateIpAddress or RuleViolated with "HOST INTERFACE".
        """
        self.held = held = self.holders(self.claims()) if self.holders is not None else {}
        elsewhere = self._held_elsewhere(held)
        devices = [self.network.devices[name] for name in self._met if name in self.network.devices]
        self._refuse_taken_names(devices, elsewhere)
        self._refuse_duplicates(devices, elsewhere)
        self._refuse_addresses_of_hosted(devices, held)
        for device in devices:
            refuse_overlaps(device)
            _refuse_own_next_hop(device)
            refuse_stray_protocols(device)
            refuse_stray_members(device)
            refuse_host_misfits(device)
            refuse_misfit_features(device)
        lost = self.releases().keys() - self.claims().keys()
        check_hosted(self.network, frozenset(self._met), lost, self.hosted.met)

    def claims(self) -> dict[str, str]:
        """Keys wanted that were not held before, each with its holder."""
        before = self.before | self.hosted.before
        return {key: owner for key, owner in self._wanted().items() if before.get(key) != owner}

    def releases(self) -> dict[str, str]:
        """Keys held before that are held no more, or by another holder."""
        after = self._wanted()
        return {key: owner for key, owner in (self.before | self.hosted.before).items() if after.get(key) != owner}

    def _wanted(self) -> dict[str, str]:
        return self._keys(self._met) | self.hosted.keys()

    def _meet(self, identity: str) -> Device | None:
        """The device, whose keys at the beginning are remembered when it is met for the first time."""
        if identity not in self._met:
            self._met[identity] = None
            self.before |= self._keys((identity,))
        return self.network.devices.get(identity)

    def _held_elsewhere(self, held: Mapping[str, str]) -> dict[str, Device]:
        """Of the keys that are wanted now, those held by devices that no command was for, each with the holder.

        What a holder is told to have and has not was taken after the network was read: the append will find that out.
        """
        prefix = device_prefix(self.network.name)
        found = {key: self.network.devices.get(stream.removeprefix(prefix)) for key, stream in held.items()}
        return {
            key: device
            for key, device in found.items()
            if device is not None and device.id not in self._met and key in unique_keys(device)
        }

    def _keep(self, device: Device) -> None:
        if device.removed:
            self.network.devices.pop(device.id, None)
        else:
            self.network.devices[device.id] = device

    def _drop_links(self, device: Device) -> None:
        """A cable ends in a port; where the port or the device goes, the cable is unplugged."""
        for link in self.network.links_of(device.id):
            for name, port in (link.a, link.b):
                if name == device.id and (device.removed or port not in device.ports):
                    self._network_command(c.DisconnectLink(a=_end(link.a), b=_end(link.b)))
                    break

    def _refuse_taken_names(self, devices: Iterable[Device], elsewhere: Mapping[str, Device]) -> None:
        holders: dict[str, str] = {}
        for device in devices:
            holder = holders.setdefault(device.name.lower(), elsewhere.get(name_key(device), device).id)
            if holder != device.id:
                raise AlreadyExists(
                    f"the name {device.name!r} of the device {device.id!r} is taken by the device {holder!r}",
                    subject=device.name,
                )

    def _refuse_duplicates(self, devices: Iterable[Device], elsewhere: Mapping[str, Device]) -> None:
        seen: dict[str, str] = {}
        for device in devices:
            for place, address in addresses_of(device):
                key = address_key(device, address)
                first = seen.setdefault(key, unique_keys(elsewhere[key])[key] if key in elsewhere else place)
                if first != place:
                    raise DuplicateIpAddress(f"{address} is on {first} and on {place}", subject=place)

    def _refuse_addresses_of_hosted(self, devices: Iterable[Device], held: Mapping[str, str]) -> None:
        """What a device has cannot be a container's or virtual machine's too; these asked before they took theirs."""
        taken = self.hosted.places()
        for device in devices:
            for place, address in addresses_of(device):
                key = address_key(device, address)
                other = taken.get(key) or self.hosted.place_at(held.get(key, ""), key)
                if other is not None:
                    raise DuplicateIpAddress(f"{address} is on {other} and on {place}", subject=place)

    def _network_command(self, command: c.NetworkCommand) -> None:
        stream = network_stream(self.network.name)
        self.touched.add(stream)
        for event in self._decide_network(command):
            evolve_network(self.network, event)
            self.events.append((stream, event))

    def _decide_network(
        self, command: c.NetworkCommand
    ) -> Iterable[e.NetworkCreated | e.LinkConnected | e.LinkDisconnected]:
        match command:
            case c.CreateNetwork():
                return self._create(command)
            case c.ConnectLink():
                return self._connect(command)
            case c.DisconnectLink():
                return self._disconnect(command)
            case _:
                assert_never(command)

    def _create(self, command: c.CreateNetwork) -> Iterable[e.NetworkCreated]:
        if command.name != self.network.name:
            raise RuleViolated(f"this is the network {self.network.name!r}, not {command.name!r}", subject=command.name)
        if self.network.created:
            raise AlreadyExists(f"there is a network {command.name!r} already", subject=command.name)
        return (e.NetworkCreated(name=command.name),)

    def _connect(self, command: c.ConnectLink) -> Iterable[e.LinkConnected]:
        a, b = self._named_port(command.a), self._named_port(command.b)
        if Link.between(a, b) in self.network.links:
            return ()
        if a.device == b.device:
            raise RuleViolated(f"a link joins two devices, not {a.device} with itself", subject=str(a))
        for end in (a, b):
            self._require_free_end(end)
        return (e.LinkConnected(a=a, b=b),)

    def _disconnect(self, command: c.DisconnectLink) -> Iterable[e.LinkDisconnected]:
        a, b = self._named_port(command.a), self._named_port(command.b)
        return (e.LinkDisconnected(a=a, b=b),) if Link.between(a, b) in self.network.links else ()

    def _named_port(self, end: Endpoint) -> Endpoint:
        """The end with its port in the form that the kind of its device reads; as it is where there is no device."""
        device = self.network.devices.get(end.device)
        return end if device is None else Endpoint(device=end.device, port=port_name(device.kind, end.port))

    def _require_free_end(self, end: Endpoint) -> None:
        device = self.network.devices.get(end.device)
        if device is None:
            raise DeviceNotFound(f"there is no device {end.device!r} to link", subject=end.device)
        self.touched.add(device_stream(self.network.name, device.id))
        if end.port not in device.ports:
            raise PortNotFound(f"{device.name} has no port {end.port}", subject=str(end))
        for link in self.network.links_of(device.id):
            if (end.device, end.port) in (link.a, link.b):
                other = link.other_end(end.device, end.port)
                raise AlreadyExists(f"{end} is linked to {other[0]} {other[1]} already", subject=str(end))

    def _keys(self, identities: Iterable[str]) -> dict[str, str]:
        """The unique keys of those devices that are there, each with its holder."""
        return {
            key: device_stream(self.network.name, identity)
            for identity in identities
            if identity in self.network.devices
            for key in unique_keys(self.network.devices[identity])
        }


def _end(end: tuple[str, str]) -> Endpoint:
    return Endpoint(device=end[0], port=end[1])


def _refuse_own_next_hop(device: Device) -> None:
    """IOS refuses a route via itself ("%Invalid next hop address (it's this router)")."""
    own = {address.ip: name for name, item in device.interfaces.items() for address in item.addresses}
    for route in device.routes:
        if route.next_hop in own:
            raise RuleViolated(
                f"the next hop {route.next_hop} of {route.prefix} is {device.name} {own[route.next_hop]} itself",
                subject=f"{device.name} {own[route.next_hop]}",
            )

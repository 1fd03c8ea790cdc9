"""A network under change: commands are decided against it one after another, and their events collected.

What was read for the decisions, which unique keys are wanted and which are given back, is known at the end, so that
one append can check and carry all of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import assert_never

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.decide import decide
from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.network import Link, Network, evolve_network
from cimnet_nornir.domain.streams import device_stream, network_stream
from cimnet_nornir.domain.values import Endpoint
from cimnet_nornir.errors import AlreadyExists, DeviceNotFound, DuplicateIpAddress, NotFound, PortNotFound, RuleViolated


def unique_keys(device: Device) -> dict[str, str]:
    """The keys that a device holds alone in its network, each with a word for whoever asks: names and addresses."""
    if device.removed:
        return {}
    keys = {f"name:{device.network}/{device.name.lower()}": device.name}
    for place, address in _addresses(device):
        keys[f"address:{device.network}/{address}"] = place
    return keys


def _addresses(device: Device) -> Iterator[tuple[str, IPv4Address]]:
    """Each address of a device with the place where it is.

    The address it is managed at is one of them, on an interface or not: two devices that share it would get each
    other's configuration. Addresses of this machine itself (127.0.0.0/8: tunnels, labs) say nothing of that kind.
    """
    own = {address.ip for routed in device.interfaces.values() for address in routed.addresses}
    for interface, routed in device.interfaces.items():
        for address in routed.addresses:
            yield f"{device.name} {interface}", address.ip
    management = device.details.management
    if management is not None and management not in own and not management.is_loopback:
        yield f"{device.name} management", management


@dataclass(slots=True)
class Working:
    """A network to decide against. `network` is changed in place; `events` are (stream, event) in order."""

    network: Network
    events: list[tuple[str, Event]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    before: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = self._keys()

    def execute(self, command: c.Command) -> None:
        """Decide one command and apply what it makes; what holds over the whole is checked by `finish`.

        Raises a DomainError or InvalidValue; the working network is then of no use.
        """
        if isinstance(command, c.CreateNetwork | c.ConnectLink | c.DisconnectLink):
            self._network_command(command)
            return
        if not self.network.created:
            raise NotFound(f"there is no network {self.network.name!r}", subject=self.network.name)
        device = self.network.devices.get(command.device)
        stream = device_stream(self.network.name, command.device)
        self.touched |= {stream, network_stream(self.network.name)}
        for event in decide(self.network.name, device, command):
            device = evolve(device, event)
            self.events.append((stream, event))
        if device is not None:
            self._keep(device)
            self._drop_links(device)

    def finish(self) -> None:
        """Check what holds over the whole: no name or address twice, no subnet on two interfaces of a device.

        Names and addresses may pass from one device to another on the way. Raises AlreadyExists with the name as its
        subject, DuplicateIpAddress or RuleViolated with "HOST INTERFACE".
        """
        self._refuse_taken_names()
        self._refuse_duplicates()
        for device in self.network.devices.values():
            if device_stream(self.network.name, device.id) in self.touched:
                _refuse_overlaps(device)
                _refuse_own_next_hop(device)

    def claims(self) -> dict[str, str]:
        """Keys wanted that were not held before, each with its holder."""
        return {key: owner for key, owner in self._keys().items() if self.before.get(key) != owner}

    def releases(self) -> dict[str, str]:
        """Keys held before that are held no more, or by another holder."""
        after = self._keys()
        return {key: owner for key, owner in self.before.items() if after.get(key) != owner}

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

    def _refuse_taken_names(self) -> None:
        holders: dict[str, str] = {}
        for device in self.network.devices.values():
            holder = holders.setdefault(device.name.lower(), device.id)
            if holder != device.id:
                raise AlreadyExists(
                    f"the name {device.name!r} of the device {device.id!r} is taken by the device {holder!r}",
                    subject=device.name,
                )

    def _refuse_duplicates(self) -> None:
        seen: dict[IPv4Address, str] = {}
        for device in self.network.devices.values():
            for place, address in _addresses(device):
                first = seen.setdefault(address, place)
                if first != place:
                    raise DuplicateIpAddress(f"{address} is on {first} and on {place}", subject=place)

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
                present = Link.between(command.a, command.b) in self.network.links
                return (e.LinkDisconnected(a=command.a, b=command.b),) if present else ()
            case _:
                assert_never(command)

    def _create(self, command: c.CreateNetwork) -> Iterable[e.NetworkCreated]:
        if command.name != self.network.name:
            raise RuleViolated(f"this is the network {self.network.name!r}, not {command.name!r}", subject=command.name)
        if self.network.created:
            raise AlreadyExists(f"there is a network {command.name!r} already", subject=command.name)
        return (e.NetworkCreated(name=command.name),)

    def _connect(self, command: c.ConnectLink) -> Iterable[e.LinkConnected]:
        link = Link.between(command.a, command.b)
        if link in self.network.links:
            return ()
        if command.a.device == command.b.device:
            raise RuleViolated(f"a link joins two devices, not {command.a.device} with itself", subject=str(command.a))
        for end in (command.a, command.b):
            self._require_free_end(end)
        return (e.LinkConnected(a=command.a, b=command.b),)

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

    def _keys(self) -> dict[str, str]:
        return {
            key: device_stream(self.network.name, device.id)
            for device in self.network.devices.values()
            for key in unique_keys(device)
        }


def _end(end: tuple[str, str]) -> Endpoint:
    return Endpoint(device=end[0], port=end[1])


def _refuse_overlaps(device: Device) -> None:
    """IOS refuses an address whose subnet overlaps that of another interface ("% 10.0.0.0 overlaps with Vlan20")."""
    subnets = [(name, address.network) for name, item in device.interfaces.items() for address in item.addresses]
    for index, (name, subnet) in enumerate(subnets):
        for other, taken in subnets[:index]:
            if other != name and subnet.overlaps(taken):
                raise RuleViolated(
                    f"{subnet} on {device.name} {name} overlaps {taken} on {other}", subject=f"{device.name} {name}"
                )


def _refuse_own_next_hop(device: Device) -> None:
    """IOS refuses a route via itself ("%Invalid next hop address (it's this router)")."""
    own = {address.ip: name for name, item in device.interfaces.items() for address in item.addresses}
    for route in device.routes:
        if route.next_hop in own:
            raise RuleViolated(
                f"the next hop {route.next_hop} of {route.prefix} is {device.name} {own[route.next_hop]} itself",
                subject=f"{device.name} {own[route.next_hop]}",
            )

"""The domain's own rules over a definition: every command it would make is decided, and refusals get their line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from cimnet_nornir.definition.model import InterfaceEntry, NetworkFile
from cimnet_nornir.definition.positions import Path, Positions
from cimnet_nornir.definition.problems import Problems
from cimnet_nornir.definition.protocol_places import group_path, is_protocol, protocol_path, take_protocol_out
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.decide import AddCommand
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import Endpoint, port_name
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import CimnetError, DomainError, DuplicateIpAddress, NetworkInUse, NotFound, RuleViolated

_MOST_ROUNDS = 100
_MANAGEMENT = "management"
_ADDED: Mapping[type[AddCommand], type[e.RouterAdded | e.SwitchAdded | e.HostAdded]] = {
    c.AddRouter: e.RouterAdded,
    c.AddSwitch: e.SwitchAdded,
    c.AddHost: e.HostAdded,
}
_ROUTING = c.ConfigureOspf | c.ConfigureBgp | c.ConfigureEigrp | c.AddStaticRoute | c.ConfigureRouterInterface
_FIELDS: Mapping[type[c.DeviceCommand], str] = {
    c.AddStaticRoute: "routes",
    c.ConfigureOspf: "ospf",
    c.ConfigureBgp: "bgp",
    c.ConfigureEigrp: "eigrp",
    c.ConfigureAccessList: "access_lists",
    c.ConfigureSpanningTree: "spanning_tree",
    c.CreateVlan: "vlans",
    c.EnableRouting: "routing",
}


def check_rules(
    desired: DesiredNetwork, file: NetworkFile, positions: Positions, problems: Problems, *, fresh: bool
) -> None:
    """Note every refusal of the domain at the place in the file that it is about.

    `fresh` tells that there is no such network yet; else hosts may have ranges of addresses that it says nothing of.
    """
    check = _Check(file, positions, problems, Working(Network(desired.name, created=True)), fresh=fresh)
    for device in desired.devices:
        check.device(device)
    check.links(desired)
    check.hosted(desired)
    check.whole()


@dataclass(slots=True)
class _Check:
    file: NetworkFile
    positions: Positions
    problems: Problems
    working: Working
    fresh: bool

    def device(self, device: DesiredDevice) -> None:
        """Decide all that the device needs. Deciding changes nothing where it refuses, so the rest goes on."""
        alone = DesiredNetwork(self.working.network.name, (device,))
        for command in commands_between(Network(alone.name, created=True), alone):
            if isinstance(command, c.NetworkCommand | c.VlanCommand | c.HostingCommand):
                continue
            try:
                self.working.execute(command)
            except CimnetError as error:
                self._refused(device.name, command, error)

    def links(self, desired: DesiredNetwork) -> None:
        """Decide the links whose devices are both in the file."""
        devices = self.working.network.devices
        for link in sorted(desired.links):
            if link.a[0] in devices and link.b[0] in devices:
                one, other = (Endpoint(device=end[0], port=end[1]) for end in (link.a, link.b))
                try:
                    self.working.execute(c.ConnectLink(a=one, b=other))
                except DomainError as error:
                    self.problems.add(error.message, self._link_path(link.a))

    def hosted(self, desired: DesiredNetwork) -> None:
        """Decide the container and VM networks whose hosts are in the file with their cables."""
        nothing = DesiredNetwork(desired.name)
        for containers in desired.container_networks:
            if self._is_whole(containers.wish.hosts):
                alone = replace(nothing, container_networks=(containers,))
                self._decide_hosted(("container_networks", containers.name), alone)
        for machines in desired.vm_networks:
            if self._is_whole(machines.wish.hosts):
                self._decide_hosted(("vm_networks", machines.name), replace(nothing, vm_networks=(machines,)))

    def _is_whole(self, hosts: Collection[str]) -> bool:
        """Whether the file itself says by what cables hosts are reached; else that is known only to the network."""
        linked = {end[0] for link in self.working.network.links for end in (link.a, link.b)}
        return linked >= set(hosts)

    def _decide_hosted(self, here: Path, alone: DesiredNetwork) -> None:
        for command in commands_between(Network(alone.name, created=True), alone):
            try:
                self.working.execute(command)
            except CimnetError as error:
                if isinstance(command, c.AttachContainer) and not self.fresh:
                    continue
                path = here
                if isinstance(command, c.AttachContainer):
                    path = (*here, "containers", command.container)
                elif isinstance(command, c.AttachVm):
                    path = (*here, "machines", command.vm)
                self.problems.add(error.message, self._field_of(path, error.subject))
                if path == here:
                    return

    def _field_of(self, path: Path, subject: str) -> Path:
        """The field of a network that has what an error is about, else the network."""
        if subject == f"{path[1]} {path[-1]}":
            # What is refused of a container or machine under its own name is its address.
            subject = "address"
        for name in ("vlan", "subnet", "gateway", "address", "bridge", "mac", "hosts"):
            field = (*path, name)
            written = self.positions.written(field)
            if self.positions.has(field) and (str(written) == subject or subject in ("hosts", name)):
                return field
        return path

    def whole(self) -> None:
        """Check addresses and subnets; what is refused is taken out, and the rest checked again."""
        for _ in range(_MOST_ROUNDS):
            try:
                self.working.finish()
            except DomainError as error:
                if isinstance(error, NetworkInUse):
                    self._take_hosted_out(error)
                    continue
                host, _, place = error.subject.partition(" ")
                more = self._first_place(host, place) if isinstance(error, DuplicateIpAddress) else ""
                device = self.working.network.device_named(host)
                setting = device.features.get(place) if device is not None else None
                path = self._place_path(host, place) if setting is None else self._setting_path(host, setting)
                self.problems.add(f"{error.message}{more}", path)
                if device is None or not _take_out(device, place):
                    return
            else:
                return

    def _take_hosted_out(self, error: NetworkInUse) -> None:
        """Note at a container or VM network what the file takes from under it, and go on without it."""
        (name,) = error.users
        containers = self.working.network.container_networks.pop(name, None) is not None
        if not containers:
            self.working.network.vm_networks.pop(name, None)
        self.problems.add(error.message, ("container_networks" if containers else "vm_networks", name))

    def _first_place(self, host: str, place: str) -> str:
        """The line of the place that has one of these addresses already."""
        own = self.working.network.device_named(host)
        addresses = _addresses(own).get(place, frozenset()) if own else frozenset()
        for device in self.working.network.devices.values():
            for name, taken in _addresses(device).items():
                if addresses & taken and (device.name, name) != (host, place):
                    return f" (line {self.positions.at(self._place_path(device.name, name)).line})"
        return ""

    def _setting_path(self, host: str, setting: Setting) -> Path:
        """Where a setting stands: below the device, or below the interface that it is said of."""
        if isinstance(setting, InterfaceSetting):
            return (*self.positions.interface_path(host, setting.interface), "features", setting.FEATURE)
        return ("devices", host, "features", setting.FEATURE)

    def _place_path(self, host: str, place: str) -> Path:
        feature, _, key = place.partition(" ")
        path = ("devices", host, "features", feature)
        if self.positions.has(path):
            return (*path, key) if self.positions.has((*path, key)) else path
        if is_protocol(place):
            return protocol_path(host, self.file.devices[host], place)
        return ("devices", host, place) if place == _MANAGEMENT else self._address_path(host, place)

    def _refused(self, host: str, command: c.DeviceCommand, error: CimnetError) -> None:
        if isinstance(command, AddCommand):
            self._add_anyway(command)
        path = self._path(host, command, error.subject)
        self.problems.add(self._in_words_of_the_file(host, command, error), path)

    def _in_words_of_the_file(self, host: str, command: c.DeviceCommand, error: CimnetError) -> str:
        if isinstance(command, _ROUTING) and isinstance(error, RuleViolated) and not self._routes(command.device):
            return f"{error.message} (routing: true)"
        if not (isinstance(error, NotFound) and error.subject.isdecimal()):
            return error.message
        vlan = int(error.subject)
        if vlan in self.file.vlans:
            return f"{host} does not have VLAN {vlan}; add it to the vlans of {host}"
        listed = ", ".join(str(known) for known in self.file.vlans)
        return f"VLAN {vlan} is not in the catalogue (vlans: {listed}); add it there, or use one of these"

    def _routes(self, device: str) -> bool:
        found = self.working.network.devices.get(device)
        return found is None or found.routes_packets

    def _add_anyway(self, command: AddCommand) -> None:
        """Go on as if the device had been added, so that the rest of it is checked too."""
        fields = {**command.model_dump(), "network": self.working.network.name}
        self.working.network.devices[command.device] = evolve(None, _ADDED[type(command)].model_validate(fields))

    def _path(self, host: str, command: c.DeviceCommand, subject: str) -> Path:
        here = ("devices", host)
        match command:
            case c.AddRouter() | c.AddSwitch() | c.AddHost():
                return self._identity_path(here, subject)
            case c.ConfigurePortChannel():
                return (*here, "port_channels", command.number)
            case c.ConfigureBond():
                return (*here, "bonds", command.name)
            case c.ConfigurePort():
                return self._port_path(host, command.port, subject)
            case c.ConfigureRouterInterface() | c.ConfigureHostInterface():
                path = self.positions.interface_path(host, command.interface)
                if subject == command.interface:
                    return self._address_path(host, command.interface)
                return self._group_path(path, subject) or path
            case _:
                field = _FIELDS.get(type(command))
                return (*here, field) if field else here

    def _group_path(self, path: Path, subject: str) -> Path | None:
        _, host, _, key = path
        return group_path(path, self.file.devices[str(host)].interfaces[str(key)], subject)

    def _identity_path(self, here: Path, subject: str) -> Path:
        if subject in ("vendor", "platform"):
            own = (*here, subject)
            return own if self.positions.has(own) else ("defaults", subject)
        return (*here, "ports") if self.positions.has((*here, "ports")) else here

    def _port_path(self, host: str, port: str, subject: str) -> Path:
        path = self.positions.interface_path(host, port)
        for name in ("vlan", "native", "profile"):
            if subject.isdecimal() and self._says(path, name, subject):
                return (*path, name)
        return path

    def _says(self, path: Path, name: str, subject: str) -> bool:
        _, host, _, key = path
        entry: InterfaceEntry = self.file.devices[str(host)].interfaces[str(key)]
        value = getattr(entry, name)
        return value is not None and (name == "profile" or str(value) == subject)

    def _address_path(self, host: str, interface: str) -> Path:
        path = self.positions.interface_path(host, interface)
        return next((found for found in ((*path, "address"), (*path, "addresses")) if self.positions.has(found)), path)

    def _link_path(self, end: tuple[str, str]) -> Path:
        host, device = self.positions.hosts.get(end[0], end[0]), self.working.network.devices[end[0]]
        for index, ends in enumerate(self.file.links):
            if any(name == host and port_name(device.kind, port) == end[1] for name, port in ends or ()):
                return ("links", index)
        return ("links",)


def _addresses(device: Device) -> dict[str, frozenset[IPv4Address]]:
    """The addresses of a device by the place they are at: its interfaces, and its management."""
    found = {name: frozenset(address.ip for address in routed.addresses) for name, routed in device.interfaces.items()}
    management = device.details.management
    return found if management is None else {**found, _MANAGEMENT: frozenset({management})}


def _take_out(device: Device, place: str) -> bool:
    """Take the address of a place out of the network under check; False where there is nothing to take."""
    if place == _MANAGEMENT:
        device.details = device.details.model_copy(update={"management": None})
        return True
    if device.features.pop(place, None) is not None:
        return True
    if is_protocol(place):
        return take_protocol_out(device, place)
    return device.interfaces.pop(place, None) is not None or device.features.pop(place, None) is not None

"""A definition file's models become the domain's desired network; what it cannot take is noted and left out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.definition.bundles import compile_bonds, compile_channels
from cimnet_nornir.definition.compile_hosting import HostingCompiler
from cimnet_nornir.definition.features import compile_features
from cimnet_nornir.definition.interfaces import Interfaces
from cimnet_nornir.definition.links import compile_links
from cimnet_nornir.definition.model import DeviceEntry, NetworkFile
from cimnet_nornir.definition.positions import Path, Positions
from cimnet_nornir.definition.problems import Problems, suggest
from cimnet_nornir.definition.protocols import Protocols
from cimnet_nornir.domain.bundles import channel_name
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.hosting.wishes import DesiredContainerNetwork, DesiredVmNetwork
from cimnet_nornir.domain.interfaces import expand_interfaces
from cimnet_nornir.domain.platforms import platforms_of
from cimnet_nornir.domain.values import DeviceKind, OspfProcess, SpanningTree, StaticRoute, port_name
from cimnet_nornir.errors import InvalidValue

_NOT_OF_HOSTS = ("vlans", "spanning_tree", "eigrp", "access_lists", "port_channels", "features")
_OF_HOSTS = ("bridges",)
_USUAL_HOST = "nixos"


@dataclass(slots=True)
class Compiler:
    """Compiles one file. `ids` maps present host names to device ids; `damaged` are hosts that are wrong in part.

    A damaged device is not compiled, and nothing is said about what refers to it: that would be guessing.
    """

    file: NetworkFile
    ids: Mapping[str, str]
    problems: Problems
    damaged: frozenset[str] = frozenset()
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)

    def network(self) -> DesiredNetwork:
        """The desired network, without what was found wrong."""
        same_names = self._refuse_same_names()
        devices = {}
        for host, entry in self.file.devices.items():
            identity = self._identity(host, entry)
            if host not in self.damaged | same_names and identity is not None:
                device = self._device(host, identity, entry)
                if device is not None:
                    devices[host] = device
        left_out = {*self.damaged, *self.file.devices} - set(devices)
        links = compile_links(self.file.links, devices, left_out, self.ids, self.problems)
        return DesiredNetwork(self.file.network, tuple(devices.values()), links, *self._hosted(devices, left_out))

    def _hosted(
        self, devices: Mapping[str, DesiredDevice], left_out: Collection[str]
    ) -> tuple[tuple[DesiredContainerNetwork, ...], tuple[DesiredVmNetwork, ...]]:
        hosts = {**self.ids, **{host: device.id for host, device in devices.items()}}
        servers = tuple(host for host, device in devices.items() if device.kind is DeviceKind.HOST)
        compiler = HostingCompiler(hosts, servers, frozenset(left_out), self.problems)
        containers = (compiler.container_network(name, it) for name, it in self.file.container_networks.items())
        machines = (compiler.vm_network(name, it) for name, it in self.file.vm_networks.items())
        return tuple(filter(None, containers)), tuple(filter(None, machines))

    def positions(self) -> Positions:
        """Where the compiled things were written."""
        return Positions(self.problems.root, dict(self.hosts), self.keys)

    def _refuse_same_names(self) -> set[str]:
        """Hosts whose name an earlier one has in another case."""
        found = set()
        seen: dict[str, str] = {}
        for host in self.file.devices:
            first = seen.setdefault(host.lower(), host)
            if first != host:
                line = self.problems.line(("devices", first))
                message = f"{host} and {first} (line {line}) are one host name; case makes no difference"
                self.problems.add(message, ("devices", host))
                found.add(host)
        return found

    def _identity(self, host: str, entry: DeviceEntry) -> str | None:
        """The id: the one given, that of the old name, or that of the present device of this name; else the name."""
        here = ("devices", host)
        by_name = {name.lower(): identity for name, identity in self.ids.items()}
        present = by_name.get(host.lower())
        identity = entry.id or present or host
        if entry.renamed_from is not None:
            identity = self._old_identity(host, entry, by_name.get(entry.renamed_from.lower(), present))
        first = self.hosts.setdefault(identity, host)
        if first != host:
            line = self.problems.line(("devices", first))
            message = f"{host} and {first} (line {line}) are one device by the id {identity!r}; give {host} another id"
            self.problems.add(message, (*here, "id") if entry.id else here)
            return None
        return identity

    def _old_identity(self, host: str, entry: DeviceEntry, old: str | None) -> str:
        """The id of a renamed device: that of its old name, or of the new one where the renaming is done already."""
        path = ("devices", host, "renamed_from")
        if entry.id is not None:
            self.problems.add("id says already which device it is; leave renamed_from out", path)
        elif old is None:
            hint = suggest(entry.renamed_from, self.ids) or "; leave renamed_from out for a new device"
            self.problems.add(f"there is no device {entry.renamed_from!r} (nor {host!r}) to rename{hint}", path)
        return entry.id or old or host

    def _device(self, host: str, identity: str, entry: DeviceEntry) -> DesiredDevice | None:
        here = ("devices", host)
        kind = self._kind(here, entry)
        details = self._details(here, entry, kind)
        ports = self._ports(here, entry, kind) if kind is not None else None
        if kind is None or details is None or ports is None or not self._fits(here, entry, kind):
            return None
        if kind is DeviceKind.ROUTER and entry.routing is False:
            self.problems.add("a router routes anyway; leave routing out", (*here, "routing"))
        channels = compile_channels(entry.port_channels, here, self.problems)
        names = frozenset(channel_name(number) for number in channels)
        processes = self._processes(here, entry)
        interfaces = Interfaces(host, kind, self.file.port_profiles, processes, self.problems, names)
        for key, interface in entry.interfaces.items():
            interfaces.add(key, interface)
        self.keys.update({(host, name): key for name, key in interfaces.keys.items()})
        protocols = Protocols(here, self.problems)
        return DesiredDevice(
            id=identity,
            name=host,
            kind=kind,
            details=details,
            ports=ports,
            routing=None if kind is DeviceKind.ROUTER else entry.routing,
            vlans=self._vlans(here, kind, entry),
            switch_ports=interfaces.switch_ports,
            spanning_tree=_spanning_tree(entry),
            interfaces=interfaces.routed,
            ospf={process.process: OspfProcess(**process.model_dump()) for process in entry.ospf},
            routes=self._routes(here, entry),
            bgp=protocols.bgp(entry.bgp),
            eigrp=protocols.eigrp(entry.eigrp),
            access_lists=protocols.access_lists(entry.access_lists),
            port_channels=channels,
            bonds=compile_bonds(entry.bonds, here, self.problems),
            features={**compile_features(entry.features, here, self.problems), **interfaces.features},
        )

    def _kind(self, here: Path, entry: DeviceEntry) -> DeviceKind | None:
        kind = entry.kind or self.file.defaults.kind
        if kind is None:
            self.problems.add("kind is missing; write kind: router, kind: switch or kind: host", (*here, "kind"))
            return None
        return DeviceKind(kind)

    def _fits(self, here: Path, entry: DeviceEntry, kind: DeviceKind) -> bool:
        """Whether nothing is said of a host that only routers and switches have, nor the other way round."""
        host = kind is DeviceKind.HOST
        strange = [name for name in (_NOT_OF_HOSTS if host else _OF_HOSTS) if name in entry.model_fields_set]
        for name in strange:
            others = "routers and switches have it" if host else "hosts have it"
            self.problems.add(f"{name} does not go with kind: {kind.value}; {others}", (*here, name))
        return not strange

    def _ports(self, here: Path, entry: DeviceEntry, kind: DeviceKind) -> tuple[str, ...] | None:
        try:
            if kind is DeviceKind.HOST:
                return tuple(port_name(kind, port) for port in entry.ports)
            return tuple(name for ports in entry.ports for name in expand_interfaces(ports))
        except InvalidValue as error:
            self.problems.add(error.message, (*here, "ports"))
            return None

    def _details(self, here: Path, entry: DeviceEntry, kind: DeviceKind | None) -> DeviceDetails | None:
        defaults = self.file.defaults
        if kind is DeviceKind.HOST:
            # The defaults of a file are those of its routers and switches.
            vendor = entry.vendor or _USUAL_HOST
            usual = platforms_of(kind).get(vendor, (vendor,))[0]
            defaults = defaults.model_copy(update={"vendor": vendor, "platform": entry.platform or usual})
        missing = [name for name in ("vendor", "platform") if not (getattr(entry, name) or getattr(defaults, name))]
        for name in missing:
            self.problems.add(f"{name} is missing; add it here or to defaults", (*here, name))
        if missing:
            return None
        texts = {name: _first(getattr(entry, name), getattr(defaults, name)) for name in ("model", "role", "site")}
        return DeviceDetails(
            vendor=entry.vendor or defaults.vendor or "",
            platform=entry.platform or defaults.platform or "",
            management=entry.management,
            bridges="vlan-aware" if entry.bridges == "vlan-aware" else None,
            **texts,
        )

    def _processes(self, here: Path, entry: DeviceEntry) -> tuple[int, ...]:
        numbers = tuple(process.process for process in entry.ospf)
        for index, number in enumerate(numbers):
            if number in numbers[:index]:
                self.problems.add(f"OSPF process {number} stands here twice", (*here, "ospf", index, "process"))
        return numbers

    def _vlans(self, here: Path, kind: DeviceKind, entry: DeviceEntry) -> dict[int, str | None]:
        catalogue = self.file.vlans
        if entry.vlans is None:
            said = "vlans" in entry.model_fields_set
            return dict(catalogue) if kind is DeviceKind.SWITCH or said else {}
        found: dict[int, str | None] = {}
        for vlan, name in entry.vlans.items():
            if name == "" and vlan not in catalogue:
                hint = suggest(vlan, catalogue)
                self.problems.add(f"VLAN {vlan} is not in the catalogue (vlans){hint}", (*here, "vlans"))
            found[vlan] = catalogue.get(vlan) if name == "" else name
        return found

    def _routes(self, here: Path, entry: DeviceEntry) -> tuple[StaticRoute, ...]:
        found: dict[tuple[object, object], StaticRoute] = {}
        lines: dict[tuple[object, object], int] = {}
        for index, route in enumerate(entry.routes):
            if route is None:
                continue
            key = (route.to, route.via)
            line = self.problems.line((*here, "routes", index))
            if key in found:
                message = f"the route to {route.to} via {route.via} stands in line {lines[key]} already"
                self.problems.add(message, (*here, "routes", index))
                continue
            lines[key] = line
            found[key] = StaticRoute(prefix=route.to, next_hop=route.via, distance=route.distance, name=route.name)
        return tuple(found.values())


def _first(own: str | None, default: str | None) -> str:
    return own if own is not None else default or ""


def _spanning_tree(entry: DeviceEntry) -> SpanningTree | None:
    if entry.spanning_tree is None:
        return None
    return SpanningTree(mode=entry.spanning_tree.mode, priorities=entry.spanning_tree.priority)

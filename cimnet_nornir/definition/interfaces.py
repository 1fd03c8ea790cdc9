"""Interface entries of a device become switch ports and routed interfaces: ranges expanded, profiles merged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Interface

from cimnet_nornir.definition.features import compile_features
from cimnet_nornir.definition.model import InterfaceEntry, InterfaceOspf, PortProfile
from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, suggest
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.interfaces import expand_interfaces, is_logical, linux_interface
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    HostInterfaceConfiguration,
    InterfaceConfiguration,
    OspfInterface,
    PortConfiguration,
    RoutedInterface,
    TrunkMode,
)
from cimnet_nornir.errors import InvalidValue

Mode = str
# What belongs to one mode only; each also implies it.
FIELDS_OF_MODE: Mapping[Mode, tuple[str, ...]] = {
    "access": ("vlan",),
    "trunk": ("native", "allowed"),
    "routed": ("address", "addresses", "gateway", "mtu", "ospf", "access_group_in", "access_group_out"),
}
_SWITCHING_ONLY = ("portfast", "bpduguard")
_OF_HOSTS = ("gateway", "mtu")
_NOT_OF_HOSTS = (
    "enabled",
    "mode",
    *FIELDS_OF_MODE["access"],
    *FIELDS_OF_MODE["trunk"],
    *_SWITCHING_ONLY,
    "access_group_in",
    "access_group_out",
    "features",
)


@dataclass(slots=True)
class Interfaces:
    """The interfaces of one device, compiled; `keys` maps each name to the key it was written under.

    `channels` are the port-channels that have members: like ports they switch unless something is said.
    """

    host: str
    kind: DeviceKind
    profiles: Mapping[str, PortProfile]
    processes: tuple[int, ...]
    problems: Problems
    channels: frozenset[str] = frozenset()
    switch_ports: dict[str, PortConfiguration] = field(default_factory=dict)
    routed: dict[str, InterfaceConfiguration] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    features: dict[str, Setting] = field(default_factory=dict)

    def add(self, key: str, entry: InterfaceEntry) -> None:
        """Compile one entry; what is wrong with it is noted, and the entry then left out."""
        path = ("devices", self.host, "interfaces", key)
        names = self._names(key, path)
        merged = self._with_profile(entry, path)
        if not names or merged is None or not self._is_of_kind(merged, path):
            return
        if self.kind is DeviceKind.HOST:
            self._add_routed(names, merged, path)
            return
        self.features |= compile_features(entry.features, path, self.problems, interfaces=names)
        mode = self._mode(merged, names, path)
        if mode == "routed":
            self._add_routed(names, merged, path)
        elif mode is not None:
            configuration = self._port(merged, mode, path)
            if configuration is not None:
                self.switch_ports.update(dict.fromkeys(names, configuration))

    def _names(self, key: str, path: Path) -> tuple[str, ...]:
        try:
            names = (linux_interface(key),) if self.kind is DeviceKind.HOST else expand_interfaces(key)
        except InvalidValue as error:
            self.problems.add(error.message, path)
            return ()
        for name in names:
            first = self.keys.setdefault(name, key)
            if first != key or names.count(name) > 1:
                line = self.problems.line((*path[:-1], first))
                self.problems.add(f"{name} is configured twice; it is in {first!r} (line {line}) too", path)
                return ()
        return names

    def _with_profile(self, entry: InterfaceEntry, path: Path) -> InterfaceEntry | None:
        if entry.profile is None:
            return entry
        profile = self.profiles.get(entry.profile)
        if profile is None:
            hint = suggest(entry.profile, self.profiles)
            self.problems.add(f"there is no port profile {entry.profile!r}{hint}", (*path, "profile"))
            return None
        more = profile.model_fields_set - entry.model_fields_set
        return entry.model_copy(update={name: getattr(profile, name) for name in more})

    def _is_of_kind(self, entry: InterfaceEntry, path: Path) -> bool:
        """Whether nothing is said of it that devices of another kind have."""
        host = self.kind is DeviceKind.HOST
        strange = [name for name in (_NOT_OF_HOSTS if host else _OF_HOSTS) if name in entry.model_fields_set]
        for name in strange:
            others = "routers and switches have it" if host else "hosts have it"
            self.problems.add(f"{name} does not go with kind: {self.kind.value}; {others}", (*path, name))
        return not strange

    def _mode(self, entry: InterfaceEntry, names: Iterable[str], path: Path) -> Mode | None:
        """The mode, stated or understood; None (and a problem) where fields of another mode stand beside it."""
        said = entry.model_fields_set
        implied = [mode for mode, fields in FIELDS_OF_MODE.items() if said.intersection(fields)]
        logical = any(is_logical(name) and name not in self.channels for name in names)
        always_routed = self.kind is DeviceKind.ROUTER or logical
        mode = entry.mode or (implied[0] if implied else "routed" if always_routed else "switched")
        if mode == "routed" and said.intersection(_SWITCHING_ONLY):
            self._strange(_SWITCHING_ONLY, entry, "a routed interface", path)
            return None
        for other in implied:
            if other != mode:
                self._strange(FIELDS_OF_MODE[other], entry, f"mode {mode}", path)
                return None
        return mode

    def _strange(self, fields: tuple[str, ...], entry: InterfaceEntry, where: str, path: Path) -> None:
        name = next(name for name in fields if name in entry.model_fields_set)
        right = next((mode for mode, names in FIELDS_OF_MODE.items() if name in names), None)
        hint = f"it belongs to mode {right}" if right else "it belongs to switch ports"
        self.problems.add(f"{name} does not go with {where}; {hint}", (*path, name))

    def _port(self, entry: InterfaceEntry, mode: Mode, path: Path) -> PortConfiguration | None:
        switching: AccessMode | TrunkMode | None = None
        if mode == "access":
            if entry.vlan is None:
                self.problems.add("an access port needs its VLAN; add vlan: ID", (*path, "vlan"))
                return None
            switching = AccessMode(vlan=entry.vlan)
        elif mode == "trunk":
            switching = TrunkMode(native_vlan=entry.native or 1, allowed=entry.allowed)
        return PortConfiguration(
            description=entry.description,
            enabled=entry.enabled,
            switching=switching,
            portfast=entry.portfast,
            bpduguard=entry.bpduguard,
        )

    def _add_routed(self, names: Iterable[str], entry: InterfaceEntry, path: Path) -> None:
        if entry.address is not None and entry.addresses:
            self.problems.add("address and addresses say the same; keep one of them", (*path, "addresses"))
            return
        addresses = entry.addresses or (() if entry.address is None else (entry.address,))
        if entry.ospf is not None and not addresses:
            self.problems.add("OSPF runs on an interface that has an address; give it one", (*path, "ospf"))
            return
        ospf = None if entry.ospf is None else self._ospf(entry.ospf, (*path, "ospf"))
        self.routed.update(dict.fromkeys(names, self._routed(entry, addresses, ospf)))

    def _routed(
        self, entry: InterfaceEntry, addresses: tuple[IPv4Interface, ...], ospf: OspfInterface | None
    ) -> InterfaceConfiguration:
        if self.kind is DeviceKind.HOST:
            return HostInterfaceConfiguration(
                description=entry.description,
                addresses=addresses,
                gateway=entry.gateway,
                mtu=entry.mtu,
                ospf=ospf,
            )
        return RoutedInterface(
            description=entry.description,
            enabled=entry.enabled,
            addresses=addresses,
            ospf=ospf,
            access_group_in=entry.access_group_in,
            access_group_out=entry.access_group_out,
        )

    def _ospf(self, entry: InterfaceOspf, path: Path) -> OspfInterface | None:
        process = entry.process or (self.processes[0] if len(self.processes) == 1 else None)
        if process is None or process not in self.processes:
            self.problems.add(self._which_process(process), path)
            return None
        return OspfInterface(
            process=process,
            area=entry.area,
            cost=entry.cost,
            passive=entry.passive,
            point_to_point=entry.network == "point-to-point",
        )

    def _which_process(self, process: int | None) -> str:
        numbers = ", ".join(str(number) for number in self.processes)
        if not self.processes:
            return f"{self.host} has no OSPF process; add ospf: {{process: 1, router_id: …}} to it"
        if process is None:
            return f"{self.host} has several OSPF processes; say which: process: {' or '.join(numbers.split(', '))}"
        return f"{self.host} has no OSPF process {process}; it has {numbers}"

"""Container and VM networks of a definition file become the domain's wishes; what they cannot be is noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cimnet_nornir.definition.file_model import FileModel
from cimnet_nornir.definition.hosting import ContainerNetworkEntry, VmNetworkEntry
from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, suggest
from cimnet_nornir.domain.hosting.values import (
    Bandwidth,
    Bridge,
    Bridged,
    ContainerNetworkWish,
    ContainerWish,
    Driver,
    HostWish,
    HyperV,
    Hypervisor,
    Internal,
    Libvirt,
    Macvlan,
    Nat,
    Overlay,
    VmNetworkKind,
    VmNetworkWish,
    VMware,
    VmWish,
)
from cimnet_nornir.domain.hosting.wishes import DesiredContainerNetwork, DesiredVmNetwork

Fields = Mapping[str, tuple[str, ...]]
# What belongs to one driver, hypervisor or type only.
FIELDS_OF_DRIVER: Fields = {
    "bridge": ("bridge", "inter_container", "mtu"),
    "overlay": ("encrypted", "vxlan"),
    "macvlan": ("parent", "mode"),
}
FIELDS_OF_HYPERVISOR: Fields = {"libvirt": ("uri",), "vmware": ("vcenter", "datacenter"), "hyper-v": ("host",)}
FIELDS_OF_TYPE: Fields = {"bridged": ("bridge", "vlan"), "nat": ("subnet", "dhcp"), "internal": ("subnet",)}


@dataclass(frozen=True, slots=True)
class HostingCompiler:
    """`hosts` maps the names of all devices to their ids; `servers` are the file's hosts, which carry networks.

    `left_out` are devices of the file that could not be compiled. Nothing is said of a network on one of these: that
    would be guessing.
    """

    hosts: Mapping[str, str]
    servers: tuple[str, ...]
    left_out: frozenset[str]
    problems: Problems

    def container_network(self, name: str, entry: ContainerNetworkEntry) -> DesiredContainerNetwork | None:
        """A container network; None where something about it is wrong."""
        here: Path = ("container_networks", name)
        ids = self._ids(entry.hosts, here)
        if ids is None or not self._fields_fit(entry, here, ("driver", entry.driver), FIELDS_OF_DRIVER):
            return None
        wish = ContainerNetworkWish(
            vlan=entry.vlan,
            driver=_driver(entry),
            runtime=entry.runtime,
            subnet=entry.subnet,
            gateway=entry.gateway,
            dns=entry.dns,
            hosts={ids[host]: HostWish(uplink=asked.uplink, range=asked.range) for host, asked in entry.hosts.items()},
        )
        found = {}
        for container, asked in entry.containers.items():
            host = self._host_of(asked.host, ids, (*here, "containers", container))
            if host is None:
                return None
            found[container] = ContainerWish(host=host, address=asked.address, image=asked.image, runtime=asked.runtime)
        return DesiredContainerNetwork(name, wish, found)

    def vm_network(self, name: str, entry: VmNetworkEntry) -> DesiredVmNetwork | None:
        """A network of virtual machines; None where something about it is wrong."""
        here: Path = ("vm_networks", name)
        named = {**entry.hosts, **({entry.host: None} if entry.host is not None else {})}
        ids = self._ids(named, here)
        if ids is None or not self._vm_fields_fit(entry, here):
            return None
        hypervisor, kind = _hypervisor(entry), _kind(entry)
        if hypervisor is None or kind is None:
            return None
        wish = VmNetworkWish(
            hypervisor=hypervisor,
            kind=kind,
            vlan=entry.vlan,
            bandwidth=Bandwidth(**entry.bandwidth.model_dump()),
            hosts={ids[host]: asked.uplink for host, asked in entry.hosts.items()},
        )
        found = {}
        for machine, asked in entry.machines.items():
            host = self._host_of(asked.host, ids, (*here, "machines", machine))
            if host is None:
                return None
            found[machine] = VmWish(host=host, mac=asked.mac, address=asked.address)
        return DesiredVmNetwork(name, wish, found)

    def _ids(self, names: Iterable[str], here: Path) -> dict[str, str] | None:
        """The device ids of hosts by name; None, noted where it is a mistake, where there is not one for each."""
        found = {}
        for name in names:
            if name in self.left_out:
                return None
            if name not in self.hosts:
                self.problems.add(f"there is no host {name}{suggest(name, self.servers)}", (*here, "hosts"))
                return None
            found[name] = self.hosts[name]
        if not found:
            self.problems.add("it needs the hosts that carry it; write hosts: [srv1]", (*here, "hosts"))
            return None
        return found

    def _host_of(self, asked: str | None, ids: Mapping[str, str], here: Path) -> str | None:
        if asked is None and len(ids) == 1:
            return next(iter(ids.values()))
        if asked is not None and asked in ids:
            return ids[asked]
        known = ", ".join(ids)
        what = "says not on which host it is" if asked is None else f"is on {asked}, which does not carry the network"
        self.problems.add(f"it {what}; write host: {' or '.join(known.split(', '))}", (*here, "host"))
        return None

    def _vm_fields_fit(self, entry: VmNetworkEntry, here: Path) -> bool:
        if not self._fields_fit(entry, here, ("hypervisor", entry.hypervisor), FIELDS_OF_HYPERVISOR):
            return False
        if not self._fields_fit(entry, here, ("type", entry.type), FIELDS_OF_TYPE):
            return False
        needed = {"vmware": ("vcenter", "datacenter"), "hyper-v": ("host",)}.get(entry.hypervisor, ())
        for name in (*needed, *(("subnet",) if entry.type == "nat" else ())):
            if getattr(entry, name) is None:
                self.problems.add(f"{name} is missing", (*here, name))
                return False
        return True

    def _fields_fit(self, entry: FileModel, here: Path, chosen: tuple[str, str], fields: Fields) -> bool:
        """Whether no field is said that belongs to another choice alone."""
        kind, choice = chosen
        others = {name: other for other, names in fields.items() if other != choice for name in names}
        for name in entry.model_fields_set & others.keys() - set(fields[choice]):
            self.problems.add(f"{name} does not go with {kind} {choice}; it belongs to {others[name]}", (*here, name))
            return False
        return True


def _driver(entry: ContainerNetworkEntry) -> Driver:
    match entry.driver:
        case "bridge":
            return Bridge(name=entry.bridge, inter_container=entry.inter_container, mtu=entry.mtu)
        case "overlay":
            return Overlay(encrypted=entry.encrypted, vxlan=entry.vxlan)
        case "macvlan":
            return Macvlan(parent=entry.parent, mode=entry.mode)


def _hypervisor(entry: VmNetworkEntry) -> Hypervisor | None:
    match entry.hypervisor:
        case "libvirt":
            return Libvirt() if entry.uri is None else Libvirt(uri=entry.uri)
        case "vmware":
            return VMware(vcenter=entry.vcenter or "", datacenter=entry.datacenter or "")
        case "hyper-v":
            return HyperV(host=entry.host or "")


def _kind(entry: VmNetworkEntry) -> VmNetworkKind | None:
    match entry.type:
        case "bridged":
            return Bridged(bridge=entry.bridge)
        case "nat":
            return None if entry.subnet is None else Nat(subnet=entry.subnet, dhcp=entry.dhcp)
        case "internal":
            return Internal(subnet=entry.subnet)

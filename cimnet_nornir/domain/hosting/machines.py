"""What a command on a network of virtual machines becomes: events and the commands for its switches, or a refusal."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.containers import default_bridge
from cimnet_nornir.domain.hosting.decided import Asked, Decided, InUse, Segment, assigned, becoming, read_of, segment_of
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork, VmNetworkEvent
from cimnet_nornir.domain.hosting.placement import find_uplink, hosted_networks, require_host
from cimnet_nornir.domain.hosting.requirements import (
    label,
    refuse_in_use,
    require_apart,
    require_hosts,
    require_hypervisor,
)
from cimnet_nornir.domain.hosting.trunks import give_up
from cimnet_nornir.domain.hosting.values import (
    AddressRange,
    Bridge,
    Bridged,
    HyperV,
    Internal,
    Libvirt,
    Nat,
    Uplink,
    VmNetworkKind,
    VmNetworkSettings,
    VmNetworkWish,
    VMware,
    usable,
)
from cimnet_nornir.domain.hosting.vm_attachments import attach_vm, can_have
from cimnet_nornir.domain.interfaces import linux_interface
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import (
    AlreadyExists,
    DeviceNotFound,
    RuleViolated,
    VmNetworkNotFound,
)


def decide_vm_network(network: Network, command: c.VmNetworkCommand, in_use: InUse) -> Decided:
    """The decision on one command. Raises a DomainError or InvalidValue, each with its subject.

    `in_use` says which addresses somebody has; nothing to change gives no event.
    """
    present = network.vm_networks.get(command.name)
    if isinstance(command, c.CreateVmNetwork):
        if present is not None:
            raise AlreadyExists(f"there is a VM network {command.name!r} already", subject=command.name)
        return _create(network, command)
    if isinstance(command, c.RestoreVmNetwork):
        return _restore(network, present, command)
    if present is None:
        raise VmNetworkNotFound(
            f"there is no VM network {command.name!r} in network {network.name!r}", subject=command.name
        )
    return _decide_present(network, present, command, in_use)


def _decide_present(
    network: Network,
    present: VmNetwork,
    command: c.ChangeVmNetwork | c.RemoveVmNetwork | c.AttachVm | c.DetachVm,
    in_use: InUse,
) -> Decided:
    match command:
        case c.ChangeVmNetwork():
            return _change(network, present, command.wish)
        case c.RemoveVmNetwork():
            refuse_in_use(f"{label(present)} has virtual machines attached", present.name, sorted(present.vms))
            commands = [item for _, link in sorted(present.uplinks.items()) for item in give_up(network, present, link)]
            return Decided((e.VmNetworkRemoved(),), commands=tuple(commands))
        case c.AttachVm():
            return attach_vm(network, present, command, in_use)
        case c.DetachVm():
            return Decided((e.VmDetached(vm=command.vm),) if command.vm in present.vms else ())


# --- the network itself -----------------------------------------------------------------------------------------------


def _create(network: Network, command: c.CreateVmNetwork) -> Decided:
    settings, segment = _settings(network, command.name, command.wish)
    return becoming(network, None, VmNetwork(network.name, command.name, settings), segment, _event)


def _change(network: Network, present: VmNetwork, wish: VmNetworkWish) -> Decided:
    settings, segment = _settings(network, present.name, wish)
    _refuse_stranded(present, settings)
    return becoming(network, present, VmNetwork(network.name, present.name, settings), segment, _event)


def _event(present: VmNetwork | None, wanted: VmNetwork) -> VmNetworkEvent:
    if present is None:
        return e.VmNetworkCreated(network=wanted.network, name=wanted.name, settings=wanted.settings)
    return e.VmNetworkChanged(settings=wanted.settings)


def _restore(network: Network, present: VmNetwork | None, command: c.RestoreVmNetwork) -> Decided:
    """The network as it was; whether switches carry it is checked at the end."""
    settings = command.settings
    if present is not None and present.settings == settings:
        return Decided()
    if settings.subnet is not None and not isinstance(settings.kind, Bridged):
        require_apart(network, command.name, settings.subnet, None)
    made = VmNetwork(network.name, command.name, settings)
    read = read_of(settings.hosts, made.uplinks, None)
    if present is not None:
        _refuse_stranded(present, settings)
    return Decided((_event(present, made),), (assigned(made),), read=read)


def _refuse_stranded(present: VmNetwork, settings: VmNetworkSettings) -> None:
    lost = [
        name
        for name, vm in sorted(present.vms.items())
        if vm.host not in settings.hosts or (vm.address is not None and not can_have(settings, vm.address))
    ]
    refuse_in_use(f"{label(present)} would lose host or address of virtual machines", present.name, lost)


def _settings(network: Network, name: str, wish: VmNetworkWish) -> tuple[VmNetworkSettings, Segment | None]:
    hosts = _hosts(network, name, wish)
    _check_kind(wish)
    uplinks: dict[str, Uplink | None] = dict.fromkeys(sorted(hosts))
    for identity in uplinks:
        host = require_host(network, identity)
        require_hypervisor(host, wish.hypervisor.hypervisor)
        if wish.vlan is not None:
            uplinks[identity] = find_uplink(network, host, wish.vlan, hosts[identity])
    switches = {uplink.switch for uplink in uplinks.values() if uplink is not None}
    segment = _segment(network, name, wish, switches)
    settings = VmNetworkSettings(
        hypervisor=wish.hypervisor,
        kind=_kind(network, name, wish, tuple(uplinks)),
        vlan=wish.vlan,
        subnet=segment.subnet if segment else None,
        gateway=segment.gateway if segment and not isinstance(wish.kind, Internal) else None,
        bandwidth=wish.bandwidth,
        hosts=uplinks,
    )
    return settings, segment


def _hosts(network: Network, name: str, wish: VmNetworkWish) -> dict[str, str | None]:
    """The hosts by id; a Hyper-V network is on the server that it names."""
    if not isinstance(wish.hypervisor, HyperV):
        require_hosts(name, wish.hosts)
        return dict(wish.hosts)
    server = network.device_named(wish.hypervisor.host)
    if server is None:
        raise DeviceNotFound(f"there is no host {wish.hypervisor.host!r}", subject=wish.hypervisor.host)
    if set(wish.hosts) - {server.id}:
        raise RuleViolated(f"the network {name} is on the Hyper-V server {server.name} alone", subject=name)
    return {server.id: wish.hosts.get(server.id)}


def _check_kind(wish: VmNetworkWish) -> None:
    kind = wish.kind
    if wish.vlan is not None and not isinstance(kind, Bridged):
        raise RuleViolated(f"a network of type {kind.type} is on no VLAN; leave vlan out", subject=str(wish.vlan))
    if isinstance(kind, Nat) and isinstance(wish.hypervisor, VMware):
        raise RuleViolated("VMware ESXi has no NAT; take a bridged network on a VLAN", subject="nat")
    if isinstance(kind, Nat):
        _check_dhcp(kind.subnet, kind.dhcp)


def _check_dhcp(subnet: IPv4Network, dhcp: AddressRange | None) -> None:
    if dhcp is not None and (not dhcp.inside(subnet) or usable(subnet)[0] in dhcp):
        raise RuleViolated(
            f"the DHCP range {dhcp} is not within {subnet} behind its gateway {usable(subnet)[0]}", subject=str(dhcp)
        )


def _segment(network: Network, name: str, wish: VmNetworkWish, switches: set[str]) -> Segment | None:
    """The layer-3 side; a bridged network has one where its VLAN has a layer-3 interface."""
    if isinstance(wish.kind, Bridged):
        return _bridged_segment(network, name, wish.vlan, switches)
    if wish.kind.subnet is None:
        return None
    require_apart(network, name, wish.kind.subnet, None)
    return segment_of(network, Asked(name, wish.kind.subnet, None), None, ())


def _bridged_segment(network: Network, name: str, vlan: int | None, switches: set[str]) -> Segment | None:
    try:
        return segment_of(network, Asked(name, _containers_on(network, vlan), None), vlan, switches)
    except RuleViolated:
        # Nothing routes for the VLAN yet: then the machines' addresses are not known here either.
        return None


def _containers_on(network: Network, vlan: int | None) -> IPv4Network | None:
    """The subnet of the containers that are on the same VLAN."""
    others = (other.settings for other in network.container_networks.values())
    return next((other.subnet for other in others if vlan is not None and other.vlan == vlan), None)


def _kind(network: Network, name: str, wish: VmNetworkWish, hosts: tuple[str, ...]) -> VmNetworkKind:
    kind = wish.kind
    if not isinstance(kind, Bridged):
        return kind
    if kind.bridge is None and wish.vlan is None:
        raise RuleViolated(f"the bridged network {name} needs a VLAN or a bridge; name one", subject=name)
    bridge = kind.bridge or bridge_of(name, wish) or ""
    if isinstance(wish.hypervisor, Libvirt):
        linux_interface(bridge)
        _refuse_taken_bridge(network, name, wish.vlan, _Place(bridge, hosts))
    return kind.model_copy(update={"bridge": bridge})


def bridge_of(name: str, wish: VmNetworkWish) -> str | None:
    """The bridge that a bridged network names, or the default: `br-vlan100` of libvirt, `vlan100` of the others."""
    if not isinstance(wish.kind, Bridged) or wish.kind.bridge is not None or wish.vlan is None:
        return wish.kind.bridge if isinstance(wish.kind, Bridged) else None
    return default_bridge(name, wish.vlan) if isinstance(wish.hypervisor, Libvirt) else f"vlan{wish.vlan}"


@dataclass(frozen=True, slots=True)
class _Place:
    bridge: str
    hosts: tuple[str, ...]


def _refuse_taken_bridge(network: Network, name: str, vlan: int | None, place: _Place) -> None:
    """Machines and containers of one VLAN share a bridge; those of two would be on one another's VLAN."""
    for other in hosted_networks(network):
        if isinstance(other, ContainerNetwork):
            bridge = other.settings.driver.name if isinstance(other.settings.driver, Bridge) else None
        else:
            bridge = getattr(other.settings.kind, "bridge", None) if other.name != name else None
        if bridge == place.bridge and other.settings.vlan != vlan and set(other.settings.hosts) & set(place.hosts):
            raise AlreadyExists(f"{label(other)} has the bridge {bridge} for another VLAN", subject=place.bridge)

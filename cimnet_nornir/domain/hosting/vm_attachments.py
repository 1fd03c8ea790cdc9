"""Attaching a virtual machine to its network: a MAC address that stays, and the address that it asks for."""

from ipaddress import IPv4Address

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.decided import Decided, InUse
from cimnet_nornir.domain.hosting.networks import VmNetwork
from cimnet_nornir.domain.hosting.requirements import label
from cimnet_nornir.domain.hosting.values import Bridged, Container, Vm, VmNetworkSettings, VmWish, derived_mac, usable
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import AlreadyExists, DuplicateIpAddress, NotFound, RuleViolated


def attach_vm(network: Network, present: VmNetwork, command: c.AttachVm, in_use: InUse) -> Decided:
    wish, name = command.wish, command.vm
    there = present.vms.get(name)
    if there is not None:
        if vm_satisfies(there, wish):
            return Decided()
        raise AlreadyExists(f"{label(present)} has a machine {name} already; detach it first", subject=name)
    if wish.host not in present.settings.hosts:
        known = ", ".join(present.settings.hosts)
        raise NotFound(f"{label(present)} is not on the host {wish.host}; it is on {known}", subject=wish.host)
    if wish.address is not None:
        _check_address(network, present, name, wish.address, in_use)
    mac = wish.mac or derived_mac(present.network, "vm", present.name, name)
    macs = {vm.mac for vm in present.vms.values()} | {beside.mac for beside in _containers_beside(network, present)}
    if mac in macs:
        raise AlreadyExists(f"{mac} is the MAC address of another machine in {label(present)}", subject=mac)
    event = e.VmAttached(vm=name, host=wish.host, mac=mac, address=wish.address)
    return Decided((event,), read=frozenset({wish.host}))


def vm_satisfies(vm: Vm, wish: VmWish) -> bool:
    """Whether an attached machine is what is asked; a MAC address that is not asked for may be any."""
    return (wish.host, wish.mac or vm.mac, wish.address) == (vm.host, vm.mac, vm.address)


def _containers_beside(network: Network, present: VmNetwork) -> list[Container]:
    """The containers on the same VLAN."""
    vlan = present.settings.vlan
    others = (
        other for other in network.container_networks.values() if vlan is not None and other.settings.vlan == vlan
    )
    return [container for other in others for container in other.containers.values()]


def _check_address(network: Network, present: VmNetwork, name: str, address: IPv4Address, in_use: InUse) -> None:
    settings, subject = present.settings, f"{present.name} {name}"
    if not can_have(settings, address):
        where = settings.subnet or "no subnet that is known"
        raise RuleViolated(f"{address} is no address of {label(present)} ({where})", subject=subject)
    for other in network.container_networks.values():
        if settings.vlan is not None and other.settings.vlan == settings.vlan:
            for host, share in other.settings.hosts.items():
                if address in share.range:
                    raise RuleViolated(
                        f"{address} is in the range {share.range} of {host} in {label(other)}", subject=subject
                    )
    own = {vm.address for vm in present.vms.values()}
    if address in own or (holds_addresses(present) and in_use((address,))):
        raise DuplicateIpAddress(f"{address} in {label(present)} is taken", subject=subject)


def can_have(settings: VmNetworkSettings, address: IPv4Address) -> bool:
    if settings.subnet is None:
        return isinstance(settings.kind, Bridged)
    first, last = usable(settings.subnet)
    return first <= address <= last and address != settings.gateway


def holds_addresses(network: VmNetwork) -> bool:
    """Whether its addresses are the whole network's: those behind a host or inside it are seen nowhere else."""
    return isinstance(network.settings.kind, Bridged)

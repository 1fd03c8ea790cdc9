"""Container and VM networks as somebody wants them, and the commands that take the present ones there."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.hosting.attachments import satisfies
from cimnet_nornir.domain.hosting.containers import default_bridge
from cimnet_nornir.domain.hosting.machines import bridge_of
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import (
    Bridge,
    Bridged,
    Container,
    ContainerNetworkSettings,
    ContainerNetworkWish,
    ContainerWish,
    HostShare,
    HostWish,
    HyperV,
    Uplink,
    Vm,
    VmNetworkSettings,
    VmNetworkWish,
    VmWish,
)
from cimnet_nornir.domain.hosting.vm_attachments import vm_satisfies
from cimnet_nornir.domain.network import Network


@dataclass(frozen=True, slots=True)
class DesiredContainerNetwork:
    """A container network as it should be. With `settings` it is to be exactly that, as it was once."""

    name: str
    wish: ContainerNetworkWish
    containers: Mapping[str, ContainerWish] = field(default_factory=dict)
    settings: ContainerNetworkSettings | None = None


@dataclass(frozen=True, slots=True)
class DesiredVmNetwork:
    """A VM network as it should be. With `settings` it is to be exactly that, as it was once."""

    name: str
    wish: VmNetworkWish
    vms: Mapping[str, VmWish] = field(default_factory=dict)
    settings: VmNetworkSettings | None = None


Wishes = tuple[Iterable[DesiredContainerNetwork], Iterable[DesiredVmNetwork]]


# --- what is there as a wish ------------------------------------------------------------------------------------------


def container_network_wish(settings: ContainerNetworkSettings) -> ContainerNetworkWish:
    """The wish for a container network as it is: nothing is left open."""
    hosts = {
        host: HostWish(uplink=share.uplink.interface if share.uplink else None, range=share.range)
        for host, share in settings.hosts.items()
    }
    return ContainerNetworkWish(
        vlan=settings.vlan,
        driver=settings.driver,
        runtime=settings.runtime,
        subnet=settings.pool,
        gateway=settings.gateway,
        dns=settings.dns,
        hosts=hosts,
    )


def vm_network_wish(settings: VmNetworkSettings) -> VmNetworkWish:
    """The wish for a VM network as it is."""
    hosts = {host: uplink.interface if uplink else None for host, uplink in settings.hosts.items()}
    return VmNetworkWish(
        hypervisor=settings.hypervisor,
        kind=settings.kind,
        vlan=settings.vlan,
        bandwidth=settings.bandwidth,
        hosts=hosts,
    )


def desired_container_network(network: ContainerNetwork) -> DesiredContainerNetwork:
    """The wish for a container network exactly as it is, with its containers."""
    return DesiredContainerNetwork(
        network.name,
        container_network_wish(network.settings),
        {name: _container_wish(container) for name, container in network.containers.items()},
        network.settings,
    )


def _container_wish(container: Container) -> ContainerWish:
    return ContainerWish.model_validate(container.model_dump(exclude={"mac"}))


def desired_vm_network(network: VmNetwork) -> DesiredVmNetwork:
    """The wish for a VM network exactly as it is, with its machines."""
    return DesiredVmNetwork(
        network.name,
        vm_network_wish(network.settings),
        {name: _vm_wish(vm) for name, vm in network.vms.items()},
        network.settings,
    )


def _vm_wish(vm: Vm) -> VmWish:
    return VmWish.model_validate(vm.model_dump())


# --- what differs -----------------------------------------------------------------------------------------------------


def first_commands(network: Network, wishes: Wishes, *, prune: bool) -> Iterator[c.HostingCommand]:
    """What goes before anything else: attachments that are to be others, and with `prune` what nobody wants."""
    wanted = {wish.name: wish for wish in wishes[0]}
    for present in network.container_networks.values():
        yield from _detachments(present, wanted.get(present.name), prune=prune)
    machines = {wish.name: wish for wish in wishes[1]}
    for other in network.vm_networks.values():
        yield from _vm_detachments(other, machines.get(other.name), prune=prune)


def _detachments(
    present: ContainerNetwork, wanted: DesiredContainerNetwork | None, *, prune: bool
) -> Iterator[c.HostingCommand]:
    for name, container in present.containers.items():
        if _goes(name, container, wanted.containers if wanted else None, prune=prune):
            yield c.DetachContainer(name=present.name, container=name)
    if wanted is None and prune:
        yield c.RemoveContainerNetwork(name=present.name)


def _vm_detachments(present: VmNetwork, wanted: DesiredVmNetwork | None, *, prune: bool) -> Iterator[c.HostingCommand]:
    for name, vm in present.vms.items():
        if _vm_goes(name, vm, wanted.vms if wanted else None, prune=prune):
            yield c.DetachVm(name=present.name, vm=name)
    if wanted is None and prune:
        yield c.RemoveVmNetwork(name=present.name)


def _goes(name: str, there: Container, wanted: Mapping[str, ContainerWish] | None, *, prune: bool) -> bool:
    wish = wanted.get(name) if wanted is not None else None
    return prune if wish is None else not satisfies(there, wish)


def _vm_goes(name: str, there: Vm, wanted: Mapping[str, VmWish] | None, *, prune: bool) -> bool:
    wish = wanted.get(name) if wanted is not None else None
    return prune if wish is None else not vm_satisfies(there, wish)


def last_commands(network: Network, wishes: Wishes, moved: Collection[str]) -> Iterator[c.HostingCommand]:
    """What goes after all devices and cables: networks that are new or differ, and then what is attached to them.

    `moved` are the names of networks whose cables or gateway change, so that they follow.
    """
    for wanted in wishes[0]:
        yield from _container_network_changes(network.container_networks.get(wanted.name), wanted, moved)
        there = network.container_networks.get(wanted.name)
        # Those that ask for an address come first, so that it is not given away.
        for name, wish in sorted(wanted.containers.items(), key=lambda item: (item[1].address is None,)):
            container = there.containers.get(name) if there else None
            if container is None or not satisfies(container, wish):
                yield c.AttachContainer(name=wanted.name, container=name, wish=_keeping(container, wish))
    for machines in wishes[1]:
        present = network.vm_networks.get(machines.name)
        yield from _vm_network_changes(present, machines, moved)
        for name, machine in machines.vms.items():
            vm = present.vms.get(name) if present else None
            if vm is None or not vm_satisfies(vm, machine):
                yield c.AttachVm(name=machines.name, vm=name, wish=machine)


def _keeping(container: Container | None, wish: ContainerWish) -> ContainerWish:
    """A container that stays on its host keeps its address where none is asked for."""
    if container is None or wish.address is not None or container.host != wish.host:
        return wish
    return wish.model_copy(update={"address": container.address})


def _container_network_changes(
    present: ContainerNetwork | None, wanted: DesiredContainerNetwork, moved: Collection[str]
) -> Iterator[c.HostingCommand]:
    if wanted.settings is not None:
        if present is None or present.settings != wanted.settings:
            yield c.RestoreContainerNetwork(name=wanted.name, settings=wanted.settings)
    elif present is None:
        yield c.CreateContainerNetwork(name=wanted.name, wish=wanted.wish)
    elif present.name in moved or not _is_as_wished(present.settings, wanted):
        yield c.ChangeContainerNetwork(name=wanted.name, wish=wanted.wish)


def _vm_network_changes(
    present: VmNetwork | None, wanted: DesiredVmNetwork, moved: Collection[str]
) -> Iterator[c.HostingCommand]:
    if wanted.settings is not None:
        if present is None or present.settings != wanted.settings:
            yield c.RestoreVmNetwork(name=wanted.name, settings=wanted.settings)
    elif present is None:
        yield c.CreateVmNetwork(name=wanted.name, wish=wanted.wish)
    elif present.name in moved or not _vm_is_as_wished(present.settings, wanted):
        yield c.ChangeVmNetwork(name=wanted.name, wish=wanted.wish)


def _is_as_wished(settings: ContainerNetworkSettings, wanted: DesiredContainerNetwork) -> bool:
    """Whether a network is what is asked; what the wish leaves open may be anything."""
    wish, driver = wanted.wish, wanted.wish.driver
    if isinstance(driver, Bridge) and driver.name is None:
        driver = driver.model_copy(update={"name": default_bridge(wanted.name, wish.vlan)})
    said = (wish.vlan, driver, wish.runtime, wish.subnet or settings.pool, wish.gateway or settings.gateway, wish.dns)
    there = (settings.vlan, settings.driver, settings.runtime, settings.pool, settings.gateway, settings.dns)
    hosts = wish.hosts.keys() == settings.hosts.keys()
    return said == there and hosts and all(_share_fits(settings.hosts[host], wish.hosts[host]) for host in wish.hosts)


def _share_fits(share: HostShare, wish: HostWish) -> bool:
    return wish.range in (None, share.range) and _uplink_fits(share.uplink, wish.uplink)


def _uplink_fits(uplink: Uplink | None, asked: str | None) -> bool:
    return uplink is None or asked in (None, uplink.interface)


def _vm_is_as_wished(settings: VmNetworkSettings, wanted: DesiredVmNetwork) -> bool:
    wish, kind = wanted.wish, wanted.wish.kind
    if isinstance(kind, Bridged):
        kind = kind.model_copy(update={"bridge": bridge_of(wanted.name, wish)})
    said = (wish.hypervisor, kind, wish.vlan, wish.bandwidth)
    if said != (settings.hypervisor, settings.kind, settings.vlan, settings.bandwidth):
        return False
    if wish.hosts.keys() != settings.hosts.keys() and not (isinstance(wish.hypervisor, HyperV) and not wish.hosts):
        return False
    return all(_uplink_fits(uplink, wish.hosts.get(host)) for host, uplink in settings.hosts.items())

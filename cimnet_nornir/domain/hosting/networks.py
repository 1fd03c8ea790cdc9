"""The networks of containers and of virtual machines as their events tell them; `evolve` functions check nothing."""

from dataclasses import dataclass, field
from typing import assert_never

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.values import Container, ContainerNetworkSettings, Uplink, Vm, VmNetworkSettings
from cimnet_nornir.errors import ContainerNetworkNotFound, VmNetworkNotFound

ContainerNetworkEvent = (
    e.ContainerNetworkCreated
    | e.ContainerNetworkChanged
    | e.ContainerNetworkRemoved
    | e.ContainerAttached
    | e.ContainerDetached
)
VmNetworkEvent = e.VmNetworkCreated | e.VmNetworkChanged | e.VmNetworkRemoved | e.VmAttached | e.VmDetached
HostingEvent = ContainerNetworkEvent | VmNetworkEvent


@dataclass(slots=True)
class ContainerNetwork:
    """A network of containers, with those attached by their names. Mutable inside a fold; a value to its readers."""

    network: str
    name: str
    settings: ContainerNetworkSettings
    containers: dict[str, Container] = field(default_factory=dict)
    removed: bool = False

    @property
    def uplinks(self) -> dict[str, Uplink]:
        """The uplinks of its hosts by device id, where it has a VLAN."""
        return {host: share.uplink for host, share in self.settings.hosts.items() if share.uplink is not None}

    @property
    def devices(self) -> frozenset[str]:
        """The ids of its hosts and of the switches that these are linked to."""
        return frozenset({*self.settings.hosts, *(uplink.switch for uplink in self.uplinks.values())})


@dataclass(slots=True)
class VmNetwork:
    """A network of virtual machines, with those attached by their names."""

    network: str
    name: str
    settings: VmNetworkSettings
    vms: dict[str, Vm] = field(default_factory=dict)
    removed: bool = False

    @property
    def uplinks(self) -> dict[str, Uplink]:
        """The uplinks of its hosts by device id, where it has a VLAN."""
        return {host: uplink for host, uplink in self.settings.hosts.items() if uplink is not None}

    @property
    def devices(self) -> frozenset[str]:
        """The ids of its hosts and of the switches that these are linked to."""
        return frozenset({*self.settings.hosts, *(uplink.switch for uplink in self.uplinks.values())})


HostedNetwork = ContainerNetwork | VmNetwork


def evolve_container_network(network: ContainerNetwork | None, event: ContainerNetworkEvent) -> ContainerNetwork:
    """The network after the event. Raises ContainerNetworkNotFound where the stream begins with another."""
    if isinstance(event, e.ContainerNetworkCreated):
        return ContainerNetwork(event.network, event.name, event.settings)
    if network is None:
        raise ContainerNetworkNotFound(f"{event.type_name()} stands in a stream whose network was never created")
    match event:
        case e.ContainerNetworkChanged():
            network.settings = event.settings
        case e.ContainerNetworkRemoved():
            network.removed = True
        case e.ContainerAttached():
            network.containers[event.container] = Container.model_validate(event.model_dump(exclude={"container"}))
        case e.ContainerDetached():
            network.containers.pop(event.container, None)
        case _:
            assert_never(event)
    return network


def evolve_vm_network(network: VmNetwork | None, event: VmNetworkEvent) -> VmNetwork:
    """The network after the event. Raises VmNetworkNotFound where the stream begins with another."""
    if isinstance(event, e.VmNetworkCreated):
        return VmNetwork(event.network, event.name, event.settings)
    if network is None:
        raise VmNetworkNotFound(f"{event.type_name()} stands in a stream whose network was never created")
    match event:
        case e.VmNetworkChanged():
            network.settings = event.settings
        case e.VmNetworkRemoved():
            network.removed = True
        case e.VmAttached():
            network.vms[event.vm] = Vm.model_validate(event.model_dump(exclude={"vm"}))
        case e.VmDetached():
            network.vms.pop(event.vm, None)
        case _:
            assert_never(event)
    return network

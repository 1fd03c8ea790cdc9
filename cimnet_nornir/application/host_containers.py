"""The container and VM networks that stand on a server."""

from collections.abc import Iterable, Iterator, Sequence

from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostVlan, HostVm, HostVmNetwork
from cimnet_nornir.application.host_vxlans import tunnel_id
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Bridge, Bridged, Macvlan
from cimnet_nornir.errors import RuleViolated


def container_networks_of(
    host: Device, hosted: Sequence[HostedNetwork], vlans: Sequence[HostVlan]
) -> tuple[HostContainerNetwork, ...]:
    """The container networks of a host, by their names. Raises RuleViolated for what no runtime there could do."""
    own = [each for each in hosted if isinstance(each, ContainerNetwork)]
    interfaces = _Interfaces(host, hosted, vlans)
    networks = tuple(_container_network(host, each, interfaces) for each in own)
    _refuse_isolation(host, networks)
    _refuse_two_backends(host, networks)
    _refuse_two_images(host, networks)
    return networks


def vm_networks_of(host: Device, hosted: Sequence[HostedNetwork]) -> tuple[HostVmNetwork, ...]:
    """The VM networks of a host, by their names."""
    return tuple(_vm_network(host, each) for each in hosted if isinstance(each, VmNetwork))


def bridge_name(hosted: HostedNetwork) -> str | None:
    """The bridge that a network's host has for it; None where it has none, or the hypervisor makes one by itself."""
    settings, default = hosted.settings, f"br-vlan{hosted.settings.vlan}"
    if isinstance(hosted, ContainerNetwork):
        driver = hosted.settings.driver
        if not isinstance(driver, Bridge):
            return None if tunnel_id(hosted) is None else f"br-{hosted.name}"
        return driver.name or (default if settings.vlan is not None else f"br-{hosted.name}")
    kind = hosted.settings.kind
    if not isinstance(kind, Bridged) or hosted.settings.hypervisor.hypervisor != "libvirt":
        return None
    return kind.bridge or (default if settings.vlan is not None else None)


class _Interfaces:
    """What the container networks of one host hang on."""

    def __init__(self, host: Device, hosted: Sequence[HostedNetwork], vlans: Sequence[HostVlan]) -> None:
        self._host = host
        self._hosted = hosted
        self._vlans = {(vlan.vlan, vlan.uplink): vlan.name for vlan in vlans}

    def of(self, network: ContainerNetwork) -> str | None:
        driver = network.settings.driver
        return self._parent(network, driver) if isinstance(driver, Macvlan) else bridge_name(network)

    def _parent(self, network: ContainerNetwork, driver: Macvlan) -> str | None:
        uplink, vlan = network.uplinks.get(self._host.id), network.settings.vlan
        if uplink is None or vlan is None:
            return driver.parent
        return self._bridge_over(vlan, uplink.interface) or self._vlans[vlan, uplink.interface]

    def _bridge_over(self, vlan: int, card: str) -> str | None:
        """The bridge that the VLAN interface is in: an interface in a bridge can be the parent of no macvlan."""
        for each in self._hosted:
            uplink = each.uplinks.get(self._host.id)
            if each.settings.vlan == vlan and uplink is not None and uplink.interface == card:
                bridge = bridge_name(each)
                if bridge is not None:
                    return bridge
        return None


def _container_network(host: Device, network: ContainerNetwork, interfaces: _Interfaces) -> HostContainerNetwork:
    settings = network.settings
    return HostContainerNetwork(
        name=network.name,
        runtime=settings.runtime,
        driver=settings.driver,
        interface=interfaces.of(network),
        vlan=settings.vlan,
        subnet=settings.subnet,
        gateway=settings.gateway,
        range=settings.hosts[host.id].range,
        dns=settings.dns,
        containers=tuple(_containers(network, host.id)),
    )


def _containers(network: ContainerNetwork, host: str) -> Iterator[HostContainer]:
    for name, container in sorted(network.containers.items()):
        if container.host == host:
            runtime = container.runtime or network.settings.runtime
            yield HostContainer(name, container.address, container.mac, container.image, runtime)


def _vm_network(host: Device, network: VmNetwork) -> HostVmNetwork:
    settings = network.settings
    uplink = settings.hosts[host.id]
    own = ((name, vm) for name, vm in sorted(network.vms.items()) if vm.host == host.id)
    return HostVmNetwork(
        name=network.name,
        hypervisor=settings.hypervisor,
        kind=settings.kind,
        bridge=bridge_name(network),
        vlan=settings.vlan,
        subnet=settings.subnet,
        gateway=settings.gateway,
        bandwidth=settings.bandwidth,
        vms=tuple(HostVm(name, vm.mac, vm.address) for name, vm in own),
        uplink=None if uplink is None else uplink.interface,
    )


# --- what no runtime could do -----------------------------------------------------------------------------------------


def _refuse_isolation(host: Device, networks: Iterable[HostContainerNetwork]) -> None:
    """Docker keeps containers apart by filtering all that crosses the bridge: the gateway's frames on a VLAN too."""
    apart = [each for each in networks if isinstance(each.driver, Bridge) and not each.driver.inter_container]
    for each in apart:
        if each.runtime == "podman":
            why = "podman has nothing for that"
        elif any(other.vlan is not None and other.runtime == "docker" for other in networks):
            why = "docker would drop the frames of networks on a VLAN too"
        else:
            continue
        raise RuleViolated(
            f"{host.name}: containers of {each.name} cannot be kept from one another, {why};"
            " take the driver macvlan with mode private",
            subject=host.id,
        )


def _refuse_two_backends(host: Device, networks: Iterable[HostContainerNetwork]) -> None:
    """NixOS starts the containers of a host by one runtime (virtualisation.oci-containers.backend)."""
    runtimes = {
        each.runtime: container.name
        for each in networks
        for container in each.containers
        if container.image is not None
    }
    if len(runtimes) > 1:
        names = " and ".join(f"{name} by {runtime}" for runtime, name in sorted(runtimes.items()))
        raise RuleViolated(
            f"{host.name} would start {names}, and starts containers by one of them only;"
            " give its networks one runtime, or the containers of the other no image",
            subject=host.id,
        )


def _refuse_two_images(host: Device, networks: Iterable[HostContainerNetwork]) -> None:
    """A name in two networks is one container in both."""
    images: dict[tuple[str, str], str] = {}
    for each in networks:
        for container in each.containers:
            image = container.image or ""
            first = images.setdefault((each.runtime, container.name), image)
            if first != image:
                raise RuleViolated(
                    f"{host.name}: the container {container.name} is in two networks with two images,"
                    f" {first or 'none'} and {image or 'none'}; give it one, or one of them another name",
                    subject=host.id,
                )

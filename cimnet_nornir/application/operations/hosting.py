"""What the facade can do with container networks and networks of virtual machines on hosts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.operations.asking import asked, device_id, several
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import (
    Bridge,
    Bridged,
    ContainerNetworkWish,
    ContainerWish,
    Driver,
    HostWish,
    Hypervisor,
    Libvirt,
    Runtime,
    VmNetworkKind,
    VmNetworkWish,
    VmWish,
)
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import ContainerNetworkNotFound, RuleViolated, VmNetworkNotFound

Hosts = Iterable[str] | Mapping[str, HostWish]
"""Host names, or a mapping of them to what is asked of each: its uplink, its range of addresses."""


class Hosting(Core):
    """Networks of containers and virtual machines; hosts are given by their host names.

    Whatever a rule refuses raises a DomainError, whatever cannot be an InvalidValue; nothing is recorded then.
    """

    # --- containers ---------------------------------------------------------------------------------------------------

    def create_container_network(
        self,
        name: str,
        *,
        hosts: Hosts,
        vlan: int | None = None,
        driver: Driver | None = None,
        runtime: Runtime = "docker",
        subnet: str | IPv4Network | None = None,
        gateway: str | IPv4Address | None = None,
        dns: Sequence[str | IPv4Address] = (),
    ) -> ChangeResult:
        """Create a network of containers on hosts, by default a bridge `br-vlan<ID>` on a VLAN.

        On a VLAN, subnet and gateway are those of its layer-3 interface; each host gets a range of the subnet that no
        other has, and its switch port becomes a trunk that carries the VLAN, in the same transaction.

        Raises AlreadyExists, DeviceNotFound, VlanNotFound where no switch of a host has the VLAN, SubnetOverlap,
        NoAvailableSubnet where no range is left, RuleViolated.
        """
        chosen = hosts if isinstance(hosts, Mapping) else several(hosts)
        told = {"vlan": vlan, "driver": driver or Bridge(), "runtime": runtime, "subnet": subnet, "gateway": gateway}

        def decide(network: Network) -> tuple[c.Command, ...]:
            wish = asked(ContainerNetworkWish, **told, dns=tuple(dns), hosts=_wishes(network, chosen))
            return (asked(c.CreateContainerNetwork, name=name, wish=wish),)

        return self._on_hosts(decide, "create container network", name, {"hosts": list(chosen), "vlan": vlan})

    def remove_container_network(self, name: str) -> ChangeResult:
        """Remove a container network; the ports of its hosts become what they were.

        Raises ContainerNetworkNotFound, NetworkInUse with the list of the containers that are attached.
        """
        command = asked(c.RemoveContainerNetwork, name=name)
        return self.execute(command, command="remove container network", arguments={"name": name})

    def attach_container(
        self,
        network: str,
        container: str,
        *,
        host: str | None = None,
        address: str | IPv4Address | None = None,
        image: str | None = None,
        runtime: Runtime | None = None,
    ) -> ChangeResult:
        """Attach a container by the address asked for, or the next one of its host's range; its MAC address stays.

        `host` may be left out where the network is on one. Raises ContainerNetworkNotFound, DuplicateIpAddress,
        NoAvailableAddress, RuleViolated for an address outside the range, AlreadyExists for another of that name.
        """

        def decide(present: Network) -> tuple[c.Command, ...]:
            hosted = present.container_networks.get(network)
            if hosted is None:
                raise ContainerNetworkNotFound(f"there is no container network {network!r}", subject=network)
            on = _host(present, host, hosted)
            wish = asked(ContainerWish, host=on, address=address, image=image, runtime=runtime)
            return (asked(c.AttachContainer, name=network, container=container, wish=wish),)

        return self._on_hosts(decide, "attach container", network, {"container": container, "host": host})

    def detach_container(self, network: str, container: str) -> ChangeResult:
        """Detach a container; its address is free again. Nothing where there is none of that name."""
        command = asked(c.DetachContainer, name=network, container=container)
        return self.execute(command, command="detach container", arguments={"name": network, "container": container})

    def container_networks(self, at: int | None = None) -> tuple[ContainerNetwork, ...]:
        """The container networks with what is attached to each, by their names."""
        return tuple(sorted(self.network(at).container_networks.values(), key=lambda hosted: hosted.name))

    # --- virtual machines ---------------------------------------------------------------------------------------------

    def create_vm_network(
        self,
        name: str,
        *,
        hosts: Iterable[str] = (),
        kind: VmNetworkKind | None = None,
        hypervisor: Hypervisor | None = None,
        vlan: int | None = None,
        inbound_mbps: int | None = None,
        outbound_mbps: int | None = None,
    ) -> ChangeResult:
        """Create a network of virtual machines: bridged (on a VLAN), behind the host (`Nat`), or `Internal`.

        Limits are those of each machine, in Mbit/s. Raises AlreadyExists, DeviceNotFound, VlanNotFound where no switch
        of a host has the VLAN, SubnetOverlap, RuleViolated where a host has no such hypervisor.
        """
        told = {"hypervisor": hypervisor or Libvirt(), "kind": kind or Bridged(), "vlan": vlan}
        limits = {"inbound_mbps": inbound_mbps, "outbound_mbps": outbound_mbps}
        names = several(hosts)

        def decide(network: Network) -> tuple[c.Command, ...]:
            ids = {device_id(network, host): None for host in names}
            wish = asked(VmNetworkWish, **told, bandwidth=limits, hosts=ids)
            return (asked(c.CreateVmNetwork, name=name, wish=wish),)

        return self._on_hosts(decide, "create VM network", name, {"hosts": list(names), "vlan": vlan})

    def remove_vm_network(self, name: str) -> ChangeResult:
        """Remove a VM network. Raises VmNetworkNotFound, NetworkInUse with the list of the machines attached."""
        command = asked(c.RemoveVmNetwork, name=name)
        return self.execute(command, command="remove VM network", arguments={"name": name})

    def attach_vm(
        self,
        network: str,
        vm: str,
        *,
        host: str | None = None,
        mac: str | None = None,
        address: str | IPv4Address | None = None,
    ) -> ChangeResult:
        """Attach a virtual machine, with the MAC address asked for or one that its name always gives.

        Raises VmNetworkNotFound, AlreadyExists for another of that name or MAC address, DuplicateIpAddress,
        RuleViolated for an address outside the network or in the range of a host's containers.
        """

        def decide(present: Network) -> tuple[c.Command, ...]:
            hosted = present.vm_networks.get(network)
            if hosted is None:
                raise VmNetworkNotFound(f"there is no VM network {network!r}", subject=network)
            on = _host(present, host, hosted)
            wish = asked(VmWish, host=on, mac=mac, address=address)
            return (asked(c.AttachVm, name=network, vm=vm, wish=wish),)

        return self._on_hosts(decide, "attach VM", network, {"vm": vm, "host": host})

    def detach_vm(self, network: str, vm: str) -> ChangeResult:
        """Detach a virtual machine. Nothing where there is none of that name."""
        command = asked(c.DetachVm, name=network, vm=vm)
        return self.execute(command, command="detach VM", arguments={"name": network, "vm": vm})

    def vm_networks(self, at: int | None = None) -> tuple[VmNetwork, ...]:
        """The networks of virtual machines with what is attached to each, by their names."""
        return tuple(sorted(self.network(at).vm_networks.values(), key=lambda hosted: hosted.name))

    def _on_hosts(
        self, decide: Callable[[Network], Sequence[c.Command]], command: str, name: str, more: Mapping[str, Any]
    ) -> ChangeResult:
        told = {key: value for key, value in more.items() if value is not None}
        return self.change(decide, command=command, arguments={"name": name, **told})


def _wishes(network: Network, hosts: Hosts) -> dict[str, HostWish]:
    told = hosts if isinstance(hosts, Mapping) else dict.fromkeys(hosts, HostWish())
    return {device_id(network, name): wish for name, wish in told.items()}


def _host(network: Network, name: str | None, hosted: ContainerNetwork | VmNetwork) -> str:
    """The id of the host named, or of the only one of a network. Raises DeviceNotFound, RuleViolated for several."""
    if name is not None:
        return device_id(network, name)
    hosts = tuple(hosted.settings.hosts)
    if len(hosts) != 1:
        names = " or ".join(network.devices[host].name for host in hosts)
        raise RuleViolated(f"{hosted.name} is on several hosts; say which: {names}", subject=hosted.name)
    return hosts[0]

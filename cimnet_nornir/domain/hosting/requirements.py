"""What a container or VM network presupposes, each a refusal that says what would be right."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork
from cimnet_nornir.domain.hosting.placement import hosted_networks
from cimnet_nornir.domain.hosting.values import usable
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import NetworkInUse, RuleViolated, SubnetOverlap

# Who runs what: a vendor of hosts, and what it is called.
CONTAINER_VENDORS: Mapping[str, str] = {"nixos": "NixOS"}
HYPERVISOR_VENDORS: Mapping[str, str] = {"libvirt": "nixos", "vmware": "vmware", "hyper-v": "microsoft"}


def label(hosted: HostedNetwork) -> str:
    """What a network is called in messages."""
    kind = "container network" if isinstance(hosted, ContainerNetwork) else "VM network"
    return f"the {kind} {hosted.name}"


def require_hosts(name: str, hosts: Iterable[object]) -> None:
    if not any(True for _ in hosts):
        raise RuleViolated(f"the network {name} has no host; name those that carry it", subject=name)


def require_container_host(host: Device) -> None:
    """Containers run on hosts that can be configured for them."""
    if host.details.vendor not in CONTAINER_VENDORS:
        raise RuleViolated(
            f"{host.name} runs {host.details.platform}, which carries no containers here; they run on nixos",
            subject=host.id,
        )


def require_hypervisor(host: Device, hypervisor: str) -> None:
    if host.details.vendor != HYPERVISOR_VENDORS[hypervisor]:
        raise RuleViolated(
            f"{host.name} runs {host.details.platform}, which has no {hypervisor}; "
            f"give the network hosts of the vendor {HYPERVISOR_VENDORS[hypervisor]}",
            subject=host.id,
        )


def require_apart(network: Network, name: str, subnet: IPv4Network, vlan: int | None) -> None:
    """Refuse a subnet that another network of hosts has, but for those of one VLAN: hosts route by it."""
    for other in hosted_networks(network):
        taken = other.settings.subnet
        apart = vlan is None or other.settings.vlan != vlan
        if other.name != name and apart and taken is not None and taken.overlaps(subnet):
            raise SubnetOverlap(f"{subnet} of {name} overlaps {taken} of {label(other)}", subject=str(subnet))


def require_usable_gateway(network: Network, name: str, subnet: IPv4Network, gateway: IPv4Address) -> None:
    """The gateway is an address of the subnet that a machine can have, and none of a host."""
    first, last = usable(subnet)
    if not first <= gateway <= last:
        raise RuleViolated(f"the gateway {gateway} of {name} is no address of {subnet}", subject=str(gateway))
    for device in network.devices.values():
        if device.is_host:
            refuse_gateway_of_host(device, name, gateway)


def refuse_gateway_of_host(host: Device, name: str, gateway: IPv4Address | None) -> None:
    """The gateway routes for the containers; a host that had its address would take their packets to itself."""
    if gateway is not None and host.details.management == gateway:
        raise RuleViolated(
            f"{gateway} is the gateway of {name} and cannot be the address of the host {host.name}", subject=host.id
        )


def refuse_in_use(what: str, subject: str, users: Iterable[str]) -> None:
    """Raises NetworkInUse, with the list, where there are users."""
    found = tuple(users)
    if found:
        raise NetworkInUse(f"{what}: {', '.join(found)}; detach them first", subject=subject, users=found)

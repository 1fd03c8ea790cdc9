"""Rules about networks of containers and virtual machines: where the host side meets the network side."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import combinations

from cimnet_nornir.domain.hosting.networks import ContainerNetwork
from cimnet_nornir.domain.hosting.values import AddressRange, HostShare
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.ports import existing_vlans
from cimnet_nornir.domain.validation.rules import AnyRule, rule
from cimnet_nornir.domain.validation.segments import members
from cimnet_nornir.domain.validation.uplinks import uplinks
from cimnet_nornir.domain.validation.view import NetworkView, Placed


@dataclass(frozen=True, slots=True)
class Share:
    """A host's part of a container network."""

    network: ContainerNetwork
    host: str
    share: HostShare

    def words(self) -> str:
        return f"container network {self.network.name}"


def shares(network: NetworkView) -> tuple[Share, ...]:
    """The parts of container networks of hosts that are there, in order."""
    return tuple(
        Share(each, host, share)
        for _, each in sorted(network.network.container_networks.items())
        for host, share in sorted(each.settings.hosts.items())
        if host in network.devices
    )


def _problem(network: NetworkView, share: Share, message: str, right: str, *others: str) -> Problem:
    return Problem(network.devices[share.host].name, share.words(), message, right, others=others)


@rule("container-address", "error", "An address is on the host side and on the network side, or on two containers.")
def container_address(network: NetworkView) -> Iterator[Problem]:
    """What a host hands out to containers must be nobody else's: neither a device's nor another host's."""
    held = {placed.address.ip: placed for placed in network.addresses}
    for share in network.remember(shares):
        yield from _held_in_range(network, share, held)
    yield from _containers_twice(network, held)
    yield from _ranges_twice(network)


def _held_in_range(network: NetworkView, share: Share, held: dict[IPv4Address, Placed]) -> Iterator[Problem]:
    for address, placed in held.items():
        if address in share.share.range:
            message = f"its range {share.share.range} has {address}, which is the address of {placed}"
            yield _problem(network, share, message, "a range without addresses of the network", placed.device.name)


def _containers_twice(network: NetworkView, held: dict[IPv4Address, Placed]) -> Iterator[Problem]:
    seen: dict[IPv4Address, str] = {}
    for name, each in sorted(network.network.container_networks.items()):
        for container, found in sorted(each.containers.items()):
            words, host = f"{container} in {name}", network.devices.get(found.host)
            holder = str(held[found.address]) if found.address in held else seen.setdefault(found.address, words)
            if holder != words and host is not None:
                message = f"{container} has {found.address}, the address of {holder}"
                yield Problem(host.name, f"container network {name}", message, "an address of its own")


def _ranges_twice(network: NetworkView) -> Iterator[Problem]:
    """Only on VLANs: what is behind one host's bridge alone, another host may use again."""
    tagged = [share for share in network.remember(shares) if share.network.settings.vlan is not None]
    for one, other in combinations(sorted(tagged, key=lambda each: each.share.range.first), 2):
        if _overlap(one.share.range, other.share.range):
            message = f"its range {other.share.range} and {one.share.range} of {network.devices[one.host].name} overlap"
            yield _problem(network, other, message, "a range of its own", network.devices[one.host].name)


def _overlap(one: AddressRange, other: AddressRange) -> bool:
    return one.first <= other.last and other.first <= one.last


@rule("container-gateway", "error", "Containers on a VLAN have a gateway that no device of the network has.")
def container_gateway(network: NetworkView) -> Iterator[Problem]:
    held = {placed.address.ip: placed for placed in network.addresses}
    for share in network.remember(shares):
        settings = share.network.settings
        if settings.vlan is None:
            continue
        holder = held.get(settings.gateway)
        if holder is None:
            message = f"nobody has its gateway {settings.gateway}"
            right = f"an SVI of VLAN {settings.vlan} with {settings.gateway}, up"
            yield _problem(network, share, message, right)
        elif holder.subnet != settings.subnet:
            message = f"its subnet is {settings.subnet}, and that of its gateway {holder} is {holder.subnet}"
            yield _problem(network, share, message, f"the subnet {holder.subnet}", holder.device.name)


@rule("host-uplink", "error", "The switch port of a host does not carry the VLAN of its containers or VMs.")
def host_uplink(network: NetworkView) -> Iterator[Problem]:
    for kind, name, vlan, host, uplink in network.remember(uplinks):
        switch = network.devices.get(uplink.switch)
        if host not in network.devices or switch is None:
            continue
        carried = members(switch, switch.switch_ports.get(uplink.port)).tagged
        if vlan not in carried:
            lacks = "" if vlan in existing_vlans(switch) else f"; {switch.name} does not have it"
            message = f"{switch.name} {uplink.port} does not carry VLAN {vlan} tagged{lacks}"
            right = f"a trunk that allows VLAN {vlan}"
            yield Problem(network.devices[host].name, f"{kind} network {name}", message, right, others=(switch.name,))


HOSTING_RULES: tuple[AnyRule, ...] = (container_address, container_gateway, host_uplink)

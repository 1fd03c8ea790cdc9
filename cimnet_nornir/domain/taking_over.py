"""Devices taken over as they are: the commands that make intent of them, and leave the rest of the network alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.sharing import SharedAddresses
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.restoring import desired_device
from cimnet_nornir.domain.tables import vrf_of


def commands_taking_over(
    network: Network, devices: Sequence[Device], links: Collection[Link] = ()
) -> tuple[c.Command, ...]:
    """The commands that make the devices intent as they are given: of one that is there, what differs.

    What intent has of these devices beyond that goes, other devices stay, and so do all cables; `links` come to them.
    """
    wanted = tuple(replace(desired_device(device), ports=_ports(network, device)) for device in devices)
    named = {device.id for device in wanted}
    near = {link for link in network.links if {link.a[0], link.b[0]} & named}
    present = {each: network.devices[each] for each in named if each in network.devices}
    theirs = Network(network.name, created=network.created, links=near, devices=present)
    return commands_between(theirs, DesiredNetwork(network.name, wanted, frozenset(near | set(links))), prune=True)


def _ports(network: Network, device: Device) -> tuple[str, ...]:
    """A configuration may leave ports out; hardware does not go by itself."""
    present = network.devices.get(device.id)
    before = present.ports if present is not None else ()
    return (*before, *(port for port in device.ports if port not in before))


def share_addresses(devices: Iterable[Device], network: Network) -> tuple[str, ...]:
    """Tell of interfaces whose addresses others have too, so that both can be intent; each address is said in a line.

    `network` holds the devices as they are to be, these among them.
    """
    holders = _holders(network.devices.values())
    told: dict[str, None] = {}
    for device in devices:
        for name, interface in device.interfaces.items():
            for address in interface.addresses if not vrf_of(device, name) else ():
                others = sorted(place for place in holders[address.ip] if place != (device.id, name))
                if others:
                    setting = SharedAddresses(interface=name)
                    device.features[setting.identity] = setting
                    everybody = sorted((*others, (device.id, name)))
                    told[f"{address.ip} is on {' and on '.join(' '.join(each) for each in everybody)}"] = None
    return tuple(told)


def _holders(devices: Iterable[Device]) -> Mapping[IPv4Address, set[tuple[str, str]]]:
    found: dict[IPv4Address, set[tuple[str, str]]] = {}
    for device in devices:
        own = {address.ip for item in device.interfaces.values() for address in item.addresses}
        for name, item in device.interfaces.items():
            for address in item.addresses if not vrf_of(device, name) else ():
                found.setdefault(address.ip, set()).add((device.id, name))
        management = device.details.management
        if management is not None and management not in own and not management.is_loopback:
            found.setdefault(management, set()).add((device.id, "management"))
    return found

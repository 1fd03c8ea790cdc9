"""VLANs as a person asks for them: each with its switches, SVIs and ports, and how far it reaches."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Interface

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_sort_key, short_interface
from cimnet_nornir.domain.layer2 import Layer2, carrying_ports, framing
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.vlan_continuity import islands, vlan_ids
from cimnet_nornir.domain.vlan_uses import svi


@dataclass(frozen=True, slots=True)
class VlanOnSwitch:
    """A VLAN on one switch: `ports` maps each port that carries it to "tagged" or "untagged".

    `svi` has the addresses of its layer-3 interface, and is None where there is none.
    """

    device: str
    name: str | None
    ports: Mapping[str, str]
    svi: tuple[IPv4Interface, ...] | None = None


@dataclass(frozen=True, slots=True)
class VlanView:
    """A VLAN: the switches that have it, by host name, and the parts it is in, each as host names.

    `continuous` tells whether all who use it reach one another in it, as far as cables join them.
    """

    vlan: int
    name: str | None
    switches: tuple[VlanOnSwitch, ...]
    parts: tuple[tuple[str, ...], ...]
    continuous: bool


def vlan_views(network: Network) -> tuple[VlanView, ...]:
    """All VLANs that switches of a network were given, by their ids."""
    layer2 = Layer2.of(network)
    parted = {each.vlan for each in islands(network)}
    return tuple(_view(layer2, vlan, continuous=vlan not in parted) for vlan in vlan_ids(network))


def _view(layer2: Layer2, vlan: int, *, continuous: bool) -> VlanView:
    parts = layer2.segments(vlan)
    having = [layer2.network.devices[switch] for switch in layer2.by_name(frozenset().union(*parts))]
    switches = tuple(_on_switch(device, vlan) for device in having)
    return VlanView(
        vlan=vlan,
        name=next((each.name for each in switches if each.name), None),
        switches=switches,
        parts=tuple(tuple(layer2.name(switch) for switch in layer2.by_name(part)) for part in parts),
        continuous=continuous,
    )


def _on_switch(device: Device, vlan: int) -> VlanOnSwitch:
    ports = {
        port: how.value
        for port in carrying_ports(device, vlan)
        if (how := framing(device.switch_ports.get(port), vlan)) is not None
    }
    interface = device.interfaces.get(svi(vlan))
    addresses = None if interface is None else tuple(interface.addresses)
    return VlanOnSwitch(device.name, device.vlans.get(vlan), ports, addresses)


_LAST_NUMBER = re.compile(r"(.*?)([0-9]+)")


def ports_text(ports: Iterable[str]) -> str:
    """Ports as a person writes them: "Gi1/0/1-4, Gi1/0/22"; empty without any."""
    runs: list[tuple[str, int, int]] = []
    for port in sorted(ports, key=interface_sort_key):
        match = _LAST_NUMBER.fullmatch(short_interface(port))
        stem, number = (match[1], int(match[2])) if match is not None else (port, -1)
        if runs and runs[-1][0] == stem and runs[-1][2] == number - 1:
            runs[-1] = (stem, runs[-1][1], number)
        else:
            runs.append((stem, number, number))
    return ", ".join(_run(*run) for run in runs)


def _run(stem: str, first: int, last: int) -> str:
    if first < 0:
        return stem
    return f"{stem}{first}" if first == last else f"{stem}{first}-{last}"

"""Who is in a VLAN: what stands in the way of its removal, and the switches that are to reach one another in it."""

from collections.abc import Iterable, Iterator, Mapping

from cimnet_nornir.domain.bundles import logical_links, logical_links_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.interfaces import tagged_at
from cimnet_nornir.domain.hosting.networks import ContainerNetwork
from cimnet_nornir.domain.hosting.placement import hosted_networks
from cimnet_nornir.domain.interfaces import interface_sort_key, interface_type, short_interface
from cimnet_nornir.domain.layer2 import Layer2, has_vlan
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, TrunkMode


def svi(vlan: int) -> str:
    """The name of a VLAN's layer-3 interface on a switch."""
    return f"Vlan{vlan}"


def vlan_uses(network: Network, vlan: int, switches: Iterable[str] | None = None) -> tuple[str, ...]:
    """What stands in the way of a VLAN's removal from switches (ids; None means all), each in a few words.

    SVIs, access ports, trunks that have it as native VLAN, sub-interfaces of routers at the other end of a trunk, and
    the container and VM networks of hosts that reach it by these switches.
    """
    layer2 = Layer2.of(network)
    chosen = layer2.by_name(layer2.links if switches is None else switches)
    found = [use for switch in chosen for use in _uses_on(network.devices[switch], vlan)]
    hosted = (use for use, switch in _hosted(network, vlan) if switch in chosen)
    return (*found, *_tagged_by_routers(network, vlan, frozenset(chosen)), *dict.fromkeys(hosted))


def _uses_on(switch: Device, vlan: int) -> Iterator[str]:
    if svi(vlan) in switch.interfaces:
        yield f"{switch.name} {svi(vlan)} (SVI)"
    for port in sorted(switch.switch_ports, key=interface_sort_key):
        mode = switch.switch_ports[port].switching
        if isinstance(mode, AccessMode) and mode.vlan == vlan:
            yield f"{switch.name} {short_interface(port)} (access port)"
        elif isinstance(mode, TrunkMode) and mode.native_vlan == vlan:
            yield f"{switch.name} {short_interface(port)} (native VLAN)"


def _tagged_by_routers(network: Network, vlan: int, switches: frozenset[str]) -> Iterator[str]:
    for link in sorted(logical_links(network)):
        for near, far in ((link.a, link.b), (link.b, link.a)):
            router = network.devices.get(far[0])
            name = f"{far[1]}.{vlan}"
            if near[0] in switches and router is not None and name in router.interfaces:
                yield f"{router.name} {short_interface(name)} (sub-interface)"


def _hosted(network: Network, vlan: int) -> Iterator[tuple[str, str]]:
    """The container and VM networks on a VLAN, each in a few words, with the switches that bring it to their hosts."""
    for hosted in hosted_networks(network):
        if hosted.settings.vlan == vlan:
            kind = "container network" if isinstance(hosted, ContainerNetwork) else "VM network"
            uplinks = sorted(hosted.uplinks.items())
            yield from ((f"{hosted.name} ({kind})", uplink.switch) for _, uplink in uplinks)


def vlans_in_use(network: Network) -> Mapping[str, frozenset[int]]:
    """By switch id, the VLANs of the switch that somebody is in; gathered in one pass.

    That is by an SVI, an enabled access port, a router at the other end of a link that tags it, or a host with a
    container or VM network on it. Being on the way of a VLAN, and native VLANs, do not count.
    """
    found: dict[str, set[int]] = {device.id: set() for device in network.devices.values() if device.switches}
    for link in logical_links(network):
        for near, far in ((link.a, link.b), (link.b, link.a)):
            router = network.devices.get(far[0])
            if near[0] in found and router is not None:
                found[near[0]] |= tagged_at(router, far[1]).keys()
    for hosted in hosted_networks(network):
        for uplink in hosted.uplinks.values():
            if hosted.settings.vlan is not None and uplink.switch in found:
                found[uplink.switch].add(hosted.settings.vlan)
    return {
        switch: frozenset(
            vlan for vlan in vlans | _in_use_on(network.devices[switch]) if has_vlan(network.devices[switch], vlan)
        )
        for switch, vlans in found.items()
    }


def vlans_in_use_at(network: Network, switch: Device) -> frozenset[int]:
    """What `vlans_in_use` tells of one switch, from it and what is at the other ends of its links."""
    found = _in_use_on(switch)
    for link in logical_links_of(network, switch.id):
        for near, far in ((link.a, link.b), (link.b, link.a)):
            router = network.devices.get(far[0]) if near[0] == switch.id else None
            if router is not None:
                found |= tagged_at(router, far[1]).keys()
    for hosted in hosted_networks(network):
        if hosted.settings.vlan is not None and any(it.switch == switch.id for it in hosted.uplinks.values()):
            found.add(hosted.settings.vlan)
    return frozenset(vlan for vlan in found if has_vlan(switch, vlan))


def _in_use_on(switch: Device) -> set[int]:
    modes = (port.switching for port in switch.switch_ports.values() if port.enabled)
    access = {mode.vlan for mode in modes if isinstance(mode, AccessMode)}
    return access | {int(name.removeprefix("Vlan")) for name in switch.interfaces if interface_type(name) == "Vlan"}


def switches_in_use(network: Network, vlan: int) -> tuple[str, ...]:
    """The ids, by name, of the switches where somebody is in a VLAN."""
    used = vlans_in_use(network)
    return Layer2.of(network).by_name(switch for switch, vlans in used.items() if vlan in vlans)

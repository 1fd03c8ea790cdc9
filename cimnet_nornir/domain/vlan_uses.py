"""Who is in a VLAN: what stands in the way of its removal, and the switches that are to reach one another in it."""

from collections.abc import Iterable, Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_sort_key, short_interface
from cimnet_nornir.domain.layer2 import Layer2, has_vlan
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, TrunkMode


def svi(vlan: int) -> str:
    """The name of a VLAN's layer-3 interface on a switch."""
    return f"Vlan{vlan}"


def vlan_uses(network: Network, vlan: int, switches: Iterable[str] | None = None) -> tuple[str, ...]:
    """What stands in the way of a VLAN's removal from switches (ids; None means all), each in a few words.

    SVIs, access ports, trunks that have it as native VLAN, and sub-interfaces of routers at the other end of a trunk.
    """
    layer2 = Layer2.of(network)
    chosen = layer2.by_name(layer2.links if switches is None else switches)
    found = [use for switch in chosen for use in _uses_on(network.devices[switch], vlan)]
    return (*found, *_tagged_by_routers(network, vlan, frozenset(chosen)))


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
    for link in sorted(network.links):
        for near, far in ((link.a, link.b), (link.b, link.a)):
            router = network.devices.get(far[0])
            name = f"{far[1]}.{vlan}"
            if near[0] in switches and router is not None and name in router.interfaces:
                yield f"{router.name} {short_interface(name)} (sub-interface)"


def switches_in_use(network: Network, vlan: int) -> tuple[str, ...]:
    """The ids, by name, of the switches where a VLAN has an SVI, an access port, or a port to a router that tags it."""
    layer2 = Layer2.of(network)
    return tuple(switch for switch in layer2.by_name(layer2.links) if is_used_on(network, switch, vlan))


def is_used_on(network: Network, switch: str, vlan: int) -> bool:
    """Whether somebody is in a VLAN of a switch; being on the way of one, and its native VLANs, do not count."""
    device = network.devices[switch]
    if not has_vlan(device, vlan):
        return False
    modes = (port.switching for port in device.switch_ports.values() if port.enabled)
    access = any(isinstance(mode, AccessMode) and mode.vlan == vlan for mode in modes)
    return svi(vlan) in device.interfaces or access or any(_tagged_by_routers(network, vlan, frozenset({switch})))

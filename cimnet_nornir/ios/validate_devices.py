"""Rules over one device by itself; each is a function in the table at the end."""

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_type
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, StaticRoute, TrunkMode
from cimnet_nornir.ios.findings import Finding, error, vlans_text, warning

# VLANs that every switch has: the default one and those of FDDI and Token Ring.
PERMANENT_VLANS = frozenset({1, *range(1002, 1006)})
_HIGHEST_TAG = 4094

DeviceRule = Callable[[Device], Iterable[Finding]]


def existing_vlans(device: Device) -> frozenset[int]:
    """The VLANs that a switch has, those included that are there by themselves."""
    return PERMANENT_VLANS | device.vlans.keys()


def carries(port: PortConfiguration, vlan: int) -> bool:
    """Whether an enabled port takes part in a VLAN; one without a mode is dynamic and falls back to VLAN 1."""
    if not port.enabled:
        return False
    match port.switching:
        case AccessMode(vlan=access):
            return access == vlan
        case TrunkMode(allowed=allowed):
            return allowed is None or vlan in allowed
        case None:
            return vlan == 1


def a_trunk_allows_only_vlans_of_the_switch(device: Device) -> Iterator[Finding]:
    existing = existing_vlans(device)
    for name, port in device.switch_ports.items():
        mode = port.switching
        if isinstance(mode, TrunkMode) and mode.allowed is not None and (missing := mode.allowed - existing):
            vlans = vlans_text(missing)
            yield warning(device.name, name, f"the trunk allows VLANs that {device.name} does not have: {vlans}")


def a_trunk_carries_its_native_vlan(device: Device) -> Iterator[Finding]:
    """A native VLAN that nothing uses and no trunk carries is good practice; one that is in use is cut off."""
    used = _vlans_in_use(device)
    for name, port in device.switch_ports.items():
        mode = port.switching
        if isinstance(mode, TrunkMode) and mode.native_vlan in used and not carries(_enabled(port), mode.native_vlan):
            yield warning(
                device.name, name, f"the native VLAN {mode.native_vlan} is not among the VLANs the trunk allows"
            )


def a_port_has_a_mode(device: Device) -> Iterator[Finding]:
    """A switch port that nobody sets up is up, takes part in dynamic trunking, and falls into VLAN 1."""
    for name, port in device.switch_ports.items():
        if port.enabled and port.switching is None:
            yield warning(
                device.name, name, "the port has no mode: it is open, dynamic and in VLAN 1; set a mode or shut it"
            )


def the_management_address_is_on_an_interface(device: Device) -> Iterator[Finding]:
    address = device.details.management
    held = {each.ip for item in device.interfaces.values() for each in item.addresses}
    if address is not None and held and address not in held:
        yield warning(device.name, "management", f"no interface of {device.name} has the management address {address}")


def _vlans_in_use(device: Device) -> set[int]:
    """The VLANs, 1 left out, that an access port or an SVI of the switch is in."""
    access = {port.switching.vlan for port in device.switch_ports.values() if isinstance(port.switching, AccessMode)}
    svis = {int(name.removeprefix("Vlan")) for name in device.interfaces if interface_type(name) == "Vlan"}
    return (access | svis) - {1}


def _enabled(port: PortConfiguration) -> PortConfiguration:
    return port if port.enabled else port.model_copy(update={"enabled": True})


def an_svi_has_ports_in_its_vlan(device: Device) -> Iterator[Finding]:
    """An SVI without an active port in its VLAN stays down (Cisco: "SVI autostate")."""
    unknown = set(device.ports) - device.switch_ports.keys() - device.interfaces.keys()
    for name, interface in device.interfaces.items():
        if interface_type(name) != "Vlan" or not interface.enabled:
            continue
        vlan = int(name.removeprefix("Vlan"))
        # A port that nobody configured is in VLAN 1.
        if (vlan == 1 and unknown) or any(carries(port, vlan) for port in device.switch_ports.values()):
            continue
        yield warning(device.name, name, f"no enabled port of {device.name} is in VLAN {vlan}, so it stays down")


def a_priority_is_for_a_vlan_of_the_switch(device: Device) -> Iterator[Finding]:
    missing = device.spanning_tree.priorities.keys() - existing_vlans(device)
    if missing:
        vlans = vlans_text(missing)
        yield warning(device.name, "spanning tree", f"a priority is set for VLANs that are not there: {vlans}")


def priorities_of_vlans_need_a_tree_per_vlan(device: Device) -> Iterator[Finding]:
    if device.spanning_tree.mode == "mst" and device.spanning_tree.priorities:
        yield warning(
            device.name, "spanning tree", "mode mst ignores the priorities of VLANs; it has one tree per instance"
        )


def a_description_can_be_typed(device: Device) -> Iterator[Finding]:
    """IOS takes "?" as a request for help, and characters beyond ASCII not at all."""
    for name, text in _descriptions(device):
        if not text.isascii() or "?" in text:
            odd = sorted({character for character in text if character == "?" or not character.isascii()})
            yield error(device.name, name, f"IOS cannot take {' '.join(odd)} in a description")


def _descriptions(device: Device) -> Iterator[tuple[str, str]]:
    yield from ((name, port.description or "") for name, port in device.switch_ports.items())
    yield from ((name, interface.description or "") for name, interface in device.interfaces.items())


def a_sub_interface_has_a_tag_and_a_port(device: Device) -> Iterator[Finding]:
    """A sub-interface is tagged with its own number (IEEE 802.1Q: 1 to 4094) and is up only if its port is."""
    for name, interface in device.interfaces.items():
        port, dot, number = name.partition(".")
        if not dot:
            continue
        if not 1 <= int(number) <= _HIGHEST_TAG:
            yield error(device.name, name, f"a sub-interface is numbered by its VLAN, 1 to 4094, not {number}")
        parent = device.interfaces.get(port)
        if interface.enabled and (parent is None or not parent.enabled):
            state = "not configured" if parent is None else "shut"
            yield warning(device.name, name, f"its port {port} is {state}; enable it, or the sub-interface is down")


def an_ospf_process_has_an_interface(device: Device) -> Iterator[Finding]:
    used = {interface.ospf.process for interface in device.interfaces.values() if interface.ospf is not None}
    for number in sorted(device.ospf.keys() - used):
        yield warning(device.name, f"OSPF {number}", "no interface takes part in it")


def a_next_hop_can_be_reached(device: Device) -> Iterator[Finding]:
    """A route is used only while its next hop resolves: in a connected subnet, or by way of another route."""
    own = {address.ip for interface in device.interfaces.values() for address in interface.addresses}
    for route in device.routes:
        where = f"route {route.prefix}"
        if route.next_hop in own:
            yield error(device.name, where, f"the next hop {route.next_hop} is an address of {device.name} itself")
        elif not _connected(device, route.next_hop) and not _by_another_route(device, route):
            # OSPF may bring a route to it, which cannot be known here.
            tell = warning if device.ospf else error
            yield tell(device.name, where, f"the next hop {route.next_hop} is in no connected subnet")


def _connected(device: Device, address: IPv4Address) -> bool:
    return any(
        address in own.network
        for interface in device.interfaces.values()
        if interface.enabled
        for own in interface.addresses
    )


def _by_another_route(device: Device, route: StaticRoute) -> bool:
    return any(route.next_hop in other.prefix for other in device.routes if other.prefix != route.prefix)


DEVICE_RULES: tuple[DeviceRule, ...] = (
    a_trunk_allows_only_vlans_of_the_switch,
    a_trunk_carries_its_native_vlan,
    a_port_has_a_mode,
    the_management_address_is_on_an_interface,
    an_svi_has_ports_in_its_vlan,
    a_priority_is_for_a_vlan_of_the_switch,
    priorities_of_vlans_need_a_tree_per_vlan,
    a_description_can_be_typed,
    a_sub_interface_has_a_tag_and_a_port,
    an_ospf_process_has_an_interface,
    a_next_hop_can_be_reached,
)

"""Rules over one device by itself."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.bundles import bundle_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.layer2 import switching_ports
from cimnet_nornir.domain.routing_view import joined, led_away, static_routes
from cimnet_nornir.domain.validation.findings import Problem, vlans_text
from cimnet_nornir.domain.validation.ports import carries, existing_vlans, svi_vlan, vlans_in_use
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule
from cimnet_nornir.domain.values import PortConfiguration, StaticRoute, TrunkMode

_HIGHEST_TAG = 4094


@device_rule("trunk-unknown-vlans", "warning", "A trunk allows VLANs that its switch does not have.")
def trunk_unknown_vlans(device: Device) -> Iterator[Problem]:
    existing = existing_vlans(device)
    for name, port in device.switch_ports.items():
        mode = port.switching
        if isinstance(mode, TrunkMode) and mode.allowed is not None and (missing := mode.allowed - existing):
            vlans = vlans_text(missing)
            yield Problem(
                device.name,
                name,
                f"the trunk allows VLANs that {device.name} does not have: {vlans}",
                f"create them on {device.name}, or leave them out of the trunk",
            )


@device_rule("native-vlan-not-carried", "warning", "A trunk does not carry its native VLAN, which the switch uses.")
def native_vlan_not_carried(device: Device) -> Iterator[Problem]:
    """A native VLAN that nothing uses and no trunk carries is good practice; one that is in use is cut off."""
    used = vlans_in_use(device)
    for name, port in device.switch_ports.items():
        mode = port.switching
        if isinstance(mode, TrunkMode) and mode.native_vlan in used and not carries(_enabled(port), mode.native_vlan):
            native = mode.native_vlan
            yield Problem(
                device.name,
                name,
                f"the native VLAN {native} is not among the VLANs the trunk allows",
                f"allow VLAN {native} on the trunk, or take a native VLAN that nothing uses",
            )


@device_rule("port-without-mode", "warning", "A switch port is up without a mode.")
def port_without_mode(device: Device) -> Iterator[Problem]:
    """A switch port that nobody sets up is up, takes part in dynamic trunking, and falls into VLAN 1."""
    for name, port in device.switch_ports.items():
        if port.enabled and port.switching is None and bundle_of(device, name) is None:
            yield Problem(
                device.name, name, "the port has no mode: it is open, dynamic and in VLAN 1", "set a mode or shut it"
            )


@device_rule("management-address", "warning", "No interface has the address by which the device is managed.")
def management_address(device: Device) -> Iterator[Problem]:
    """A host may have it on a bridge, which comes with its container networks."""
    address = None if device.is_host else device.details.management
    held = {each.ip for item in device.interfaces.values() for each in item.addresses}
    if address is not None and held and address not in held:
        yield Problem(
            device.name,
            "management",
            f"no interface of {device.name} has the management address {address}",
            "give it to an interface, or manage the device at an address that it has",
        )


@device_rule("svi-without-ports", "warning", "An SVI stays down: no enabled port of the switch is in its VLAN.")
def svi_without_ports(device: Device) -> Iterator[Problem]:
    """An SVI without an active port in its VLAN stays down (Cisco: "SVI autostate")."""
    unknown = set(switching_ports(device)) - device.switch_ports.keys() - device.interfaces.keys()
    for name, interface in device.interfaces.items():
        vlan = svi_vlan(name)
        # A port that nobody configured is in VLAN 1.
        if vlan is None or not interface.enabled or (vlan == 1 and unknown):
            continue
        if not any(carries(port, vlan) for port in device.switch_ports.values()):
            yield Problem(
                device.name,
                name,
                f"no enabled port of {device.name} is in VLAN {vlan}, so it stays down",
                f"carry VLAN {vlan} on a trunk or an access port, or remove the SVI",
            )


@device_rule("priority-of-unknown-vlan", "warning", "A spanning-tree priority is set for a VLAN that is not there.")
def priority_of_unknown_vlan(device: Device) -> Iterator[Problem]:
    missing = device.spanning_tree.priorities.keys() - existing_vlans(device)
    if missing:
        vlans = vlans_text(missing)
        yield Problem(
            device.name,
            "spanning tree",
            f"a priority is set for VLANs that are not there: {vlans}",
            f"create the VLANs on {device.name}, or leave the priority out",
        )


@device_rule("mst-priorities", "warning", "Priorities of VLANs are set, and mode mst has one tree per instance.")
def mst_priorities(device: Device) -> Iterator[Problem]:
    if device.spanning_tree.mode == "mst" and device.spanning_tree.priorities:
        yield Problem(
            device.name,
            "spanning tree",
            "mode mst ignores the priorities of VLANs; it has one tree per instance",
            "take the mode rapid-pvst, or leave the priorities out",
        )


@device_rule("sub-interface-number", "error", "A sub-interface is numbered by no VLAN.")
def sub_interface_number(device: Device) -> Iterator[Problem]:
    """A sub-interface is tagged with its own number (IEEE 802.1Q: 1 to 4094)."""
    for name in device.interfaces:
        _, dot, number = name.partition(".")
        if dot and not 1 <= int(number) <= _HIGHEST_TAG:
            message = f"a sub-interface is numbered by its VLAN, 1 to 4094, not {number}"
            yield Problem(device.name, name, message, "number it by the VLAN that it is tagged with")


@device_rule("sub-interface-port", "warning", "A sub-interface is down because its port is shut or not configured.")
def sub_interface_port(device: Device) -> Iterator[Problem]:
    for name, interface in device.interfaces.items():
        port, dot, _ = name.partition(".")
        parent = device.interfaces.get(port)
        if dot and interface.enabled and (parent is None or not parent.enabled):
            state = "not configured" if parent is None else "shut"
            yield Problem(
                device.name, name, f"its port {port} is {state}, so the sub-interface is down", f"enable {port}"
            )


@device_rule("ospf-without-interfaces", "warning", "No interface takes part in an OSPF process.")
def ospf_without_interfaces(device: Device) -> Iterator[Problem]:
    used = {ospf.process for ospf in joined(device).values()}
    for number in sorted(device.ospf.keys() - used):
        yield Problem(
            device.name, f"OSPF {number}", "no interface takes part in it", "give an interface its area, or remove it"
        )


@device_rule("next-hop", "error", "The next hop of a static route is in no connected subnet, or is the device itself.")
def next_hop(device: Device) -> Iterator[Problem]:
    """A route is used only while its next hop resolves: in a connected subnet, or by way of another route."""
    own = {address.ip for interface in device.interfaces.values() for address in interface.addresses}
    for route in static_routes(device):
        where = f"route {route.prefix}"
        if route.next_hop in own:
            message = f"the next hop {route.next_hop} is an address of {device.name} itself"
            yield Problem(device.name, where, message, "name the router behind it")
        elif not _connected(device, route.next_hop) and not _by_another_route(device, route):
            # A routing protocol may bring a route to it, or a host be managed there by a bridge: not known here.
            yield Problem(
                device.name,
                where,
                f"the next hop {route.next_hop} is in no connected subnet",
                "name a next hop in the subnet of an enabled interface",
                severity="warning" if device.ospf or (device.is_host and device.details.management) else None,
            )


def _enabled(port: PortConfiguration) -> PortConfiguration:
    return port if port.enabled else port.model_copy(update={"enabled": True})


def _connected(device: Device, address: IPv4Address) -> bool:
    return any(
        address in own.network
        for interface in device.interfaces.values()
        if interface.enabled
        for own in interface.addresses
    )


def _by_another_route(device: Device, route: StaticRoute) -> bool:
    return any(route.next_hop in prefix for prefix in led_away(device) if prefix != route.prefix)


DEVICE_RULES: tuple[AnyRule, ...] = (
    trunk_unknown_vlans,
    native_vlan_not_carried,
    port_without_mode,
    management_address,
    svi_without_ports,
    priority_of_unknown_vlan,
    mst_priorities,
    sub_interface_number,
    sub_interface_port,
    ospf_without_interfaces,
    next_hop,
)

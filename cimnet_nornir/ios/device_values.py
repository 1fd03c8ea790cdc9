"""A device's intent as the values that templates print: what is to be decided is decided here, in pure functions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Interface

from cimnet_nornir.domain.bundles import channel_name
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.interfaces import Dot1q, tags_of
from cimnet_nornir.domain.features.ospf import OspfSettings
from cimnet_nornir.domain.features.switching import SwitchPort
from cimnet_nornir.domain.features.vrf import Vrf
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_sort_key, interface_type, is_logical
from cimnet_nornir.domain.values import (
    AccessMode,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    TrunkMode,
)
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.platforms.table import traits_of
from cimnet_nornir.ios.protocol_values import access_list_values, bgp_values, eigrp_values
from cimnet_nornir.ios.template_values import (
    AddressValues,
    DeviceValues,
    OspfInterfaceValues,
    OspfProcessValues,
    PriorityValues,
    RoutedInterfaceValues,
    RouteValues,
    SwitchPortValues,
    VlanValues,
)

ALL_VLANS = frozenset(range(1, 4095))
DEFAULT_VLAN = 1
# IEEE 802.1D: the priority of a bridge that nobody gave one; IOS leaves it out.
DEFAULT_BRIDGE_PRIORITY = 32768
# IOS takes command lines of up to 254 characters ("Cisco IOS Configuration Fundamentals", the command-line interface).
LINE_LENGTH = 254

# Running order of interfaces: IOS shows what configuration created first, then the hardware, then the SVIs.
_FIRST_TYPES = ("Loopback", "Tunnel", "Multilink", "Dialer", "Port-channel")
_LAST_TYPES = ("BDI", "Vlan")
_PHYSICAL_TYPES = (
    "Ethernet",
    "FastEthernet",
    "GigabitEthernet",
    "TwoGigabitEthernet",
    "FiveGigabitEthernet",
    "TenGigabitEthernet",
    "TwentyFiveGigE",
    "FortyGigabitEthernet",
    "HundredGigE",
    "FourHundredGigE",
)
_RANKS = {kind: rank for rank, kind in enumerate((*_FIRST_TYPES, *_PHYSICAL_TYPES))}
_PLAIN = PortConfiguration()
# Interfaces that are up once they are made; other layer-3 ones may start shut and are told "no shutdown".
_UP_BY_ITSELF = frozenset({"Dialer", "Loopback", "Multilink", "Null", "Tunnel", "Virtual-Template"})


def device_values(device: Device) -> DeviceValues:
    """The values of a device for the templates.

    Raises RenderError where a text of it is not one printable line, which could smuggle in lines of its own.
    """
    line = _checked_line(device.name)
    details = device.details
    return DeviceValues(
        id=line("id", device.id),
        name=line("name", device.name),
        network=line("network", device.network),
        kind=device.kind.value,
        platform=line("platform", details.platform),
        model=line("model", details.model),
        role=line("role", details.role),
        site=line("site", details.site),
        management=str(details.management or ""),
        switches=device.switches,
        routes_packets=device.routes_packets,
        spanning_tree_mode=device.spanning_tree.mode if device.switches else "",
        priorities=_priorities(device),
        vlans=tuple(VlanValues(vlan, _vlan_name(vlan, line("name", name or ""))) for vlan, name in _by_id(device)),
        interfaces=_interfaces(device, line),
        ospf=tuple(_ospf_process(device, process, line) for _, process in sorted(device.ospf.items())),
        routes=tuple(_route(route, line) for route in sorted(device.routes, key=_route_order)),
        bgp=bgp_values(device, line),
        eigrp=eigrp_values(device, running_order),
        access_lists=access_list_values(device, line),
    )


def _checked_line(device: str) -> Callable[[str, str], str]:
    def line(what: str, text: str) -> str:
        if not text.isprintable():
            raise RenderError(f"the {what} {text!r} of {device!r} must be one line of printable text", subject=device)
        return text

    return line


def _by_id(device: Device) -> list[tuple[int, str | None]]:
    return sorted(device.vlans.items())


def _vlan_name(vlan: int, name: str) -> str:
    return "" if name == f"VLAN{vlan:04d}" else name


def _priorities(device: Device) -> tuple[PriorityValues, ...]:
    """IOS shows VLANs of one priority in one line, lines in the order of their first VLAN."""
    groups: dict[int, list[int]] = {}
    for vlan, priority in sorted(device.spanning_tree.priorities.items()):
        if priority != DEFAULT_BRIDGE_PRIORITY:
            groups.setdefault(priority, []).append(vlan)
    return tuple(
        PriorityValues(piece, priority)
        for priority, vlans in groups.items()
        for piece in wrapped_vlan_list(vlans, "spanning-tree vlan ", " priority 61440")
    )


def wrapped_vlan_list(vlans: Iterable[int], before: str, after: str = "") -> tuple[str, ...]:
    """A VLAN list in pieces, each short enough for one line of IOS with the words before and after it."""
    room = LINE_LENGTH - len(before) - len(after)
    pieces: list[str] = []
    for part in format_vlan_list(vlans).split(","):
        if pieces and len(pieces[-1]) + 1 + len(part) <= room:
            pieces[-1] = f"{pieces[-1]},{part}"
        else:
            pieces.append(part)
    return tuple(pieces)


# --- interfaces -------------------------------------------------------------------------------------------------------


def running_order(name: str) -> tuple[int, str, tuple[int, ...]]:
    """Orders interfaces as `show running-config` does: loopbacks and bundles, ports by speed and number, SVIs."""
    kind, numbers = interface_sort_key(name)
    return (len(_RANKS) + 1 if kind in _LAST_TYPES else _RANKS.get(kind, len(_RANKS)), kind, numbers)


def _interfaces(
    device: Device, line: Callable[[str, str], str]
) -> tuple[SwitchPortValues | RoutedInterfaceValues, ...]:
    channels = {channel_name(number) for number in device.port_channels}
    members = {port: number for number, channel in device.port_channels.items() for port in channel.members}
    names = sorted({*device.switch_ports, *device.interfaces, *channels, *members}, key=running_order)
    return tuple(_interface(device, name, members.get(name, 0), line) for name in names)


def _interface(
    device: Device, name: str, channel: int, line: Callable[[str, str], str]
) -> SwitchPortValues | RoutedInterfaceValues:
    """An interface; `channel` is the number of the port-channel that it is a member of, or 0."""
    routed = device.interfaces.get(name)
    port = device.switch_ports.get(name, _PLAIN)
    description = (routed or port).description or ""
    line("description", description)
    if routed is not None:
        return _routed(device, name, routed, description)
    if channel:
        return _member(device, name, port, channel)
    return _switch_port(device, name, port, description)


def _member(device: Device, name: str, port: PortConfiguration, channel: int) -> SwitchPortValues:
    """A member of a port-channel: IOS copies to it what is configured there, but for the description."""
    bundle = channel_name(channel)
    routed = device.interfaces.get(bundle)
    does = device.switch_ports.get(bundle, _PLAIN)
    shut = not (port.enabled and does.enabled and (routed is None or routed.enabled))
    values = _switch_port(device, name, does.model_copy(update={"enabled": not shut}), port.description or "")
    mode = device.port_channels[channel].mode
    return replace(values, no_switchport=routed is not None, channel_group=channel, channel_mode=mode)


def _switch_port(device: Device, name: str, port: PortConfiguration, description: str) -> SwitchPortValues:
    mode = port.switching
    trunk = mode if isinstance(mode, TrunkMode) else None
    access_vlan = mode.vlan if isinstance(mode, AccessMode) else DEFAULT_VLAN
    native_vlan = trunk.native_vlan if trunk else DEFAULT_VLAN
    return SwitchPortValues(
        name=name,
        description=description,
        shutdown=not port.enabled,
        mode=mode.mode if mode else "",
        access_vlan=0 if access_vlan == DEFAULT_VLAN else access_vlan,
        encapsulation="dot1q" if trunk and _needs_encapsulation(device, name) else "",
        native_vlan=0 if native_vlan == DEFAULT_VLAN else native_vlan,
        allowed=_allowed(trunk.allowed) if trunk else (),
        portfast=port.portfast,
        bpduguard=port.bpduguard,
    )


def _needs_encapsulation(device: Device, name: str) -> bool:
    """Whether a trunk must be told that it speaks dot1q: the model has a choice, and no setting tells another."""
    told = device.setting("switchport", name)
    if isinstance(told, SwitchPort) and told.encapsulation is not None:
        return False
    return traits_of(device.details.platform, device.details.model).needs_encapsulation


def _allowed(vlans: frozenset[int] | None) -> tuple[str, ...]:
    if vlans is None or vlans == ALL_VLANS:
        return ()
    return wrapped_vlan_list(vlans, " switchport trunk allowed vlan add ") if vlans else ("none",)


def _routed(device: Device, name: str, interface: RoutedInterface, description: str) -> RoutedInterfaceValues:
    vlan, second = tags_of(device, name) if "." in name else (None, None)
    tag = device.setting(Dot1q.FEATURE, name)
    own_port = not is_logical(name) or interface_type(name) == "Port-channel"
    return RoutedInterfaceValues(
        name=name,
        description=description,
        shutdown=not interface.enabled,
        no_shutdown=interface.enabled and "." not in name and interface_type(name) not in _UP_BY_ITSELF,
        no_switchport=device.switches and own_port and "." not in name,
        vlan=vlan or 0,
        native=isinstance(tag, Dot1q) and tag.native,
        second=second or 0,
        vrf=_vrf_line(device, name),
        addresses=tuple(_address(address) for address in interface.addresses),
        ospf=_ospf_interface(interface.ospf),
        access_group_in=interface.access_group_in or "",
        access_group_out=interface.access_group_out or "",
    )


def _vrf_line(device: Device, name: str) -> str:
    told = device.setting(Vrf.FEATURE, name)
    if not isinstance(told, Vrf):
        return ""
    return f"{'ip ' if told.form == 'ip vrf' else ''}vrf forwarding {told.name}"


def _address(address: IPv4Interface) -> AddressValues:
    return AddressValues(str(address.ip), str(address.netmask))


def _ospf_interface(ospf: OspfInterface | None) -> OspfInterfaceValues | None:
    if ospf is None:
        return None
    return OspfInterfaceValues(ospf.process, ospf.area, ospf.cost or 0, ospf.point_to_point)


# --- routing ----------------------------------------------------------------------------------------------------------


def _ospf_process(device: Device, process: OspfProcess, line: Callable[[str, str], str]) -> OspfProcessValues:
    settings = device.setting(OspfSettings.FEATURE, str(process.process))
    silent = isinstance(settings, OspfSettings) and settings.passive_default

    def joining(*, passive: bool) -> tuple[str, ...]:
        return tuple(sorted(_joining(device, process.process, passive=passive), key=running_order))

    vrf = f" vrf {line('vrf', process.vrf)}" if process.vrf else ""
    return OspfProcessValues(
        process=process.process,
        header=f"router ospf {process.process}{vrf}",
        router_id=str(process.router_id or ""),
        passive=() if silent else joining(passive=True),
        active=joining(passive=False) if silent else (),
        default_originate=process.default_originate,
    )


def _joining(device: Device, process: int, *, passive: bool) -> Iterator[str]:
    for name, interface in device.interfaces.items():
        ospf = interface.ospf
        if ospf is not None and ospf.passive is passive and ospf.process == process:
            yield name


def _route_order(route: StaticRoute) -> tuple[int, int, int, int]:
    return int(route.prefix.network_address), route.prefix.prefixlen, route.distance, int(route.next_hop)


def _route(route: StaticRoute, line: Callable[[str, str], str]) -> RouteValues:
    return RouteValues(
        network=str(route.prefix.network_address),
        mask=str(route.prefix.netmask),
        next_hop=str(route.next_hop),
        distance=0 if route.distance == 1 else route.distance,
        name=line("name", route.name or ""),
    )

"""`show interfaces` in its forms, and `show ip interface brief`."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.switchport import ALLOWED
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.links import (
    access_vlan,
    bridged_ports,
    has_carrier,
    is_bridged,
    is_shut,
    is_trunking,
    is_up,
    logical,
    mac_address,
    mode_of,
    native_vlan,
    section_of,
    vlan_active,
    voice_vlan,
)
from cimnet_nornir.lab.names import short_name, type_of
from cimnet_nornir.lab.show.counters import counter_rows
from cimnet_nornir.lab.show.order import interface_lines
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device


def ip_brief(request: "Request") -> str:
    device = request.device
    rows = [f"{'Interface':<23}{'IP-Address':<16}OK? Method {'Status':<22}Protocol"]
    for line in interface_lines(device):
        name = line.key[1]
        own = addresses(line.section)
        address = str(own[0].ip) if own else "unassigned"
        method = "manual" if own else "unset"
        status = "administratively down" if is_shut(device, name) else "up" if is_up(device, name) else "down"
        protocol = "up" if is_up(device, name) else "down"
        rows.append(f"{name:<23}{address:<16}YES {method:<7}{status:<22}{protocol}")
    return "\n".join(rows)


def ip_interfaces(request: "Request") -> Outcome:
    """`show ip interface [X]`."""
    device, wanted = request.device, request.values.get("name", "")
    if wanted and not device.running.has("interface", wanted):
        return Invalid(request.match.columns["name"])
    lines = [line for line in interface_lines(device) if wanted in {"", line.key[1]}]
    return "\n".join(text for line in lines for text in _ip_detail(device, line))


def _ip_detail(device: "Device", line: Line) -> list[str]:
    name, own = line.key[1], addresses(line.section)
    up = "up" if is_up(device, name) else "down"
    state = "administratively down" if is_shut(device, name) else up
    rows = [f"{name} is {state}, line protocol is {up}"]
    if not own:
        return [*rows, "  Internet protocol processing disabled"]
    rows += [f"  Internet address is {own[0]}", "  Broadcast address is 255.255.255.255"]
    rows += [f"  MTU is {line.section.value('ip mtu', name='bytes', default='1500')} bytes"]
    rows += [f"  Helper address is {helper.values['address']}" for helper in line.section.all("ip helper-address")]
    rows += [f"  Secondary address {address}" for address in own[1:]]
    for way, label in (("out", "Outgoing"), ("in", "Inbound ")):
        rows.append(
            f"  {label} access list is {line.section.value('ip access-group', way, name='list', default='not set')}"
        )
    return rows


def interfaces(request: "Request") -> Outcome:
    device = request.device
    if "name" in request.values:
        line = device.running.get("interface", request.values["name"])
        return _detail(device, line) if line else Invalid(request.match.columns["name"])
    return "\n".join(_detail(device, line) for line in interface_lines(device))


def _detail(device: "Device", line: Line) -> str:
    name, section = line.key[1], line.section
    up = is_up(device, name)
    state = "administratively down" if is_shut(device, name) else "up" if up else "down"
    note = "" if not type_of(name).physical or "." in name else " (connected)" if up else " (notconnect)"
    switch_note = note if "switching" in device.profile.features and state != "administratively down" else ""
    kilobits = section.value("bandwidth", name="kilobits", default=str(type_of(name).kilobits))
    own = addresses(section)
    text = [f"{name} is {state}, line protocol is {'up' if up else 'down'}{switch_note} "]
    text.append(f"  Hardware is {_hardware(name)}, address is {_mac(device, name)} (bia {_mac(device, name)})")
    description = section.value("description", name="text")
    text += [f"  Description: {description}"] if description else []
    text += [f"  Internet address is {own[0]}"] if own else []
    text.append(
        f"  MTU {section.value('mtu', name='bytes', default='1500')} bytes, BW {kilobits} Kbit/sec, DLY 10 usec, "
    )
    text += ["     reliability 255/255, txload 1/255, rxload 1/255", "  Encapsulation ARPA, loopback not set"]
    text += _media(section.value("duplex", name="duplex"), section.value("speed", name="speed"), up, name)
    return "\n".join([*text, *counter_rows(device, name)])


def _media(duplex: str, speed: str, up: bool, name: str) -> list[str]:
    if not type_of(name).physical:
        return []
    shown = f"{duplex.capitalize()}-duplex" if duplex in {"full", "half"} else "Full-duplex" if up else "Auto-duplex"
    rate = f"{speed}Mb/s" if speed.isdecimal() else f"{type_of(name).kilobits // 1000}Mb/s" if up else "Auto-speed"
    return [f"  {shown}, {rate}, media type is 10/100/1000BaseTX"]


def _hardware(name: str) -> str:
    return {"Vlan": "EtherSVI", "Loopback": "Loopback", "Port-channel": "EtherChannel"}.get(
        type_of(name).name, "Gigabit Ethernet"
    )


def _mac(device: "Device", name: str) -> str:
    return mac_address(device, name.partition(".")[0])


def status(request: "Request") -> str:
    """`show interfaces status`: the ports of a switch."""
    device = request.device
    head = ("", "Port      Name               Status       Vlan       Duplex  Speed Type")
    return "\n".join([*head, *(_status_row(device, name) for name in device.declared.interfaces)])


def _status_row(device: "Device", name: str) -> str:
    section, up = section_of(device, name), has_carrier(device, name)
    state = "disabled" if is_shut(device, name) else "connected" if up else "notconnect"
    bridged = is_bridged(device, logical(device, name))
    vlan = "routed" if not bridged else "trunk" if is_trunking(device, name) else str(access_vlan(device, name))
    duplex = section.value("duplex", name="duplex") or ("a-full" if up else "auto")
    speed = section.value("speed", name="speed") or (f"a-{type_of(name).kilobits // 1000}" if up else "auto")
    label = section.value("description", name="text")[:18]
    return f"{short_name(name):<10}{label:<19}{state:<13}{vlan:<10} {duplex:>6}  {speed:>5} 10/100/1000BaseTX"


def description(request: "Request") -> str:
    device = request.device
    rows = [f"{'Interface':<31}{'Status':<15}{'Protocol':<9}Description"]
    for line in interface_lines(device):
        name = line.key[1]
        up = "up" if is_up(device, name) else "down"
        state = "admin down" if is_shut(device, name) else up
        rows.append(
            f"{short_name(name):<31}{state:<15}{up:<9}{line.section.value('description', name='text')}".rstrip()
        )
    return "\n".join(rows)


def trunk(request: "Request") -> str:
    """`show interfaces trunk`: empty when no trunk is up."""
    device = request.device
    ports = [name for name in bridged_ports(device) if has_carrier(device, name) and is_trunking(device, name)]
    if not ports:
        return ""
    rows = ["", "Port        Mode             Encapsulation  Status        Native vlan"]
    for name in ports:
        mode = {"trunk": "on", "dynamic desirable": "desirable"}.get(mode_of(device, name), "auto")
        rows.append(f"{short_name(name):<12}{mode:<17}802.1q         trunking      {native_vlan(device, name)}")
    rows += ["", "Port        Vlans allowed on trunk"]
    rows += [f"{short_name(name):<12}{_allowed(device, name)}" for name in ports]
    rows += ["", "Port        Vlans allowed and active in management domain"]
    rows += [f"{short_name(name):<12}{_active(device, name)}" for name in ports]
    rows += ["", "Port        Vlans in spanning tree forwarding state and not pruned"]
    rows += [f"{short_name(name):<12}{_active(device, name)}" for name in ports]
    return "\n".join(rows)


def _allowed(device: "Device", name: str) -> str:
    line = section_of(device, logical(device, name)).get(ALLOWED)
    return line.values["vlans"] if line else "1-4094"


def _active(device: "Device", name: str) -> str:
    parsed = parse_vlans(_allowed(device, name)) if _allowed(device, name) != "none" else frozenset[int]()
    vlans = frozenset[int]() if isinstance(parsed, str) else parsed
    active = {int(line.key[1]) for line in device.running.all("vlan") if vlan_active(device, int(line.key[1]))}
    return format_vlans(vlans & active - set(range(1002, 1006))) or "none"


def switchport(request: "Request") -> Outcome:
    """`show interfaces [X] switchport`."""
    device = request.device
    names = [request.values["name"]] if "name" in request.values else list(device.declared.interfaces)
    if not all(device.running.has("interface", name) for name in names):
        return Invalid(request.match.columns["name"])
    return "\n".join(_switchport(device, name) for name in names)


def _switchport(device: "Device", name: str) -> str:
    if not is_bridged(device, name):
        return f"Name: {short_name(name)}\nSwitchport: Disabled\n"
    trunking = is_trunking(device, name)
    operational = "down" if not has_carrier(device, name) else "trunk" if trunking else "static access"
    administrative = {"access": "static access"}.get(mode_of(device, name), mode_of(device, name))
    quiet = section_of(device, name).has("switchport nonegotiate") or mode_of(device, name) == "access"
    return "\n".join(
        [
            f"Name: {short_name(name)}",
            "Switchport: Enabled",
            f"Administrative Mode: {administrative}",
            f"Operational Mode: {operational}",
            "Administrative Trunking Encapsulation: dot1q",
            f"Negotiation of Trunking: {'Off' if quiet else 'On'}",
            f"Access Mode VLAN: {access_vlan(device, name)}",
            f"Trunking Native Mode VLAN: {native_vlan(device, name)}",
            f"Voice VLAN: {voice_vlan(device, name) or 'none'}",
            f"Trunking VLANs Enabled: {'ALL' if _allowed(device, name) == '1-4094' else _allowed(device, name)}",
            "",
        ]
    )

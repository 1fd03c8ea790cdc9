"""`show cdp neighbors` and `show lldp neighbors`, also in detail, from the cables and both ends' settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.links import has_carrier, mac_address, peer_of, section_of
from cimnet_nornir.lab.names import number_of, short_name, type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device


@dataclass(frozen=True, slots=True)
class _Seen:
    """A neighbour behind one of our ports."""

    local: str
    device: "Device"
    port: str


def _cdp_on(device: "Device", port: str) -> bool:
    return not device.running.has("cdp run") and not section_of(device, port).has("cdp enable")


def _lldp_on(device: "Device", port: str) -> bool:
    return device.running.has("lldp run") and not section_of(device, port).all("lldp")


def _seen(device: "Device", *, lldp: bool, only: str = "") -> Iterator[_Seen]:
    talks = _lldp_on if lldp else _cdp_on
    for port in device.declared.interfaces:
        peer = peer_of(device, port)
        if peer and has_carrier(device, port) and talks(device, port) and talks(*peer) and only in {"", port}:
            yield _Seen(port, *peer)


def _full_name(device: "Device") -> str:
    domain = device.running.value("ip domain-name", name="name")
    return f"{device.hostname}.{domain}" if domain else device.hostname


def _management(device: "Device") -> str:
    """The address neighbours are told: the first configured one, else the declared one."""
    for line in device.running:
        own = addresses(line.section) if line.key[0] == "interface" else ()
        if own:
            return str(own[0].ip)
    return device.declared.management.partition("/")[0]


def _capability(device: "Device") -> str:
    return "R S I" if device.profile.is_router or device.running.has("ip routing") else "S I"


def _cdp_name(name: str) -> str:
    """CDP's short form: `Gig 0/1`."""
    kind = type_of(name).name
    return f"{kind[:3]} {number_of(name)}"


_CDP_HEAD = (
    "Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge",
    "                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, ",
    "                  D - Remote, C - CVTA, M - Two-port Mac Relay ",
    "",
    "Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID",
)


def cdp(request: "Request") -> str:
    if request.device.running.has("cdp run"):
        return "% CDP is not enabled"
    rows = []
    for seen in _seen(request.device, lldp=False, only=request.values.get("name", "")):
        name = _full_name(seen.device)
        start = f"{name:<17}" if len(name) < 17 else f"{name}\n{'':17}"
        platform = seen.device.profile.model[:9]
        capability = _capability(seen.device)
        rows.append(
            f"{start}{_cdp_name(seen.local):<18}{'145':<11}{capability:<12}{platform:<10}{_cdp_name(seen.port)}"
        )
    return "\n".join([*_CDP_HEAD, *rows, "", f"Total cdp entries displayed : {len(rows)}"])


def cdp_detail(request: "Request") -> str:
    device = request.device
    if device.running.has("cdp run"):
        return "% CDP is not enabled"
    found = [_cdp_entry(seen) for seen in _seen(device, lldp=False, only=request.values.get("name", ""))]
    return "\n".join([*found, "", f"Total cdp entries displayed : {len(found)}"])


def _cdp_entry(seen: _Seen) -> str:
    other = seen.device
    capability = "Router Switch IGMP" if "R" in _capability(other) else "Switch IGMP"
    address = _management(other)
    told = ["Entry address(es): ", *([f"  IP address: {address}"] if address else [])]
    return "\n".join(
        [
            "-------------------------",
            f"Device ID: {_full_name(other)}",
            *told,
            f"Platform: cisco {other.profile.model},  Capabilities: {capability} ",
            f"Interface: {seen.local},  Port ID (outgoing port): {seen.port}",
            "Holdtime : 145 sec",
            "",
            "Version :",
            f"{other.profile.software}, {other.profile.version}",
            "",
            "advertisement version: 2",
            "Duplex: full",
            *(["Management address(es): ", f"  IP address: {address}"] if address else []),
        ]
    )


_LLDP_HEAD = (
    "Capability codes:",
    "    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device",
    "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other",
    "",
    "Device ID           Local Intf     Hold-time  Capability      Port ID",
)


def _lldp_capability(device: "Device") -> str:
    return ",".join(
        sign for sign, has in (("B", "switching" in device.profile.features), ("R", "R" in _capability(device))) if has
    )


def lldp(request: "Request") -> str:
    if not request.device.running.has("lldp run"):
        return "% LLDP is not enabled"
    rows = [
        f"{_full_name(seen.device)[:20]:<20}{short_name(seen.local):<15}{'120':<11}"
        f"{_lldp_capability(seen.device):<16}{short_name(seen.port)}"
        for seen in _seen(request.device, lldp=True, only=request.values.get("name", ""))
    ]
    return "\n".join([*_LLDP_HEAD, *rows, "", f"Total entries displayed: {len(rows)}"])


def lldp_detail(request: "Request") -> str:
    device = request.device
    if not device.running.has("lldp run"):
        return "% LLDP is not enabled"
    found = [_lldp_entry(seen) for seen in _seen(device, lldp=True, only=request.values.get("name", ""))]
    return "\n".join([*found, "", f"Total entries displayed: {len(found)}"])


def _lldp_entry(seen: _Seen) -> str:
    other = seen.device
    address = _management(other)
    told = ["Management Addresses:", f"    IP: {address}"] if address else ["Management Addresses - not advertised"]
    description = section_of(other, seen.port).value("description", name="text") or seen.port
    return "\n".join(
        [
            "------------------------------------------------",
            f"Local Intf: {short_name(seen.local)}",
            f"Chassis id: {mac_address(other)}",
            f"Port id: {short_name(seen.port)}",
            f"Port Description: {description}",
            f"System Name: {_full_name(other)}",
            "",
            "System Description: ",
            f"{other.profile.software}, {other.profile.version}",
            "",
            "Time remaining: 100 seconds",
            f"System Capabilities: {_lldp_capability(other)}",
            f"Enabled Capabilities: {_lldp_capability(other)}",
            *told,
            "Auto Negotiation - supported, enabled",
            f"Vlan ID: {'1' if 'switching' in other.profile.features else '- not advertised'}",
            "",
        ]
    )

"""The guards of layer 2, of a switch and of its ports."""

import re

from cimnet_nornir.domain.features.security import (
    ArpInspection,
    ArpInspectionPort,
    DhcpSnooping,
    DhcpSnoopingPort,
    ErrDisable,
    PortSecurity,
    StormControl,
    Udld,
    UdldPort,
)
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switch_settings import number, switches, told
from cimnet_nornir.ios.reading.switching import interfaces
from cimnet_nornir.ios.tree import Config

_SECURITY = "switchport port-security"
_MAXIMUM = re.compile(rf"{_SECURITY} maximum (?P<count>\d+)(?: vlan (?P<kind>access|voice))?")
_LIMIT = re.compile(r"rate (?P<rate>\d+)(?: burst interval (?P<burst>\d+))?")


def read(config: Config, draft: Draft) -> None:
    """Take in the guards; a router has none."""
    if not draft.device.switches:
        return
    said = Said.of(config.nodes)
    _snooping(said, draft)
    told(draft, ArpInspection, _inspection(said))
    told(draft, ErrDisable, _errdisable(said))
    mode = next((word for word in ("enable", "aggressive") if said.has(f"udld {word}")), None)
    told(draft, Udld, {"mode": mode, "message_time": number(said.after("udld message time"))})
    for name, lines in interfaces(config):
        if switches(draft, name):
            _port(name, lines, draft)


def _snooping(said: Said, draft: Draft) -> None:
    """What is told of snooping may be told while it is off."""
    fields: dict[str, object] = {
        "vlans": said.after("ip dhcp snooping vlan"),
        "allow_untrusted": said.has("ip dhcp snooping information option allow-untrusted"),
        "database": said.after("ip dhcp snooping database"),
    }
    words = (
        ("information_option", "no ip dhcp snooping information option"),
        ("verify_mac_address", "no ip dhcp snooping verify mac-address"),
    )
    negated = {name: False for name, line in words if said.has(line)}
    enabled = said.has("ip dhcp snooping")
    present = {name: value for name, value in fields.items() if value}
    if present or negated or enabled:
        draft.add(DhcpSnooping, enabled=enabled, **present, **negated)


def _inspection(said: Said) -> dict[str, object]:
    return {
        "vlans": said.after("ip arp inspection vlan"),
        "validation": tuple((said.after("ip arp inspection validate") or "").split()),
    }


def _errdisable(said: Said) -> dict[str, object]:
    return {
        "recovery": said.each("errdisable recovery cause"),
        "interval": number(said.after("errdisable recovery interval")),
        "undetected": said.each("no errdisable detect cause"),
    }


def _port(name: str, lines: Said, draft: Draft) -> None:
    _secured(name, lines, draft)
    told(draft, StormControl, _storm(lines), interface=name)
    if lines.begins("udld port"):
        draft.add(UdldPort, interface=name, mode=lines.after("udld port") or "enable")
    snooping = {
        "trust": lines.has("ip dhcp snooping trust"),
        "rate": number(lines.after("ip dhcp snooping limit rate")),
    }
    told(draft, DhcpSnoopingPort, snooping, interface=name)
    told(draft, ArpInspectionPort, _inspected(lines), interface=name)


def _storm(lines: Said) -> dict[str, object]:
    levels = {kind: lines.after(f"storm-control {kind} level") for kind in ("broadcast", "multicast", "unicast")}
    actions = {kind: lines.has(f"storm-control action {kind}") for kind in ("shutdown", "trap")}
    return {**levels, **actions}


def _inspected(lines: Said) -> dict[str, object]:
    limit = lines.after("ip arp inspection limit") or ""
    rate = _LIMIT.fullmatch(limit)
    return {
        "trust": lines.has("ip arp inspection trust"),
        "rate": int(rate["rate"]) if rate else limit,
        "burst_interval": number(rate["burst"]) if rate else None,
    }


def _secured(name: str, lines: Said, draft: Draft) -> None:
    """Addresses that the port learned by itself are its own."""
    if not lines.begins(_SECURITY):
        return
    counts = {match["kind"] or "": match["count"] for line in lines.lines if (match := _MAXIMUM.fullmatch(line))}
    addresses = lines.each(f"{_SECURITY} mac-address")
    fields = {
        "maximum": number(counts.get("")),
        "maximum_access": number(counts.get("access")),
        "maximum_voice": number(counts.get("voice")),
        "violation": lines.after(f"{_SECURITY} violation"),
        "aging_time": number(lines.after(f"{_SECURITY} aging time")),
        "aging_inactivity": lines.has(f"{_SECURITY} aging type inactivity"),
        "aging_static": lines.has(f"{_SECURITY} aging static"),
        "sticky": "sticky" in addresses,
        "addresses": tuple(address for address in addresses if "sticky" not in address and " " not in address),
    }
    draft.add(PortSecurity, interface=name, enabled=lines.has(_SECURITY), **fields)

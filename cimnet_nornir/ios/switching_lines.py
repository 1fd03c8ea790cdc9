"""How IOS shows lines of switching, whatever was typed: lists of VLANs, levels of storm control, MAC addresses."""

import re

from cimnet_nornir.domain.interfaces import format_vlan_list, parse_vlan_list
from cimnet_nornir.errors import InvalidValue

_LISTED = re.compile(
    r"(?:no )?(?:switchport trunk (?:allowed|pruning) vlan(?: (?:add|remove|except))?|instance \d+ vlan|vlan"
    r"|ip (?:dhcp snooping|arp inspection) vlan|spanning-tree (?:vlan|mst)) \d[\d, -]*(?: [a-z].*)?"
)
_LEVEL = re.compile(r"(?P<head>storm-control \S+ level) (?P<levels>\d+(?:\.\d+)?(?: \d+(?:\.\d+)?)?)")
_SECURE = re.compile(
    r"(?P<head>(?:no )?switchport port-security mac-address(?: sticky)?) (?P<mac>[0-9A-Fa-f.:-]{12,17})(?P<rest>.*)"
)
_VALIDATED = re.compile(r"(?P<head>(?:no )?ip arp inspection validate) (?P<kinds>\S.*)")
_PRIVATE = re.compile(
    r"(?P<head>(?:no )?(?:switchport )?private-vlan (?:association|mapping|host-association)(?: \d+(?= ))?)"
    r" (?P<list>\d[\d, -]*)"
)
_BEGINNINGS = (
    *("switchport ", "instance ", "vlan ", "ip dhcp snooping ", "ip arp ", "spanning-tree ", "storm-control "),
    "private-vlan ",
)
_KINDS = ("src-mac", "dst-mac", "ip")
_MAC_DIGITS = 12


def switching_line(line: str) -> str:
    """The line as a switch shows it; one of another kind as it is."""
    if not line.removeprefix("no ").startswith(_BEGINNINGS):
        return line
    if _LISTED.fullmatch(line):
        return re.sub(r"(?<=\d) ?, ?(?=\d)", ",", line)
    if match := _PRIVATE.fullmatch(line):
        return f"{match['head']} {_shortest(match['list'].replace(' ', ''))}"
    if match := _LEVEL.fullmatch(line):
        return " ".join((match["head"], *(f"{float(level):.2f}" for level in match["levels"].split(" "))))
    if match := _SECURE.fullmatch(line):
        return f"{match['head']} {_dotted(match['mac'])}{match['rest']}"
    if match := _VALIDATED.fullmatch(line):
        kinds = match["kinds"].split(" ")
        return " ".join((match["head"], *(sorted(kinds, key=_KINDS.index) if set(kinds) <= set(_KINDS) else kinds)))
    return line


def _shortest(vlans: str) -> str:
    try:
        return format_vlan_list(parse_vlan_list(vlans))
    except InvalidValue:
        return vlans  # nonsense stays as it stands, for the device or a person to refuse


def _dotted(mac: str) -> str:
    digits = re.sub(r"[.:-]", "", mac).lower()
    return ".".join((digits[:4], digits[4:8], digits[8:])) if len(digits) == _MAC_DIGITS else mac

"""Private VLANs: kinds of VLANs, what belongs to a primary one, and the ports that are in them."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.rules import Change, Rule, store
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans

_KIND: Final = "private-vlan kind"
_PARTS: Final = "private-vlan association"


def _kind(change: Change) -> Outcome:
    """Only a switch whose VLANs are its own has them; the lines stand in further than the others of a VLAN."""
    if change.device.vtp_mode in {"server", "client"} and not change.device.booting:
        return "%Private VLANs can only be configured when VTP is in transparent/off mode."
    old = change.section.value(_KIND, name="kind")
    if old not in {"", change.values["kind"]}:
        return f"%Command rejected: the VLAN is {old} already"
    return store(change, f" {change.match.text}")


def _no_kind(change: Change) -> Outcome:
    change.section.drop(_KIND)
    if change.values["kind"] == "primary":
        change.section.drop(_PARTS)
    return ""


def _associate(change: Change) -> Outcome:
    """A primary VLAN takes secondary ones."""
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    if change.section.value(_KIND, name="kind") != "primary":
        return "%Command rejected: the VLAN is not a primary VLAN"
    wrong = [vlan for vlan in sorted(given) if not _is_secondary(change, vlan)]
    if wrong and not change.device.booting:
        return f"%Command rejected: VLAN {wrong[0]} is not a secondary VLAN"
    text = format_vlans(given)
    return store(change, f" {_PARTS} {text}", {"vlans": text})


def _is_secondary(change: Change, vlan: int) -> bool:
    line = change.device.running.get("vlan", str(vlan))
    return line is not None and line.section.value(_KIND, name="kind") in {"isolated", "community"}


def _listed(change: Change) -> Outcome:
    """A list is shown as short as may be."""
    given = parse_vlans(change.values["vlans"])
    if isinstance(given, str):
        return given
    text = format_vlans(given)
    return store(change, f"{change.match.text.removesuffix(change.values['vlans'])}{text}")


VLAN: Final = (
    Rule("private-vlan {kind: primary|isolated|community}", 60, slot=_KIND, effect=_kind, undo=_no_kind),
    Rule(f"{_PARTS} <vlans:vlans>", 61, effect=_associate),
)
INTERFACE: Final = (
    Rule("switchport private-vlan host-association <primary:2-4094> <secondary:2-4094>", 21, needs="port"),
    Rule("switchport private-vlan mapping <primary:2-4094> <vlans:vlans>", 21, needs="port", effect=_listed),
    Rule("private-vlan mapping <vlans:vlans>", 20, needs="vlan", effect=_listed),
)

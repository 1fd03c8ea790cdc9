"""The VLAN database."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.rules import Change, Rule, store
from cimnet_nornir.lab.vlanlist import parse_vlans

# Present on every switch, and never to be removed.
DEFAULT_VLANS: Final = {
    1: "default",
    1002: "fddi-default",
    1003: "token-ring-default",
    1004: "fddinet-default",
    1005: "trnet-default",
}
FIRST_EXTENDED: Final = 1006


def vlan_line(number: int) -> Line:
    """A VLAN without settings."""
    hidden = number in DEFAULT_VLANS
    return Line(
        ("vlan", str(number)), f"vlan {number}", 130, (number,), {"vlans": str(number)}, Section(), hidden=hidden
    )


def vlan_name(line: Line) -> str:
    """The name IOS shows for a VLAN: the configured one, or `VLAN0010`."""
    number = int(line.key[1])
    return line.section.value("name", name="name", default=DEFAULT_VLANS.get(number, f"VLAN{number:04d}"))


def _vlans(change: Change) -> Outcome:
    numbers = parse_vlans(change.values["vlans"])
    if isinstance(numbers, str):
        return numbers
    refusal = _vtp_refusal(change, numbers)
    if refusal:
        return refusal
    for number in sorted(numbers):
        if not change.section.has("vlan", str(number)):
            change.section.put(vlan_line(number))
        line = change.section.get("vlan", str(number))
        change.entered += [line] if line else []
    return ""


def _vtp_refusal(change: Change, numbers: frozenset[int]) -> str:
    mode = change.device.vtp_mode
    if mode == "client" and not change.device.booting:
        return "%VTP VLAN configuration not allowed when device is in CLIENT mode."
    extended = [number for number in sorted(numbers) if number >= FIRST_EXTENDED]
    if mode == "server" and extended:
        return (
            f"% Failed to create VLANs {','.join(map(str, extended))}\n"
            "Extended VLAN(s) not allowed in current VTP mode.\n%Failed to commit extended VLAN(s) changes."
        )
    return ""


def _no_vlans(change: Change) -> Outcome:
    numbers = parse_vlans(change.values["vlans"])
    if isinstance(numbers, str):
        return numbers
    refusal = _vtp_refusal(change, frozenset())
    if refusal:
        return refusal
    said = []
    for number in sorted(numbers):
        if number in DEFAULT_VLANS:
            said.append(f"%Default VLAN {number} may not be deleted.")
        else:
            change.section.drop("vlan", str(number))
    return "\n".join(said)


def _name(change: Change) -> Outcome:
    name = change.values["name"]
    own = change.owner.key[1] if change.owner else ""
    if int(own or 1) in DEFAULT_VLANS:
        return f"%Default VLAN {own} may not have its name changed."
    for other in change.device.running.all("vlan"):
        if other.key[1] != own and vlan_name(other) == name:
            return f"VLAN #{own} and #{other.key[1]} have an identical name: {name}"
    return store(change)


def _remote_span(change: Change) -> Outcome:
    """The VLAN that carries what is mirrored is none of those that are there by themselves."""
    own = change.owner.key[1] if change.owner else ""
    if int(own or 1) in DEFAULT_VLANS:
        return f"%Default VLAN {own} may not be changed to RSPAN VLAN."
    return store(change)


VLANS: Final = (
    Rule("vlan <vlans:vlans>", 130, ("vlans",), "switching", "vlan", effect=_vlans, undo=_no_vlans),
    Rule("vlan internal allocation policy {policy: ascending|descending}", 120, needs="switching"),
    Rule("vlan dot1q tag native", 121, needs="switching"),
)

VLAN: Final = (
    Rule("name <name:word>", 10, effect=_name),
    Rule("state {state: active|suspend}", 20, default="state active"),
    Rule("shutdown", 30),
    Rule("mtu <mtu:576-18190>", 40, default="mtu 1500"),
    Rule("remote-span", 50, effect=_remote_span),
)

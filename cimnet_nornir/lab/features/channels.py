"""Port-channels: how ports join one and leave it, and what is configured on it and copied to them.

Cisco, "Configuring EtherChannels": changes on the port-channel apply to all its ports, changes on a port to that alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.interfaces import interface_line
from cimnet_nornir.lab.names import number_of, short_name, type_of
from cimnet_nornir.lab.rules import Change, Rule, by_number, remove, store

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_PROTOCOLS: Final = {"active": "LACP", "passive": "LACP", "auto": "PAgP", "desirable": "PAgP", "on": ""}
# What is configured on a port-channel and stands at its ports too.
_COPIED: Final = ("switchport", "spanning-tree", "shutdown")


def channel_members(device: "Device", channel: str) -> list[Line]:
    """The ports of a port-channel, in the order of their names."""
    lines = (line for line in device.running.all("interface") if type_of(line.key[1]).physical)
    number = number_of(channel)
    found = [line for line in lines if line.section.value("channel-group", name="group") == number]
    return sorted(found, key=lambda line: line.order)


def copied_to(device: "Device", rule: Rule, owner: Line | None) -> list[Line]:
    """The ports to which a line is copied that is typed on `owner`: those of a port-channel."""
    if owner is None or owner.key[0] != "interface" or "." in owner.key[1]:
        return []
    if type_of(owner.key[1]).name != "Port-channel" or not rule.identity.startswith(_COPIED):
        return []
    return channel_members(device, owner.key[1])


def _join(change: Change) -> Outcome:
    """Join a channel; its Port-channel interface is made with the port's settings when it does not exist."""
    name = f"Port-channel{change.values['group']}"
    running = change.device.running
    channel = running.get("interface", name)
    refusal = _refusal(change, name, channel)
    if refusal and not change.device.booting:
        return refusal
    store(change)
    if channel is not None:
        return ""
    line = interface_line(name)
    for member in change.section:
        if member.key[0].startswith("switchport"):
            line.section.put(member)
    running.put(line)
    return f"Creating a port-channel interface Port-channel {change.values['group']}\n"


def _protocol(values: Mapping[str, str]) -> str:
    """What the ports of a channel speak; on a router, without a mode, nothing."""
    return _PROTOCOLS[values.get("mode", "on")]


def _refusal(change: Change, name: str, channel: Line | None) -> str:
    """Why a port cannot join, in the words of IOS."""
    if channel is not None and channel.section.has("switchport") != change.section.has("switchport"):
        port = short_name(change.interface)
        return f"Command rejected ({name}, {port}): Either port is L2 and port-channel is L3, or vice-versa"
    others = (line for line in channel_members(change.device, name) if line.section is not change.section)
    protocols = {_protocol(line.values) for other in others if (line := other.section.get("channel-group"))}
    if protocols - {_protocol(change.values)}:
        group = f"{short_name(change.interface)} in group {change.values['group']}"
        return (
            f"Command rejected (Channel protocol mismatch for interface {group}): "
            "the interface can not be added to the channel group"
        )
    return ""


_BALANCES: Final = (
    "dst-ip|dst-mac|src-dst-ip|src-dst-mac|src-ip|src-mac|src-dst-port|src-port|dst-port|src-mixed-ip-port"
    "|dst-mixed-ip-port|src-dst-mixed-ip-port"
)

CHANNEL_SETTINGS: Final = (
    Rule(
        f"port-channel load-balance {{how: {_BALANCES}}}",
        119,
        needs="switching",
        default="port-channel load-balance src-mac",
    ),
    Rule("lacp system-priority <priority:0-65535>", 119, default="lacp system-priority 32768"),
    Rule("switch <member:1-9> provision <model:word>", 90, ("member",), needs="switching", order=by_number("member")),
)

CHANNELS: Final = (
    Rule(
        "channel-group <group:1-128> mode {{mode: active|passive|on}|{mode: auto|desirable} [{silence: non-silent}]}",
        90,
        needs="physical",
        effect=_join,
        undo=remove,
    ),
    Rule("channel-group <group:1-128>", 90, needs="physical router", effect=_join, undo=remove),
    Rule("channel-protocol {protocol: lacp|pagp}", 89, needs="physical"),
    Rule("lacp port-priority <priority:0-65535>", 91, needs="physical", default="lacp port-priority 32768"),
    Rule("lacp rate {rate: normal|fast}", 91, needs="physical", default="lacp rate normal"),
    Rule("lacp max-bundle <ports:1-16>", 91, needs="port-channel"),
    Rule("lacp fast-switchover", 91, needs="port-channel"),
    Rule("port-channel min-links <ports:2-8>", 91, needs="port-channel"),
)

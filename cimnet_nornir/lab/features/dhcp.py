"""The DHCP server: pools for networks and for single hosts, addresses that are never given out."""

from ipaddress import IPv4Address, IPv4Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.features.addressing import mask_length
from cimnet_nornir.lab.rules import Change, Rule, remove_one, store

_NETWORK: Final = "network"
_HOST: Final = "host"
_BITS: Final = 32


def _mask(change: Change) -> str | None:
    """The mask of a network or a host, which may be given as a length; None where it is none."""
    length, mask = change.values.get("length", ""), change.values.get("mask", "255.255.255.0")
    if not length:
        return None if mask_length(mask) is None else mask
    bits = length.removeprefix("/")
    if bits == length or not bits.isdecimal() or int(bits) > _BITS:
        return None
    return str(IPv4Network(f"0.0.0.0/{bits}").netmask)


def _network(change: Change) -> Outcome:
    mask = _mask(change)
    if mask is None:
        return "% Invalid network mask."
    if change.section.has(_HOST):
        return "% This command may not be used with host, origin, vrf or relay pools."
    address = IPv4Address(int(IPv4Address(change.values["address"])) & int(IPv4Address(mask)))
    return store(change, f"network {address} {mask}")


def _host(change: Change) -> Outcome:
    if change.section.has(_NETWORK):
        return "% This command may not be used with network, origin, vrf or relay pools."
    mask = _mask(change)
    return "% Invalid network mask." if mask is None else store(change, f"host {change.values['address']} {mask}")


def _identifier(change: Change) -> Outcome:
    """A host has one of both: a client identifier, in groups of four digits, or a hardware address."""
    if not change.section.has(_HOST) and not change.device.booting:
        return "% This command may not be used with network, origin, vrf or relay pools."
    digits = change.values["value"].replace(".", "").lower()
    groups = ".".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    change.section.drop("client-identifier")
    change.section.drop("hardware-address")
    return store(change, f"{change.rule.head} {groups}")


def _lease(change: Change) -> Outcome:
    """Days, hours, minutes; trailing noughts are not shown, and a day is what it is anyway."""
    if "for" in change.values:
        return store(change, "lease infinite")
    parts = [change.values["days"], change.values.get("hours", "0"), change.values.get("minutes", "0")]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return store(change, f"lease {' '.join(parts)}")


def _excluded(change: Change) -> Outcome:
    """Of a range that is one address, the one is shown."""
    values = dict(change.values)
    if values.get("last") == values["first"]:
        del values["last"]
    vrf = f"vrf {values['vrf']} " if "vrf" in values else ""
    last = f" {values['last']}" if "last" in values else ""
    return store(change, f"ip dhcp excluded-address {vrf}{values['first']}{last}", values)


GLOBAL: Final = (
    Rule("ip dhcp conflict logging", 98, shown="negative"),
    Rule("ip dhcp bootp ignore", 98),
    Rule("ip dhcp ping packets <value:0-10>", 98, default="ip dhcp ping packets 2"),
    Rule("ip dhcp ping timeout <value:100-10000>", 98, default="ip dhcp ping timeout 500"),
    Rule(
        "ip dhcp excluded-address [vrf <vrf:word>] <first:ip> [<last:ip>]",
        98,
        ("vrf", "first", "last"),
        effect=_excluded,
        undo=remove_one,
    ),
    Rule("ip dhcp pool <name:word>", 99, ("name",), enters="dhcp-pool"),
)
POOL: Final = (
    Rule("vrf <vrf:word>", 5),
    Rule("network <address:ip> [{<mask:ip>|<length:word>}]", 10, effect=_network),
    Rule("host <address:ip> [{<mask:ip>|<length:word>}]", 10, effect=_host),
    Rule("hardware-address <value:word>", 11, effect=_identifier),
    Rule("client-identifier <value:word>", 11, effect=_identifier),
    Rule("client-name <name:word>", 12),
    Rule("bootfile <name:word>", 15),
    Rule("next-server <servers:line>", 16),
    Rule("default-router <routers:line>", 20),
    Rule("dns-server <servers:line>", 30),
    Rule("netbios-name-server <servers:line>", 31),
    Rule("netbios-node-type <type:word>", 32),
    Rule("domain-name <name:word>", 40),
    Rule("option <code:0-254> [instance <instance:0-255>] {what: ascii|hex|ip} <value:line>", 60, ("code",)),
    Rule("lease {{for: infinite}|<days:0-365> [<hours:0-23> [<minutes:0-59>]]}", 70, default="lease 1", effect=_lease),
)

"""IP on interfaces: addresses with their checks, helpers, access groups and first-hop redundancy lines."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features.vrf import lacks_family, vrf_of
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, remove, store

PRIMARY: Final = "ip address"
SECONDARY: Final = "ip address secondary"


def mask_length(mask: str) -> int | None:
    """The prefix length of a contiguous mask."""
    bits = f"{int(IPv4Address(mask)):032b}"
    ones = bits.rstrip("0")
    return len(ones) if "0" not in ones else None


def addresses(section: Section) -> tuple[IPv4Interface, ...]:
    """The addresses of an interface, the primary one first."""
    lines = [line for line in (section.get(PRIMARY), *section.all(SECONDARY)) if line and "address" in line.values]
    return tuple(IPv4Interface(f"{line.values['address']}/{line.values['mask']}") for line in lines)


def _bad_mask(address: str, mask: str) -> str:
    length = mask_length(mask)
    if length is None or length == 0:
        return f"Bad mask 0x{int(IPv4Address(mask)):X} for address {address}"
    network = IPv4Network((address, length), strict=False)
    edges = {str(network.network_address), str(network.broadcast_address)}
    return f"Bad mask /{length} for address {address}" if length < 31 and address in edges else ""


def _overlap(change: Change, address: IPv4Interface) -> str:
    """IOS refuses a network that another interface, or another address of this one, has."""
    for line in change.device.running.all("interface"):
        own = line.key[1] == change.interface
        for other in addresses(line.section):
            replaced = own and (other.ip == address.ip or not change.values.get("secondary"))
            if (
                not replaced
                and vrf_of(line.section) == vrf_of(change.section)
                and other.network.overlaps(address.network)
            ):
                return f"% {address.network.network_address} overlaps with {line.key[1]}"
    return ""


_SUBINTERFACE: Final = (
    "% Configuring IP routing on a LAN subinterface is only allowed if that\n"
    "subinterface is already configured as part of an IEEE 802.10, IEEE 802.1Q,\nor ISL vLAN.\n"
)


def _address(change: Change) -> Outcome:
    if "." in change.interface and not change.section.has("encapsulation dot1q"):
        return _SUBINTERFACE
    if lacks_family(change, "ipv4"):
        return f"% {change.interface} is linked to a VRF. Enable IPv4 on that VRF first."
    address, mask = change.values["address"], change.values["mask"]
    problem = _bad_mask(address, mask) or _overlap(change, IPv4Interface(f"{address}/{mask}"))
    if problem:
        return problem
    if "secondary" not in change.values:
        change.section.drop("ip unnumbered")
        return store(change)
    text = f"ip address {address} {mask} secondary"
    # The running configuration lists secondary addresses before the primary one.
    change.section.put(Line((SECONDARY, address), text, change.rule.rank - 1, values=dict(change.values)))
    return ""


def _no_helper(change: Change) -> Outcome:
    """The one server of that table; all of them where none is told."""
    if "address" in change.values:
        change.section.drop(change.rule.identity, *(change.values.get(name, "") for name in change.rule.key))
        return ""
    return remove(change)


def _leased(change: Change) -> Outcome:
    """An address that another gives takes the place of all that were set."""
    _no_address(change)
    return store(change)


def _unnumbered(change: Change) -> Outcome:
    """Borrow the address of another interface; those that were set go."""
    lender = change.device.running.get("interface", change.values["interface"])
    if lender is None:
        return Invalid(change.match.columns["interface"])
    if lender.section.has("ip unnumbered"):
        return f"Cannot use an unnumbered interface: {lender.key[1]}"
    _no_address(change)
    return store(change)


def _no_address(change: Change) -> Outcome:
    section, address = change.section, change.values.get("address", "")
    if section.has(SECONDARY, address):
        section.drop(SECONDARY, address)
        return ""
    if address and section.value(PRIMARY, name="address") != address:
        return "Invalid address" if section.has(PRIMARY) else ""
    if address and section.all(SECONDARY):
        return "Must delete secondary before deleting primary"
    for line in section.all(SECONDARY):
        section.drop(*line.key)
    section.drop(PRIMARY)
    return ""


ADDRESSING: Final = (
    Rule(
        "ip address <address:ip> <mask:ip> [{secondary: secondary}]",
        32,
        needs="routed",
        effect=_address,
        undo=_no_address,
    ),
    Rule(
        "ip address dhcp [client-id <interface:interface>] [hostname <host:word>]",
        32,
        needs="routed",
        slot=PRIMARY,
        effect=_leased,
        undo=_no_address,
    ),
    Rule("ip address negotiated", 32, needs="routed", slot=PRIMARY, effect=_leased, undo=_no_address),
    Rule("ip unnumbered <interface:interface>", 32, needs="routed", effect=_unnumbered),
    Rule("ip access-group <list:word> {direction: in|out}", 33, ("direction",), effect=store, undo=remove),
    Rule(
        "ip helper-address [{vrf <vrf:word>|{scope: global}}] <address:ip>",
        34,
        ("vrf", "scope", "address"),
        needs="routed",
        removable=0,
        undo=_no_helper,
    ),
    Rule("ip redirects", 35, needs="routed", shown="negative"),
    Rule("ip unreachables", 35, needs="routed", shown="negative"),
    Rule("ip proxy-arp", 35, needs="routed", shown="negative"),
    Rule("ip directed-broadcast", 35, needs="routed"),
    Rule("ip mtu <bytes:68-9216>", 36, needs="routed", default="ip mtu 1500"),
    Rule("ip tcp adjust-mss <bytes:500-9176>", 36, needs="routed"),
    Rule("ip nat {side: inside|outside}", 37, needs="router routed"),
    Rule(
        "ip verify unicast source reachable-via {how: rx|any} [allow-default] [allow-self-ping] [<list:word>]",
        37,
        needs="routed",
    ),
    Rule("ip policy route-map <map:word>", 37, needs="routed routing"),
)

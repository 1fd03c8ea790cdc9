"""Tunnels ("Cisco IOS Interface and Hardware Component Command Reference", `tunnel …`)."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.rules import Change, Rule, store

_MODE: Final = "tunnel mode"
# What a tunnel that is told to keep alive does unless it is told otherwise: every 10 seconds, 3 times.
_SECONDS, _RETRIES = "10", "3"


def _destination(change: Change) -> Outcome:
    """A tunnel to several ends has no one end."""
    if change.section.value(_MODE, name="mode") == "gre multipoint":
        return "% Tunnel destination cannot be configured on a multipoint tunnel"
    return store(change)


def _mode(change: Change) -> Outcome:
    if change.values["mode"] == "gre multipoint" and change.section.has("tunnel destination"):
        return "% Cannot set multipoint mode: the tunnel has a destination"
    return store(change)


def _keepalive(change: Change) -> Outcome:
    seconds, retries = change.values.get("seconds", _SECONDS), change.values.get("retries", _RETRIES)
    return store(change, f"keepalive {seconds} {retries}")


TUNNELS: Final = (
    Rule("keepalive [<seconds:1-32767>] [<retries:1-255>]", 72, needs="tunnel", effect=_keepalive),
    Rule("tunnel source {<source:ip>|<source:ipv6>|<source:interface>}", 80, needs="tunnel"),
    Rule("tunnel destination {<address:ip>|<address:ipv6>}", 81, needs="tunnel", effect=_destination),
    Rule(
        "tunnel mode {mode: gre ip|gre ipv6|gre multipoint|ipip|ipv6|ipv6ip|ipv6ip 6to4|ipsec ipv4|ipsec ipv6}",
        82,
        needs="tunnel",
        default="tunnel mode gre ip",
        effect=_mode,
    ),
    Rule("tunnel key <key:0-4294967295>", 83, needs="tunnel"),
    Rule("tunnel checksum", 84, needs="tunnel"),
    Rule("tunnel path-mtu-discovery", 85, needs="tunnel"),
    Rule("tunnel ttl <hops:1-255>", 86, needs="tunnel", default="tunnel ttl 255"),
    Rule("tunnel vrf <vrf:word>", 87, needs="tunnel"),
    Rule("tunnel protection ipsec profile <profile:word>", 88, needs="tunnel"),
)

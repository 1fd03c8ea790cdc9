"""Static routes, the default gateway, and whether the device routes at all."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Section, SortKey
from cimnet_nornir.lab.features.addressing import mask_length
from cimnet_nornir.lab.rules import Change, Rule, store

ROUTE: Final = "ip route"


def _route(change: Change) -> Outcome:
    prefix, mask = change.values["prefix"], change.values["mask"]
    length = mask_length(mask)
    if length is None or IPv4Address(prefix) != IPv4Network((prefix, length), strict=False)[0]:
        return "%Inconsistent address and mask"
    return store(change)


def _order(values: Mapping[str, str]) -> SortKey:
    return int(IPv4Address(values["prefix"])), int(IPv4Address(values["mask"]))


def static_routes(running: Section) -> list[tuple[IPv4Network, Mapping[str, str]]]:
    """Each static route's prefix and values (`hop`, `interface`, `distance`)."""
    lines = running.all(ROUTE)
    return [(IPv4Network(f"{line.values['prefix']}/{line.values['mask']}"), line.values) for line in lines]


_OPTIONS: Final = "[<distance:1-255>] [name <name:word>] [tag <tag:1-4294967295>] [track <track:1-1000>] [permanent]"
_KEY: Final = ("prefix", "mask", "interface", "hop")

ROUTES: Final = (
    Rule("ip routing", 90, needs="router", shown="negative"),
    Rule("ip routing", 90, needs="switching"),
    Rule("ip default-gateway <address:ip>", 400),
    Rule("ip default-network <address:ip>", 400, ("address",)),
    Rule(
        f"ip route <prefix:ip> <mask:ip> {{<hop:ip>|<interface:interface> [<hop:ip>]}} {_OPTIONS}",
        410,
        _KEY,
        removable=2,
        effect=_route,
        order=_order,
    ),
    Rule(
        f"ip route <prefix:ip> <mask:ip> {{interface: Null0}} {_OPTIONS}",
        410,
        _KEY,
        removable=2,
        effect=_route,
        order=_order,
    ),
)

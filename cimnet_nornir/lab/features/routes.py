"""Static routes, the default gateway, and whether the device routes at all."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Section, SortKey
from cimnet_nornir.lab.features.addressing import addresses, mask_length
from cimnet_nornir.lab.features.ospf import has_vrf
from cimnet_nornir.lab.features.ospf_interface import vrf_of
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.options import read_options, shown_options
from cimnet_nornir.lab.rules import Change, Rule, store

ROUTE: Final = "ip route"
ROUTE6: Final = "ipv6 route"


def _route(change: Change) -> Outcome:
    """A route, typed anew, is what was typed last: no option of the earlier line stays."""
    prefix, mask, vrf = change.values["prefix"], change.values["mask"], change.values.get("vrf", "")
    length = mask_length(mask)
    if length is None or IPv4Address(prefix) != IPv4Network((prefix, length), strict=False)[0]:
        return "%Inconsistent address and mask"
    if vrf and not has_vrf(change.device.running, vrf):
        return f"% VRF {vrf} does not exist"
    if _is_own(change, vrf):
        return "%Invalid next hop address (it's this router)"
    return _stored(change)


def _is_own(change: Change, vrf: str) -> bool:
    """Whether the next hop is an address of the device, in the table that the route is for."""
    hop = change.values.get("hop", "")
    own = (line.section for line in change.device.running.all("interface") if vrf_of(line.section) == vrf)
    return any(str(address.ip) == hop for section in own for address in addresses(section))


def _stored(change: Change) -> Outcome:
    found = read_options(change, _OPTIONS)
    if isinstance(found, Invalid):
        return found
    if {"permanent", "track"} <= found.keys():
        return Invalid(change.match.columns["options"])
    plain = {name: value for name, value in change.values.items() if name not in {"options", "distance"}}
    distance = change.values.get("distance", "1")
    head = change.match.text.removesuffix(change.values.get("options", "")).rstrip()
    if "distance" in change.values:
        head = head.rpartition(" ")[0] + ("" if distance == "1" else f" {distance}")
    shown = {**found, **({} if distance == "1" else {"distance": distance})}
    return store(change, f"{head}{shown_options(found, _OPTIONS)}", {**plain, **shown})


def _route6(change: Change) -> Outcome:
    vrf, prefix = change.values.get("vrf", ""), change.values["prefix"]
    if vrf and not has_vrf(change.device.running, vrf):
        return f"% VRF {vrf} does not exist"
    try:
        IPv6Network(prefix)
    except ValueError:
        return "%Invalid IPv6 prefix"
    return _stored(change)


def _no_route(change: Change) -> Outcome:
    """Without a next hop every route to the prefix goes; those of a VRF only by its name."""
    given = {name: change.values[name] for name in ("prefix", "mask", "interface", "hop") if name in change.values}
    hops = bool({"interface", "hop"} & given.keys())
    for line in change.section.all(change.rule.identity):
        same = line.values.get("vrf", "") == change.values.get("vrf", "")
        parts = ("prefix", "mask", "interface", "hop") if hops else ("prefix", "mask")
        if same and all(line.values.get(name, "") == given.get(name, "") for name in parts):
            change.section.drop(*line.key)
    return ""


def _order(values: Mapping[str, str]) -> SortKey:
    return int(IPv4Address(values["prefix"])), int(IPv4Address(values["mask"]))


def static_routes(running: Section) -> list[tuple[IPv4Network, Mapping[str, str]]]:
    """Each static route's prefix and values (`hop`, `interface`, `distance`), those of VRFs left out."""
    lines = [line for line in running.all(ROUTE) if "vrf" not in line.values]
    return [(IPv4Network(f"{line.values['prefix']}/{line.values['mask']}"), line.values) for line in lines]


_OPTIONS: Final = {"name": "word", "tag": "1-4294967295", "track": "1-1000", "permanent": ""}
_REST: Final = "[<distance:1-255>] [<options:line>]"
_KEY: Final = ("vrf", "prefix", "mask", "interface", "hop")
_HOPS: Final = "{<hop:ip>|<interface:interface> [<hop:ip>]}"
_HOPS6: Final = "{<hop:ipv6>|<interface:interface> [<hop:ipv6>]}"


def _rules(vrf: str) -> tuple[Rule, ...]:
    """Routes to a next hop, by an interface, by both, or to nowhere."""
    head, head6 = f"ip route{vrf} <prefix:ip> <mask:ip>", f"ipv6 route{vrf} <prefix:ipv6-prefix>"
    four = tuple(
        Rule(f"{head} {hops} {_REST}", 410, _KEY, slot=ROUTE, removable=3, effect=_route, undo=_no_route, order=_order)
        for hops in (_HOPS, "{interface: Null0}")
    )
    key6 = tuple(name for name in _KEY if name != "mask")
    six = tuple(
        Rule(f"{head6} {hops} {_REST}", 411, key6, slot=ROUTE6, removable=2, effect=_route6, undo=_no_route)
        for hops in (_HOPS6, "{interface: Null0}")
    )
    return four + six


ROUTES: Final = (
    Rule("ip routing", 90, needs="router", shown="negative"),
    Rule("ip routing", 90, needs="switching"),
    Rule("ip default-gateway <address:ip>", 400),
    Rule("ip default-network <address:ip>", 400, ("address",)),
    *_rules(""),
    *_rules(" vrf <vrf:word>"),
)

"""BGP: the process and its address families.

A process that was never told an address family shows what belongs to IPv4 unicast among its own lines; once it was,
such lines stand there, wherever they are typed, and each neighbour is shown as active.
"""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line, Section
from cimnet_nornir.lab.features import bgp_peers, bgp_routes
from cimnet_nornir.lab.features.bgp_sections import AS, FAMILY, IPV4, MEMBER, activate
from cimnet_nornir.lab.rules import Change, Rule, remove, store

_LOG: Final = "bgp log-neighbor-changes"
# What stands in the family, where there is one.
_OF_A_FAMILY: Final = bgp_peers.SLOTS | bgp_routes.SLOTS


def _process(change: Change) -> Outcome:
    """There is one BGP process; a second number is refused with the first."""
    for line in change.section.all("router bgp"):
        if line.key[1] != change.values["as"]:
            return f"BGP is already running; AS is {line.key[1]}"
    if "switching" in change.device.profile.features and not change.device.running.has("ip routing"):
        return "IP routing not enabled"
    known = change.section.has("router bgp", change.values["as"])
    store(change)
    if not known:
        change.entered[-1].section.put(Line((_LOG,), _LOG, 11))
    return ""


def _named(change: Change) -> str:
    """A family as it is shown: unicast is what it is without a word."""
    values = change.values
    vrf = f"vrf {values['vrf']}" if "vrf" in values else ""
    kind = values.get("kind", "")
    return " ".join(word for word in (values["family"], kind if kind != "unicast" else "", vrf) if word)


def _family(change: Change) -> Outcome:
    """Enter a family; with the first of any kind, what belongs to IPv4 unicast moves to its own."""
    _require_ipv4(change)
    name = _named(change)
    store(change, f"{FAMILY} {name}", {"family": name})
    change.mode = _mode(name)
    return ""


def _require_ipv4(change: Change) -> None:
    process = change.section
    if process.has(FAMILY, IPV4):
        return
    family = Line((FAMILY, IPV4), f"{FAMILY} {IPV4}", 90, ("",), {"family": IPV4}, Section(), ("exit-address-family",))
    moved = [line for line in process.lines.values() if line.key[0] in _OF_A_FAMILY]
    process.put(family)
    for line in moved:
        process.drop(*line.key)
        family.section.put(line)
    for line in (*process.all(AS), *process.all(MEMBER)):
        activate(change, line.values["peer"])


def _no_default(change: Change) -> Outcome:
    """Who is active stays so, and from then on is shown to be."""
    _require_ipv4(change)
    return remove(change)


def _mode(name: str) -> str:
    if " vrf " in name:
        return "router-bgp-vrf6" if name.startswith("ipv6") else "router-bgp-vrf"
    return "router-bgp-af6" if name.startswith("ipv6") else "router-bgp-af"


def _no_family(change: Change) -> Outcome:
    change.section.drop(FAMILY, _named(change))
    return ""


def _leave(change: Change) -> Outcome:
    change.leave = True
    return ""


def _confederates(change: Change) -> Outcome:
    """ASes of the confederation are added to those there are."""
    return _show_confederates(change, _confederated(change) | _said(change))


def _no_confederates(change: Change) -> Outcome:
    return _show_confederates(change, _confederated(change) - _said(change))


def _said(change: Change) -> frozenset[int]:
    return frozenset(int(word) for word in change.values["peers"].split())


def _confederated(change: Change) -> frozenset[int]:
    text = change.section.value(change.rule.identity, name="peers")
    return frozenset(int(word) for word in text.split())


def _show_confederates(change: Change, peers: frozenset[int]) -> str:
    if not peers:
        change.section.drop(change.rule.identity)
        return ""
    text = " ".join(str(peer) for peer in sorted(peers))
    return store(change, f"bgp confederation peers {text}", {"peers": text})


GLOBAL: Final = (Rule("router bgp <as:1-4294967295>", 310, ("as",), "routing", "router-bgp", effect=_process),)

_SETTINGS: Final = (
    Rule("bgp router-id <id:ip>", 10),
    Rule(_LOG, 11),
    Rule("bgp cluster-id {<id:ip>|<number:1-4294967295>}", 11),
    Rule("bgp confederation identifier <as:1-4294967295>", 11),
    Rule("bgp confederation peers <peers:numbers>", 11, effect=_confederates, undo=_no_confederates),
    Rule("bgp default ipv4-unicast", 11, shown="negative", undo=_no_default),
    Rule("bgp default local-preference <preference:0-4294967295>", 11, default="bgp default local-preference 100"),
    Rule("bgp always-compare-med", 11),
    Rule("bgp deterministic-med", 11),
    Rule("bgp enforce-first-as", 11, shown="negative"),
    Rule("bgp fast-external-fallover", 11, shown="negative"),
    Rule("bgp bestpath as-path {what: ignore|multipath-relax}", 11, ("what",)),
    Rule("bgp bestpath compare-routerid", 11),
    Rule("bgp bestpath med {what: confed|missing-as-worst}", 11, ("what",)),
    Rule("bgp bestpath {what: igp-metric|cost-community} ignore", 11, ("what",)),
    Rule("bgp maxas-limit <limit:1-254>", 11),
    Rule("bgp graceful-restart", 12),
    Rule("bgp graceful-restart {what: restart-time|stalepath-time} <seconds:1-3600>", 12, ("what",)),
    Rule("timers bgp <keepalive:0-65535> <hold:0-65535> [<least:0-65535>]", 13, default="timers bgp 60 180"),
)

_FAMILIES: Final = (
    "address-family {family: ipv4} [{kind: unicast|multicast}]",
    "address-family {family: ipv4} vrf <vrf:word>",
    "address-family {family: ipv6} [{kind: unicast|multicast}]",
    "address-family {family: ipv6} vrf <vrf:word>",
    "address-family {family: vpnv4|vpnv6} [{kind: unicast}]",
)

ROUTER_BGP: Final = (
    *_SETTINGS,
    *bgp_peers.SESSION,
    *bgp_peers.POLICY,
    *bgp_routes.ROUTES,
    *(
        Rule(
            pattern,
            90,
            ("family",),
            enters="router-bgp-af",
            slot=FAMILY,
            ending=("exit-address-family",),
            effect=_family,
            undo=_no_family,
            order=lambda values: ("" if values["family"] == IPV4 else values["family"],),
        )
        for pattern in _FAMILIES
    ),
)

_LEAVE: Final = Rule("exit-address-family", effect=_leave)
_IPV4: Final = (*bgp_peers.FAMILY_GROUP, *bgp_peers.POLICY, *bgp_routes.ROUTES, _LEAVE)
_IPV6: Final = (*bgp_routes.IPV6_ROUTES, *_IPV4)
MODES: Final = {
    "router-bgp": ROUTER_BGP,
    "router-bgp-af": _IPV4,
    "router-bgp-af6": _IPV6,
    "router-bgp-vrf": (*bgp_peers.SESSION, *_IPV4),
    "router-bgp-vrf6": (*bgp_peers.SESSION, *_IPV6),
}

"""Network address translation: pools, static and dynamic translations, timeouts ("IOS IP Addressing: NAT")."""

from ipaddress import IPv4Address, IPv4Network
from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import mask_length
from cimnet_nornir.lab.rules import Change, Rule, remove, store

POOL: Final = "ip nat pool"
_DYNAMIC: Final = "ip nat source dynamic"
_DESTINATION: Final = "ip nat inside destination list"
_STATIC: Final = "ip nat source static"
_RANK: Final = 405


def _pool(change: Change) -> Outcome:
    """A range of addresses of one network; one that translations use is not changed."""
    values = change.values
    first, last = IPv4Address(values["first"]), IPv4Address(values["last"])
    length = int(values["length"]) if "length" in values else mask_length(values["mask"])
    if length is None or last < first:
        return "%End address less than start address" if length is not None else "%Bad mask"
    if last not in IPv4Network((first, length), strict=False):
        return "%Start and end addresses on different subnets"
    old = change.section.get(POOL, values["name"])
    if old is not None and old.text != change.match.text and _used(change):
        return f"%Pool {values['name']} in use, cannot redefine"
    return store(change)


def _no_pool(change: Change) -> Outcome:
    if _used(change):
        return f"%Pool {change.values['name']} in use, cannot destroy"
    return remove(change)


def _used(change: Change) -> bool:
    lines = (*change.section.all(_DYNAMIC), *change.section.all(_DESTINATION))
    return any(line.values.get("pool") == change.values["name"] for line in lines)


def _destination(change: Change) -> Outcome:
    """What is spread over a pool is so until it is taken back."""
    old = change.section.value(_DESTINATION, change.values["list"], name="pool")
    if old not in {"", change.values["pool"]}:
        return "%Dynamic mapping in use, cannot change"
    return store(change)


def _dynamic(change: Change) -> Outcome:
    """What a list or route map selects has one translation; IOS adds `overload` where it is by an interface."""
    old = change.section.get(_DYNAMIC, *(change.values.get(name, "") for name in change.rule.key))
    text = change.match.text
    if "interface" in change.values and not text.endswith(" overload"):
        text += " overload"
    if old is not None and old.text != text:
        return "%Dynamic mapping in use, cannot change"
    return store(change, text)


def _no_dynamic(change: Change) -> Outcome:
    if not change.section.has(_DYNAMIC, *(change.values.get(name, "") for name in change.rule.key)):
        return remove(change)
    return _asked(change, "Dynamic mapping in use, do you want to delete all entries?", "%Dynamic mapping")


def _no_static(change: Change) -> Outcome:
    if not any(_alike(line, change) for line in change.section.all(_STATIC)):
        return remove(change)
    return _asked(change, "Static entry in use, do you want to delete child entries?", "%Static entry")


def _asked(change: Change, question: str, what: str) -> Outcome:
    """IOS asks before it drops translations that are in use; Enter is a no."""
    if not _translates(change):
        return remove(change)

    def decide(answer: str) -> Answer:
        return Answer(remove(change) if answer[:1].lower() == "y" else f"{what} in use, cannot remove")

    return Answer(ask=Question(f"{question} [no]: ", decide))


def _translates(change: Change) -> bool:
    """Whether there are translations: as soon as an inside and an outside are open, somebody sends something."""
    if change.device.booting:
        return False
    ways = (line.section for line in change.section.all("interface") if not line.section.has("shutdown"))
    return {"inside", "outside"} <= {section.value("ip nat", name="side") for section in ways}


def _static(change: Change) -> Outcome:
    """One translation by one address (and port), on both sides; IOS lets others share the address of a port."""
    text = change.match.text
    for line in change.section.all(_STATIC):
        if line.text.removesuffix(" extendable") != text.removesuffix(" extendable") and _alike(line, change):
            pair = f"{line.values['local']} -> {line.values.get('global', line.values.get('interface', ''))}"
            return f"% similar static entry ({pair}) already exists"
    shared = "protocol" in change.values and "global" in change.values and "extendable" not in text
    return store(change, f"{text} extendable" if shared else text)


def _alike(line: Line, change: Change) -> bool:
    """Whether two translations translate the same from one of their sides, where nothing lets them share it."""
    same = (line.values.get(name, "") == change.values.get(name, "") for name in ("side", "protocol", "vrf", "map"))
    if not all(same):
        return False
    return any(
        [line.values.get(name) for name in side] == [change.values.get(name) for name in side]
        for side in (("local", "local_port"), ("global", "interface", "global_port"))
    )


_SIDE: Final = "ip nat {side: inside|outside} source"
_OPTIONS: Final = (
    "[vrf <vrf:word>] [route-map <map:word> [reversible]] [match-in-vrf] [extendable] [no-alias] "
    "[no-payload] [add-route]"
)
_KEY: Final = ("side", "kind", "protocol", "local", "local_port", "global", "interface", "global_port", "vrf", "map")


def _translation(pattern: str) -> Rule:
    return Rule(
        f"{_SIDE} static {pattern} {_OPTIONS}",
        _RANK + 2,
        _KEY,
        needs="router",
        slot=_STATIC,
        effect=_static,
        undo=_no_static,
    )


def _by(what: str) -> Rule:
    return Rule(
        f"{_SIDE} {what} {{pool <pool:word>|interface <interface:interface>}} [vrf <vrf:word>] [match-in-vrf] "
        "[{overload: overload}] [add-route]",
        _RANK + 1,
        ("side", "list", "map", "vrf"),
        needs="router",
        slot=_DYNAMIC,
        effect=_dynamic,
        undo=_no_dynamic,
    )


_TIMES: Final = "timeout|tcp-timeout|udp-timeout|finrst-timeout|syn-timeout|dns-timeout|icmp-timeout"
_USUAL: Final = {
    "timeout": 86400,
    "tcp-timeout": 86400,
    "udp-timeout": 300,
    "finrst-timeout": 60,
    "syn-timeout": 60,
    "dns-timeout": 60,
    "icmp-timeout": 60,
}


def _timeout(change: Change) -> Outcome:
    """The usual time is not shown."""
    what = change.values["what"]
    if change.values.get("seconds") == str(_USUAL[what]):
        change.section.drop(change.rule.identity, what)
        return ""
    return store(change)


NAT: Final = (
    Rule(
        "ip nat translation {what: %s} {<seconds:0-2147483647>|never}" % _TIMES,  # noqa: UP031 - the braces are its own
        _RANK - 2,
        ("what",),
        needs="router",
        slot="ip nat translation timeout",
        effect=_timeout,
    ),
    Rule(
        "ip nat translation port-timeout {protocol: tcp|udp} <port:1-65535> <seconds:0-2147483647>",
        _RANK - 2,
        ("protocol", "port"),
        needs="router",
    ),
    Rule(
        "ip nat translation max-entries [{{scope: all-host|all-vrf}|host <host:ip>|list <list:word>|vrf <vrf:word>}] "
        "<entries:1-2147483647>",
        _RANK - 2,
        ("scope", "host", "list", "vrf"),
        needs="router",
    ),
    Rule(
        f"{POOL} <name:word> <first:ip> <last:ip> {{netmask <mask:ip>|prefix-length <length:1-30>}} "
        "[type {type: rotary|match-host}]",
        _RANK - 1,
        ("name",),
        needs="router",
        effect=_pool,
        undo=_no_pool,
    ),
    Rule(
        f"{_DESTINATION} <list:word> pool <pool:word>",
        _RANK + 1,
        ("list",),
        needs="router",
        effect=_destination,
    ),
    _by("list <list:word>"),
    _by("route-map <map:word>"),
    _translation("<local:ip> {<global:ip>|interface <interface:interface>}"),
    _translation(
        "{protocol: tcp|udp} <local:ip> <local_port:1-65535> "
        "{<global:ip>|interface <interface:interface>} <global_port:1-65535>"
    ),
    _translation("{kind: network} <local:ip> <global:ip> <mask:mask>"),
)

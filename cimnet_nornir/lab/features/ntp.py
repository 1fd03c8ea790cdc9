"""Time from the network: servers and peers, keys, who may ask."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.options import FLAG, read_options, shown_options
from cimnet_nornir.lab.rules import Change, Rule, remove, remove_one, store
from cimnet_nornir.lab.secret_text import type7

_OPTIONS: Final = {
    "version": "1-4",
    "key": "1-4294967295",
    "minpoll": "4-17",
    "maxpoll": "4-17",
    "source": "interface",
    "prefer": FLAG,
    "burst": FLAG,
    "iburst": FLAG,
}
_KEY: Final = ("vrf", "host")


def _association(change: Change) -> Outcome:
    """A server or a peer; its options come in any order, and version 4 is what is spoken anyway."""
    found = read_options(change, _OPTIONS)
    if isinstance(found, Invalid):
        return found
    if found.get("version") == "4":
        del found["version"]
    vrf = f"vrf {change.values['vrf']} " if "vrf" in change.values else ""
    start = f"{change.rule.head} {vrf}{change.values['host']}"
    return store(change, start + shown_options(found, _OPTIONS), {**change.values, **found})


def _key(change: Change) -> Outcome:
    """A key is kept as type 7, which the running configuration says at the end of the line."""
    values = change.values
    shown = values["secret"] if values.get("type", "0") == "7" else type7(values["secret"])
    return store(change, f"ntp authentication-key {values['key']} {values['how']} {shown} 7")


NTP: Final = (
    Rule("ntp logging", 600),
    Rule("ntp authenticate", 600),
    Rule(
        "ntp authentication-key <key:1-4294967295> {how: md5|hmac-sha1|hmac-sha2-256|cmac-aes-128} <secret:word> "
        "[{type: 0|7}]",
        600,
        ("key",),
        effect=_key,
        undo=remove,
    ),
    Rule("ntp trusted-key <key:1-4294967295> [- <last:1-4294967295>]", 601, ("key", "last"), undo=remove_one),
    Rule("ntp source <interface:interface>", 602),
    Rule("ntp access-group {how: peer|query-only|serve|serve-only} <list:word> [kod]", 602, ("how",)),
    Rule("ntp max-associations <count:0-4294967295>", 602, default="ntp max-associations 100"),
    Rule("ntp master [<stratum:1-15>]", 602),
    Rule("ntp update-calendar", 602),
    Rule("ntp peer [vrf <vrf:word>] <host:host> [<options:line>]", 603, _KEY, effect=_association, undo=remove_one),
    Rule("ntp server [vrf <vrf:word>] <host:host> [<options:line>]", 604, _KEY, effect=_association, undo=remove_one),
)

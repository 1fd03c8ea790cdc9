"""OSPF on an interface: its area, its cost and its timers, and how its neighbours prove who they are."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Section
from cimnet_nornir.lab.features.ospf import PROCESS, ensure_process
from cimnet_nornir.lab.rules import Change, Rule, store
from cimnet_nornir.lab.secret_text import type7, type7_plain

_NEEDS: Final = "routed routing"
_SLOW: Final = {"non-broadcast", "point-to-multipoint"}


def vrf_of(section: Section) -> str:
    """The VRF that an interface is in; empty for the global table."""
    for line in section:
        if line.text.startswith(("vrf forwarding ", "ip vrf forwarding ")):
            return line.text.split(" ")[-1]
    return ""


def _area(change: Change) -> Outcome:
    """Put the interface into an area; IOS starts the process when it does not run yet."""
    number, vrf = change.values["process"], vrf_of(change.section)
    present = change.device.running.get(PROCESS, number)
    if present is not None and present.values.get("vrf", "") != vrf:
        return f"% OSPF: Process {number} and {change.interface} are not in the same VRF"
    ensure_process(change.device.running, number)
    return store(change)


def _network(change: Change) -> Outcome:
    if change.interface.startswith("Loopback") and change.values["type"] != "point-to-point":
        return "OSPF: Invalid type for interface"
    return store(change)


def _hello(change: Change) -> Outcome:
    """What the type of the network brings by itself is not shown."""
    kind = change.section.value("ip ospf network", name="type", default="broadcast")
    usual = "30" if kind in _SLOW else "10"
    if change.values["seconds"] == usual:
        change.section.drop("ip ospf hello-interval")
        return ""
    return store(change)


def _plain(secret: str) -> str:
    kind, _, value = secret.partition(" ")
    if kind == "7" and value:
        return type7_plain(value)
    return value if kind == "0" and value else secret


def _kept(change: Change) -> tuple[str, dict[str, str]]:
    """A line with a password as it is shown: in type 7 where passwords are to be encrypted."""
    secret = change.values["secret"]
    head = change.match.text.removesuffix(secret)
    hiding = change.device.running.get("service password-encryption")
    if hiding is not None and not hiding.text.startswith("no ") and not secret.startswith("7 "):
        secret = f"7 {type7(_plain(secret))}"
    return head + secret.removeprefix("0 "), {**change.values, "secret": secret}


def _password(change: Change) -> Outcome:
    return store(change, *_kept(change))


def _digest_key(change: Change) -> Outcome:
    """A key that is there keeps its text until it is taken back."""
    present = change.section.get("ip ospf message-digest-key", change.values["key"])
    if present is not None and _plain(present.values["secret"]) != _plain(change.values["secret"]):
        return f"OSPF: Key {change.values['key']} already exists"
    return store(change, *_kept(change))


OSPF: Final = (
    Rule("ip ospf authentication [{how: message-digest|null}]", 40, needs=_NEEDS),
    Rule("ip ospf authentication-key <secret:line>", 40, needs=_NEEDS, effect=_password),
    Rule("ip ospf message-digest-key <key:1-255> md5 <secret:line>", 41, ("key",), needs=_NEEDS, effect=_digest_key),
    Rule(
        "ip ospf network {type: point-to-point|broadcast|non-broadcast|point-to-multipoint}",
        42,
        needs=_NEEDS,
        default="ip ospf network broadcast",
        effect=_network,
    ),
    Rule("ip ospf hello-interval <seconds:1-65535>", 43, needs=_NEEDS, effect=_hello),
    Rule("ip ospf dead-interval <seconds:1-65535>", 43, needs=_NEEDS),
    Rule("ip ospf dead-interval minimal hello-multiplier <times:3-20>", 43, needs=_NEEDS, slot="ip ospf dead-interval"),
    Rule("ip ospf retransmit-interval <seconds:1-65535>", 43, needs=_NEEDS, default="ip ospf retransmit-interval 5"),
    Rule("ip ospf transmit-delay <seconds:1-65535>", 43, needs=_NEEDS, default="ip ospf transmit-delay 1"),
    Rule("ip ospf priority <priority:0-255>", 44, needs=_NEEDS, default="ip ospf priority 1"),
    Rule("ip ospf mtu-ignore", 44, needs=_NEEDS),
    Rule("ip ospf bfd [{how: disable}]", 44, needs=_NEEDS),
    Rule(
        "ip ospf <process:1-65535> area <area:area>",
        45,
        ("process",),
        needs=_NEEDS,
        slot="ip ospf area",
        effect=_area,
    ),
    Rule("ip ospf cost <cost:1-65535>", 46, needs=_NEEDS),
)

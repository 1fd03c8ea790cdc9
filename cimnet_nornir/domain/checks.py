"""What must hold on a device before a change and after it: checks as declarations, a model for each kind.

Each says in words what holds when it passes (`text`); plans, results and events name the check by these words.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.domain.values import Description, InterfaceName, Value, VlanId
from cimnet_nornir.errors import InvalidValue

When = Literal["before", "after", "both"]
"""When a check is run: before the first line of a change, after the last, or both."""
Moment = Literal["before", "after"]
Protocol = Literal["cdp", "lldp", "ospf", "bgp", "eigrp"]
Source = Literal["connected", "local", "static", "rip", "eigrp", "ospf", "isis", "bgp", "nhrp"]

_SLOW = 30.0
_QUICK = 10.0
# What goes into a command to a device: one word, and nothing in it that a device reads as more.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}")
_PATTERN = re.compile(r"!?(?:group:)?[A-Za-z0-9_.*?\[\]-]{1,253}")


def _word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise InvalidValue(f"{value!r} is no name or address; write it like dist1 or 10.0.0.1")
    return value


def _source(value: str) -> str:
    return canonical_interface(value) if is_interface(value) else _word(value)


def _pattern(value: str) -> str:
    if not _PATTERN.fullmatch(value):
        raise InvalidValue(
            f"{value!r} chooses no hosts; write a host name, a glob, group:NAME, or one of these after !"
        )
    return value


def _prefix(value: object) -> object:
    try:
        return IPv4Network(value) if isinstance(value, str) else value
    except ValueError:
        raise InvalidValue(f"{value!r} is no network with its prefix length, such as 10.20.0.0/16") from None


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _all_or_several(value: object) -> object:
    return value if value == "all" else _several(value)


Word = Annotated[str, AfterValidator(_word)]
Patterns = Annotated[tuple[Annotated[str, AfterValidator(_pattern)], ...], BeforeValidator(_several)]


class Check(Value):
    """What all kinds have in common.

    `hosts` are patterns as --limit takes them, all hosts without any. A check after a change is tried again until
    `within` seconds are over, every `every` seconds: an adjacency takes its time. `reason` is told when it fails.
    """

    compares: ClassVar[bool] = False
    """Whether it needs what it saw before the change."""

    hosts: Patterns = ()
    when: When = "both"
    within: Annotated[float, Field(ge=0, le=3600)] = _QUICK
    every: Annotated[float, Field(gt=0, le=600)] = 2.0
    reason: Description | None = None

    @property
    def text(self) -> str:
        """What holds when the check passes; always the same for the same check."""
        raise NotImplementedError

    @property
    def other(self) -> str:
        """The other device that it is about, as it is written; empty where it is about none."""
        return ""


class InterfaceUp(Check):
    """An interface and its line protocol are up."""

    check: Literal["interface-up"] = "interface-up"
    interface: InterfaceName

    @property
    def text(self) -> str:
        return f"interface {self.interface} is up"


class NeighborUp(Check):
    """A neighbour is seen, or its adjacency or session stands.

    `neighbor` is the host name of a device of the network, or what the protocol itself shows: a device id (CDP, LLDP),
    a router id (OSPF), an address.
    """

    check: Literal["neighbor-up"] = "neighbor-up"
    protocol: Protocol
    neighbor: Word
    interface: InterfaceName | None = None
    within: Annotated[float, Field(ge=0, le=3600)] = _SLOW

    @model_validator(mode="after")
    def _bgp_has_no_interface(self) -> "NeighborUp":
        if self.protocol == "bgp" and self.interface is not None:
            raise InvalidValue("a BGP session stands on no interface; leave interface out", subject="interface")
        return self

    @property
    def text(self) -> str:
        on = f" on {self.interface}" if self.interface else ""
        return f"{self.protocol.upper()} neighbour {self.neighbor}{on} is up"

    @property
    def other(self) -> str:
        return self.neighbor


class RoutePresent(Check):
    """Exactly this prefix is in the routing table.

    With `via` by that next hop, an address or the host name of a device of the network, or out of that interface.
    """

    check: Literal["route-present"] = "route-present"
    prefix: Annotated[IPv4Network, BeforeValidator(_prefix)]
    via: Annotated[str, AfterValidator(_source)] | None = None
    protocol: Source | None = None
    within: Annotated[float, Field(ge=0, le=3600)] = _SLOW

    @property
    def text(self) -> str:
        kind = {"isis": "IS-IS"}.get(self.protocol or "", self.protocol or "")
        kind = kind if kind in ("", "connected", "local", "static") else kind.upper()
        via = f" via {self.via}" if self.via else ""
        return f"{kind} route {self.prefix}{via} is present".strip()

    @property
    def other(self) -> str:
        return self.via or ""


class Ping(Check):
    """The device reaches a destination: of `count` echos, `at_least` percent come back."""

    check: Literal["ping"] = "ping"
    destination: Word
    source: Annotated[str, AfterValidator(_source)] | None = None
    vrf: Word | None = None
    count: Annotated[int, Field(ge=1, le=100, strict=True)] = 5
    at_least: Annotated[int, Field(ge=1, le=100, strict=True)] = 80
    within: Annotated[float, Field(ge=0, le=3600)] = _SLOW

    @property
    def text(self) -> str:
        vrf = f" in VRF {self.vrf}" if self.vrf else ""
        source = f" from {self.source}" if self.source else ""
        return f"{self.destination}{vrf} answers to ping{source}"


class VlanActive(Check):
    """A switch has the VLAN, neither suspended nor shut down."""

    check: Literal["vlan-active"] = "vlan-active"
    vlan: VlanId

    @property
    def text(self) -> str:
        return f"VLAN {self.vlan} is active"


class NoNewErrors(Check):
    """Input and output errors of interfaces have not grown by more than `most`, each since before the change."""

    compares: ClassVar[bool] = True

    check: Literal["no-new-errors"] = "no-new-errors"
    interfaces: Annotated[Literal["all"] | tuple[InterfaceName, ...], BeforeValidator(_all_or_several)] = "all"
    most: Annotated[int, Field(ge=0, strict=True)] = 0
    when: Literal["both"] = "both"
    # Errors that were counted do not go away.
    within: Annotated[float, Field(ge=0, le=3600)] = 0.0

    @property
    def text(self) -> str:
        where = "all interfaces" if self.interfaces == "all" else ", ".join(self.interfaces)
        return f"{f'at most {self.most}' if self.most else 'no'} new errors on {where}"


DeclaredCheck = InterfaceUp | NeighborUp | RoutePresent | Ping | VlanActive | NoNewErrors
AnyCheck = Annotated[DeclaredCheck, Field(discriminator="check")]
"""A declared check of any kind, told by its field `check`."""

CHECK_KINDS: dict[str, type[DeclaredCheck]] = {
    "interface-up": InterfaceUp,
    "neighbor-up": NeighborUp,
    "route-present": RoutePresent,
    "ping": Ping,
    "vlan-active": VlanActive,
    "no-new-errors": NoNewErrors,
}


class CheckResult(Value):
    """What came of a check: `check` names it in words, `said` is what is wrong where it failed."""

    check: str
    ok: bool
    said: str = ""
    seconds: float = 0.0


def failures(results: Iterable[CheckResult]) -> str:
    """The failed checks in one line; empty where all passed."""
    return "; ".join(f"{each.check}: {each.said}" for each in results if not each.ok)

"""What IOS is asked for a declared check, and whether its answer says that the check holds."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from cimnet_nornir.domain.checks import (
    DeclaredCheck,
    InterfaceUp,
    NeighborUp,
    NoNewErrors,
    Ping,
    RoutePresent,
    VlanActive,
)
from cimnet_nornir.ios import show_output as show
from cimnet_nornir.ios.answers import Kind, kind_of

_NEIGHBORS: Final[Mapping[str, tuple[str, Callable[[str], Iterator[show.Neighbor]]]]] = MappingProxyType(
    {
        "cdp": ("show cdp neighbors {interface}detail", show.cdp),
        "lldp": ("show lldp neighbors {interface}detail", show.lldp),
        "ospf": ("show ip ospf neighbor", show.ospf),
        "bgp": ("show ip bgp summary", show.bgp),
        "eigrp": ("show ip eigrp neighbors", show.eigrp),
    }
)
# These show the neighbours of one interface where they are asked so; some releases do not name it in the answer.
_ASKED_BY_INTERFACE: Final = frozenset({"cdp", "lldp"})
_ECHO_SECONDS: Final = 2
_PING = re.compile(r"^ping .*\brepeat (?P<count>\d+)")
_REPEAT: Final = "repeat"
_MOST_TOLD: Final = 5


class IosChecks:
    """Reads checks as IOS and IOS-XE do: one command a check, and its answer judged."""

    def command_of(self, check: DeclaredCheck) -> str:
        """The command whose answer tells."""
        match check:
            case InterfaceUp():
                return f"show interfaces {check.interface}"
            case NeighborUp():
                interface = f"{check.interface} " if check.interface else ""
                return _NEIGHBORS[check.protocol][0].format(interface=interface)
            case RoutePresent():
                return "show ip route"
            case Ping():
                vrf = f"vrf {check.vrf} " if check.vrf else ""
                source = f" source {check.source}" if check.source else ""
                return f"ping {vrf}{check.destination} {_REPEAT} {check.count}{source}"
            case VlanActive():
                return "show vlan brief"
            case NoNewErrors():
                return "show interfaces"
            case _:
                assert_never(check)

    def remembered(self, check: DeclaredCheck, answer: str) -> Mapping[str, int]:
        """What a check that compares has to remember of an answer before the change: errors by interface."""
        return _errors(answer) if isinstance(check, NoNewErrors) else {}

    def refusal(self, answer: str) -> str:
        """What the device says instead of an answer; empty where it answers."""
        return refusal(answer)

    def wrong_with(
        self, check: DeclaredCheck, answer: str, *, known_as: Collection[str], before: Mapping[str, int]
    ) -> str:
        """Why the answer says that the check does not hold, in one line; empty where it holds.

        `known_as` are names and addresses of the other device, in lower case; `before` is what was remembered, empty
        where nothing was.
        """
        refused = refusal(answer)
        if refused and not isinstance(check, Ping):
            return f"the device refused {self.command_of(check)!r}: {refused}"
        match check:
            case InterfaceUp():
                return _interface(check, answer)
            case NeighborUp():
                return _neighbor(check, answer, known_as)
            case RoutePresent():
                return _route(check, answer, known_as)
            case Ping():
                return _ping(check, answer)
            case VlanActive():
                state = show.vlans(answer).get(check.vlan)
                return "" if state == "active" else f"it is {state}" if state else "the switch does not have it"
            case NoNewErrors():
                return _new_errors(check, _errors(answer), before)
            case _:
                assert_never(check)


def seconds_of(command: str) -> float:
    """How long a command may take by itself, besides the way there and back: a ping waits for each echo."""
    found = _PING.match(command)
    return float(int(found["count"]) * _ECHO_SECONDS) if found else 0.0


def refusal(answer: str) -> str:
    """What a device says instead of an answer: its first line that is no log message; empty where it answers."""
    for raw in answer.splitlines():
        line = raw.strip()
        kind = kind_of(line) if line else Kind.NOISE
        if kind is Kind.ERROR:
            return line
        if line and line != "^" and not _is_log(line, kind):
            return ""
    return ""


def _is_log(line: str, kind: Kind) -> bool:
    return kind is Kind.WARNING or re.search(r"%[A-Z0-9_]+-\d-[A-Z0-9_]+:", line) is not None


def _interface(check: InterfaceUp, answer: str) -> str:
    found = show.interfaces(answer).get(check.interface)
    if found is None:
        return "the device does not show it"
    return "" if found.up else f"it is {found.state}, line protocol is {found.protocol}"


def _neighbor(check: NeighborUp, answer: str, known_as: Collection[str]) -> str:
    seen = list(_NEIGHBORS[check.protocol][1](answer))
    where = check.interface if check.interface and check.protocol not in _ASKED_BY_INTERFACE else None
    theirs = [each for each in seen if each.called({check.neighbor.lower(), *known_as})]
    here = [each for each in theirs if where is None or each.interface == where]
    if any(each.up for each in here):
        return ""
    if here:
        return f"it is {here[0].state}"
    if theirs:
        return f"it is seen on {_listed(each.interface for each in theirs)} only"
    return f"it is not seen; there are {_listed(each.name for each in seen)}" if seen else "no neighbour is seen"


def _listed(names: Iterable[str]) -> str:
    ordered = list(dict.fromkeys(names))
    more = len(ordered) - _MOST_TOLD
    return ", ".join(ordered[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


def _route(check: RoutePresent, answer: str, known_as: Collection[str]) -> str:
    found = show.routes(answer).get(check.prefix)
    if found is None:
        return "there is no such route"
    if check.protocol and not show.is_from(found, check.protocol):
        return f"the route there is has the code {found.code}"
    if check.via and {check.via, *known_as}.isdisjoint(found.hops):
        return (
            f"the route there is goes via {_listed(found.hops)}" if found.hops else "the route there is has no next hop"
        )
    return ""


def _ping(check: Ping, answer: str) -> str:
    rate = show.success_rate(answer)
    if rate is None:
        lines = [line.strip() for line in answer.splitlines() if line.strip()]
        said = next((line for line in lines if kind_of(line) is Kind.ERROR), lines[0] if lines else "nothing")
        return f"the device did not ping: {said}"
    percent, said = rate
    return "" if percent >= check.at_least else f"{said[0].lower()}{said[1:]}, {check.at_least} percent are wanted"


def _errors(answer: str) -> Mapping[str, int]:
    return {name: each.errors for name, each in show.interfaces(answer).items()}


def _new_errors(check: NoNewErrors, now: Mapping[str, int], before: Mapping[str, int]) -> str:
    if not before:
        return "the counters were not read before the change"
    wanted = tuple(now) if check.interfaces == "all" else check.interfaces
    missing = [name for name in wanted if name not in now]
    if missing or not now:
        return f"the device does not show {', '.join(missing) or 'any interface'}"
    grown = {name: _growth(now[name], before.get(name, 0)) for name in wanted}
    told = [f"{count} on {name}" for name, count in grown.items() if count > check.most]
    return f"there are {', '.join(told)}" if told else ""


def _growth(now: int, before: int) -> int:
    """Counters that are lower than before were cleared, or started anew with the device."""
    return now - before if now >= before else now

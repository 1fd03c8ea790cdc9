"""What `show` commands of IOS and IOS-XE print, as plain data: only what checks look at."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Final

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface

_ADDRESS: Final = r"\d{1,3}(?:\.\d{1,3}){3}"


def _rows(pattern: str) -> re.Pattern[str]:
    """A pattern whose `^` and `$` are those of a line."""
    return re.compile(pattern, re.MULTILINE)


# "GigabitEthernet1/0/1 is up, line protocol is up (connected)", "… is administratively down, line protocol is down".
_STATE = _rows(r"^(?P<name>[A-Za-z]\S*\d) is (?P<state>[^,\n]+), line protocol is (?P<protocol>[^\n]+?)\s*$")
_ERRORS = _rows(r"^\s+(?P<count>\d+) (?P<way>input|output) errors,")


@dataclass(frozen=True, slots=True)
class InterfaceState:
    """An interface as `show interfaces` tells of it; `errors` are those of input and output together."""

    name: str
    state: str
    protocol: str
    errors: int

    @property
    def up(self) -> bool:
        """Whether it and its line protocol are up; `up (connected)` and `up (spoofing)` are up."""
        return self.state == "up" and self.protocol.partition(" ")[0] == "up"


def interfaces(output: str) -> Mapping[str, InterfaceState]:
    """The interfaces of `show interfaces [X]`, by canonical name."""
    found = {}
    for head, text in interface_blocks(output):
        errors = sum(int(each["count"]) for each in _ERRORS.finditer(text))
        name = _canonical(head["name"])
        found[name] = InterfaceState(name, head["state"].strip(), head["protocol"], errors)
    return found


def interface_blocks(output: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each interface of `show interfaces`: its first line, with name, state and protocol, and the lines below it."""
    heads = list(_STATE.finditer(output))
    ends = [*(head.start() for head in heads[1:]), len(output)]
    for head, end in zip(heads, ends, strict=False):
        yield head, output[head.end() : end]


def _canonical(name: str) -> str:
    return canonical_interface(name) if is_interface(name) else name


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A neighbour by all names and addresses it is shown under; `state` is the protocol's word, `up` what it means."""

    names: frozenset[str]
    interface: str = ""
    state: str = ""
    up: bool = True

    @property
    def name(self) -> str:
        """The name a person would know it by: a name before an address, a short one before a long one."""
        return min(self.names, key=lambda name: (name[0].isdecimal(), len(name), name))

    def called(self, names: Iterable[str]) -> bool:
        """Whether one of the names, in lower case, is the neighbour's."""
        return not self.names.isdisjoint(names)


def _names(*texts: str) -> frozenset[str]:
    """Names in lower case, each with and without its domain, as devices show it or not; addresses as they are."""
    found = set()
    for text in texts:
        # A Nexus adds its serial number: "nx1.example.com(FOX1234)".
        name = text.strip().partition("(")[0].lower()
        found |= {name} if re.fullmatch(_ADDRESS, name) else {name, name.partition(".")[0]}
    return frozenset(found - {""})


_CDP_NAME = _rows(r"^Device ID: *(\S+)")
_CDP_ADDRESS = _rows(rf"^ *(?:IP|IPv4) [Aa]ddress: *({_ADDRESS})")
_CDP_PORT = _rows(r"^Interface: *([^,\s]+)")


def cdp(output: str) -> Iterator[Neighbor]:
    """The neighbours of `show cdp neighbors detail`."""
    for entry in re.split(r"^-{10,}\s*$", output, flags=re.MULTILINE):
        name = _CDP_NAME.search(entry)
        if name is not None:
            port = _CDP_PORT.search(entry)
            yield Neighbor(_names(name[1], *_CDP_ADDRESS.findall(entry)), _canonical(port[1]) if port else "")


_LLDP_NAME = _rows(r"^System Name: *(\S+)")
_LLDP_CHASSIS = _rows(r"^Chassis id: *(\S+)")
_LLDP_ADDRESS = _rows(rf"^\s+IP: *({_ADDRESS})")
_LLDP_PORT = _rows(r"^Local Intf: *(\S+)")


def lldp(output: str) -> Iterator[Neighbor]:
    """The neighbours of `show lldp neighbors detail`; old releases do not show the interface."""
    for entry in re.split(r"^-{10,}\s*$", output, flags=re.MULTILINE):
        chassis, name, port = (each.search(entry) for each in (_LLDP_CHASSIS, _LLDP_NAME, _LLDP_PORT))
        if chassis is not None:
            shown = (name[1] if name else "", *_LLDP_ADDRESS.findall(entry))
            # A chassis id is a MAC address, which has no domain.
            yield Neighbor(_names(*shown) | {chassis[1].lower()}, _canonical(port[1]) if port else "")


_OSPF = _rows(
    rf"^(?P<id>[\w.-]+) +\d+ +(?P<state>[A-Z0-9]+/ *[A-Z-]+) +\S+ +(?P<address>{_ADDRESS}) +(?P<interface>\S+)"
)


def ospf(output: str) -> Iterator[Neighbor]:
    """The neighbours of `show ip ospf neighbor`. Two that are neither designated nor backup stay at 2WAY (RFC 2328)."""
    for row in _OSPF.finditer(output):
        state = "".join(row["state"].split())
        up = state.startswith("FULL/") or state == "2WAY/DROTHER"
        yield Neighbor(_names(row["id"], row["address"]), _canonical(row["interface"]), state, up)


# Neighbor, version, AS (65000, or 1.10), two counts of messages, table version, two queues, time, prefixes or state.
_BGP = _rows(rf"^\*?(?P<peer>{_ADDRESS})\s+\d +[\d.]+(?: +\d+){{5}} +(?P<time>\S+) +(?P<state>\S.*?)\s*$")


def bgp(output: str) -> Iterator[Neighbor]:
    """The neighbours of `show ip bgp summary`: a session that stands shows a number of prefixes as its state."""
    for row in _BGP.finditer(output):
        yield Neighbor(_names(row["peer"]), "", row["state"], row["state"].isdecimal())


_EIGRP = _rows(rf"^\d+ +(?P<address>{_ADDRESS}) +(?P<interface>[A-Za-z]\S*\d) +\d+ +\S+")


def eigrp(output: str) -> Iterator[Neighbor]:
    """The neighbours of `show ip eigrp neighbors`: who is listed is one."""
    for row in _EIGRP.finditer(output):
        yield Neighbor(_names(row["address"]), _canonical(row["interface"]))


@dataclass(frozen=True, slots=True)
class Route:
    """A prefix of the routing table: the letters of its source, its next hops, and the interfaces it leaves by."""

    code: str
    hops: tuple[str, ...]


# "O E2     10.0.0.0/8 [110/20] via …", "S*    0.0.0.0/0 …", "C       10.0.1.0 is directly …" under a heading.
_ROUTE = re.compile(
    rf"^(?P<code>[A-Za-z][A-Za-z0-9 *%+&]{{0,7}}?) +(?P<network>{_ADDRESS})(?:/(?P<length>\d+))?(?P<rest>\s.*|)$"
)
# "10.0.0.0/24 is subnetted, 3 subnets": the mask of the rows that stand below it, indented, which then have none.
_HEADING = re.compile(rf"^\s+{_ADDRESS}/(?P<length>\d+) is (?:variably )?subnetted")
_INDENTED: Final = 8
_HOP = re.compile(rf"\bvia ({_ADDRESS})")
_LEAVES = re.compile(r", ([A-Za-z][A-Za-z-]*\d[\d/.:]*)\s*$")
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "connected": "C",
        "local": "L",
        "static": "S",
        "rip": "R",
        "eigrp": "D",
        "ospf": "O",
        "isis": "i",
        "bgp": "B",
        "nhrp": "H",
    }
)


def routes(output: str) -> Mapping[IPv4Network, Route]:
    """The routing table of `show ip route`, by prefix."""
    found: dict[IPv4Network, Route] = {}
    length, last = "", None
    for line in output.splitlines():
        heading, row = _HEADING.match(line), _ROUTE.match(line)
        if heading is not None:
            length, last = heading["length"], None
        elif row is not None:
            inherited = length if row.start("network") >= _INDENTED else ""
            last = _prefix(row["network"], row["length"] or inherited)
            found[last] = Route(row["code"].strip(), _hops(row["rest"]))
        elif last is not None and line[:1].isspace():
            # Further next hops, and what did not fit into the line, stand below.
            found[last] = Route(found[last].code, (*found[last].hops, *_hops(line)))
    return found


def _prefix(network: str, length: str) -> IPv4Network:
    """A row without a mask and without a heading is a whole network of its class."""
    first = int(network.partition(".")[0])
    return IPv4Network(f"{network}/{length or (8 if first < 128 else 16 if first < 192 else 24)}", strict=False)


def _hops(text: str) -> tuple[str, ...]:
    return (*_HOP.findall(text), *(_canonical(name) for name in _LEAVES.findall(text)))


def is_from(route: Route, source: str) -> bool:
    """Whether the route was learned that way: `ospf`, `static` and so on."""
    return route.code.startswith(_CODES[source])


_VLAN = _rows(r"^(?P<vlan>\d{1,4}) +(?P<name>\S.*?) +(?P<state>active|suspended|(?:act|sus)/\w+)(?: |$)")


def vlans(output: str) -> Mapping[int, str]:
    """The state of each VLAN of `show vlan brief`: `active`, `suspended`, `act/lshut` and the like."""
    return {int(row["vlan"]): row["state"] for row in _VLAN.finditer(output)}


_RATE = _rows(r"^Success rate is (?P<percent>\d+) percent \((?P<good>\d+)/(?P<all>\d+)\)")


def success_rate(output: str) -> tuple[int, str] | None:
    """What percentage of a ping's echos came back, and the device's own words of it; None where none was sent."""
    found = _RATE.search(output)
    return (int(found["percent"]), found[0]) if found else None

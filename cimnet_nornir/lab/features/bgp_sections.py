"""Where the lines of BGP stand: in the process, in an address family, in the family of a VRF."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from cimnet_nornir.lab.config import Line, Section, SortKey
from cimnet_nornir.lab.rules import Change

FAMILY: Final = "address-family"
IPV4: Final = "ipv4"
ACTIVE: Final = "neighbor activate"
AS: Final = "neighbor remote-as"
GROUP: Final = "neighbor peer-group"
MEMBER: Final = "neighbor peer-group member"
# The lines of one neighbour in the order in which IOS shows them.
PLACES: Final = (
    AS,
    GROUP,
    MEMBER,
    "neighbor local-as",
    "neighbor description",
    "neighbor shutdown",
    "neighbor password",
    "neighbor ebgp-multihop",
    "neighbor update-source",
    "neighbor timers",
    "neighbor fall-over",
    ACTIVE,
    "neighbor send-community",
    "neighbor route-reflector-client",
    "neighbor next-hop-self",
)
_OTHER: Final = len(PLACES)


def peer_order(values: Mapping[str, str], place: int = _OTHER) -> SortKey:
    """Groups by name, then neighbours by address; the lines of one in their places."""
    peer = values["peer"]
    if ":" in peer:
        return (2, int(IPv6Address(peer)), "", place)
    return (1, int(IPv4Address(peer)), "", place) if peer[0].isdigit() else (0, 0, peer, place)


def order_at(slot: str, values: Mapping[str, str]) -> SortKey:
    """The order of a neighbour's line of that slot."""
    return peer_order(values, PLACES.index(slot) if slot in PLACES else _OTHER)


def is_address(peer: str) -> bool:
    """Whether a neighbour is named by its address, and is no peer group."""
    return peer[0].isdigit() or ":" in peer


def process_of(change: Change) -> Section:
    """The lines of the one BGP process."""
    found = next(iter(change.device.running.all("router bgp")), None)
    return change.section if found is None else found.section


def families(process: Section) -> Iterator[Section]:
    """The lines of each address family but those of VRFs, whose neighbours are others."""
    return (line.section for line in process.all(FAMILY) if " vrf " not in line.key[1])


def home(change: Change) -> Section:
    """Where the session of a neighbour is configured: in the process, or in the family of a VRF."""
    return change.section if in_vrf(change) else process_of(change)


def in_vrf(change: Change) -> bool:
    """Whether the line is given in the family of a VRF."""
    return change.owner is not None and " vrf " in change.owner.text


def scope(change: Change) -> tuple[Section, ...]:
    """Every section with lines of the neighbours that a line is about."""
    return (change.section,) if in_vrf(change) else (home(change), *families(home(change)))


def to_family(change: Change) -> None:
    """A line of IPv4 unicast that is typed in the process goes where such lines stand."""
    line = change.section.get(FAMILY, IPV4)
    change.section = change.section if line is None else line.section


def activate(change: Change, peer: str) -> None:
    """A neighbour by IPv4 address is active for IPv4 by itself, where nobody said otherwise."""
    line = process_of(change).get(FAMILY, IPV4)
    family = change.section if in_vrf(change) else None if line is None else line.section
    by_itself = in_vrf(change) or not process_of(change).has("bgp default ipv4-unicast")
    if family is not None and by_itself and _is_ipv4(peer) and not family.has(ACTIVE, peer):
        family.put(active_line(peer))


def is_active_by_itself(change: Change, peer: str) -> bool:
    """Whether a neighbour is active in the family of IPv4 unicast that a line is about, as long as nobody says no."""
    process = process_of(change)
    line = process.get(FAMILY, IPV4)
    here = change.section is (process if line is None else line.section)
    return here and _is_ipv4(peer) and not process.has("bgp default ipv4-unicast")


def _is_ipv4(peer: str) -> bool:
    return peer[0].isdigit() and ":" not in peer


def active_line(peer: str) -> Line:
    """The line that says that a neighbour takes part in a family."""
    values = {"peer": peer}
    return Line((ACTIVE, peer), f"neighbor {peer} activate", 30, order_at(ACTIVE, values), values)


def drop_peers(sections: tuple[Section, ...], peers: frozenset[str]) -> None:
    """Every line about these neighbours goes."""
    for section in sections:
        for line in list(section.lines.values()):
            if line.values.get("peer") in peers and line.key[0].startswith("neighbor "):
                section.drop(*line.key)

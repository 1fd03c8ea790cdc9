"""BGP in the one form in which it is compared: what belongs to IPv4 unicast stands in its address family.

A device that was never told an address family shows such lines in the process itself, and activates each neighbour by
itself (Cisco IOS IP Routing: BGP Command Reference, `bgp default ipv4-unicast`). It takes them in the family too, and
from then on shows them there.
"""

import re
from collections.abc import Iterable, Iterator

from cimnet_nornir.ios.tree import Node

FAMILY = "address-family ipv4"
_BY_FAMILY = re.compile(
    r"(?:network|aggregate-address|redistribute|maximum-paths|default-information|default-metric|distance bgp"
    r"|table-map) .+"
    r"|(?:no )?(?:auto-summary|synchronization)|bgp (?:dampening|additional-paths)(?: .+)?"
    r"|(?:no )?neighbor \S+ (?:activate|next-hop-self|next-hop-unchanged|send-community|route-map|prefix-list"
    r"|distribute-list|filter-list|soft-reconfiguration|default-originate|route-reflector-client|maximum-prefix|weight"
    r"|advertise|advertisement-interval|additional-paths|remove-private-as|allowas-in|as-override|soo|unsuppress-map)"
    r"(?: .+)?"
)
# Neither a peer group nor a neighbour by IPv6 is activated for IPv4 by itself.
_PEER = re.compile(r"neighbor (?P<name>\d+\.\d+\.\d+\.\d+) (?:remote-as|peer-group) \S+")
_NOT_BY_ITSELF = "no bgp default ipv4-unicast"


def with_family(lines: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines of a process with the family of IPv4 unicast, in which all stands that belongs there."""
    own = tuple(node for node in lines if not _BY_FAMILY.fullmatch(node.text))
    moved = tuple(node for node in lines if _BY_FAMILY.fullmatch(node.text))
    if any(node.text.startswith("address-family ") for node in lines):
        return _joined(own, moved)
    active = () if any(node.text == _NOT_BY_ITSELF for node in lines) else _activations(lines)
    said = {node.text.removeprefix("no ") for node in moved}
    return (*own, Node(FAMILY, (*moved, *(Node(text) for text in active if text not in said))))


def _joined(own: tuple[Node, ...], moved: tuple[Node, ...]) -> tuple[Node, ...]:
    """The process with these lines in the family that it has, or that it is given."""
    if not any(node.text == FAMILY for node in own):
        return (*own, Node(FAMILY, moved))
    return tuple(Node(FAMILY, (*moved, *node.children)) if node.text == FAMILY else node for node in own)


def _activations(lines: Iterable[Node]) -> Iterator[str]:
    peers = (match["name"] for node in lines if (match := _PEER.fullmatch(node.text)))
    return (f"neighbor {name} activate" for name in dict.fromkeys(peers))

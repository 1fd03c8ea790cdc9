"""Virtual links of OSPF as they are compared: one that proves who it is may be shown by that alone."""

import re

from cimnet_nornir.ios.tree import Node

_PROOF = re.compile(r"(?P<link>area \S+ virtual-link \S+) (?:authentication|authentication-key|message-digest-key)\b.*")
_LINK = re.compile(r"(?P<link>area \S+ virtual-link \S+)(?: (?!authentication|message-digest-key).*)?")


def with_links(lines: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines of a process, with each virtual link before what proves who is at its end."""
    there = {match["link"] for node in lines if (match := _LINK.fullmatch(node.text))}
    proven = dict.fromkeys(match["link"] for node in lines if (match := _PROOF.fullmatch(node.text)))
    return (*(Node(link) for link in proven if link not in there), *lines)

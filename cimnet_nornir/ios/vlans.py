"""VLANs as a whole: those that intended interfaces use stay, and a name is free before another VLAN takes it."""

import re

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step, Unmodelled
from cimnet_nornir.ios.tree import Config, Node, sections, walk_nodes

_USE = re.compile(r"(?:switchport (?:access|voice|trunk native) vlan |interface Vlan)(\d+)")


def used_vlans(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the VLANs that intent only uses, and what is to be said about them.

    So it is where a VLAN comes from VTP, or where a device made it by itself when a port was put into it.
    """
    wanted = {node.text for node in intended.nodes}
    lines = (path[-1] for path in walk_nodes(sections(intended, "interface "), ()))
    used = {f"vlan {match[1]}" for line in lines if (match := _USE.fullmatch(line))}
    only = used - wanted
    kept = [node for node in sections(running, "vlan ") if node.text in only]
    findings: list[Finding] = [Unmodelled(path) for path in walk_nodes(kept, ())]
    findings += [Caution(f"{node.text} is not intended, but intended interfaces use it: it stays") for node in kept]
    return Config(tuple(node for node in running.nodes if node.text not in only)), findings


def freed_names(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the VLAN names that another VLAN is to get, and the steps that free them.

    A device refuses a name that another VLAN has, so the swap of two names and the new number of a VLAN need this.
    """
    wanted = {name: node.text for node in sections(intended, "vlan ") if (name := vlan_name(node))}
    taken = [node for node in sections(running, "vlan ") if wanted.get(vlan_name(node) or "", node.text) != node.text]
    drafts: list[Finding] = []
    for index, node in enumerate(taken):
        step = Step((node.text,), "no name", (node.text, f"name {vlan_name(node)}"), adds=False)
        drafts.append(Draft((phases.VLAN - 1, index), step))
    headers = {node.text for node in taken}
    return Config(tuple(_nameless(node) if node.text in headers else node for node in running.nodes)), drafts


def vlan_name(node: Node) -> str | None:
    """The name that a VLAN was given; None where it has that of its number."""
    return next((child.text.removeprefix("name ") for child in node.children if child.text.startswith("name ")), None)


def _nameless(node: Node) -> Node:
    return Node(node.text, tuple(child for child in node.children if not child.text.startswith("name ")))

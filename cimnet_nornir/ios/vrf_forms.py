"""A VRF that changes its form, `ip vrf` to `vrf definition` or back, under one name: the old one goes first.

With it go the addresses of its interfaces, which are typed again when the new one is there (Cisco IOS MPLS Layer 3
VPNs Configuration Guide: "IPv4 and IPv6 addresses from all interfaces in VRF … have been removed").
"""

import re
from collections.abc import Mapping

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, Node

_VRF = re.compile(r"(?:ip vrf|vrf definition) (?P<name>\S+)")
_MEMBER = re.compile(r"(?:ip )?vrf forwarding (?P<name>\S+)")
_ADDRESS = re.compile(r"ip(?:v6)? address .+")


def changed_vrf_forms(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the VRFs that come in the other form and the addresses in them; and the steps that free these."""
    have, want = _headers(running), _headers(intended)
    changed = [name for name in have if name in want and have[name] != want[name]]
    findings: list[Finding] = []
    for index, name in enumerate(changed):
        findings.append(Caution(f"VRF {name} changes its form: its interfaces are without addresses for a moment"))
        step = Step((), f"no {have[name]}", (have[name],), adds=False)
        findings.append(Draft((phases.VRF, -1, index), step))
    if not changed:
        return running, findings
    gone = {have[name] for name in changed}
    return Config(tuple(_bare(node, changed) for node in running.nodes if node.text not in gone)), findings


def _headers(config: Config) -> Mapping[str, str]:
    found = ((_VRF.fullmatch(node.text), node.text) for node in config.nodes)
    return {match["name"]: text for match, text in found if match is not None}


def _bare(node: Node, vrfs: list[str]) -> Node:
    """An interface of one of the VRFs as the device leaves it."""
    members = (_MEMBER.fullmatch(child.text) for child in node.children)
    if not any(match is not None and match["name"] in vrfs for match in members):
        return node
    kept = (
        child for child in node.children if not _MEMBER.fullmatch(child.text) and not _ADDRESS.fullmatch(child.text)
    )
    return Node(node.text, tuple(kept))

"""VLANs that intended interfaces use although intent does not have them: they stay, since removal would cut those."""

import re

from cimnet_nornir.ios.steps import Caution, Finding, Unmodelled
from cimnet_nornir.ios.tree import Config, sections, walk_nodes

_USE = re.compile(r"(?:switchport (?:access|voice|trunk native) vlan |interface Vlan)(\d+)")


def used_vlans(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the VLANs that intent only uses, and what is to be said about them.

    So it is where a VLAN comes from VTP, or where a device made it by itself when a port was put into it.
    """
    wanted = {node.text for node in intended.nodes}
    lines = (path[-1] for path in walk_nodes(sections(intended, "interface "), ()))
    used = {f"vlan {match[1]}" for line in lines if (match := _USE.fullmatch(line))}
    kept = [node for node in sections(running, "vlan ") if node.text in used - wanted]
    findings: list[Finding] = [Unmodelled(path) for path in walk_nodes(kept, ())]
    findings += [Caution(f"{node.text} is not intended, but intended interfaces use it: it stays") for node in kept]
    return Config(tuple(node for node in running.nodes if node not in kept)), findings

"""What kind of device a configuration is of: a router, a switch, or a switch that routes."""

import re

from cimnet_nornir.ios.tree import Config

_SWITCHES = re.compile(r"(?:no )?switchport.*|spanning-tree .+|vlan \d.*|vtp (?!password).+|interface (?i:vlan) ?\d+")


def switches(config: Config) -> bool:
    """Whether it has anything that only switches have; the SVI of a router with a switch module counts as such."""
    return any(_SWITCHES.fullmatch(text) for text in _lines(config))


def routes(config: Config) -> bool:
    """Whether it passes packets on: always, unless it is a switch that is not told to."""
    return not switches(config) or any(node.text == "ip routing" for node in config.nodes)


def _lines(config: Config) -> list[str]:
    below = [child.text for node in config.nodes for child in node.children]
    return [node.text for node in config.nodes] + below

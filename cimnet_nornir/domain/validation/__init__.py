"""Validation of intent: rules over a network and over a change of it, what they find, and the registry of them.

The rules that every network needs are in `standard`.

A rule of one's own is an object with `id`, `severity`, `description` and `check(network)` (see ValidationRule), or a
function made a rule by `rule`, `device_rule`, `link_rule` or `change_rule`:

    @rule("no-vlan-1", "warning", "An access port is in VLAN 1.")
    def no_vlan_1(network: NetworkView) -> Iterator[Problem]:
        for device in network.devices.values():
            for name, port in device.switch_ports.items():
                if isinstance(port.switching, AccessMode) and port.switching.vlan == 1:
                    yield Problem(device.name, name, "the port is in VLAN 1", "a VLAN of its own")
"""

from cimnet_nornir.domain.validation.findings import Finding, Problem, Severity, vlans_text
from cimnet_nornir.domain.validation.rules import (
    AnyRule,
    ChangeRule,
    Registry,
    ValidationRule,
    added,
    change_rule,
    device_rule,
    link_rule,
    rule,
)
from cimnet_nornir.domain.validation.view import End, LinkEnds, NetworkView, Placed, PoolSubnet

__all__ = [
    "AnyRule",
    "ChangeRule",
    "End",
    "Finding",
    "LinkEnds",
    "NetworkView",
    "Placed",
    "PoolSubnet",
    "Problem",
    "Registry",
    "Severity",
    "ValidationRule",
    "added",
    "change_rule",
    "device_rule",
    "link_rule",
    "rule",
    "vlans_text",
]

"""Validation of intent: rules over a network and over a change of it, what they find, and the registry of them.

A rule of one's own is an object with `id`, `severity`, `description` and `check(network)` (see ValidationRule), or a
function made a rule by `rule`, `device_rule`, `link_rule` or `change_rule`:

    @rule("no-vlan-1", "warning", "An access port is in VLAN 1.")
    def no_vlan_1(network: NetworkView) -> Iterator[Problem]:
        for device in network.devices.values():
            for name, port in device.switch_ports.items():
                if isinstance(port.switching, AccessMode) and port.switching.vlan == 1:
                    yield Problem(device.name, name, "the port is in VLAN 1", "a VLAN of its own")
"""

from cimnet_nornir.domain.validation.addressing_rules import ADDRESSING_RULES
from cimnet_nornir.domain.validation.change_rules import CHANGE_RULES
from cimnet_nornir.domain.validation.device_rules import DEVICE_RULES
from cimnet_nornir.domain.validation.findings import Finding, Problem, Severity, vlans_text
from cimnet_nornir.domain.validation.hosting_rules import HOSTING_RULES
from cimnet_nornir.domain.validation.link_rules import LINK_RULES
from cimnet_nornir.domain.validation.lock_out import LOCK_OUT_RULES
from cimnet_nornir.domain.validation.routing_rules import ROUTING_RULES
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
from cimnet_nornir.domain.validation.switching_rules import SWITCHING_RULES
from cimnet_nornir.domain.validation.view import End, LinkEnds, NetworkView, Placed

__all__ = [
    "STANDARD_RULES",
    "AnyRule",
    "ChangeRule",
    "End",
    "Finding",
    "LinkEnds",
    "NetworkView",
    "Placed",
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

STANDARD_RULES: tuple[AnyRule, ...] = (
    *DEVICE_RULES,
    *LINK_RULES,
    *ADDRESSING_RULES,
    *ROUTING_RULES,
    *SWITCHING_RULES,
    *HOSTING_RULES,
    *CHANGE_RULES,
    *LOCK_OUT_RULES,
)
"""The rules that hold for any vendor's devices."""

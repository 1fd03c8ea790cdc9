"""What validation says: findings, each with its rule, its place and what would be right."""

from collections.abc import Collection, Container
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.domain.interfaces import format_vlan_list

Severity = Literal["error", "warning"]
"""An error will not work as it is intended; a warning hardly can be meant."""

_LONGEST_LIST = 60


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a rule found at one place.

    `rule` is the id of the rule. `device` is a host name, empty where no single device is meant. `path` is the place in
    the device: an interface ("GigabitEthernet0/1"), "VLAN 10", "OSPF 1", "route 10.0.0.0/8", "spanning tree",
    "management", or empty for the device as a whole. `right` says what would be right; it may be empty where the
    message says it. `others` are the host names of further devices that it is about: the far end of a link.
    """

    severity: Severity
    rule: str
    device: str
    path: str
    message: str
    right: str = ""
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.severity}: {' '.join(part for part in (self.device, self.path) if part)}: {self.message}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same finding although its words may have changed: severity, rule, device and path."""
        return self.severity, self.rule, self.device, self.path

    def concerns(self, hosts: Container[str]) -> bool:
        """Whether it is about one of the hosts; one that is about no device concerns all."""
        return not self.device or self.device in hosts or any(other in hosts for other in self.others)


@dataclass(frozen=True, slots=True)
class Problem:
    """What the function of a rule yields: a finding, but for what the rule itself knows of it (its id, its severity).

    `severity` is only told where it differs from that of the rule.
    """

    device: str
    path: str
    message: str
    right: str = ""
    severity: Severity | None = None
    others: tuple[str, ...] = ()

    def of(self, rule: str, severity: Severity) -> Finding:
        """The finding of the rule with this id and severity."""
        return Finding(self.severity or severity, rule, self.device, self.path, self.message, self.right, self.others)


def vlans_text(vlans: Collection[int]) -> str:
    """A VLAN list that stays readable in a message: of a long one the beginning, and how many there are."""
    text = format_vlan_list(vlans)
    if len(text) <= _LONGEST_LIST:
        return text
    return f"{text[:_LONGEST_LIST].rpartition(',')[0]} and more, {len(vlans)} in all"

"""A finding: what is wrong in an intent, where, and how much it matters."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.domain.interfaces import format_vlan_list

_LONGEST_LIST = 60

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An error will not work as intended; a warning works but hardly can be meant.

    `device` is a host name, `where` the interface, VLAN or process in it.
    """

    severity: Severity
    device: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.device} {self.where}: {self.message}"


def error(device: str, where: str, message: str) -> Finding:
    return Finding("error", device, where, message)


def warning(device: str, where: str, message: str) -> Finding:
    return Finding("warning", device, where, message)


def vlans_text(vlans: Collection[int]) -> str:
    """A VLAN list that stays readable in a message: of a long one the beginning, and how many there are."""
    text = format_vlan_list(vlans)
    if len(text) <= _LONGEST_LIST:
        return text
    return f"{text[:_LONGEST_LIST].rpartition(',')[0]} and more, {len(vlans)} in all"

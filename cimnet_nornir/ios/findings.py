"""Findings of validation, as the rules write them."""

from collections.abc import Collection

from cimnet_nornir.domain.comparison import Finding
from cimnet_nornir.domain.interfaces import format_vlan_list

__all__ = ["Finding", "error", "vlans_text", "warning"]

_LONGEST_LIST = 60


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

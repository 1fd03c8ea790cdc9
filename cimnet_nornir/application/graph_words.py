"""Answers about the context graph in words: ports as IOS shows them, speeds, VLAN lists, and what is cut off."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cimnet_nornir.application.plan_words import count
from cimnet_nornir.application.vlan_list import ports_text
from cimnet_nornir.domain.interfaces import format_vlan_list
from cimnet_nornir.projections.graph_links import port_words, speed_words

if TYPE_CHECKING:
    from cimnet_nornir.projections.graph_impact import Impact
    from cimnet_nornir.projections.graph_vlans import VlanPart

__all__ = ["cut_off", "few", "part_rows", "port_with_members", "speed_words", "vlans_text"]

_FEW = 8


def vlans_text(vlans: Iterable[int]) -> str:
    """VLANs as IOS lists them: 10,20,30-35."""
    return format_vlan_list(vlans)


def port_with_members(port: str, members: Sequence[str]) -> str:
    """A port in short; a bundle with its members: Po1 (Gi1/0/1-2)."""
    return port_words(port) if tuple(members) == (port,) else f"{port_words(port)} ({ports_text(members)})"


def few(names: Sequence[str]) -> str:
    """Names with commas between; of many the first few, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")


def cut_off(impact: "Impact") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is cut off, kind by kind, in words with their names; without the kinds of which nothing is."""
    kinds = (
        (count(len(impact.devices), "device"), impact.devices),
        (count(len(impact.hosts), "host"), impact.hosts),
        (count(len(impact.containers), "container"), impact.containers),
        (count(len(impact.vms), "virtual machine"), impact.vms),
        (f"{count(len(impact.subnets), 'subnet')} without a gateway", impact.subnets),
    )
    return tuple((words, names) for words, names in kinds if names)


def part_rows(part: "VlanPart") -> tuple[tuple[str, str], ...]:
    """Who is in a VLAN in one of its parts, kind by kind; empty where nobody is."""
    gateways = (f"{device} {', '.join(addresses)}" for device, addresses in part.gateways.items())
    ports = (f"{device} {ports_text(ports)}" for device, ports in part.ports.items())
    on = f" on {', '.join(part.hosts)}" if part.hosts else ""
    found = (
        ("gateways", "; ".join(gateways)),
        ("ports", "; ".join(ports)),
        ("networks", f"{', '.join(part.networks)}{on}" if part.networks else ""),
    )
    return tuple((kind, words) for kind, words in found if words)

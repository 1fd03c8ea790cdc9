"""Commands that differ in the number of a VLAN alone as one command with a list, as a person would type them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from cimnet_nornir.ios.device_values import wrapped_vlan_list

if TYPE_CHECKING:
    from cimnet_nornir.ios.steps import Step

_OF_A_VLAN = re.compile(
    r"(?P<before>(?:no )?spanning-tree (?:vlan|mst) )(?P<number>\d+)"
    r"(?P<after> (?:priority|hello-time|forward-time|max-age|cost|port-priority)(?: \d+)?)"
)


def joined_steps(steps: "tuple[Step, ...]") -> "Iterator[Step]":
    """The steps, those that follow one another and say the same of several VLANs as one, or as few as fit a line."""
    for (_, before, after), group in groupby(steps, key=_kind):
        same = list(group)
        if not before or len(same) == 1:
            yield from same
            continue
        numbers = (int(match["number"]) for step in same if (match := _OF_A_VLAN.fullmatch(step.command)))
        for numbers_text in wrapped_vlan_list(numbers, before, after):
            yield replace(same[0], command=f"{before}{numbers_text}{after}")


def _kind(step: "Step") -> tuple[tuple[str, ...], str, str]:
    match = _OF_A_VLAN.fullmatch(step.command)
    return (step.section, match["before"], match["after"]) if match else (step.section, "", "")

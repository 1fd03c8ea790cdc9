"""Commands that differ in the number of a VLAN or of a marking alone as one with a list, as a person would type it."""

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
_OF_A_MARKING = re.compile(
    r"(?P<before>mls qos (?:map policed-dscp|srr-queue \S+ \S+ queue \d threshold \d) )(?P<number>\d+)"
    r"(?P<after>(?: to \d+)?)"
)
# As many markings as a switch takes in a line.
_MOST = 8


def joined_steps(steps: "tuple[Step, ...]") -> "Iterator[Step]":
    """The steps, those that follow one another and say the same of several numbers as one, or as few as fit a line."""
    for (_, before, after), group in groupby(steps, key=_kind):
        same = list(group)
        if not before or len(same) == 1:
            yield from same
            continue
        numbers = [int(match["number"]) for step in same if (match := _match(step))]
        for listed in _lists(numbers, before, after):
            yield replace(same[0], command=f"{before}{listed}{after}")


def _lists(numbers: list[int], before: str, after: str) -> "tuple[str, ...]":
    if before.startswith("mls "):
        return tuple(" ".join(map(str, numbers[at : at + _MOST])) for at in range(0, len(numbers), _MOST))
    return wrapped_vlan_list(numbers, before, after)


def _match(step: "Step") -> "re.Match[str] | None":
    return _OF_A_VLAN.fullmatch(step.command) or _OF_A_MARKING.fullmatch(step.command)


def _kind(step: "Step") -> tuple[tuple[str, ...], str, str]:
    match = _match(step)
    return (step.section, match["before"], match["after"]) if match else (step.section, "", "")

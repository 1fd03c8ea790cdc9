"""Waivers: somebody has looked at what a rule finds, and lets it be until a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.validation import Finding

WaiverEvent = e.WaiverGranted | e.WaiverRevoked
Key = tuple[str, str, str]
"""What a waiver is for: rule, device id and path; each of the latter empty where any is meant."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """`device` is a device id, empty for all; `path` the place in it, empty for all; `expires` its last day (UTC)."""

    rule: str
    device: str
    path: str
    reason: str
    expires: date

    @property
    def key(self) -> Key:
        return self.rule, self.device, self.path

    def expired(self, today: date) -> bool:
        """Whether it counts no more."""
        return today > self.expires

    def covers(self, finding: Finding, device: str) -> bool:
        """Whether it is for the finding, which is about the device of that id."""
        return self.rule == finding.rule and self.device in ("", device) and self.path in ("", finding.path)


def evolve_waivers(waivers: dict[Key, Waiver], event: WaiverEvent) -> dict[Key, Waiver]:
    """The waivers of a network, by what they are for, after an event; a new one takes the place of an old one."""
    match event:
        case e.WaiverGranted():
            waiver = Waiver(event.rule, event.device or "", event.path, event.reason, event.expires)
            waivers[waiver.key] = waiver
        case e.WaiverRevoked():
            waivers.pop((event.rule, event.device or "", event.path), None)
        case _:
            assert_never(event)
    return waivers


def waiver_of(finding: Finding, device: str, waivers: Iterable[Waiver], today: date) -> Waiver | None:
    """The waiver that is in force for a finding about the device of that id."""
    return next((each for each in waivers if each.covers(finding, device) and not each.expired(today)), None)

"""What people let be: findings of validation that are waived, until a day and for a reason."""

from datetime import date

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Label, Line


class WaiverGranted(Event):
    """Findings of the rule do not count until the end of the day (UTC).

    `device` and `path` say which: those of one device (its id), of one place in it; none and "" mean any.
    """

    network: Identifier
    rule: Identifier
    device: Identifier | None = None
    path: Label = ""
    reason: Line
    expires: date


class WaiverRevoked(Event):
    """Findings that the waiver was for count again."""

    network: Identifier
    rule: Identifier
    device: Identifier | None = None
    path: Label = ""


EVENTS: tuple[type[Event], ...] = (WaiverGranted, WaiverRevoked)

"""Devices' lives in the words of people: what they ask for, until when, and how a device stands."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from cimnet_nornir.application.lifecycle import Standing
from cimnet_nornir.domain.lifecycle import LifecycleState, Trigger, lifecycle_mermaid
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus
from cimnet_nornir.errors import InvalidInput

ACTIONS: Mapping[str, Trigger] = {
    "provision": Trigger.PROVISIONING_STARTED,
    "commission": Trigger.COMMISSIONED,
    "maintenance": Trigger.MAINTENANCE_STARTED,
    "end-maintenance": Trigger.MAINTENANCE_ENDED,
    "decommission": Trigger.DECOMMISSIONING_STARTED,
    "decommissioned": Trigger.DECOMMISSIONED,
}
"""What can be asked for by a command, each by its word."""

_DURATION = re.compile(r"(?P<count>[0-9]{1,6}) ?(?P<unit>min|[mhdw])")
_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
# Units as they are shown, each from the length at which it is the one to use.
_SHOWN = (
    (timedelta(days=2), timedelta(days=1), "days"),
    (timedelta(hours=2), timedelta(hours=1), "h"),
    (timedelta(minutes=1), timedelta(minutes=1), "min"),
)


def diagram() -> str:
    """All states with what leads from which to which, as a Mermaid state diagram."""
    return lifecycle_mermaid()


def until_from(text: str, now: datetime) -> datetime:
    """The end of a window: a time (ISO 8601, local without a zone) or how long from now ("30min", "4h", "2d", "1w").

    Raises InvalidInput.
    """
    found = _DURATION.fullmatch(text.strip())
    try:
        if found:
            return now + int(found["count"]) * _UNITS[found["unit"]]
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            f"{text!r} is no end of a window; write a time like 2026-11-24T02:00, or how long: 30min, 4h, 2d",
            subject="until",
        ) from error


def explain(status: LifecycleStatus, now: datetime) -> str:
    """What there is to say about a state besides its name: the window, the reason, what the last push came to."""
    failed = f"{status.outcome}: {status.failure}" if status.outcome else ""
    if status.state is LifecycleState.FAILED:
        return failed or status.reason
    last = f"last push {failed}" if failed else ""
    return "; ".join(part for part in (window_words(status, now), status.reason, last) if part)


def window_words(status: LifecycleStatus, now: datetime) -> str:
    """Until when a maintenance lasts, or how long ago its window ended; empty where there is none."""
    if status.window is None:
        return ""
    until = status.window.until
    if until <= now:
        return f"window ended {_length(now - until)} ago"
    return f"until {until.astimezone():%Y-%m-%d %H:%M}"


def _length(span: timedelta) -> str:
    for least, unit, word in _SHOWN:
        if span >= least:
            return f"{span // unit} {word}"
    return "less than a minute"


def left_out_words(standings: Iterable[Standing], now: datetime) -> str:
    """The devices that were left out, each with the reason, in one line."""
    return ", ".join(f"{item.subject.name} ({_state_words(item.status, now)})" for item in standings)


def _state_words(status: LifecycleStatus, now: datetime) -> str:
    window = window_words(status, now)
    return f"{status.state.value}, {window}" if window else status.state.value

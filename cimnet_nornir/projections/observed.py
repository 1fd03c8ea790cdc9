"""What was seen of each device so far, as events tell it: whether it answers, its ports, and drift.

Persisted as a row a device and environment, with the position up to which events were read. A moment in the past is
folded from the beginning, or from a fold that an earlier look left behind.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import (
    DriftDetected,
    DriftedLine,
    DriftIgnored,
    DriftIgnoreWithdrawn,
    DriftResolved,
    PortCondition,
    PortStatisticsRecorded,
    StatusChanged,
)
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.projections.snapshots import keep_snapshot, snapshot_before
from cimnet_nornir.store.port import EventStore, ProjectionRow

# Raised when the fold or the shape of the rows changes; older rows are then left unread.
PROJECTION = "observed-2"
_OTHERS = (PortStatisticsRecorded, DriftDetected, DriftResolved, DriftIgnored, DriftIgnoreWithdrawn)
_PAST = f"{PROJECTION}:past"
OBSERVED_TYPES = frozenset(
    {
        *(kind.type_name() for kind in StatusChanged.__subclasses__()),
        *(kind.type_name() for kind in _OTHERS),
    }
)
# A row a device is written when so many events came since: a write costs a flush, folding a few events costs nothing.
_SAVE_AFTER = 50
# A fold of the past is kept where it took more events than this.
_SNAPSHOT_AFTER = 5_000
# A device has a name, so that no device has this key.
_POSITION_ROW = ""


@dataclass(frozen=True, slots=True)
class PortCounts:
    """How many ports were up, enabled and not up, and shut down, and the errors over all, when it was told last."""

    up: int
    down: int
    disabled: int
    errors: int


@dataclass(frozen=True, slots=True)
class IgnoredLine:
    """A drifted line that somebody lets be until then."""

    line: DriftedLine
    until: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """One device: `reachability` since `since` and why, its ports by name with their condition, lines of drift.

    `drifted` are these lines where the event tells them; `ignored` is what is let be, drifted now or not.
    """

    reachability: str | None = None
    reason: str = ""
    since: datetime | None = None
    drift: int = 0
    counts: PortCounts | None = None
    ports: dict[str, PortCondition] = field(default_factory=dict)
    drifted: tuple[DriftedLine, ...] = ()
    ignored: tuple[IgnoredLine, ...] = ()

    def ignored_at(self, now: datetime) -> tuple[IgnoredLine, ...]:
        """Of the drifted lines those that are let be at a moment: they do not count."""
        return tuple(each for each in self.ignored if now < each.until and each.line in self.drifted)


def load_observed(
    store: EventStore, network: str, environment: str, *, until: int | None = None, save_after: int = _SAVE_AFTER
) -> dict[str, Known]:
    """By device id what is known of each device that was ever looked at; as of a position where one is given.

    Rows are kept again once there are `save_after` newer events.
    """
    if until is not None:
        return _past(store, network, environment, until)
    prefix = f"{network}/{environment}/"
    rows = store.load_rows(PROJECTION, prefix)
    mark = rows.pop(f"{prefix}{_POSITION_ROW}", None)
    known = {key.removeprefix(prefix): _row().validate_json(row.state) for key, row in rows.items()} if mark else {}
    kept = mark.position if mark else 0
    changed: set[str] = set()
    position, count = _fold(store, known, network, environment, after=kept, seen=changed.add)
    if count >= save_after:
        saved = {f"{prefix}{device}": ProjectionRow(position, _row().dump_json(known[device])) for device in changed}
        rows = {**saved, f"{prefix}{_POSITION_ROW}": ProjectionRow(position, b"")}
        # Somebody else was first, or nothing can be written: whoever reads next folds it again.
        with suppress(ConcurrencyConflict, StoreUnavailable):
            store.save_rows(PROJECTION, rows, expected=(f"{prefix}{_POSITION_ROW}", kept))
    return known


def _past(store: EventStore, network: str, environment: str, until: int) -> dict[str, Known]:
    name = f"{network}/{environment}"
    snapshot = snapshot_before(store, _PAST, name, until)
    known = _rows().validate_json(snapshot[1]) if snapshot else {}
    position, count = _fold(store, known, network, environment, after=snapshot[0] if snapshot else 0, until=until)
    if count >= _SNAPSHOT_AFTER:
        keep_snapshot(store, _PAST, name, position, _rows().dump_json(known))
    return known


def _fold(
    store: EventStore,
    known: dict[str, Known],
    network: str,
    environment: str,
    *,
    after: int,
    until: int | None = None,
    seen: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """The position of the last event that was folded in, and how many there were."""
    position, count = after, 0
    for stored in store.read_all(after=after, until=until, types=OBSERVED_TYPES):
        position, count = stored.position, count + 1
        event = stored.event
        if (getattr(event, "network", None), getattr(event, "environment", None)) == (network, environment):
            device = str(getattr(event, "device", ""))
            known[device] = _evolve(known.get(device, Known()), stored)
            seen(device)
    return position, count


def _evolve(known: Known, stored: StoredEvent) -> Known:
    match stored.event:
        case StatusChanged() as event:
            return replace(known, reachability=event.new, since=stored.recorded_at, reason=_reason(event, stored))
        case PortStatisticsRecorded() as event:
            return replace(known, ports=_evolve_ports(known.ports, event), counts=_counts(event))
        case DriftDetected() as event:
            told = sum(line.startswith(("+", "-")) for line in event.diff)
            return replace(known, drift=len(event.lines) or told, drifted=event.lines)
        case DriftResolved():
            return replace(known, drift=0, drifted=())
        case DriftIgnored() | DriftIgnoreWithdrawn() as event:
            return replace(known, ignored=_evolve_ignored(known.ignored, event))
        case _:
            return known


def _evolve_ports(ports: dict[str, PortCondition], event: PortStatisticsRecorded) -> dict[str, PortCondition]:
    """The ports with their conditions after an event."""
    after = {**ports, **{change.port: change.new for change in event.changed if change.new is not None}}
    gone = {change.port for change in event.changed if change.new is None}
    return {port: condition for port, condition in after.items() if port not in gone}


def _evolve_ignored(
    ignored: tuple[IgnoredLine, ...], event: DriftIgnored | DriftIgnoreWithdrawn
) -> tuple[IgnoredLine, ...]:
    """What is let be after an event, which is the last word on its lines."""
    rest = tuple(each for each in ignored if each.line not in event.lines)
    if isinstance(event, DriftIgnoreWithdrawn):
        return rest
    return (*rest, *(IgnoredLine(line, event.until) for line in event.lines))


def _reason(event: StatusChanged, stored: StoredEvent) -> str:
    """Why it is so, where that is worth telling."""
    return "" if event.new == "up" else stored.reason or ""


def _counts(event: PortStatisticsRecorded) -> PortCounts:
    return PortCounts(event.up, event.down, event.disabled, event.errors)


@cache
def _row() -> TypeAdapter[Known]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(Known)


@cache
def _rows() -> TypeAdapter[dict[str, Known]]:
    return TypeAdapter(dict[str, Known])

"""What happened, counted: events, deployments and pushes, which only ever become more.

Kept as a row for a network and environment, with the position up to which events are in it, so that nothing that
happened is read twice. Events by their types are counted by the store's index.
"""

from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from pydantic import TypeAdapter

from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import (
    ConfigurationApplied,
    ConfigurationFailed,
    DeploymentFinished,
    DeploymentStarted,
    PushSettled,
)
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.projections.deployments import RESULT_TYPES
from cimnet_nornir.store.port import EventStore, ProjectionRow

# The number is raised when the fold, the bounds or the shape of the row changes; older rows are then left unread.
PROJECTION = "tally-1"
TALLY_TYPES = frozenset({"DeploymentStarted", "DeploymentFinished", *RESULT_TYPES})
BOUNDS = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
"""Seconds: the upper bounds of what durations are sorted into; what is longer counts beyond the last."""
DEPLOYMENT_OUTCOMES = ("applied", "unchanged", "unreachable", "failed", "in doubt")
"""What a deployment can come to, the best first."""
# Rows are written again after so many new events: a write costs a flush, folding a few events costs nothing.
_SAVE_AFTER = 500


@dataclass(slots=True)
class Durations:
    """How many took how long: `counts` by bound, the last for what is beyond all of them; `total` in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Tally:
    """Everything counted up to `position`.

    `events` by type are those of the whole store, all else is of one network and environment. `deployments` by what
    they came to, `pushes` by outcome, `settled` by what was found of those in doubt; `push_seconds` by "applied" and
    "failed". `under_way` are the deployments that have not ended: they run, or were broken off.
    """

    position: int = 0
    events: dict[str, int] = field(default_factory=dict)
    started: int = 0
    deployments: dict[str, int] = field(default_factory=dict)
    pushes: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    deployment_seconds: Durations = field(default_factory=Durations)
    push_seconds: dict[str, Durations] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)


def load_tally(store: EventStore, network: str, environment: str, *, save_after: int = _SAVE_AFTER) -> Tally:
    """Everything counted up to now; the row is kept again once there are `save_after` newer events."""
    key = f"{network}/{environment}"
    row = store.load_rows(PROJECTION, keys=(key,)).get(key)
    tally = _adapter().validate_json(row.state) if row is not None else Tally()
    before, head = tally.position, store.head()
    count_in(tally.events, store.count_types(after=before, until=head))
    fold(tally, store.read_all(after=before, until=head, types=TALLY_TYPES), network, environment)
    tally.position = head
    if head - before >= save_after:
        saved = {key: ProjectionRow(head, _adapter().dump_json(tally))}
        # Somebody else was first, or nothing can be written: whoever reads next counts again.
        with suppress(ConcurrencyConflict, StoreUnavailable):
            store.save_rows(PROJECTION, saved, expected=(key, before))
    return tally


def count_in(counts: dict[str, int], more: dict[str, int]) -> None:
    """Adds counts to counts."""
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def fold(tally: Tally, events: Iterable[StoredEvent], network: str, environment: str) -> None:
    """Takes deployments and pushes of a network and environment in, in order."""
    for stored in events:
        event = stored.event
        here = getattr(event, "network", None) == network and getattr(event, "environment", None) == environment
        match event:
            case DeploymentStarted() if here:
                tally.started += 1
                tally.under_way.add(_deployment(stored))
            case DeploymentFinished() if _deployment(stored) in tally.under_way:
                _finish(tally, _deployment(stored), event)
            case ConfigurationApplied() if here:
                _push(tally, "applied", "applied", event.seconds)
            case ConfigurationFailed() if here:
                _push(tally, event.outcome, "failed", event.seconds)
            case PushSettled() if here:
                count_in(tally.settled, {event.outcome: 1})
            case _:
                # Another network's, or another environment's.
                continue


def _deployment(stored: StoredEvent) -> str:
    return stored.aggregate_id.removeprefix("deployment:").partition("/")[0]


def _finish(tally: Tally, deployment: str, event: DeploymentFinished) -> None:
    tally.under_way.discard(deployment)
    count_in(tally.deployments, {outcome_of(event.outcomes.values()): 1})
    tally.deployment_seconds.add(event.seconds)


def _push(tally: Tally, outcome: str, result: str, seconds: float) -> None:
    count_in(tally.pushes, {outcome: 1})
    tally.push_seconds.setdefault(result, Durations()).add(seconds)


def outcome_of(outcomes: Iterable[str]) -> str:
    """What a deployment came to, by the outcomes of its devices: the worst of DEPLOYMENT_OUTCOMES."""
    order = {name: place for place, name in enumerate(DEPLOYMENT_OUTCOMES)}
    # Where one device was applied and the rest needed nothing, the deployment changed something.
    found = {outcome if outcome in order else "failed" for outcome in outcomes}
    worst = max(found, key=order.__getitem__, default="unchanged")
    return "applied" if worst == "unchanged" and "applied" in found else worst


@cache
def _adapter() -> TypeAdapter[Tally]:
    # Built on first use: pydantic takes a moment to compile it.
    return TypeAdapter(Tally)

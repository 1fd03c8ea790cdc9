"""Devices' lives, whatever happens in whatever order: only the table's ways are gone, and replay rebuilds them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import open_request
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, Event, StoredEvent
from cimnet_nornir.domain.lifecycle import ANNOUNCEMENTS, TRANSITIONS, LifecycleState, Trigger, trigger_of
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus, Subject, decide_lifecycle, evolve_lifecycle
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import InvalidTransition
from cimnet_nornir.projections.lifecycle import PROJECTION, load_lifecycle
from cimnet_nornir.store import EventStore, open_store

START = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW = e.MaintenanceWindow(start=START, until=START + timedelta(hours=4))
KINDS = st.sampled_from(DeviceKind)
DEVICE = {"network": "net", "device": "x1", "environment": "lab"}
PUSH = {**DEVICE, "method": "any"}
ADDED = {"network": "net", "device": "x1", "name": "x1", "details": {"vendor": "cisco", "platform": "ios"}}


def outcomes(kind: type[Event], field: str) -> tuple[str, ...]:
    return get_args(kind.model_fields[field].annotation)


def made(kind: type[Event], fields: dict[str, Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    return st.fixed_dictionaries(more).map(lambda chosen: kind.model_validate({**fields, **chosen}))


APPLIED = {**PUSH, "intent": 1, "lines": (), "snapshot": "", "rendered": "", "saved": True, "seconds": 1.0}
FAILED = {**PUSH, "intent": 1, "reason": "why", "seconds": 1.0}
ANNOUNCED = tuple(kind for base in e.LifecycleChanged.__subclasses__() for kind in base.__subclasses__())
# Every fact there is about a device, whether it may follow or not: late ones, repeated ones, and of other rooms.
FACTS: st.SearchStrategy[Event] = st.one_of(
    st.just(e.RouterAdded.model_validate(ADDED)),
    st.just(e.PushStarted.model_validate({**PUSH, "before": "", "carries": ()})),
    st.just(e.RouterConfigurationApplied.model_validate(APPLIED)),
    made(e.SwitchConfigurationFailed, FAILED, outcome=st.sampled_from(outcomes(e.ConfigurationFailed, "outcome"))),
    made(
        e.PushSettled,
        {**DEVICE, "intent": 1, "snapshot": ""},
        outcome=st.sampled_from(outcomes(e.PushSettled, "outcome")),
    ),
    made(
        e.ConfigurationDeployed,
        {**PUSH, "target": {"kind": "local"}},
        result=st.sampled_from(outcomes(e.ConfigurationDeployed, "result")),
    ),
    st.sampled_from(ANNOUNCED).map(
        lambda kind: kind.model_validate({**DEVICE, "window": WINDOW} if "window" in kind.model_fields else DEVICE)
    ),
)


def stored(event: Event, position: int) -> StoredEvent:
    when = START + timedelta(seconds=position)
    return StoredEvent(
        event_id=UUID(int=position),
        aggregate_id="any",
        version=position,
        correlation_id=UUID(int=1),
        causation_id=UUID(int=1),
        timestamp=when,
        actor="ann",
        event=event,
        position=position,
        recorded_at=when,
        digest="",
    )


@given(st.lists(FACTS, max_size=40))
def test_whatever_happens_only_the_ways_of_the_table_are_gone(facts: Sequence[Event]) -> None:
    status: LifecycleStatus | None = None
    for position, event in enumerate(facts, 1):
        before, status = status, evolve_lifecycle(status, stored(event, position))
        if isinstance(event, e.RouterAdded):
            assert status is not None
            assert status.state is LifecycleState.PLANNED
        elif before is None:
            assert status is None
        else:
            assert status is not None
            trigger = trigger_of(event, begun=position > 1)
            allowed = TRANSITIONS.get((before.state, trigger), before.state) if trigger else before.state
            assert status.state is allowed
            assert (status.window is not None) == (status.state is LifecycleState.MAINTENANCE)
            assert (status.since == before.since) or status.state is not before.state


@given(KINDS, st.sampled_from(LifecycleState), st.sampled_from(tuple(ANNOUNCEMENTS)))
def test_what_is_decided_is_in_the_table_and_what_is_refused_is_not(
    kind: DeviceKind, state: LifecycleState, trigger: Trigger
) -> None:
    subject = Subject("net", "x1", "x1", kind, "lab")
    window = WINDOW if trigger is Trigger.MAINTENANCE_STARTED else None
    status = LifecycleStatus(state, START, "ann", window=WINDOW if state is LifecycleState.MAINTENANCE else None)
    if (state, trigger) in TRANSITIONS:
        after = evolve_lifecycle(status, stored(decide_lifecycle(subject, status, trigger, window=window), 1))
        assert after is not None
        assert after.state is TRANSITIONS[state, trigger]
        return
    with pytest.raises(InvalidTransition) as refused:
        decide_lifecycle(subject, status, trigger, window=window)
    assert trigger.value not in refused.value.possible


@given(st.data())
def test_a_random_walk_reaches_only_what_the_table_reaches(data: st.DataObject) -> None:
    subject = Subject("net", "x1", "x1", data.draw(KINDS), "lab")
    status = LifecycleStatus(LifecycleState.PLANNED, START, "ann")
    walked = [status.state]
    for position in range(1, 20):
        ways = [trigger for trigger in ANNOUNCEMENTS if (status.state, trigger) in TRANSITIONS]
        if not ways:
            break
        trigger = data.draw(st.sampled_from(ways))
        window = WINDOW if trigger is Trigger.MAINTENANCE_STARTED else None
        after = evolve_lifecycle(status, stored(decide_lifecycle(subject, status, trigger, window=window), position))
        assert after is not None
        status = after
        walked.append(status.state)
    arrows = {(before, after) for (before, _), after in TRANSITIONS.items()}
    assert set(pairwise(walked)) <= arrows


def append(store: EventStore, event: Event) -> None:
    """Store the fact, with the request that it came of."""
    actor = Actor("ann", lambda: START, uuid4)
    versions = store.versions("facts")
    chain, request = open_request(actor, "facts", {}, dict(versions))
    record = chain.record("facts", event, cause=request.event_id)
    store.append(Append(events=(request, record)))


PLACES = st.sampled_from(
    [
        {"device": device, "environment": environment, "network": network}
        for device in ("x1", "x2")
        for environment in ("lab", "real")
        for network in ("net", "net-2")
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(FACTS, PLACES, st.booleans()), max_size=25))
def test_rows_and_newer_events_are_the_same_as_replaying_all(steps: Sequence[tuple[Event, Any, bool]]) -> None:
    store = open_store("memory:", e.EVENT_TYPES, roots=e.ROOT_TYPES)
    for fact, place, look in steps:
        elsewhere = {name: value for name, value in place.items() if name in type(fact).model_fields}
        append(store, fact.model_copy(update=elsewhere))
        if look:
            load_lifecycle(store, place["network"], place["environment"], save_after=1)
    for network in ("net", "net-2"):
        for environment in ("lab", "real"):
            replayed = load_lifecycle(store, network, environment, until=store.head())
            assert load_lifecycle(store, network, environment) == replayed
            store.drop_projection(PROJECTION)
            assert load_lifecycle(store, network, environment) == replayed

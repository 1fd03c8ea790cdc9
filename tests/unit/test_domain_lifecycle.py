"""The table of a device's life: complete, told by events, and the same in the typed handles and the diagram."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_overloads, get_type_hints
from uuid import UUID

import pytest

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain import handles as h
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.lifecycle import (
    ANNOUNCEMENTS,
    TRANSITIONS,
    LifecycleState,
    Trigger,
    lifecycle_mermaid,
    possible,
    trigger_of,
)
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus, Subject, decide_lifecycle, evolve_lifecycle
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import DomainError, InvalidTransition, InvalidValue

S, T = LifecycleState, Trigger
START = datetime(2026, 11, 23, 8, tzinfo=UTC)
WINDOW = e.MaintenanceWindow(start=START, until=START + timedelta(hours=4))
DEVICE = {"network": "net", "device": "r1", "environment": "lab"}
ADDED = e.RouterAdded.model_validate(
    {"network": "net", "device": "r1", "name": "r1", "details": {"vendor": "cisco", "platform": "ios"}}
)
SUBJECT = Subject("net", "r1", "r1", DeviceKind.ROUTER, "lab")


def stored(event: Event, position: int = 1, *, actor: str = "ann", reason: str | None = None) -> StoredEvent:
    when = START + timedelta(minutes=position)
    return StoredEvent(
        event_id=UUID(int=position),
        aggregate_id="any",
        version=1,
        correlation_id=UUID(int=1),
        causation_id=UUID(int=1),
        timestamp=when,
        actor=actor,
        event=event,
        reason=reason,
        position=position,
        recorded_at=when,
        digest="",
    )


def failed(outcome: str) -> Event:
    fields = {"method": "netmiko", "intent": 1, "outcome": outcome, "reason": f"it was {outcome}", "seconds": 1.0}
    return e.RouterConfigurationFailed.model_validate({**DEVICE, **fields})


def settled(outcome: str) -> Event:
    fields = {"intent": 1, "outcome": outcome, "snapshot": "", "remaining": ("a", "b")}
    return e.PushSettled.model_validate({**DEVICE, **fields})


PUSH = e.PushStarted.model_validate({**DEVICE, "method": "netmiko", "before": "", "carries": ()})
APPLIED = e.RouterConfigurationApplied.model_validate(
    {
        **DEVICE,
        "method": "netmiko",
        "intent": 1,
        "lines": (),
        "snapshot": "",
        "rendered": "",
        "saved": True,
        "seconds": 1.0,
    }
)


def status_after(*events: Event) -> LifecycleStatus:
    status = None
    for position, event in enumerate(events, 1):
        status = evolve_lifecycle(status, stored(event, position))
    assert status is not None
    return status


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_state_and_everything_that_can_happen_is_in_the_table() -> None:
    assert {before for before, _ in TRANSITIONS} == set(S)
    assert {trigger for _, trigger in TRANSITIONS} == set(T)


def test_every_state_is_reached_from_planned() -> None:
    reached, before = {S.PLANNED}, set[LifecycleState]()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _), after in TRANSITIONS.items() if state in before}
    assert reached == set(S)


@pytest.mark.parametrize("state", S)
def test_from_every_state_a_device_can_come_into_service(state: LifecycleState) -> None:
    ways = {state}
    for _ in S:
        ways |= {after for (before, _), after in TRANSITIONS.items() if before in ways}
    assert S.ACTIVE in ways


def test_nothing_can_be_pushed_to_a_decommissioned_device() -> None:
    assert possible(S.DECOMMISSIONED) == (T.PROVISIONING_STARTED,)


@pytest.mark.parametrize("state", [S.MAINTENANCE, S.DECOMMISSIONING])
def test_a_push_does_not_take_a_device_out_of_its_maintenance(state: LifecycleState) -> None:
    pushes = set(T) - set(ANNOUNCEMENTS)
    assert {TRANSITIONS[state, trigger] for trigger in pushes} == {state}


def test_the_diagram_has_an_arrow_for_each_pair_of_the_table() -> None:
    drawn = {
        (before.lower(), trigger): after.lower()
        for before, after, triggers in re.findall(r"(\w+) --> (\w+): (.+)", lifecycle_mermaid())
        for trigger in triggers.split(", ")
    }
    told = {(before.value, trigger.value): after.value for (before, trigger), after in TRANSITIONS.items()}
    assert drawn == told
    assert lifecycle_mermaid().startswith("stateDiagram-v2\n    [*] --> Planned: added\n")


# --- typed handles ----------------------------------------------------------------------------------------------------

METHODS: dict[Trigger, Callable[..., Any]] = {
    T.PROVISIONING_STARTED: h.Handle.start_provisioning,
    T.COMMISSIONED: h.Handle.commission,
    T.PUSH_STARTED: h.Handle.push_started,
    T.CONFIGURATION_APPLIED: h.Handle.configuration_applied,
    T.CONFIGURATION_FAILED: h.Handle.configuration_failed,
    T.PUSH_IN_DOUBT: h.Handle.push_in_doubt,
    T.PUSH_NOT_APPLIED: h.Handle.push_not_applied,
    T.MAINTENANCE_STARTED: h.Handle.start_maintenance,
    T.MAINTENANCE_ENDED: h.Handle.end_maintenance,
    T.DECOMMISSIONING_STARTED: h.Handle.start_decommissioning,
    T.DECOMMISSIONED: h.Handle.decommissioned,
}


def states_of(annotation: Any) -> list[LifecycleState]:
    """The states that the second argument of a `Handle[K, …]` names."""
    state = get_args(annotation)[1]
    return [item.named for item in (get_args(state) or (state,))]


def ways_of(method: Callable[..., Any]) -> Iterator[tuple[LifecycleState, LifecycleState]]:
    for signature in get_overloads(method) or (method,):
        hints = get_type_hints(signature)
        before, after = states_of(hints["self"]), states_of(hints["return"])
        assert len(after) == 1
        yield from ((state, after[0]) for state in before)


def test_the_types_of_the_handles_say_exactly_what_the_table_says() -> None:
    typed = {(before, trigger): after for trigger, method in METHODS.items() for before, after in ways_of(method)}
    assert typed == TRANSITIONS


def test_every_state_has_its_type() -> None:
    assert {kind.named for kind in h.State.__subclasses__()} == set(S)


# --- events -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trigger", ANNOUNCEMENTS)
@pytest.mark.parametrize("kind", DeviceKind)
def test_what_is_announced_is_an_event_of_the_devices_kind(trigger: Trigger, kind: DeviceKind) -> None:
    before = next(state for state, what in TRANSITIONS if what is trigger)
    window = WINDOW if trigger is T.MAINTENANCE_STARTED else None
    subject = Subject("net", "x1", "x1", kind, "real")
    event = decide_lifecycle(subject, LifecycleStatus(before, START, "ann"), trigger, window=window)
    assert event.type_name() == f"{kind.value.capitalize()}{ANNOUNCEMENTS[trigger].__name__}"
    assert (event.network, event.device, event.environment) == ("net", "x1", "real")
    assert trigger_of(event) is trigger


def test_every_outcome_of_a_push_is_something_or_nothing() -> None:
    outcomes = get_args(e.ConfigurationFailed.model_fields["outcome"].annotation)
    told = {outcome: trigger_of(failed(outcome)) for outcome in outcomes}
    nothing_sent = {"unreachable", "refused", "failed", "stale", "busy", "not recorded"}
    nothing_sent |= {"cut off", "not armed", "not started"}
    assert {outcome for outcome, trigger in told.items() if trigger is None} == nothing_sent
    unwell = ("rejected", "differs", "not saved", "check failed", "not confirmed")
    assert {told[outcome] for outcome in unwell} == {T.CONFIGURATION_FAILED}
    assert told["taken back"] is T.PUSH_NOT_APPLIED
    assert told["in doubt"] is T.PUSH_IN_DOUBT


def test_a_push_that_was_taken_back_leaves_the_device_in_service() -> None:
    event = failed("rejected").model_copy(update={"reverted": "revert timer"})
    assert trigger_of(event) is T.PUSH_NOT_APPLIED


def test_a_host_whose_system_was_not_built_runs_what_it_ran() -> None:
    under_way = status_after(ADDED, PUSH, APPLIED, PUSH)
    event = e.HostConfigurationFailed.model_validate(failed("rejected").model_dump())
    status = evolve_lifecycle(under_way, replace(stored(event, 5), version=3))
    assert status is not None
    assert (status.state, status.last) == (S.ACTIVE, T.PUSH_NOT_APPLIED)
    half = event.model_copy(update={"sent": ("+ x",)})
    assert trigger_of(half) is T.CONFIGURATION_FAILED


@pytest.mark.parametrize("outcome", ["not armed", "busy"])
def test_a_push_that_could_not_begin_on_the_device_leaves_nothing_in_doubt(outcome: str) -> None:
    under_way = status_after(ADDED, PUSH, APPLIED, PUSH)
    status = evolve_lifecycle(under_way, replace(stored(failed(outcome), 5), version=2))
    assert status is not None
    assert (status.state, status.last, status.outcome) == (S.ACTIVE, T.PUSH_NOT_APPLIED, outcome)


def test_one_that_is_refused_the_device_leaves_the_push_of_another_as_it_is() -> None:
    under_way = status_after(ADDED, PUSH, APPLIED, PUSH)
    assert evolve_lifecycle(under_way, stored(failed("busy"), 5)) == under_way


def test_a_settled_push_is_what_the_device_was_found_to_run() -> None:
    assert trigger_of(settled("applied")) is T.CONFIGURATION_APPLIED
    assert trigger_of(settled("not applied")) is T.PUSH_NOT_APPLIED
    assert trigger_of(settled("partly applied")) is T.CONFIGURATION_FAILED


@pytest.mark.parametrize("result", get_args(e.ConfigurationDeployed.model_fields["result"].annotation))
def test_a_whole_configuration_deployed_brings_a_host_on(result: str) -> None:
    fields = {**DEVICE, "method": "nixos-rebuild", "target": {"kind": "local"}, "result": result, "reason": "why"}
    status = status_after(ADDED, PUSH, e.ConfigurationDeployed.model_validate(fields))
    works = result in ("activated", "staged", "unchanged")
    assert status.state is (S.ACTIVE if works else S.FAILED)
    assert (status.outcome, status.failure) == (("", "") if works else (result, "why"))


def test_other_events_are_nothing_to_a_life() -> None:
    seen = e.RouterStatusChanged.model_validate({**DEVICE, "old": "up", "new": "down"})
    assert trigger_of(seen) is None
    assert status_after(ADDED, seen) == status_after(ADDED)


# --- the status -------------------------------------------------------------------------------------------------------


def test_a_device_is_planned_from_the_moment_it_is_added() -> None:
    status = evolve_lifecycle(None, stored(ADDED, 3, actor="eve", reason="CHG-7"))
    assert status == LifecycleStatus(S.PLANNED, START + timedelta(minutes=3), "eve", "CHG-7")
    assert evolve_lifecycle(None, stored(PUSH)) is None


def test_a_first_push_configures_and_a_later_one_updates() -> None:
    assert status_after(ADDED, PUSH).state is S.CONFIGURING
    assert status_after(ADDED, PUSH, APPLIED).state is S.ACTIVE
    assert status_after(ADDED, PUSH, APPLIED, PUSH).state is S.UPDATING


def test_a_failure_is_kept_with_its_reason_until_a_push_succeeds() -> None:
    status = status_after(ADDED, PUSH, failed("rejected"))
    assert (status.state, status.outcome, status.failure) == (S.FAILED, "rejected", "it was rejected")
    again = status_after(ADDED, PUSH, failed("rejected"), PUSH, APPLIED)
    assert (again.state, again.outcome, again.failure) == (S.ACTIVE, "", "")


def test_where_nothing_was_sent_nothing_changes() -> None:
    assert status_after(ADDED, PUSH, APPLIED, failed("unreachable")) == status_after(ADDED, PUSH, APPLIED)


def test_a_push_in_doubt_stays_under_way_until_it_is_settled() -> None:
    doubt = (ADDED, PUSH, APPLIED, PUSH, failed("in doubt"))
    assert (status_after(*doubt).state, status_after(*doubt).outcome) == (S.UPDATING, "in doubt")
    assert status_after(*doubt, settled("applied")).state is S.ACTIVE
    before = status_after(*doubt, settled("not applied"))
    assert (before.state, before.outcome) == (S.ACTIVE, "not applied")
    assert "2 commands" in status_after(*doubt, settled("partly applied")).failure


def test_a_device_that_was_not_saved_is_active_once_recovery_saved_it() -> None:
    events = (ADDED, PUSH, failed("not saved"))
    assert status_after(*events).state is S.FAILED
    assert status_after(*events, settled("applied")).state is S.ACTIVE


def maintenance(window: e.MaintenanceWindow) -> Event:
    return e.RouterMaintenanceStarted(network="net", device="r1", environment="lab", window=window)


def test_a_maintenance_has_its_window_and_may_get_another() -> None:
    later = e.MaintenanceWindow(start=START, until=START + timedelta(days=1))
    status = status_after(ADDED, PUSH, APPLIED, maintenance(WINDOW))
    assert (status.state, status.window) == (S.MAINTENANCE, WINDOW)
    longer = status_after(ADDED, PUSH, APPLIED, maintenance(WINDOW), maintenance(later))
    assert (longer.state, longer.window, longer.since) == (S.MAINTENANCE, later, status.since)


def test_what_failed_in_a_maintenance_is_known_after_it() -> None:
    ended = e.RouterMaintenanceEnded(network="net", device="r1", environment="lab")
    status = status_after(ADDED, PUSH, APPLIED, maintenance(WINDOW), PUSH, failed("differs"), ended)
    assert (status.state, status.outcome, status.window) == (S.ACTIVE, "differs", None)


def test_a_device_that_is_added_again_begins_anew() -> None:
    assert status_after(ADDED, PUSH, APPLIED, ADDED).state is S.PLANNED


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_what_cannot_follow_is_refused_with_what_can() -> None:
    planned = LifecycleStatus(S.PLANNED, START, "ann")
    with pytest.raises(InvalidTransition, match="r1 is planned in lab: 'maintenance ended' cannot follow") as refused:
        decide_lifecycle(SUBJECT, planned, T.MAINTENANCE_ENDED)
    error = refused.value
    assert (error.subject, error.state, error.asked) == ("r1", "planned", "maintenance ended")
    assert error.possible == ("provisioning started", "commissioned", "push started")
    assert isinstance(error, DomainError)


def test_a_push_is_told_by_its_deployment_only() -> None:
    with pytest.raises(InvalidValue, match="told by a deployment"):
        decide_lifecycle(SUBJECT, LifecycleStatus(S.PLANNED, START, "ann"), T.PUSH_STARTED)


@pytest.mark.parametrize(("trigger", "window"), [(T.MAINTENANCE_STARTED, None), (T.DECOMMISSIONING_STARTED, WINDOW)])
def test_a_maintenance_and_nothing_else_has_a_window(trigger: Trigger, window: e.MaintenanceWindow | None) -> None:
    with pytest.raises(InvalidValue, match="window"):
        decide_lifecycle(SUBJECT, LifecycleStatus(S.ACTIVE, START, "ann"), trigger, window=window)


def test_a_window_ends_after_it_starts_and_names_its_zone() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        e.MaintenanceWindow(start=START, until=START)
    with pytest.raises(ValueError, match="timezone"):
        e.MaintenanceWindow(start=START, until=datetime(2026, 12, 1))  # noqa: DTZ001 - naive on purpose

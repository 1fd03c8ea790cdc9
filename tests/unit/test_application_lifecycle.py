"""Devices' lives through the facade: handles that know their state, what is announced, and what is left alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.deployment import Deployment, push_lease
from cimnet_nornir.application.lifecycle import Standing, Standings, kept_out, refuse_decommissioned
from cimnet_nornir.application.lifecycle_words import ACTIONS, explain, left_out_words, until_from
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.handles import (
    Active,
    Configuring,
    Decommissioned,
    Failed,
    Planned,
    Provisioning,
)
from cimnet_nornir.domain.lifecycle import LifecycleState, Trigger
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus, decide_lifecycle
from cimnet_nornir.domain.streams import lifecycle_stream
from cimnet_nornir.errors import DeviceNotFound, InvalidInput, InvalidTransition, StoreError
from cimnet_nornir.projections.lifecycle import PROJECTION, load_lifecycle
from cimnet_nornir.store import EventStore

ServiceMaker = Callable[..., NetworkService]
NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
S = LifecycleState


def plan_for(service: NetworkService, device: str, *commands: str) -> DevicePlan:
    kind = service.lifecycle()[device].subject.kind.value
    fields = {"commands": commands, "carries": (), "diff": "", "running": "", "rendered": ""}
    return DevicePlan.model_validate({"device": device, "name": device, "kind": kind, **fields})


def push(service: NetworkService, device: str, *outcomes: str) -> None:
    """A deployment that starts to push and is told these outcomes; without any it dies on the way."""
    plan = plan_for(service, device, "hostname x")
    with service.deployment(service.plan_of(plan)) as deployment, deployment.holding(plan):
        deployment.push_started(plan)
        for outcome in outcomes:
            deployment.record(PushOutcome(plan, outcome, 0.1, reason="" if outcome == "applied" else "why"))


def state(service: NetworkService, device: str) -> LifecycleState:
    return service.lifecycle()[device].status.state


def window() -> e.MaintenanceWindow:
    return e.MaintenanceWindow(start=NOW, until=TOMORROW)


# --- handles ----------------------------------------------------------------------------------------------------------


def test_a_router_goes_through_its_life(small: NetworkService) -> None:
    planned = small.router("r1").expect(Planned)
    provisioning = planned.start_provisioning()
    assert provisioning.state is S.PROVISIONING
    push(small, "r1", "applied")
    active = small.router("r1").expect(Active)
    in_maintenance = active.start_maintenance(window())
    assert in_maintenance.status.window == window()
    gone = in_maintenance.end_maintenance().start_decommissioning().decommissioned()
    assert small.router("r1").expect(Decommissioned).status == gone.status
    assert gone.start_provisioning().commission().state is S.ACTIVE
    assert small.store.verify().ok


def test_steps_of_a_push_take_in_what_the_deployment_recorded(small: NetworkService) -> None:
    planned = small.switch("sw1").expect(Planned)
    plan = plan_for(small, "sw1", "hostname x")
    with small.deployment(small.plan_of(plan)) as deployment:
        deployment.push_started(plan)
        configuring = planned.push_started()
        assert small.switch("sw1").expect(Configuring).status == configuring.status
        with pytest.raises(InvalidTransition, match="sw1 is configuring in lab: 'configuration applied'"):
            configuring.configuration_applied()
        deployment.record(PushOutcome(plan, "rejected", 0.1, reason="% Invalid input"))
        failed = configuring.configuration_failed()
    assert failed.status == small.switch("sw1").expect(Failed).status
    assert (failed.status.outcome, failed.status.failure) == ("rejected", "% Invalid input")
    # The deployment told it once; nobody tells it again.
    assert sum(stored.type.startswith("Switch") for stored in small.store.by_correlation(deployment.id)) == 1


def test_a_push_in_doubt_is_taken_in_too(small: NetworkService) -> None:
    planned = small.switch("sw1").expect(Planned)
    push(small, "sw1", "in doubt")
    with pytest.raises(InvalidTransition, match="'push started'"):
        planned.push_started()
    doubt = small.switch("sw1").expect(Configuring).push_in_doubt()
    assert doubt.status.outcome == "in doubt"
    with pytest.raises(InvalidTransition):
        doubt.push_not_applied()


def test_the_running_program_refuses_what_the_type_checker_does(small: NetworkService) -> None:
    planned = small.router("r1").expect(Planned)
    before = small.store.head()
    with pytest.raises(InvalidTransition, match="only provisioning started, commissioned, push started"):
        planned.configuration_applied()  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(InvalidTransition):
        planned.end_maintenance()  # type: ignore[misc]  # the same
    with pytest.raises(InvalidTransition, match="r1 is planned in lab, not active"):
        small.router("r1").expect(Active)
    assert small.store.head() == before


def test_a_handle_that_is_out_of_date_is_refused(small: NetworkService) -> None:
    one, other = small.router("r1").expect(Planned), small.router("r1").expect(Planned)
    one.start_provisioning()
    with pytest.raises(InvalidTransition, match="r1 is provisioning in lab, not planned"):
        other.start_provisioning()


def test_a_handle_is_of_the_devices_kind(small: NetworkService) -> None:
    with pytest.raises(DeviceNotFound, match="sw1 is a switch, not a router"):
        small.router("sw1")
    with pytest.raises(DeviceNotFound, match="r1 is a router, not a host"):
        small.host("r1")
    with pytest.raises(DeviceNotFound, match="there is no device 'x9'"):
        small.switch("x9")


def test_a_device_that_was_removed_has_no_life_to_go_on(small: NetworkService) -> None:
    planned = small.router("r1").expect(Planned)
    small.execute(c.RemoveDevice(device="r1"))
    with pytest.raises(DeviceNotFound):
        planned.start_provisioning()


# --- announcements ----------------------------------------------------------------------------------------------------


def test_what_is_announced_of_several_is_one_request_with_its_reason(small: NetworkService) -> None:
    small.announce(["sw1", "SW2"], Trigger.COMMISSIONED)
    standings = small.acting(reason="CHG-9").announce(["sw1", "sw2"], Trigger.MAINTENANCE_STARTED, until=TOMORROW)
    assert {key: item.status.reason for key, item in standings.items()} == {"sw1": "CHG-9", "sw2": "CHG-9"}
    started = list(small.store.read_all(types=["SwitchMaintenanceStarted"]))
    assert [stored.aggregate_id for stored in started] == ["lifecycle:lab:net/sw1", "lifecycle:lab:net/sw2"]
    (request,) = {stored.causation_id for stored in started}
    asked = small.store.find(request)
    assert asked is not None
    assert isinstance(asked.event, e.ChangeRequested)
    assert asked.event.arguments["what"] == "maintenance started"


def test_all_or_none_of_several_devices_is_announced(small: NetworkService) -> None:
    small.announce(["sw1"], Trigger.COMMISSIONED)
    before = small.store.head()
    with pytest.raises(InvalidTransition, match="sw2 is planned"):
        small.announce(["sw1", "sw2"], Trigger.MAINTENANCE_STARTED, until=TOMORROW)
    assert small.store.head() == before


def test_a_maintenance_ends_later_than_now(small: NetworkService) -> None:
    small.announce(["sw1"], Trigger.COMMISSIONED)
    with pytest.raises(InvalidInput, match="ends later than now"):
        small.announce(["sw1"], Trigger.MAINTENANCE_STARTED, until=NOW - timedelta(hours=1))


def test_nothing_is_announced_of_a_device_that_is_being_pushed_to(small: NetworkService) -> None:
    small.announce(["sw1"], Trigger.COMMISSIONED)
    with (
        small.store.lease(push_lease("lab", "net", "sw1"), "bob", seconds=60),
        pytest.raises(StoreError, match="bob"),
    ):
        small.announce(["sw1"], Trigger.DECOMMISSIONING_STARTED)


def test_of_many_who_announce_the_same_one_is_first_and_the_rest_are_refused(
    small: NetworkService, service_of: ServiceMaker
) -> None:
    def try_it(number: int) -> str:
        service = service_of(small.store, actor=f"person {number}")
        try:
            return service.router("r1").expect(Planned).start_provisioning().status.by
        except (InvalidTransition, StoreError):
            return ""

    with ThreadPoolExecutor(max_workers=8) as pool:
        winners = [name for name in pool.map(try_it, range(8)) if name]
    assert len(winners) == 1
    assert small.router("r1").expect(Provisioning).status.by == winners[0]


def test_what_changes_between_reading_and_recording_is_decided_again(small: NetworkService) -> None:
    looks = iter(range(100))

    def now() -> Standings:
        standings = small.lifecycle()
        if next(looks) == 0:
            # Somebody whose lease ran out, or who never had one.
            append_provisioning(small)
        return standings

    lives = replace(small.lives(), now=now)
    subject = small.router("r1").subject
    seen = []

    def decide(standing: Standing) -> e.LifecycleChanged:
        seen.append(standing.status.state)
        return decide_lifecycle(subject, standing.status, Trigger.COMMISSIONED)

    assert lives.record([subject], decide, what="commissioned")["r1"].status.state is S.ACTIVE
    assert seen == [S.PLANNED, S.PROVISIONING]


def append_provisioning(service: NetworkService) -> None:
    stream = lifecycle_stream("lab", "net", "r1")
    chain, request = open_request(service.actor, "lifecycle", {}, {})
    event = e.RouterProvisioningStarted(network="net", device="r1", environment="lab")
    service.store.append(Append(events=(request, chain.record(stream, event, cause=request.event_id))))


def test_each_environment_has_lives_of_its_own(small: NetworkService, service_of: ServiceMaker) -> None:
    small.announce(["r1"], Trigger.COMMISSIONED)
    real = service_of(small.store, environment="real")
    assert (state(small, "r1"), state(real, "r1")) == (S.ACTIVE, S.PLANNED)
    assert {host.name: host.facts["lifecycle"] for host in real.hosts()}["r1"] == "planned"


# --- the projection ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("save_after", [1, 10**6])
def test_rows_and_newer_events_are_the_same_as_all_events(
    small: NetworkService, service_of: ServiceMaker, save_after: int
) -> None:
    real = service_of(small.store, environment="real")
    for step in (
        lambda: push(small, "sw1", "applied"),
        lambda: push(small, "sw1", "rejected"),
        lambda: real.announce(["sw1", "r1"], Trigger.COMMISSIONED),
        lambda: small.announce(["sw1"], Trigger.MAINTENANCE_STARTED, until=TOMORROW),
        lambda: small.execute(c.RemoveDevice(device="sw2")),
    ):
        step()
        for environment in ("lab", "real"):
            kept = load_lifecycle(small.store, "net", environment, save_after=save_after)
            assert kept == load_lifecycle(small.store, "net", environment, until=small.store.head())
    assert (state(small, "sw1"), state(real, "sw1")) == (S.MAINTENANCE, S.ACTIVE)
    assert "sw2" not in small.lifecycle()


def test_lives_are_rebuilt_where_the_rows_were_dropped(small: NetworkService) -> None:
    push(small, "sw1", "applied")
    load_lifecycle(small.store, "net", "lab", save_after=1)
    before = small.lifecycle()
    assert small.store.load_rows(PROJECTION)
    small.store.drop_projection(PROJECTION)
    assert small.lifecycle() == before


def test_a_life_is_told_as_of_any_moment(small: NetworkService) -> None:
    planned = small.store.head()
    push(small, "sw1", "applied")
    assert small.lifecycle(planned)["sw1"].status.state is S.PLANNED
    assert {host.name: host.groups[-1] for host in small.hosts(planned)}["sw1"] == "lifecycle__planned"
    assert {host.name: host.groups[-1] for host in small.hosts()}["sw1"] == "lifecycle__active"


# --- plans and deployments --------------------------------------------------------------------------------------------


def test_devices_kept_out_are_those_nobody_named(small: NetworkService) -> None:
    small.announce(["sw1", "sw2"], Trigger.COMMISSIONED)
    small.announce(["sw1", "sw2"], Trigger.MAINTENANCE_STARTED, until=TOMORROW)
    standings = small.lifecycle()
    names = ("r1", "sw1", "sw2")
    assert [item.subject.name for item in kept_out(standings, names, named=("sw2", "group:any"))] == ["sw1"]
    assert kept_out(standings, ("r1",), named=()) == ()


def decommission(service: NetworkService, device: str) -> None:
    for trigger in (Trigger.COMMISSIONED, Trigger.DECOMMISSIONING_STARTED, Trigger.DECOMMISSIONED):
        service.announce([device], trigger)


def holds(service: NetworkService, device: str, *, planned: datetime) -> Deployment:
    plan = service.plan_of(plan_for(service, device, "hostname x")).model_copy(update={"created": planned})
    with service.deployment(plan) as deployment, deployment.holding(plan.devices[0]):
        return deployment


def test_nothing_is_pushed_to_a_decommissioned_device(small: NetworkService) -> None:
    decommission(small, "sw1")
    with pytest.raises(InvalidTransition, match="sw1 is decommissioned in lab: nothing is pushed to it"):
        refuse_decommissioned(small.lifecycle(), ("r1", "sw1"))
    refuse_decommissioned(small.lifecycle(), ("r1",))
    with pytest.raises(InvalidTransition, match="cimnet lifecycle provision sw1"):
        holds(small, "sw1", planned=datetime.now(UTC))


def test_a_plan_made_before_a_maintenance_is_not_carried_out_in_it(small: NetworkService) -> None:
    small.announce(["sw1"], Trigger.COMMISSIONED)
    before = datetime.now(UTC)
    small.announce(["sw1"], Trigger.MAINTENANCE_STARTED, until=TOMORROW)
    with pytest.raises(InvalidTransition, match="sw1 went into maintenance after the plan was made"):
        holds(small, "sw1", planned=before)
    assert holds(small, "sw1", planned=datetime.now(UTC)).refused == {}


def test_a_device_found_to_run_what_is_intended_is_in_service(small: NetworkService) -> None:
    push(small, "sw1", "rejected")
    plan = small.plan_of(plan_for(small, "sw1"), plan_for(small, "sw2", "hostname x"))
    assert small.commission(plan) == ("sw1",)
    assert (state(small, "sw1"), state(small, "sw2")) == (S.ACTIVE, S.PLANNED)
    assert small.commission(plan) == ()


def test_a_device_that_was_not_saved_waits_for_recovery(small: NetworkService) -> None:
    push(small, "sw1", "not saved")
    assert small.commission(small.plan_of(plan_for(small, "sw1"))) == ()
    assert state(small, "sw1") is S.FAILED


def test_what_was_seen_elsewhere_or_earlier_takes_nothing_into_service(small: NetworkService) -> None:
    early = small.plan_of(plan_for(small, "sw1")).model_copy(update={"created": datetime(2026, 1, 1, tzinfo=UTC)})
    assert small.commission(early) == ()
    elsewhere = small.plan_of(plan_for(small, "sw1")).model_copy(update={"environment": "real"})
    assert small.commission(elsewhere) == ()


def test_somebody_at_work_on_a_device_does_not_stop_the_rest(small: NetworkService) -> None:
    with small.store.lease(push_lease("lab", "net", "sw1"), "bob", seconds=60):
        assert small.commission(small.plan_of(plan_for(small, "sw1"))) == ()


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30min", timedelta(minutes=30)),
        ("90m", timedelta(minutes=90)),
        ("4h", timedelta(hours=4)),
        ("2 d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_a_window_may_be_told_by_its_length(text: str, expected: timedelta) -> None:
    assert until_from(text, NOW) == NOW + expected


def test_a_window_may_be_told_by_its_end() -> None:
    assert until_from("2026-11-24T02:00+01:00", NOW) == datetime(2026, 11, 24, 1, tzinfo=UTC)
    local = datetime(2026, 11, 24, 2).astimezone()
    assert until_from("2026-11-24T02:00", NOW) == local


@pytest.mark.parametrize("text", ["soon", "4", "", "999999w"])
def test_what_is_no_end_of_a_window_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(InvalidInput, match="write a time like"):
        until_from(text, NOW)


ACTIVE = LifecycleStatus(S.ACTIVE, NOW, "ann")


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(seconds=20), "window ended less than a minute ago"),
        (timedelta(minutes=119), "window ended 119 min ago"),
        (timedelta(hours=2, minutes=40), "window ended 2 h ago"),
        (timedelta(days=3, hours=1), "window ended 3 days ago"),
    ],
)
def test_a_window_that_has_run_out_shows(ago: timedelta, expected: str) -> None:
    over = e.MaintenanceWindow(start=NOW - ago - timedelta(hours=1), until=NOW - ago)
    status = replace(ACTIVE, state=S.MAINTENANCE, window=over)
    assert explain(status, NOW) == expected


def test_a_state_is_explained_by_its_window_reason_and_last_push() -> None:
    status = replace(ACTIVE, state=S.MAINTENANCE, window=window(), reason="CHG-1", outcome="differs", failure="x")
    until = f"{TOMORROW.astimezone():%Y-%m-%d %H:%M}"
    assert explain(status, NOW) == f"until {until}; CHG-1; last push differs: x"
    assert explain(replace(status, state=S.FAILED), NOW) == "differs: x"
    assert explain(ACTIVE, NOW) == ""


def test_what_is_left_out_is_told_in_one_line(small: NetworkService) -> None:
    decommission(small, "sw1")
    small.announce(["r1"], Trigger.COMMISSIONED)
    small.announce(["r1"], Trigger.MAINTENANCE_STARTED, until=TOMORROW)
    out = kept_out(small.lifecycle(), ("r1", "sw1", "sw2"), named=())
    until = f"{TOMORROW.astimezone():%Y-%m-%d %H:%M}"
    assert left_out_words(out, NOW) == f"r1 (maintenance, until {until}), sw1 (decommissioned)"


def test_every_announcement_has_a_word() -> None:
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_an_actor_of_another_clock_is_served_by_the_stores_time(
    store: EventStore, small_commands: tuple[c.Command, ...]
) -> None:
    late = Actor("ann", lambda: datetime(2020, 1, 1, tzinfo=UTC), uuid4)
    service = NetworkService(store, "net", actor=late)
    service.execute(*small_commands)
    assert service.router("r1").status.since >= NOW

"""A plan being carried out: what is durable when, and what happens when the store fails meanwhile.

The devices are simulated in memory: they take lines as the merge of the ios room does, which its own tests hold against
simulated IOS over SSH.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from cimnet_nornir.application.deploying import deploy
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.observations import DeviceFacts, Observed
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.ports import Progress, ReadResult
from cimnet_nornir.application.recovery import doubts, drain_spool
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.domain.features.access import User
from cimnet_nornir.errors import (
    ConfigurationError,
    DeviceError,
    DeviceUnreachable,
    InvalidInput,
    LeaseLost,
    SettingsError,
    StoreError,
    StoreUnavailable,
)
from cimnet_nornir.ios.merge import apply_lines
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import profile_for
from cimnet_nornir.ios.tree import parse_config, to_text
from cimnet_nornir.projections.deployments import carriers, load_deployments
from cimnet_nornir.store import EventStore, open_store

ServiceMaker = Callable[..., NetworkService]


class FailingStore:
    """A store whose medium fails when somebody appends an event of a type in `failing` ("blob" for blobs)."""

    def __init__(self, inner: EventStore) -> None:
        self.inner = inner
        self.failing: set[str] = set()

    def append(self, batch: Append) -> tuple[StoredEvent, ...]:
        self._check(batch)
        return self.inner.append(batch)

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        for batch in batches:
            self._check(batch)
        return self.inner.append_all(batches)

    def put_blob(self, data: bytes) -> str:
        if "blob" in self.failing:
            raise StoreUnavailable("disk full", subject=self.inner.url)
        return self.inner.put_blob(data)

    def _check(self, batch: Append) -> None:
        if any(record.type in self.failing for record in batch.events):
            raise StoreUnavailable("disk full", subject=self.inner.url)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@dataclass
class SimulatedDevices:
    """A DevicePort over devices in memory: they take lines as IOS does, and show what they run."""

    service: NetworkService
    running: dict[str, str] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    during: Callable[[DevicePlan], None] = lambda device: None
    sent: list[str] = field(default_factory=list)

    def read(
        self,
        devices: Sequence[str],
        *,
        progress: Progress | None = None,
        each: Callable[[str, str], None] | None = None,
    ) -> Mapping[str, ReadResult]:
        readings = {identity: self._read(identity) for identity in devices}
        for identity, reading in readings.items():
            if each is not None and isinstance(reading, str):
                each(identity, reading)
        return readings

    def collect(
        self, devices: Sequence[str], *, method: str = "netmiko", progress: Progress | None = None
    ) -> Mapping[str, Observed | DeviceError]:
        return {identity: self._observe(identity) for identity in devices}

    def _observe(self, identity: str) -> Observed | DeviceError:
        reading = self._read(identity)
        if isinstance(reading, DeviceError):
            return reading
        facts = DeviceFacts(hostname=reading.partition("hostname ")[2].partition("\n")[0])
        return Observed(device=identity, at=self.service.actor.clock(), facts=facts)

    def _read(self, identity: str) -> ReadResult:
        if identity in self.down:
            return DeviceUnreachable(f"{identity}: no route to host", subject=identity)
        return self.running.get(identity, f"hostname {identity}\n")

    def push(
        self, plan: Plan, deployment: Deployment, *, recheck: bool = True, progress: Progress | None = None
    ) -> None:
        for device in plan.changes:
            try:
                with deployment.holding(device):
                    self._push(device, deployment)
            except StoreError as error:
                deployment.record(PushOutcome(device, "not recorded", 0.0, error.message))

    def _push(self, device: DevicePlan, deployment: Deployment) -> None:
        deployment.push_started(device)
        self.during(device)
        self.sent.append(device.device)
        self.type(device.device, device.commands)
        if device.device in self.silent:
            return
        running = self.running[device.device]
        remaining = self.service.plan_from({device.device: running}).devices[0].commands
        outcome = "differs" if remaining else "applied"
        intended = self.service.planner().intended(device.device)
        told = PushOutcome(device, outcome, 0.1, running=running, intended=intended, remaining=remaining)
        deployment.record(replace(told, sent=device.commands))

    def type(self, identity: str, lines: Sequence[str]) -> None:
        """Lines in configuration mode, by whomever."""
        device = self.service.network().devices[identity]
        profile = profile_for(device.details.platform, routes=device.routes_packets, switches=device.switches)
        before = normalise(parse_config(str(self._read(identity))), profile)
        self.running[identity] = to_text(apply_lines(before, lines, profile))


@pytest.fixture(params=["memory", "sqlite"])
def failing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FailingStore]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/events.db"
    opened = open_store(url, e.EVENT_TYPES, roots=e.ROOT_TYPES)
    yield FailingStore(opened)
    opened.close()


@pytest.fixture
def service(failing: FailingStore, service_of: ServiceMaker, small_commands: tuple[c.Command, ...]) -> NetworkService:
    """The small network in a store that can fail."""
    made = service_of(cast("EventStore", failing))
    made.execute(*small_commands, command="declare")
    return made


@pytest.fixture
def devices(service: NetworkService) -> SimulatedDevices:
    return SimulatedDevices(service)


def types_of(events: Sequence[StoredEvent]) -> list[str]:
    return [event.type for event in events]


def test_a_plan_is_carried_out_and_told(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices, ["r1", "sw1"])
    assert [device.name for device in plan.changes] == ["r1", "sw1"]
    deployment = service.apply(plan, devices)
    assert {name: item.outcome for name, item in deployment.outcomes.items()} == {"sw1": "applied", "r1": "applied"}
    assert deployment.trouble == []
    events = service.store.by_correlation(deployment.id)
    assert types_of(events) == [
        "ChangeRequested",
        "DeploymentStarted",
        "PushStarted",
        "RouterConfigurationApplied",
        "PushStarted",
        "SwitchConfigurationApplied",
        "DeploymentFinished",
    ]
    assert not service.plan(devices, ["r1", "sw1"]).changes
    assert service.store.verify().ok


def test_each_event_of_a_deployment_names_its_cause(service: NetworkService, devices: SimulatedDevices) -> None:
    deployment = service.apply(service.plan(devices, ["sw1"]), devices)
    request, started, push, applied, finished = service.store.by_correlation(deployment.id)
    assert request.caused_itself
    assert [started.causation_id, push.causation_id, applied.causation_id, finished.causation_id] == [
        request.event_id,
        started.event_id,
        push.event_id,
        started.event_id,
    ]
    assert (applied.aggregate_id, applied.version) == (push.aggregate_id, 2)
    assert {event.actor for event in (request, push, finished)} == {"ann"}


def test_a_push_carries_the_events_of_intent_behind_its_lines(
    service: NetworkService, devices: SimulatedDevices
) -> None:
    created = next(service.store.read_all(types=["VlanCreated"]))
    service.apply(service.plan(devices, ["sw1"]), devices)
    (push,) = carriers(service.store, [created.event_id])[created.event_id]
    assert isinstance(push.event, e.PushStarted)
    assert ("vlan 10",) in {line.path for line in push.event.carries if created.event_id in line.events}


def test_what_was_read_back_is_kept(service: NetworkService, devices: SimulatedDevices) -> None:
    service.apply(service.plan(devices, ["sw1"]), devices)
    applied = next(service.store.read_all(types=["SwitchConfigurationApplied"]))
    assert isinstance(applied.event, e.SwitchConfigurationApplied)
    assert service.store.get_blob(applied.event.snapshot).decode() == devices.running["sw1"]
    started = next(service.store.read_all(types=["DeploymentStarted"]))
    assert isinstance(started.event, e.DeploymentStarted)
    assert service.store.get_blob(started.event.templates) == service.engine.archive


def test_the_start_is_durable_before_the_first_line(service: NetworkService, devices: SimulatedDevices) -> None:
    seen: list[str] = []
    devices.during = lambda device: seen.extend(types_of(tuple(service.store.read_all(types=["PushStarted"]))))
    service.apply(service.plan(devices, ["sw1"]), devices)
    assert seen == ["PushStarted"]


def test_nothing_is_sent_where_the_start_cannot_be_recorded(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore
) -> None:
    plan = service.plan(devices, ["sw1"])
    failing.failing = {"PushStarted"}
    deployment = service.apply(plan, devices)
    assert devices.sent == []
    outcome = deployment.outcomes["sw1"]
    assert (outcome.outcome, outcome.reason) == ("not recorded", "disk full")
    failed = service.store.by_correlation(deployment.id)[-2]
    assert types_of(service.store.by_correlation(deployment.id)) == [
        "ChangeRequested",
        "DeploymentStarted",
        "SwitchConfigurationFailed",
        "DeploymentFinished",
    ]
    assert failed.version == 1
    assert deployment.trouble == []


def test_push_started_raises_what_the_store_says(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore
) -> None:
    plan = service.plan(devices, ["sw1"])
    failing.failing = {"PushStarted"}
    with service.deployment(plan) as deployment, pytest.raises(StoreUnavailable, match="disk full"):
        deployment.push_started(plan.changes[0])


def test_no_deployment_opens_where_the_store_fails(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore
) -> None:
    plan = service.plan(devices)
    failing.failing = {"DeploymentStarted"}
    with pytest.raises(StoreUnavailable):
        service.apply(plan, devices)
    assert devices.sent == []
    assert not load_deployments(service.store)


def test_an_outcome_waits_in_the_spool_while_the_store_fails(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore
) -> None:
    plan = service.plan(devices, ["sw1"])
    failing.failing = {"SwitchConfigurationApplied", "DeploymentFinished"}
    deployment = service.apply(plan, devices)
    assert deployment.outcomes["sw1"].applied
    assert len(deployment.trouble) == 2
    assert all("run cimnet recover" in trouble and "disk full" in trouble for trouble in deployment.trouble)
    (doubt,) = doubts(service)
    assert doubt.device == "sw1"

    assert len(drain_spool(service).left) == 1
    failing.failing = set()
    report = drain_spool(service)
    assert (report.appended, report.complete) == (2, True)
    assert types_of(service.store.by_correlation(deployment.id))[-2:] == [
        "SwitchConfigurationApplied",
        "DeploymentFinished",
    ]
    assert not doubts(service)
    assert drain_spool(service).appended == 0
    assert service.store.verify().ok


def test_a_result_is_told_lost_only_where_store_and_spool_both_fail(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore, tmp_path: Path
) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    plan = service.plan(devices, ["sw1"])
    failing.failing = {"SwitchConfigurationApplied"}
    deployment = service.apply(plan, devices)
    (trouble,) = deployment.trouble
    assert "this result is lost" in trouble


def test_an_outcome_is_recorded_although_its_configuration_cannot_be_kept(
    service: NetworkService, devices: SimulatedDevices, failing: FailingStore
) -> None:
    plan = service.plan(devices, ["sw1"])

    def fail(device: DevicePlan) -> None:
        failing.failing = {"blob"}

    devices.during = fail
    deployment = service.apply(plan, devices)
    assert deployment.outcomes["sw1"].applied
    assert set(deployment.trouble) == {"a configuration of sw1 was not kept: disk full"}
    applied = next(service.store.read_all(types=["SwitchConfigurationApplied"]))
    assert isinstance(applied.event, e.SwitchConfigurationApplied)
    assert applied.event.snapshot == ""
    failing.failing = set()
    assert not service.plan(devices, ["sw1"]).changes


def test_a_push_that_nobody_reported_on_stays_in_doubt(service: NetworkService, devices: SimulatedDevices) -> None:
    devices.silent = {"sw1"}
    deployment = service.apply(service.plan(devices, ["r1", "sw1"]), devices)
    finished = service.store.by_correlation(deployment.id)[-1].event
    assert isinstance(finished, e.DeploymentFinished)
    assert finished.outcomes == {"sw1": "in doubt", "r1": "applied"}
    assert deployment.outcomes["sw1"].reason == "nothing was reported of the push"
    assert [doubt.device for doubt in doubts(service)] == ["sw1"]


def test_a_deployment_that_is_interrupted_is_finished_all_the_same(
    service: NetworkService, devices: SimulatedDevices
) -> None:
    def interrupt(device: DevicePlan) -> None:
        raise KeyboardInterrupt

    devices.during = interrupt
    plan = service.plan(devices, ["sw1"])
    with pytest.raises(KeyboardInterrupt):
        service.apply(plan, devices)
    (view,) = load_deployments(service.store).values()
    assert view.finished is not None
    assert view.pushes["sw1"].outcome == "in doubt"


def test_a_device_is_held_by_one_deployment_at_a_time(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices, ["sw1", "r1"])
    switch, router = (plan.device("sw1"), plan.device("r1"))
    assert switch is not None
    assert router is not None
    with service.deployment(plan) as one, service.deployment(plan) as other:
        with one.holding(switch):
            with pytest.raises(StoreError, match=r"push:lab:net/sw1 is held by ann on .* \(process \d+\)"):
                other.holding(switch).__enter__()
            with other.holding(router):
                one.renew_leases()
        with other.holding(switch):
            pass


def test_leases_are_renewed_while_a_push_takes_long(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices, ["sw1"])
    device = plan.changes[0]
    short = deploy(service.store, service.actor, plan, service.spool(), lease_seconds=0.3)
    with short as one, service.deployment(plan) as other, one.holding(device):
        threading.Event().wait(0.7)
        one.require_lease(device, 0.05)
        with pytest.raises(StoreError, match="is held by"), other.holding(device):
            pass


def test_nothing_is_sent_under_a_lease_that_was_lost(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices, ["sw1"])
    device = plan.changes[0]
    with service.deployment(plan) as one, service.deployment(plan) as other:
        one.lease_seconds = 0.01
        with one.holding(device):
            threading.Event().wait(0.05)
            with pytest.raises(StoreError, match="the lease of sw1 runs out"):
                one.require_lease(device, 0.1)
            with other.holding(device):
                with pytest.raises(LeaseLost):
                    one.push_started(device)
                other.require_lease(device, 30.0)
                other.push_started(device)
        one.renew_leases()
    assert [event.correlation_id for event in service.store.read_all(types=["PushStarted"])] == [other.id]


def test_results_of_many_threads_are_all_recorded(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices)
    names = [f"d{number}" for number in range(20)]
    with service.deployment(plan) as deployment:

        def push(name: str) -> None:
            device = plan.changes[0].model_copy(update={"device": name, "name": name})
            deployment.push_started(device)
            deployment.record(PushOutcome(device, "rejected", 0.1, "% Invalid input", line="x", answer="% Invalid"))

        threads = [threading.Thread(target=push, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    (view,) = load_deployments(service.store).values()
    assert {name: push.outcome for name, push in view.pushes.items()} == dict.fromkeys(names, "rejected")
    assert deployment.trouble == []


def test_a_failure_tells_what_was_refused(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices, ["r1"])
    device = plan.changes[0]
    with service.deployment(plan) as deployment:
        deployment.push_started(device)
        deployment.record(
            PushOutcome(
                device, "rejected", 0.25, "r1: % Bad mask", line="ip address 1", answer="% Bad mask", sent=("a",)
            )
        )
    failed = next(service.store.read_all(types=["RouterConfigurationFailed"])).event
    assert isinstance(failed, e.RouterConfigurationFailed)
    assert (failed.outcome, failed.line, failed.answer, failed.sent) == (
        "rejected",
        "ip address 1",
        "% Bad mask",
        ("a",),
    )
    assert failed.snapshot is None


@pytest.mark.parametrize("changes", [{"environment": "real"}, {"network": "other"}])
def test_a_plan_made_elsewhere_is_refused(
    service: NetworkService, devices: SimulatedDevices, changes: dict[str, str]
) -> None:
    plan = service.plan(devices).model_copy(update=changes)
    with pytest.raises(InvalidInput, match=r"the plan is for the (environment 'real'|network 'other'), and this is"):
        service.deployment(plan)
    assert not load_deployments(service.store)


def test_a_device_that_cannot_be_read_is_not_planned(service: NetworkService, devices: SimulatedDevices) -> None:
    devices.down = {"r1"}
    plan = service.plan(devices)
    assert [(unread.name, unread.outcome) for unread in plan.unread] == [("r1", "unreachable")]
    assert "r1" not in {device.name for device in plan.devices}


def test_a_service_without_a_folder_deploys_nothing(service: NetworkService, devices: SimulatedDevices) -> None:
    plan = service.plan(devices)
    homeless = NetworkService(service.store, "net", engine=service.engine, actor=service.actor)
    with pytest.raises(SettingsError, match="without a folder"):
        homeless.deployment(plan)


def test_nothing_begins_where_a_secret_is_not_there(service: NetworkService) -> None:
    service.execute(c.ConfigureFeature(device="sw1", setting=User(name="ana", secret="env:CIMNET_NO_SUCH_SECRET")))
    plan = service.plan_from({host.device: f"hostname {host.name}\n" for host in service.hosts()})
    before = len(list(service.store.read_all()))
    with pytest.raises(ConfigurationError, match="there is no secret at env:CIMNET_NO_SUCH_SECRET"):
        service.deployment(plan)
    assert len(list(service.store.read_all())) == before

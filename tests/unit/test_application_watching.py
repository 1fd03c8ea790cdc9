"""What somebody sees who keeps looking: the same whether it came at once or bit by bit, and nothing of others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.deploying import deploy
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.watching import Watching
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import NotFound
from cimnet_nornir.store.following import Batch
from tests.unit.test_application_deployment import SimulatedDevices

ServiceMaker = Callable[..., NetworkService]


def news(watching: Watching, service: NetworkService) -> None:
    """Hand over what was appended since the last time."""
    after, head = watching.position, service.store.head()
    watching.take_in(Batch(head, tuple(service.store.read_all(after=after, until=head))))


def plan_of(service: NetworkService, *names: str) -> Plan:
    return service.plan(SimulatedDevices(service), names)


@contextmanager
def deploying(service: NetworkService, *names: str) -> Iterator[Deployment]:
    plan = plan_of(service, *names)
    with deploy(service.store, service.actor, plan, service.spool()) as deployment:
        yield deployment


def stages(watching: Watching) -> list[dict[str, str]]:
    return [
        {device.device: device.stage for device in item.progress.devices.values()}
        for item in watching.look().deployments
    ]


def test_a_deployment_is_seen_from_its_start_to_its_end(small: NetworkService) -> None:
    watching = Watching(small)
    assert watching.look().deployments == ()
    with deploying(small, "r1", "sw1") as deployment:
        r1, sw1 = deployment.plan.changes
        news(watching, small)
        assert stages(watching) == [{"r1": "waiting", "sw1": "waiting"}]
        deployment.push_started(r1)
        news(watching, small)
        assert stages(watching) == [{"r1": "pushing", "sw1": "waiting"}]
        deployment.record(PushOutcome(r1, "applied", 0.5, running="", intended=""))
        deployment.push_started(sw1)
        deployment.record(PushOutcome(sw1, "rejected", 0.5, reason="invalid input"))
        news(watching, small)
        (running,) = watching.look().deployments
        assert running.running
        assert running.progress.done == 2
        assert running.progress.devices["sw1"].reason == "invalid input"
    news(watching, small)
    (ended,) = watching.look().deployments
    assert not ended.running
    assert not ended.broken
    assert stages(watching) == [{"r1": "applied", "sw1": "rejected"}]


def test_whoever_begins_to_look_later_sees_the_same(small: NetworkService) -> None:
    early = Watching(small)
    with deploying(small, "r1", "sw1") as deployment:
        deployment.push_started(deployment.plan.changes[0])
        news(early, small)
        late = Watching(small)
        assert late.look().deployments == early.look().deployments
        assert late.events == early.events
        assert late.position == early.position


def test_a_deployment_that_nobody_carries_on_is_broken_off(small: NetworkService) -> None:
    with deploying(small, "sw1") as deployment:
        deployment.push_started(deployment.plan.changes[0])
        now = datetime.now(UTC)
        small.actor = Actor("ann", lambda: now, uuid4)
        watching = Watching(small)
        assert [item.running for item in watching.look().deployments] == [True]
        # Longer than any lease: whoever had it is gone.
        now += timedelta(minutes=10)
        (seen,) = watching.look().deployments
        assert seen.broken
        assert not seen.running
        small.actor = Actor("ann", lambda: datetime.now(UTC), uuid4)
        deployment.record(PushOutcome(deployment.plan.changes[0], "applied", 0.5, running="", intended=""))


def test_a_device_in_hand_keeps_its_deployment_running_however_long_it_takes(small: NetworkService) -> None:
    with deploying(small, "sw1") as deployment, deployment.holding(deployment.plan.changes[0]):
        deployment.push_started(deployment.plan.changes[0])
        later = datetime.now(UTC) + timedelta(minutes=10)
        small.actor = Actor("ann", lambda: later, uuid4)
        assert [item.broken for item in Watching(small).look().deployments] == [False]


def test_what_ended_is_out_of_sight_after_a_while(small: NetworkService) -> None:
    with deploying(small, "sw1"):
        pass
    watching = Watching(small)
    assert len(watching.look().deployments) == 1
    later = datetime.now(UTC) + timedelta(minutes=11)
    small.actor = Actor("ann", lambda: later, uuid4)
    assert watching.look().deployments == ()


def test_no_more_events_are_kept_than_were_asked_for(small: NetworkService) -> None:
    every = list(small.store.read_all())
    watching = Watching(small, first=3)
    assert list(watching.events) == every[-3:]
    small.execute(c.CreateVlan(device="sw1", vlan=30, name="printers"))
    news(watching, small)
    assert [stored.type for stored in watching.events][1:] == ["ChangeRequested", "VlanCreated"]
    assert Watching(small, first=0).events == ()


def test_with_a_limit_only_what_concerns_its_devices_is_seen(small: NetworkService) -> None:
    watching = Watching(small, limits=("group:site__hq,!r1",), first=50)
    assert [status.name for status in watching.look().devices] == ["sw1"]
    assert {stored.aggregate_id for stored in watching.events} == {"device:net/sw1"}
    small.execute(c.CreateVlan(device="sw2", vlan=30, name="printers"))
    news(watching, small)
    assert {stored.aggregate_id for stored in watching.events} == {"device:net/sw1"}
    with deploying(small, "sw2"):
        news(watching, small)
        assert watching.look().deployments == ()
    with deploying(small, "sw1"):
        news(watching, small)
        assert stages(watching) == [{"sw1": "waiting"}]
    assert watching.events[-1].type == "DeploymentStarted"


def test_a_limit_that_lets_nobody_pass_is_refused(small: NetworkService) -> None:
    with pytest.raises(NotFound, match="no host or group fits"):
        Watching(small, limits=("nobody",))


def test_other_networks_and_environments_in_the_store_are_not_seen(
    small: NetworkService, service_of: ServiceMaker
) -> None:
    other = service_of(small.store, network="other")
    details = DeviceDetails(vendor="cisco", platform="ios", role="core", site="x")
    other.execute(c.CreateNetwork(name="other"), c.AddRouter(device="o1", name="o1", details=details, ports=()))
    real = service_of(small.store, environment="real")
    with deploying(real, "sw1"):
        watching = Watching(small, first=50)
        assert watching.look().deployments == ()
    news(watching, small)
    seen = {stored.aggregate_id.partition("/")[0] for stored in watching.events}
    assert {stream for stream in seen if not stream.startswith("request:")} == {"network:net", "device:net"}
    assert "o1" not in watching.names


def test_a_device_that_comes_or_is_renamed_is_known_by_its_name(small: NetworkService) -> None:
    watching = Watching(small)
    small.execute(c.RenameDevice(device="sw1", name="access-1"))
    news(watching, small)
    assert watching.names["sw1"] == "access-1"
    assert "access-1" in [status.name for status in watching.look().devices]


def test_the_worst_is_on_top(small: NetworkService) -> None:
    small.execute(c.CreateVlan(device="sw2", vlan=30, name="printers"))
    with deploying(small, "sw2") as deployment:
        deployment.push_started(deployment.plan.changes[0])
        assert [status.name for status in Watching(small).look().devices] == ["sw2", "r1", "sw1"]


def test_a_store_without_a_network_shows_nothing(service: NetworkService) -> None:
    watching = Watching(service)
    view = watching.look()
    assert (view.devices, view.deployments, view.events, view.position) == ((), (), (), 0)


def test_what_is_appended_comes_to_whoever_follows(small: NetworkService) -> None:
    watching = Watching(small, first=1)
    coming = watching.follow()
    assert next(coming).position == small.store.head()
    small.execute(c.CreateVlan(device="sw1", vlan=30, name="printers"))
    assert [next(coming).type, next(coming).type] == ["ChangeRequested", "VlanCreated"]
    coming.close()  # type: ignore[attr-defined]  # a generator: its watch of the store ends


def test_news_come_from_a_thread_that_ends_with_the_block(small: NetworkService) -> None:
    watching = Watching(small)
    with watching.news() as found:
        small.execute(c.CreateVlan(device="sw1", vlan=30, name="printers"))
        until = datetime.now(UTC) + timedelta(seconds=30)
        batches: tuple[Batch, ...] = ()
        while not batches and datetime.now(UTC) < until:
            batches = found.take()
    assert [stored.type for batch in batches for stored in batch.events] == ["ChangeRequested", "VlanCreated"]

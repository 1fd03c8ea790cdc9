"""Which devices wait for an intent that is newer than what was applied to them."""

from collections.abc import Callable, Mapping

import pytest

from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.lifecycle import Trigger
from cimnet_nornir.domain.values import AccessMode, PortConfiguration

ServiceMaker = Callable[..., NetworkService]
DESK = c.ConfigurePort(
    device="sw1",
    port="GigabitEthernet0/2",
    configuration=PortConfiguration(switching=AccessMode(vlan=10), description="second desk"),
)
KEY = c.PinHostKey(device="sw1", environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:A")


def deploy(service: NetworkService, devices: Mapping[str, str], outcome: str = "applied") -> None:
    plan = service.plan_from(devices)
    with service.deployment(plan) as deployment:
        for device in plan.changes:
            deployment.push_started(device)
            (running,) = service.render([device.device]).values()
            deployment.record(PushOutcome(device, outcome, 0.1, "as the test says", running=running))


def waiting(service: NetworkService, at: int | None = None) -> set[str]:
    return {name for name, status in device_statuses(service, at).items() if status.pending}


@pytest.fixture
def applied(small: NetworkService) -> NetworkService:
    deploy(small, dict.fromkeys(("sw1", "sw2", "r1"), "hostname new\n"))
    return small


def test_what_was_never_applied_waits_and_then_no_more(small: NetworkService) -> None:
    assert waiting(small) == {"sw1", "sw2", "r1"}
    deploy(small, {"sw1": "hostname new\n"})
    assert waiting(small) == {"sw2", "r1"}


def test_a_device_waits_from_its_change_until_it_is_applied(applied: NetworkService) -> None:
    assert waiting(applied) == set()
    before = applied.store.head()
    applied.execute(DESK)
    changed = applied.store.head()
    assert waiting(applied) == {"sw1"}
    (running,) = applied.render(["sw1"], before).values()
    deploy(applied, {"sw1": running})
    assert waiting(applied) == set()
    assert (waiting(applied, before), waiting(applied, changed)) == (set(), {"sw1"})


def test_a_push_that_failed_leaves_it_waiting(applied: NetworkService) -> None:
    applied.execute(DESK)
    deploy(applied, {"sw1": "hostname sw1\n"}, outcome="rejected")
    assert waiting(applied) == {"sw1"}


def test_what_does_not_show_in_the_configuration_does_not_wait(applied: NetworkService) -> None:
    applied.execute(KEY)
    assert waiting(applied) == set()
    applied.execute(DESK)
    applied.execute(c.ResetPort(device="sw1", port="GigabitEthernet0/2"))
    assert waiting(applied) == set()


def test_a_device_that_was_taken_into_service_as_it_is_waits_from_the_next_change(small: NetworkService) -> None:
    small.announce(["sw1"], Trigger.COMMISSIONED)
    assert waiting(small) == {"sw2", "r1"}
    small.execute(DESK)
    assert waiting(small) == {"sw1", "sw2", "r1"}


def test_what_was_applied_in_one_environment_waits_in_the_other(
    applied: NetworkService, service_of: ServiceMaker
) -> None:
    assert waiting(service_of(applied.store, environment="real")) == {"sw1", "sw2", "r1"}


def test_a_server_that_nothing_is_deployed_to_waits_for_nothing(applied: NetworkService) -> None:
    applied.execute(
        c.AddHost(device="srv1", name="srv1", details=DeviceDetails(vendor="nixos", platform="nixos"), ports=("eno1",))
    )
    assert waiting(applied) == set()


def test_without_an_engine_whatever_changed_waits(applied: NetworkService) -> None:
    bare = NetworkService(applied.store, "net", actor=applied.actor)
    assert waiting(bare) == set()
    applied.execute(KEY)
    assert waiting(bare) == {"sw1"}

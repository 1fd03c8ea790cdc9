"""Deployments to hosts in memory, as the use cases make them: planned, built, armed, activated, kept or taken back."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.state import GlobalState
from nornir.plugins.runners import ThreadedRunner

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.blaming import blame_lines
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.drift import find_drift
from cimnet_nornir.application.host_site import HostSite
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.recovery import doubts
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.settling import Policy, Settled
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.lifecycle import LifecycleState
from cimnet_nornir.domain.values import Endpoint
from cimnet_nornir.errors import DeviceUnreachable, SettingsError
from cimnet_nornir.inventory.builder import build_inventory
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.store import EventStore
from cimnet_nornir.tasks.port import NornirDevices
from tests.unit.memory_hosts import MemoryHost, MemoryHosts

NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
LOCK = b'{"nodes": {"nixpkgs": {"locked": {"rev": "0a"}}, "root": {"inputs": {"nixpkgs": "nixpkgs"}}}, "root": "root"}'
SWITCH_PORT = "GigabitEthernet0/2"


@pytest.fixture
def hosts() -> MemoryHosts:
    return MemoryHosts("srv1")


@pytest.fixture
def srv1(hosts: MemoryHosts) -> MemoryHost:
    return hosts.hosts["srv1"]


@pytest.fixture
def served(
    store: EventStore, engine: IosEngine, tmp_path: Path, hosts: MemoryHosts, small_commands: tuple[c.Command, ...]
) -> NetworkService:
    """The small network with two servers on sw1, of which srv1 is deployed to, and a container network on it."""
    service = NetworkService(
        store,
        "net",
        engine=engine,
        actor=Actor("ann", lambda: datetime.now(UTC), uuid4, "CHG-7"),
        folder=tmp_path,
        host_generator=NixGenerator(),
        hosts=hosts,
    )
    service.execute(
        *small_commands,
        *(c.AddHost(device=name, name=name, details=NIXOS, ports=("eno1",)) for name in ("srv1", "srv2")),
        c.ConnectLink(a=Endpoint(device="srv1", port="eno1"), b=Endpoint(device="sw1", port=SWITCH_PORT)),
    )
    service.create_container_network("web", subnet="10.10.0.0/24", vlan=10, hosts=["srv1"])
    return service


@pytest.fixture
def devices(served: NetworkService, tmp_path: Path) -> Iterator[NornirDevices]:
    inventory = build_inventory(
        served, at=None, endpoints={}, known_hosts=tmp_path / "known_hosts", timeouts=Timeouts(connect=0.5)
    )
    nornir = Nornir(inventory=inventory, runner=ThreadedRunner(num_workers=2), config=Config(), data=GlobalState())
    found = NornirDevices(nornir)
    yield found
    found.close()


Apply = Callable[..., Deployment]


@pytest.fixture
def apply(served: NetworkService, devices: NornirDevices) -> Apply:
    def carry_out(**options: object) -> Deployment:
        plan = served.plan(devices, ["srv1"])
        return served.apply(plan, devices, options=PushOptions(**options), recheck=False, accept_errors=True)  # type: ignore[arg-type] # as given

    return carry_out


def outcome(deployment: Deployment) -> PushOutcome:
    return deployment.outcomes["srv1"]


def told(served: NetworkService) -> list[str]:
    """What the last deployment recorded of the host, steps by their names."""
    stream = next(each.aggregate_id for each in served.store.read_all(types=["PushStarted"], newest_first=True))
    events = [stored.event for stored in served.store.read_stream(stream)]
    return [event.step if isinstance(event, e.HostDeploymentAdvanced) else event.type_name() for event in events]


def deployed(served: NetworkService) -> e.ConfigurationDeployed:
    event = next(iter(served.store.read_all(types=["ConfigurationDeployed"], newest_first=True))).event
    assert isinstance(event, e.ConfigurationDeployed)
    return event


def settle(served: NetworkService, devices: NornirDevices, policy: Policy = "") -> Settled:
    (settled,) = devices.settle(doubts(served), policy=policy)
    return settled


# --- planned ----------------------------------------------------------------------------------------------------------


def test_a_managed_host_is_planned_beside_the_devices(served: NetworkService, devices: NornirDevices) -> None:
    plan = served.plan(devices)
    assert [device.name for device in plan.devices] == ["srv1"]
    assert {unread.name for unread in plan.unread} == {"r1", "sw1", "sw2"}, "no lab is up"
    (host,) = plan.devices
    assert (host.kind, host.timer, host.changed) == ("host", True, True)
    assert any("br-vlan10" in line for line in host.commands)


def test_a_host_that_nothing_is_deployed_to_is_left_out(served: NetworkService) -> None:
    assert [device.name for device in served.devices()] == ["r1", "srv1", "sw1", "sw2"]
    assert "srv2" not in served.render()


def test_the_lines_of_a_module_lead_to_the_events_behind_them(served: NetworkService, devices: NornirDevices) -> None:
    plan = served.plan(devices, ["srv1"])
    (host,) = plan.devices
    events = {line.path[-1]: line.events for line in host.carries}
    bridge = next(found for path, found in events.items() if "br-vlan10" in path)
    stored = served.store.find(bridge[0])
    assert stored is not None
    assert stored.type == "ContainerNetworkCreated"
    (line,) = blame_lines(served, "srv1", text="Id = 10")[-1:]
    assert line.origin is not None
    assert line.origin.type == "ContainerNetworkCreated"


def test_a_line_that_goes_leads_to_the_event_that_took_it_away(
    served: NetworkService, devices: NornirDevices, apply: Apply
) -> None:
    apply()
    served.remove_container_network("web")
    (host,) = served.plan(devices, ["srv1"]).devices
    gone = {served.store.find(event).type for line in host.carries for event in line.events}  # type: ignore[union-attr] # it is there
    assert "ContainerNetworkRemoved" in gone


# --- applied ----------------------------------------------------------------------------------------------------------


def test_a_host_is_built_armed_activated_looked_at_confirmed_and_kept(
    served: NetworkService, devices: NornirDevices, apply: Apply, srv1: MemoryHost
) -> None:
    found = outcome(apply())
    assert (found.outcome, found.saved, found.confirmed, found.generation) == ("applied", True, True, 2)
    assert told(served) == [
        "PushStarted",
        "built",
        "armed",
        "activated",
        "confirmed",
        "kept",
        "HostConfigurationApplied",
        "ConfigurationDeployed",
    ]
    assert [step for step in srv1.does if step != "look"] == ["build", "arm", "activate", "confirm", "keep"]
    assert srv1.module == served.render(["srv1"])["srv1"]
    event = deployed(served)
    assert (event.result, event.generation, event.method) == ("activated", 2, "nixos-rebuild")
    assert event.target == srv1.target
    assert served.lifecycle()["srv1"].status.state is LifecycleState.ACTIVE
    assert not served.plan(devices, ["srv1"]).changes


def test_every_step_names_the_start_as_its_cause(served: NetworkService, apply: Apply) -> None:
    apply()
    started = next(iter(served.store.read_all(types=["PushStarted"])))
    caused = served.store.by_causation(started.event_id)
    assert {stored.type for stored in caused} == {
        "HostDeploymentAdvanced",
        "HostConfigurationApplied",
        "ConfigurationDeployed",
    }
    assert isinstance(started.event, e.PushStarted)
    assert (started.event.protection, started.event.minutes) == ("revert timer", 5)


def test_a_system_that_does_not_build_leaves_the_host_as_it_was(
    served: NetworkService, apply: Apply, srv1: MemoryHost
) -> None:
    apply()
    served.create_container_network("other", subnet="10.11.0.0/24", hosts=["srv1"])
    srv1.broken["build"] = "refused"
    before = srv1.module
    found = outcome(apply())
    assert (found.outcome, found.sent, found.answer) == ("rejected", (), "disk full")
    assert srv1.module == before
    assert told(served) == ["PushStarted", "HostConfigurationFailed", "ConfigurationDeployed"]
    assert deployed(served).result == "failed"
    assert served.lifecycle()["srv1"].status.state is LifecycleState.ACTIVE


def test_an_activation_that_fails_is_taken_back_at_once(served: NetworkService, apply: Apply, srv1: MemoryHost) -> None:
    srv1.broken["activate"] = "refused"
    found = outcome(apply())
    assert (found.outcome, found.reverted) == ("rejected", "revert timer")
    assert told(served)[-3:] == ["reverted", "HostConfigurationFailed", "ConfigurationDeployed"]
    assert deployed(served).result == "rolled back"
    assert (srv1.module, srv1.backup) == ("", None)


def test_a_unit_that_fails_since_takes_the_change_back(served: NetworkService, apply: Apply, srv1: MemoryHost) -> None:
    srv1.broken["activated"] = "failed unit"
    found = outcome(apply())
    assert (found.outcome, found.reverted) == ("check failed", "revert timer")
    assert "nginx.service" in found.reason
    assert srv1.module == ""


def test_a_unit_that_had_failed_before_is_nobodys_fault(apply: Apply, srv1: MemoryHost) -> None:
    srv1.failed = ("old.service",)
    assert outcome(apply()).applied


@pytest.mark.parametrize(("how", "expected"), [("not armed", "not armed"), ("busy", "busy")])
def test_a_host_whose_timer_does_not_run_is_left_as_it_is(
    served: NetworkService, apply: Apply, srv1: MemoryHost, how: str, expected: str
) -> None:
    srv1.broken["arm"] = how
    found = outcome(apply())
    assert (found.outcome, found.sent) == (expected, ())
    assert "activate" not in srv1.does
    assert not doubts(served)


def test_a_host_that_waits_for_another_deployment_is_busy(apply: Apply, srv1: MemoryHost) -> None:
    srv1.backup = "", "/nix/store/old"
    found = outcome(apply())
    assert found.outcome == "busy"
    assert "cimnet recover settles that" in found.reason
    assert "build" not in srv1.does


def test_a_host_that_has_changed_since_the_plan_is_left_alone(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    plan = served.plan(devices, ["srv1"])
    srv1.module = "{ ... }: { }\n"
    found = outcome(served.apply(plan, devices, accept_errors=True))
    assert found.outcome == "stale"
    assert "has changed since the plan" in found.reason
    assert not list(served.store.read_all(types=["PushStarted"]))


def test_a_plan_of_an_older_intent_is_left_alone(served: NetworkService, devices: NornirDevices) -> None:
    plan = served.plan(devices, ["srv1"])
    served.create_container_network("other", subnet="10.11.0.0/24", hosts=["srv1"])
    assert outcome(served.apply(plan, devices, accept_errors=True)).outcome == "stale"


def test_a_host_that_cannot_be_reached_is_not_read(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    srv1.broken["session"] = "gone"
    (unread,) = served.plan(devices, ["srv1"]).unread
    assert (unread.kind, unread.outcome) == ("host", "unreachable")


def test_what_cannot_be_kept_runs_and_is_kept_by_recover(
    served: NetworkService, devices: NornirDevices, apply: Apply, srv1: MemoryHost
) -> None:
    srv1.broken["keep"] = "refused"
    assert outcome(apply()).outcome == "not saved"
    assert "ConfigurationDeployed" not in told(served)
    srv1.broken.clear()
    settled = settle(served, devices)
    assert (settled.outcome, settled.action) == ("applied", "keep")
    assert told(served)[-3:] == ["kept", "PushSettled", "ConfigurationDeployed"]
    assert (deployed(served).result, deployed(served).generation) == ("activated", 2)


# --- in doubt ---------------------------------------------------------------------------------------------------------


def test_a_host_that_does_not_come_back_goes_back_by_itself_and_recover_says_so(
    served: NetworkService, devices: NornirDevices, apply: Apply, srv1: MemoryHost
) -> None:
    srv1.broken["activated"] = "gone"
    found = outcome(apply())
    assert found.outcome == "in doubt"
    assert "unless it is confirmed, srv1 goes back to what it ran within 5 min" in found.reason
    assert settle(served, devices).outcome is None, "it cannot be reached yet"
    srv1.run_out()
    settled = settle(served, devices)
    assert (settled.outcome, settled.action) == ("not applied", None)
    assert told(served)[-2:] == ["PushSettled", "ConfigurationDeployed"]
    assert deployed(served).result == "rolled back"
    assert not doubts(served)


def killed(served: NetworkService, devices: NornirDevices, srv1: MemoryHost, *, activated: bool = True) -> None:
    """A deployment whose process dies after the host was armed, or after what was built runs."""
    plan = served.plan(devices, ["srv1"])
    (host,) = plan.changes
    with served.deployment(plan, accept_errors=True) as deployment:
        deployment.push_started(host, srv1.module, guard="revert timer")
        srv1.build(served.host_flake())
        srv1.arm(5)
        if activated:
            srv1.activate()


def test_what_was_activated_and_not_confirmed_is_kept_by_recover(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    killed(served, devices, srv1)
    assert settle(served, devices).action == "keep"
    assert srv1.backup is None
    assert told(served)[-4:] == ["confirmed", "kept", "PushSettled", "ConfigurationDeployed"]


@pytest.fixture
def site(served: NetworkService) -> dict[str, bytes]:
    """What the project adds to its hosts; more can be put there."""
    files: dict[str, bytes] = {}
    served._site = lambda: HostSite(dict(files))
    return files


def test_files_that_changed_while_a_push_was_in_doubt_are_not_taken_for_what_was_pushed(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, site: dict[str, bytes]
) -> None:
    site["site/common.nix"] = b"{ }"
    killed(served, devices, srv1)
    site["site/common.nix"] = b"{ ... }: { }"
    assert (settle(served, devices).outcome, srv1.backup) == ("applied", None)
    (host,) = served.plan(devices, ["srv1"]).changes
    assert [line[:9] for line in host.commands] == ["- # site:", "+ # site:"]


def test_what_was_built_from_other_files_is_not_built_again_from_these(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, site: dict[str, bytes], apply: Apply
) -> None:
    site["site/common.nix"] = b"{ }"
    apply()
    served.create_container_network("other", subnet="10.11.0.0/24", hosts=["srv1"])
    killed(served, devices, srv1)
    srv1.confirm()
    site["site/common.nix"] = b"{ ... }: { }"
    settled = settle(served, devices, "revert")
    assert settled.outcome is None
    assert "is not what it was then" in settled.reason
    del site["site/common.nix"]
    site["site/common.nix"] = b"{ }"
    assert settle(served, devices, "revert").outcome == "not applied"


def test_files_that_change_after_a_host_was_brought_them_do_not_take_the_change_back(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, site: dict[str, bytes], apply: Apply
) -> None:
    brought, build = [], srv1.build

    def edited(flake: Mapping[str, bytes]) -> str:
        brought.append(flake["hosts/srv1.nix"].decode())
        site["site/srv1.nix"] = b"{ }"
        return build(flake)

    srv1.build = edited  # type: ignore[method-assign] # somebody edits while it builds
    assert outcome(apply()).applied
    assert [srv1.module] == brought
    assert served.plan(devices, ["srv1"]).changes


def test_a_real_host_is_not_deployed_to_from_whichever_nixpkgs_there_is(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, site: dict[str, bytes], apply: Apply
) -> None:
    served.environment = "real"
    with pytest.raises(SettingsError, match=r"in nix/ there is no flake\.lock"):
        apply()
    assert srv1.does == ["look"], "it was planned"
    assert not list(served.store.read_all(types=["DeploymentStarted"]))
    site["flake.lock"] = LOCK
    assert outcome(apply()).applied


def test_what_was_armed_and_not_activated_waits_for_nothing_any_more(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, apply: Apply
) -> None:
    killed(served, devices, srv1, activated=False)
    assert settle(served, devices).outcome == "not applied"
    assert srv1.backup is None
    assert outcome(apply()).applied


def test_recover_reverts_where_that_is_asked_for(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    killed(served, devices, srv1)
    settled = settle(served, devices, "revert")
    assert (settled.outcome, settled.action) == ("not applied", "revert")
    assert "reverted" in told(served)
    assert srv1.module == ""


def test_recover_reverts_a_host_that_was_confirmed_by_building_what_it_ran(
    served: NetworkService, devices: NornirDevices, apply: Apply, srv1: MemoryHost
) -> None:
    apply()
    before = srv1.module
    served.create_container_network("other", subnet="10.11.0.0/24", hosts=["srv1"])
    killed(served, devices, srv1)
    srv1.confirm()
    settled = settle(served, devices, "revert")
    assert settled.outcome == "not applied"
    assert srv1.module == before
    assert srv1.backup is None


def test_recover_finishes_what_the_timer_took_back_where_that_is_asked_for(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    killed(served, devices, srv1)
    srv1.run_out()
    settled = settle(served, devices, "finish")
    assert (settled.outcome, settled.action) == ("applied", "finish")
    assert srv1.module == served.render(["srv1"])["srv1"]


def test_a_host_that_runs_something_else_is_never_half_way(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost
) -> None:
    killed(served, devices, srv1)
    srv1.module = srv1.module.replace("enable = true", "enable = false", 1)
    settled = settle(served, devices)
    assert (settled.found, settled.outcome) == ("something else", None)


# --- transactions -----------------------------------------------------------------------------------------------------


def test_a_transaction_is_kept_on_the_host_as_well(served: NetworkService, apply: Apply) -> None:
    assert outcome(apply(transaction=True)).applied
    assert told(served)[-5:-2] == ["activated", "confirmed", "kept"]


def test_a_host_whose_timer_was_faster_than_the_decision_is_in_doubt(
    served: NetworkService, devices: NornirDevices, srv1: MemoryHost, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = Deployment.decided

    def slowly(self: Deployment, *words: object, **more: object) -> None:
        srv1.run_out()
        decided(self, *words, **more)  # type: ignore[arg-type] # as given

    monkeypatch.setattr(Deployment, "decided", slowly)
    assert outcome(apply(transaction=True)).outcome == "in doubt"
    assert settle(served, devices).action == "finish", "what was decided is carried out"


# --- looked at --------------------------------------------------------------------------------------------------------


def test_a_host_that_was_changed_by_hand_has_drifted(
    served: NetworkService, devices: NornirDevices, apply: Apply, srv1: MemoryHost
) -> None:
    apply()
    served.create_container_network("other", subnet="10.11.0.0/24", hosts=["srv1"])
    report = find_drift(served, devices.read(["srv1"]))
    assert [(item.drifted, item.pending > 0) for item in report.devices] == [(0, True)], "intent that waits is no drift"
    srv1.module = srv1.module.replace("enable = true", "enable = false", 1)
    report = find_drift(served, devices.read(["srv1"]))
    assert [item.drifted for item in report.devices] == [2]


def test_an_unforeseen_error_before_the_start_sends_nothing(
    served: NetworkService, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(NetworkService, "host_flake", lambda self, at=None: break_down(self))
    found = outcome(apply())
    assert (found.outcome, found.reason) == ("failed", "nothing was sent: OSError: no space left")


def test_a_host_that_breaks_off_while_it_builds_runs_what_it_ran(
    served: NetworkService, apply: Apply, srv1: MemoryHost
) -> None:
    srv1.broken["build"] = "gone"
    found = outcome(apply())
    assert found.outcome == "unreachable"
    assert "nothing was activated" in found.reason
    assert not doubts(served)


def test_a_session_is_tried_again_for_a_while(served: NetworkService, devices: NornirDevices, srv1: MemoryHost) -> None:
    began = time.monotonic()
    srv1.broken["look"] = "gone"
    (reading,) = devices.read(["srv1"]).values()
    assert isinstance(reading, DeviceUnreachable)
    assert time.monotonic() - began < 1, "whoever only reads does not wait"

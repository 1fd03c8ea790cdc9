"""Hosts in one plan with the switches: deployed to over SSH, in their order, taken back with them, and recovered."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.browser import Mermaid
from tests.e2e.conftest import CONFIG, Project, started_lab

if TYPE_CHECKING:
    from tests.e2e.conftest import Ran

pytestmark = pytest.mark.slow

SETTINGS = CONFIG.replace("    environment: lab\n", "    environment: lab\n    hosts: {srv1: {}}\n").replace(
    "connect: 5", "connect: 1"
)
CORE = """\
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to sw1}
"""
NETWORK = """\
network: small
defaults: {vendor: cisco, platform: ios, site: hq}
vlans: {10: users, 99: management}
devices:
  core1:
    kind: switch
    platform: iosxe
    role: core
    management: 127.0.0.11
    routing: true
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to sw1}
  sw1:
    kind: switch
    role: access
    management: 127.0.0.12
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/1: {mode: access, vlan: 10, description: desk}
      GigabitEthernet1/0/3: {description: srv1}
      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to core1}
  srv1: {kind: host, role: server, ports: [eno1, eno2]}
  srv2: {kind: host, role: server, ports: [eno1]}
links:
  - [core1 GigabitEthernet1/0/4, sw1 GigabitEthernet1/0/4]
  - [srv1 eno1, sw1 GigabitEthernet1/0/3]
"""
ADDED = """\
container_networks:
  web:
    vlan: 300
    hosts: [srv1]
    containers:
      proxy: {address: 10.30.0.40, image: "nginx:1.27"}
"""
APPLY = ("apply", "--yes", "--json")


@pytest.fixture
def served(tmp_path: Path) -> Project:
    """Two switches and two hosts, of which srv1 is deployed to; declared."""
    project = Project(tmp_path / "small")
    (project.folder / "inventory").mkdir(parents=True)
    (project.folder / "inventory" / "config.yaml").write_text(SETTINGS, encoding="utf-8")
    project.network.write_text(NETWORK, encoding="utf-8")
    project.declare()
    return project


@pytest.fixture
def lab(served: Project) -> Iterator[RunningLab]:
    """Its lab, with everything applied, and then VLAN 300 with a container network declared, which waits."""
    with started_lab(served, archive=True) as lab:
        served.ok(*APPLY)
        served.edit("99: management}", "99: management, 300: web}")
        served.edit(CORE, f"      Vlan300: {{description: web, address: 10.30.0.1/24}}\n{CORE}")
        served.network.write_text(served.network.read_text() + ADDED, encoding="utf-8")
        served.declare(reason="CHG-300 web servers")
        yield lab


def outcomes(ran: "Ran") -> dict[str, str]:
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def steps(project: Project) -> list[str]:
    return [event["data"]["step"] for event in project.events("HostDeploymentAdvanced")]


def deployed(project: Project) -> dict[str, Any]:
    return dict(project.events("ConfigurationDeployed")[-1]["data"])


def texts(lab: RunningLab) -> dict[str, str]:
    """What each runs."""
    return {"core1": lab.running_config("core1"), "sw1": lab.running_config("sw1"), "srv1": lab.module("srv1")}


# --- added ------------------------------------------------------------------------------------------------------------


def test_a_vlan_with_a_container_network_is_one_plan(served: Project, lab: RunningLab) -> None:
    ran = served.ok("plan")
    assert "srv1: host, +" in ran.out
    assert "build and activate" in ran.out
    assert "order: switches and routers, then srv1" in ran.out
    assert "2 devices to change by" in ran.out
    assert "and 1 host by" in ran.out
    assert "environment: lab, 2 devices and 1 host" in ran.err
    plan = served.ok("plan", "--json").json
    assert plan["hosts"] == {"first": [], "last": ["srv1"]}
    host = next(item for item in plan["devices"] if item["name"] == "srv1")
    events = {event for line in host["carries"] for event in line["events"]}
    declared = served.events("ContainerNetworkCreated", "ContainerAttached")
    assert {event["event_id"] for event in declared} & events


def test_switches_go_first_and_then_the_host(served: Project, lab: RunningLab) -> None:
    ran = served.ok(*APPLY)
    assert outcomes(ran) == dict.fromkeys(("core1", "sw1", "srv1"), "applied")
    assert ran.json["devices"]["srv1"]["generation"] == 3
    assert ran.json["devices"]["srv1"]["target"]["kind"] == "remote"
    order = served.events("SwitchConfigurationApplied", "PushStarted", "HostDeploymentAdvanced")
    done = {event["data"].get("step", event["type"]): event["position"] for event in order}
    begun = [event["position"] for event in order if event["type"] == "PushStarted"][-2:]
    assert done["built"] < min(begun), "a system is built before a switch's timer runs"
    assert done["SwitchConfigurationApplied"] < done["armed"] < done["activated"]
    assert steps(served)[-5:] == ["built", "armed", "activated", "confirmed", "kept"]
    assert "br-vlan300" in lab.module("srv1")
    assert "vlan 300" in lab.running_config("sw1")
    assert served.ok("verify").out.count("as intended") == 3
    assert "nothing to change" in served.ok("plan").out


def test_what_was_done_is_told_step_by_step(served: Project, lab: RunningLab) -> None:
    ran = served.ok("apply", "--yes")
    assert "confirmed, kept as generation 3" in ran.out
    assert "2 of 2 devices and 1 of 1 host done" in ran.out
    deployment = served.events("DeploymentStarted")[-1]["correlation_id"]
    told = served.ok("trace", deployment[:8]).out
    for words in ("system built (lab)", "goes back by itself unless it is confirmed", "boots this from now on (lab)"):
        assert words in told
    assert "deployed by nixos-rebuild to admin@127.0.0.1 in lab: activated, generation 3" in told
    shown = served.ok("blame", "srv1", "br-vlan300").out
    assert "ContainerNetworkCreated" in shown
    assert "CHG-300" in shown


def test_the_steps_of_a_host_are_in_the_sequence_diagram(served: Project, lab: RunningLab, mermaid: Mermaid) -> None:
    ran = served.ok(*APPLY)
    shown = mermaid.render(served.ok("trace", ran.json["deployment"], "--sequence").out, "text").shown
    words = (
        "system built (lab)",
        "goes back by itself unless it is confirmed (lab)",
        "what was built runs (lab)",
        "confirmed: its timer was stopped (lab)",
        "boots this from now on (lab), generation 3",
    )
    assert [each for each in shown if each in words] == list(words)
    assert shown.count("confirmed, its timer is stopped") == 2


def test_a_host_is_rendered_and_blamed_as_the_devices_are(served: Project, lab: RunningLab) -> None:
    assert served.ok("render", "srv1").out.startswith("# The networks of srv1 in small.")
    served.ok("render", "-o", str(served.folder / "build"))
    assert sorted(path.name for path in (served.folder / "build").iterdir()) == ["core1.cfg", "srv1.nix", "sw1.cfg"]
    assert "srv2 is a host" in served.ok("plan", "srv2", status=1).err


def test_a_saved_plan_is_stale_once_the_host_runs_something_else(served: Project, lab: RunningLab) -> None:
    saved = str(served.folder / "change.plan")
    served.ok("plan", "-o", saved, "--limit", "srv1")
    assert "srv1: host, +" in served.ok("show", saved).out
    module = lab.root("srv1") / "etc" / "cimnet" / "host.nix"
    module.write_text(module.read_text() + "# by hand\n")
    assert outcomes(served.ok("apply", saved, "--yes", "--json", status=3)) == {"srv1": "stale"}
    assert served.ok("drift", status=2).out.count("1 line changed by hand") == 1


def test_a_saved_plan_for_a_host_that_is_deployed_to_no_more_is_not_carried_out(
    served: Project, lab: RunningLab
) -> None:
    saved, config = str(served.folder / "change.plan"), served.folder / "inventory" / "config.yaml"
    served.ok("plan", "-o", saved, "--limit", "srv1")
    config.write_text(SETTINGS.replace("hosts: {srv1: {}}", "hosts: {}"), encoding="utf-8")
    assert outcomes(served.ok("apply", saved, "--yes", "--json", status=3)) == {"srv1": "failed"}
    told = served.ok("plan").out
    assert "2 devices to change by" in told
    assert "host" not in told.splitlines()[-1]


def test_a_change_of_the_projects_own_files_is_a_change_of_the_host(served: Project, lab: RunningLab) -> None:
    assert outcomes(served.ok(*APPLY)) == dict.fromkeys(("core1", "sw1", "srv1"), "applied")
    assert "# site" not in lab.module("srv1"), "there are none"
    site = served.folder / "nix" / "site" / "common.nix"
    site.parent.mkdir(parents=True)
    site.write_text("{ ... }: { }\n", encoding="utf-8")
    assert "  +# site: sha256:" in served.ok("plan").out
    assert outcomes(served.ok(*APPLY)) == {"srv1": "applied"}
    assert (lab.root("srv1") / "run/current-system/flake/site/common.nix").read_text() == "{ ... }: { }\n"
    assert "as intended  srv1" in served.ok("verify", "srv1").out
    assert "# site" in served.ok("blame", "srv1", "# site").out
    site.write_text('{ ... }: { time.timeZone = "UTC"; }\n', encoding="utf-8")
    shown = served.ok("plan", "srv1").out
    assert "  -# site: sha256:" in shown
    assert "  +# site: sha256:" in shown
    host = next(item for item in served.ok("plan", "srv1", "--json").json["devices"] if item["name"] == "srv1")
    assert [line["events"] for line in host["carries"]] == [[], []]
    drift = served.ok("drift")
    assert "by hand" not in drift.out, "what waits was not done on the host"
    assert "1 device with a change pending" in drift.err


def test_a_saved_plan_is_stale_once_the_projects_own_files_are_others(served: Project, lab: RunningLab) -> None:
    saved, before = str(served.folder / "change.plan"), lab.module("srv1")
    served.ok("plan", "-o", saved, "--limit", "srv1")
    (served.folder / "nix" / "site").mkdir(parents=True)
    (served.folder / "nix" / "site" / "srv1.nix").write_text("{ ... }: { }\n", encoding="utf-8")
    ran = served.ok("apply", saved, "--yes", "--json", status=3)
    assert outcomes(ran) == {"srv1": "stale"}
    assert "what the project adds in nix/" in ran.json["devices"]["srv1"]["reason"]
    assert lab.module("srv1") == before
    (served.folder / "nix" / "site" / "srv1.nix").unlink()
    assert outcomes(served.ok("apply", saved, "--yes", "--json")) == {"srv1": "applied"}


# --- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "outcome", "result", "last"),
    [
        ("fail-build", "rejected", "failed", None),
        ("fail-activation", "rejected", "rolled back", "reverted"),
        ("failed-unit", "check failed", "rolled back", "reverted"),
        ("no-systemd", "not armed", "failed", "built"),
    ],
)
def test_a_host_that_fails_runs_what_it_ran(
    served: Project, lab: RunningLab, fault: str, outcome: str, result: str, last: str | None
) -> None:
    before, known = lab.module("srv1"), len(steps(served))
    lab.fault("srv1", fault)
    ran = served.ok(*APPLY, status=3)
    assert outcomes(ran) == {"core1": "applied", "sw1": "applied", "srv1": outcome}
    assert lab.module("srv1") == before
    assert deployed(served)["result"] == result
    assert steps(served)[known:][-1:] == ([last] if last else [])
    lab.fault("srv1", "clear")
    assert outcomes(served.ok(*APPLY)) == {"srv1": "applied"}


def test_a_host_that_does_not_come_back_goes_back_by_itself_and_recover_says_so(
    served: Project, lab: RunningLab
) -> None:
    before = lab.module("srv1")
    lab.fault("srv1", "unreachable-after-activation")
    ran = served.ok(*APPLY, "--confirm-within", "30", status=5)
    assert outcomes(ran)["srv1"] == "in doubt"
    assert "goes back to what it ran within 30 min" in ran.json["devices"]["srv1"]["reason"]
    assert "still in doubt" in served.ok("recover", status=5).out
    lab.advance("srv1", 31 * 60)
    assert lab.module("srv1") == before
    assert "srv1: not applied" in served.ok("recover").out
    assert deployed(served)["result"] == "rolled back"
    assert "nothing is in doubt" in served.ok("recover").out


def test_a_host_whose_switch_failed_is_not_started(served: Project, lab: RunningLab) -> None:
    before = lab.module("srv1")
    lab.fault("sw1", "reject", pattern="^vlan 300")
    ran = served.ok(*APPLY, status=3)
    assert outcomes(ran) == {"core1": "applied", "sw1": "rejected", "srv1": "not started"}
    assert "sw1 failed, and srv1 needs what was to be done there" in ran.json["devices"]["srv1"]["reason"]
    assert lab.module("srv1") == before


# --- transactions -----------------------------------------------------------------------------------------------------


def test_a_host_that_fails_in_a_transaction_takes_the_switches_back(served: Project, lab: RunningLab) -> None:
    before = texts(lab)
    lab.fault("srv1", "fail-activation")
    ran = served.ok(*APPLY, "--transaction", status=3)
    assert outcomes(ran) == {"core1": "taken back", "sw1": "taken back", "srv1": "rejected"}
    assert texts(lab) == before
    decided = served.events("TransactionDecided")[-1]["data"]
    assert decided["decision"] == "take back"
    assert decided["reason"].startswith("srv1 rejected: ")


def test_a_host_that_does_not_build_stops_a_transaction_before_it_begins(served: Project, lab: RunningLab) -> None:
    before, known = texts(lab), len(served.events("PushStarted"))
    lab.fault("srv1", "fail-build")
    ran = served.ok(*APPLY, "--transaction", status=3)
    assert outcomes(ran) == {"core1": "not started", "sw1": "not started", "srv1": "rejected"}
    assert texts(lab) == before
    assert len(served.events("PushStarted")) == known + 1


def test_a_switch_that_fails_in_a_transaction_leaves_the_host_as_it_was(served: Project, lab: RunningLab) -> None:
    before = texts(lab)
    lab.fault("core1", "ignore", pattern="^name web")
    ran = served.ok(*APPLY, "--transaction", status=3)
    assert outcomes(ran) == {"core1": "differs", "sw1": "taken back", "srv1": "taken back"}
    assert {item["reverted"] for item in ran.json["devices"].values()} == {"revert timer"}
    assert texts(lab) == before
    assert deployed(served)["result"] == "rolled back"


def test_a_transaction_is_kept_on_switches_and_host(served: Project, lab: RunningLab) -> None:
    ran = served.ok(*APPLY, "--transaction")
    assert set(outcomes(ran).values()) == {"applied"}
    decided = served.events("TransactionDecided")[-1]
    assert sorted(decided["data"]["devices"]) == ["core1", "srv1", "sw1"]
    kept = served.events("HostDeploymentAdvanced")[-1]
    assert (kept["data"]["step"], kept["position"] > decided["position"]) == ("kept", True)


# --- removed ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def removed(served: Project, lab: RunningLab) -> RunningLab:
    """VLAN 300 with its network applied, and its removal declared, which waits."""
    served.ok(*APPLY)
    served.network.write_text(NETWORK, encoding="utf-8")
    served.ok("declare", str(served.network), "--prune", "--yes", "--reason", "CHG-301")
    return lab


def test_the_host_goes_first_on_removal(served: Project, removed: RunningLab) -> None:
    assert "order: srv1 (taking away only), then switches and routers" in served.ok("plan").out
    assert set(outcomes(served.ok(*APPLY)).values()) == {"applied"}
    ended = served.events("HostConfigurationApplied", "PushStarted")
    positions = [event["position"] for event in ended if event["type"] == "HostConfigurationApplied"]
    switches = [event["position"] for event in ended if event["data"]["device"] in ("core1", "sw1")]
    assert positions[-1] < min(switches[-2:])
    assert "br-vlan300" not in removed.module("srv1")
    assert "vlan 300" not in removed.running_config("sw1")


def test_a_switch_waits_for_the_host_that_stands_on_it(served: Project, removed: RunningLab) -> None:
    removed.fault("srv1", "fail-build")
    ran = served.ok(*APPLY, status=3)
    assert outcomes(ran)["sw1"] == "not started"
    assert "vlan 300" in removed.running_config("sw1")


# --- killed -----------------------------------------------------------------------------------------------------------


def test_a_deployment_that_is_killed_before_it_is_confirmed_goes_back_and_is_settled(
    served: Project, lab: RunningLab
) -> None:
    served.ok(*APPLY, "--limit", "core1", "--limit", "sw1")
    before = lab.module("srv1")
    # What hangs in its activation is killed there: the host is armed, and not confirmed.
    lab.fault("srv1", "hang-activation")
    process = served.start("apply", "--yes")
    _until((lab.root("srv1") / "lab" / "units" / "cimnet-activate.service" / "pid").exists)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert steps(served)[-2:] == ["built", "armed"]
    assert "srv1: not applied" in served.ok("recover", "--check", status=5).out
    lab.advance("srv1", 6 * 60)
    assert lab.module("srv1") == before
    lab.fault("srv1", "clear")
    assert "srv1: not applied" in served.ok("recover").out
    assert deployed(served)["result"] == "rolled back"
    assert outcomes(served.ok(*APPLY)) == {"srv1": "applied"}


def test_a_deployment_that_is_killed_between_activation_and_confirmation_is_kept_by_recover(
    served: Project, lab: RunningLab
) -> None:
    served.ok(*APPLY, "--limit", "core1", "--limit", "sw1")
    lab.fault("srv1", "unreachable-after-activation")
    process = served.start("apply", "--yes")
    _until(lambda: "br-vlan300" in lab.module("srv1"))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    (lab.root("srv1") / "lab" / "cut").unlink()
    lab.fault("srv1", "clear")
    _until(lambda: served.run("plan", "srv1").status == 0)
    assert "srv1: applied (confirmed and saved; it was found applied)" in served.ok("recover").out
    assert steps(served)[-2:] == ["confirmed", "kept"]
    assert deployed(served)["result"] == "activated"
    assert "nothing to change" in served.ok("plan").out


def _until(holds: Any, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to that in time"
        time.sleep(0.1)


# --- hosts alone ------------------------------------------------------------------------------------------------------


def test_hosts_alone_are_deployed_to_by_their_own_command(served: Project, lab: RunningLab) -> None:
    ran = served.ok("nix", "deploy", "--yes", "--json", "--reason", "CHG-8")
    assert outcomes(ran) == {"srv1": "applied"}
    assert "vlan 300" not in lab.running_config("sw1")
    assert deployed(served)["target"] == {"kind": "remote", "host": "127.0.0.1", "user": "admin"}
    assert "nothing to change" in served.ok("nix", "deploy", "--host", "srv1").out


def test_the_target_of_a_host_goes_before_its_settings(served: Project) -> None:
    real = ("nix", "deploy", "--host", "srv1", "--env", "real", "--yes", "--accept-errors")
    assert "srv1  unreachable  has no address" in served.ok(*real, status=4).out
    there = served.ok(*real, "--target", "ann@127.0.0.9", status=4).out
    assert "127.0.0.9" in there


def test_hosts_alone_are_named_by_a_name_that_is_theirs(served: Project, lab: RunningLab) -> None:
    assert "it is no host; cimnet apply pushes to it" in served.ok("nix", "deploy", "--host", "sw1", status=1).err
    assert "name it under hosts in inventory/config.yaml" in served.ok("nix", "deploy", "--host", "srv2", status=1).err
    assert "--env real" in served.ok("nix", "deploy", "--host", "srv1", "--target", "root@192.0.2.7", status=1).err
    assert "for one --host" in served.ok("nix", "deploy", "--local", "--env", "real", status=1).err
    assert "nobody is there to be asked" in served.ok("nix", "deploy", status=1).err

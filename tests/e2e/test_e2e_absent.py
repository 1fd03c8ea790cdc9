"""Devices that cannot be reached, or show that they are not who they were: recorded, told, nothing sent."""

import json
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project


def outcomes(project: "Project", *, status: int) -> dict[str, str]:
    ran = project.ok("apply", "--yes", "--json", status=status)
    return {name: item["outcome"] for name, item in ran.json["devices"].items()}


def test_a_device_that_is_off_is_told_in_the_deployment_with_those_that_were_done(
    small: "Project", lab: RunningLab
) -> None:
    small.ok("lab", "fault", "sw1", "down")
    ran = small.ok("apply", "--yes", status=4)
    assert "2 of 3 devices done" in ran.out
    assert "connection refused" in ran.out
    started = small.events("DeploymentStarted")[-1]
    assert sorted(started["data"]["devices"]) == ["r1", "sw1", "sw2"]
    failed = small.events("SwitchConfigurationFailed")[-1]
    assert (failed["data"]["outcome"], failed["data"]["device"]) == ("unreachable", "sw1")
    assert (failed["causation_id"], failed["correlation_id"]) == (started["event_id"], started["correlation_id"])
    shown = small.ok("trace", started["correlation_id"]).out
    assert "sw2: " in shown
    assert "read back, saved" in shown
    assert "sw1: unreachable (lab)" in shown
    finished = small.events("DeploymentFinished")[-1]["data"]["outcomes"]
    assert finished == {"r1": "applied", "sw1": "unreachable", "sw2": "applied"}
    small.ok("lab", "fault", "sw1", "up")
    assert outcomes(small, status=0) == {"sw1": "applied"}
    assert "nothing is in doubt" in small.ok("recover").out


def test_where_nothing_is_to_be_sent_an_absent_device_is_recorded_too(small: "Project", lab: RunningLab) -> None:
    assert set(outcomes(small, status=0).values()) == {"applied"}
    lab.fault("r1", "down")
    assert outcomes(small, status=4) == {"r1": "unreachable"}
    assert small.events("RouterConfigurationFailed")[-1]["data"]["reason"].startswith("r1 cannot be reached")


def test_another_host_key_is_refused_before_anything_is_sent(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "host-key")
    ran = small.ok("apply", "--yes", "--limit", "sw1", status=3)
    assert "another SSH host key than the pinned one" in ran.out
    assert "cimnet trust --replace sw1" in ran.out
    assert small.events("SwitchConfigurationFailed")[-1]["data"]["outcome"] == "refused"
    assert small.events("PushStarted") == []
    assert "vlan 10" not in lab.running_config("sw1")
    shown = small.ok("trust", "sw1", "--yes", status=3)
    assert "CHANGED" in shown.out
    assert "0 keys pinned" in shown.out
    assert "1 key pinned" in small.ok("trust", "sw1", "--replace", "--yes", "--reason", "supervisor swapped").out
    assert small.events("HostKeyPinned")[-1]["reason"] == "supervisor swapped"
    small.ok("apply", "--yes", "--limit", "sw1")
    assert "cimnet trust --replace sw1" not in small.ok("plan", "sw1").out


def test_a_key_that_nobody_pinned_is_refused_with_a_hint(unpinned: "Project") -> None:
    ran = unpinned.ok("plan", "sw1", status=3)
    assert "no SSH host key is pinned for sw1; look at it and pin it: cimnet trust sw1" in ran.out
    shown = unpinned.ok("trust", "--json", "--yes").json
    assert shown["pinned"] == 3
    assert {state for state, _ in shown["devices"].values()} == {"new"}
    assert "pinned" in unpinned.ok("trust").out
    unpinned.ok("plan", "sw1")


def test_nobody_at_the_terminal_pins_nothing_without_yes(unpinned: "Project") -> None:
    assert "nothing was pinned" in unpinned.ok("trust", status=1).err
    assert not [event for event in unpinned.events("HostKeyPinned") if "again" in event["aggregate_id"]]


def test_wrong_credentials_say_which_were_refused(
    small: "Project", lab: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = small.settings.lab / "spec.json"
    right = spec.read_text(encoding="utf-8")
    for field, said in (("password", "refused the credentials"), ("enable", "refused the enable secret")):
        wrong = json.loads(right)
        wrong["credentials"][field] = "not-the-word"
        spec.write_text(json.dumps(wrong), encoding="utf-8")
        ran = small.ok("apply", "--yes", "--limit", "sw1", status=3)
        assert said in ran.out
        assert "not-the-word" not in ran.out + ran.err + json.dumps(small.events())


def test_real_devices_without_credentials_are_not_connected_to(small: "Project") -> None:
    ran = small.ok("plan", "--env", "real", status=3)
    for name in ("r1", "sw1", "sw2"):
        assert f"there are no credentials for {name}" in ran.out
    assert "real: " in ran.out


def test_real_devices_that_nobody_pinned_are_refused(small: "Project", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_USERNAME", "ann")
    monkeypatch.setenv("CIMNET_PASSWORD", "nothing")
    assert small.ok("plan", "--env", "real", "sw1", status=4).out.startswith("sw1: cannot be reached")


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("verify",), ("drift",)])
def test_without_a_lab_one_line_says_so_and_nothing_is_recorded(small: "Project", command: tuple[str, ...]) -> None:
    before = len(small.events())
    ran = small.ok(*command, status=4)
    assert ran.err.splitlines()[-1] == "cimnet: error: no lab is up; start one: cimnet lab up"
    assert len(small.events()) == before


def test_without_a_lab_its_status_says_so(small: "Project") -> None:
    small.ok("lab", "status", status=1)
    assert small.ok("lab", "status", "--json", status=1).json["up"] is False
    assert small.ok("lab", "down").out == "no lab was up\n"
    assert "no lab is up" in small.ok("lab", "fault", "sw1", "down", status=1).err


@pytest.fixture
def unpinned(small: "Project", lab: RunningLab) -> "Project":
    """The small project declared once more, with its lab up and no key pinned."""
    network = "network: again"
    config = small.folder / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("network: small", network), encoding="utf-8")
    small.edit("network: small", network)
    small.declare()
    return small

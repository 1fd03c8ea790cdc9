"""Routers and switches by way of Nix: what the generated service and command run, run for real against a lab."""

import getpass
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cimnet_nornir.nix
from cimnet_nornir.nix.expressions import Value, expression

if TYPE_CHECKING:
    from cimnet_nornir.lab.thread import RunningLab
    from tests.e2e.conftest import Project

STAND_IN = Path(cimnet_nornir.nix.__file__).parent / "stand_in"
PUSH = "config.systemd.services.cimnet-push.script"
ROLLBACK = "(lib.head config.environment.systemPackages).text"


def script(project: "Project", which: str, system: Path) -> list[str]:
    """A script of the host that pushes, as Nix makes it of the generated flake; it calls the real program."""
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    package: Value = {"type": "derivation", "name": "cimnet", "outPath": str(Path(sys.executable).parent.parent)}
    pusher: Value = {
        "enable": True,
        "project": str(project.folder),
        "plan": str(project.folder / "approved.plan"),
        "user": getpass.getuser(),
        "package": package,
    }
    text = f"""
      let
        lib = import {STAND_IN}/lib.nix;
        pkgs = import {STAND_IN}/packages.nix {{ inherit lib; names = [ "openssh" ]; }};
        modules = [ {project.folder}/nix/devices.nix {expression({"cimnet": {"pusher": pusher}})} ];
        inherit (lib.evalModules {{ inherit modules; specialArgs = {{ inherit pkgs; }}; }}) config;
      in {which}"""
    command = [nix, "--eval", "--json", "--strict", "--readonly-mode", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ["sh", "-e", "-c", json.loads(done.stdout).replace("/run/current-system", str(system)), "sh"]


def ran(command: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=120)


def built(project: "Project", system: Path) -> None:
    """Generate, and have a host built from that: of all that Nix would build, what says which event it was."""
    project.ok("nix", "generate")
    position = (project.folder / "nix/position.nix").read_text(encoding="utf-8").splitlines()[-1]
    (system / "etc/cimnet").mkdir(parents=True)
    (system / "etc/cimnet/position").write_text(f"{position}\n", encoding="utf-8")


@pytest.mark.slow
def test_a_generation_is_pushed_and_a_rollback_to_the_one_before_takes_it_back(
    small: "Project", lab: "RunningLab", tmp_path: Path
) -> None:
    one, two = tmp_path / "system-1", tmp_path / "system-2"
    built(small, one)
    push = script(small, PUSH, one)
    small.ok("plan", "-o", str(small.folder / "approved.plan"))
    done = ran(push)
    assert done.returncode == 0, done.stderr
    assert small.ok("verify", "--json").json["in_sync"] is True
    assert "voice" not in small.show("sw1", "show vlan brief")

    small.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: voice, 99: management}")
    small.declare(reason="CHG-2")
    built(small, two)
    small.ok("plan", "-o", str(small.folder / "approved.plan"))
    assert ran(push).returncode == 0
    assert "voice" in small.show("sw1", "show vlan brief")

    # The host was rolled back to its first generation: intent and devices follow.
    back = ran(script(small, ROLLBACK, one), "--apply", "--yes", "--reason", "generation 1")
    assert back.returncode == 0, back.stderr
    assert "voice" not in small.show("sw1", "show vlan brief")
    assert small.ok("verify", "--json").json["in_sync"] is True
    requests = [event["data"] for event in small.events("ChangeRequested")]
    assert [each["command"] for each in requests][-2:] == ["rollback", "apply"]
    small.ok("nix", "generate")
    assert "voice" not in (small.folder / "nix/devices/sw1.cfg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_plan_that_was_not_approved_is_not_pushed(small: "Project", lab: "RunningLab", tmp_path: Path) -> None:
    built(small, tmp_path / "system")
    push = script(small, PUSH, tmp_path / "system")
    config = small.folder / "inventory/config.yaml"
    config.write_text(config.read_text().replace("network: small", "network: small\n    approval: {required: 1}"))
    small.ok("plan", "-o", str(small.folder / "approved.plan"))
    done = ran(push)
    assert done.returncode == 1
    assert "approv" in done.stderr
    assert small.events("PushStarted") == []

"""The project's own flake, evaluated by Nix with a stand-in for nixpkgs; what it builds is tried elsewhere."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir import __version__
from cimnet_nornir.application.project import create_project
from cimnet_nornir.cli import run

if TYPE_CHECKING:
    from tests.conftest import FlakeCheck
    from tests.unit.conftest import Cimnet

ROOT = Path(__file__).parents[2]
PARTS = ("nix", "cimnet_nornir", "inventory", "tasks", "templates")
EXTRAS = ("lab", "web", "postgres", "keyring")
# The options of services.cimnet that have to be set.
WANTED = 'enable = true; apply.calendar = "Sun 03:00";'


@pytest.fixture
def flake(tmp_path: Path) -> Path:
    """The project as Nix would copy it, without what is no part of it."""
    folder = tmp_path / "project"
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".cimnet"))
    for name in ("flake.nix", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def evaluated(nixpkgs: Path, expression: str) -> Any:
    """What an expression comes to; `pkgs` has the project's overlay, `module` gives what services.cimnet makes."""
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    text = f"""
      let
        nixpkgs = (import {nixpkgs}/flake.nix).outputs {{ }};
        inherit (nixpkgs) lib;
        self = (import {ROOT}/flake.nix).outputs {{ inherit self nixpkgs; }};
        pkgs = nixpkgs.legacyPackages.x86_64-linux.extend self.overlays.default;
        module = settings: (lib.evalModules {{
          modules = [ {ROOT}/nix/module.nix {{ services.cimnet = settings; }} ];
          specialArgs = {{ inherit pkgs; }};
        }}).config;
      in {expression}"""
    command = [nix, "--eval", "--json", "--strict", "--readonly-mode", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return json.loads(done.stdout)


def test_nix_checks_the_flake(flake: Path, flake_check: "FlakeCheck") -> None:
    done = flake_check(flake)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("flake.nix", "final: prev: {", "prev: final: {", "overlay"),
        ("nix/package.nix", "    networkx\n", "    networkz\n", "networkz"),
        ("nix/python.nix", "final.pynacl", "final.sodium", "sodium"),
        ("nix/module.nix", "OnCalendar = calendar", "OnCalendar = calender", "calender"),
        ("nix/vm-test.nix", 'calendar = "monthly"', "calendar = 5", "is to be a text"),
    ],
)
def test_nix_finds_what_is_wrong(
    flake: Path, flake_check: "FlakeCheck", file: str, old: str, new: str, complaint: str
) -> None:
    text = (flake / file).read_text()
    assert old in text
    (flake / file).write_text(text.replace(old, new, 1))
    done = flake_check(flake)
    assert done.returncode == 1
    assert complaint in done.stderr


def test_the_package_has_the_version_and_the_dependencies_of_the_project(nixpkgs: Path) -> None:
    found = evaluated(nixpkgs, "{ inherit (pkgs.cimnet-nornir) version dependencies; }")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for extra in EXTRAS for each in extras[extra])]
    assert found["version"] == __version__
    # What is packaged beside nixpkgs has its version in its name.
    assert sorted(re.sub(r"-\d.*", "", name) for name in found["dependencies"]) == sorted(map(_name, wanted))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9.-]+", requirement)
    assert found is not None
    return found[0].replace(".", "-")


def test_what_is_packaged_beside_nixpkgs_fits_what_the_project_asks_for(nixpkgs: Path) -> None:
    from packaging.requirements import Requirement
    from packaging.version import Version

    found = evaluated(nixpkgs, "pkgs.cimnet-nornir.dependencies")
    own = {match[1]: match[2] for name in found if (match := re.fullmatch(r"(.*?)-(\d.*)", name))}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {requirement.name: requirement for requirement in map(Requirement, project["dependencies"])}
    assert own.keys() == {"ciscoconfparse", "nornir-napalm", "nornir-netmiko", "paramiko"}
    assert [name for name, version in own.items() if Version(version) not in wanted[name].specifier] == []


def test_services_do_what_they_are_set_to_and_nothing_else(nixpkgs: Path) -> None:
    names = "(config: lib.mapAttrs (_: lib.attrNames) { inherit (config.systemd) services timers; })"
    assert evaluated(nixpkgs, "(module { }).systemd") == {}
    both = "drift.enable = true; apply.enable = true;"
    assert evaluated(nixpkgs, f"{names} (module {{ {WANTED} {both} }})") == {
        "services": ["cimnet-apply", "cimnet-drift"],
        "timers": ["cimnet-apply", "cimnet-drift"],
    }
    assert evaluated(nixpkgs, f"{names} (module {{ {WANTED} drift.enable = true; }})") == {
        "services": ["cimnet-drift"],
        "timers": ["cimnet-drift"],
    }


def test_a_plan_is_carried_out_once(nixpkgs: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/cimnet"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\nexit ${STATUS:-0}\n')
    program.chmod(0o755)
    plan = tmp_path / "it's.plan"
    plan.write_text("{}")
    package = f'package = {{ type = "derivation"; outPath = "{tmp_path}"; name = "cimnet"; }};'
    apply = f'apply.enable = true; apply.plan = "{plan}"; apply.arguments = [ "--transaction" ];'
    settings = f'{WANTED} {package} project = "{tmp_path}"; {apply}'
    service = evaluated(
        nixpkgs,
        f'removeAttrs (module {{ {settings} }}).systemd.services.cimnet-apply [ "path" ]',
    )
    assert service["unitConfig"] == {
        "AssertPathExists": f"{tmp_path}/inventory/config.yaml",
        "ConditionPathExists": str(plan),
    }
    assert "wantedBy" not in service
    # As NixOS runs a `script`: with -e.
    command = ["sh", "-e", "-c", service["script"]]
    failed = subprocess.run(command, env={"PATH": "/usr/bin:/bin", "STATUS": "3"}, check=False, capture_output=True)
    assert (failed.returncode, plan.exists()) == (3, True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == f"--project {tmp_path} apply {plan} --yes --transaction\n"
    assert (plan.exists(), Path(f"{plan}.applied").exists()) == (False, True)


def test_the_dashboard_is_served_where_it_is_told_to_and_stopped_as_by_a_person(nixpkgs: Path) -> None:
    settings = f'{WANTED} dashboard = {{ enable = true; listen = "192.0.2.10:8350"; collect = 30; }};'
    service = evaluated(nixpkgs, f'removeAttrs (module {{ {settings} }}).systemd.services.cimnet-dashboard [ "path" ]')
    assert service["script"].endswith(
        "/bin/cimnet --project /var/lib/cimnet dashboard --listen 192.0.2.10:8350 --collect 30"
    )
    assert service["wantedBy"] == ["multi-user.target"]
    wanted = {"Type": "exec", "KillSignal": "SIGINT", "ProtectSystem": "strict"}
    assert service["serviceConfig"].items() >= wanted.items()


def test_drift_makes_the_service_fail_unless_it_is_told_not_to(nixpkgs: Path) -> None:
    status = "systemd.services.cimnet-drift.serviceConfig.SuccessExitStatus"
    settings = f"{WANTED} drift.enable = true;"
    assert evaluated(nixpkgs, f"(module {{ {settings} }}).{status}") == []
    assert evaluated(nixpkgs, f"(module {{ {settings} drift.failOnDrift = false; }}).{status}") == [2]


LOOKED_AT = """
  let config = module { SETTINGS }; in {
    inherit (config.services.cimnet) environment project;
    inherit (config.services.cimnet.drift) arguments;
    timers = config.systemd.timers or null;
  }
"""


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ('environment = "test";', "one of"),
        ('project = "relative";', "a text that matches /.*"),
        ("drift.arguments = [ 5 ];", "is to be a text"),
        ("enable = true; apply.enable = true;", "`services.cimnet.apply.calendar' is used but not defined"),
    ],
)
def test_options_take_only_what_they_are_for(nixpkgs: Path, settings: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="error:") as caught:
        evaluated(
            nixpkgs,
            LOOKED_AT.replace("SETTINGS", settings),
        )
    assert complaint in str(caught.value)


def test_every_option_is_documented(nixpkgs: Path) -> None:
    undocumented = """
      let
        specialArgs = { inherit pkgs; };
        inherit (lib.evalModules { modules = [ ROOT/nix/module.nix ]; inherit specialArgs; }) options;
        walk = path: value:
          if value._type or null == "option" then (if value ? description && value ? type then [ ] else [ path ])
          else builtins.concatLists (lib.attrValues (lib.mapAttrs (name: walk "${path}.${name}") value));
      in walk "options" options
    """
    assert evaluated(nixpkgs, undocumented.replace("ROOT", str(ROOT))) == []


def test_both_modules_keep_the_same_from_what_pushes(nixpkgs: Path) -> None:
    generated = (
        f"(lib.evalModules {{ modules = [ {ROOT}/cimnet_nornir/nix/cimnet.nix {{ cimnet.pusher.enable = true; }} ];"
        " specialArgs = { inherit pkgs; }; }).config.systemd.services.cimnet-push.serviceConfig"
    )
    hardening = evaluated(nixpkgs, f"import {ROOT}/nix/hardening.nix")
    assert len(hardening) > 15
    assert evaluated(nixpkgs, generated).items() >= hardening.items()


def test_the_machine_of_the_test_is_the_host_of_the_example(tmp_path: Path, cimnet: "Cimnet") -> None:
    create_project(tmp_path / "campus")
    project = ("--project", str(tmp_path / "campus"))
    assert run([*project, "declare", str(tmp_path / "campus/inventory/network.yaml"), "--reason", "rollout"]) == 0
    shown = cimnet(*project, "nix", "generate", "srv1").out
    # Another text is written with: cimnet nix generate srv1 > nix/vm-test-srv1.nix
    assert (ROOT / "nix/vm-test-srv1.nix").read_text() == shown

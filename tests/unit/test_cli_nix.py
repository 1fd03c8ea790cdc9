"""`cimnet nix generate` and `cimnet nix check` in one process: what is written, what is said, and the status."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cimnet_nornir.nix
from cimnet_nornir.application.host_flake import FlakeContents
from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.application.project import create_project
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.cli import run
from cimnet_nornir.ios.masking import MASK
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.folder import write_folder

if TYPE_CHECKING:
    from tests.conftest import FlakeCheck
    from tests.unit.conftest import Cimnet

pytestmark = pytest.mark.usefixtures("surroundings")

CONFIG = "inventory/config.yaml"
NETWORK = "inventory/network.yaml"
SECRET = "Pl4nt3d-S3cr3t"
PLANTED = f"""\
enable secret 0 {SECRET}
snmp-server community {SECRET} RO
username admin privilege 15 password 7 {SECRET}
ntp authentication-key 1 md5 {SECRET}
"""


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose example network is declared; to be copied."""
    folder = tmp_path_factory.mktemp("declared") / "campus"
    create_project(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIMNET_ACTOR", "ann")
        assert run(["--project", str(folder), "declare", str(folder / NETWORK), "--reason", "first rollout"]) == 0
    return folder


@pytest.fixture
def campus(declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own whose example network is declared; the working directory is in it."""
    shutil.copytree(declared, tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    return tmp_path / "campus"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_flake_of_the_example_is_written_and_in_order(
    campus: Path, cimnet: "Cimnet", flake_check: "FlakeCheck"
) -> None:
    said = cimnet("nix", "generate")
    assert said.status == 0
    assert {"+ flake.nix", "+ hosts/srv1.nix", "+ devices/acc1.cfg"} <= set(said.out.splitlines())
    assert said.err.endswith("in nix\nnext: cimnet nix check\n")
    assert flake_check(campus / "nix").returncode == 0
    checked = cimnet("nix", "check")
    assert checked.status == 0
    assert "ok    hosts/srv1.nix: parsed, evaluated\n" in checked.out
    assert checked.err == "5 files in order\n"


def test_a_second_run_changes_nothing(campus: Path, cimnet: "Cimnet") -> None:
    cimnet("nix", "generate")
    assert cimnet("nix", "generate").out == "nothing to change\n"
    # What is no intent does not change what follows from it.
    waiver = ("waiver", "grant", "port-without-mode", "--until", "2099-01-01", "--reason", "an open port")
    assert cimnet(*waiver).status == 0
    assert cimnet("nix", "generate").out == "nothing to change\n"


def test_only_what_an_event_concerns_is_written(campus: Path, cimnet: "Cimnet") -> None:
    cimnet("nix", "generate")
    edit(campus / NETWORK, "description: meeting room", "description: library")
    cimnet("declare", NETWORK)
    assert cimnet("nix", "generate").out.splitlines() == ["~ devices/acc1.cfg", "~ position.nix"]


def test_the_past_is_generated_as_it_was(campus: Path, cimnet: "Cimnet") -> None:
    cimnet("nix", "generate")
    before = texts(campus / "nix")
    head = json.loads(cimnet("store", "info", "--json").out)["head"]
    edit(campus / NETWORK, "description: meeting room", "description: library")
    cimnet("declare", NETWORK)
    cimnet("nix", "generate", "-o", "then", "--at", str(head))
    assert texts(campus / "then") == before


def test_a_host_that_is_gone_takes_its_files_with_it(campus: Path, cimnet: "Cimnet") -> None:
    cimnet("nix", "generate")
    (campus / "nix/site").mkdir()
    (campus / "nix/site/srv1.nix").write_text("{ ... }: { }\n")
    service = open_service(load_settings(campus))
    edit(campus / NETWORK, "  srv1:\n    kind: host", "  srv2:\n    renamed_from: srv1\n    kind: host")
    for old in ("srv1 eno1", "hosts: [srv1]", "hosts: [srv1]", "description: srv1"):
        edit(campus / NETWORK, old, old.replace("srv1", "srv2"))
    service.store.close()
    assert cimnet("declare", NETWORK).status == 0
    out = cimnet("nix", "generate").out.splitlines()
    assert {"+ hosts/srv2.nix", "- hosts/srv1.nix"} <= set(out)
    assert (campus / "nix/site/srv1.nix").exists()


def test_one_host_is_shown_as_render_shows_a_device(campus: Path, cimnet: "Cimnet") -> None:
    said = cimnet("nix", "generate", "srv1")
    assert said.out.startswith("# The networks of srv1 in campus.\n")
    assert said.out.endswith("}\n")
    assert not (campus / "nix").exists()
    for limit in ("srv*", "!r1"):
        assert cimnet("nix", "generate", "--limit", limit).out == said.out
    cimnet("nix", "generate", "--limit", "acc*").refuses("--limit chooses no server")
    cimnet("nix", "generate", "srv1", "-o", "elsewhere")
    assert texts(campus / "elsewhere") == {"hosts/srv1.nix": said.out}


def test_everything_is_shown_where_that_is_asked_for(campus: Path, cimnet: "Cimnet") -> None:
    said = cimnet("nix", "generate", "-o", "-")
    assert "# ===== flake.nix\n" in said.out
    assert "# ===== devices/r1.cfg\n! Generated by cimnet" in said.out
    assert not (campus / "nix").exists()


def test_files_for_any_linux_stand_in_a_folder_of_their_own(campus: Path, cimnet: "Cimnet") -> None:
    assert "+ hosts/srv1/install.sh" in cimnet("nix", "generate", "--format", "networkd").out.splitlines()
    assert not (campus / "nix").exists()
    assert "#!/bin/sh" in cimnet("nix", "generate", "srv1", "--format", "networkd").out
    assert "ok    hosts/srv1/install.sh: parsed\n" in cimnet("nix", "check", "networkd").out


def test_documents_tell_what_was_written_and_checked(campus: Path, cimnet: "Cimnet") -> None:
    document = cimnet("nix", "generate", "--json").json("nix-generate")
    assert (document["folder"], document["changed"], document["removed"]) == (str(campus / "nix"), [], [])
    assert "flake.nix" in document["created"]
    again = cimnet("nix", "generate", "--json").json("nix-generate")
    assert (again["created"], again["unchanged"]) == ([], document["created"])
    shown = cimnet("nix", "generate", "srv1", "--json").json("nix-generate")
    assert shown["files"]["hosts/srv1.nix"] == (campus / "nix/hosts/srv1.nix").read_text()
    checked = cimnet("nix", "check", "--json").json("nix-check")
    assert checked["files"]["flake.nix"] == {"done": ["parsed", "evaluated"], "problem": None}


def test_no_secret_gets_into_what_everybody_can_read(campus: Path, cimnet: "Cimnet") -> None:
    (campus / "templates/cisco_ios/site.j2").write_text(PLANTED)
    cimnet("nix", "generate")
    cimnet("nix", "generate", "--format", "networkd")
    found = {**texts(campus / "nix"), **texts(campus / "networkd")}
    assert [name for name, text in found.items() if SECRET in text] == []
    assert found["devices/r1.cfg"].count(MASK) == PLANTED.count(SECRET)
    service = open_service(load_settings(campus))
    assert [name for name, content in service.host_flake().items() if SECRET.encode() in content] == []
    service.store.close()


def test_a_deployment_gets_what_the_project_adds(campus: Path) -> None:
    (campus / "nix/site/disks").mkdir(parents=True)
    (campus / "nix/site/common.nix").write_text("{ ... }: { }\n")
    (campus / "nix/site/disks/a.nix").write_text("{ }\n")
    (campus / "nix/flake.lock").write_text("{}\n")
    (campus / "nix/notes.txt").write_text("mine\n")
    service = open_service(load_settings(campus)).acting(reason="CHG-1")
    flake = service.host_flake()
    service.store.close()
    assert flake.keys() - service.generated_flake().keys() == {"site/common.nix", "site/disks/a.nix", "flake.lock"}
    assert flake["site/disks/a.nix"] == b"{ }\n"
    assert flake["hosts/srv1.nix"].decode() == service.nix_module("srv1")


def test_the_project_says_which_nixpkgs_its_hosts_are_built_from(campus: Path, cimnet: "Cimnet") -> None:
    edit(
        campus / "inventory/config.yaml",
        "    environment: lab",
        "    nix: {nixpkgs: nixpkgs/24.11}\n    environment: lab",
    )
    cimnet("nix", "generate")
    assert 'inputs.nixpkgs.url = "nixpkgs/24.11";' in (campus / "nix/flake.nix").read_text()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{nixpkg: x}", ("nix: a mapping of nixpkgs, style is wanted", "nixpkg")),
        ("{nixpkgs: 24}", ("nixpkgs is a flake reference", "24")),
        ("{style: nixos}", ("style is networkd or networking", "nixos")),
        ("yes", ("nix: a mapping of nixpkgs, style is wanted", "yes")),
    ],
)
def test_a_setting_that_cannot_be_is_told(campus: Path, cimnet: "Cimnet", said: str, words: tuple[str, ...]) -> None:
    edit(campus / CONFIG, "    environment: lab", f"    nix: {said}\n    environment: lab")
    cimnet("nix", "generate").refuses(*words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("generate", "acc1"), ("acc1", "not a host")),
        (("generate", "srv9"), ("srv9",)),
        (("generate", "--format", "nixops"), ("'flake', 'networkd'",)),
        (("check",), ("nothing was generated there", "cimnet nix generate")),
        (("check", "inventory"), ("nothing was generated there",)),
        (("check", "--at", "5"), ("--at", "files as they are")),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    campus: Path, cimnet: "Cimnet", arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    cimnet("nix", *arguments).refuses(*words)


def test_a_flake_of_somebody_else_is_left_alone(campus: Path, cimnet: "Cimnet") -> None:
    (campus / "nix").mkdir()
    (campus / "nix/flake.nix").write_text("{ outputs = _: { }; }\n")
    cimnet("nix", "generate").refuses("flake.nix was not generated", "-o DIR")
    assert texts(campus / "nix") == {"flake.nix": "{ outputs = _: { }; }\n"}


def test_without_a_nix_it_says_what_to_install(campus: Path, cimnet: "Cimnet", monkeypatch: pytest.MonkeyPatch) -> None:
    cimnet("nix", "generate")
    monkeypatch.setenv("PATH", str(campus))
    cimnet("nix", "check").refuses("nothing was checked", "no nix-instantiate", "apt-get install nix-bin")


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("hosts/srv1.nix", "# Generated by cimnet\n{ ... }: {\n  a = ;\n}\n", "unexpected ';' (hosts/srv1.nix:3:7)"),
        (
            "hosts/srv1.nix",
            "# Generated by cimnet\n{ ... }: { a = b; }\n",
            "variable 'b' (hosts/srv1.nix:2:16)",
        ),
        ("hosts/srv1.nix", "# Generated by cimnet\n{ ... }: throw ''a\nb''\n", "a b"),
        ("site/srv1.nix", "{ ... }: {", "unexpected end of file"),
        ("hosts/old/install.sh", "#!/bin/sh\n# Generated by cimnet\nif true\n", "4: Syntax error"),
        (
            "flake.nix",
            "# Generated by cimnet\n{ outputs = _: { checks = 5; }; }\n",
            "was expected (flake.nix:2:18)",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_place(
    campus: Path, cimnet: "Cimnet", file: str, text: str, problem: str
) -> None:
    cimnet("nix", "generate")
    (campus / "nix" / file).parent.mkdir(parents=True, exist_ok=True)
    (campus / "nix" / file).write_text(text)
    said = cimnet("nix", "check")
    assert said.status == 2
    (wrong,) = [line for line in said.out.splitlines() if line.startswith("wrong")]
    assert wrong.startswith(f"wrong {file}: ")
    assert problem in wrong
    assert said.err.endswith(" files, 1 wrong\n")
    assert str(campus) not in said.out
    assert cimnet("nix", "check", "--json").json("nix-check")["files"][file]["problem"] == wrong.partition(": ")[2]


def test_a_configuration_that_is_missing_is_told(campus: Path, cimnet: "Cimnet") -> None:
    cimnet("nix", "generate")
    (campus / "nix/devices/acc2.cfg").unlink()
    said = cimnet("nix", "check")
    assert (said.status, "wrong devices.nix: the configuration of acc2 is not there" in said.out) == (2, True)


def test_many_hosts_are_checked_in_one_go(tmp_path: Path, cimnet: "Cimnet") -> None:
    hosts = tuple(HostSide("net", f"host{number}", (), (), ()) for number in range(700))
    write_folder(tmp_path / "nix", NixGenerator().flake(FlakeContents("net", 1, hosts, ())))
    said = cimnet("nix", "check", str(tmp_path / "nix"))
    assert (said.status, said.err) == (0, "704 files in order\n")


EVAL_CONFIG = """\
{ system, modules }:
let
  lib = import STAND_IN/lib.nix;
  pkgs = import STAND_IN/packages.nix { inherit lib; names = [ "openssh" ]; };
  found = import STAND_IN/system.nix { inherit lib; packagesFor = _: pkgs; } { inherit modules; };
in
found // {
  config = found.config // {
    environment.etc = { };
    systemd = { services = { }; } // found.config.systemd // {
      network = if found.config.systemd.network ? odd then throw "The option `systemd.network.odd' does not exist."
        else { units = { }; };
    };
  };
}
"""


def test_hosts_are_evaluated_by_the_nixos_of_the_machine(
    campus: Path, cimnet: "Cimnet", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = Path(cimnet_nornir.nix.__file__).parent / "stand_in"
    place = tmp_path / "nixpkgs/nixos/lib/eval-config.nix"
    place.parent.mkdir(parents=True)
    place.write_text(EVAL_CONFIG.replace("STAND_IN", str(stand_in)))
    monkeypatch.setenv("NIX_PATH", f"nixpkgs={tmp_path}/nixpkgs")
    cimnet("nix", "generate")
    assert "ok    hosts/srv1.nix: parsed, evaluated, evaluated by NixOS\n" in cimnet("nix", "check").out
    edit(campus / "nix/hosts/srv1.nix", "enable = true;", "enable = true; odd = 1;")
    said = cimnet("nix", "check")
    assert "wrong hosts/srv1.nix: The option `systemd.network.odd' does not exist." in said.out


def test_no_colour_goes_into_a_pipe(campus: Path, cimnet: "Cimnet") -> None:
    assert "\x1b" not in cimnet("nix", "generate").out + cimnet("nix", "check").out

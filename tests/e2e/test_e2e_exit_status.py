"""Each row of docs/reference/exit-status.md: what happens there, made to happen, ends with the status that it says."""

import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.e2e.conftest import started_lab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "exit-status.md"
ROWS = re.findall(r"^\| (\d) \| (.+?) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
APPLY = ("apply", "--yes")
READ = ("plan", "apply", "verify", "drift", "audit", "backup")

Words = tuple[str, ...]
Case = Callable[["Project", RunningLab], Mapping[str, Words]]
"""Makes it happen on sw1, and returns the command lines that end with the status, by the command that the row names."""

CASES: dict[str, Case] = {}
GUARDED = {"taken back", "not confirmed"}


def case(name: str) -> Callable[[Case], Case]:
    def keep(made: Case) -> Case:
        CASES[name] = made
        return made

    return keep


def reading(*others: str) -> dict[str, Words]:
    """The commands that read sw1, and say what they could not."""
    lines = {name: (name, "sw1") for name in (*READ, *others)}
    asking = {"status --collect": ("status", "sw1", "--collect"), "cabling --collect": ("cabling", "--collect")}
    return lines | asking | {"apply": (*APPLY, "--limit", "sw1"), "trust": ("trust", "sw1", "--yes")}


def only(lines: Mapping[str, Words], *names: str) -> dict[str, Words]:
    return {name: lines[name] for name in names}


# --- 0 to 2 -----------------------------------------------------------------------------------------------------------


@case("done, or nothing to do")
def done(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.ok(*APPLY)
    return {"all": ("plan", "--detailed-exitcode"), "verify": ("verify",), "again": APPLY, "recover": ("recover",)}


@case("an error; wrong usage too")
def error(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {
        "all": ("plan", "--nonsense"),
        "plan": ("plan", "nobody"),
        "apply": ("apply", "no.plan"),
        "no yes": ("apply",),
    }


@case("results wait that could not be stored")
def waiting(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    spool = small.folder / ".cimnet" / "spool"
    spool.mkdir()
    (spool / "20261123-0001.json").write_text("{", encoding="utf-8")
    return {"recover": ("recover",)}


@case("no lab is up")
def no_lab(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.settings.lab.rename(small.folder / "elsewhere")
    return {"lab status": ("lab", "status")}


@case("something in the event log does not fit")
def does_not_fit(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    with closing(sqlite3.connect(small.database)) as connection, connection:
        connection.execute("UPDATE stored_events SET state = replace(state, 'users', 'losers')")
    return {"store verify": ("store", "verify")}


@case("something is to be sent")
def to_send(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {"plan": ("plan", "--detailed-exitcode")}


@case("something would be recorded")
def to_record(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.edit("10: users", "10: people")
    return {"declare --check": ("declare", str(small.network), "--check", "--detailed-exitcode")}


@case("two moments differ")
def moments(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {"diff": ("diff", "5", "--detailed-exitcode")}


@case("there is no way; a weak point, an unbroken loop or a VLAN in parts is found")
def in_parts(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.edit('native: 99, allowed: "10,99", description: to sw2', 'native: 99, allowed: "99", description: to sw2')
    small.ok("declare", str(small.network), "--accept-errors")
    return {
        "path": ("path", "sw1", "r1", "--detailed-exitcode"),
        "graph": ("graph", "vlan", "10", "--detailed-exitcode"),
    }


@case("a finding that no waiver covers")
def finding(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.edit('native: 99, allowed: "10,99", description: to sw2', 'native: 99, allowed: "99", description: to sw2')
    small.ok("declare", str(small.network), "--accept-errors")
    return {"check": ("check",), "audit": ("audit", "sw1"), "audit --intended": ("audit", "--intended")}


@case("a device does not run what is intended")
def differs_from_intent(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {"verify": ("verify", "sw1")}


@case("a check on a device does not hold")
def check_does_not_hold(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.ok(*APPLY)
    declare_check(small)
    return {"verify --checks": ("verify", "--checks")}


@case("somebody changed a device by hand")
def by_hand(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.ok(*APPLY)
    small.type("sw1", ["vlan 10", "name bobs"])
    return {"drift": ("drift",)}


@case("a cable is missing, wrong or unexpected")
def cabled_otherwise(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    small.ok("status", "--collect")
    small.edit("[sw1 GigabitEthernet1/0/4, sw2", "[sw1 GigabitEthernet1/0/3, sw2")
    small.ok("declare", str(small.network), "--prune", "--yes")
    return {"cabling": ("cabling",)}


@case("something stands in the way of a protected push")
def unprotected(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {"doctor": ("doctor", "sw1")}


@case("Nix does not take a file that was generated")
def no_nix(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    if shutil.which("nix-instantiate") is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    small.ok("nix", "generate")
    with (small.folder / "nix" / "devices.nix").open("a", encoding="utf-8") as file:
        file.write("}\n")
    return {"nix check": ("nix", "check")}


# --- 3 ----------------------------------------------------------------------------------------------------------------


@case("refused")
def refused(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "host-key")
    return reading("doctor", "import")


@case("failed")
def failed(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "ask", pattern="^show running-config")
    return only(reading(), *READ)


@case("stale")
def stale(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    file = str(small.folder / "change.plan")
    small.ok("plan", "-o", file)
    small.type("sw1", ["vlan 10", "name bobs"])
    return {"apply": (*APPLY, file)}


@case("busy")
def busy(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "lock", user="bob")
    return {"apply": APPLY}


@case("not recorded")
def not_recorded(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    with closing(sqlite3.connect(small.database)) as connection:
        connection.execute(
            "CREATE TRIGGER failing BEFORE INSERT ON stored_events WHEN NEW.type = 'PushStarted'"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    # Alone: what is written together with the start of another device's push would be refused with it, and be spooled.
    return {"apply": (*APPLY, "--limit", "sw1")}


@case("cut off")
def cut_off(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    site = small.folder / "templates" / "cisco_ios" / "site.j2"
    site.parent.mkdir(parents=True)
    site.write_text("ip ssh version 1\n", encoding="utf-8")
    return {"apply": APPLY}


@case("not armed")
def not_armed(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    return {"apply": (*APPLY, "--fallback", "refuse")}


@case("rejected")
def rejected(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "reject", pattern="^name users")
    return {"apply": APPLY}


@case("differs")
def differs(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "ignore", pattern="description desk")
    return {"apply": APPLY}


@case("check failed")
def check_failed(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    declare_check(small)
    return {"apply": APPLY}


CLOCK = """\
import subprocess


class SetsTheClockForward:
    id = "late"
    when = "after"
    hosts = ["sw1"]

    def run(self, device):
        subprocess.run([{program!r}, "--project", {folder!r}, "lab", "clock", "sw1", "--advance", "6m"], check=True)
        return ()


late = SetsTheClockForward()
"""


@case("not confirmed")
def not_confirmed(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    """All is looked at, and the device goes back before it is told to keep it."""
    (small.folder / "checks").mkdir()
    program = str(Path(sys.executable).with_name("cimnet"))
    text = CLOCK.format(program=program, folder=str(small.folder))
    (small.folder / "checks" / "late.py").write_text(text, encoding="utf-8")
    return {"apply": APPLY}


@case("taken back")
def taken_back(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw2", "reject", pattern="^name users")
    return {"apply": (*APPLY, "--transaction")}


@case("not started")
def not_started(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw2", "reject", pattern="^name users")
    return {"apply": (*APPLY, "--canary", "sw2")}


@case("not saved")
def not_saved(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "refuse-save")
    return {"apply": APPLY}


# --- 4 and 5 ----------------------------------------------------------------------------------------------------------


@case("unreachable")
def unreachable(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    lab.fault("sw1", "down")
    return reading("doctor", "import")


@case("no lab is up, and the environment is `lab`")
def lab_is_down(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    no_lab(small, lab)
    return only(reading("doctor"), *READ, "doctor")


@case("in doubt")
def in_doubt(small: "Project", lab: RunningLab) -> Mapping[str, Words]:
    config = small.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("connect: 5", "connect: 1.5").replace("line: 2", "line: 1")
    config.write_text(text, encoding="utf-8")
    lab.fault("sw1", "hang", lines=3)
    return {"apply": APPLY, "recover": ("recover",)}


# --- the table --------------------------------------------------------------------------------------------------------


def declare_check(small: "Project") -> None:
    text = "checks:\n  - {check: vlan-active, vlan: 77, hosts: sw1, within: 0}\n"
    (small.folder / "inventory" / "checks.yaml").write_text(text, encoding="utf-8")


@contextmanager
def lab_of(small: "Project", *, archive: bool) -> Iterator[RunningLab]:
    with started_lab(small, archive=archive) as lab:
        yield lab
        # The lab of a case that hid it ends as it began.
        if not small.settings.lab.exists():
            (small.folder / "elsewhere").rename(small.settings.lab)


def outcome_of(what: str) -> str:
    """The outcome that a row names in quotes; the whole text where it names none."""
    found = re.match(r'"(.+?)"', what)
    return found[1] if found else what


def named(commands: str) -> set[str]:
    """The commands that a row names."""
    return {"all"} if commands == "all" else {name for name in re.findall(r"`(.+?)`", commands) if name[0] != "-"}


def test_every_row_is_tried() -> None:
    assert [outcome_of(what) for _, what, _ in ROWS] == list(CASES)


def test_every_outcome_that_is_recorded_has_its_row() -> None:
    from typing import get_args

    from cimnet_nornir.domain.events import ConfigurationFailed

    outcomes = get_args(ConfigurationFailed.model_fields["outcome"].annotation)
    assert {outcome_of(what) for _, what, _ in ROWS if what.startswith('"')} == set(outcomes)


@pytest.mark.slow
@pytest.mark.parametrize(("status", "what", "commands"), ROWS, ids=[outcome_of(what) for _, what, _ in ROWS])
def test_what_happened_ends_with_the_status(small: "Project", status: str, what: str, commands: str) -> None:
    outcome = outcome_of(what)
    with lab_of(small, archive=outcome in GUARDED) as lab:
        lines = CASES[outcome](small, lab)
        assert named(commands) <= set(lines)
        for words in lines.values():
            small.ok(*words, status=int(status))
        if what.startswith('"'):
            recorded = small.events("SwitchConfigurationFailed", "RouterConfigurationFailed")
            assert outcome in {event["data"]["outcome"] for event in recorded if event["data"]["device"] == "sw1"}

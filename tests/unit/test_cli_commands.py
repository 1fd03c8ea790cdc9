"""The command line in one process, as far as no device is needed: what each command says, and its status."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.application.project import create_project
from cimnet_nornir.cli import COMMANDS
from tests.unit.conftest import edit

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

CONFIG = "inventory/config.yaml"
NETWORK = "inventory/network.yaml"


pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project; the working directory is in it."""
    create_project(tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    return tmp_path / "campus"


# --- init -------------------------------------------------------------------------------------------------------------


def test_a_new_project_is_ready_to_run(cimnet: "Cimnet", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = cimnet("init", "campus")
    assert said.status == 0
    assert "campus/inventory/config.yaml" in said.out.splitlines()
    assert "next: cd campus && cimnet declare" in said.err
    monkeypatch.chdir(tmp_path / "campus")
    assert cimnet("declare", NETWORK).status == 0


def test_an_empty_project_has_a_definition_to_be_written(
    cimnet: "Cimnet", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = cimnet("init", str(tmp_path / "e"), "--empty", "--network", "branch")
    assert "cimnet import FILE|DIR" in said.err
    monkeypatch.chdir(tmp_path / "e")
    assert not (tmp_path / "e" / "templates" / "cisco_ios" / "site.j2").exists()
    assert cimnet("declare", "--json").json("declare")["count"] == 1
    text = (tmp_path / "e" / NETWORK).read_text()
    # What stands there as an example is one, but for a device that it does not have.
    written = re.sub(r"(?m)^# ((?:defaults|vlans|devices):| +[a-zA-Z]\w+)", r"\1", text)
    (tmp_path / "e" / NETWORK).write_text(written)
    assert cimnet("declare", "--json").json("declare")["count"] > 1


def test_nothing_that_exists_is_overwritten(cimnet: "Cimnet", project: Path) -> None:
    before = (project / CONFIG).read_text()
    cimnet("init", ".").refuses("is there already; choose another folder")
    assert (project / CONFIG).read_text() == before


@pytest.mark.parametrize("name", ["branch", "10", "true", "net-2.1"])
def test_a_project_is_made_for_another_network(cimnet: "Cimnet", tmp_path: Path, name: str) -> None:
    said = cimnet("init", str(tmp_path / "b"), "--network", name, "--json")
    assert min(said.json("init")["files"]) == str(tmp_path / "b" / ".gitignore")
    declared = cimnet("--project", str(tmp_path / "b"), "declare", str(tmp_path / "b" / NETWORK))
    assert declared.status == 0, declared.err
    shown = cimnet("inventory", "--project", str(tmp_path / "b"), "--json").json("inventory")
    assert shown["network"] == name
    assert len(shown["hosts"]) == 9


def test_a_name_that_no_network_can_have_is_refused(cimnet: "Cimnet", tmp_path: Path) -> None:
    cimnet("init", str(tmp_path / "b"), "--network", "a: b").refuses("--network: 'a: b' is no name")
    assert not (tmp_path / "b").exists()


def test_a_folder_that_cannot_be_made_is_told(cimnet: "Cimnet", tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cimnet("init", str(tmp_path / "file" / "b")).refuses("Not a directory")


# --- declare ----------------------------------------------------------------------------------------------------------


def test_a_definition_said_twice_changes_nothing(cimnet: "Cimnet", project: Path) -> None:
    first = cimnet("declare", NETWORK, "--reason", "CHG-1")
    assert first.status == 0
    assert "events recorded in request" in first.out
    events = cimnet("store", "info", "--json").json("store-info")["events"]
    second = cimnet("declare", NETWORK)
    assert second.out == "0 events recorded: the intent is as the file says\n"
    assert cimnet("store", "info", "--json").json("store-info")["events"] == events


def test_only_what_differs_is_recorded(cimnet: "Cimnet", campus: Path) -> None:
    edit(campus / NETWORK, "description: meeting room", "description: foyer")
    document = cimnet("declare", NETWORK, "--json").json("declare")
    assert [event["type"] for event in document["events"]] == ["PortConfigured"]
    assert document["count"] == 1
    assert cimnet("declare", NETWORK, "--json").json("declare") == {
        "format": "cimnet.declare/1",
        "check": False,
        "count": 0,
        "request": None,
        "events": [],
        "findings": [],
    }


def test_check_shows_and_records_nothing(cimnet: "Cimnet", campus: Path) -> None:
    edit(campus / NETWORK, "  40: guests", "  40: visitors")
    head = cimnet("store", "info", "--json").json("store-info")["head"]
    said = cimnet("declare", NETWORK, "--check")
    assert said.status == 0
    assert "+ acc1: VLAN 40 renamed (visitors)\n" in said.out
    assert "6 events would be recorded" in said.out
    assert cimnet("declare", NETWORK, "--check", "--detailed-exitcode").status == 2
    document = cimnet("declare", NETWORK, "--check", "--json").json("declare")
    assert (document["check"], document["count"]) == (True, 6)
    assert cimnet("store", "info", "--json").json("store-info")["head"] == head


def test_check_of_a_definition_that_was_declared_is_empty(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("declare", NETWORK, "--check", "--detailed-exitcode")
    assert (said.status, said.out) == (0, "nothing to record\n")


def test_what_the_file_leaves_out_stays_unless_pruned(cimnet: "Cimnet", campus: Path) -> None:
    text = (campus / NETWORK).read_text()
    start, end = text.index("  acc3:"), text.index("  acc4:")
    links = text[end:].replace("  - [acc3 GigabitEthernet1/0/23, dist1 GigabitEthernet1/0/3]\n", "")
    links = links.replace("  - [acc3 GigabitEthernet1/0/24, dist2 GigabitEthernet1/0/3]\n", "")
    (campus / NETWORK).write_text(text[:start] + links)
    checked = cimnet("declare", NETWORK, "--check")
    assert "nothing to record" in checked.out
    assert "that the file leaves out would stay; see --prune" in checked.err
    assert cimnet("declare", NETWORK).out.startswith("0 events")

    asked = cimnet("declare", NETWORK, "--prune")
    assert asked.status == 1
    assert "- acc3: removed from the network" in asked.out
    assert "3 removals listed above; say --yes to record them" in asked.err
    assert "acc3" in cimnet("inventory").out

    pruned = cimnet("declare", NETWORK, "--prune", "--yes", "--json")
    assert [event["type"] for event in pruned.json("declare")["events"]] == [
        "LinkDisconnected",
        "LinkDisconnected",
        "DeviceRemoved",
    ]
    assert "- acc3: removed from the network" in pruned.err
    assert "acc3" not in cimnet("inventory").out


def test_pruning_where_nothing_goes_asks_nobody(cimnet: "Cimnet", campus: Path) -> None:
    edit(campus / NETWORK, "  40: guests", "  40: visitors")
    said = cimnet("declare", NETWORK, "--prune")
    assert said.status == 0
    assert "6 events recorded" in said.out


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("  40: guests", "  4095: guests", "vlans", ("VLAN", "4095")),
        ("management: 10.0.99.12", "management: 10.0.99.11", "", ("10.0.99.11",)),
        ("acc1 GigabitEthernet1/0/23, dist1", "acc1 GigabitEthernet1/0/77, dist1", "links", ("GigabitEthernet1/0/77",)),
        ("    role: core", "    role: [core]", "role", ("text",)),
        ("    kind: router", "    kind: toaster", "kind", ("router",)),
        ("network: campus", "network: [", "", ()),
        ("network: campus", "network: elsewhere", "network", ("this is the network 'elsewhere'", "says 'campus'")),
        ("portfast: true", "portfast: perhaps", "portfast", ("true",)),
        ("    model: ISR4331", "    modell: ISR4331", "modell", ("model",)),
    ],
)
def test_a_mistake_in_the_file_is_one_line_with_its_place(
    cimnet: "Cimnet", campus: Path, old: str, new: str, place: str, words: tuple[str, ...]
) -> None:
    """The store stays as it is; other problems of the same cause may follow, a line each."""
    edit(campus / NETWORK, old, new)
    head = cimnet("store", "info", "--json").json("store-info")["head"]
    said = cimnet("declare", NETWORK)
    assert (said.status, said.out) == (1, "")
    lines = said.err.splitlines()
    number = next(n for n, line in enumerate((campus / NETWORK).read_text().splitlines(), 1) if new in line)
    assert all(line.startswith(f"cimnet: error: {NETWORK}:") for line in lines), said.err
    relevant = [line for line in lines if place in line and all(word in line for word in words)]
    assert relevant, said.err
    if new != "network: [" and not old.startswith("management"):
        assert any(line.startswith(f"cimnet: error: {NETWORK}:{number}: ") for line in relevant), (number, said.err)
    assert cimnet("store", "info", "--json").json("store-info")["head"] == head


def test_a_definition_that_is_not_there_is_told(cimnet: "Cimnet", project: Path) -> None:
    cimnet("declare", "missing.yaml").refuses("missing.yaml", "No such file")


def test_the_schema_is_printed_without_a_project(
    cimnet: "Cimnet", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    schema = json.loads(cimnet("declare", "--schema").out)
    assert "devices" in schema["properties"]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_inventory_shows_hosts_and_groups(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("inventory")
    assert said.out.splitlines()[0].split() == ["HOST", "REACHED", "AT", "GROUPS"]
    assert "no-lab-is-up.invalid:22" in said.out
    assert re.search(r"^srv1 +not-in-the-lab\.invalid:22 ", said.out, re.MULTILINE)
    document = cimnet("inventory", "--limit", "group:role__access", "--json").json("inventory")
    assert list(document["hosts"]) == ["acc1", "acc2", "acc3", "acc4"]
    assert document["hosts"]["acc1"]["data"]["vlans"] == "10,20,30,40,99,999"
    real = cimnet("inventory", "--env", "real", "--json").json("inventory")
    assert real["hosts"]["acc1"]["hostname"] == "10.0.99.11"


def test_an_empty_inventory_says_what_to_do(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("inventory")
    assert (said.status, said.out) == (0, "")
    assert "nothing was declared yet" in said.err


def test_a_configuration_is_rendered_for_one_or_many(cimnet: "Cimnet", campus: Path) -> None:
    one = cimnet("render", "acc1")
    assert one.out.startswith("hostname acc1\n")
    assert "! ===== acc1" not in one.out
    many = cimnet("render", "acc1", "acc2")
    assert many.out.count("! =====") == 2
    written = cimnet("render", "-o", "build", "--limit", "acc*")
    assert "4 configurations written to build" in written.err
    assert (campus / "build" / "acc1.cfg").read_text() == one.out.rstrip("\n") + "\n"
    document = cimnet("render", "acc1", "--json").json("render")
    assert list(document["configurations"]) == ["acc1"]
    assert document["templates"].startswith("sha256:")
    (campus / "file").touch()
    cimnet("render", "-o", "file/build").refuses("Not a directory")
    cimnet("render", "acc9").refuses("there is no device 'acc9'; did you mean acc")


def test_the_intent_is_a_definition_file_of_which_nothing_would_be_recorded(cimnet: "Cimnet", campus: Path) -> None:
    edit(campus / NETWORK, "description: meeting room", "description: foyer")
    before = cimnet("render", "--definition").out
    cimnet("declare", NETWORK)
    text = cimnet("render", "--definition").out
    assert ("foyer" in text, "foyer" in before) == (True, False)
    (campus / NETWORK).write_text(text)
    assert cimnet("declare", NETWORK, "--check", "--prune").out == "nothing to record\n"
    assert cimnet("render", "--definition", "--json").json("definition")["definition"] == text
    for some in (("acc1",), ("-o", "build"), ("--limit", "acc*")):
        cimnet("render", "--definition", *some).refuses("leave out HOST, --limit and -o")


def test_every_reading_command_takes_a_moment(cimnet: "Cimnet", campus: Path) -> None:
    head = cimnet("store", "info", "--json").json("store-info")["head"]
    edit(campus / NETWORK, "description: meeting room", "description: foyer")
    cimnet("declare", NETWORK)
    assert "foyer" in cimnet("render", "acc1").out
    assert "foyer" not in cimnet("render", "acc1", "--at", str(head)).out
    assert cimnet("inventory", "--at", "1", "--json").json("inventory")["hosts"] == {}
    assert cimnet("check", "--at", str(head), "--json").json("check")["at"] == head
    assert cimnet("history", "--at", "3", "--json").json("history")["events"][0]["position"] == 3
    assert "meeting room" in cimnet("blame", "acc1", "description", "--at", str(head)).out
    cimnet("render", "acc1", "--at", "2020-01-01").refuses("there is no device 'acc1'")
    cimnet("render", "acc1", "--at", "yesterday").refuses("'yesterday' is no moment")
    cimnet("history", "--at", "99999").refuses("there is no event 99999; the last one is")


def test_check_tells_findings_by_its_status(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("check")
    assert (said.status, said.out) == (0, "nothing found\n")
    edit(campus / NETWORK, 'native: 999, allowed: "10,20,30,40,99"', "native: 999, allowed: 10-99")
    cimnet("declare", NETWORK)
    found = cimnet("check", "--limit", "acc1")
    assert found.status == 2
    assert (
        "warning: acc1 GigabitEthernet1/0/23, GigabitEthernet1/0/24: the trunk allows VLANs that acc1 does not have"
        in found.out
    )
    document = cimnet("check", "--json")
    assert document.status == 2
    assert {item["severity"] for item in document.json("check")["findings"]} <= {"warning", "error"}


def test_history_is_told_newest_first_by_pages(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("history", "--first", "2")
    assert said.out.splitlines()[0].split() == ["EVENT", "WHEN", "WHO", "ABOUT", "WHAT"]
    assert "[first rollout]" in said.out
    assert "older ones: cimnet history --first 2 --after" in said.err
    document = cimnet("history", "--first", "2", "--json").json("history")
    newest, second = document["events"]
    assert newest["position"] == second["position"] + 1
    assert document["next"] == second["position"]
    assert (newest["actor"], newest["reason"]) == ("ann", "first rollout")
    older = cimnet("history", "--first", "1", "--after", str(document["next"]), "--json").json("history")
    assert older["events"][0]["position"] == second["position"] - 1
    created = cimnet("history", "acc1", "--type", "VlanCreated", "--json").json("history")
    assert {event["type"] for event in created["events"]} == {"VlanCreated"}
    assert len(created["events"]) == 6
    cimnet("history", "--type", "VlanCreate").refuses("there is no event type 'VlanCreate'; did you mean VlanCreated?")
    cimnet("history", "acc9").refuses("there is no device 'acc9'")


def test_history_of_nothing(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("history")
    assert (said.status, said.out, said.err) == (0, "", "nothing happened yet\n")


def test_a_reason_makes_no_line_of_its_own_and_tells_the_terminal_nothing(cimnet: "Cimnet", project: Path) -> None:
    hostile = "real\n1  2026-01-01 00:00:00  eve  sw1  device removed\x1b[31m"
    told = "real\\x0a1  2026-01-01 00:00:00  eve  sw1  device removed\\x1b[31m"
    assert cimnet("declare", "inventory/network.yaml", "--reason", hostile).status == 0
    for command in (("history",), ("trace", "1"), ("blame", "acc1")):
        shown = cimnet(*command).out
        assert told in shown
        assert hostile not in shown


def test_a_chain_is_traced_from_its_request(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("trace", "2")
    assert said.status == 0
    assert "asked for: declare file=network.yaml" in said.out
    assert "network campus created" in said.out
    document = cimnet("trace", "2", "--json").json("trace")
    assert document["chain"]["type"] == "ChangeRequested"
    assert document["chain"]["caused"][0]["type"] == "NetworkCreated"
    cimnet("trace", "99999").refuses("there is no event '99999'")
    cimnet("trace", "ab").refuses("'ab' is too short; give at least 4 characters")


def test_blame_tells_who_when_and_why(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("blame", "acc1", "vlan 10")
    row = next(line for line in said.out.splitlines() if line.endswith("vlan 10"))
    assert "VlanCreated" in row
    assert "ann" in row
    assert "first rollout" in row
    assert "not pushed" in row
    document = cimnet("blame", "acc1", "vlan 10", "--json").json("blame")
    line = next(line for line in document["lines"] if line["line"] == "vlan 10")
    assert (line["type"], line["actor"], line["reason"], line["deployment"]) == (
        "VlanCreated",
        "ann",
        "first rollout",
        None,
    )
    cimnet("blame", "acc1", "nowhere").refuses("contains 'nowhere'")
    cimnet("blame", "acc9").refuses("there is no device 'acc9'")


# --- store ------------------------------------------------------------------------------------------------------------


def test_the_store_is_told_exported_imported_and_verified(cimnet: "Cimnet", campus: Path) -> None:
    assert "events.db" in cimnet("store", "info").out
    exported = cimnet("store", "export")
    events = cimnet("store", "info", "--json").json("store-info")["events"]
    written = cimnet("store", "export", "-o", "events.jsonl")
    assert f"{events} events written to events.jsonl" in written.err
    assert (campus / "events.jsonl").read_text() == exported.out
    copied = cimnet("store", "import", "events.jsonl", "--store", "sqlite:///copy.db")
    assert copied.out == f"{events} events imported\n"
    assert (campus / "copy.db").exists()
    cimnet("store", "import", "events.jsonl").refuses("empty")
    verified = cimnet("store", "verify", "--store", "sqlite:///copy.db", "--json").json("store-verify")
    assert (verified["ok"], verified["events"]) == (True, events)
    assert "all fits" in cimnet("store", "verify").out
    cimnet("store", "export", "-o", "missing/events.jsonl").refuses("No such file or directory")


def test_an_import_of_something_else_is_refused(cimnet: "Cimnet", project: Path) -> None:
    (project / "text.jsonl").write_text("hello\n")
    cimnet("store", "import", "text.jsonl").refuses()
    (project / "bytes.jsonl").write_bytes(b"\xff\xfe\n")
    cimnet("store", "import", "bytes.jsonl").refuses()
    cimnet("store", "import", "missing.jsonl").refuses("missing.jsonl", "No such file")


def test_a_store_that_was_tampered_with_is_told(cimnet: "Cimnet", campus: Path) -> None:
    with sqlite3.connect(campus / ".cimnet" / "events.db") as connection:
        connection.execute("UPDATE stored_events SET state = replace(state, 'users', 'abusers') WHERE position = 20")
        changed = connection.execute("SELECT count(*) FROM stored_events WHERE state LIKE '%abusers%'").fetchone()[0]
        if not changed:
            connection.execute("UPDATE stored_events SET state = state || ' ' WHERE position = 20")
    connection.close()
    said = cimnet("store", "verify")
    assert said.status == 1
    assert "wrong: event 20: " in said.out
    assert cimnet("store", "verify", "--json").json("store-verify")["ok"] is False


# --- options, help and errors -----------------------------------------------------------------------------------------


def test_options_stand_before_or_after_the_sub_command(cimnet: "Cimnet", campus: Path, tmp_path: Path) -> None:
    before = cimnet("--json", "--limit", "acc1", "inventory")
    after = cimnet("inventory", "--json", "--limit", "acc1")
    assert before == after
    assert list(after.json("inventory")["hosts"]) == ["acc1"]
    both = cimnet("--limit", "acc1", "inventory", "--limit", "acc2", "--json").json("inventory")
    assert list(both["hosts"]) == ["acc1", "acc2"]
    assert cimnet("--env", "real", "inventory", "--env", "lab", "--json").json("inventory")["environment"] == "lab"


def test_a_project_is_found_from_a_folder_below_it(
    cimnet: "Cimnet", campus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (campus / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(campus / "deep" / "er")
    assert "acc1" in cimnet("inventory").out
    monkeypatch.setenv("CIMNET_ENV", "real")
    assert cimnet("inventory", "--json").json("inventory")["environment"] == "real"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inventroy",), ("there is no command 'inventroy'; did you mean 'inventory'?",)),
        (("zzz",), ("there is no command 'zzz' (see cimnet --help)",)),
        (("inventory", "--frobnicate"), ("--frobnicate", "(see cimnet inventory --help)")),
        (("blame",), ("HOST",)),
        (("history", "--first", "0"), ("--first", "0")),
        (("history", "--first", "x"), ("--first", "'x'")),
        (("inventory", "--env", "prod"), ("--env", "'lab', 'real'")),
        (("inventory", "--workers", "0"), ("--workers is 1 or more, not 0",)),
        (("inventory", "--workers", "many"), ("--workers", "'many'")),
        (("--nonsense",), ("--nonsense",)),
        (("store", "frobnicate"), ("frobnicate",)),
        (("inventory", "--store", "mysql://root:pw@h/db"), ("no event store can be opened at mysql:…",)),
        (("inventory", "--store", "sqlite:////proc/nowhere/x.db"), ("/proc/nowhere",)),
        (("inventory", "--project", "nowhere"), ("there is no project", "cimnet init DIR")),
        (("show", "missing.plan"), ("missing.plan: No such file or directory",)),
        (("show", "inventory/network.yaml"), ("this is no plan",)),
        (("render",), ("there is no network 'campus' yet; declare one: cimnet declare inventory/network.yaml",)),
        (("check",), ("there is no network 'campus' yet",)),
        (("status",), ("there is no network 'campus' yet; declare one: cimnet declare inventory/network.yaml",)),
    ],
)
def test_a_wrong_command_line_is_one_line(
    cimnet: "Cimnet", project: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    said = cimnet(*arguments)
    said.refuses(*words)
    assert "pw@" not in said.err


def test_no_project_says_how_to_make_one(cimnet: "Cimnet", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cimnet("inventory").refuses("there is no project here or above", "make one with: cimnet init DIR")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inventory: [", ("config.yaml",)),
        ("- a\n- b\n", ("this is no mapping of settings",)),
        ("inventory: {options: {environment: prod}}", ("environment 'prod' is not known; it is lab or real",)),
        ("inventory: {options: {environment: true}}", ("environment True is not known",)),
        ("inventory: {options: {store: 5}}", ("store",)),
        ("runner: {options: {num_workers: many}}", ("num_workers",)),
        ("runner: {options: {num_workers: 0}}", ("num_workers",)),
        ("\xff", ("config.yaml",)),
    ],
)
def test_a_wrong_setting_is_one_line(cimnet: "Cimnet", project: Path, text: str, words: tuple[str, ...]) -> None:
    (project / CONFIG).write_bytes(text.encode("latin-1"))
    cimnet("inventory").refuses(*words)


def test_settings_may_be_left_out(cimnet: "Cimnet", project: Path) -> None:
    (project / CONFIG).write_text("{}")
    document = cimnet("inventory", "--json").json("inventory")
    assert (document["network"], document["environment"]) == ("campus", "lab")


def test_help_lists_every_command(cimnet: "Cimnet") -> None:
    said = cimnet("--help")
    assert said.status == 0
    for name, help_line in COMMANDS.items():
        assert name in said.out
        assert help_line.split()[0] in said.out
    assert "Exit status: 0 done" in said.out
    assert cimnet("-h").out == said.out
    assert cimnet("--version").out.startswith("cimnet ")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_commands_help_has_an_example(cimnet: "Cimnet", command: str) -> None:
    said = cimnet(command, "--help")
    assert said.status == 0
    assert f"  cimnet {command}" in said.out.partition("Examples:")[2]
    assert "--json" in said.out
    assert "\b" not in said.out


@pytest.mark.parametrize(
    "command",
    [("store", name) for name in ("info", "export", "import", "verify", "leases")] + [("lab", "fault"), ("lab", "up")],
)
def test_each_sub_command_has_help(cimnet: "Cimnet", command: tuple[str, str]) -> None:
    said = cimnet(*command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: cimnet {command[0]} {command[1]}")


_LIFE = ("show", "provision", "commission", "maintenance", "end-maintenance", "decommission", "decommissioned")


@pytest.mark.parametrize(
    "command",
    [*(("lifecycle", name) for name in _LIFE), *(("waiver", name) for name in ("grant", "revoke", "list"))],
)
def test_each_announcement_and_waiver_has_help_with_an_example(cimnet: "Cimnet", command: tuple[str, str]) -> None:
    said = cimnet(*command, "--help")
    assert said.status == 0
    assert f"  cimnet {' '.join(command)}" in said.out.partition("Examples:")[2]
    assert "\b" not in said.out


def test_the_life_of_a_server_is_shown_and_announced_as_that_of_a_device(cimnet: "Cimnet", campus: Path) -> None:
    assert re.search(r"^srv1 +planned ", cimnet("lifecycle").out, re.MULTILINE)
    assert cimnet("lifecycle", "commission", "srv1", "acc1").status == 0
    said = cimnet("lifecycle", "maintenance", "srv1", "acc1", "--until", "4h", "--reason", "CHG-7 disks")
    assert (said.status, said.err) == (0, "")
    assert [line.split()[:2] for line in said.out.splitlines()[1:]] == [
        ["acc1", "maintenance"],
        ["srv1", "maintenance"],
    ]
    events = json.loads(cimnet("history", "srv1", "--type", "HostMaintenanceStarted", "--json").out)["events"]
    assert [event["reason"] for event in events] == ["CHG-7 disks"]
    shown = json.loads(cimnet("lifecycle", "srv1", "--json").out)["devices"]
    assert (shown["srv1"]["kind"], shown["srv1"]["state"]) == ("host", "maintenance")
    assert list(json.loads(cimnet("lifecycle", "--limit", "srv*", "--json").out)["devices"]) == ["srv1"]


def test_a_pipe_gets_no_colour(cimnet: "Cimnet", campus: Path) -> None:
    for arguments in (("inventory",), ("history", "--first", "3"), ("blame", "acc1"), ("trace", "1"), ("check",)):
        said = cimnet(*arguments)
        assert "\x1b" not in said.out + said.err


class Strange(io.StringIO):
    """An output that does what nobody expected."""

    def write(self, text: str) -> int:
        raise ZeroDivisionError("two\nlines")


def test_a_bug_is_one_line_and_a_traceback_for_who_asks(
    cimnet: "Cimnet", campus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Strange())
    said = cimnet("store", "export")
    assert said.status == 1
    assert said.err == "cimnet: error: this is a bug: ZeroDivisionError: two lines (again with -v shows where)\n"
    with pytest.raises(ZeroDivisionError):
        cimnet("store", "export", "-v")


def test_a_reader_who_goes_away_is_no_error(campus: Path) -> None:
    program = "import sys; from cimnet_nornir.cli import main; sys.argv = ['cimnet', 'store', 'export']; main()"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(20)


def test_help_is_answered_without_the_slow_libraries() -> None:
    slow = [
        "netmiko",
        "napalm",
        "networkx",
        "sqlalchemy",
        "pydantic",
        "nornir",
        "ruamel.yaml",
        "jinja2",
        "rich.console",
    ]
    program = (
        "import sys; from cimnet_nornir.cli import run; assert run(['--help']) == 0;"
        f"print([name for name in {slow} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=os.environ)
    assert done.stderr == "[]\n"

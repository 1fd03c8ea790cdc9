"""The command line and the past: moments compared, intent taken back, and every command as of then or refusing to."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cimnet_nornir.cli import cli, run
from cimnet_nornir.cli.paging import next_of, page_through

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

CONFIG = """\
inventory: {plugin: CimnetInventory, options: {network: small, environment: lab}}
runner: {plugin: threaded, options: {num_workers: 2}}
logging: {enabled: false}
"""
NETWORK = """\
network: small
defaults: {vendor: cisco, platform: ios, site: hq}
vlans: {10: users}
devices:
  sw1:
    kind: switch
    role: access
    management: 127.0.0.12
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/1: {mode: access, vlan: 10, description: desk}
  sw2:
    kind: switch
    role: access
    management: 127.0.0.13
    ports: [GigabitEthernet1/0/1-4]
links:
  - [sw1 GigabitEthernet1/0/4, sw2 GigabitEthernet1/0/4]
"""


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network, declared; to be copied."""
    folder = tmp_path_factory.mktemp("declared") / "small"
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory" / "config.yaml").write_text(CONFIG)
    (folder / "inventory" / "network.yaml").write_text(NETWORK)
    assert run(["--project", str(folder), "declare", str(folder / "inventory" / "network.yaml"), "--reason", "A"]) == 0
    return folder


@pytest.fixture
def small(declared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with the small network; the working directory is in it."""
    shutil.copytree(declared, tmp_path / "small")
    monkeypatch.chdir(tmp_path / "small")
    return tmp_path / "small"


def head(cimnet: "Cimnet") -> int:
    return int(cimnet("store", "info", "--json").json("store-info")["head"])


def declare(cimnet: "Cimnet", small: Path, *changes: tuple[str, str]) -> str:
    """Declare the network with changes; returns the moment before."""
    before = head(cimnet)
    path = small / "inventory" / "network.yaml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    assert cimnet("declare", "--prune", "--yes", "--reason", "B").status == 0
    return str(before)


MORE = (("{10: users}", "{10: users, 20: voice}"), ("vlan: 10, description: desk", "vlan: 20, description: desk"))


# --- diff -------------------------------------------------------------------------------------------------------------


def test_a_diff_tells_what_changed_device_by_device(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    said = cimnet("diff", before)
    assert said.out.splitlines() == [
        "sw1",
        "  ~ Gi1/0/1: switching mode access, vlan 10 -> mode access, vlan 20",
        "  + VLAN 20 (voice)",
        "sw2",
        "  + VLAN 20 (voice)",
        "3 differences, 2 devices",
    ]
    assert said.status == 0
    assert cimnet("diff", before, "--detailed-exitcode").status == 2


def test_nothing_differs_between_a_moment_and_itself(cimnet: "Cimnet", small: Path) -> None:
    now = str(head(cimnet))
    for of in ("intent", "inventory", "configuration"):
        said = cimnet("diff", now, "--of", of, "--detailed-exitcode")
        assert (said.status, said.out) == (0, "no difference\n")


def test_a_diff_goes_backwards_too(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    assert "  - VLAN 20 (voice)" in cimnet("diff", str(head(cimnet)), before).out


def test_a_diff_of_configurations_shows_the_rendered_lines(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    said = cimnet("diff", before, "--of", "configuration", "--limit", "sw1")
    assert "  - switchport access vlan 10" in said.out
    assert "  + switchport access vlan 20" in said.out
    assert "sw2" not in said.out
    assert "templates as they are now" in said.err
    document = cimnet("diff", before, "--of", "configuration", "--json").json("diff")
    assert [group["name"] for group in document["devices"]] == ["sw1", "sw2"]
    assert document["templates"].startswith("sha256:")


def test_a_diff_of_inventories_tells_facts_and_hosts(cimnet: "Cimnet", small: Path) -> None:
    before = declare(
        cimnet, small, *MORE, ("  sw2:\n    kind: switch\n    role: access", "  sw2:\n    kind: switch\n    role: core")
    )
    said = cimnet("diff", before, "--of", "inventory")
    assert "  ~ vlans: 10 -> 10,20" in said.out
    assert "  ~ groups: -role__access +role__core" in said.out


def test_devices_that_came_went_and_were_renamed_are_told(cimnet: "Cimnet", small: Path) -> None:
    start = str(head(cimnet))
    declare(cimnet, small, ("  sw2:\n    kind", "  sw9:\n    renamed_from: sw2\n    kind"), ("sw2 Gig", "sw9 Gig"))
    assert "sw9 (was sw2)" in cimnet("diff", start).out
    declare(
        cimnet,
        small,
        ("  sw1:\n", "  r1: {kind: router, management: 127.0.0.14, ports: [GigabitEthernet0/0]}\n  sw1:\n"),
    )
    said = cimnet("diff", start)
    assert "  + router r1 (ios, 1 port)" in said.out
    document = cimnet("diff", start, "--json").json("diff")
    assert {group["name"]: group["change"] for group in document["devices"]} == {"r1": "added", "sw9": "changed"}
    back = cimnet("diff", str(head(cimnet)), start).out
    assert "  - router r1 (ios, 1 port)" in back


def test_links_are_told_by_host_names(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, ("links:\n  - [sw1 GigabitEthernet1/0/4, sw2 GigabitEthernet1/0/4]\n", ""))
    assert "  - link sw1 Gi1/0/4 - sw2 Gi1/0/4" in cimnet("diff", before).out.splitlines()
    assert "link" in cimnet("diff", before, "--limit", "sw2").out


def test_a_long_diff_is_read_by_cursor(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    first = cimnet("diff", before, "--first", "1")
    assert "sw2" not in first.out
    assert "more: --after sw1" in first.err
    assert cimnet("diff", before, "--first", "1", "--json").json("diff")["next"] == "sw1"
    assert "sw1" not in cimnet("diff", before, "--after", "sw1").out


def test_a_moment_is_named_by_the_beginning_of_an_id_too(cimnet: "Cimnet", small: Path) -> None:
    declare(cimnet, small, *MORE)
    events = cimnet("history", "--json").json("history")["events"]
    request = next(event["event_id"] for event in events if event["type"] == "ChangeRequested")
    assert cimnet("diff", request).out == cimnet("diff", str(events[-1]["position"] and request)).out
    with_letter = next(
        event["event_id"] for event in events if any(letter in event["event_id"][:8] for letter in "abcdef")
    )
    assert cimnet("diff", with_letter[:8]).out == cimnet("diff", with_letter).out


# --- rollback ---------------------------------------------------------------------------------------------------------


def test_a_rollback_shows_what_it_undoes_and_records_it(cimnet: "Cimnet", small: Path) -> None:
    was = cimnet("render", "sw1").out
    before = declare(cimnet, small, *MORE)
    checked = cimnet("rollback", "--to", before, "--check")
    assert "undone: 3 events" in checked.out
    assert "3 events would be recorded" in checked.out
    assert "next: cimnet rollback without --check" in checked.err
    assert cimnet("render", "sw1").out != was
    done = cimnet("rollback", "--to", before, "--reason", "CHG-2 withdrawn")
    assert "3 events recorded in request" in done.out
    assert "next: cimnet plan" in done.err
    assert cimnet("render", "sw1").out == was
    assert cimnet("diff", before).out == "no difference\n"
    again = cimnet("rollback", "--to", before, "--json").json("rollback")
    assert (again["count"], again["request"], again["undone"]) == (0, None, [])


def test_a_rollback_of_one_device_leaves_the_other(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    assert "next: cimnet plan --limit sw2" in cimnet("rollback", "--to", before, "--limit", "sw2").err
    assert "sw2" not in cimnet("diff", before).out
    assert "sw1" in cimnet("diff", before).out


def test_blame_and_trace_lead_from_a_line_that_came_back_to_who_put_it_there(cimnet: "Cimnet", small: Path) -> None:
    first = cimnet("blame", "sw1", "desk", "--json").json("blame")["lines"]
    before = declare(
        cimnet, small, ("      GigabitEthernet1/0/1: {mode: access, vlan: 10, description: desk}\n", "      {}\n")
    )
    assert "desk" not in cimnet("render", "sw1").out
    cimnet("rollback", "--to", before, "--reason", "still needed")
    lines = cimnet("blame", "sw1", "desk", "--json").json("blame")["lines"]
    description = next(line for line in lines if line["path"][-1] == "description desk")
    assert description["reason"] == "still needed"
    assert description["first"] == next(line for line in first if line["path"][-1] == "description desk")["event"]
    assert "(again as #" in cimnet("blame", "sw1", "desk").out
    traced = cimnet("trace", description["event"], "--json").json("trace")
    assert traced["chain"]["caused"][0]["type"] == "IntentRestored"
    (undone,) = traced["undoes"]
    assert undone["type"] == "PortReset"
    assert cimnet("trace", undone["event_id"], "--json").json("trace")["undone_by"][0]["reason"] == "still needed"
    assert "takes back" in cimnet("trace", description["event"]).out
    assert "was taken back by" in cimnet("trace", undone["event_id"]).out


@pytest.mark.parametrize("arguments", [("--check", "--apply"), ("--apply", "--json")])
def test_options_of_a_rollback_that_do_not_fit_are_refused(
    cimnet: "Cimnet", small: Path, arguments: tuple[str, ...]
) -> None:
    said = cimnet("rollback", "--to", "5", *arguments)
    assert (said.status, said.out) == (1, "")


def test_a_rollback_that_would_push_asks_before_it_records(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    now = head(cimnet)
    said = cimnet("rollback", "--to", before, "--apply")
    assert said.status == 1
    assert "say --yes" in said.err
    assert cimnet("rollback", "--to", before, "--apply", "--yes").status == 4
    assert head(cimnet) == now


# --- undo -------------------------------------------------------------------------------------------------------------


def event(cimnet: "Cimnet", kind: str) -> str:
    """The last event of a type."""
    return str(cimnet("history", "--type", kind, "--first", "1", "--json").json("history")["events"][0]["position"])


def test_one_change_is_undone(cimnet: "Cimnet", small: Path) -> None:
    declare(cimnet, small, ("description: desk", "description: table"))
    configured = event(cimnet, "PortConfigured")
    assert "1 event would be recorded" in cimnet("undo", configured, "--check").out
    assert "1 event recorded in request" in cimnet("undo", configured, "--reason", "no").out
    assert "description desk" in cimnet("render", "sw1").out
    assert cimnet("undo", configured).out == "0 events recorded: the intent is as it was\n"


def test_what_depends_on_a_change_is_listed_where_it_is_not_undone(cimnet: "Cimnet", small: Path) -> None:
    declare(cimnet, small, MORE[0])
    events = cimnet("history", "sw1", "--type", "VlanCreated", "--first", "1", "--json").json("history")["events"]
    created = str(events[0]["position"])
    declare(cimnet, small, MORE[1])
    said = cimnet("undo", created)
    assert (said.status, said.out) == (1, "")
    assert "Gi1/0/1: access VLAN 20" in said.err
    assert said.err.splitlines()[-1].startswith(f"cimnet: error: event {created} cannot be undone: VLAN 20")
    refused = cimnet("undo", created, "--json")
    assert [row["type"] for row in refused.json("undo")["dependents"]] == ["PortConfigured"]
    assert refused.status == 1


def test_an_undo_that_nothing_later_stands_in_the_way_of_is_refused_in_a_line(cimnet: "Cimnet", small: Path) -> None:
    hosted = (
        NETWORK.replace(
            "links:", "  h1: {kind: host, ports: [eno1, eno2]}\nlinks:\n  - [h1 eno1, sw1 GigabitEthernet1/0/2]"
        )
        + "vm_networks: {vms: {vlan: 10, hosts: [h1]}}\n"
    )
    (small / "net.yaml").write_text(hosted)
    assert cimnet("declare", str(small / "net.yaml")).status == 0
    (small / "net.yaml").write_text(hosted.replace("[h1 eno1,", "[h1 eno2,"))
    assert cimnet("declare", str(small / "net.yaml"), "--prune", "--yes").status == 0
    said = cimnet("undo", event(cimnet, "LinkConnected"))
    (line,) = said.err.splitlines()
    assert "carries the VM network vms; change or remove that first" in line


def test_a_whole_request_is_undone(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    document = cimnet("undo", event(cimnet, "VlanCreated"), "--request", "--json").json("undo")
    assert len(document["undone"]) == 3
    assert cimnet("diff", before).out == "no difference\n"


# --- as of then -------------------------------------------------------------------------------------------------------


def test_an_inventory_before_and_after_a_change_differs(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    then, now = (cimnet("inventory", "--json", *at).json("inventory") for at in (("--at", before), ()))
    assert (then["hosts"]["sw1"]["data"]["vlans"], now["hosts"]["sw1"]["data"]["vlans"]) == ("10", "10,20")


def test_an_inventory_is_read_by_cursor(cimnet: "Cimnet", small: Path) -> None:
    first = cimnet("inventory", "--first", "1")
    assert "more: --after sw1" in first.err
    assert "sw2" not in first.out
    rest = cimnet("inventory", "--after", "sw1", "--json").json("inventory")
    assert (list(rest["hosts"]), rest["next"]) == (["sw2"], None)


def test_a_trace_as_of_then_knows_nothing_of_later(cimnet: "Cimnet", small: Path) -> None:
    before = declare(cimnet, small, *MORE)
    later = str(int(before) + 1)
    assert "had not happened" in cimnet("trace", later, "--at", before).err
    chain = cimnet("trace", later, "--at", later, "--json").json("trace")["chain"]
    assert chain["caused"] == []


def test_the_log_is_told_as_of_then(cimnet: "Cimnet", small: Path) -> None:
    then = cimnet("store", "info", "--json").json("store-info")
    before = declare(cimnet, small, *MORE)
    told = cimnet("store", "info", "--at", before, "--json").json("store-info")
    assert {key: told[key] for key in ("events", "streams", "head", "last_recorded_at")} == {
        key: then[key] for key in ("events", "streams", "head", "last_recorded_at")
    }
    assert cimnet("store", "info", "--at", "0").status == 0


def test_keys_and_drift_of_then_are_told_without_a_device(cimnet: "Cimnet", small: Path) -> None:
    now = str(head(cimnet))
    assert "none" in cimnet("trust", "--at", now).out
    assert cimnet("trust", "--at", now, "--json").json("trust")["devices"] == {
        "sw1": ["none", ""],
        "sw2": ["none", ""],
    }
    assert cimnet("drift", "--at", now).out == "no drift was known\n"
    assert cimnet("drift", "--at", now, "--json").json("drift")["devices"] == {}


def test_a_plan_of_a_past_intent_is_not_saved(cimnet: "Cimnet", small: Path) -> None:
    said = cimnet("plan", "--at", str(head(cimnet)), "-o", "x.plan")
    assert said.status == 1
    assert "cimnet rollback --to" in said.err


def leaves(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, *above, name)
        elif command is not None:
            yield (*above, name), command


LEAVES = dict(leaves(cli))
OF_THEN = {words: [item for item in command.params if item.name == "at"] for words, command in LEAVES.items()}
REFUSING = [words for words, found in OF_THEN.items() if any(getattr(item, "hidden", False) for item in found)]
READING = [words for words, found in OF_THEN.items() if found and words not in REFUSING]
ARGUMENTS = {
    ("trace",): ["1"],
    ("blame",): ["sw1"],
    ("address", "show"): ["10.0.0.0/24"],
    ("graph", "impact"): ["sw1"],
    ("graph", "neighbours"): ["sw1"],
    ("graph", "vlan"): ["10"],
    ("path",): ["sw1", "sw2"],
}
NEEDS_A_LAB = {("plan",), ("verify",)}


def test_every_command_takes_a_moment_or_refuses_it_with_the_reason() -> None:
    """at_option for one that reads, now_only for one that acts."""
    assert [words for words, found in OF_THEN.items() if not found] == []


@pytest.mark.parametrize("words", REFUSING, ids=" ".join)
def test_a_command_that_acts_refuses_a_moment(cimnet: "Cimnet", small: Path, words: tuple[str, ...]) -> None:
    now = head(cimnet)
    said = cimnet(*words, "--at", str(now))
    assert (said.status, said.out) == (1, "")
    assert "--at is for commands that only read the event log: " in said.err
    assert head(cimnet) == now


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_that_reads_answers_as_of_then(cimnet: "Cimnet", small: Path, words: tuple[str, ...]) -> None:
    now = head(cimnet)
    said = cimnet(*words, *ARGUMENTS.get(words, []), "--at", str(now))
    if words in NEEDS_A_LAB:
        assert said.status == 4
    elif words in ARGUMENTS and said.status:
        assert ARGUMENTS[words][0] in said.err
    else:
        assert said.status in (0, 2), said
    assert head(cimnet) == now


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_follow_one_another_to_the_end() -> None:
    items = ["a", "b", "c", "d", "e"]
    read: list[str] = []
    after = None
    while True:
        page = page_through(items, str, first=2, after=after)
        read += page
        after = next_of(items, page, str)
        if after is None:
            break
    assert read == items


def test_a_cursor_that_is_gone_meanwhile_still_tells_where_to_go_on() -> None:
    assert page_through(["a", "c"], str, first=None, after="b") == ("c",)

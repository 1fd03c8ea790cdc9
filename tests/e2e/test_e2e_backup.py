"""Running configurations kept: once each, with a history, without secrets, and as files that a repository keeps."""

from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

PORT = "interface GigabitEthernet1/0/1"


@pytest.fixture
def kept(small: "Project", lab: RunningLab) -> "Project":
    """The small network, applied and backed up."""
    small.ok("apply", "--yes")
    small.ok("backup", "--reason", "first")
    return small


def test_a_configuration_is_kept_where_it_differs_from_the_last(kept: "Project") -> None:
    assert kept.ok("backup").out == "0 kept, 3 unchanged\n"
    before = len(kept.events("ConfigurationBackedUp"))
    kept.type("sw1", [PORT, "description borrowed by Bob"])
    ran = kept.ok("backup", "--json", "--reason", "nightly").json
    assert (list(ran["kept"]), sorted(ran["unchanged"]), ran["unread"]) == (["sw1"], ["r1", "sw2"], {})
    (stored,) = kept.events("ConfigurationBackedUp")[before:]
    assert (stored["data"]["device"], stored["reason"], stored["actor"]) == ("sw1", "nightly", "ann")
    assert stored["position"] == ran["kept"]["sw1"]["position"]
    kept.ok("store", "verify")


def test_what_changed_is_shown_below_its_section(kept: "Project") -> None:
    kept.type("sw1", [PORT, "description borrowed by Bob"])
    assert "sw1: +1 -1 lines" in kept.ok("backup").out
    diff = kept.ok("backup", "sw1", "--diff", "--json").json["diffs"]["sw1"]
    assert diff.splitlines() == [f"  {PORT}", "-  description desk", "+  description borrowed by Bob"]
    assert "-  description desk" in kept.ok("backup", "--diff").out
    kept.type("sw1", [PORT, "description desk"])
    kept.ok("backup")
    first = str(kept.events("ConfigurationBackedUp")[2]["position"])
    assert kept.ok("backup", "sw1", "--diff", "--since", first).out == "no difference\n"
    assert "+  description desk" in kept.ok("backup", "sw1", "--diff").out


def test_the_past_is_shown_as_it_was(kept: "Project") -> None:
    then = str(kept.ok("store", "info", "--json").json["head"])
    kept.type("sw1", [PORT, "description borrowed by Bob"])
    kept.ok("backup")
    assert " description borrowed by Bob\n" in kept.ok("backup", "sw1", "--show").out
    shown = kept.ok("backup", "sw1", "--show", "--at", then)
    assert " description desk\n" in shown.out
    assert "Bob" not in shown.out
    rows = kept.ok("backup", "--list", "--at", then, "--json").json["backups"]
    assert [row["device"] for row in rows] == ["r1", "sw1", "sw2"]
    assert "4 configurations kept" in kept.ok("backup", "--list").out
    assert kept.ok("backup", "--at", then).out.splitlines()[0].split() == ["HOST", "EVENT", "WHEN", "WHO", "WHY"]


def test_a_secret_is_masked_before_anything_is_kept(kept: "Project") -> None:
    kept.type("sw1", ["username bob secret 5 $1$abcd$XkvxWAaN4vTQbGDTsLGnq1"])
    kept.ok("backup", "-o", str(kept.folder / "backups"))
    text = (kept.folder / "backups" / "sw1.cfg").read_text(encoding="utf-8")
    assert "username bob secret 5 <masked>" in text
    assert "XkvxWAaN4vTQbGDTsLGnq1" not in text
    assert "XkvxWAaN4vTQbGDTsLGnq1" not in kept.ok("backup", "--show").out


def test_a_file_is_written_anew_only_where_the_device_changed(kept: "Project") -> None:
    folder = kept.folder / "backups"
    assert "3 of 3 files" in kept.ok("backup", "-o", str(folder)).err
    stamps = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert sorted(stamps) == ["r1.cfg", "sw1.cfg", "sw2.cfg"]
    kept.type("sw1", [PORT, "description borrowed by Bob"])
    assert "1 of 3 files" in kept.ok("backup", "-o", str(folder)).err
    later = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert [name for name in stamps if stamps[name] != later[name]] == ["sw1.cfg"]


def test_a_device_that_is_not_reached_keeps_no_other_from_being_kept(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw1", "down")
    ran = small.ok("backup", "-o", str(small.folder / "backups"), status=4)
    assert "unreachable  sw1" in ran.out
    assert "2 kept, 0 unchanged, 1 not read" in ran.out
    assert sorted(path.name for path in (small.folder / "backups").iterdir()) == ["r1.cfg", "sw2.cfg"]
    lab.fault("sw1", "up")
    lab.fault("sw1", "ask", pattern="^show running-config")
    assert small.ok("backup", "--json", status=3).json["unread"].keys() == {"sw1"}


def test_what_was_never_kept_is_not_shown(small: "Project", lab: RunningLab) -> None:
    assert "no configuration of sw1 was kept yet" in small.ok("backup", "sw1", "--show", status=1).err
    assert "--since is for --diff" in small.ok("backup", "--since", "1", status=1).err
    assert "there is no device 'sw9'" in small.ok("backup", "sw9", status=1).err
    (small.folder / "taken").write_text("", encoding="utf-8")
    small.ok("backup", "sw1")
    assert "Not a directory" in small.ok("backup", "-o", str(small.folder / "taken" / "in"), status=1).err

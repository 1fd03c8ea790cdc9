"""Reports for pipelines, written by the command line for devices that change, fail and drift."""

import json
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from cimnet_nornir.lab.thread import RunningLab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

PLAN = "<!-- cimnet:plan network=small environment=lab -->"
APPLY = "<!-- cimnet:apply network=small environment=lab -->"


def verdicts(text: str) -> dict[str, str]:
    """How each case of a JUnit file ended."""
    found = {}
    for case in ET.fromstring(text).iter("testcase"):
        ends = [child.tag for child in case if child.tag != "system-out"]
        found[case.get("name", "")] = ends[0] if ends else "passed"
    return found


def test_a_pipeline_plans_shows_and_applies_with_reports_at_each_step(
    small: "Project", lab: RunningLab, tmp_path: Path
) -> None:
    junit, markdown, file = (str(tmp_path / name) for name in ("plan.xml", "plan.md", "change.plan"))
    lab.fault("r1", "down")
    ran = small.ok("plan", "-o", file, "--junit", junit, "--markdown", markdown, "--json", status=4)
    assert ran.json["digest"].startswith("sha256:")
    assert verdicts(Path(junit).read_text(encoding="utf-8")) == {"sw1": "passed", "sw2": "passed", "r1": "error"}
    text = Path(markdown).read_text(encoding="utf-8")
    assert text.startswith(PLAN)
    assert "+ vlan 10\n" in text
    assert "- `r1`: `r1 cannot be reached" in text
    # Findings are of the moment: the plan that is kept has all but them.
    found = text.index("**What validation finds in it**"), text.index("| host |")
    assert small.ok("show", file, "--markdown", "-").out == text[: found[0]] + text[found[1] :]
    lab.fault("sw2", "reject", pattern="^name users")
    junit, markdown = str(tmp_path / "apply.xml"), str(tmp_path / "apply.md")
    small.ok("apply", file, "--yes", "--junit", junit, "--markdown", markdown, status=3)
    expected = {"r1": "error", "sw1": "passed", "sw2": "failure"}
    assert verdicts(Path(junit).read_text(encoding="utf-8")) == expected
    text = Path(markdown).read_text(encoding="utf-8")
    assert text.startswith(APPLY)
    assert "| `sw2` | **rejected** |" in text
    assert "line: name users\n" in text


def test_a_report_on_stdout_stands_alone(small: "Project", lab: RunningLab) -> None:
    planned = small.ok("plan", "--markdown", "-", "-o", str(small.folder / "change.plan"))
    assert planned.out.startswith(PLAN)
    assert "saved to" in planned.err
    assert set(verdicts(small.ok("apply", "--yes", "--junit", "-").out)) == {"r1", "sw1", "sw2"}
    again = small.ok("apply", "--yes", "--markdown", "-").out
    assert again.startswith(APPLY)
    assert "nothing to change on 3 devices" in again
    assert set(verdicts(small.ok("check", "--junit", "-", status=2).out).values()) == {"passed", "failure"}
    assert small.ok("verify", "--markdown", "-").out.startswith("<!-- cimnet:verify ")
    small.type("sw1", ["vlan 10", "name bobs"])
    assert verdicts(small.ok("verify", "--junit", "-", status=2).out)["sw1"] == "failure"
    assert verdicts(small.ok("drift", "--junit", "-", status=2).out)["sw1"] == "failure"
    assert "1 line changed by hand" in small.ok("drift", "--markdown", "-", status=2).out


def test_checks_of_devices_are_cases(small: "Project", lab: RunningLab) -> None:
    small.ok("apply", "--yes")
    lines = (f"  - {{check: vlan-active, vlan: {vlan}, hosts: sw1, within: 0}}\n" for vlan in (77, 10))
    (small.folder / "inventory" / "checks.yaml").write_text("checks:\n" + "".join(lines), encoding="utf-8")
    found = verdicts(small.ok("verify", "--checks", "--junit", "-", status=2).out)
    assert found["sw1: VLAN 77 is active"] == "failure"
    assert found["sw1: VLAN 10 is active"] == "passed"
    assert (
        "- `sw1`: `VLAN 77 is active`: `the switch does not have it`"
        in small.ok("verify", "--checks", "--markdown", "-", status=2).out
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--json", "--junit", "-"), "stdout has room for one document"),
        (("plan", "--markdown", "-", "--junit", "-"), "stdout has room for one document"),
        (("apply", "--yes", "--junit", "no/such/x.xml"), "no/such/x.xml: No such file or directory"),
        (("plan", "--markdown", "x.md", "--markdown-limit", "10"), "10 is not in the range"),
        (("drift", "--at", "5", "--junit", "x.xml"), "leave --at out"),
    ],
)
def test_reports_that_cannot_be_are_refused_before_anything_is_done(
    small: "Project", words: tuple[str, ...], said: str
) -> None:
    ran = small.ok(*words, status=1)
    assert said in ran.err
    assert ran.out == ""


def test_a_report_of_the_run_before_does_not_tell_of_one_that_failed(small: "Project", tmp_path: Path) -> None:
    old = tmp_path / "plan.xml"
    old.write_text("<testsuites/>", encoding="utf-8")
    assert "no lab is up" in small.ok("plan", "--junit", str(old), status=4).err
    assert not old.exists()


def test_what_was_pushed_counts_more_than_a_report_that_cannot_be_written(
    small: "Project", lab: RunningLab, tmp_path: Path
) -> None:
    missing = tmp_path / "link.xml"
    missing.symlink_to(tmp_path / "no" / "such")
    ran = small.ok("apply", "--yes", "--junit", str(missing), status=1)
    assert "3 of 3 devices done" in ran.out
    assert f"cimnet: warning: {missing}: No such file or directory" in ran.err
    lab.fault("sw1", "down")
    small.ok("apply", "--yes", "--junit", str(missing), status=4)


def test_programs_are_told_what_validation_finds_in_a_change(small: "Project", lab: RunningLab) -> None:
    small.edit('native: 99, allowed: "10,99", description: to sw2', 'native: 10, allowed: "10,99", description: to sw2')
    checked = small.ok("declare", str(small.network), "--check", "--json").json["findings"]
    assert {"severity", "rule", "device", "path", "message", "right", "others"} == set(checked[0])
    declared = small.ok("declare", str(small.network), "--accept-errors", "--json").json["findings"]
    assert declared == checked
    planned = small.ok("plan", "--accept-errors", "--json", "--markdown", str(small.folder / "plan.md")).json
    assert checked[0] in planned["findings"]
    assert "**What validation finds in it**" in (small.folder / "plan.md").read_text(encoding="utf-8")


def test_a_saved_plan_leaves_stdout_to_the_document(small: "Project", lab: RunningLab) -> None:
    ran = small.ok("plan", "--json", "-o", str(small.folder / "change.plan"))
    assert json.loads(ran.out)["format"] == "cimnet.plan/1"
    assert "saved to" in ran.err

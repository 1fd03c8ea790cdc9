"""The command line of validation: check, waivers, and refusals, in a small project of its own."""

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

CONFIG = "inventory: {options: {network: small, environment: lab}}\n"
NETWORK = """network: small
defaults: {vendor: cisco, platform: ios}
vlans: {10: users}
devices:
  sw1:
    kind: switch
    ports: GigabitEthernet0/1-4
    interfaces:
      GigabitEthernet0/1: {mode: trunk, native: 1}
  sw2:
    kind: switch
    ports: GigabitEthernet0/1-4
    interfaces:
      GigabitEthernet0/1: {mode: trunk, native: 1}
links:
  - [sw1 GigabitEthernet0/1, sw2 GigabitEthernet0/1]
"""
WARNED = "      GigabitEthernet0/1: {mode: trunk, native: 1}\n      GigabitEthernet0/2: {description: open}\n"
RULE = """
from cimnet_nornir.domain.validation import Problem, device_rule

@device_rule("four-ports", "warning", "A device has four ports.")
def four_ports(device):
    if len(device.ports) == 4:
        yield Problem(device.name, "", "has four ports", "five ports")
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cimnet: "Cimnet") -> Path:
    """The definition of a declared network; the working directory is its project."""
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    found = tmp_path / "inventory" / "network.yaml"
    found.write_text(NETWORK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cimnet("declare", "--reason", "first").status == 0
    return found


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def broken(file: Path) -> Path:
    """The definition with native VLANs that differ, not declared."""
    edit(file, "native: 1}", "native: 10}")
    return file


def test_a_definition_that_adds_an_error_is_refused_with_its_line(cimnet: "Cimnet", broken: Path) -> None:
    said = cimnet("declare")
    assert (said.status, said.out) == (1, "")
    problem, summary = said.err.splitlines()
    assert problem.startswith(
        "cimnet: error: inventory/network.yaml:9: sw1 GigabitEthernet0/1: the native VLAN is 10, and 1 on sw2"
    )
    assert problem.endswith("right would be: the same native VLAN at both ends [native-vlan-mismatch]")
    assert summary.startswith("cimnet: error: the change adds an error; ")
    assert cimnet("check").out == "nothing found\n"


def test_a_check_of_declare_shows_errors_and_refuses_nothing(cimnet: "Cimnet", broken: Path) -> None:
    said = cimnet("declare", "--check")
    assert said.status == 0
    assert "1 event would be recorded" in said.out
    assert "error: inventory/network.yaml:9: sw1 GigabitEthernet0/1: the native VLAN is 10" in said.err


def test_accepted_errors_are_recorded_with_the_request(cimnet: "Cimnet", broken: Path) -> None:
    said = cimnet("declare", "--accept-errors", "--reason", "CHG-9")
    assert said.status == 0
    assert "error: inventory/network.yaml:9: sw1 GigabitEthernet0/1: the native VLAN is 10" in said.err
    (request,) = cimnet("history", "--type", "ChangeRequested", "--first", "1", "--json").json("history")["events"]
    assert request["data"]["arguments"]["accept_errors"] is True
    found = cimnet("check")
    assert found.status == 2
    assert found.out.splitlines() == [
        "error: sw1 GigabitEthernet0/1: the native VLAN is 10, and 1 on sw2 GigabitEthernet0/1 [native-vlan-mismatch]",
        "  right would be: the same native VLAN at both ends",
        "1 error",
    ]
    # What was there before does not stop the next change.
    edit(broken, "10: users", "10: people")
    assert cimnet("declare").status == 0


def test_warnings_of_a_change_are_shown_beside_the_result(cimnet: "Cimnet", file: Path) -> None:
    edit(file, "      GigabitEthernet0/1: {mode: trunk, native: 1}\n", WARNED)
    said = cimnet("declare", "--json")
    assert (said.status, said.json("declare")["count"]) == (0, 1)
    assert "warning: inventory/network.yaml:10: sw1 GigabitEthernet0/2: the port has no mode" in said.err


def star(allowed: str) -> str:
    """A switch with nine others at its trunks, VLAN 10 on all of them."""
    ports = "".join(
        f"      GigabitEthernet0/{number}: {{mode: trunk, native: 1, allowed: '{allowed}'}}\n"
        for number in range(1, 10)
    )
    trunk = "      GigabitEthernet0/1: {mode: trunk, native: 1}\n"
    leaves = "".join(
        f"  leaf{number}:\n    kind: switch\n    ports: GigabitEthernet0/1\n    interfaces:\n{trunk}"
        for number in range(1, 10)
    )
    links = "".join(
        f"  - [hub GigabitEthernet0/{number}, leaf{number} GigabitEthernet0/1]\n" for number in range(1, 10)
    )
    head = "network: small\ndefaults: {vendor: cisco, platform: ios}\nvlans: {10: users}\ndevices:\n"
    hub = f"  hub:\n    kind: switch\n    ports: GigabitEthernet0/1-9\n    interfaces:\n{ports}"
    return f"{head}{hub}{leaves}links:\n{links}"


def test_a_vlan_parted_on_many_switches_is_one_line_of_text_and_many_of_json(cimnet: "Cimnet", file: Path) -> None:
    file.write_text(star("1,10"), encoding="utf-8")
    assert cimnet("declare", "--prune", "--yes").status == 0
    file.write_text(star("1"), encoding="utf-8")
    (line,) = [line for line in cimnet("declare", "--check").err.splitlines() if "[vlan-parted]" in line]
    assert "leaf1 VLAN 10: leaf1 reached hub in it, and does not any more" in line
    assert line.endswith("[vlan-parted]; likewise leaf2, leaf3, leaf4, leaf5 … and 4 more")
    noted = cimnet("declare", "--check", "--json").err.splitlines()
    assert len([line for line in noted if "[vlan-parted]" in line]) == 9
    shown = cimnet("check", "inventory/network.yaml", "--new").out.splitlines()
    assert shown.count("  likewise: leaf2, leaf3, leaf4, leaf5 … and 4 more") == 1
    assert len([line for line in shown if "[vlan-parted]" in line]) == 1
    found = cimnet("check", "inventory/network.yaml", "--new", "--json").json("check")["findings"]
    assert len([item for item in found if item["rule"] == "vlan-parted"]) == 9


def test_a_file_is_checked_before_it_is_declared(cimnet: "Cimnet", broken: Path) -> None:
    said = cimnet("check", str(broken))
    assert said.status == 2
    assert f"error: {broken}:9: sw1 GigabitEthernet0/1: the native VLAN is 10" in said.out
    assert cimnet("check", str(broken), "--limit", "sw2").status == 2
    assert "no host or group fits" in cimnet("check", str(broken), "--limit", "sw9").err
    edit(broken, "native: 10}", "native: 1}")
    assert cimnet("check", str(broken)).out == "nothing found\n"
    edit(broken, "10: users", "4095: users")
    refused = cimnet("check", str(broken))
    assert refused.status == 1
    assert "network.yaml:3: " in refused.err


def test_new_leaves_out_what_was_there_before(cimnet: "Cimnet", file: Path) -> None:
    edit(file, "      GigabitEthernet0/1: {mode: trunk, native: 1}\n", WARNED)
    assert cimnet("declare").status == 0
    head = str(cimnet("store", "info", "--json").json("store-info")["head"])
    edit(file, "native: 1}", "native: 10}")
    assert cimnet("check", str(file)).out.splitlines()[-1] == "1 error, 1 warning"
    new = cimnet("check", str(file), "--new").out
    assert "port-without-mode" not in new
    # A change that parts VLANs 1 and 10 is told as such too.
    assert new.splitlines()[-1] == "1 error, 2 warnings"
    assert cimnet("declare", "--accept-errors").status == 0
    assert cimnet("check", "--since", head).out.splitlines()[-1] == "1 error, 2 warnings"
    assert cimnet("check", "--since", head, "--at", head).status == 0
    assert cimnet("check", "--limit", "sw2").out.splitlines()[-1] == "1 error"


def test_options_that_do_not_go_together_are_refused(cimnet: "Cimnet", file: Path) -> None:
    assert "--new needs something to compare with" in cimnet("check", "--new").err
    assert "leave --at and --since out" in cimnet("check", str(file), "--since", "1").err
    assert "No such file" in cimnet("check", "--junit", "no/such/folder/x.xml").err


def test_json_has_all_there_is_to_know(cimnet: "Cimnet", broken: Path) -> None:
    assert cimnet("declare", "--accept-errors").status == 0
    document = cimnet("check", "--json").json("check")
    assert document["format"] == "cimnet.check/1"
    assert document["findings"] == [
        {
            "severity": "error",
            "rule": "native-vlan-mismatch",
            "device": "sw1",
            "path": "GigabitEthernet0/1",
            "message": "the native VLAN is 10, and 1 on sw2 GigabitEthernet0/1",
            "right": "the same native VLAN at both ends",
            "others": ["sw2"],
        }
    ]
    assert (document["waived"], document["expired"], document["at"]) == ([], [], None)


def test_junit_has_a_suite_a_rule(cimnet: "Cimnet", broken: Path, tmp_path: Path) -> None:
    edit(broken, "      GigabitEthernet0/1: {mode: trunk, native: 10}\n", WARNED.replace("native: 1}", "native: 10}"))
    assert cimnet("declare", "--accept-errors").status == 0
    waiver = ("waiver", "grant", "port-without-mode", "--until", "2099-01-01", "--reason", "a <fine> & open port")
    assert cimnet(*waiver).status == 0
    assert cimnet("check", "--junit", "check.xml").status == 2
    root = ET.parse(tmp_path / "check.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert (root.get("failures"), root.get("skipped")) == ("1", "1")
    assert root.get("tests") == str(len(root.findall("testsuite/testcase")))
    failure = suites["native-vlan-mismatch"].find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "error"
    skipped = suites["port-without-mode"].find("testcase/skipped")
    assert skipped is not None
    assert skipped.get("message") == "waived until 2099-01-01: a <fine> & open port"
    assert suites["lock-out"].get("failures") == "0"


def test_waivers_are_granted_listed_and_revoked(cimnet: "Cimnet", broken: Path) -> None:
    assert cimnet("declare", "--accept-errors").status == 0
    target = ("native-vlan-mismatch", "--device", "sw1", "--path", "GigabitEthernet0/1")
    said = cimnet("waiver", "grant", *target, "--until", "2099-01-01", "--reason", "CHG-9")
    assert said.out.startswith("waived until 2099-01-01: native-vlan-mismatch of sw1 GigabitEthernet0/1, in request ")
    assert cimnet("check").out == "nothing found, 1 waived\n"
    assert cimnet("check").status == 0
    assert "  waived until 2099-01-01: CHG-9" in cimnet("check", "--all").out
    assert cimnet("check", "--json").json("check")["waived"][0]["waiver"]["reason"] == "CHG-9"
    listed = cimnet("waiver", "list")
    assert listed.out.splitlines()[1].split() == [
        "native-vlan-mismatch",
        "sw1",
        "GigabitEthernet0/1",
        "2099-01-01",
        "CHG-9",
    ]
    assert cimnet("waiver", "list", "--json").json("waivers")["waivers"][0]["expired"] is False
    revoked = cimnet("waiver", "revoke", *target, "--json").json("waiver")
    assert revoked["said"] == "the waiver of native-vlan-mismatch of sw1 GigabitEthernet0/1 is revoked"
    assert cimnet("waiver", "list").out == "0 waivers\n"
    assert cimnet("check").status == 2


def test_a_waiver_needs_a_reason_and_a_rule_that_is_there(cimnet: "Cimnet", file: Path) -> None:
    assert "say --reason TEXT" in cimnet("waiver", "grant", "lock-out", "--until", "2099-01-01").err
    assert "no rule 'lockout'" in cimnet("waiver", "grant", "lockout", "--until", "2099-01-01", "--reason", "x").err
    wrong = cimnet("waiver", "grant", "lock-out", "--until", "May", "--reason", "x").err
    assert "'May' is no date; write one like 2027-03-01" in wrong
    assert "%" not in wrong
    assert "has gone by" in cimnet("waiver", "grant", "lock-out", "--until", "2020-01-01", "--reason", "x").err


def test_rules_are_listed_with_those_of_the_project(cimnet: "Cimnet", file: Path) -> None:
    (file.parent.parent / "rules").mkdir()
    (file.parent.parent / "rules" / "ours.py").write_text(RULE, encoding="utf-8")
    (file.parent.parent / "rules" / "worse.py").write_text("import no_such_thing\n", encoding="utf-8")
    listed = cimnet("check", "--rules")
    assert listed.out.splitlines()[0].split() == ["RULE", "SEVERITY", "WHAT", "IT", "FINDS"]
    assert "A device has four ports." in listed.out
    assert {"four-ports", "lock-out", "broken-rule"} <= {
        rule["id"] for rule in cimnet("check", "--rules", "--json").json("check-rules")["rules"]
    }
    assert cimnet("check").out.splitlines() == [
        "warning: rules/worse.py: line 1: ModuleNotFoundError: No module named 'no_such_thing' [broken-rule]",
        "warning: sw1: has four ports [four-ports]",
        "  right would be: five ports",
        "warning: sw2: has four ports [four-ports]",
        "  right would be: five ports",
        "3 warnings",
    ]

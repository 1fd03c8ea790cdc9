"""The command line of audits: files without a project, what is intended, rules of one's own, waivers and reports."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from cimnet_nornir.application.auditing import audit_devices
from cimnet_nornir.bootstrap import load_settings, open_service

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

HOUSE = """\
source: house rules
rules:
  - id: house-description
    severity: error
    description: A port has no description.
    reason: nobody knows where it leads
    hosts: group:role__access
    section: interface Gi.+
    must_have: description .+
    mend: description TEXT
"""
OWN = """\
from cimnet_nornir.ios.audit import Problem, audit_rule


@audit_rule("odd-name", "warning", "A device has an odd name.", reason="nobody remembers it")
def odd_name(configuration):
    if configuration.device == "acc1":
        yield Problem(configuration, said=configuration.device)
"""
BROKEN = OWN.replace("yield Problem(configuration, said=configuration.device)", "raise KeyError('role')").replace(
    "odd-name", "worse"
)
CONFIG = "version 15.2\nhostname lonely\nsnmp-server community public RW\nip http server\n"
ONE = "rules: [{id: one, description: It is so., reason: x, must_have: y}]\n"


@pytest.fixture
def lonely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration in a folder that is no project; the working directory is there."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "old.cfg"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def house(campus: Path) -> Path:
    """The example project with one rule in a file, and the packaged ones left out."""
    write(campus, "inventory/audit/house.yaml", f"{HOUSE}without: ['*']\n")
    return campus


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_audited_without_a_project(cimnet: "Cimnet", lonely: Path) -> None:
    said = cimnet("audit", "old.cfg")
    assert said.status == 2
    assert "error: The HTTP server is not off [http-server]\n" in said.out
    assert "  lonely: snmp-server community <masked> RW\n" in said.out
    assert "  mend: no ip http server\n" in said.out
    assert "public" not in said.out
    assert said.out.splitlines()[-1].endswith(" rules, 1 configuration")


def test_a_folder_is_its_configurations(cimnet: "Cimnet", lonely: Path) -> None:
    write(lonely.parent, "second.cfg", "hostname second\n")
    found = cimnet("audit", ".", "--json").json("audit")
    assert found["configurations"] == ["old", "second"]
    assert {finding["device"] for finding in found["findings"]} == {"lonely", "second"}


def test_only_findings_of_a_severity_are_told(cimnet: "Cimnet", lonely: Path) -> None:
    found = cimnet("audit", "old.cfg", "--severity", "error", "--json").json("audit")
    assert {finding["severity"] for finding in found["findings"]} == {"error"}


def test_a_finding_says_where_why_and_how_to_mend_it(cimnet: "Cimnet", lonely: Path) -> None:
    found = cimnet("audit", "old.cfg", "--json").json("audit")["findings"]
    (finding,) = [each for each in found if each["rule"] == "snmp-write"]
    assert finding == {
        "severity": "error",
        "rule": "snmp-write",
        "device": "lonely",
        "section": "",
        "line": "snmp-server community <masked> RW",
        "message": "an SNMP community may change the configuration",
        "reason": "it crosses the network in clear text, and whoever has it has the device",
        "source": "IOS hardening guide: SNMP Community Strings",
        "mend": ["no snmp-server community NAME"],
    }


def test_rules_of_a_file_join_the_packaged_ones(cimnet: "Cimnet", lonely: Path) -> None:
    write(lonely.parent, "house.yaml", ONE + "without: ['*']\n")
    said = cimnet("audit", "old.cfg", "--rules", "house.yaml")
    assert said.status == 2
    assert said.out.endswith("1 warning; 1 rule, 1 configuration\n")
    write(lonely.parent, "house.yaml", ONE.replace("must_have: y", "must_have: hostname .+") + "without: ['*']\n")
    said = cimnet("audit", "old.cfg", "--rules", "house.yaml")
    assert (said.status, said.out) == (0, "nothing found; 1 rule, 1 configuration\n")
    write(lonely.parent, "house.yaml", ONE)
    assert "It is so [one]" in cimnet("audit", "old.cfg", "--rules", "house.yaml").out


def test_a_rule_takes_the_place_of_a_packaged_one_of_its_id(cimnet: "Cimnet", lonely: Path) -> None:
    text = "rules: [{id: http-server, description: Mine., reason: x, must_not_have: ip http server}]\n"
    write(lonely.parent, "house.yaml", text)
    found = cimnet("audit", "old.cfg", "--rules", "house.yaml", "--json").json("audit")["findings"]
    assert [each["message"] for each in found if each["rule"] == "http-server"] == ["mine"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("without: [nonsense]\n", "there is no rule 'nonsense'; cimnet audit --list tells them"),
        ("severities: {nonsense: error}\n", "there is no rule 'nonsense'"),
        ("rules: [{id: broken-audit-rule, description: D., reason: x, must_have: y}]\n", "already, in the package"),
    ],
)
def test_a_file_that_means_no_rule_is_refused(cimnet: "Cimnet", lonely: Path, text: str, words: str) -> None:
    write(lonely.parent, "house.yaml", text)
    cimnet("audit", "old.cfg", "--rules", "house.yaml").refuses("house.yaml:1", words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("audit", "gone.cfg"), "gone.cfg: No such file or directory"),
        (("audit", "empty/"), "empty: there is no configuration in it"),
        (("audit", "old.cfg", "r1"), "name hosts, or files and folders; not both at once"),
        (("audit", "old.cfg", "--intended"), "--intended or --at is about the devices of a project"),
        (("audit", "old.cfg", "--limit", "r1"), "--limit is about the devices of a project"),
        (("audit", "torn.cfg"), "torn.cfg: "),
        (("audit", "r1"), "there is no project"),
        (("audit", "old.cfg", "--rules", "gone.yaml"), "gone.yaml"),
    ],
)
def test_what_cannot_be_audited_is_refused(
    cimnet: "Cimnet", lonely: Path, arguments: tuple[str, ...], words: str
) -> None:
    (lonely.parent / "empty").mkdir()
    write(lonely.parent, "torn.cfg", "banner motd ^C\nno end\n")
    cimnet(*arguments).refuses(words)


# --- what is intended -------------------------------------------------------------------------------------------------


def test_what_is_intended_is_audited_without_a_device(cimnet: "Cimnet", house: Path) -> None:
    said = cimnet("audit", "--intended")
    assert said.status == 0, said.out
    path = house / "inventory" / "network.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{description: unused, enabled: false}", "{enabled: false}"), encoding="utf-8")
    assert cimnet("declare", "--reason", "worse").status == 0
    found = cimnet("audit", "--intended", "acc1", "--json").json("audit")
    assert {(each["rule"], each["device"]) for each in found["findings"]} == {("house-description", "acc1")}


def test_the_past_is_audited_by_what_was_intended_then(cimnet: "Cimnet", campus: Path) -> None:
    now = cimnet("audit", "--intended", "--json").json("audit")
    then = cimnet("audit", "--at", str(cimnet("store", "info", "--json").json("store-info")["head"]), "--json")
    assert then.json("audit") == now


def test_rules_look_at_the_hosts_that_they_are_for(cimnet: "Cimnet", campus: Path) -> None:
    found = cimnet("audit", "--intended", "--json").json("audit")["findings"]
    assert {each["device"] for each in found if each["rule"] == "smart-install"} == {"acc1", "acc2", "acc3", "acc4"}


def test_a_waiver_covers_a_finding_at_its_place(cimnet: "Cimnet", campus: Path) -> None:
    before = cimnet("audit", "--intended", "acc1", "--json").json("audit")["findings"]
    until = ("--until", "2099-12-31", "--reason", "CHG-7")
    assert cimnet("waiver", "grant", "source-route", "--device", "acc1", *until).status == 0
    found = cimnet("audit", "--intended", "acc1", "--json").json("audit")
    assert [each["rule"] for each in found["waived"]] == ["source-route"]
    assert found["waived"][0]["waiver"]["reason"] == "CHG-7"
    assert len(found["findings"]) == len(before) - 1
    said = cimnet("audit", "--intended", "acc1", "--all")
    assert "[source-route]\n  waived until 2099-12-31: CHG-7" in said.out
    assert ", 1 waived; " in said.out


def test_an_expired_waiver_is_told_by_the_audit_alone(campus: Path) -> None:
    settings = load_settings(campus)
    service = open_service(settings, reason="CHG-7")
    try:
        service.grant_waiver("pad", until=service.actor.clock().date())
        service.actor = replace(service.actor, clock=lambda: datetime.now(UTC) + timedelta(days=2))
        report = audit_devices(service, service.auditor, service.render(("acc1",)))
        assert [(each.rule, each.expired) for each in report.expired] == [("pad", True)]
        assert "pad" in {finding.rule for finding in report.open}
        assert service.check().expired == ()
    finally:
        service.store.close()


def test_a_waiver_of_no_rule_is_refused(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("waiver", "grant", "nonsense", "--until", "2099-12-31", "--reason", "x")
    said.refuses("there is no rule 'nonsense'; cimnet check --rules and cimnet audit --list tell them")


# --- rules of one's own -----------------------------------------------------------------------------------------------


def test_a_function_in_the_folder_audit_is_a_rule(cimnet: "Cimnet", campus: Path) -> None:
    write(campus, "audit/names.py", OWN)
    found = cimnet("audit", "--intended", "--json").json("audit")["findings"]
    assert [each["device"] for each in found if each["rule"] == "odd-name"] == ["acc1"]


def test_a_rule_that_fails_is_told_and_stops_no_other(cimnet: "Cimnet", campus: Path) -> None:
    write(campus, "audit/names.py", OWN)
    write(campus, "audit/worse.py", BROKEN)
    write(campus, "audit/torn.py", "def (\n")
    found = cimnet("audit", "--intended", "acc1", "--json").json("audit")["findings"]
    said = {each["message"] for each in found if each["rule"] == "broken-audit-rule"}
    assert len(said) == 2
    assert any("audit/worse.py: the rule worse failed: line 7: KeyError: 'role'" in each for each in said)
    assert any("audit/torn.py: line 1: SyntaxError" in each for each in said)
    assert any(each["rule"] == "odd-name" for each in found)


def test_all_rules_are_listed(cimnet: "Cimnet", house: Path) -> None:
    rules = cimnet("audit", "--list", "--json").json("audit-rules")["rules"]
    (rule,) = [each for each in rules if each["id"] == "house-description"]
    assert (rule["source"], rule["hosts"]) == ("house rules", ["group:role__access"])
    assert {each["id"] for each in rules} == {"house-description", "broken-audit-rule"}
    said = cimnet("audit", "--list")
    assert said.status == 0
    assert "house-description" in said.out
    assert "vtp-mode" not in said.out


# --- reports ----------------------------------------------------------------------------------------------------------


def test_a_report_for_pipelines_has_a_case_for_each_finding(cimnet: "Cimnet", campus: Path) -> None:
    assert cimnet("waiver", "grant", "pad", "--until", "2099-12-31", "--reason", "x").status == 0
    said = cimnet("audit", "--intended", "acc1", "--junit", "audit.xml", "--json")
    found = said.json("audit")
    root = ET.parse(campus / "audit.xml").getroot()
    assert root.get("failures") == str(len(found["findings"]))
    assert root.get("skipped") == "1"
    suites = {suite.get("name"): suite for suite in root}
    failure = suites["source-route"].find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert "mend: no ip source-route" in failure.text
    kept = [suite for suite in root if suite.get("failures") == suite.get("skipped") == "0"]
    assert kept


def test_the_report_may_be_all_that_is_said(cimnet: "Cimnet", lonely: Path) -> None:
    said = cimnet("audit", "old.cfg", "--junit", "-")
    assert said.status == 2
    assert said.out.startswith("<?xml")


def test_places_beyond_the_first_are_counted_unless_asked_for(cimnet: "Cimnet", campus: Path) -> None:
    few = cimnet("audit", "--intended", "acc1").out
    assert "  acc1: and " in few
    every = cimnet("audit", "--intended", "acc1", "-v").out
    assert "  acc1: and " not in every
    assert "  source: IOS hardening guide: SSHv2\n" in every

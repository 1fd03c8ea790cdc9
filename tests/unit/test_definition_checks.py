"""The file of checks: each declared, and what is wrong with it told with its line and field."""

from pathlib import Path

import pytest

from cimnet_nornir.definition.checks import check_checks, read_checks
from cimnet_nornir.domain.checks import InterfaceUp, Ping
from cimnet_nornir.errors import DefinitionError

GOOD = """
checks:
  - {check: interface-up, interface: gi1/0/4, hosts: [acc*]}
  - check: ping
    destination: 10.0.0.1
    hosts: "group:role__access"
    when: after
    reason:
"""


def test_checks_are_read_in_their_order() -> None:
    found, problems = check_checks(GOOD, file="checks.yaml")
    assert problems == ()
    assert found == (
        InterfaceUp(interface="GigabitEthernet1/0/4", hosts=("acc*",)),
        Ping(destination="10.0.0.1", hosts=("group:role__access",), when="after"),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "checks:\n", "checks: []\n"])
def test_a_file_may_declare_nothing(text: str) -> None:
    assert check_checks(text, file="checks.yaml") == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "field", "message"),
    [
        ("- ping\n", 1, "", "a file of checks is a mapping; begin it with a line checks:"),
        ("check: []\n", 1, "check", "there is no field 'check'; did you mean checks?"),
        ("checks: {}\n", 1, "checks", "checks are a list"),
        ("checks:\n  - ping\n", 2, "checks[0]", "a check says what it is: {check: KIND, …}; known: interface-up"),
        ("checks:\n  - {vlan: 10}\n", 2, "checks[0]", "a check says what it is"),
        ("checks:\n  - {check: vlan, vlan: 10}\n", 2, "checks[0].check", "there is no check 'vlan'"),
        ("checks:\n  - {check: pign}\n", 2, "checks[0].check", "there is no check 'pign'; did you mean ping?"),
        ("checks:\n  - {check: ping}\n", 2, "checks[0].destination", "destination is missing"),
        (
            "checks:\n  - check: ping\n    destination: 10.0.0.1\n    souce: lo0\n",
            4,
            "checks[0].souce",
            "there is no field 'souce'; did you mean source?",
        ),
        ("checks:\n  - {check: interface-up, interface: 7}\n", 2, "checks[0].interface", "put it in quotes"),
        ("checks:\n  - {check: interface-up, interface: x7}\n", 2, "checks[0].interface", "'x7' is no interface name"),
        ("checks:\n  - {check: vlan-active, vlan: 5000}\n", 2, "checks[0].vlan", "5000"),
        (
            "checks:\n  - {check: route-present, prefix: 10.0.0.1/8}\n",
            2,
            "checks[0].prefix",
            "'10.0.0.1/8' is no network with its prefix length",
        ),
        (
            "checks:\n  - {check: vlan-active, vlan: 10, when: later}\n",
            2,
            "checks[0].when",
            "'later' is none of 'before', 'after' or 'both'",
        ),
        (
            "checks:\n  - {check: vlan-active, vlan: 10, hosts: [a, b c]}\n",
            2,
            "checks[0].hosts[1]",
            "'b c' chooses no hosts",
        ),
        ("checks:\n  - {check: ping, destination: 10.0.0.1, count: 0}\n", 2, "checks[0].count", "the lowest is 1"),
        ("checks: [a\n", 2, "", "',' or ']' is missing"),
        ("checks:\nchecks:\n", 2, "checks", "stands here twice"),
    ],
)
def test_each_problem_has_its_place(text: str, line: int, field: str, message: str) -> None:
    _, problems = check_checks(text, file="checks.yaml")
    assert [(each.line, each.field) for each in problems] == [(line, field)]
    assert message in problems[0].problem


def test_all_problems_are_told_in_order_and_the_rest_is_read() -> None:
    text = GOOD + "  - {check: ping}\n  - {check: pong}\n"
    found, problems = check_checks(text, file="checks.yaml")
    assert len(found) == 2
    assert [each.field for each in problems] == ["checks[2].destination", "checks[3].check"]


def test_a_project_without_the_file_has_no_checks(tmp_path: Path) -> None:
    assert read_checks(tmp_path / "checks.yaml") == ()


def test_a_file_with_a_problem_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "checks.yaml"
    path.write_text("checks:\n  - {check: ping}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"checks\.yaml:2: checks\[0\]\.destination: destination is missing"):
        read_checks(path)
    path.write_text(GOOD, encoding="utf-8")
    assert len(read_checks(path)) == 2

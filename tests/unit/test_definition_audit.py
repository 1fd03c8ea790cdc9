"""Files of audit rules: what is right in one, and what is wrong with its line and field."""

from pathlib import Path

import pytest

from cimnet_nornir.definition.audit import check_audit, read_audit
from cimnet_nornir.errors import DefinitionError

HEAD = "rules:\n  - id: one\n    description: It is so.\n    reason: why not\n"


def problems(text: str) -> list[str]:
    return [str(error) for error in check_audit(text, file="house.yaml")[1]]


def test_a_file_holds_rules_with_all_their_fields() -> None:
    text = """\
source: house rules
without: [pad, 'svi-*']
severities: {ntp-server: error}
rules:
  - id: mtu
    severity: error
    description: The MTU is wrong.
    reason: packets are cut
    hosts: group:role__core
    section: interface .+
    where: {has: description .+, lacks: [shutdown]}
    when: {has: router ospf .+}
    value: {line: 'mtu (?P<value>\\d+)', at_least: 1500, default: 1500}
    mend: mtu 1500
"""
    found, wrong = check_audit(text, file="house.yaml")
    assert wrong == ()
    (rule,) = found.rules
    assert (found.source, found.without, found.severities) == ("house rules", ("pad", "svi-*"), {"ntp-server": "error"})
    assert (rule.hosts, rule.section, rule.where.lacks) == (("group:role__core",), ("interface .+",), ("shutdown",))
    assert rule.value is not None
    assert (rule.value.at_least, rule.value.default) == (1500, "1500")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- id: one\n", "house.yaml:1: a file of audit rules is a mapping; begin it with a line rules:"),
        ("rules: {one: two}\n", "house.yaml:1: rules: rules are a list"),
        ("rules: [one]\n", "house.yaml:1: rules[0]: a rule is a mapping (field: value)"),
        ("rule: []\n", "house.yaml:1: rule: there is no field 'rule'; did you mean rules?"),
        (HEAD, "house.yaml:2: rules[0]: the rule asks for nothing: say must_have, any_of, must_not_have or value"),
        (f"{HEAD}    must_hav: x\n", "must_hav: there is no field 'must_hav'; did you mean must_have?"),
        (f"{HEAD}    must_have: '('\n", "house.yaml:5: rules[0].must_have"),
        (f"{HEAD}    must_have: '('\n", "'(' is no regular expression: missing )"),
        (f"{HEAD}    must_have: x\n    severity: fatal\n", "'fatal' is none of 'error' or 'warning'"),
        (f"{HEAD}    must_have: x\n    where: {{has: y}}\n", "where chooses among sections: say which with section"),
        (
            f"{HEAD}    must_have: x\n    section: y\n    where: {{hsa: y}}\n",
            "there is no field 'hsa'; did you mean has?",
        ),
        (f"{HEAD}    value: {{line: mtu, at_most: 3}}\n", "the line needs a group for the value"),
        (f"{HEAD}    value: {{line: '(?P<value>.)'}}\n", "say what is right: at_least, at_most or one_of"),
        (f"{HEAD}    must_have: x\n    hosts: a b\n", "'a b' chooses no hosts"),
        (
            f"{HEAD}    must_have: x\n{HEAD[7:]}    must_have: y\n",
            "house.yaml:6: rules[1].id: there is a rule 'one' already",
        ),
        ("severities: {pad: fatal}\n", "'fatal' is none of 'error' or 'warning'"),
        ("rules: [\n", "house.yaml"),
    ],
)
def test_a_problem_is_told_with_its_place(text: str, words: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert words in found[0]


def test_comments_alone_are_no_rules() -> None:
    assert check_audit("# later\n", file="house.yaml")[0].rules == ()
    assert check_audit("rules:\n", file="house.yaml")[0].rules == ()


def test_a_file_that_is_wrong_is_refused_with_its_first_problem(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    path.write_text(f"{HEAD}    must_hav: x\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="must_hav"):
        read_audit(path)
    with pytest.raises(DefinitionError, match="No such file"):
        read_audit(tmp_path / "none.yaml")

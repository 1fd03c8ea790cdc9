"""Rules of audit over a configuration: sections, conditions, values, what mends, and secrets that stay hidden."""

from typing import Any

import pytest

from cimnet_nornir.domain.audit import AuditFinding, AuditRule
from cimnet_nornir.ios.audit import AuditedConfiguration, IosAuditor, Problem, audit_rule, audited, declared

TEXT = """\
hostname r1
interface GigabitEthernet0/0
 description to the provider
 mtu 1400
 ip access-group OUT in
interface GigabitEthernet0/1
 description unused
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
snmp-server community s3cret RO
router bgp 65001
 address-family ipv4 vrf A
  neighbor 192.0.2.9 remote-as 65002
archive
 log config
  logging enable
"""


def find(_text: str = TEXT, **fields: Any) -> list[AuditFinding]:
    rule = AuditRule.model_validate({"id": "one", "description": "It is so.", "reason": "why not", **fields})
    auditor = IosAuditor((declared(rule),))
    return list(auditor.audit(_text, device="r1", groups=(), rules={"one"}))


def places(findings: list[AuditFinding]) -> list[tuple[str, str]]:
    return [(finding.section, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"must_have": "hostname r1"}, []),
        ({"must_have": "hostname r"}, [("", "")]),
        ({"must_have": ["hostname .+", "no ip source-route", "ip ssh version 2"]}, [("", "")]),
        ({"must_have": "archive > log config > logging enable"}, []),
        ({"must_have": "archive > log config > hidekeys"}, [("", "")]),
        ({"any_of": ["nothing", "hostname .+"]}, []),
        ({"any_of": ["nothing", "neither"]}, [("", "")]),
        ({"must_not_have": "hostname .+"}, [("", "hostname r1")]),
        ({"must_not_have": "interface .+ > mtu .+"}, [("", "mtu 1400")]),
        (
            {"section": "interface .+", "must_have": "description .+"},
            [("interface Loopback0", "")],
        ),
        (
            {"section": "interface Gi.+", "where": {"lacks": "description unused"}, "must_have": "shutdown"},
            [("interface GigabitEthernet0/0", "")],
        ),
        (
            {"section": "interface .+", "where": {"has": ["description .+", "mtu .+"]}, "must_not_have": "mtu .+"},
            [("interface GigabitEthernet0/0", "mtu 1400")],
        ),
        ({"when": {"has": "router bgp .+"}, "must_have": "x"}, [("", "")]),
        ({"when": {"has": "router ospf .+"}, "must_have": "x"}, []),
        ({"when": {"lacks": "interface .+ > mtu .+"}, "must_have": "x"}, []),
        (
            {"section": ["router bgp .+", "address-family .+"], "must_have": "neighbor .+ activate"},
            [("router bgp 65001 > address-family ipv4 vrf A", "")],
        ),
    ],
)
def test_a_rule_finds_what_it_looks_for(fields: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert places(find(**fields)) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"at_least": 1400, "at_most": 1500}, None),
        ({"at_least": 1500}, "1400 is less than 1500"),
        ({"at_most": 1300}, "1400 is more than 1300"),
        ({"one_of": [1400]}, None),
        ({"one_of": ["1500", 9000]}, "1400 is none of 1500, 9000"),
    ],
)
def test_a_value_is_within_its_bounds(value: dict[str, object], said: str | None) -> None:
    line = r"interface GigabitEthernet0/0 > mtu (?P<value>\d+)"
    found = find(value={"line": line, **value})
    assert [finding.message for finding in found] == ([] if said is None else [f"it is so: {said}"])


@pytest.mark.parametrize(
    ("default", "expected"),
    [(None, "it is so: it is not set"), (10, None), ("20", "it is so: it is 20 by default")],
)
def test_a_value_that_is_not_set_is_its_default(default: object, expected: str | None) -> None:
    value = {"line": r"exec-timeout (?P<value>\d+)", "at_most": 15, "default": default}
    assert [finding.message for finding in find(value=value)] == ([] if expected is None else [expected])


def test_a_value_that_is_no_number_is_told() -> None:
    value = {"line": "hostname (?P<value>.+)", "at_most": 3}
    assert [finding.message for finding in find(value=value)] == ["it is so: r1 is no number"]


def test_what_mends_a_line_stands_below_the_headers_of_its_section() -> None:
    (finding,) = find(section=["router bgp .+", "address-family .+"], must_have="x y", mend=["x y", "z"])
    assert finding.mend == ("router bgp 65001", " address-family ipv4 vrf A", "  x y", "  z")


def test_a_line_that_must_not_be_is_mended_by_its_negation_or_as_the_rule_says() -> None:
    (finding,) = find(must_not_have="hostname .+")
    assert finding.mend == ("no hostname r1",)
    (finding,) = find(must_not_have="hostname .+", mend="was {line}")
    assert finding.mend == ("was hostname r1",)
    (finding,) = find("no service pad\n", must_not_have="no service pad")
    assert finding.mend == ("service pad",)


def test_a_secret_is_in_no_finding() -> None:
    (finding,) = find(must_not_have="snmp-server community .+")
    assert finding.line == "snmp-server community <masked> RO"
    assert finding.mend == ("no snmp-server community <masked> RO",)
    assert "s3cret" not in repr(finding)


def test_words_that_stand_for_a_secret_are_to_be_read() -> None:
    (finding,) = find(must_have="snmp-server group .+", mend="snmp-server community NAME RO 10")
    assert finding.mend == ("snmp-server community NAME RO 10",)


def test_a_message_begins_small_but_for_an_abbreviation() -> None:
    assert find(must_have="x")[0].message == "it is so"
    assert find(must_have="x", description="SSH is so.")[0].message == "SSH is so"


def test_a_line_is_found_in_the_spelling_that_is_rendered() -> None:
    assert find("interface Gi0/1\n  no  shutdown\n", must_not_have="interface GigabitEthernet0/1 > no shutdown")


def test_a_function_is_a_rule() -> None:
    @audit_rule("many", "error", "There are many.", reason="too many", hosts=("r*",))
    def many(configuration: AuditedConfiguration) -> list[Problem]:
        assert (configuration.device, configuration.groups) == ("r1", ("role__core",))
        ports = configuration.sections("interface .+")
        return [Problem(port, said=f"of {len(ports)}", mend=("shutdown",)) for port in ports[:1]]

    auditor = IosAuditor((many,))
    (about, _) = auditor.rules
    assert (about.id, about.severity, about.hosts) == ("many", "error", ("r*",))
    (finding,) = auditor.audit(TEXT, device="r1", groups=("role__core",), rules={"many"})
    assert finding.message == "there are many: of 3"
    assert finding.mend == ("interface GigabitEthernet0/0", " shutdown")


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("version 15.2\nhostname a\ninterface Gi0/1\n switchport mode access\n", ("kind__switch", "platform__ios")),
        ("version 17.3\nspanning-tree mode rapid-pvst\n", ("kind__switch", "platform__iosxe")),
        ("version 16.9\nrouter ospf 1\n", ("kind__router", "platform__iosxe")),
        ("hostname a\n", ("kind__router",)),
    ],
)
def test_a_configuration_tells_what_it_is_of(text: str, groups: tuple[str, ...]) -> None:
    assert IosAuditor(()).known(text, "file") == ("a" if "hostname" in text else "file", groups)


def test_sections_can_be_asked_for_their_lines() -> None:
    whole = audited(TEXT, "r1")
    (loopback,) = whole.sections("interface Loopback.+")
    assert (loopback.name, loopback.header) == ("interface Loopback0", "interface Loopback0")
    assert loopback.lines("ip address .+") == ("ip address 192.0.2.1 255.255.255.255",)
    assert not loopback.has("shutdown")
    (family,) = whole.sections("router bgp .+", "address-family .+")
    assert family.name == "router bgp 65001 > address-family ipv4 vrf A"

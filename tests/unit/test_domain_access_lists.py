"""Access lists as values: how their parts are written, what is refused, what they let through."""

from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.access_list_names import kind_by_number
from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule, permits
from cimnet_nornir.errors import InvalidValue


def rule(sequence: int = 10, action: str = "permit", **fields: Any) -> AclRule:
    return AclRule.model_validate({"sequence": sequence, "action": action, **fields})


def acl(*entries: AclRule | AclRemark, kind: str = "extended", name: str = "EDGE") -> AccessList:
    return AccessList.model_validate({"name": name, "kind": kind, "entries": entries})


def refusal(error: ValidationError) -> InvalidValue:
    found = error.errors()[0]["ctx"]["error"]
    assert isinstance(found, InvalidValue)
    return found


@pytest.mark.parametrize(
    ("text", "address", "wildcard", "shown"),
    [
        ("any", "0.0.0.0", "255.255.255.255", "any"),
        ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "any"),
        ("192.0.2.1", "192.0.2.1", "0.0.0.0", "192.0.2.1"),
        ("host 192.0.2.1", "192.0.2.1", "0.0.0.0", "192.0.2.1"),
        ("192.0.2.0/24", "192.0.2.0", "0.0.0.255", "192.0.2.0/24"),
        ("192.0.2.77 0.0.0.255", "192.0.2.0", "0.0.0.255", "192.0.2.0/24"),
        ("10.0.9.1 0.0.255.0", "10.0.0.1", "0.0.255.0", "10.0.0.1 0.0.255.0"),
    ],
)
def test_addresses_are_read_as_they_are_written_and_kept_as_ios_keeps_them(
    text: str, address: str, wildcard: str, shown: str
) -> None:
    found = AclAddress.model_validate(text)
    assert (str(found.address), str(found.wildcard), str(found)) == (address, wildcard, shown)
    assert AclAddress.model_validate(str(found)) == found == AclAddress.model_validate(found.model_dump(mode="json"))


@pytest.mark.parametrize(
    "text", ["", "all", "192.0.2", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0 255", "host", "1.1.1.1 2.2.2.2 3.3.3.3"]
)
def test_what_is_no_address_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        AclAddress.model_validate(text)
    assert repr(text) in refusal(refused.value).message


@pytest.mark.parametrize(
    "data", [{"address": "x"}, {"wildcard": "0.0.0.0"}, {"address": "192.0.2.1", "colour": "red"}, 7]
)
def test_stored_addresses_are_checked_too(data: object) -> None:
    with pytest.raises(ValidationError):
        AclAddress.model_validate(data)


@pytest.mark.parametrize(
    ("written", "shown"),
    [(80, "eq 80"), ("80", "eq 80"), ("gt  1023", "gt 1023"), ("range 20 21", "range 20 21")],
)
def test_ports_are_read_as_they_are_written(written: object, shown: str) -> None:
    found = AclPorts.model_validate(written)
    assert str(found) == shown
    assert AclPorts.model_validate(shown) == found


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("www", "is no port"),
        ("ne 80", "is no port"),
        (True, "dictionary"),
        ("range 21 20", "upwards"),
        ("gt 65535", "no port"),
        ("lt 0", "no port"),
        ({"operator": "eq", "port": 1, "last": 2}, "two ports"),
        ({"operator": "range", "port": 1}, "two ports"),
        (65536, "65535"),
    ],
)
def test_what_is_no_port_is_refused(written: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        AclPorts.model_validate(written)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("1", "standard"), ("99", "standard"), ("1300", "standard"), ("100", "extended"), ("2699", "extended"),
     ("0", None), ("200", None), ("2700", None), ("EDGE", None)],
)  # fmt: skip
def test_a_number_says_what_kind_a_list_is(name: str, kind: str | None) -> None:
    assert kind_by_number(name) == kind


@pytest.mark.parametrize("name", ["200", "0", "010", "9A", "", "a b", "x" * 64, "-a"])
def test_what_is_no_name_of_a_list_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="is no access list"):
        acl(rule(), name=name)


@pytest.mark.parametrize(
    ("protocol", "kept"), [("TCP", "tcp"), (6, "tcp"), ("89", "ospf"), (200, "200"), ("ip", "ip"), (0, "0")]
)
def test_a_protocol_has_one_form(protocol: object, kept: str) -> None:
    assert rule(protocol=protocol).protocol == kept


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"protocol": "bgp"}, "is no protocol"),
        ({"protocol": 256}, "is no protocol"),
        ({"protocol": True}, "string"),
        ({"protocol": "ip", "destination_ports": 80}, "has no ports"),
        ({"protocol": "udp", "established": True}, "goes with tcp"),
        ({"sequence": 0}, "greater"),
    ],
)
def test_a_rule_that_ios_would_refuse_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        rule(**fields)


@pytest.mark.parametrize("text", ["", " ", "what?", "Straße", "a\nb", "x" * 101])
def test_a_remark_is_a_line_that_can_be_typed(text: str) -> None:
    with pytest.raises(ValidationError):
        AclRemark(sequence=10, text=text)


@pytest.mark.parametrize(
    ("entries", "kind", "name", "subject", "why"),
    [
        ((), "extended", "EDGE", "entries", "let everything through"),
        ((AclRemark(sequence=10, text="x"),), "extended", "EDGE", "entries", "let everything through"),
        ((rule(),), "extended", "10", "kind", "is standard by its number"),
        ((rule(20), rule(10, "deny")), "extended", "EDGE", "1", "10 follows 20"),
        ((rule(10), rule(10, "deny")), "extended", "EDGE", "1", "10 follows 10"),
        ((rule(10), rule(20)), "extended", "EDGE", "1", "twice"),
        ((rule(10, source="any"), rule(20, source="0.0.0.0/0")), "standard", "5", "1", "twice"),
        ((rule(10), rule(20, protocol="tcp")), "standard", "EDGE", "1", "source alone"),
        ((rule(10, destination="192.0.2.1"),), "standard", "EDGE", "0", "source alone"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused(
    entries: tuple[Any, ...], kind: str, name: str, subject: str, why: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        acl(*entries, kind=kind, name=name)
    assert refusal(refused.value).subject == subject
    assert why in refusal(refused.value).message


HERE, THERE = IPv4Address("192.0.2.1"), IPv4Address("198.51.100.1")


def test_the_first_entry_that_matches_decides_and_none_denies() -> None:
    edge = acl(
        AclRemark(sequence=5, text="management"),
        rule(10, "deny", protocol="tcp", source="192.0.2.0/24", destination_ports=23),
        rule(20, protocol="tcp", destination_ports="range 22 23", source_ports="gt 1023"),
        rule(30, protocol="tcp", established=True),
    )
    assert permits(edge, HERE, THERE, "tcp", 22, source_port=40000)
    assert not permits(edge, HERE, THERE, "tcp", 23, source_port=40000)
    assert permits(edge, THERE, HERE, "tcp", 23, source_port=40000)
    assert not permits(edge, HERE, THERE, "tcp", 22, source_port=22)
    assert not permits(edge, HERE, THERE, "tcp", 22)
    assert not permits(edge, HERE, THERE, "tcp", 443)
    assert permits(edge, HERE, THERE, "tcp", 443, established=True)
    assert not permits(edge, HERE, THERE, "udp", 22, source_port=40000)


def test_a_standard_list_looks_at_the_source_alone() -> None:
    peers = acl(rule(source="192.0.2.1"), kind="standard", name="10")
    assert permits(peers, HERE, THERE, "ospf")
    assert not permits(peers, THERE, HERE, "tcp", 22)

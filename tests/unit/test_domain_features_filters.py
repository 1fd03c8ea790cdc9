"""Prefix lists, community lists, AS paths, route maps and IPv6 access lists as settings: what they refuse."""

from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.features.access_lists import Ipv6AccessList
from cimnet_nornir.domain.features.model import Setting, read_setting, told_setting
from cimnet_nornir.domain.features.prefix_lists import AsPathList, CommunityList, Ipv6PrefixList, PrefixList
from cimnet_nornir.domain.features.route_maps import RouteMapClause

PERMIT = {"action": "permit"}
TEN = {**PERMIT, "prefix": "10.0.0.0/8"}


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (PrefixList, {"name": "A", "entries": []}, "at least 1"),
        (PrefixList, {"name": "A", "entries": [{**PERMIT, "prefix": "10.0.0.1/8"}]}, "valid IPv4 network"),
        (PrefixList, {"name": "A", "entries": [{**TEN, "ge": 8}]}, "lengths run"),
        (PrefixList, {"name": "A", "entries": [{**TEN, "ge": 24, "le": 16}]}, "lengths run"),
        (
            PrefixList,
            {"name": "A", "entries": [{"sequence": 10, **TEN}, {"sequence": 10, **TEN}]},
            "stand in their order",
        ),
        (PrefixList, {"name": "A B", "entries": [TEN]}, "is no name"),
        (Ipv6PrefixList, {"name": "A", "entries": [{**PERMIT, "prefix": "2001:db8::/32", "le": 129}]}, "128"),
        (CommunityList, {"name": "A", "entries": [{**PERMIT, "expression": "_1:"}]}, "has communities"),
        (
            CommunityList,
            {"name": "A", "kind": "expanded", "entries": [{**PERMIT, "communities": ["1:2"]}]},
            "has an exp",
        ),
        (CommunityList, {"name": 100, "entries": [{**PERMIT, "communities": ["1:2"]}]}, "not standard by its number"),
        (CommunityList, {"name": "A", "entries": [{**PERMIT, "communities": ["1:65536"]}]}, "is no community"),
        (AsPathList, {"number": 501, "entries": [{**PERMIT, "expression": "1"}]}, "1 to 500"),
        (RouteMapClause, {"name": "A", "sequence": 10, "set": {"metric": "fast"}}, "is no metric"),
        (RouteMapClause, {"name": "A", "sequence": 10, "match": {"tag": [5, 5]}}, "twice"),
        (RouteMapClause, {"name": "A", "sequence": 70000}, "65535"),
        (Ipv6AccessList, {"name": "A", "entries": [{}]}, "action, or is a remark"),
        (Ipv6AccessList, {"name": "A", "entries": [{**PERMIT, "source": "2001:db8::1/32"}]}, "is no place"),
        (Ipv6AccessList, {"name": "A", "entries": [{**PERMIT, "protocol": "icmp", "source_port": 5}]}, "has no ports"),
        (Ipv6AccessList, {"name": "A", "entries": [{**PERMIT, "protocol": "tcp", "message": "echo-reply"}]}, "of icmp"),
        (Ipv6AccessList, {"name": "A", "entries": [{**PERMIT, "protocol": "ip"}]}, "is no protocol"),
    ],
)
def test_what_does_not_fit_is_refused(kind: type[Setting], fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


def test_entries_are_numbered_from_the_one_before() -> None:
    later = {**PERMIT, "prefix": "172.16.0.0/12"}
    last = {**PERMIT, "prefix": "0.0.0.0/0"}
    told = PrefixList.model_validate({"name": "A", "entries": [TEN, {"sequence": 20, **later}, last]})
    assert [entry.sequence for entry in told.entries] == [5, 20, 25]
    assert read_setting(told_setting(told)) == told


def test_a_community_has_one_form() -> None:
    told = CommunityList.model_validate({"name": 5, "entries": [{**PERMIT, "communities": [65538, "no-export"]}]})
    assert told.entries[0].communities == ("1:2", "no-export")


def test_a_clause_is_told_from_others_by_name_and_number() -> None:
    clause = RouteMapClause.model_validate({"name": "OUT", "sequence": 10, "match": {"interface": ["gi0/1"]}})
    assert clause.identity == "route-map OUT 10"
    assert clause.match.interface == ("GigabitEthernet0/1",)
    assert read_setting(told_setting(clause)) == clause

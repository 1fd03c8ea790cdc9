"""Object groups: their members in one form, what they refuse, and entries of access lists that speak of them."""

from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.access_lists import AccessList, AclRule, permits
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.object_groups import NetworkObjectGroup, ServiceObjectGroup
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.references import uses
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.filter_rules import FILTER_RULES
from cimnet_nornir.domain.values import DeviceKind, Value
from cimnet_nornir.errors import RuleViolated

HERE = IPv4Address("192.0.2.1")


def device() -> Device:
    return Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), routing=True)


def rule(sequence: int, **fields: Any) -> AclRule:
    return AclRule.model_validate({"sequence": sequence, "action": "permit", **fields})


def test_members_have_one_form() -> None:
    told = ("host 10.0.0.1", "10.0.0.2/32", "10.0.0.0/24", "10.0.0.1 - 10.0.0.9", "any")
    members = ("10.0.0.1", "10.0.0.2", "10.0.0.0/24", "10.0.0.1-10.0.0.9", "any")
    assert NetworkObjectGroup(name="A", members=told).members == members


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (NetworkObjectGroup, {"name": "A"}, "is empty"),
        (NetworkObjectGroup, {"name": "A", "members": ["10.0.0.1/24"]}, "has bits beyond its prefix"),
        (NetworkObjectGroup, {"name": "A", "members": ["10.0.0.9-10.0.0.1"]}, "does not run upwards"),
        (NetworkObjectGroup, {"name": "A", "members": ["server"]}, "are no addresses"),
        (NetworkObjectGroup, {"name": "A", "members": ["10.0.0.1", "host 10.0.0.1"]}, "stands here twice"),
        (ServiceObjectGroup, {"name": "A"}, "is empty"),
        (ServiceObjectGroup, {"name": "A", "services": ["tcp eq"]}, "is no service"),
        (AclRule, {"sequence": 1, "action": "permit", "protocol": "tcp", "service_group": "S"}, "says the protocol"),
        (AclRule, {"sequence": 1, "action": "permit", "source": "10.0.0.1", "source_group": "S"}, "says the source"),
    ],
)
def test_what_does_not_fit_is_refused(kind: type[Value], fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


def test_a_group_within_itself_is_refused() -> None:
    found = device()
    outer = NetworkObjectGroup(name="A", network_groups=("B",))
    for each in (outer, NetworkObjectGroup(name="B", network_groups=("A",))):
        found.features[each.identity] = each
    with pytest.raises(RuleViolated, match="network-object-group A is part of itself"):
        outer.check(found)


def test_a_standard_list_has_no_groups() -> None:
    with pytest.raises(ValidationError, match="looks at the source alone"):
        AccessList(name="A", kind="standard", entries=(rule(10, source_group="G"),))


def test_what_a_group_lets_through_is_not_counted_on() -> None:
    acl = AccessList(name="A", kind="extended", entries=(rule(10, source_group="G"), rule(20, action="deny")))
    assert not permits(acl, HERE, HERE, "tcp", 22)
    shut = AccessList(name="A", kind="extended", entries=(rule(10, action="deny", service_group="G"), rule(20)))
    assert not permits(shut, HERE, HERE, "tcp", 22)


def test_an_entry_by_group_hides_none_behind_it() -> None:
    found = device()
    found.access_lists["A"] = AccessList(name="A", kind="extended", entries=(rule(10, source_group="G"), rule(20)))
    network = Network("net", created=True, devices={found.id: found})
    assert Registry(FILTER_RULES).check(NetworkView(network)) == ()


def test_the_groups_of_an_entry_are_asked_for() -> None:
    found = device()
    entry = rule(10, service_group="S", source_group="N", destination_group="M")
    found.access_lists["A"] = AccessList(name="A", kind="extended", entries=(entry,))
    names = ["service object group S", "network object group N", "network object group M"]
    assert [str(use.name) for use in uses(found)] == names

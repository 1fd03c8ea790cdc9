"""Settings of QoS: the forms that they take, what they refuse, and what they need of the device."""

from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.qos import ClassMap, Police, PolicyClass, PolicyMap, PriorityQueue, Shape, Share
from cimnet_nornir.domain.features.qos_switch import MlsQos, QosPort
from cimnet_nornir.domain.references import uses
from cimnet_nornir.domain.values import DeviceKind, Value
from cimnet_nornir.errors import RuleViolated


def device(*settings: Setting) -> Device:
    found = Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), routing=True)
    found.features = {setting.identity: setting for setting in settings}
    return found


def policy(name: str, *classes: dict[str, Any]) -> PolicyMap:
    return PolicyMap.model_validate({"name": name, "classes": classes})


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ip dscp 46 AF31 0", "ip dscp default af31 ef"),
        ("dscp 47", "dscp 47"),
        ("not  precedence critical 3", "not precedence 3 5"),
        ("input-interface gi0/1", "input-interface GigabitEthernet0/1"),
        ("access-group name  X", "access-group name X"),
        ("any", "any"),
    ],
)
def test_a_match_has_one_form(text: str, form: str) -> None:
    assert ClassMap(name="A", match=(text,)).match == (form,)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (ClassMap, {"name": "class-default"}, "has no class map"),
        (ClassMap, {"name": "A", "match": ["dscp 64"]}, "matches nothing that is known"),
        (ClassMap, {"name": "A", "match": ["dscp ef", "dscp 46"]}, "stands here twice"),
        (ClassMap, {"name": "A" * 41}, "at most 40"),
        (Share, {"percent": 5, "kilobits": 8}, "in one way"),
        (Share, {}, "in one way"),
        (PriorityQueue, {"percent": 5, "kilobits": 8}, "not both"),
        (PriorityQueue, {"burst": 1500}, "goes with a rate"),
        (Shape, {"percent": 5, "bits": 8000}, "bits a second, or to percent"),
        (Shape, {"bits": 8000, "excess": 0}, "goes with a burst"),
        (Police, {}, "bits a second, or to percent"),
        (Police, {"percent": 5, "burst": 1500}, "no bursts"),
        (Police, {"bits": 8000, "excess": 1500}, "goes with a burst"),
        (Police, {"bits": 9000, "peak": 8000}, "at least the rate"),
        (Police, {"bits": 9000, "exceed": "set-dscp-transmit af14"}, "is no action"),
        (PolicyClass, {"name": "A", "bandwidth": {"percent": 1}, "priority": {}}, "not both"),
        (PolicyClass, {"name": "A", "drop": True, "set": ["cos 1"]}, "is dropped"),
        (PolicyClass, {"name": "A", "set": ["dscp ef af31"]}, "sets nothing that is known"),
        (PolicyMap, {"name": "P", "classes": [{"name": "A"}, {"name": "A"}]}, "stands in it twice"),
        (PolicyMap, {"name": "P", "classes": [{"name": "class-default"}, {"name": "A"}]}, "stands last"),
        (
            PolicyMap,
            {
                "name": "P",
                "classes": [{"name": "A", "bandwidth": {"percent": 60}}, {"name": "B", "priority": {"percent": 41}}],
            },
            "have 101 percent",
        ),
        (
            PolicyMap,
            {
                "name": "P",
                "classes": [{"name": n, "bandwidth": {w: 60}} for n, w in (("A", "percent"), ("B", "kilobits"))],
            },
            "told in one way",
        ),
        (MlsQos, {"queueing": ["srr-queue output cos-map queue 5 threshold 3 5"]}, "tells nothing of queues"),
        (QosPort, {"interface": "Gi0/1", "auto": "voice"}, "pattern"),
    ],
)
def test_what_does_not_fit_is_refused(kind: type[Value], fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


def test_parts_of_what_remains_may_be_told_in_two_ways_of_it() -> None:
    shares = ({"remaining_percent": 60}, {"remaining_ratio": 3})
    told = policy("P", *({"name": name, "bandwidth": share} for name, share in zip("AB", shares, strict=True)))
    assert [each.bandwidth.unit for each in told.classes if each.bandwidth] == ["remaining_percent", "remaining_ratio"]


def test_a_class_within_itself_is_refused() -> None:
    first = ClassMap(name="A", match=("not class-map B",))
    with pytest.raises(RuleViolated, match="class-map A is part of itself"):
        first.check(device(first, ClassMap(name="B", match=("class-map A",))))


def test_classes_policies_and_lists_are_asked_for_by_name() -> None:
    settings = (
        policy("P", {"name": "A"}, {"name": "class-default", "service_policy": "Q"}),
        ClassMap(name="A", match=("not access-group name L", "class-map B")),
        ConfigurationBlock(name="b", section=("control-plane",), lines=("service-policy input COPP",)),
    )
    names = {str(use.name) for use in uses(device(*settings))}
    assert names == {"class map A", "policy map Q", "access list L", "class map B", "policy map COPP"}


def test_markings_are_those_of_a_switch() -> None:
    with pytest.raises(RuleViolated):
        MlsQos().check(device())

"""What classes, policies and switches refuse on a simulated device, and what it shows of them."""

import pytest

from tests.unit.test_lab_services import Configured

CLASS = ("class-map A", "match dscp ef", "class-map B", "match class-map A")
POLICY = (*CLASS, "policy-map P", "class A", "bandwidth percent 60", "class B")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*POLICY, "bandwidth percent 41"), "Sum total of class bandwidths exceeds 100 percent: 101"),
        ((*POLICY, "bandwidth 512"), "All classes with bandwidth should have consistent units"),
        ((*POLICY, "class A", "priority"), "Priority cannot be configured in a class that has bandwidth"),
        ((*POLICY, "set dscp ef", "set ip dscp ef"), "% Only one marking of the IP header is supported in a class"),
        ((*POLICY, "no class-map A"), "% Class-map A is being used"),
        (("class-map A", "class-map B", "match class-map A", "no class-map A"), "% Class-map A is being used"),
        ((*CLASS, "class-map match-any A"), "% Class-map A exists as match-all"),
        (("policy-map P", "class A"), "% class map A not configured"),
        (("class-map B", "match class-map A"), "class map A not configured"),
        (("interface gi0/0", "service-policy input P"), "% policy map P not configured"),
        ((*POLICY, "interface gi0/0", "service-policy input P", "no policy-map P"), "% Policy-map P is being used"),
        ((*POLICY, "service-policy Q"), "% policy map Q not configured"),
    ],
)
def test_what_is_missing_in_use_or_too_much_is_refused(lines: tuple[str, ...], said: str) -> None:
    assert Configured("router", *lines).said == said


def test_the_class_that_takes_the_rest_stands_last() -> None:
    configured = Configured("router", *CLASS, "policy-map P", "class class-default", "class B", "class A")
    assert configured.block("policy-map P") == ["policy-map P", " class B", " class A", " class class-default"]


def test_a_policer_shows_what_goes_without_saying() -> None:
    typed = ("policy-map P", "class class-default", "police cir 64000")
    assert Configured("router", *typed).has("  police 64000 2000  conform-action transmit  exceed-action drop")
    assert Configured("switch", *typed).has("  police 64000 2000  exceed-action drop")


def test_a_marking_is_in_one_queue() -> None:
    queue = "mls qos srr-queue output cos-map queue"
    configured = Configured("switch", f"{queue} 1 threshold 3 4 5", f"{queue} 2 threshold 1 5")
    assert configured.has(f"{queue} 1 threshold 3  4")
    assert configured.has(f"{queue} 2 threshold 1  5")
    assert not configured.type(f"no {queue} 2 threshold 1").has(f"{queue} 1 threshold 3  4")


def test_auto_qos_writes_what_it_stands_for_and_takes_its_port_back() -> None:
    configured = Configured("switch", "interface gi0/1", "auto qos voip cisco-phone")
    port = configured.block("interface GigabitEthernet0/1")
    assert {" mls qos trust cos", " service-policy input AutoQoS-Police-CiscoPhone", " priority-queue out"} <= set(port)
    assert configured.has("mls qos")
    configured.type("interface gi0/1", "no auto qos voip cisco-phone")
    assert configured.block("interface GigabitEthernet0/1") == ["interface GigabitEthernet0/1"]

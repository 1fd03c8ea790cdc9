"""Tracked objects of a simulated device: when they are up, and when not."""

import pytest

from cimnet_nornir.lab.tracked import is_tracked_up
from tests.unit.test_lab_services import Configured

PROBE = ("ip sla 1", "icmp-echo 192.0.2.1", "exit", "exit", "track 1 ip sla 1 reachability")
OPEN = ("interface loopback 0", "ip address 10.0.0.1 255.255.255.0", "exit")


@pytest.mark.parametrize(
    ("lines", "up"),
    [
        ((), False),
        (PROBE, False),
        ((*PROBE, "ip sla schedule 1 start-time now"), True),
        ((*PROBE, "ip sla schedule 1 start-time now", "no ip sla 1"), False),
        ((*OPEN, "track 1 interface loopback 0 line-protocol"), True),
        ((*OPEN, "track 1 interface loopback 0 ip routing"), True),
        (("interface loopback 0", "track 1 interface loopback 0 ip routing"), False),
        ((*OPEN, "interface loopback 0", "shutdown", "track 1 interface loopback 0 line-protocol"), False),
        (("ip route 10.9.0.0 255.255.0.0 null0", "track 1 ip route 10.9.0.0 255.255.0.0 reachability"), True),
        (("track 1 ip route 10.9.0.0 255.255.0.0 reachability",), False),
        (("track 1 stub-object",), False),
        (("track 1 stub-object", "default-state up"), True),
        (("track 1 list boolean and",), False),
        (("track 1 list boolean and", "object 1"), False),
    ],
)
def test_an_object_is_up_when_what_it_watches_is(lines: tuple[str, ...], up: bool) -> None:
    assert is_tracked_up(Configured("router", *lines).device, "1") is up


@pytest.mark.parametrize(
    ("lines", "up"),
    [
        (("track 1 list boolean and", "object 2", "object 3"), False),
        (("track 1 list boolean and", "object 2", "object 3 not"), True),
        (("track 1 list boolean or", "object 2", "object 3"), True),
        (("track 1 list threshold weight", "object 2 weight 20", "object 3 weight 30", "threshold weight up 20"), True),
        (("track 1 list threshold weight", "object 2", "threshold weight up 11"), False),
        (("track 1 list threshold percentage", "object 2", "object 3", "threshold percentage up 50"), True),
        (("track 1 list threshold percentage", "object 2", "object 3", "threshold percentage up 51"), False),
    ],
)
def test_a_list_is_up_when_enough_of_it_is(lines: tuple[str, ...], up: bool) -> None:
    two = ("track 2 stub-object", "default-state up", "track 3 stub-object")
    assert is_tracked_up(Configured("router", *two, *lines).device, "1") is up

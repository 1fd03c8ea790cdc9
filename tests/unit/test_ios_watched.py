"""Routes that rest on a probe: a push that makes the probe anew leaves them in the routing table until its end."""

import pytest

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.tree import parse_config
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.routing import routing_table
from tests.lab_typing import lab_device

WATCHED = "ip route 0.0.0.0 0.0.0.0 10.0.0.1 track 7"
RUNNING = f"""
interface Loopback0
 ip address 10.0.0.2 255.255.255.0
ip sla 7
 icmp-echo 192.0.2.1
ip sla schedule 7 life forever start-time now
track 7 ip sla 7 reachability
{WATCHED}
"""


def ways_out(device: Device) -> list[str]:
    return [str(route.hop) for route in routing_table(device) if route.code == "S*"]


def test_the_only_way_out_is_there_after_every_line() -> None:
    device = lab_device(ROUTER_IOS, RUNNING, ())
    running, intended = (
        normalise(parse_config(text), ROUTER_IOS)
        for text in (device.running_config(), RUNNING.replace("192.0.2.1", "192.0.2.9"))
    )
    configuration = Configuration(device)
    for line in remediate(running, intended, ROUTER_IOS).lines():
        assert configuration.feed(line).text == ""
        assert ways_out(device) == ["10.0.0.1"], line
    assert "icmp-echo 192.0.2.9" in device.running_config()


def test_it_would_be_gone_with_its_probe() -> None:
    device = lab_device(ROUTER_IOS, RUNNING, ())
    Configuration(device).feed("no ip sla 7")
    assert ways_out(device) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            "",
            f"{WATCHED}: it stays unwatched while ip sla 7 is made anew, and then goes until track 7 is up",
        ),
        (
            "ip route 0.0.0.0 0.0.0.0 10.0.0.5 200\n",
            f"{WATCHED}: it goes until ip sla 7 is up again, and ip route 0.0.0.0 0.0.0.0 10.0.0.5 200 takes over",
        ),
        (
            "interface GigabitEthernet0/0\n standby 1 ip 10.1.0.1\n standby 1 track 7 decrement 20\n",
            "interface GigabitEthernet0/0 / standby 1 track 7 decrement 20: track 7 is down until ip sla 7 is up again",
        ),
    ],
)
def test_the_plan_names_what_goes_for_a_moment(more: str, told: str) -> None:
    running, intended = (
        normalise(parse_config(text + more), ROUTER_IOS)
        for text in (RUNNING, RUNNING.replace("192.0.2.1", "192.0.2.9"))
    )
    assert told in remediate(running, intended, ROUTER_IOS).warnings


def test_no_route_takes_over_that_the_push_takes_away() -> None:
    running, intended = (
        normalise(parse_config(text), ROUTER_IOS)
        for text in (f"{RUNNING}ip route 0.0.0.0 0.0.0.0 10.0.0.5 200\n", RUNNING.replace("192.0.2.1", "192.0.2.9"))
    )
    remediation = remediate(running, intended, ROUTER_IOS)
    assert WATCHED.removesuffix(" track 7") in remediation.lines()
    assert not any("takes over" in warning for warning in remediation.warnings)


MOVED = "ip route 0.0.0.0 0.0.0.0 10.0.0.5 track "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (RUNNING, RUNNING.replace("192.0.2.1", "192.0.2.9").replace(WATCHED, f"{MOVED}7")),
        (RUNNING, RUNNING.replace("192.0.2.1", "192.0.2.9").replace(WATCHED, "ip route 0.0.0.0 0.0.0.0 10.0.0.5")),
        (RUNNING.replace(" track 7", ""), RUNNING.replace("track 7", "track 8").replace(WATCHED[:-8], MOVED[:-7])),
    ],
)
def test_a_way_out_is_there_when_another_takes_its_place(before: str, after: str) -> None:
    device = lab_device(ROUTER_IOS, before, ())
    running, intended = (normalise(parse_config(text), ROUTER_IOS) for text in (device.running_config(), after))
    configuration = Configuration(device)
    assert ways_out(device)
    for line in remediate(running, intended, ROUTER_IOS).lines():
        assert configuration.feed(line).text == ""
        assert ways_out(device), line
    after_all = normalise(parse_config(device.running_config()), ROUTER_IOS)
    assert remediate(after_all, intended, ROUTER_IOS).lines() == ()

"""What intent has no word for stays on the device, and is reported."""

from ipaddress import IPv4Address

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.device import Device
from cimnet_nornir.ios.engine import IosEngine

HEAD = "hostname sw1\nip routing\n"


@pytest.fixture
def switch(small: NetworkService) -> Device:
    device = small.network().devices["sw1"]
    device.routing = True
    return device


def typed(
    engine: IosEngine, device: Device, running: str, *, intended: str = HEAD, formerly: str | None = None
) -> tuple[str, ...]:
    return engine.compare(device, HEAD + running, intended, formerly=formerly).commands


@pytest.mark.parametrize(
    "running",
    [
        "ip route vrf Mgmt-vrf 0.0.0.0 0.0.0.0 192.168.1.1\n",
        "router ospf 9 vrf CUST\n router-id 9.9.9.9\n",
        "interface GigabitEthernet0/9\n ip address 192.168.1.2 255.255.255.0\n",
        "interface Vlan77\n vrf forwarding CUST\n ip address 10.7.7.1 255.255.255.0\n",
        "interface Port-channel1\n switchport mode trunk\ninterface GigabitEthernet0/1\n channel-group 1 mode active\n",
    ],
)
def test_what_intent_cannot_say_is_left_alone_and_reported(engine: IosEngine, switch: Device, running: str) -> None:
    comparison = engine.compare(switch, HEAD + running, HEAD)
    assert comparison.commands == ()
    reported = {path[-1] for path in comparison.unmodelled}
    assert running.splitlines()[-1].strip() in reported


def test_what_intent_brought_is_taken_away_again(engine: IosEngine, switch: Device) -> None:
    route = "ip route vrf Mgmt-vrf 0.0.0.0 0.0.0.0 192.168.1.1\n"
    assert typed(engine, switch, route, formerly=HEAD + route) == (f"no {route.strip()}",)


def test_a_declared_port_is_still_taken_care_of(engine: IosEngine, switch: Device) -> None:
    commands = typed(
        engine, switch, "interface GigabitEthernet0/1\n switchport access vlan 10\n switchport mode access\n"
    )
    assert "shutdown" in commands


@pytest.mark.parametrize(
    ("intended", "said"),
    [
        ("interface Vlan10\n ip address 10.0.10.77 255.255.255.0\n no shutdown\n", "takes away 10.0.10.2"),
        ("interface Vlan10\n ip address 10.0.10.2 255.255.255.0\n shutdown\n", "shuts interface Vlan10"),
    ],
)
def test_a_push_that_cuts_its_own_way_says_so(engine: IosEngine, switch: Device, intended: str, said: str) -> None:
    switch.details = switch.details.model_copy(update={"management": IPv4Address("10.0.10.2")})
    running = "interface Vlan10\n ip address 10.0.10.2 255.255.255.0\n"
    warnings = engine.compare(switch, HEAD + running, HEAD + intended).warnings
    assert any(said in warning for warning in warnings)
    assert engine.compare(switch, HEAD + running, HEAD + running + " no shutdown\n").warnings == ()


BUNDLE = "interface Port-channel1\n switchport mode trunk\n"
MEMBER = "interface GigabitEthernet0/1\n switchport mode trunk\n channel-group 1 mode active\n"
ALONE = "interface GigabitEthernet0/1\n switchport mode trunk\n"


def test_a_port_channel_that_intent_brought_goes_when_it_is_not_intended_any_more(
    engine: IosEngine, switch: Device
) -> None:
    commands = typed(engine, switch, BUNDLE + MEMBER, intended=HEAD + ALONE, formerly=HEAD + BUNDLE + MEMBER)
    assert commands == ("interface GigabitEthernet0/1", "no channel-group", "exit", "no interface Port-channel1")


def test_a_port_that_somebody_put_into_a_channel_is_taken_out_where_intent_has_it_in_another(
    engine: IosEngine, switch: Device
) -> None:
    other = MEMBER.replace("channel-group 1", "channel-group 7")
    commands = typed(engine, switch, BUNDLE + other, intended=HEAD + BUNDLE + MEMBER)
    assert commands == (
        "interface GigabitEthernet0/1",
        "no channel-group",
        "channel-group 1 mode active",
    )
    assert typed(engine, switch, BUNDLE + MEMBER, intended=HEAD + BUNDLE + MEMBER) == ()


def test_a_port_that_somebody_put_into_a_channel_stays_there_where_intent_has_none(
    engine: IosEngine, switch: Device
) -> None:
    comparison = engine.compare(switch, HEAD + BUNDLE + MEMBER, HEAD + ALONE)
    assert comparison.commands == ()
    assert ("interface GigabitEthernet0/1", "channel-group 1 mode active") in comparison.unmodelled

"""Settings of switching: what they refuse by themselves, and what of them must fit the rest of the switch."""

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.security import ArpInspection, DhcpSnooping, ErrDisable, PortSecurity, StormControl
from cimnet_nornir.domain.features.spanning_tree import Mst, PortSpanningTree
from cimnet_nornir.domain.features.switching import ChannelGroup, Lacp, SwitchPort, VlanOptions, Vtp, VtpPassword
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    TrunkMode,
)
from cimnet_nornir.errors import PortNotFound, RuleViolated, VlanNotFound

ACCESS, TRUNK, MEMBER, ROUTED, FREE = (f"GigabitEthernet0/{number}" for number in range(1, 6))


@pytest.fixture
def switch() -> Device:
    return Device(
        "net",
        "s1",
        "s1",
        DeviceKind.SWITCH,
        DeviceDetails(vendor="cisco", platform="ios"),
        (ACCESS, TRUNK, MEMBER, ROUTED, FREE),
        routing=True,
        vlans={10: None, 2000: None},
        switch_ports={
            ACCESS: PortConfiguration(switching=AccessMode(vlan=10), portfast=True, bpduguard=True),
            TRUNK: PortConfiguration(switching=TrunkMode()),
        },
        interfaces={ROUTED: RoutedInterface()},
        port_channels={1: PortChannel(members=(MEMBER,))},
    )


@pytest.mark.parametrize(
    ("setting", "error", "words"),
    [
        (SwitchPort(interface=ACCESS, mode="trunk"), RuleViolated, "mode is said by its mode"),
        (SwitchPort(interface=ACCESS, access_vlan=10), RuleViolated, "access_vlan is said by its mode"),
        (SwitchPort(interface=TRUNK, native_vlan=10), RuleViolated, "native_vlan or allowed_vlans is said by its mode"),
        (SwitchPort(interface=ROUTED, nonegotiate=True), RuleViolated, f"{ROUTED} is routed"),
        (SwitchPort(interface="Gi9/9", nonegotiate=True), PortNotFound, "has no interface GigabitEthernet9/9"),
        (PortSpanningTree(interface=ACCESS, portfast="edge"), RuleViolated, "portfast is said of the port itself"),
        (PortSpanningTree(interface=ACCESS, bpduguard_disabled=True), RuleViolated, "bpduguard is said of the port"),
        (ChannelGroup(interface=MEMBER, number=2, mode="on"), RuleViolated, "is in Port-channel1 already"),
        (VlanOptions(vlan=30, shutdown=True), VlanNotFound, "needs VLAN 30"),
        (VlanOptions(vlan=2000, suspended=True), RuleViolated, "only VLANs 2 to 1001 can"),
        (SwitchPort(interface=FREE, nonegotiate=True), RuleViolated, "negotiates its mode cannot be told nonegotiate"),
        (PortSecurity(interface=FREE), RuleViolated, "negotiates its mode and cannot be secured"),
        (PortSecurity(interface="Port-channel7"), PortNotFound, "has no interface Port-channel7"),
    ],
)
def test_a_setting_that_does_not_fit_the_switch_is_refused(
    switch: Device, setting: Setting, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        setting.check(switch)


@pytest.mark.parametrize(
    "setting",
    [
        SwitchPort(interface=ACCESS, voice_vlan=20, native_vlan=10),
        SwitchPort(interface=TRUNK, access_vlan=10, nonegotiate=True),
        SwitchPort(interface=FREE, mode="dynamic auto"),
        PortSpanningTree(interface=TRUNK, portfast="edge", guard="root"),
        ChannelGroup(interface=FREE, number=1, mode="desirable", non_silent=True),
        Lacp(interface="Port-channel1", min_links=2),
        Lacp(interface=MEMBER, fast_rate=True),
        VlanOptions(vlan=2000, remote_span=True),
        PortSecurity(interface=TRUNK, sticky=True),
        PortSecurity(interface=FREE, enabled=False, maximum=2),
    ],
)
def test_a_setting_that_fits_the_switch_is_taken(switch: Device, setting: Setting) -> None:
    setting.check(switch)


def test_a_router_has_no_vtp_and_may_have_members_of_a_channel() -> None:
    router = Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), (FREE,))
    router.interfaces["Port-channel1"] = RoutedInterface()
    ChannelGroup(interface=FREE, number=1).check(router)
    for setting in (Vtp(mode="off"), StormControl(interface=FREE, broadcast="20")):
        with pytest.raises(RuleViolated, match="r1 is a router"):
            setting.check(router)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (Mst, {"instances": {1: "10,20", 2: "20"}}, "VLAN 20 is in the instances 1 and 2"),
        (Mst, {"instances": {0: "10"}}, "an instance has a number from 1"),
        (Mst, {"instances": {1: "none"}}, "at least one VLAN"),
        (Mst, {"priorities": {1: 100}}, "multiple of 4096"),
        (PortSpanningTree, {"interface": ACCESS, "port_priority": 100}, "multiple of 16"),
        (StormControl, {"interface": ACCESS, "broadcast": "a lot"}, "is no level"),
        (StormControl, {"interface": ACCESS, "broadcast": "101"}, "is no level"),
        (StormControl, {"interface": ACCESS, "broadcast": "30 20 10"}, "is no level"),
        (DhcpSnooping, {"database": "ftp://user:word@192.0.2.1/x"}, "would show the password"),
        (ErrDisable, {"recovery": ["bad-luck"]}, "Input should be"),
        (VtpPassword, {"password": "in clear text"}, "a secret is given by reference"),
        (Vtp, {"domain": "two words"}, "should match pattern"),
    ],
)
def test_a_value_that_ios_does_not_take_is_refused(kind: type[Setting], fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


def test_values_are_kept_as_ios_shows_them() -> None:
    assert StormControl(interface=ACCESS, broadcast="20 10.5").broadcast == "20.00 10.50"
    assert StormControl(interface=ACCESS, unicast="bps 10m").unicast == "bps 10m"
    assert ArpInspection(validation=("ip", "src-mac")).validation == ("src-mac", "ip")
    assert PortSecurity(interface=ACCESS, addresses=("00-11-22-AA-BB-CC",)).addresses == ("0011.22aa.bbcc",)
    assert ErrDisable(recovery=("udld", "bpduguard", "udld")).recovery == ("bpduguard", "udld")

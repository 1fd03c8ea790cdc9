"""A switch read back from its configuration: base, port-channels, and what only settings can say."""

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.spanning_tree import PortSpanningTree
from cimnet_nornir.domain.features.switching import ChannelGroup, SwitchPort
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.domain.values import AccessMode, PortChannel, PortConfiguration, TrunkMode
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.reading import read_configuration

GENERATOR = IosGenerator(TemplateBundle.load())
ONE, TWO, THREE = (f"GigabitEthernet0/{number}" for number in range(1, 4))


def reading(text: str, model: str = "") -> Reading:
    found = read_configuration(
        f"hostname s1\n{text}",
        GENERATOR,
        name="s1",
        details=DeviceDetails(vendor="cisco", platform="ios", model=model),
        place="file:",
    )
    # Whatever was understood: rendered again, nothing is to be sent and nothing is missing.
    assert (found.left, found.surplus) == ((), ())
    return found


def read(text: str, model: str = "") -> Device:
    return reading(text, model).device


def adopted(text: str) -> list[str]:
    return [line.path[-1] for line in reading(text).lines if line.how == "adopted"]


def test_vlans_ports_and_spanning_tree_are_the_base() -> None:
    device = read(
        "spanning-tree mode rapid-pvst\nspanning-tree vlan 10,20 priority 4096\n"
        "vlan 10\n name users\nvlan 20,1500\n"
        "interface Gi0/1\n description desk\n switchport access vlan 10\n switchport mode access\n shutdown\n"
        " spanning-tree portfast\n spanning-tree bpduguard enable\n"
        "interface Gi0/2\n switchport trunk native vlan 20\n switchport trunk allowed vlan 10,20\n"
        " switchport mode trunk\n spanning-tree portfast edge trunk\n"
    )
    assert device.ports == (ONE, TWO)
    assert device.vlans == {10: "users", 20: None, 1500: None}
    assert (device.spanning_tree.mode, device.spanning_tree.priorities) == ("rapid-pvst", {10: 4096, 20: 4096})
    assert device.switch_ports[ONE] == PortConfiguration(
        description="desk", enabled=False, switching=AccessMode(vlan=10), portfast=True, bpduguard=True
    )
    assert device.switch_ports[TWO] == PortConfiguration(
        switching=TrunkMode(native_vlan=20, allowed=frozenset({10, 20})), portfast=True
    )
    assert not device.features


def test_a_vlan_that_comes_from_vtp_is_told_as_a_setting() -> None:
    device = read("interface Gi0/1\n switchport access vlan 10\n switchport mode access\n")
    assert device.switch_ports[ONE].switching is None
    assert device.features == {
        f"switchport {ONE}": SwitchPort(interface=ONE, mode="access", access_vlan=10),
    }


def test_what_a_port_keeps_for_another_mode_is_a_setting() -> None:
    device = read(
        "vlan 10,20\ninterface Gi0/1\n switchport access vlan 10\n switchport trunk allowed vlan 1, 2\n"
        " switchport mode trunk\n switchport nonegotiate\n switchport voice vlan 20\n"
    )
    assert device.switch_ports[ONE].switching == TrunkMode(allowed=frozenset({1, 2}))
    assert device.features == {
        f"switchport {ONE}": SwitchPort(interface=ONE, access_vlan=10, nonegotiate=True, voice_vlan=20)
    }


def test_an_encapsulation_that_the_model_needs_is_part_of_its_trunk() -> None:
    text = "interface Gi0/1\n switchport trunk encapsulation {}\n switchport mode trunk\n"
    assert f"switchport {ONE}" in read(text.format("isl"), "WS-C3560-24PS").features
    assert f"switchport {ONE}" in read(text.format("dot1q")).features


CHANNEL = "interface Port-channel1\n switchport mode trunk\n"


def member(number: int, mode: str, *lines: str) -> str:
    said = "".join(f" {line}\n" for line in ("switchport mode trunk", *lines))
    return f"interface Gi0/{number}\n{said} channel-group 1 mode {mode}\n"


def test_members_that_do_what_their_port_channel_does_are_its_members() -> None:
    device = read(CHANNEL + member(1, "active", "description to core") + member(2, "active"))
    assert device.port_channels == {1: PortChannel(mode="active", members=(ONE, TWO))}
    assert device.switch_ports["Port-channel1"].switching == TrunkMode()
    assert device.switch_ports[ONE] == PortConfiguration(description="to core")
    assert not device.features


def test_a_member_unlike_the_others_is_told_by_itself() -> None:
    device = read(CHANNEL + member(1, "active") + member(2, "passive") + member(3, "active"))
    assert device.port_channels[1].members == (ONE, THREE)
    assert device.features == {f"channel-group {TWO}": ChannelGroup(interface=TWO, number=1, mode="passive")}
    other = read(CHANNEL + member(1, "active") + member(2, "active", "switchport trunk allowed vlan 10"))
    assert other.port_channels[1].members == (ONE,)
    assert other.switch_ports[TWO].switching == TrunkMode(allowed=frozenset({10}))


def test_members_by_pagp_are_those_of_their_port_channel() -> None:
    device = read(CHANNEL + member(1, "desirable non-silent") + member(2, "auto"))
    assert device.port_channels[1] == PortChannel(members=(ONE,), mode="desirable non-silent")
    assert device.setting("channel-group", TWO) == ChannelGroup(interface=TWO, number=1, mode="auto")
    assert adopted(CHANNEL + member(1, "desirable")) == []


def test_portfast_of_a_kind_that_the_mode_does_not_tell_is_a_setting() -> None:
    device = read(
        "vlan 10\ninterface Gi0/1\n switchport mode access\n spanning-tree portfast trunk\n"
        "interface Gi0/2\n switchport mode trunk\n spanning-tree portfast\n"
    )
    assert device.setting("spanning-tree-port", ONE) == PortSpanningTree(interface=ONE, portfast="trunk")
    assert device.setting("spanning-tree-port", TWO) == PortSpanningTree(interface=TWO, portfast="edge")


def test_what_nothing_models_is_adopted_where_it_stands() -> None:
    text = (
        "vlan 10\n name two words\nip igmp snooping tcn flood query count 3\ninterface Gi0/1\n switchport mode access\n"
        " macro description user\n"
        " switchport port-security maximum 5 vlan 10\n"
    )
    assert adopted(text) == [
        "name two words",
        "ip igmp snooping tcn flood query count 3",
        "macro description user",
        "switchport port-security maximum 5 vlan 10",
    ]
    assert read(text).switch_ports[ONE].switching == AccessMode(vlan=1)


def test_routed_ports_of_a_switch_that_does_not_route_are_taken_in() -> None:
    text = "vlan 10\ninterface Gi0/1\n no switchport\n ip address 192.0.2.1 255.255.255.0\n"
    assert adopted(text) == []
    assert str(read(text).interfaces[ONE].addresses[0]) == "192.0.2.1/24"


def test_an_address_of_a_port_that_switches_is_adopted_alone() -> None:
    text = "interface Gi0/1\n switchport mode access\n ip address 192.0.2.1 255.255.255.0\n"
    assert adopted(text) == ["ip address 192.0.2.1 255.255.255.0"]
    assert read(text).switch_ports[ONE].switching == AccessMode(vlan=1)

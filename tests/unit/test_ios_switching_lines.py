"""Lines of switching in the one form in which they are compared, and how images spell and list them."""

import pytest

from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import L3SWITCH_IOS, L3SWITCH_IOSXE, ROUTER_IOS, SWITCH_IOS, Profile, profile_for
from cimnet_nornir.ios.remediation import apply_lines, remediate
from cimnet_nornir.ios.tree import Config, parse_config, to_text

EDGE = profile_for("ios", routes=False, switches=True, model="WS-C2960X-24TS-L")


def normal(text: str, profile: Profile = SWITCH_IOS) -> Config:
    return normalise(parse_config(text), profile)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("switchport trunk allowed vlan 1, 2", "switchport trunk allowed vlan 1,2"),
        ("switchport trunk allowed vlan add 5 , 7-9", "switchport trunk allowed vlan add 5,7-9"),
        ("instance 1 vlan 10, 20, 30-35", "instance 1 vlan 10,20,30-35"),
        ("storm-control broadcast level 20", "storm-control broadcast level 20.00"),
        ("storm-control broadcast level 20.5 10", "storm-control broadcast level 20.50 10.00"),
        ("storm-control broadcast level pps 20", "storm-control broadcast level pps 20"),
        (
            "switchport port-security mac-address 00:11:22:AA:BB:CC vlan access",
            "switchport port-security mac-address 0011.22aa.bbcc vlan access",
        ),
        ("ip arp inspection validate ip src-mac", "ip arp inspection validate src-mac ip"),
        ("ip arp inspection validate ip unknown", "ip arp inspection validate ip unknown"),
        ("description vlan 1, 2", "description vlan 1, 2"),
    ],
)
def test_a_line_of_switching_is_read_as_a_switch_shows_it(typed: str, shown: str) -> None:
    assert canonical_line(typed) == shown
    assert canonical_line(shown) == shown


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        (
            EDGE,
            "interface GigabitEthernet0/1\n spanning-tree portfast edge trunk\nspanning-tree portfast edge default\n",
        ),
        (
            L3SWITCH_IOSXE,
            "interface GigabitEthernet0/1\n spanning-tree portfast trunk\nspanning-tree portfast default\n",
        ),
    ],
)
def test_portfast_is_spelled_as_the_image_does(profile: Profile, shown: str) -> None:
    for edge in ("", " edge"):
        text = f"interface Gi0/1\n spanning-tree portfast{edge} trunk\nspanning-tree portfast{edge} default\n"
        assert to_text(normal(text, profile)) == shown


def test_what_is_typed_on_another_image_comes_to_the_same() -> None:
    running = normal(
        "interface Gi0/1\n spanning-tree portfast edge\nspanning-tree portfast edge bpduguard default\n", EDGE
    )
    intended = normal("interface Gi0/1\n spanning-tree portfast trunk\n", EDGE)
    remediation = remediate(running, intended, EDGE, formerly=running)
    assert remediation.lines() == (
        "interface GigabitEthernet0/1",
        "spanning-tree portfast edge trunk",
        "exit",
        "no spanning-tree portfast edge bpduguard default",
    )
    for line in ("no spanning-tree portfast bpduguard default", "no spanning-tree portfast edge bpduguard default"):
        assert not any("default" in node.text for node in apply_lines(running, [line], EDGE).nodes)


def test_ports_of_a_router_join_a_channel_without_a_mode() -> None:
    text = "interface GigabitEthernet0/1\n channel-group 1 mode on\n"
    assert to_text(normal(text, ROUTER_IOS)) == "interface GigabitEthernet0/1\n channel-group 1\n"
    assert to_text(normal(text.replace(" mode on", ""), L3SWITCH_IOS)) == text


def test_a_list_of_vlans_is_one_line_however_it_was_typed() -> None:
    text = (
        "ip dhcp snooping vlan 20\nip dhcp snooping vlan 10,11-12\nno spanning-tree vlan 7\nno spanning-tree vlan 5\n"
    )
    assert to_text(normal(text)) == "ip dhcp snooping vlan 10-12,20\nno spanning-tree vlan 5,7\n"


def test_a_long_list_of_vlans_is_typed_in_lines_that_fit() -> None:
    vlans = ",".join(str(vlan) for vlan in range(100, 1100, 2))
    intended = normal(f"ip dhcp snooping vlan {vlans}\n")
    brought = remediate(Config(), intended, SWITCH_IOS)
    assert len(brought.lines()) > 2
    assert all(len(line) <= 255 for line in brought.lines())
    assert apply_lines(Config(), brought.lines(), SWITCH_IOS) == intended
    taken = remediate(intended, normal("ip dhcp snooping vlan 100\n"), SWITCH_IOS)
    assert to_text(apply_lines(intended, taken.lines(), SWITCH_IOS)) == "ip dhcp snooping vlan 100\n"


def test_instances_of_mst_may_be_zero() -> None:
    assert to_text(normal("spanning-tree mst 0-1,3 priority 4096\n")) == (
        "spanning-tree mst 0 priority 4096\nspanning-tree mst 1 priority 4096\nspanning-tree mst 3 priority 4096\n"
    )
    assert to_text(normal("spanning-tree mst 0 priority 0\n")) == "spanning-tree mst 0 priority 0\n"


def test_a_domain_of_vtp_is_not_taken_back() -> None:
    running = normal("vtp domain LAB\n")
    remediation = remediate(running, Config(), SWITCH_IOS, formerly=running)
    assert remediation.is_empty
    assert remediation.warnings == ("vtp domain stays: a switch can change it, and never be without one again",)


def test_two_vlans_may_be_mirrored() -> None:
    text = "vlan 10\n remote-span\nvlan 20\n remote-span\n"
    assert to_text(apply_lines(Config(), text.splitlines(), SWITCH_IOS)) == text


def test_a_channel_that_the_device_made_for_a_port_stays_as_long_as_one_is_in_it() -> None:
    made = normal("interface Port-channel5\n switchport mode trunk\n")
    port = "interface GigabitEthernet0/1\n switchport mode trunk\n channel-group 5 mode desirable\n"
    running = Config((*made.nodes, *normal(port).nodes))
    remediation = remediate(running, normal(port), SWITCH_IOS)
    assert remediation.is_empty
    assert remediation.unmodelled == (
        ("interface Port-channel5",),
        ("interface Port-channel5", "switchport mode trunk"),
    )
    gone = remediate(running, normal("interface GigabitEthernet0/1\n switchport mode trunk\n"), SWITCH_IOS)
    assert gone.lines()[-1] == "no interface Port-channel5"


def test_what_is_said_of_many_vlans_is_typed_in_one_line() -> None:
    running = normal("spanning-tree vlan 1-20 priority 8192\nspanning-tree vlan 30 priority 4096\n")
    intended = normal("spanning-tree vlan 1-4094 priority 4096\n")
    assert remediate(running, intended, SWITCH_IOS).lines() == ("spanning-tree vlan 1-29,31-4094 priority 4096",)
    gone = remediate(intended, Config(), SWITCH_IOS).lines()
    assert gone == ("no spanning-tree vlan 1-4094 priority",)
    assert apply_lines(intended, gone, SWITCH_IOS) == Config()


def test_a_line_for_many_vlans_is_no_longer_than_a_device_takes() -> None:
    vlans = ",".join(str(vlan) for vlan in range(100, 1100, 2))
    intended = normal(f"spanning-tree vlan {vlans} priority 4096\n")
    lines = remediate(Config(), intended, SWITCH_IOS).lines()
    assert 1 < len(lines) < 20
    assert all(len(line) <= 254 for line in lines)
    assert apply_lines(Config(), lines, SWITCH_IOS) == intended

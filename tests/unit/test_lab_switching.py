"""What a simulated switch makes of lines of VTP, spanning tree, port security and the guards of layer 2."""

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.features.portsecurity import learn
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import DeviceKind, LabCredentials, LabDevice, Platform
from cimnet_nornir.lab.storage import MemoryStorage

PORT = "interface GigabitEthernet0/1"


def typed(*lines: str, kind: DeviceKind = "switch", platform: Platform = "ios") -> tuple[Device, str]:
    """A device on which the lines were typed, and what it said to the last."""
    declared = LabDevice("S1", platform, kind, ("GigabitEthernet0/1", "GigabitEthernet0/2"))
    device = Device(declared, LabCredentials("admin", "word"), MemoryStorage())
    session = Session(device, "admin")
    said = ""
    for line in ("configure terminal", *lines):
        said = session.feed(line).text.rstrip("\n")
    return device, said


def shown(device: Device) -> list[str]:
    return device.running_config().split("\n")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ip dhcp snooping vlan 10,20", "ip dhcp snooping vlan 30"], "ip dhcp snooping vlan 10,20,30"),
        (["ip dhcp snooping vlan 10-12", "no ip dhcp snooping vlan 11"], "ip dhcp snooping vlan 10,12"),
        (["ip arp inspection vlan 5", "ip arp inspection vlan 4"], "ip arp inspection vlan 4,5"),
        (["ip arp inspection validate ip src-mac"], "ip arp inspection validate src-mac ip"),
        (["no ip dhcp snooping information option"], "no ip dhcp snooping information option"),
        (["no spanning-tree vlan 10,20", "spanning-tree vlan 20"], "no spanning-tree vlan 10"),
        (
            ["spanning-tree vlan 10 max-age 10", "spanning-tree vlan 30 max-age 10"],
            "spanning-tree vlan 10,30 max-age 10",
        ),
        (
            ["spanning-tree mst 1 priority 4096", "spanning-tree mst 0 priority 4096"],
            "spanning-tree mst 0,1 priority 4096",
        ),
        (
            ["errdisable recovery cause all", "no errdisable recovery cause udld"],
            "errdisable recovery cause storm-control",
        ),
        (["no errdisable detect cause link-flap"], "no errdisable detect cause link-flap"),
        (["udld enable", "udld aggressive"], "udld aggressive"),
        (["port-channel load-balance src-dst-ip"], "port-channel load-balance src-dst-ip"),
        ([PORT, "storm-control broadcast level 20"], " storm-control broadcast level 20.00"),
        ([PORT, "storm-control unicast level 87.5 65"], " storm-control unicast level 87.50 65.00"),
        ([PORT, "storm-control multicast level pps 2k 1k"], " storm-control multicast level pps 2k 1k"),
        (
            [PORT, "switchport port-security mac-address 00:11:22:33:44:55"],
            " switchport port-security mac-address 0011.2233.4455",
        ),
    ],
)
def test_a_switch_shows_what_lines_come_to(lines: list[str], expected: str) -> None:
    device, _ = typed(*lines)
    assert expected in shown(device)


@pytest.mark.parametrize(
    "lines",
    [
        ["udld message time 15"],
        ["errdisable recovery interval 300"],
        ["spanning-tree transmit hold-count 6"],
        ["spanning-tree vlan 10 hello-time 2"],
        [PORT, "switchport port-security maximum 1"],
        [PORT, "switchport port-security violation shutdown"],
        [PORT, "lacp port-priority 32768"],
        ["spanning-tree mst configuration", "revision 0"],
    ],
)
def test_a_switch_does_not_show_what_it_does_anyway(lines: list[str]) -> None:
    before, _ = typed()
    device, said = typed(*lines)
    assert (said, shown(device)) == ("", shown(before))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["no vtp domain"], "% Invalid input detected at '^' marker."),
        (["vtp version 3"], "Cannot set the version to 3 because domain name is not configured"),
        (["vlan 1002", "remote-span"], "%Default VLAN 1002 may not be changed to RSPAN VLAN."),
        ([PORT, "switchport port-security"], "Command rejected: GigabitEthernet0/1 is a dynamic port."),
        ([PORT, "storm-control broadcast level 120"], "% Invalid storm-control threshold value"),
        (
            [PORT, "switchport mode access", "switchport nonegotiate", "no switchport mode"],
            "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status.",
        ),
        (["spanning-tree mst 1 priority 100"], "% Bridge Priority must be in increments of 4096."),
        (["ip arp inspection validate ip ip"], "% Invalid ARP inspection validation"),
    ],
)
def test_a_switch_refuses_what_cannot_be(lines: list[str], said: str) -> None:
    assert said in typed(*lines)[1]


def test_a_trunk_that_may_be_isl_keeps_its_encapsulation() -> None:
    lines = (PORT, "switchport trunk encapsulation dot1q", "switchport mode trunk")
    for last in ("no switchport trunk encapsulation", "switchport trunk encapsulation negotiate"):
        device, said = typed(*lines, last, kind="l3switch")
        assert said.startswith("Command rejected: An interface whose trunk encapsulation")
        assert " switchport trunk encapsulation dot1q" in shown(device)


def test_a_vlan_that_is_mapped_again_leaves_its_instance() -> None:
    device, _ = typed(
        "spanning-tree mst configuration", "name EAST", "revision 3", "instance 1 vlan 10,20,30", "instance 2 vlan 20",
        "no instance 1 vlan 30",
    )  # fmt: skip
    start = shown(device).index("spanning-tree mst configuration")
    assert shown(device)[start + 1 : start + 5] == [
        " name EAST",
        " revision 3",
        " instance 1 vlan 10",
        " instance 2 vlan 20",
    ]
    typed_on, _ = typed("spanning-tree mst configuration", "instance 1 vlan 10,20,40-42")
    assert " instance 1 vlan 10, 20, 40-42" in shown(typed_on)


def test_no_configuration_shows_the_password_of_vtp() -> None:
    device, said = typed("vtp domain LAB", "vtp password Word")
    assert said == "Setting device VTP password to Word"
    assert not any("Word" in line for line in shown(device))


def test_addresses_that_a_port_learned_stand_there_until_it_forgets_them() -> None:
    device, _ = typed(
        PORT, "switchport mode access", "switchport port-security mac-address sticky", "switchport port-security"
    )
    port = device.running.get("interface", "GigabitEthernet0/1")
    assert port is not None
    learn(port, "0011.2233.4455")
    assert " switchport port-security mac-address sticky 0011.2233.4455" in shown(device)
    session = Session(device, "admin")
    for line in ("configure terminal", PORT, "no switchport port-security mac-address sticky"):
        session.feed(line)
    assert not any("sticky" in line for line in shown(device))


@pytest.mark.parametrize(
    ("platform", "line"), [("ios", " spanning-tree portfast edge trunk"), ("iosxe", " spanning-tree portfast trunk")]
)
def test_images_spell_portfast_as_they_do(platform: Platform, line: str) -> None:
    for way in ("spanning-tree portfast trunk", "spanning-tree portfast edge trunk"):
        device, _ = typed(PORT, "switchport mode trunk", way, platform=platform)
        assert line in shown(device)


def test_an_encapsulation_is_told_only_where_trunks_have_a_choice() -> None:
    for kind, platform in (("switch", "ios"), ("l3switch", "iosxe")):
        _, said = typed(PORT, "switchport trunk encapsulation dot1q", kind=kind, platform=platform)  # type: ignore[arg-type]
        assert "% Invalid input" in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["vtp mode server", "vlan 100", "private-vlan primary"],
            "%Private VLANs can only be configured when VTP is in transparent/off mode.",
        ),
        (
            ["vlan 100", "private-vlan primary", "private-vlan isolated"],
            "%Command rejected: the VLAN is primary already",
        ),
        (["vlan 100", "private-vlan association 101"], "%Command rejected: the VLAN is not a primary VLAN"),
        (
            ["vlan 100-101", "vlan 100", "private-vlan primary", "private-vlan association 101"],
            "%Command rejected: VLAN 101 is not a secondary VLAN",
        ),
    ],
)
def test_private_vlans_are_refused_out_of_order(lines: list[str], said: str) -> None:
    assert typed(*lines)[1] == said


def test_lines_of_a_private_vlan_stand_in_further() -> None:
    parts = ("vlan 101", "private-vlan isolated", "vlan 102", "private-vlan community", "vlan 100")
    device, _ = typed(*parts, "name P", "private-vlan primary", "private-vlan association 101,102")
    assert "vlan 100\n name P\n  private-vlan primary\n  private-vlan association 101,102" in device.running_config()

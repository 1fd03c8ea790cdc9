"""Whatever is typed at a simulated device, it answers, and its configuration stays one that it can boot."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.lab.terminal import Terminal

LINES = (
    "interface GigabitEthernet0/1",
    "interface GigabitEthernet0/2",
    "interface range gi0/1 - 2",
    "interface Vlan10",
    "interface Loopback0",
    "default interface gi0/1",
    "no interface Vlan10",
    "description some text",
    "shutdown",
    "no shutdown",
    "switchport",
    "no switchport",
    "switchport mode trunk",
    "switchport mode access",
    "switchport nonegotiate",
    "switchport trunk encapsulation dot1q",
    "switchport trunk allowed vlan 10-20,30",
    "switchport trunk allowed vlan remove 15",
    "switchport trunk allowed vlan none",
    "switchport access vlan 44",
    "channel-group 1 mode active",
    "channel-group 1 mode on",
    "no channel-group",
    "no interface Port-channel1",
    "spanning-tree portfast",
    "ip address 10.0.0.1 255.255.255.0",
    "ip address 10.0.1.1 255.255.255.0",
    "ip address 10.0.2.1 255.255.255.0 secondary",
    "no ip address",
    "ip ospf 1 area 0",
    "no ip ospf 1 area 0",
    "vlan 10,20,30-33",
    "vlan 10",
    "name USERS",
    "no vlan 20,31",
    "hostname OTHER",
    "no hostname",
    "ip routing",
    "no ip routing",
    "router ospf 1",
    "no router ospf 1",
    "passive-interface default",
    "no passive-interface Vlan10",
    "network 10.0.0.0 0.0.255.255 area 0",
    "ip access-list extended WEB",
    "permit tcp any host 10.0.0.1 eq 80",
    "15 deny ip any any",
    "no 10",
    "access-list 10 permit any",
    "ip access-list standard 10",
    "ip route 0.0.0.0 0.0.0.0 10.0.0.254",
    "no ip route 0.0.0.0 0.0.0.0",
    "spanning-tree vlan 10,20 priority 4096",
    "no spanning-tree vlan 20 priority",
    "line vty 0 15",
    "login local",
    "transport input ssh",
    "line con 0",
    "banner motd #one#",
    "no banner motd",
    "exit",
)


def device(startup: str = "") -> Device:
    ports = ("GigabitEthernet0/1", "GigabitEthernet0/2")
    return Device(LabDevice("R1", "ios", "l3switch", ports, startup=startup), LabCredentials("a", "b"), MemoryStorage())


@given(st.lists(st.sampled_from(LINES), max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_configuration_that_was_reached_boots_into_itself(lines: list[str]) -> None:
    first = device()
    session = Session(first, "a")
    for line in lines:
        if session.configuration is None:
            session.feed("configure terminal")
        session.feed(line)
    again = device(first.running_config())
    assert again.rejected == ()
    assert again.running_config() == first.running_config()


@given(st.lists(st.sampled_from(LINES), max_size=25))
@settings(max_examples=100, deadline=None)
def test_a_line_that_was_taken_is_taken_again_without_a_change(lines: list[str]) -> None:
    known = device()
    known.load("\n".join(line for line in lines if line != "exit"))
    once = known.running_config()
    known.load(once)
    assert known.running_config() == once


@given(st.lists(st.sampled_from(LINES), max_size=20), st.lists(st.sampled_from(LINES), max_size=20))
@settings(max_examples=100, deadline=None)
def test_replacing_leads_to_exactly_the_other_configuration_and_back(lines: list[str], others: list[str]) -> None:
    known, other = device(), device()
    known.load("\n".join(line for line in lines if line != "exit"))
    other.load("\n".join(line for line in others if line != "exit"))
    before = known.running_config()
    assert known.replace_running(other.running_config()) == ()
    assert known.running_config() == other.running_config()
    known.replace_running(before)
    assert known.running_config() == before


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_bytes_come_there_is_an_answer(data: bytes) -> None:
    terminal = Terminal(Session(device(), "a"))
    terminal.receive(b"configure terminal\n" + data + b"\n")
    answers = 0
    while (line := terminal.next_line()) is not None:
        terminal.answered(terminal.session.feed(line))
        answers += 1
    assert answers >= 1

"""Port-channels of simulated switches: who joins, what is copied, what is shown, and what comes through."""

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.links import is_up
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.lab.topology import Topology

PORTS = ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3")
SHORT = ("Gi1/0/1", "Gi1/0/2", "Gi1/0/3")


class Pair:
    """Two layer-3 switches, A and B, with three cables between them."""

    def __init__(self) -> None:
        self.devices = {name: self._device(name) for name in "AB"}
        links = [LabLink(("A", port), ("B", port)) for port in PORTS]
        topology = Topology(self.devices, links)
        for device in self.devices.values():
            device.topology = topology

    def _device(self, name: str) -> Device:
        declared = LabDevice(name, "iosxe", "l3switch", PORTS, startup=f"hostname {name}\n")
        return Device(declared, LabCredentials("admin", "word"), MemoryStorage())

    def type(self, name: str, *lines: str) -> str:
        """Type lines in configuration mode; what was said to the last of them."""
        session = Session(self.devices[name], "admin")
        said = ""
        for line in ("configure terminal", *lines):
            said = session.feed(line).text.rstrip("\n")
        return said

    def channel(self, name: str, mode: str, *ports: str, number: int = 1) -> None:
        for port in ports:
            assert "rejected" not in self.type(name, f"interface {port}", f"channel-group {number} mode {mode}")

    def shown(self, name: str) -> list[str]:
        text = Session(self.devices[name], "admin").feed("show etherchannel summary").text
        lines = text.rstrip("\n").split("\n")
        return lines[lines.index(next(line for line in lines if line.startswith("---"))) + 1 :]

    def block(self, name: str, interface: str) -> list[str]:
        lines = self.devices[name].running_config().split("\n")
        start = lines.index(f"interface {interface}")
        return lines[start + 1 : lines.index("!", start)]


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.mark.parametrize(
    ("near", "far", "flag"),
    [
        ("active", "active", "P"),
        ("active", "passive", "P"),
        ("passive", "passive", "I"),
        ("on", "on", "P"),
        ("on", "active", "I"),
        ("desirable", "auto", "P"),
        ("auto", "auto", "I"),
    ],
)
def test_ports_are_bundled_where_the_modes_of_both_ends_agree(pair: Pair, near: str, far: str, flag: str) -> None:
    pair.channel("A", near, *SHORT[:2])
    pair.channel("B", far, *SHORT[:2])
    (row,) = pair.shown("A")
    assert f"Gi1/0/1({flag})" in row
    assert f"Po1(S{'U' if flag == 'P' else 'D'})" in row
    assert is_up(pair.devices["A"], "Port-channel1") is (flag == "P")


def test_the_summary_names_protocol_layer_and_ports_that_are_down(pair: Pair) -> None:
    pair.channel("A", "active", *SHORT)
    pair.channel("B", "active", *SHORT)
    pair.type("B", "interface Gi1/0/3", "shutdown")
    assert pair.shown("A") == ["1      Po1(SU)         LACP      Gi1/0/1(P)  Gi1/0/2(P)  Gi1/0/3(D)"]
    pair.type("A", "interface Po1", "no switchport")
    pair.type("A", "interface Po7")
    assert pair.shown("A") == [
        "1      Po1(RU)         LACP      Gi1/0/1(P)  Gi1/0/2(P)  Gi1/0/3(D)",
        "7      Po7(SD)          -",
    ]


def test_what_is_typed_on_a_port_channel_is_copied_to_its_ports(pair: Pair) -> None:
    pair.channel("A", "active", *SHORT[:2])
    pair.type("A", "interface Po1", "description both", "switchport trunk allowed vlan 10", "switchport mode trunk")
    for port in PORTS[:2]:
        assert pair.block("A", port) == [
            " switchport trunk allowed vlan 10",
            " switchport mode trunk",
            " channel-group 1 mode active",
        ]
    pair.type("A", "interface Po1", "switchport trunk allowed vlan add 20", "shutdown")
    assert pair.block("A", PORTS[1])[0] == " switchport trunk allowed vlan 10,20"
    assert " shutdown" in pair.block("A", PORTS[0])
    assert pair.block("A", PORTS[2]) == []


def test_what_is_typed_on_a_port_stays_there_and_takes_it_out_of_use(pair: Pair) -> None:
    for name in "AB":
        pair.channel(name, "active", *SHORT[:2])
        pair.type(name, "interface Po1", "switchport mode trunk")
    pair.type("A", "interface Gi1/0/2", "switchport trunk allowed vlan 10")
    assert pair.block("A", "Port-channel1") == [" switchport mode trunk"]
    (row,) = pair.shown("A")
    assert "Gi1/0/1(P)" in row
    assert "Gi1/0/2(s)" in row


def test_a_port_that_speaks_another_protocol_is_refused(pair: Pair) -> None:
    pair.channel("A", "active", "Gi1/0/1")
    assert pair.type("A", "interface Gi1/0/2", "channel-group 1 mode on") == (
        "Command rejected (Channel protocol mismatch for interface Gi1/0/2 in group 1): "
        "the interface can not be added to the channel group"
    )
    pair.channel("A", "passive", "Gi1/0/2")


def test_a_routed_port_is_not_put_into_a_switched_channel(pair: Pair) -> None:
    pair.channel("A", "active", "Gi1/0/1")
    said = pair.type("A", "interface Gi1/0/2", "no switchport", "channel-group 1 mode active")
    assert said.startswith("Command rejected (Port-channel1, Gi1/0/2): Either port is L2 and port-channel is L3")


def test_a_member_does_not_become_routed_by_itself(pair: Pair) -> None:
    pair.channel("A", "active", "Gi1/0/1")
    assert "is a member of Port-channel1" in pair.type("A", "interface Gi1/0/1", "no switchport")
    pair.type("A", "interface Po1", "no switchport")
    assert pair.block("A", PORTS[0])[0] == " no switchport"
    assert "is a member of Port-channel1" in pair.type("A", "interface Gi1/0/1", "switchport")


def test_a_channel_that_is_removed_shuts_its_ports(pair: Pair) -> None:
    pair.channel("A", "active", *SHORT[:2])
    pair.type("A", "no interface Po1")
    for port in PORTS[:2]:
        assert pair.block("A", port) == [" shutdown"]


def test_a_channel_has_a_number_that_there_is(pair: Pair) -> None:
    pair.channel("A", "active", "Gi1/0/1", number=128)
    assert "% Invalid input" in pair.type("A", "interface Gi1/0/2", "channel-group 129 mode active")
    assert "% Invalid input" in pair.type("A", "interface Po129")

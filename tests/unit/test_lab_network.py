"""What simulated devices see of each other: links, VLANs, neighbours, routes and pings, without SSH."""

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import DeviceKind, LabCredentials, LabDevice, LabLink, Platform
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.lab.topology import Topology

Declared = tuple[str, DeviceKind, Platform, tuple[str, ...], str]

EDGE = """hostname EDGE
ip domain-name lab.example
lldp run
interface Loopback0
 ip address 1.1.1.1 255.255.255.255
interface GigabitEthernet0/0
 no ip address
interface GigabitEthernet0/0.10
 encapsulation dot1Q 10
 ip address 10.0.10.1 255.255.255.0
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.255.252
 ip ospf network point-to-point
router ospf 1
 network 0.0.0.0 255.255.255.255 area 0
 default-information originate always
"""
CORE = """hostname CORE
interface Loopback0
 ip address 2.2.2.2 255.255.255.255
 ip ospf 1 area 0
interface GigabitEthernet0/0
 ip address 10.1.0.2 255.255.255.252
 ip ospf network point-to-point
 ip ospf 1 area 0
interface GigabitEthernet0/1
 ip address 10.2.0.1 255.255.255.0
 ip ospf 1 area 7
router ospf 1
 router-id 2.2.2.2
ip route 172.16.0.0 255.255.0.0 10.2.0.2
ip route 192.0.2.0 255.255.255.0 10.99.0.1
"""
ACCESS = """hostname ACCESS
lldp run
vlan 10
 name USERS
interface GigabitEthernet0/1
 description to the edge
 switchport mode trunk
interface GigabitEthernet0/2
 switchport mode trunk
interface GigabitEthernet0/3
 switchport access vlan 10
 switchport voice vlan 20
interface Vlan10
 ip address 10.0.10.2 255.255.255.0
ip default-gateway 10.0.10.1
"""
FLOOR = """hostname FLOOR
lldp run
ip routing
vlan 10
spanning-tree vlan 10 priority 4096
interface Vlan10
 ip address 10.0.10.3 255.255.255.0
 ip ospf 1 area 0
router ospf 1
"""
DEVICES: tuple[Declared, ...] = (
    ("EDGE", "router", "ios", ("Gi0/0", "Gi0/1"), EDGE),
    ("CORE", "router", "iosxe", ("Gi0/0", "Gi0/1"), CORE),
    ("ACCESS", "switch", "ios", ("Gi0/1", "Gi0/2", "Gi0/3"), ACCESS),
    ("FLOOR", "l3switch", "iosxe", ("Gi1/0/1", "Gi1/0/2"), FLOOR),
)
LINKS = (
    LabLink(("EDGE", "Gi0/0"), ("ACCESS", "Gi0/1")),
    LabLink(("EDGE", "Gi0/1"), ("CORE", "Gi0/0")),
    LabLink(("ACCESS", "Gi0/2"), ("FLOOR", "Gi1/0/1")),
)


class Network:
    def __init__(self, devices: tuple[Declared, ...] = DEVICES, links: tuple[LabLink, ...] = LINKS) -> None:
        self.devices = {
            name: Device(
                LabDevice(name, platform, kind, ports, startup=startup, management="192.0.2.9/24"),
                LabCredentials("admin", "word"),
                MemoryStorage(),
            )
            for name, kind, platform, ports, startup in devices
        }
        assert [device.rejected for device in self.devices.values()] == [()] * len(devices)
        topology = Topology(self.devices, links)
        for device in self.devices.values():
            device.topology = topology

    def ask(self, name: str, *lines: str) -> str:
        session = Session(self.devices[name], "admin")
        return [session.feed(line).text for line in lines][-1].rstrip("\n")

    def configure(self, name: str, *lines: str) -> None:
        self.ask(name, "configure terminal", *lines)

    def rows(self, name: str, line: str) -> list[list[str]]:
        return [row.split() for row in self.ask(name, line).split("\n") if row.strip()]


@pytest.fixture
def network() -> Network:
    return Network()


def test_interfaces_follow_their_links(network: Network) -> None:
    rows = network.rows("ACCESS", "show ip interface brief")
    assert ["GigabitEthernet0/1", "unassigned", "YES", "unset", "up", "up"] in rows
    assert ["GigabitEthernet0/3", "unassigned", "YES", "unset", "down", "down"] in rows
    assert ["Vlan1", "unassigned", "YES", "unset", "administratively", "down", "down"] in rows
    assert ["Vlan10", "10.0.10.2", "YES", "manual", "up", "up"] in rows


def test_the_other_end_goes_down_with_a_port(network: Network) -> None:
    network.configure("ACCESS", "interface gi0/1", "shutdown")
    assert "GigabitEthernet0/0 is down, line protocol is down" in network.ask("EDGE", "show interfaces gi0/0")
    assert "GigabitEthernet0/1 is administratively down" in network.ask("ACCESS", "show interfaces")
    network.devices["ACCESS"].powered = False
    assert "down" in network.ask("FLOOR", "show interfaces description").split("Gi1/0/1")[1].split("\n")[0]


def test_cdp_tells_the_other_end_of_each_cable(network: Network) -> None:
    rows = network.rows("ACCESS", "show cdp neighbors")
    assert rows[-1] == ["Total", "cdp", "entries", "displayed", ":", "2"]
    assert rows[-3:-1] == [
        ["EDGE.lab.example", "Gig", "0/1", "145", "R", "S", "I", "CISCO2911", "Gig", "0/0"],
        ["FLOOR", "Gig", "0/2", "145", "R", "S", "I", "C9300-24T", "Gig", "1/0/1"],
    ]
    detail = network.ask("ACCESS", "show cdp neighbors gi0/1 detail")
    assert "Device ID: EDGE.lab.example\nEntry address(es): \n  IP address: 1.1.1.1" in detail
    assert "Interface: GigabitEthernet0/1,  Port ID (outgoing port): GigabitEthernet0/0" in detail
    assert "FLOOR" not in detail


def test_cdp_is_silent_where_it_is_off(network: Network) -> None:
    network.configure("EDGE", "no cdp run")
    network.configure("FLOOR", "interface gi1/0/1", "no cdp enable")
    assert network.ask("ACCESS", "show cdp neighbors").endswith("Total cdp entries displayed : 0")
    assert network.ask("EDGE", "show cdp neighbors") == "% CDP is not enabled"
    assert network.ask("EDGE", "show cdp neighbors detail") == "% CDP is not enabled"


def test_lldp_talks_where_both_run_it(network: Network) -> None:
    rows = network.rows("EDGE", "show lldp neighbors")
    assert rows[-2:] == [["ACCESS", "Gi0/0", "120", "B", "Gi0/1"], ["Total", "entries", "displayed:", "1"]]
    detail = network.ask("EDGE", "show lldp neighbors detail")
    assert "Port Description: to the edge\nSystem Name: ACCESS" in detail
    assert "    IP: 10.0.10.2" in detail
    assert network.ask("CORE", "show lldp neighbors") == "% LLDP is not enabled"
    assert network.ask("CORE", "show lldp neighbors detail") == "% LLDP is not enabled"


def test_a_device_without_an_address_tells_its_declared_one(network: Network) -> None:
    network.configure("ACCESS", "interface vlan 10", "no ip address")
    assert "IP address: 192.0.2.9" in network.ask("EDGE", "show cdp neighbors detail")


def test_ospf_finds_its_neighbours_over_links_and_vlans(network: Network) -> None:
    rows = network.rows("EDGE", "show ip ospf neighbor")
    assert rows[1:] == [
        ["2.2.2.2", "0", "FULL/", "-", "00:00:35", "10.1.0.2", "GigabitEthernet0/1"],
        ["10.0.10.3", "1", "FULL/DR", "00:00:35", "10.0.10.3", "GigabitEthernet0/0.10"],
    ]
    assert ["Vl10", "1", "0", "10.0.10.3/24", "1", "DR", "1/1"] in network.rows("FLOOR", "show ip ospf interface brief")


@pytest.mark.parametrize(
    "lines",
    [
        ["interface gi0/0", "ip ospf 1 area 5"],
        ["interface gi0/0", "mtu 1400"],
        ["interface gi0/0", "shutdown"],
        ["interface gi0/0", "ip address 10.1.0.6 255.255.255.252"],
        ["router ospf 1", "passive-interface gi0/0"],
        ["router ospf 1", "shutdown"],
    ],
)
def test_what_does_not_fit_keeps_neighbours_apart(network: Network, lines: list[str]) -> None:
    network.configure("CORE", *lines)
    assert "2.2.2.2" not in network.ask("EDGE", "show ip ospf neighbor")


def test_the_routing_table_holds_connected_static_and_ospf_routes(network: Network) -> None:
    table = network.ask("CORE", "show ip route")
    assert "Gateway of last resort is 10.1.0.1 to network 0.0.0.0" in table
    for row in (
        "O*E2     0.0.0.0/0 [110/1] via 10.1.0.1, 00:10:00, GigabitEthernet0/0",
        "O        10.0.10.0/24 [110/2] via 10.1.0.1, 00:10:00, GigabitEthernet0/0",
        "C        10.1.0.0/30 is directly connected, GigabitEthernet0/0",
        "L        10.1.0.2/32 is directly connected, GigabitEthernet0/0",
    ):
        assert row in table
    assert "172.16.0.0" not in table, "the next hop's interface is down"
    assert "192.0.2.0" not in table, "the next hop is on no network of ours"


def test_an_area_beyond_is_told_as_such(network: Network) -> None:
    network.configure("CORE", "interface Loopback1", "ip address 10.3.0.1 255.255.255.0", "ip ospf 1 area 7",
                      "ip ospf network point-to-point")  # fmt: skip
    assert "O IA     10.3.0.0/24 [110/2] via 10.1.0.2" in network.ask("EDGE", "show ip route ospf")


def test_redistributed_routes_are_external(network: Network) -> None:
    network.configure("CORE", "interface Loopback1", "ip address 10.3.0.1 255.255.255.0", "router ospf 1",
                      "redistribute connected subnets", "redistribute static metric 50")  # fmt: skip
    table = network.ask("EDGE", "show ip route")
    assert "O E2     10.3.0.0/24 [110/20] via 10.1.0.2" in table
    assert "O E2     172.16.0.0/16 [110/50] via 10.1.0.2" in table


def test_a_lower_cost_wins(network: Network) -> None:
    network.configure("EDGE", "interface gi0/1", "ip ospf cost 500")
    assert "2.2.2.2/32 [110/501]" in network.ask("EDGE", "show ip route")
    network.configure(
        "EDGE", "interface gi0/1", "no ip ospf cost", "router ospf 1", "auto-cost reference-bandwidth 10000"
    )
    assert "2.2.2.2/32 [110/11]" in network.ask("EDGE", "show ip route")


def test_a_static_route_beats_ospf(network: Network) -> None:
    network.configure("EDGE", "ip route 2.2.2.2 255.255.255.255 10.1.0.2")
    assert "S        2.2.2.2/32 [1/0] via 10.1.0.2" in network.ask("EDGE", "show ip route static")


GOOD = "Success rate is 100 percent (5/5)"
BAD = ".....\nSuccess rate is 0 percent (0/5)"


@pytest.mark.parametrize(
    ("name", "target"),
    [("EDGE", "10.0.10.2"), ("ACCESS", "2.2.2.2"), ("FLOOR", "2.2.2.2"), ("CORE", "10.0.10.3"), ("EDGE", "1.1.1.1")],
)
def test_pings_arrive_and_come_back(network: Network, name: str, target: str) -> None:
    assert GOOD in network.ask(name, f"ping {target}")


@pytest.mark.parametrize(("name", "target"), [("EDGE", "10.0.10.99"), ("ACCESS", "203.0.113.1"), ("FLOOR", "10.2.0.1")])
def test_pings_to_nowhere_fail(network: Network, name: str, target: str) -> None:
    assert BAD in network.ask(name, f"ping {target}")


def test_a_ping_needs_a_way_back(network: Network) -> None:
    network.configure("ACCESS", "no ip default-gateway")
    assert BAD in network.ask("CORE", "ping 10.0.10.2")


def test_a_vlan_that_a_trunk_does_not_carry_parts_devices(network: Network) -> None:
    network.configure("ACCESS", "interface gi0/2", "switchport trunk allowed vlan 20")
    assert BAD in network.ask("EDGE", "ping 10.0.10.3")


def test_a_vlan_that_is_shut_down_forwards_nothing(network: Network) -> None:
    network.configure("ACCESS", "vlan 10", "shutdown")
    assert BAD in network.ask("EDGE", "ping 10.0.10.3")
    assert "act/lshut" in network.ask("ACCESS", "show vlan brief")
    network.configure("ACCESS", "vlan 10", "no shutdown", "state suspend")
    assert "suspended" in network.ask("ACCESS", "show vlan brief")


def test_native_vlans_that_differ_join_two_vlans(network: Network) -> None:
    network.configure("ACCESS", "interface gi0/2", "switchport trunk native vlan 10")
    assert BAD in network.ask("EDGE", "ping 10.0.10.3"), "untagged frames of VLAN 10 arrive in VLAN 1"
    network.configure("FLOOR", "interface gi1/0/1", "switchport trunk native vlan 10")
    assert GOOD in network.ask("EDGE", "ping 10.0.10.3")


def test_a_source_is_chosen_and_checked(network: Network) -> None:
    assert "Packet sent with a source address of 1.1.1.1" in network.ask(
        "EDGE", "ping 10.1.0.2 source Loopback0 repeat 3"
    )
    assert "% Invalid source address" in network.ask("EDGE", "ping 10.1.0.2 source 9.9.9.9")
    assert "% Unrecognized host" in network.ask("EDGE", "ping nobody")
    network.configure("EDGE", "ip host core 2.2.2.2")
    assert "100 percent (100/100)" in network.ask("EDGE", "ping core repeat 100")


def test_without_routing_a_switch_shows_its_gateway(network: Network) -> None:
    assert network.ask("ACCESS", "show ip route").startswith("Default gateway is 10.0.10.1")


def test_a_routed_channel_carries_addresses() -> None:
    ends = []
    for name, address in (("A", "10.0.0.1"), ("B", "10.0.0.2")):
        text = f"""hostname {name}
ip routing
interface Port-channel1
 no switchport
 ip address {address} 255.255.255.0
interface GigabitEthernet1/0/1
 no switchport
 channel-group 1 mode active
interface GigabitEthernet1/0/2
 no switchport
 channel-group 1 mode active
"""
        ends.append((name, "l3switch", "iosxe", ("Gi1/0/1", "Gi1/0/2"), text))
    links = (LabLink(("A", "Gi1/0/1"), ("B", "Gi1/0/1")), LabLink(("A", "Gi1/0/2"), ("B", "Gi1/0/2")))
    network = Network(tuple(ends), links)  # type: ignore[arg-type]  # kinds and platforms are literals above
    assert GOOD in network.ask("A", "ping 10.0.0.2")
    network.configure("A", "interface range gi1/0/1 - 2", "shutdown")
    assert BAD in network.ask("A", "ping 10.0.0.2")


def test_show_vlan_lists_access_ports(network: Network) -> None:
    rows = network.rows("ACCESS", "show vlan brief")
    assert ["10", "USERS", "active", "Gi0/3"] in rows
    assert ["20", "VLAN0020", "active", "Gi0/3"] in rows
    assert ["1002", "fddi-default", "act/unsup"] in rows
    assert "100010" in network.ask("ACCESS", "show vlan id 10")
    assert "Gi0/1, Gi0/2, Gi0/3" in network.ask("ACCESS", "show vlan name USERS")
    assert network.ask("ACCESS", "show vlan id 99") == "VLAN id 99 not found in current VLAN database"
    assert "VLAN Type  SAID" in network.ask("ACCESS", "show vlan")


def test_many_ports_of_a_vlan_take_several_rows() -> None:
    network = Network((("S", "switch", "ios", tuple(f"Gi0/{number}" for number in range(1, 7)), "hostname S\n"),), ())
    assert "Gi0/1, Gi0/2, Gi0/3, Gi0/4\n" + " " * 48 + "Gi0/5, Gi0/6" in network.ask("S", "show vlan brief")


def test_the_status_of_ports_is_shown(network: Network) -> None:
    network.configure("ACCESS", "interface gi0/3", "description a phone", "shutdown", "speed 100", "duplex full")
    rows = network.rows("ACCESS", "show interfaces status")
    assert ["Gi0/1", "to", "the", "edge", "connected", "trunk", "a-full", "a-1000", "10/100/1000BaseTX"] in rows
    assert ["Gi0/3", "a", "phone", "disabled", "10", "full", "100", "10/100/1000BaseTX"] in rows


def test_trunks_are_shown_with_what_they_carry(network: Network) -> None:
    network.configure("ACCESS", "interface gi0/1", "switchport trunk allowed vlan 10,77")
    text = network.ask("ACCESS", "show interfaces trunk")
    assert "Gi0/1       10,77" in text
    assert text.count("Gi0/1       10\n") >= 1
    network.configure("ACCESS", "interface range gi0/1 - 2", "switchport mode access")
    assert network.ask("ACCESS", "show interfaces trunk") == ""


def test_a_dynamic_port_becomes_a_trunk_with_a_trunk(network: Network) -> None:
    text = network.ask("FLOOR", "show interfaces gi1/0/1 switchport")
    assert "Administrative Mode: dynamic auto\nOperational Mode: trunk" in text
    network.configure("ACCESS", "interface gi0/2", "switchport nonegotiate")
    assert "Operational Mode: static access" in network.ask("FLOOR", "show interfaces gi1/0/1 switchport")
    assert "Operational Mode: down" in network.ask("FLOOR", "show interfaces switchport")
    network.configure("FLOOR", "interface gi1/0/2", "no switchport")
    assert "Switchport: Disabled" in network.ask("FLOOR", "show interfaces switchport")


def test_the_bridge_of_least_priority_is_the_root(network: Network) -> None:
    assert "This bridge is the root" in network.ask("FLOOR", "show spanning-tree vlan 10")
    text = network.ask("ACCESS", "show spanning-tree vlan 10")
    assert "This bridge is the root" not in text
    assert ["Gi0/2", "Root", "FWD", "4", "128.2", "P2p"] in [row.split() for row in text.split("\n")]
    assert "does not exist" in network.ask("ACCESS", "show spanning-tree vlan 99")


def test_a_second_link_between_two_bridges_is_blocked() -> None:
    ports = ("Gi0/1", "Gi0/2")
    devices: tuple[Declared, ...] = (
        ("A", "switch", "ios", ports, "hostname A\nspanning-tree vlan 1 priority 0\n"),
        ("B", "switch", "ios", ports, "hostname B\n"),
    )
    network = Network(devices, (LabLink(("A", "Gi0/1"), ("B", "Gi0/1")), LabLink(("A", "Gi0/2"), ("B", "Gi0/2"))))
    rows = network.rows("B", "show spanning-tree")
    assert [row[:3] for row in rows if row[0].startswith("Gi")] == [["Gi0/1", "Root", "FWD"], ["Gi0/2", "Altn", "BLK"]]


def test_addresses_of_neighbours_are_learnt(network: Network) -> None:
    rows = network.rows("EDGE", "show ip arp")
    assert ["10.0.10.2", "1"] in [row[1:3] for row in rows]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("show version", "EDGE uptime is 0 minutes"),
        ("show inventory", "PID: CISCO2911/K9"),
        ("show clock", " UTC "),
        ("show privilege", "Current privilege level is 15"),
        ("show users", "admin"),
        ("show hosts", "Default domain is lab.example"),
        ("show archive", "Archive feature not enabled"),
        ("show processes cpu", "CPU utilization for five seconds"),
        ("show logging", "Logging to 10.9.9.9"),
        ("show ntp associations", "~10.9.9.8"),
        ("show ip ssh", "SSH Enabled - version 2.0"),
        ("show ip protocols", 'Routing Protocol is "ospf 1"'),
        ("show ip ospf", 'Routing Process "ospf 1" with ID 1.1.1.1'),
        ("show ip interface gi0/1", "Internet address is 10.1.0.1/30"),
        ("show startup-config", "startup-config is not present"),
        ("show running-config interface gi0/1", " ip ospf network point-to-point"),
        ("dir", "Directory of flash:/"),
        ("dir flash:x", "%Error opening flash:/x (No such file or directory)"),
        ("show ip interface gi9/9", "% Invalid input"),
        ("show running-config interface vlan 9", "% Invalid input"),
        ("show interfaces vlan 9", "% Invalid input"),
        ("show vlan brief", "% Invalid input"),
    ],
)
def test_a_router_shows(network: Network, command: str, expected: str) -> None:
    network.configure("EDGE", "logging host 10.9.9.9", "ntp server 10.9.9.8", "ip ssh version 2")
    assert expected in network.ask("EDGE", command)


def test_vtp_and_the_archive_are_told(network: Network) -> None:
    assert "VTP Operating Mode                : Transparent" in network.ask("ACCESS", "show vtp status")
    network.configure("ACCESS", "archive", "path flash:kept")
    assert "The next archive file will be named flash:kept-1" in network.ask("ACCESS", "show archive")


def test_startup_is_shown_after_a_save(network: Network) -> None:
    text = network.ask("ACCESS", "write", "show startup-config")
    assert text.startswith("Using ")
    assert "hostname ACCESS" in text
    assert "! NVRAM config last updated at" in network.ask("ACCESS", "show running-config")


def test_startup_can_be_merged_back(network: Network) -> None:
    network.ask("ACCESS", "write")
    network.configure("ACCESS", "hostname OTHER")
    assert "bytes copied" in network.ask("ACCESS", "copy startup-config running-config", "")
    assert network.devices["ACCESS"].hostname == "ACCESS"
    assert "not present" in network.ask("EDGE", "copy startup-config running-config", "")

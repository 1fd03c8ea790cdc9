"""What IOS and IOS-XE answer, and whether it says that a check holds."""

from collections.abc import Collection, Mapping

import pytest

from cimnet_nornir.domain.checks import (
    DeclaredCheck,
    InterfaceUp,
    NeighborUp,
    NoNewErrors,
    Ping,
    Protocol,
    RoutePresent,
    Source,
    VlanActive,
)
from cimnet_nornir.ios.checks import IosChecks, refusal, seconds_of

READER = IosChecks()


def wrong(
    check: DeclaredCheck, answer: str, *, known_as: Collection[str] = (), before: Mapping[str, int] | None = None
) -> str:
    return READER.wrong_with(check, answer, known_as=known_as, before=before or {})


@pytest.mark.parametrize(
    ("check", "command"),
    [
        (InterfaceUp(interface="gi0/1"), "show interfaces GigabitEthernet0/1"),
        (NeighborUp(protocol="cdp", neighbor="r1"), "show cdp neighbors detail"),
        (
            NeighborUp(protocol="lldp", neighbor="r1", interface="gi0/1"),
            "show lldp neighbors GigabitEthernet0/1 detail",
        ),
        (NeighborUp(protocol="ospf", neighbor="r1", interface="gi0/1"), "show ip ospf neighbor"),
        (NeighborUp(protocol="bgp", neighbor="10.0.0.1"), "show ip bgp summary"),
        (NeighborUp(protocol="eigrp", neighbor="10.0.0.1"), "show ip eigrp neighbors"),
        (RoutePresent(prefix="10.0.0.0/8"), "show ip route"),
        (Ping(destination="10.0.0.1"), "ping 10.0.0.1 repeat 5"),
        (
            Ping(destination="10.0.0.1", vrf="mgmt", source="lo0", count=20),
            "ping vrf mgmt 10.0.0.1 repeat 20 source Loopback0",
        ),
        (VlanActive(vlan=10), "show vlan brief"),
        (NoNewErrors(), "show interfaces"),
    ],
)
def test_one_command_tells_of_a_check(check: DeclaredCheck, command: str) -> None:
    assert READER.command_of(check) == command


def test_a_ping_may_take_as_long_as_its_echos() -> None:
    assert seconds_of("ping 10.0.0.1 repeat 20") == 40
    assert seconds_of("show ip route") == 0


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("              ^\n% Invalid input detected at '^' marker.\n", "% Invalid input detected at '^' marker."),
        ("% BGP not active\n", "% BGP not active"),
        ("%CDP is not enabled", "%CDP is not enabled"),
        ("% LLDP is not enabled", "% LLDP is not enabled"),
        ("Command authorization failed.\n", "Command authorization failed."),
        (
            "*Nov 29 09:00:00.000: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up\n% Incomplete command.",
            "% Incomplete command.",
        ),
        ("", ""),
        ("\nNeighbor ID     Pri   State\n% is no refusal here\n", ""),
    ],
)
def test_a_refusal_is_told_from_an_answer(answer: str, said: str) -> None:
    assert refusal(answer) == READER.refusal(answer) == said


@pytest.mark.parametrize(
    "check",
    [
        InterfaceUp(interface="gi0/1"),
        NeighborUp(protocol="bgp", neighbor="10.0.0.1"),
        RoutePresent(prefix="10.0.0.0/8"),
        VlanActive(vlan=10),
        NoNewErrors(),
        Ping(destination="10.0.0.1", vrf="none"),
    ],
)
@pytest.mark.parametrize("answer", ["   ^\n% Invalid input detected at '^' marker.", ""])
def test_no_check_passes_where_the_device_refuses_or_says_nothing(check: DeclaredCheck, answer: str) -> None:
    said = wrong(check, answer, before={"GigabitEthernet0/1": 0})
    assert said
    assert not answer or "% Invalid input" in said


# --- interfaces -----------------------------------------------------------------------------------------------------

INTERFACES = """\
Vlan1 is administratively down, line protocol is down , Autostate Enabled
  Hardware is Ethernet SVI, address is 70db.98aa.0001 (bia 70db.98aa.0001)
     0 packets input, 0 bytes, 0 no buffer
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 output errors, 2 interface resets
GigabitEthernet1/0/1 is up, line protocol is up (connected)
  Hardware is Gigabit Ethernet, address is 70db.98aa.0002 (bia 70db.98aa.0002)
  Description: Te1/1/1 is down, line protocol is down
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     5 packets input, 300 bytes, 0 no buffer
     Received 0 broadcasts (0 multicasts)
     7 input errors, 4 CRC, 0 frame, 0 overrun, 0 ignored
     0 watchdog, 0 multicast, 0 pause input
     5 packets output, 300 bytes, 0 underruns
     2 output errors, 0 collisions, 1 interface resets
GigabitEthernet1/0/2 is down, line protocol is down (err-disabled)
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 output errors, 0 collisions, 1 interface resets
TenGigabitEthernet1/1/4 is up, line protocol is down (monitoring)
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 output errors, 0 collisions, 1 interface resets
Loopback0 is up, line protocol is up
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort
     0 output errors, 0 collisions, 0 interface resets
"""


@pytest.mark.parametrize(
    ("interface", "said"),
    [
        ("GigabitEthernet1/0/1", ""),
        ("Loopback0", ""),
        ("GigabitEthernet1/0/2", "it is down, line protocol is down (err-disabled)"),
        ("TenGigabitEthernet1/1/4", "it is up, line protocol is down (monitoring)"),
        ("Vlan1", "it is administratively down, line protocol is down , Autostate Enabled"),
        ("Vlan2", "the device does not show it"),
    ],
)
def test_an_interface_is_up_where_its_line_protocol_is(interface: str, said: str) -> None:
    assert wrong(InterfaceUp(interface=interface), INTERFACES) == said


def test_errors_are_compared_with_those_before() -> None:
    before = READER.remembered(NoNewErrors(), INTERFACES)
    assert before["GigabitEthernet1/0/1"] == 9
    later = INTERFACES.replace("     7 input errors", "     12 input errors")
    assert wrong(NoNewErrors(), INTERFACES, before=before) == ""
    assert wrong(NoNewErrors(), later, before=before) == "there are 5 on GigabitEthernet1/0/1"
    assert wrong(NoNewErrors(most=5), later, before=before) == ""
    assert wrong(NoNewErrors(interfaces=("gi1/0/2",)), later, before=before) == ""
    assert wrong(NoNewErrors(interfaces=("gi1/0/9",)), later, before=before) == (
        "the device does not show GigabitEthernet1/0/9"
    )


def test_cleared_counters_begin_anew() -> None:
    before = {"GigabitEthernet1/0/1": 900}
    assert (
        wrong(NoNewErrors(interfaces=("gi1/0/1",)), INTERFACES, before=before) == "there are 9 on GigabitEthernet1/0/1"
    )


def test_errors_that_were_not_read_before_cannot_be_compared() -> None:
    assert wrong(NoNewErrors(), INTERFACES) == "the counters were not read before the change"


# --- neighbours -----------------------------------------------------------------------------------------------------

CDP = """\
-------------------------
Device ID: dist1.example.com
Entry address(es):
  IP address: 10.0.99.2
Platform: cisco C9300-24T,  Capabilities: Router Switch IGMP
Interface: GigabitEthernet1/0/24,  Port ID (outgoing port): GigabitEthernet1/0/1
Holdtime : 145 sec

Version :
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software

-------------------------
Device ID: nx1.example.com(FOX1234ABCD)
Entry address(es):
  IPv4 Address: 10.0.99.9
Interface: GigabitEthernet1/0/23,  Port ID (outgoing port): Ethernet1/1


Total cdp entries displayed : 2
"""
LLDP = """\
------------------------------------------------
Local Intf: Gi1/0/24
Chassis id: 70db.98aa.0002
Port id: Gi1/0/1
Port Description: to acc1
System Name: DIST1.example.com

System Description:
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software

Management Addresses:
    IP: 10.0.99.2
Auto Negotiation - supported, enabled

------------------------------------------------
Chassis id: 001a.a1b2.c3d4
Port id: 001a.a1b2.c3d4:P1
System Name - not advertised
Management Addresses - not advertised


Total entries displayed: 2
"""
OSPF = """\

Neighbor ID     Pri   State           Dead Time   Address         Interface
10.255.0.1        0   FULL/  -        00:00:35    10.0.0.0        GigabitEthernet1/0/23
10.255.0.2        1   EXSTART/BDR     00:00:31    10.0.0.4        GigabitEthernet1/0/24
10.255.0.3        1   2WAY/DROTHER    00:00:31    10.0.10.3       Vlan10
dist2.example.com 1   FULL/DR         00:00:31    10.0.10.4       Vlan10
"""
BGP = """\
BGP router identifier 10.255.0.1, local AS number 65000
BGP table version is 5, main routing table version 5

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
203.0.113.1     4        64500    1234    1236        5    0    0 1d02h           2
203.0.113.5     4        64501       0       0        1    0    0 never    Idle
203.0.113.9     4         1.10       9       9        1    0    0 00:01:02 Idle (Admin)
*198.51.100.7   4        64502       9       9        1    0    0 00:01:02        0
"""
EIGRP = """\
EIGRP-IPv4 VR(CAMPUS) Address-Family Neighbors for AS(100)
H   Address                 Interface              Hold Uptime   SRTT   RTO  Q  Seq
                                                   (sec)         (ms)       Cnt Num
0   10.0.0.1                Gi1/0/23                 13 00:10:00    1   100  0  5
1   10.0.0.5                Gi1/0/24                 10 1d02h       3   100  0  9
"""
OLD_EIGRP = """\
IP-EIGRP neighbors for process 100
H   Address                 Interface       Hold Uptime   SRTT   RTO  Q  Seq
                                            (sec)         (ms)       Cnt Num
0   10.0.1.2                Se0/0             12 00:12:03   41   246  0  3
"""


@pytest.mark.parametrize(
    ("protocol", "answer", "neighbor", "interface", "said"),
    [
        ("cdp", CDP, "dist1", None, ""),
        ("cdp", CDP, "DIST1.example.com", None, ""),
        ("cdp", CDP, "10.0.99.2", None, ""),
        ("cdp", CDP, "nx1", None, ""),
        ("cdp", CDP, "10.0.99.9", None, ""),
        ("cdp", CDP, "dist2", None, "it is not seen; there are dist1, nx1"),
        ("cdp", "\nTotal cdp entries displayed : 0\n", "dist1", "gi1/0/1", "no neighbour is seen"),
        ("lldp", LLDP, "dist1", None, ""),
        ("lldp", LLDP, "10.0.99.2", "gi1/0/24", ""),
        ("lldp", LLDP, "001a.a1b2.c3d4", None, ""),
        ("lldp", LLDP, "acc1", None, "it is not seen; there are dist1, 001a.a1b2.c3d4"),
        ("ospf", OSPF, "10.255.0.1", None, ""),
        ("ospf", OSPF, "10.0.0.0", "gi1/0/23", ""),
        ("ospf", OSPF, "10.0.0.0", "gi1/0/24", "it is seen on GigabitEthernet1/0/23 only"),
        ("ospf", OSPF, "10.255.0.2", None, "it is EXSTART/BDR"),
        ("ospf", OSPF, "10.255.0.3", "vlan10", ""),
        ("ospf", OSPF, "dist2", None, ""),
        ("ospf", "", "10.255.0.1", None, "no neighbour is seen"),
        ("bgp", BGP, "203.0.113.1", None, ""),
        ("bgp", BGP, "198.51.100.7", None, ""),
        ("bgp", BGP, "203.0.113.5", None, "it is Idle"),
        ("bgp", BGP, "203.0.113.9", None, "it is Idle (Admin)"),
        ("eigrp", EIGRP, "10.0.0.1", None, ""),
        ("eigrp", EIGRP, "10.0.0.5", "gi1/0/24", ""),
        ("eigrp", EIGRP, "10.0.0.5", "gi1/0/23", "it is seen on GigabitEthernet1/0/24 only"),
        ("eigrp", OLD_EIGRP, "10.0.1.2", "se0/0", ""),
        ("eigrp", OLD_EIGRP, "10.0.1.3", None, "it is not seen; there are 10.0.1.2"),
    ],
)
def test_a_neighbour_is_known_by_what_the_protocol_shows(
    protocol: Protocol, answer: str, neighbor: str, interface: str | None, said: str
) -> None:
    assert wrong(NeighborUp(protocol=protocol, neighbor=neighbor, interface=interface), answer) == said


def test_a_device_of_the_network_is_known_by_its_addresses() -> None:
    check = NeighborUp(protocol="ospf", neighbor="r1")
    assert wrong(check, OSPF, known_as=frozenset({"r1", "10.255.0.1"})) == ""
    assert wrong(check, OSPF, known_as=frozenset({"r1", "10.255.0.9"})).startswith("it is not seen")


# --- routes ---------------------------------------------------------------------------------------------------------

ROUTES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP
       + - replicated route, % - next hop override, p - overrides from PfR

Gateway of last resort is 203.0.113.1 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 203.0.113.1
      10.0.0.0/8 is variably subnetted, 6 subnets, 3 masks
O        10.0.10.0/24 [110/20] via 10.0.0.1, 00:10:00, GigabitEthernet0/0/1
                      [110/20] via 10.0.0.3, 00:10:00, GigabitEthernet0/0/2
O IA     10.1.0.0/16
           [110/30] via 10.0.0.1, 00:10:00, GigabitEthernet0/0/1
C        10.0.0.0/31 is directly connected, GigabitEthernet0/0/1
L        10.0.0.0/32 is directly connected, GigabitEthernet0/0/1
S   %    10.9.0.0/16 is directly connected, Null0
D EX     10.8.0.0/16 [170/2297856] via 10.0.0.1, 00:12:01, GigabitEthernet0/0/1
B     192.0.2.0/24 [200/0] via 203.0.113.9, 1d02h
"""
OLD_ROUTES = """\
Gateway of last resort is not set

     1.0.0.0/32 is subnetted, 1 subnets
S       1.1.1.1 [1/0] via 192.168.1.1
                [1/0] via 192.168.2.1
     172.20.0.0/32 is subnetted, 2 subnets
O       172.20.1.1 [110/11] via 194.0.0.2, 00:05:45, FastEthernet0/0
O       172.20.3.1 [110/11] via 194.0.0.2, 00:05:45, FastEthernet0/0
C    192.168.0.0 is directly connected, Serial0/0
"""
NO_ROUTING = "Default gateway is 10.0.99.1\n\nHost               Gateway           Last Use    Total Uses  Interface\n"


@pytest.mark.parametrize(
    ("answer", "prefix", "via", "protocol", "said"),
    [
        (ROUTES, "0.0.0.0/0", None, None, ""),
        (ROUTES, "0.0.0.0/0", "203.0.113.1", "static", ""),
        (ROUTES, "0.0.0.0/0", None, "ospf", "the route there is has the code S*"),
        (ROUTES, "10.0.10.0/24", "10.0.0.3", "ospf", ""),
        (ROUTES, "10.0.10.0/24", "gi0/0/2", None, ""),
        (
            ROUTES,
            "10.0.10.0/24",
            "10.0.0.9",
            None,
            "the route there is goes via 10.0.0.1, GigabitEthernet0/0/1, 10.0.0.3, GigabitEthernet0/0/2",
        ),
        (ROUTES, "10.1.0.0/16", "10.0.0.1", "ospf", ""),
        (ROUTES, "10.0.0.0/31", "gi0/0/1", "connected", ""),
        (ROUTES, "10.0.0.0/32", None, "local", ""),
        (ROUTES, "10.9.0.0/16", "Null0", "static", ""),
        (ROUTES, "10.8.0.0/16", None, "eigrp", ""),
        (ROUTES, "192.0.2.0/24", "203.0.113.9", "bgp", ""),
        (ROUTES, "10.0.0.0/8", None, None, "there is no such route"),
        (ROUTES, "10.0.10.0/25", None, None, "there is no such route"),
        (OLD_ROUTES, "1.1.1.1/32", "192.168.2.1", None, ""),
        (OLD_ROUTES, "172.20.3.1/32", None, "ospf", ""),
        (OLD_ROUTES, "192.168.0.0/24", "se0/0", "connected", ""),
        (OLD_ROUTES, "0.0.0.0/0", None, None, "there is no such route"),
        (NO_ROUTING, "0.0.0.0/0", None, None, "there is no such route"),
    ],
)
def test_a_route_is_there_by_prefix_next_hop_and_source(
    answer: str, prefix: str, via: str | None, protocol: Source | None, said: str
) -> None:
    check = RoutePresent.model_validate({"prefix": prefix, "via": via, "protocol": protocol})
    assert wrong(check, answer) == said


def test_a_next_hop_may_be_a_device_of_the_network() -> None:
    check = RoutePresent.model_validate({"prefix": "10.1.0.0/16", "via": "dist1"})
    assert wrong(check, ROUTES, known_as=frozenset({"dist1", "10.0.0.1"})) == ""
    assert wrong(check, ROUTES) == "the route there is goes via 10.0.0.1, GigabitEthernet0/0/1"


# --- pings and VLANs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("Success rate is 100 percent (5/5), round-trip min/avg/max = 1/1/2 ms", ""),
        ("Success rate is 80 percent (4/5), round-trip min/avg/max = 1/1/2 ms", ""),
        ("Success rate is 60 percent (3/5)", "success rate is 60 percent (3/5), 80 percent are wanted"),
        ("Success rate is 0 percent (0/5)", "success rate is 0 percent (0/5), 80 percent are wanted"),
    ],
)
def test_a_ping_counts_what_comes_back(rate: str, said: str) -> None:
    head = "Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to 10.0.0.1, timeout is 2 seconds:"
    answer = f"{head}\n.!!!!\n{rate}"
    assert wrong(Ping(destination="10.0.0.1"), answer) == said


def test_a_ping_that_was_not_sent_is_no_answer() -> None:
    refused = "% Unrecognized host or address, or protocol not running."
    answer = f'Translating "nobody"...domain server (255.255.255.255)\n{refused}\n'
    said = wrong(Ping(destination="nobody"), answer)
    assert said == f"the device did not ping: {refused}"


VLANS = """\

VLAN Name                             Status    Ports
---- -------------------------------- --------- -------------------------------
1    default                          active    Gi1/0/5, Gi1/0/6, Gi1/0/7, Gi1/0/8
                                                Gi1/0/9
10   users                            active    Gi1/0/1
20   active voice                     act/lshut
30   printers                         suspended
40   guests                           sus/lshut Gi1/0/2
1002 fddi-default                     act/unsup
"""


@pytest.mark.parametrize(
    ("vlan", "said"),
    [
        (1, ""),
        (10, ""),
        (20, "it is act/lshut"),
        (30, "it is suspended"),
        (40, "it is sus/lshut"),
        (50, "the switch does not have it"),
        (1002, "it is act/unsup"),
    ],
)
def test_a_vlan_is_active_or_not(vlan: int, said: str) -> None:
    assert wrong(VlanActive(vlan=vlan), VLANS) == said

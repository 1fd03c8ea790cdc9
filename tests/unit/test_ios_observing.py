"""What devices of several families tell of their state: samples in the shapes that IOS and IOS-XE show."""

import pytest

from cimnet_nornir.ios import observing as o

C2960 = """\
Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE12, RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2017 by Cisco Systems, Inc.

ROM: Bootstrap program is C2960 boot loader
BOOTLDR: C2960 Boot Loader (C2960-HBOOT-M) Version 12.2(53r)SEY3, RELEASE SOFTWARE (fc1)

acc1 uptime is 2 years, 1 week, 3 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash:c2960-lanbasek9-mz.122-55.SE12.bin"

cisco WS-C2960-24TT-L (PowerPC405) processor (revision R0) with 65536K bytes of memory.
Processor board ID FOC1234A1BC
Last reset from power-on
24 FastEthernet interfaces
64K bytes of flash-simulated non-volatile configuration memory.
Base ethernet MAC Address       : 00:1B:0D:00:00:01
Model number                    : WS-C2960-24TT-L
System serial number            : FOC1234A1BC

Switch Ports Model              SW Version            SW Image
------ ----- -----              ----------            ----------
*    1 26    WS-C2960-24TT-L    12.2(55)SE12          C2960-LANBASEK9-M

Configuration register is 0xF
"""
C9300 = """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
ROM: IOS-XE ROMMON
BOOTLDR: System Bootstrap, Version 17.8.1r, RELEASE SOFTWARE (P)
core1 uptime is 11 minutes
Uptime for this control processor is 13 minutes
System returned to ROM by Reload Command
System image file is "flash:packages.conf"
Last reload reason: Reload Command

cisco C9300-48U (X86) processor with 1331521K/6147K bytes of memory.
Processor board ID FCW2145L0AB
2048K bytes of non-volatile configuration memory.

Base Ethernet MAC Address          : 70:18:a7:00:00:02
Model Number                       : C9300-48U
System Serial Number               : FCW2145L0AB

Switch Ports Model              SW Version        SW Image              Mode
------ ----- -----              ----------        ----------            ----
*    1 65    C9300-48U          17.09.04a         CAT9K_IOSXE           INSTALL
     2 65    C9300-48U          17.09.04a         CAT9K_IOSXE           INSTALL

Switch 02
---------
Switch uptime                      : 13 minutes
System Serial Number               : FCW2145L0CD

Configuration register is 0x102
"""
MEMORY_C2960 = """\
                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)
Processor    1FE5C30    29384656    14692328    14692328    14318764    13970708
      I/O    2C00000     4194304     2097152     2097152     2030204     2086432
"""
MEMORY_C9300 = """\
Tracekey : 1#f8e3c2db7822c04e58ce2bd2fc7e476a

                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)
Processor  7F0C84A2A010   1340077024   268015405   1072061619   1071057468   1048575908
reserve P  7F0C84A2A068      102404          92      102312      102312      102312
 lsmpi_io  7F0C8426C1A8     6295128     6294304         824         824         412
Critical   7F0C85E2A010     4194308          92     4194216     4194216     4194216
Dynamic heap limit(MB) 376 \t Use(MB) 0
"""
LOAD = "CPU utilization for five seconds: 12%/3%; one minute: 9%; five minutes: 8%"
INTERFACES = """\
Vlan1 is up, line protocol is up
  Hardware is EtherSVI, address is 001b.0d00.0041 (bia 001b.0d00.0041)
  Internet address is 10.0.0.1/24
  MTU 1500 bytes, BW 1000000 Kbit, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
     1500 packets input, 90210 bytes, 0 no buffer
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     700 packets output, 42042 bytes, 0 underruns
     0 output errors, 2 interface resets
FastEthernet0/1 is administratively down, line protocol is down (disabled)
  Hardware is Fast Ethernet, address is 001b.0d00.0001 (bia 001b.0d00.0001)
  Description: spare is up, line protocol is up
  MTU 1500 bytes, sub MTU 1500, BW 10000 Kbit/sec, DLY 1000 usec,
  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
     0 packets input, 0 bytes
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 packets output, 0 bytes, 0 underruns
     0 output errors, 0 collisions, 1 interface resets
TenGigabitEthernet1/1/1 is down, line protocol is down (err-disabled)
  Hardware is Ten Gigabit Ethernet, address is 7018.a700.0031 (bia 7018.a700.0031)
  MTU 9198 bytes, BW 10000000 Kbit/sec, DLY 10 usec,
  Input queue: 1/2000/7/0 (size/max/drops/flushes); Total output drops: 11
     4035758153 packets input, 2783400652228 bytes, 0 no buffer
     Received 160702941 broadcasts (60693400 multicasts)
     12 input errors, 10 CRC, 2 frame, 0 overrun, 0 ignored
     956714742 packets output, 377708181830 bytes, 0 underruns
     3 output errors, 0 collisions, 4 interface resets
GigabitEthernet0/0.10 is up, line protocol is up
  Hardware is CN Gigabit Ethernet, address is 001b.0d00.0051 (bia 001b.0d00.0051)
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation 802.1Q Virtual LAN, Vlan ID  10.
"""
CDP = """\
-------------------------
Device ID: core1.example.com
Entry address(es):
  IP address: 10.0.0.9
Platform: cisco C9300-48U,  Capabilities: Router Switch IGMP
Interface: FastEthernet0/24,  Port ID (outgoing port): GigabitEthernet1/0/1
Holdtime : 145 sec

Version :
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)

advertisement version: 2
Duplex: full

-------------------------
Device ID: nx1.example.com(FOX1234ABCD)
Entry address(es):
  IP address: 10.0.0.8
Platform: N9K-C93180YC-EX,  Capabilities: Router Switch CVTA phone port
Interface: FastEthernet0/23,  Port ID (outgoing port): Ethernet1/7
Holdtime : 133 sec

Version :
Cisco Nexus Operating System (NX-OS) Software, Version 9.3(8)

advertisement version: 2
{extra}
Total cdp entries displayed : {count}
"""
# It says no version, and the template counts a neighbour only where it reads one.
PHONE = """\
-------------------------
Device ID: SEP001122334455
Platform: Cisco IP Phone 7962,  Capabilities: Host Phone
Interface: FastEthernet0/5,  Port ID (outgoing port): Port 1
Holdtime : 120 sec
"""
LLDP = """\
------------------------------------------------
Local Intf: Gi1/0/2
Chassis id: 7018.a700.0002
Port id: Te1/1/1
Port Description: uplink
System Name: core1.example.com

System Description:
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)

Time remaining: 100 seconds
System Capabilities: B,R
Enabled Capabilities: R
Management Addresses:
    IP: 10.0.0.9
Auto Negotiation - supported, enabled
Vlan ID: 1

------------------------------------------------
Local Intf: Gi1/0/3
Chassis id: 5254.0012.3456
Port id: 5254.0012.3456
Port Description: eno1
System Name: srv1

System Description:
NixOS 25.11 Linux 6.12 x86_64

Time remaining: 90 seconds
System Capabilities: B,W,R,S
Enabled Capabilities: S
Management Addresses:
    IP: 10.0.0.20
{extra}Auto Negotiation - not supported
Vlan ID: - not advertised

------------------------------------------------
Local Intf: Gi1/0/4
Chassis id: 0011.2233.4455
Port id: 0011.2233.4455
Port Description - not advertised
System Name - not advertised

System Description - not advertised

Time remaining: 80 seconds
System Capabilities - not advertised
Enabled Capabilities - not advertised
Management Addresses - not advertised
Auto Negotiation - not supported
Vlan ID: - not advertised

Total entries displayed: 3
"""
REFUSED = "show x\n     ^\n% Invalid input detected at '^' marker."


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (
            C2960,
            ("acc1", "WS-C2960-24TT-L", "12.2(55)SE12", "FOC1234A1BC", 2 * 365 * 86400 + 10 * 86400 + 4 * 3600 + 300),
        ),
        (C9300, ("core1", "C9300-48U", "17.9.4a", "FCW2145L0AB", 660)),
    ],
    ids=["2960", "9300"],
)
def test_the_version_tells_who_a_device_is_and_how_long_it_has_been_up(
    output: str, told: tuple[str, str, str, str, int]
) -> None:
    row = o.version(output)
    assert (row["hostname"], row["model"], row["version"], row["serial"], row["uptime"]) == told
    assert row["vendor"] == "Cisco"


@pytest.mark.parametrize(
    ("output", "used", "total"),
    [
        (MEMORY_C2960, 14_692_328 + 2_097_152, 29_384_656 + 4_194_304),
        (MEMORY_C9300, 268_015_405 + 6_294_304, 1_340_077_024 + 6_295_128),
    ],
    ids=["2960", "9300"],
)
def test_memory_is_that_of_all_pools_but_the_reserves(output: str, used: int, total: int) -> None:
    assert o.memory(output) == {"memory_used": used, "memory_total": total}


def test_the_load_is_that_of_five_seconds_and_of_a_minute() -> None:
    assert o.load(LOAD) == {"cpu": 12.0, "cpu_minute": 9.0}


def test_facts_leave_out_what_is_refused() -> None:
    answers = {o.VERSION: C9300, o.LOAD: REFUSED, o.MEMORY: MEMORY_C9300}
    found = o.facts(answers)
    assert found["hostname"] == "core1"
    assert found.keys() & {"cpu", "cpu_minute"} == set()
    assert o.facts({o.VERSION: REFUSED}) == {}
    assert o.facts({}) == {}


def test_interfaces_are_read_with_their_counters() -> None:
    vlan, spare, broken, sub = o.ports(INTERFACES)
    assert vlan == {
        "name": "Vlan1",
        "enabled": True,
        "up": True,
        "description": "",
        "speed": 1000,
        "mtu": 1500,
        "in_packets": 1500,
        "in_octets": 90210,
        "in_errors": 0,
        "in_discards": 0,
        "out_packets": 700,
        "out_octets": 42042,
        "out_errors": 0,
        "out_discards": 0,
    }
    assert (spare["enabled"], spare["up"], spare["speed"]) == (False, False, 10)
    assert spare["description"] == "spare is up, line protocol is up"
    assert (broken["enabled"], broken["up"], broken["speed"], broken["mtu"]) == (True, False, 10_000, 9198)
    assert (broken["in_octets"], broken["out_octets"]) == (2_783_400_652_228, 377_708_181_830)
    assert (broken["in_errors"], broken["out_errors"]) == (12, 3)
    assert (broken["in_discards"], broken["out_discards"]) == (7, 11)
    assert sub["name"] == "GigabitEthernet0/0.10"
    assert "in_octets" not in sub


def heard(command: str, output: str) -> dict[str, tuple[str, str, str]]:
    """The name, port and address of each neighbour, by the port at which it is."""
    rows = o.neighbors({command: output})
    return {row["port"]: (row["name"], row["remote_port"], row["address"]) for row in rows}


def test_neighbours_are_heard_by_cdp() -> None:
    output = CDP.format(extra="", count=2)
    assert heard(o.CDP, output) == {
        "FastEthernet0/24": ("core1.example.com", "GigabitEthernet1/0/1", "10.0.0.9"),
        "FastEthernet0/23": ("nx1.example.com", "Ethernet1/7", "10.0.0.8"),
    }
    first, second = o.neighbors({o.CDP: output})
    assert (first["protocol"], first["platform"]) == ("cdp", "cisco C9300-48U")
    assert second["platform"] == "N9K-C93180YC-EX"


def test_a_neighbour_that_the_template_overlooks_is_heard_all_the_same() -> None:
    found = heard(o.CDP, CDP.format(extra=PHONE, count=3))
    assert found["FastEthernet0/5"] == ("SEP001122334455", "Port 1", "")
    assert found["FastEthernet0/24"] == ("core1.example.com", "GigabitEthernet1/0/1", "10.0.0.9")
    assert len(found) == 3


@pytest.mark.parametrize("extra", ["", "Unheard-of: whatever a vendor may say\n"], ids=["known", "a line nobody knows"])
def test_neighbours_are_heard_by_lldp_whatever_else_they_say(extra: str) -> None:
    assert heard(o.LLDP, LLDP.format(extra=extra)) == {
        "GigabitEthernet1/0/2": ("core1.example.com", "TenGigabitEthernet1/1/1", "10.0.0.9"),
        # A server names its port in the description, and by its own name, which is none of IOS.
        "GigabitEthernet1/0/3": ("srv1", "eno1", "10.0.0.20"),
        "GigabitEthernet1/0/4": ("0011.2233.4455", "0011.2233.4455", ""),
    }


def test_the_interface_of_a_server_is_no_abbreviation() -> None:
    assert o.canonical("eth0") == "eth0"
    assert o.canonical("Eth1/7") == o.canonical("Ethernet1/7") == "Ethernet1/7"
    assert o.canonical("Port 1") == "Port 1"


def test_images_that_do_not_show_the_local_port_leave_lldp_neighbours_out() -> None:
    assert heard(o.LLDP, LLDP.format(extra="").replace("Local Intf: Gi1/0/2\n", "")).keys() == {
        "GigabitEthernet1/0/3",
        "GigabitEthernet1/0/4",
    }


@pytest.mark.parametrize("output", ["", REFUSED, "% CDP is not enabled", "% LLDP is not enabled"])
def test_where_nothing_is_told_there_are_no_neighbours(output: str) -> None:
    assert not list(o.neighbors({o.CDP: output, o.LLDP: output}))

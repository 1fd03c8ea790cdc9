"""Lines of services in the one form in which a device shows them."""

import pytest

from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.service_lines import split_service

SHOWN = [
    ("ntp server 192.0.2.1 prefer source lo0 key 3", "ntp server 192.0.2.1 key 3 source Loopback0 prefer"),
    ("ntp server vrf MGMT 192.0.2.1 version 4 iburst", "ntp server vrf MGMT 192.0.2.1 iburst"),
    ("ntp server 192.0.2.1 colour red", "ntp server 192.0.2.1 colour red"),
    ("ntp server 192.0.2.1 key", "ntp server 192.0.2.1 key"),
    ("ntp authentication-key 1 md5 7 0822455D0A16", "ntp authentication-key 1 md5 0822455D0A16 7"),
    ("ntp authentication-key 1 md5 word 0", "ntp authentication-key 1 md5 word"),
    ("ntp authentication-key 1 md5 7 7", "ntp authentication-key 1 md5 7 7"),
    ("ntp master 8", "ntp master"),
    ("logging trap 6", "logging trap informational"),
    ("logging buffered 16384 7", "logging buffered 16384"),
    ("logging buffered 16384", "logging buffered 16384"),
    ("logging 192.0.2.1", "logging host 192.0.2.1"),
    ("logging host 192.0.2.1 transport udp port 514", "logging host 192.0.2.1"),
    ("logging host 192.0.2.1 vrf M transport tcp port 601", "logging host 192.0.2.1 vrf M transport tcp"),
    ("logging host 192.0.2.1 transport tcp port 99", "logging host 192.0.2.1 transport tcp port 99"),
    ("snmp-server community Word 10", "snmp-server community Word RO 10"),
    ("snmp-server community Word view V rw ipv6 SIX 10", "snmp-server community Word view V RW ipv6 SIX 10"),
    ("no snmp-server community Word", "no snmp-server community Word"),
    ("snmp-server host 192.0.2.1 traps version 2c Word  config", "snmp-server host 192.0.2.1 version 2c Word config"),
    ("snmp-server host 192.0.2.1 vrf M version 1 Word udp-port 162", "snmp-server host 192.0.2.1 vrf M Word"),
    ("snmp-server host 192.0.2.1 informs version 2c traps", "snmp-server host 192.0.2.1 informs version 2c traps"),
    ("snmp-server view V 1.3.6.1.2.1 included", "snmp-server view V mib-2 included"),
    ("ip dhcp excluded-address 10.0.0.1 10.0.0.1", "ip dhcp excluded-address 10.0.0.1"),
    ("ip dhcp excluded-address 10.0.0.1 10.0.0.11", "ip dhcp excluded-address 10.0.0.1 10.0.0.11"),
    ("network 10.0.0.0 /24", "network 10.0.0.0 255.255.255.0"),
    ("network 10.0.0.0 /33", "network 10.0.0.0 /33"),
    ("client-identifier 01AA.BBCC.ddee.ff", "client-identifier 01aa.bbcc.ddee.ff"),
    ("lease 1 0 0", "lease 1"),
    ("lease 0 12 0", "lease 0 12"),
    ("lease 10", "lease 10"),
    ("notify syslog", "notify syslog contenttype plaintext"),
    ("ip sla schedule 7 start-time now life forever", "ip sla schedule 7 life forever start-time now"),
    (
        "ip sla schedule 7 recurring start-time 14:30 Jan 2 life 3600",
        "ip sla schedule 7 start-time 14:30 Jan 2 recurring",
    ),
    ("icmp-echo 192.0.2.1 source-interface gi0/0", "icmp-echo 192.0.2.1 source-interface GigabitEthernet0/0"),
    ("udp-jitter 192.0.2.1 5000 num-packets 10 interval 200", "udp-jitter 192.0.2.1 5000 interval 200"),
    ("track 7 rtr 7 reachability", "track 7 ip sla 7 reachability"),
    ("track 7 ip sla 7 state", "track 7 ip sla 7"),
    ("description snmp-server community word", "description snmp-server community word"),
]


@pytest.mark.parametrize(("typed", "shown"), SHOWN)
def test_a_line_is_compared_as_a_device_shows_it(typed: str, shown: str) -> None:
    assert canonical_line(typed) == shown


@pytest.mark.parametrize("shown", [shown for _, shown in SHOWN])
def test_what_a_device_shows_stays_as_it_is(shown: str) -> None:
    assert canonical_line(shown) == shown


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "snmp-server enable traps snmp linkup linkdown",
            ("snmp-server enable traps snmp linkup", "snmp-server enable traps snmp linkdown"),
        ),
        (
            "snmp-server enable traps flash",
            ("snmp-server enable traps flash insertion", "snmp-server enable traps flash removal"),
        ),
        ("snmp-server enable traps ospf state-change", ()),
        ("delay up 5 down 10", ("delay up 5", "delay down 10")),
        ("delay 10", ()),
    ],
)
def test_a_line_that_stands_for_several_is_taken_apart(line: str, parts: tuple[str, ...]) -> None:
    assert split_service(line) == parts

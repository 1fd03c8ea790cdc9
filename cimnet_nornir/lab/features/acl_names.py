"""What an access list shows by name: ports of TCP and UDP, and protocols."""

from collections.abc import Mapping
from typing import Final

# Ports that IOS shows by name ("Cisco IOS Security Command Reference", access-list extended), and protocols.
TCP_NAMES: Final[Mapping[str, str]] = {
    "7": "echo", "9": "discard", "20": "ftp-data", "21": "ftp", "23": "telnet", "25": "smtp", "49": "tacacs",
    "53": "domain", "80": "www", "110": "pop3", "119": "nntp", "179": "bgp", "514": "cmd", "515": "lpd",
}  # fmt: skip
UDP_NAMES: Final[Mapping[str, str]] = {
    "7": "echo", "9": "discard", "49": "tacacs", "53": "domain", "67": "bootps", "68": "bootpc", "69": "tftp",
    "123": "ntp", "137": "netbios-ns", "138": "netbios-dgm", "161": "snmp", "162": "snmptrap", "500": "isakmp",
    "514": "syslog", "520": "rip",
}  # fmt: skip
PROTOCOL_NAMES: Final[Mapping[str, str]] = {
    "1": "icmp", "2": "igmp", "4": "ipinip", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ahp",
    "88": "eigrp", "89": "ospf", "94": "nos", "103": "pim", "108": "pcp",
}  # fmt: skip

"""What an access list shows by name: ports of TCP and UDP, protocols, and messages of ICMP."""

from collections.abc import Mapping
from typing import Final

# Ports that IOS shows by name ("Cisco IOS Security Command Reference", access-list extended), and protocols.
TCP_NAMES: Final[Mapping[str, str]] = {
    "7": "echo", "9": "discard", "13": "daytime", "19": "chargen", "20": "ftp-data", "21": "ftp", "23": "telnet",
    "25": "smtp", "37": "time", "43": "whois", "49": "tacacs", "53": "domain", "70": "gopher", "79": "finger",
    "80": "www", "101": "hostname", "109": "pop2", "110": "pop3", "111": "sunrpc", "113": "ident", "119": "nntp",
    "179": "bgp", "194": "irc", "512": "exec", "513": "login", "514": "cmd", "515": "lpd", "540": "uucp",
    "543": "klogin", "544": "kshell",
}  # fmt: skip
UDP_NAMES: Final[Mapping[str, str]] = {
    "7": "echo", "9": "discard", "37": "time", "42": "nameserver", "49": "tacacs", "53": "domain", "67": "bootps",
    "68": "bootpc", "69": "tftp", "111": "sunrpc", "123": "ntp", "137": "netbios-ns", "138": "netbios-dgm",
    "139": "netbios-ss", "161": "snmp", "162": "snmptrap", "177": "xdmcp", "195": "dnsix", "434": "mobile-ip",
    "496": "pim-auto-rp", "500": "isakmp", "512": "biff", "513": "who", "514": "syslog", "517": "talk", "520": "rip",
    "4500": "non500-isakmp",
}  # fmt: skip
PROTOCOL_NAMES: Final[Mapping[str, str]] = {
    "1": "icmp", "2": "igmp", "4": "ipinip", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "51": "ahp",
    "88": "eigrp", "89": "ospf", "94": "nos", "103": "pim", "108": "pcp",
}  # fmt: skip
# Messages of ICMP by type, or by type and code.
ICMP_NAMES: Final[Mapping[str, str]] = {
    "0": "echo-reply", "3": "unreachable", "3 0": "net-unreachable", "3 1": "host-unreachable",
    "3 2": "protocol-unreachable", "3 3": "port-unreachable", "3 4": "packet-too-big", "3 5": "source-route-failed",
    "3 6": "network-unknown", "3 7": "host-unknown", "3 8": "host-isolated", "3 9": "dod-net-prohibited",
    "3 10": "dod-host-prohibited", "3 11": "net-tos-unreachable", "3 12": "host-tos-unreachable",
    "3 13": "administratively-prohibited", "3 14": "host-precedence-unreachable", "3 15": "precedence-unreachable",
    "4": "source-quench", "5": "redirect", "5 0": "net-redirect", "5 1": "host-redirect", "5 2": "net-tos-redirect",
    "5 3": "host-tos-redirect", "6": "alternate-address", "8": "echo", "9": "router-advertisement",
    "10": "router-solicitation", "11": "time-exceeded", "11 0": "ttl-exceeded", "11 1": "reassembly-timeout",
    "12": "parameter-problem", "12 0": "general-parameter-problem", "12 1": "option-missing",
    "12 2": "no-room-for-option", "13": "timestamp-request", "14": "timestamp-reply", "15": "information-request",
    "16": "information-reply", "17": "mask-request", "18": "mask-reply", "30": "traceroute", "31": "conversion-error",
    "32": "mobile-redirect",
}  # fmt: skip
# Messages of ICMP for IPv6 have other numbers.
ICMP6_NAMES: Final = frozenset(
    {"beyond-scope", "destination-unreachable", "echo-reply", "echo-request", "header", "hop-limit", "mld-query"}
    | {"mld-reduction", "mld-report", "nd-na", "nd-ns", "next-header", "no-admin", "no-route", "packet-too-big"}
    | {"parameter-option", "parameter-problem", "port-unreachable", "reassembly-timeout", "router-advertisement"}
    | {"router-renumbering", "router-solicitation", "time-exceeded", "unreachable"}
)

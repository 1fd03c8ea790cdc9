"""What a device shows by name in an entry of an access list: ports, messages of ICMP, classes of traffic.

After the "Cisco IOS Security Command Reference" (`access-list (IP extended)`, `permit (IPv6)`).
"""

from collections.abc import Mapping

_EITHER: Mapping[str, str] = {
    "7": "echo", "9": "discard", "19": "chargen", "37": "time", "49": "tacacs", "53": "domain", "111": "sunrpc",
    "496": "pim-auto-rp",
}  # fmt: skip
TCP: Mapping[str, str] = {
    **_EITHER,
    "13": "daytime", "20": "ftp-data", "21": "ftp", "23": "telnet", "25": "smtp", "43": "whois", "70": "gopher",
    "79": "finger", "80": "www", "101": "hostname", "109": "pop2", "110": "pop3", "113": "ident", "119": "nntp",
    "179": "bgp", "194": "irc", "512": "exec", "513": "login", "514": "cmd", "515": "lpd", "540": "uucp",
    "543": "klogin", "544": "kshell",
}  # fmt: skip
UDP: Mapping[str, str] = {
    **_EITHER,
    "42": "nameserver", "67": "bootps", "68": "bootpc", "69": "tftp", "123": "ntp", "137": "netbios-ns",
    "138": "netbios-dgm", "139": "netbios-ss", "161": "snmp", "162": "snmptrap", "177": "xdmcp", "195": "dnsix",
    "434": "mobile-ip", "500": "isakmp", "512": "biff", "513": "who", "514": "syslog", "517": "talk", "520": "rip",
    "4500": "non500-isakmp",
}  # fmt: skip
PORTS: Mapping[str, Mapping[str, str]] = {"tcp": TCP, "udp": UDP}
# By type, or by type and code.
ICMP: Mapping[str, str] = {
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
DSCP: Mapping[str, str] = {
    "0": "default", "8": "cs1", "10": "af11", "12": "af12", "14": "af13", "16": "cs2", "18": "af21", "20": "af22",
    "22": "af23", "24": "cs3", "26": "af31", "28": "af32", "30": "af33", "32": "cs4", "34": "af41", "36": "af42",
    "38": "af43", "40": "cs5", "46": "ef", "48": "cs6", "56": "cs7",
}  # fmt: skip
PRECEDENCE: Mapping[str, str] = {
    "0": "routine", "1": "priority", "2": "immediate", "3": "flash", "4": "flash-override", "5": "critical",
    "6": "internet", "7": "network",
}  # fmt: skip

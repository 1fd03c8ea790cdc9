"""Entries of access lists in the one form in which they are compared: no sequence number, masks and ports by name."""

import re
from collections.abc import Iterator

from cimnet_nornir.domain.access_list_parts import PROTOCOLS
from cimnet_nornir.ios.tree import Node

# "access-list" numbers (Cisco IOS Security Command Reference, "access-list (IP standard)" and "(IP extended)").
_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))
_NUMBERED = re.compile(r"access-list (?P<number>\d+) (?P<entry>(?:permit|deny|remark|dynamic) .+)")
_HEADER = re.compile(r"ip access-list (?P<kind>standard|extended) \S+")
_SEQUENCE = re.compile(r"\d+ +(?=permit|deny|remark|evaluate|dynamic)")

# "permit 6 any any": a device shows the names of the protocols that it knows.
_PROTOCOL = re.compile(r"(?P<action>^(?:permit|deny) )(?P<number>\d+)(?= )")

_DOTTED = re.compile(r"\d+\.\d+\.\d+\.\d+")

_EITHER = {
    7: "echo",
    9: "discard",
    19: "chargen",
    37: "time",
    49: "tacacs",
    53: "domain",
    111: "sunrpc",
    496: "pim-auto-rp",
}
_TCP = _EITHER | {
    13: "daytime", 20: "ftp-data", 21: "ftp", 23: "telnet", 25: "smtp", 43: "whois", 70: "gopher", 79: "finger",
    80: "www", 101: "hostname", 109: "pop2", 110: "pop3", 113: "ident", 119: "nntp", 179: "bgp", 194: "irc",
    512: "exec", 513: "login", 514: "cmd", 515: "lpd", 540: "uucp", 543: "klogin", 544: "kshell",
}  # fmt: skip
_UDP = _EITHER | {
    42: "nameserver", 67: "bootps", 68: "bootpc", 69: "tftp", 123: "ntp", 137: "netbios-ns", 138: "netbios-dgm",
    139: "netbios-ss", 161: "snmp", 162: "snmptrap", 177: "xdmcp", 434: "mobile-ip", 195: "dnsix", 500: "isakmp",
    512: "biff", 513: "who", 514: "syslog", 517: "talk", 520: "rip", 4500: "non500-isakmp",
}  # fmt: skip
_PORTS = re.compile(
    r"(?P<word>\b(?:eq|neq|gt|lt) )(?P<ports>\d+(?: \d+)*)|(?P<range>\brange )(?P<low>\S+) (?P<high>\S+)"
)


def numbered_list(text: str) -> tuple[str, str] | None:
    """The section and the entry that an `access-list NUMBER …` line stands for; None for any other line."""
    match = _NUMBERED.fullmatch(text)
    if match is None:
        return None
    number = int(match["number"])
    for kind, ranges in (("standard", _STANDARD), ("extended", _EXTENDED)):
        if any(number in numbers for numbers in ranges):
            return f"ip access-list {kind} {number}", match["entry"]
    return None


def acl_node(node: Node) -> Node:
    """An access list with its entries in canonical form, each once, in order."""
    header = _HEADER.fullmatch(node.text)
    standard = header is not None and header["kind"] == "standard"
    entries = dict.fromkeys(canonical_entry(child.text, standard=standard) for child in node.children)
    return Node(node.text, tuple(Node(entry) for entry in entries))


def canonical_entry(text: str, *, standard: bool) -> str:
    """An entry without its sequence number, with `any` and `host` for their masks, and ports as a device names them."""
    entry = _SEQUENCE.sub("", text, count=1)
    if entry.startswith("remark"):
        return entry
    entry = " ".join(_addresses(_PROTOCOL.sub(_protocol, entry).split(" ")))
    if standard:
        return re.sub(r"\bhost (?=\d)", "", entry)
    table = {"tcp": _TCP, "udp": _UDP}.get(entry.split(" ")[1] if " " in entry else "", {})
    return _PORTS.sub(lambda match: _named(match, table), entry)


def _addresses(words: list[str]) -> Iterator[str]:
    """The words with `any` and `host` for an address and its wildcard; only two that belong together are read so."""
    index = 0
    while index < len(words):
        pair = words[index : index + 2]
        if len(pair) == 2 and (pair[0] == "host" or all(_DOTTED.fullmatch(word) for word in pair)):
            yield _pair(*pair)
            index += 2
        else:
            yield pair[0]
            index += 1


def _pair(address: str, wildcard: str) -> str:
    if (address, wildcard) == ("0.0.0.0", "255.255.255.255"):  # noqa: S104 - an address and its wildcard
        return "any"
    return f"host {address}" if wildcard == "0.0.0.0" and address != "host" else f"{address} {wildcard}"  # noqa: S104 - a wildcard


def _protocol(match: re.Match[str]) -> str:
    names = {number: name for name, number in PROTOCOLS.items()}
    return match["action"] + names.get(int(match["number"]), match["number"])


def _named(match: re.Match[str], table: dict[int, str]) -> str:
    def name(port: str) -> str:
        return table.get(int(port), port) if port.isdigit() else port

    if match["range"]:
        return f"{match['range']}{name(match['low'])} {name(match['high'])}"
    return match["word"] + " ".join(name(port) for port in match["ports"].split(" "))

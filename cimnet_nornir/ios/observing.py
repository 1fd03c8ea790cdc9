"""What IOS and IOS-XE tell of their state by show commands, as plain rows: what an answer does not tell is left out.

ntc-templates read what differs most between images. They have no octets of `show interfaces` and no template for
`show memory statistics`, and give up on a line that they do not know: what they leave is read here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypedDict, cast

from ntc_templates.parse import ParsingException, parse_output
from textfsm import TextFSMError

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.ios.show_output import interface_blocks

VERSION: Final = "show version"
# The table of processes is long, and only its head is wanted.
LOAD: Final = "show processes cpu | include CPU utilization"
MEMORY: Final = "show memory statistics"
INTERFACES: Final = "show interfaces"
CDP: Final = "show cdp neighbors detail"
LLDP: Final = "show lldp neighbors detail"
COMMANDS: Final = (VERSION, LOAD, MEMORY, INTERFACES, CDP, LLDP)
_PLATFORM: Final = "cisco_ios"


class FactRow(TypedDict, total=False):
    """A device as it describes itself: uptime in seconds, load in percent, memory in bytes."""

    hostname: str
    vendor: str
    model: str
    version: str
    serial: str
    uptime: int
    cpu: float
    cpu_minute: float
    memory_used: int
    memory_total: int


class PortRow(TypedDict, total=False):
    """An interface by its canonical name, with its counters; speed in Mbit/s."""

    name: str
    enabled: bool
    up: bool
    description: str
    speed: int
    mtu: int
    in_octets: int
    out_octets: int
    in_packets: int
    out_packets: int
    in_errors: int
    out_errors: int
    in_discards: int
    out_discards: int


class NeighborRow(TypedDict):
    """A neighbour at a port, as it named itself."""

    port: str
    name: str
    remote_port: str
    protocol: str
    address: str
    platform: str


def facts(answers: Mapping[str, str]) -> FactRow:
    """The facts in the answers to the commands; a command without an answer is empty or not there."""
    return {
        **version(answers.get(VERSION, "")),
        **load(answers.get(LOAD, "")),
        **memory(answers.get(MEMORY, "")),
    }


_UNITS: Final = (
    ("uptime_years", 365 * 86400),
    ("uptime_weeks", 7 * 86400),
    ("uptime_days", 86400),
    ("uptime_hours", 3600),
    ("uptime_minutes", 60),
)


def version(output: str) -> FactRow:
    """What `show version` tells: in a stack, of its active member."""
    rows = _rows(VERSION, output)
    if not rows or not rows[0]["version"]:
        return {}
    row = rows[0]
    told = FactRow(vendor="Cisco", hostname=row["hostname"], version=row["version"])
    if row["hardware"]:
        told["model"] = row["hardware"][0]
    if row["serial"]:
        told["serial"] = row["serial"][0]
    if row["uptime"]:
        told["uptime"] = sum(int(row[unit] or 0) * seconds for unit, seconds in _UNITS)
    return told


_LOAD = re.compile(r"CPU utilization for five seconds: *(\d+)%.*?one minute: *(\d+)%")


def load(output: str) -> FactRow:
    """What the head of `show processes cpu` tells."""
    found = _LOAD.search(output)
    return {"cpu": float(found[1]), "cpu_minute": float(found[2])} if found else {}


# Classic IOS has the pools Processor and I/O, IOS-XE has Processor and lsmpi_io, and a reserve that nobody counts.
_POOL = re.compile(r"^ *(?:Processor|I/O|lsmpi_io) +[0-9A-F]+ +(?P<total>\d+) +(?P<used>\d+) ", re.MULTILINE)


def memory(output: str) -> FactRow:
    """What `show memory statistics` tells, all pools together."""
    pools = list(_POOL.finditer(output))
    if not pools:
        return {}
    return {
        "memory_used": sum(int(pool["used"]) for pool in pools),
        "memory_total": sum(int(pool["total"]) for pool in pools),
    }


_DESCRIPTION = re.compile(r"^ +Description: (.+?)\s*$", re.MULTILINE)
_NUMBERS: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^ +MTU (?P<mtu>\d+) bytes,.*\bBW (?P<kilobits>\d+) Kbit",
        r"Input queue: \d+/\d+/(?P<in_discards>\d+)/\d+ .*Total output drops: (?P<out_discards>\d+)",
        r"^ +(?P<in_packets>\d+) packets input, (?P<in_octets>\d+) bytes",
        r"^ +(?P<in_errors>\d+) input errors,",
        r"^ +(?P<out_packets>\d+) packets output, (?P<out_octets>\d+) bytes",
        r"^ +(?P<out_errors>\d+) output errors,",
    )
)


def ports(output: str) -> Iterator[PortRow]:
    """The interfaces of `show interfaces`; a sub-interface counts nothing."""
    for head, text in interface_blocks(output):
        found = [match.groupdict() for match in (each.search(text) for each in _NUMBERS) if match]
        numbers = {name: int(value) for groups in found for name, value in groups.items()}
        speed = numbers.pop("kilobits", 0) // 1000
        described = _DESCRIPTION.search(text)
        row = PortRow(
            name=canonical(head["name"]),
            enabled="administratively" not in head["state"],
            up=head["protocol"].startswith("up"),
            description=described[1] if described else "",
            speed=speed,
        )
        yield cast("PortRow", {**row, **numbers})


_ENTRY: Final = {CDP: "Device ID", LLDP: "Chassis id"}
_MAC = re.compile(r"(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", re.IGNORECASE)
# What ntc-templates call a field, and the line that tells it.
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    CDP: {
        "neighbor_name": r"Device ID: *(.*)",
        "local_interface": r"Interface: *([^,]*)",
        "neighbor_interface": r"Interface: .*Port ID \(outgoing port\): *(.*)",
        "mgmt_address": r" *IP(?:v4)? address: *(\S*)",
        "platform": r"Platform: *([^,]*)",
    },
    LLDP: {
        "chassis_id": r"Chassis id: *(.*)",
        "neighbor_name": r"System Name: *(.*)",
        "local_interface": r"Local Intf: *(.*)",
        "neighbor_port_id": r"Port id: *(.*)",
        "neighbor_interface": r"Port Description: *(.*)",
        "mgmt_address": r" +IP: *(\S*)",
    },
}


def neighbors(answers: Mapping[str, str]) -> Iterator[NeighborRow]:
    """The neighbours in the answers, by CDP and by LLDP; images that do not show the port leave theirs out."""
    for row in _entries(CDP, answers.get(CDP, "")):
        # A Nexus adds its serial number: "nx1.example.com(FOX1234)".
        yield neighbor("cdp", row, row["neighbor_name"].partition("(")[0], row["neighbor_interface"])
    yield from (each for each in map(_by_lldp, _entries(LLDP, answers.get(LLDP, ""))) if each["port"])


def _by_lldp(row: Mapping[str, str]) -> NeighborRow:
    name = row["neighbor_name"] or row["chassis_id"]
    return neighbor("lldp", row, name, lldp_port(row["neighbor_port_id"], row["neighbor_interface"]))


def neighbor(protocol: str, row: Mapping[str, str], name: str, remote_port: str) -> NeighborRow:
    """A neighbour, its ports in canonical names where they are those of IOS."""
    return NeighborRow(
        port=canonical(row["local_interface"]),
        name=name.strip(),
        remote_port=canonical(remote_port),
        protocol=protocol,
        address=row.get("mgmt_address", ""),
        platform=row.get("platform", "").strip(),
    )


def lldp_port(identity: str, description: str) -> str:
    """The port that a neighbour named: a server gives the hardware address, and its interface as the description."""
    return description if _MAC.fullmatch(identity.strip()) and description else identity


def _entries(command: str, output: str) -> Sequence[Mapping[str, str]]:
    """A row for each neighbour: the templates' where they found every one, else by the labels of the lines."""
    count = len(re.findall(rf"^{_ENTRY[command]}:", output, re.MULTILINE))
    rows = _rows(command, output) if count else []
    return rows if len(rows) == count else [_labelled(command, entry) for entry in _split(command, output)]


def _split(command: str, output: str) -> Sequence[str]:
    entries = re.split(r"^-{10,}\s*$", output, flags=re.MULTILINE)
    return [entry for entry in entries if re.search(rf"^{_ENTRY[command]}:", entry, re.MULTILINE)]


def _labelled(command: str, entry: str) -> Mapping[str, str]:
    found = {name: re.search(rf"^{label}", entry, re.MULTILINE) for name, label in _LABELS[command].items()}
    return {name: match[1].strip() if match else "" for name, match in found.items()}


def _rows(command: str, output: str) -> list[dict[str, Any]]:
    """What ntc-templates find; nothing where the template does not know a line."""
    try:
        rows: list[dict[str, Any]] = parse_output(_PLATFORM, command, output)
    except (ParsingException, TextFSMError):
        return []
    return rows


# Those of IOS begin with a capital and are one word: eth0 is a server's, "Port 1" a telephone's.
_OF_IOS: Final = re.compile(r"[A-Z]\S*")


def canonical(name: str) -> str:
    """The canonical name of an interface; as it is where it is none of IOS."""
    shown = name.strip()
    return canonical_interface(shown) if _OF_IOS.fullmatch(shown) and is_interface(shown) else shown

"""`show etherchannel summary`: the channels of a switch and their ports."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.channels import channel_members
from cimnet_nornir.lab.links import has_carrier, is_alike, is_bundled, is_up
from cimnet_nornir.lab.names import number_of, short_name, type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device

_PROTOCOLS: Final = {"active": "LACP", "passive": "LACP", "auto": "PAgP", "desirable": "PAgP"}
_FLAGS: Final = (
    "Flags:  D - down        P - bundled in port-channel",
    "        I - stand-alone s - suspended",
    "        H - Hot-standby (LACP only)",
    "        R - Layer3      S - Layer2",
    "        U - in use      f - failed to allocate aggregator",
    "",
    "        M - not in use, minimum links not met",
    "        u - unsuitable for bundling",
    "        w - waiting to be aggregated",
    "        d - default port",
    "",
    "",
)
_PORTS_A_LINE: Final = 3


def summary(request: "Request") -> str:
    device = request.device
    interfaces = device.running.all("interface")
    channels = [line for line in interfaces if type_of(line.key[1]).name == "Port-channel" and "." not in line.key[1]]
    rows = [row for line in sorted(channels, key=lambda line: line.order) for row in _rows(device, line)]
    return "\n".join(
        [
            *_FLAGS,
            f"Number of channel-groups in use: {len(channels)}",
            f"Number of aggregators:           {len(channels)}",
            "",
            "Group  Port-channel  Protocol    Ports",
            "------+-------------+-----------+-----------------------------------------------",
            *rows,
        ]
    )


def _rows(device: "Device", line: Line) -> list[str]:
    name = line.key[1]
    members = channel_members(device, name)
    layer = "R" if line.section.has("switchport") else "S"
    mode = members[0].section.value("channel-group", name="mode") if members else ""
    shown = f"{short_name(name)}({layer}{'U' if is_up(device, name) else 'D'})"
    ports = [f"{short_name(port.key[1])}({_flag(device, port.key[1])})".ljust(12) for port in members]
    chunks = ["".join(ports[start : start + _PORTS_A_LINE]) for start in range(0, len(ports), _PORTS_A_LINE)] or [""]
    first = f"{number_of(name):<7}{shown:<16}{_PROTOCOLS.get(mode, ' -'):<10}{chunks[0]}"
    return [first.rstrip(), *((" " * 33 + chunk).rstrip() for chunk in chunks[1:])]


def _flag(device: "Device", port: str) -> str:
    if not has_carrier(device, port):
        return "D"
    if not is_alike(device, port):
        return "s"
    return "P" if is_bundled(device, port) else "I"

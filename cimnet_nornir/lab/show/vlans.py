"""`show vlan` in its forms, and `show vtp status`."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.vlans import DEFAULT_VLANS, vlan_name
from cimnet_nornir.lab.links import (
    access_vlan,
    bridged_ports,
    carried,
    has_carrier,
    is_trunking,
    mac_address,
    mode_of,
    vlan_active,
    voice_vlan,
)
from cimnet_nornir.lab.names import short_name

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device

_HEAD: Final = (
    "",
    "VLAN Name                             Status    Ports",
    "---- -------------------------------- --------- -------------------------------",
)
_PORTS_A_LINE: Final = 4


def _ports(device: "Device", vlan: int) -> list[str]:
    """The access ports of a VLAN; a port that is to be a trunk is listed while it is down, too, unless told `trunk`."""
    found = []
    for port in bridged_ports(device):
        trunk = is_trunking(device, port) and (has_carrier(device, port) or mode_of(device, port) != "trunk")
        if not trunk and vlan in {access_vlan(device, port), voice_vlan(device, port)}:
            found.append(short_name(port))
    return found


def _rows(device: "Device", line: Line) -> list[str]:
    number = int(line.key[1])
    legacy = number in DEFAULT_VLANS and number != 1
    state = "act/unsup" if legacy else "active" if vlan_active(device, number) else "act/lshut"
    if line.section.has("state"):
        state = "suspended"
    ports = [] if legacy else _ports(device, number)
    chunks = [ports[start : start + _PORTS_A_LINE] for start in range(0, len(ports), _PORTS_A_LINE)] or [[]]
    rows = [f"{number:<5}{vlan_name(line):<33}{state:<10}{', '.join(chunks[0])}".rstrip()]
    return rows + [" " * 48 + ", ".join(chunk) for chunk in chunks[1:]]


def _vlan_lines(device: "Device") -> list[Line]:
    return sorted(device.running.all("vlan"), key=lambda line: line.order)


def brief(request: "Request") -> str:
    device = request.device
    return "\n".join([*_HEAD, *(row for line in _vlan_lines(device) for row in _rows(device, line))])


def one(request: "Request") -> Outcome:
    """`show vlan id N` and `show vlan name X`; ports include trunks that carry the VLAN."""
    device, values = request.device, request.values
    for line in _vlan_lines(device):
        if line.key[1] == values.get("vlan") or vlan_name(line) == values.get("name"):
            return "\n".join([*_HEAD, *_rows_with_trunks(device, line), "", *_types([line])])
    return (
        f"VLAN id {values['vlan']} not found in current VLAN database"
        if "vlan" in values
        else (f"VLAN {values['name']} not found in current VLAN database")
    )


def _rows_with_trunks(device: "Device", line: Line) -> list[str]:
    number = int(line.key[1])
    ports = [short_name(port) for port in bridged_ports(device) if number in carried(device, port)]
    state = "active" if vlan_active(device, number) else "act/lshut"
    return [f"{number:<5}{vlan_name(line):<33}{state:<10}{', '.join(ports)}".rstrip()]


def _types(lines: list[Line]) -> list[str]:
    rows = [
        "VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2",
        "---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------",
    ]
    kinds = {1002: "fddi", 1003: "tr", 1004: "fdnet", 1005: "trnet"}
    for line in lines:
        number = int(line.key[1])
        kind = kinds.get(number, "enet")
        rows.append(f"{number:<5}{kind:<6}{100000 + number:<11}1500  -      -      -        -    -        0      0")
    return rows


def full(request: "Request") -> str:
    lines = _vlan_lines(request.device)
    return "\n".join([brief(request), "", *_types(lines)])


def vtp(request: "Request") -> str:
    device = request.device
    mode = {"transparent": "Transparent", "server": "Server", "client": "Client"}.get(device.vtp_mode, "Off")
    running = device.running
    return "\n".join(
        [
            "VTP Version capable             : 1 to 3",
            f"VTP version running             : {running.value('vtp version', name='version', default='1')}",
            f"VTP Domain Name                 : {running.value('vtp domain', name='domain')}",
            f"VTP Pruning Mode                : {'Enabled' if running.has('vtp pruning') else 'Disabled'}",
            "VTP Traps Generation            : Disabled",
            f"Device ID                       : {mac_address(device)}",
            "Configuration last modified by 0.0.0.0 at 0-0-00 00:00:00",
            "",
            "Feature VLAN:",
            "--------------",
            f"VTP Operating Mode                : {mode}",
            "Maximum VLANs supported locally   : 1005",
            f"Number of existing VLANs          : {len(running.all('vlan'))}",
            "Configuration Revision            : 0",
        ]
    )

"""The running configuration as text, in IOS's order and with its separators."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from cimnet_nornir.lab.config import Line, Section, render, render_line
from cimnet_nornir.lab.features.accesslists import is_numbered
from cimnet_nornir.lab.features.addressing import PRIMARY, SECONDARY
from cimnet_nornir.lab.features.lines import VTY, vty_groups
from cimnet_nornir.lab.features.vtp import KEPT
from cimnet_nornir.lab.modes import COPIED
from cimnet_nornir.lab.vlanlist import format_vlans

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def running_text(device: "Device") -> str:
    """What `show running-config` prints from `version` on: blocks parted by `!`, `end` at the end."""
    blocks: list[list[str]] = [[f"version {device.profile.short_version}"]]
    last = -1
    for line in _shown(device):
        block = line.rank // 10
        if block != last or line.children is not None:
            blocks.append([])
        blocks[-1] += _lines(device, line)
        last = -1 if line.children is not None else block
    blocks[0] += blocks.pop(1) if len(blocks) > 1 and blocks[1][0].startswith(("service", "no service")) else []
    return "\n!\n".join("\n".join(block) for block in blocks if block) + "\n!\nend\n"


def section_text(line: Line, device: "Device") -> list[str]:
    """One top-level line with its children, as `show running-config interface` prints it."""
    return _lines(device, line)


def _shown(device: "Device") -> Iterator[Line]:
    """The top-level lines in order, with VLANs and virtual terminals grouped as IOS groups them."""
    running, elsewhere = device.running, device.vtp_mode in {"server", "client"}
    for kind, lines in groupby(running, key=_group_kind):
        if kind == "vty":
            yield from vty_groups(running)
        elif kind != "vlan":
            yield from (line for line in lines if line.shown and not (elsewhere and line.key[0] in KEPT))
        elif not elsewhere:
            yield from _vlans([line for line in lines if not line.hidden])


def _group_kind(line: Line) -> str:
    return {VTY: "vty", "vlan": "vlan"}.get(line.key[0], "")


def _vlans(lines: list[Line]) -> Iterator[Line]:
    """VLANs without settings stand together in one line."""
    for plain, group in groupby(lines, key=lambda line: not line.section.lines):
        if not plain:
            yield from group
            continue
        numbers = [int(line.key[1]) for line in group]
        yield Line(("vlan", "list"), f"vlan {format_vlans(numbers)}", 130, children=Section())


def _lines(device: "Device", line: Line) -> list[str]:
    if is_numbered(line) and "iosxe" not in device.profile.features:
        return [f"access-list {line.key[1]} {entry.values['body']}" for entry in line.section]
    if line.key[0] == "interface":
        return _interface(device, line)
    return render_line(line)


def _interface(device: "Device", line: Line) -> list[str]:
    """An interface; a routed one without an address says so."""
    section = Section(dict(line.section.lines))
    copied = any(each.text.startswith("ip address ") for each in section.all(COPIED))
    addressed = copied or section.has(PRIMARY) or section.all(SECONDARY) or section.has("ip unnumbered")
    if "routed" in device.features_of(line) and not addressed:
        section.put(Line(("no ip address",), "no ip address", 32))
    return [line.text, *render(section, 1)]

"""The VLANs of a VTP server or client, which stand in vlan.dat and not in the running configuration."""

import re
from collections.abc import Iterator
from typing import Final

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.protection import sections_of, shows_vlans, vlans_outside
from cimnet_nornir.ios.tree import Config, Path

# "show vlan brief": number, name in 32 columns, status; continued lines have ports alone.
_ROW: Final = re.compile(r"(?P<number>\d{1,4}) +(?P<name>\S.*?) +(?P<state>active|sus(?:pended|/[il]shut)|act/\w+)\b")
_ALWAYS: Final = frozenset({1, *range(1002, 1006)})
_BEFORE: Final = re.compile(r"(?:interface |end$)")
VLAN_COMMAND: Final = "show vlan brief"


def needs_vlan_database(running: str, *, switches: bool) -> bool:
    """Whether the VLANs of a device must be asked for, since its running configuration does not have them."""
    if not switches:
        return False
    try:
        found = sections_of(running)
    except ConfigurationError:
        # Whoever compares it says where it cannot be read.
        return False
    return vlans_outside(found, switches=True) and not shows_vlans(found)


def with_vlan_database(running: str, show_vlan: str) -> str:
    """The running configuration with the VLANs of `show vlan brief` among its lines, as transparent switches show them.

    They come before the first interface. An answer without VLANs leaves it as it is.
    """
    blocks = [line for row in show_vlan.replace("\r", "").split("\n") for line in _block(row)]
    lines = running.split("\n")
    place = next((index for index, line in enumerate(lines) if _BEFORE.match(line)), len(lines))
    return "\n".join([*lines[:place], *blocks, *lines[place:]])


def _block(row: str) -> Iterator[str]:
    match = _ROW.match(row)
    if match is None or int(match["number"]) in _ALWAYS:
        return
    number = int(match["number"])
    yield f"vlan {number}"
    if match["name"] != f"VLAN{number:04d}":
        yield f" name {match['name']}"
    if match["state"].startswith("sus"):
        yield " state suspend"
    if match["state"].endswith("/lshut"):
        yield " shutdown"
    yield "!"


def refused_by_a_client(name: str, running: Config, after: Config, paths: Iterator[Path]) -> Iterator[str]:
    """A sentence where lines of VLANs are to be sent to a VTP client; `paths` are the sections and lines to be sent."""
    if not (_is_client(running) and _is_client(after)):
        return
    vlans = dict.fromkeys(path[0].removeprefix("no ") for path in paths if re.match(r"(?:no )?vlan \d", path[0]))
    if vlans:
        yield (
            f"{name} is a VTP client and will refuse {', '.join(vlans)}: change VLANs on the VTP server of its domain,"
            " or make it transparent (vtp mode transparent)"
        )


def _is_client(config: Config) -> bool:
    return any(node.text == "vtp mode client" for node in config.nodes)

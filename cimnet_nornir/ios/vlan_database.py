"""What a VTP server or client keeps in vlan.dat and not in the running configuration: VLANs, its mode and domain."""

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
VTP_COMMAND: Final = "show vtp status"
# VTP version 3 has a mode for each feature, that of VLANs first.
_MODE: Final = re.compile(r"^VTP Operating Mode *: (?:Primary )?(?P<mode>Server|Client)\b", re.MULTILINE)
_DOMAIN: Final = re.compile(r"^VTP Domain Name *: (?P<domain>\S+)", re.MULTILINE)
_VERSION: Final = re.compile(
    r"^VTP (?:version running *: |Version *: running VTP)(?P<version>\d)|^VTP V(?P<second>2) Mode *: Enabled",
    re.MULTILINE | re.IGNORECASE,
)


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
    return _with_lines(running, [line for row in show_vlan.replace("\r", "").split("\n") for line in _block(row)])


def with_vtp_status(running: str, status: str) -> str:
    """The running configuration with what `show vtp status` says of mode, domain and version beyond the usual.

    What it shows itself stays as it is. An answer of a device that is neither server nor client adds nothing.
    """
    told, mode = status.replace("\r", ""), _MODE.search(status)
    if mode is None:
        return running
    domain, version = _DOMAIN.search(told), _VERSION.search(told)
    number = (version["version"] or version["second"]) if version is not None else "1"
    lines = {
        "vtp mode ": "client" if mode["mode"] == "Client" else "",
        "vtp domain ": domain["domain"] if domain is not None else "",
        "vtp version ": number if number != "1" else "",
    }
    shown = tuple(line for line in lines if re.search(rf"^{line}", running, re.MULTILINE))
    return _with_lines(running, [f"{line}{value}" for line, value in lines.items() if value and line not in shown])


def _with_lines(running: str, blocks: list[str]) -> str:
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

"""What protects a push, as far as the running configuration alone tells: plans ask a device for nothing more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from cimnet_nornir.domain.capabilities import ArchivePlace, Exclusive, Protection
from cimnet_nornir.ios.blocks import fold_blocks
from cimnet_nornir.ios.masking import MASK

# File systems of the device itself ("show file systems"); what is not among them is somewhere else, or not known.
_LOCAL: Final = re.compile(
    r"(?:(?:slave|stby-|sup-)?(?:bootflash|bootdisk|flash\d*|disk\d|slot\d|nvram|harddisk\d?|usb(?:flash)?\d|unix)"
    r"(?:-\d+)?):",
    re.IGNORECASE,
)
# A user's password in the address of a server.
_PASSWORD: Final = re.compile(r"(?<=://)(?P<user>[^:@/]*):.*@")
_TIME: Final = (
    r"[*.]?(?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)? (?P<zone>\S+) \w{3} (?P<date>\w{3} +\d{1,2} \d{4})(?: by (?P<user>\S+))?"
)
_CHANGED: Final = re.compile(rf"! Last configuration change at (?P<when>{_TIME})")
_SAVED: Final = re.compile(rf"! NVRAM config last updated at (?P<when>{_TIME})")
# Lines that switches show and routers do not; `spanning-tree extend system-id` stands on routers of IOS-XE too.
_OF_A_SWITCH: Final = re.compile(r"spanning-tree mode \S+|vlan internal allocation policy \S+|switchport.*")
_VTP_MODE: Final = re.compile(r"vtp mode (?P<mode>off|transparent|server|client)(?: .+)?")
_VLAN: Final = re.compile(r"vlan \d[\d,-]*")
_EXCLUSIVE: Final = re.compile(r"configuration mode exclusive(?: (?P<mode>auto|manual))?(?: .+)?")

HOW_TO_ARCHIVE: Final = "type: archive / path flash:archive"


@dataclass(slots=True)
class Section:
    """A line of a configuration that stands at the left, and the lines that stand in from it."""

    head: str
    lines: list[str] = field(default_factory=list)


def sections_of(running: str) -> tuple[Section, ...]:
    """The sections of a running configuration, without its banners, whose text may look like lines of it.

    Raises ConfigurationError where a banner does not end.
    """
    found: list[Section] = []
    for line in fold_blocks(running.replace("\r", "").split("\n")):
        if "\n" in line or not line.strip() or line.startswith("!"):
            continue
        if line.startswith(" ") and found:
            found[-1].lines.append(line.strip())
        else:
            found.append(Section(line.strip()))
    return tuple(found)


def protection_of(running: str, *, switches: bool | None = None) -> Protection:
    """What takes a push back, and what stays outside of that, from the text of `show running-config`.

    `switches` says whether the device is a switch; without it the lines tell. Raises ConfigurationError.
    """
    found = sections_of(running)
    place, path = archive_of(found)
    return Protection(
        kind="revert timer" if place == "local" else "none",
        why=_why(place, path),
        archive_path=path,
        exclusive=_exclusive(found),
        vlans_outside=vlans_outside(found, switches=switches),
        unsaved=unsaved_by_headers(running),
    )


def archive_of(found: tuple[Section, ...]) -> tuple[ArchivePlace, str]:
    """Where a configuration archives itself, and the path of its archive."""
    archive = [line for section in found if section.head == "archive" for line in section.lines]
    path = next((line.removeprefix("path ") for line in archive if line.startswith("path ")), "")
    path = _PASSWORD.sub(rf"\g<user>:{MASK}@", path)
    if path:
        return ("local" if _LOCAL.match(path) else "remote"), path
    return ("no path" if any(section.head == "archive" for section in found) else "off"), ""


def _why(place: ArchivePlace, path: str) -> str:
    match place:
        case "local":
            return ""
        case "remote":
            return f"the archive path {path} is not on the device itself; {HOW_TO_ARCHIVE}"
        case "no path":
            return f"the archive has no path; {HOW_TO_ARCHIVE}"
        case "off":
            return f"there is no archive; {HOW_TO_ARCHIVE}"


def _exclusive(found: tuple[Section, ...]) -> Exclusive:
    for section in found:
        if match := _EXCLUSIVE.fullmatch(section.head):
            # Without a word it is `manual`, which IOS then does not always show.
            return cast("Exclusive", match["mode"] or "manual")
    return ""


# --- VLANs ------------------------------------------------------------------------------------------------------------


def vtp_mode_of(found: tuple[Section, ...]) -> str:
    """The VTP mode that a running configuration shows; empty where it shows none, as for a server."""
    modes = (match["mode"] for section in found if (match := _VTP_MODE.fullmatch(section.head)))
    return next(modes, "")


def vlans_outside(found: tuple[Section, ...], *, switches: bool | None) -> bool:
    """Whether VLANs stand in vlan.dat alone: on a switch that is a VTP server or client."""
    is_switch = switches if switches is not None else any(_looks_like_a_switch(section) for section in found)
    return is_switch and vtp_mode_of(found) not in ("transparent", "off")


def shows_vlans(found: tuple[Section, ...]) -> bool:
    """Whether a running configuration has the VLANs among its lines."""
    return any(_VLAN.fullmatch(section.head) for section in found)


def _looks_like_a_switch(section: Section) -> bool:
    return any(_OF_A_SWITCH.fullmatch(line) for line in (section.head, *section.lines))


# --- saved or not -----------------------------------------------------------------------------------------------------


def unsaved_by_headers(running: str) -> str:
    """Who changed the running configuration after it was saved last, and when; empty where nobody did.

    By the two lines in the head of `show running-config`, in the device's own words and its own time. Where summer time
    ends between the two, an hour is not told apart.
    """
    changed, saved = (_headers(running, pattern) for pattern in (_CHANGED, _SAVED))
    change, save = next(changed, None), next(saved, None)
    if change is None or (save is not None and _moment(change) <= _moment(save)):
        return ""
    who = change["user"] or "somebody"
    return f"by {who} at {change['clock']} {change['zone']} {change['date']}"


def without_change_stamp(running: str) -> str:
    """A running configuration whose head no longer tells of a change: for one that is known to be saved."""
    return "".join(line for line in running.splitlines(keepends=True) if not _CHANGED.match(line))


def _headers(running: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The lines of the head that fit; what stands from `version` on is somebody's configuration."""
    for line in running.replace("\r", "").split("\n"):
        if line.startswith("version "):
            return
        if (match := pattern.match(line)) is not None:
            yield match


def _moment(match: re.Match[str]) -> datetime:
    # Both lines are in the device's time, whatever zone that is: they are compared with one another alone.
    return datetime.strptime(f"{match['clock']} {' '.join(match['date'].split())}", "%H:%M:%S %b %d %Y")  # noqa: DTZ007 - see above

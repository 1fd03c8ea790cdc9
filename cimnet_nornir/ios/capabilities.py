"""What a device can do, read from the answers to its show commands; what it refused to tell is not known.

The forms are those of Cisco's command references and of devices, classic IOS and IOS-XE.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from cimnet_nornir.domain.capabilities import (
    Aaa,
    Capabilities,
    Exclusive,
    PendingChange,
    Protection,
    Quirk,
    VtpMode,
)
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.protection import (
    Section,
    archive_of,
    protection_of,
    sections_of,
    unsaved_by_headers,
    vtp_mode_of,
)
from cimnet_nornir.ios.quirks import quirks_of

__all__ = [
    "STARTUP",
    "Capabilities",
    "Exclusive",
    "Protection",
    "Quirk",
    "capabilities_of",
    "commands_for",
    "protection_of",
    "unsaved_by_headers",
]

VERSION: Final = "show version"
PRIVILEGE: Final = "show privilege"
TIMER: Final = "show archive config rollback timer"
LOCK: Final = "show configuration lock"
SSH: Final = "show ip ssh"
FLASH: Final = "dir"
BOOT: Final = "show boot"
VTP: Final = "show vtp status"
STARTUP: Final = "show startup-config"

_IOS_XE: Final = re.compile(r"Cisco IOS[ -]XE Software, Version (?P<version>\S+)")
_IOS: Final = re.compile(r"\((?P<image>(?!tm\))[A-Za-z0-9_-]+)\).*?, (?:Experimental )?Version (?P<version>[^\s,]+)")
# A line such as "cisco WS-C2960X-24TS-L (APM86XXX) processor (revision B0) with 524288K bytes of memory".
_MODEL: Final = re.compile(r"^[Cc]isco (?P<model>\S+) .*\bbytes of (?:physical )?memory", re.MULTILINE)
_MODEL_NUMBER: Final = re.compile(r"^Model [Nn]umber +: (?P<model>\S+)", re.MULTILINE)
_REGISTER: Final = re.compile(
    r"^Configuration register is (?P<now>0x[0-9A-Fa-f]+)(?: \(will be (?P<next>0x[0-9A-Fa-f]+) at next reload\))?",
    re.MULTILINE,
)
_PRIVILEGE: Final = re.compile(r"Current privilege level is (?P<level>\d+)")
_TIMER_FIELD: Final = re.compile(r"^(?P<name>Time configured[^:]*|Timer value|User) *: *(?P<value>.*\S)", re.MULTILINE)
_LOCK_FIELD: Final = re.compile(r"^ *(?P<name>Owner PID|User|State|TTY) *: *(?P<value>.*\S)", re.MULTILINE)
_SSH: Final = re.compile(r"SSH (?P<state>Enabled|Disabled)(?: - version (?P<version>[\d.]+))?")
_FLASH: Final = re.compile(r"(?P<total>\d+) (?P<kilo>[Kk]?)bytes total \((?P<free>\d+) [Kk]?bytes free\)")
_BOOT: Final = re.compile(r"^(?:BOOT path-list|BOOT variable) *[:=] *(?P<boot>\S.*?)\s*$", re.MULTILINE)
_VTP_MODE: Final = re.compile(r"VTP Operating Mode +: (?:Primary )?(?P<mode>Off|Transparent|Server|Client)")
_VTP_DOMAIN: Final = re.compile(r"VTP Domain Name +: (?P<domain>\S*)")
_MAY_REFUSE: Final = re.compile(r"aaa authorization (?:exec|commands|config-commands|console)(?: .+)?")
_KILO: Final = 1000


def commands_for(*, switches: bool) -> tuple[str, ...]:
    """The show commands that tell what a device can do, besides `show running-config`."""
    return (VERSION, PRIVILEGE, TIMER, LOCK, SSH, FLASH, BOOT, *((VTP,) if switches else ()))


def capabilities_of(
    running: str, answers: Mapping[str, str], *, switches: bool, unsaved: str | None = None
) -> Capabilities:
    """What a device can do, from its running configuration and its answers by command.

    An answer that is missing or a refusal leaves its fields unknown. `unsaved` is what is known of running against
    startup beyond the headers of the configuration. Raises ConfigurationError where running cannot be read.
    """
    told = {command: text for command, text in answers.items() if not _refused(text)}
    found = sections_of(running)
    place, _ = archive_of(found)
    version, image = _release(told.get(VERSION, ""))
    model = _model(told.get(VERSION, ""))
    protection = protection_of(running, switches=switches)
    return Capabilities(
        protection=_with_vtp(protection, told.get(VTP, ""), switches=switches, unsaved=unsaved),
        aaa=_aaa(found),
        archive=place,
        scp_server=any(section.head == "ip scp server enable" for section in found),
        prompt_quiet=any(section.head == "file prompt quiet" for section in found),
        image=image,
        version=version,
        model=model,
        privilege=_number(_PRIVILEGE, told.get(PRIVILEGE, ""), "level"),
        pending=_pending(told.get(TIMER, "")),
        lock_holder=_lock_holder(told.get(LOCK, "")),
        vtp_mode=_vtp_mode(told.get(VTP, ""), found) if switches else None,
        vtp_domain=_field(_VTP_DOMAIN, told.get(VTP, ""), "domain"),
        ssh_version=_ssh(told.get(SSH, "")),
        flash_free=_flash(told.get(FLASH, ""), "free"),
        flash_total=_flash(told.get(FLASH, ""), "total"),
        register=_field(_REGISTER, told.get(VERSION, ""), "now"),
        next_register=_field(_REGISTER, told.get(VERSION, ""), "next"),
        boot=_field(_BOOT, told.get(BOOT, ""), "boot"),
        quirks=quirks_of(_classic(told.get(VERSION, "")), model),
        not_known=tuple(command for command in commands_for(switches=switches) if command not in told),
    )


def _refused(answer: str) -> bool:
    """Whether a device refused a show command, or has no such thing ("% Invalid input detected")."""
    return judge(answer).is_error


def _field(pattern: re.Pattern[str], text: str, name: str) -> str:
    match = pattern.search(text)
    return (match[name] or "") if match else ""


def _number(pattern: re.Pattern[str], text: str, name: str) -> int | None:
    value = _field(pattern, text, name)
    return int(value) if value else None


def _release(version: str) -> tuple[str, str]:
    """The release that people speak of (that of IOS-XE, where it is one), and the name of the image's feature set."""
    ios, xe = _IOS.search(version), _IOS_XE.search(version)
    release = xe["version"] if xe else ios["version"] if ios else ""
    return release, ios["image"] if ios else ""


def _classic(version: str) -> str:
    """The release of classic IOS, by which features came; IOS-XE calls 15.2 or 17.9 what it has inside."""
    return _field(_IOS, version, "version")


def _model(version: str) -> str:
    return _field(_MODEL_NUMBER, version, "model") or _field(_MODEL, version, "model")


def _aaa(found: tuple[Section, ...]) -> Aaa:
    heads = [section.head for section in found]
    new_model = "aaa new-model" in heads
    return Aaa(
        new_model,
        may_refuse=tuple(head for head in heads if new_model and _MAY_REFUSE.fullmatch(head)),
        accounting=tuple(head for head in heads if new_model and head.startswith("aaa accounting ")),
    )


def _pending(timer: str) -> PendingChange | None:
    """The change that waits to be confirmed; none where the device says "%No Rollback Confirmed Change pending"."""
    fields = dict(_fields(_TIMER_FIELD, timer))
    if "Timer value" not in fields:
        return None
    configured = next((value for name, value in fields.items() if name.startswith("Time configured")), "")
    return PendingChange(fields.get("User", ""), fields["Timer value"], configured)


def _lock_holder(lock: str) -> str:
    """Who holds the lock of the configuration: the user, and the terminal where it is known."""
    fields = dict(_fields(_LOCK_FIELD, lock))
    free = fields.get("Owner PID", "-1") == "-1" or fields.get("State", "LOCKED").upper() == "FREE"
    if free or not fields:
        return ""
    terminal = f" on terminal {fields['TTY']}" if "TTY" in fields else ""
    return f"{fields.get('User', 'somebody')}{terminal}"


def _fields(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    yield from ((match["name"], match["value"]) for match in pattern.finditer(text))


def _ssh(text: str) -> str:
    match = _SSH.search(text)
    if match is None:
        return ""
    return match["version"] or "" if match["state"] == "Enabled" else "off"


def _flash(text: str, name: str) -> int | None:
    match = _FLASH.search(text)
    return int(match[name]) * (_KILO if match["kilo"] else 1) if match else None


def _vtp_mode(status: str, found: tuple[Section, ...]) -> VtpMode | None:
    """The mode for VLANs; VTP version 3 has others for other features further on."""
    mode = _field(_VTP_MODE, status, "mode").lower() or vtp_mode_of(found)
    return cast("VtpMode", mode) if mode else None


def _with_vtp(protection: Protection, status: str, *, switches: bool, unsaved: str | None) -> Protection:
    """The protection with what the device said itself in place of what its running configuration lets one think."""
    mode = _field(_VTP_MODE, status, "mode")
    return Protection(
        protection.kind,
        protection.why,
        protection.archive_path,
        protection.exclusive,
        vlans_outside=switches and (mode in ("Server", "Client") if mode else protection.vlans_outside),
        unsaved=protection.unsaved if unsaved is None else unsaved,
    )


def startup_differs(startup: str, running: str) -> bool:
    """Whether what was saved is not what runs; both texts as the engine's `stable` leaves them."""
    return _comparable(startup) != _comparable(running)


def _comparable(text: str) -> list[str]:
    """The lines between the head of an answer and its end; separators and empty lines say nothing."""
    lines = [line.rstrip() for line in text.replace("\r", "").split("\n")]
    return [line for line in lines if line and line != "!"]

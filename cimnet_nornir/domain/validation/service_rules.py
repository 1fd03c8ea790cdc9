"""Rules about services: keys of time servers, lines that let nobody in, objects and probes that are not there."""

import re
from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.aaa import uses_aaa
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.lines import TerminalLine
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.ntp import Ntp, NtpServer
from cimnet_nornir.domain.features.tracking import Track, TrackedList, TrackedProbe
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, device_rule

# What adopted lines define, by feature.
_ADOPTED = {
    "ntp-key": re.compile(r"ntp authentication-key (?P<number>\d+) .*"),
    "ip-sla": re.compile(r"ip sla (?P<number>\d+)"),
    "track": re.compile(r"track (?P<number>\d+) .*"),
}


@device_rule("ntp-authentication", "warning", "A time server has a key that is not there, or that is not trusted.")
def ntp_authentication(device: Device) -> Iterator[Problem]:
    """IOS takes such a server, and either never believes it or believes everybody in its place."""
    keys, ntp = _numbers(device, "ntp-key"), device.setting(Ntp.FEATURE)
    trusted = ntp.trusted_keys if isinstance(ntp, Ntp) else ()
    for server in device.features.values():
        key = server.authentication_key if isinstance(server, NtpServer) else None
        if key is None:
            continue
        if key not in keys:
            yield Problem(device.name, server.identity, f"there is no key {key}", f"ntp-key {key}, or another key here")
        elif not any(each.first <= key <= (each.last or each.first) for each in trusted):
            yield Problem(device.name, server.identity, f"key {key} is not trusted", f"{key} among the trusted keys")
        elif isinstance(ntp, Ntp) and not ntp.authenticate:
            yield Problem(
                device.name, server.identity, "its answers are not authenticated", "authenticate: true of ntp"
            )


@device_rule("tracked-object", "error", "Something rests on a tracked object, or on a probe, that is not there.")
def tracked_object(device: Device) -> Iterator[Problem]:
    """IOS takes such a line, and holds the object for down."""
    tracks, probes = _numbers(device, "track"), _numbers(device, "ip-sla")
    for setting in device.features.values():
        place = str(getattr(setting, "interface", None) or setting.identity)
        for number in sorted(set(_tracked(setting)) - tracks):
            yield Problem(device.name, place, f"there is no tracked object {number}", f"track {number}")
        if isinstance(setting, Track) and isinstance(setting.of, TrackedProbe) and setting.of.probe not in probes:
            number = setting.of.probe
            yield Problem(device.name, place, f"there is no probe {number}", f"ip-sla {number}")


def _numbers(device: Device, feature: str) -> frozenset[int]:
    """The numbers of what a device has of a feature, in typed intent and in adopted lines."""
    found = {int(setting.own_key) for setting in device.settings_of(feature)}
    blocks = (setting for setting in device.features.values() if isinstance(setting, ConfigurationBlock))
    matches = (_ADOPTED[feature].fullmatch(line) for block in blocks if not block.section for line in block.lines)
    return frozenset(found | {int(match["number"]) for match in matches if match})


def _tracked(setting: Setting) -> Iterator[int]:
    """The numbers of the objects that a setting rests on."""
    if isinstance(setting, Track):
        members = setting.of.objects if isinstance(setting.of, TrackedList) else ()
        yield from (member.number for member in members)
        return
    named = getattr(setting, "track", None)
    for item in named if isinstance(named, tuple) else (named,):
        number = getattr(item, "object", item)
        if isinstance(number, int):
            yield number


@device_rule("line-locked", "warning", "A line asks for a password and has none, so that nobody comes in by it.")
def line_locked(device: Device) -> Iterator[Problem]:
    """IOS takes it, and says when somebody comes that the login is disabled until a password is set."""
    for line in () if uses_aaa(device) else device.settings_of(TerminalLine.FEATURE):
        if isinstance(line, TerminalLine) and line.login == "line" and line.password is None and not _is_closed(line):
            yield Problem(device.name, line.identity, "it asks for a password, and has none", "login: local")


def _is_closed(line: TerminalLine) -> bool:
    """Whether nobody is to come in by it at all."""
    return line.transport.input == ("none",) or not line.exec


SERVICE_RULES: tuple[AnyRule, ...] = (ntp_authentication, tracked_object, line_locked)

"""Lines of services in the form in which a device shows them: what goes without saying left out, options in one order.

NTP, logging, SNMP, DHCP, IP SLA, tracking and the archive (IOS Network Management and IP Addressing references).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network
from typing import Final

from cimnet_nornir.domain.interfaces import canonical_interface, is_interface
from cimnet_nornir.ios.first_words import by_first_word

_LEVELS: Final = (
    "emergencies",
    "alerts",
    "critical",
    "errors",
    "warnings",
    "notifications",
    "informational",
    "debugging",
)
_NTP_VALUES: Final = ("version", "key", "minpoll", "maxpoll", "source")
_NTP_FLAGS: Final = ("prefer", "burst", "iburst")
_OBJECTS: Final[Mapping[str, str]] = {
    "1": "iso",
    "1.3": "org",
    "1.3.6": "dod",
    "1.3.6.1": "internet",
    "1.3.6.1.2.1": "mib-2",
    "1.3.6.1.4.1.9": "cisco",
}
# Kinds of trap whose parts are switched one by one.
TRAP_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "snmp": ("authentication", "linkdown", "linkup", "coldstart", "warmstart"),
    "envmon": ("fan", "shutdown", "supply", "temperature", "status"),
    "flash": ("insertion", "removal"),
    "bridge": ("newroot", "topologychange"),
    "stpx": ("inconsistency", "root-inconsistency", "loop-inconsistency"),
    "mac-notification": ("change", "move", "threshold"),
}
_TRAPS: Final = re.compile(r"snmp-server enable traps (?P<kind>\S+)(?P<parts>(?: \S+)*)")
_DELAY: Final = re.compile(r"delay (?=.*\d)(?:(?:up|down) \d+ ?){1,2}")


def service_line(line: str) -> str:
    """The line as a device would show it; one that is no service's, or that is nonsense, comes back as it is."""
    for pattern, shown in _lines()(line):
        match = pattern.fullmatch(line)
        if match is not None:
            return shown(match)
    return line


def split_service(line: str) -> tuple[str, ...]:
    """The lines that a line of a service stands for; none where it stands for itself."""
    traps = _TRAPS.fullmatch(line)
    if traps is not None and traps["kind"] in TRAP_PARTS:
        parts = traps["parts"].split() or TRAP_PARTS[traps["kind"]]
        return tuple(f"snmp-server enable traps {traps['kind']} {part}" for part in parts)
    if _DELAY.fullmatch(line):
        words = line.split(" ")
        return tuple(f"delay {way} {seconds}" for way, seconds in zip(words[1::2], words[2::2], strict=True))
    return ()


def _interface(name: str) -> str:
    return canonical_interface(name) if is_interface(name) else name


def _ntp(match: re.Match[str]) -> str:
    found = _options(match["options"].split())
    if found is None:
        return match[0]
    if found.get("version") == "4":
        del found["version"]
    if "source" in found:
        found["source"] = _interface(found["source"])
    values = "".join(f" {name} {found[name]}" for name in _NTP_VALUES if name in found)
    return match["start"] + values + "".join(f" {name}" for name in _NTP_FLAGS if name in found)


def _options(words: list[str]) -> dict[str, str] | None:
    """The options of a server by name; None where one is not known or lacks its value."""
    found: dict[str, str] = {}
    rest: Iterator[str] = iter(words)
    for word in rest:
        if word not in (*_NTP_VALUES, *_NTP_FLAGS):
            return None
        found[word] = next(rest, "") if word in _NTP_VALUES else word
    return found if all(found.values()) else None


def _ntp_key(match: re.Match[str]) -> str:
    """The type of a key stands behind it."""
    kind = match["before"] or match["after"]
    return match["start"] + match["secret"] + (" 7" if kind == "7" else "")


def _level(match: re.Match[str]) -> str:
    level, start = match["level"], match["start"]
    if level.isdecimal() and int(level) < len(_LEVELS):
        level = _LEVELS[int(level)]
    buffered = start.startswith("logging buffered") and level == "debugging"
    return start if buffered else f"{start} {level}"


def _syslog(match: re.Match[str]) -> str:
    usual = {"udp": "514", "tcp": "601"}[match["way"]] in (match["port"], None)
    port = "" if usual or match["port"] is None else f" port {match['port']}"
    return match["start"] + (f" transport {match['way']}{port}" if match["way"] == "tcp" or port else "")


def _community(match: re.Match[str]) -> str:
    access = (match["access"] or "ro").upper()
    return f"{match['start']}{match['view'] or ''} {access}{match['lists'] or ''}"


def _trap_host(match: re.Match[str]) -> str:
    text = match[0].replace(" traps version ", " version ", 1)
    text = re.sub(r"^(snmp-server host \S+(?: vrf \S+)?) traps (?=\S)", r"\1 ", text)
    text = re.sub(r"^(snmp-server host \S+(?: vrf \S+)?(?: informs)?) version 1 ", r"\1 ", text)
    return text.replace(" udp-port 162", "", 1)


def _view(match: re.Match[str]) -> str:
    return f"{match['start']} {_OBJECTS.get(match['tree'], match['tree'])} {match['how']}"


def _schedule(match: re.Match[str]) -> str:
    """Life, start, ageout, recurrence in this order; an hour of life and no ageout go without saying."""
    parts = [re.search(rf"(?:^| ){name}(?= |$)", match["rest"]) for name in _SCHEDULE_PARTS]
    found = [part[0].strip() for part in parts if part]
    return " ".join([match["start"], *(part for part in found if part not in ("life 3600", "ageout 0"))])


_SCHEDULE_PARTS: Final = (
    r"life (?:forever|\d+)",
    r"start-time (?:now|pending|after \S+|\d+:\d+(?::\d+)?(?: [A-Za-z]{3,9} \d+)?)",
    r"ageout \d+",
    r"recurring",
)


def _probe(match: re.Match[str]) -> str:
    text = re.sub(r" (?:num-packets 10|interval 20|control enable)(?= |$)", "", match[0])
    return re.sub(r"(?<= source-interface )\S+", lambda name: _interface(name[0]), text)


def _mask(match: re.Match[str]) -> str:
    network = IPv4Network(f"0.0.0.0/{match['length']}") if int(match["length"]) <= 32 else None
    return match[0] if network is None else f"{match['start']} {network.netmask}"


def _digits(match: re.Match[str]) -> str:
    digits = match["digits"].replace(".", "").lower()
    return f"{match['start']} {'.'.join(digits[start : start + 4] for start in range(0, len(digits), 4))}"


_COMMUNITY: Final = (
    r"(?P<start>snmp-server community \S+)(?P<view> view \S+)?(?: (?P<access>ro|rw|RO|RW))?"
    r"(?P<lists>(?: ipv6 \S+)?(?: \S+)?)"
)
_ASSOCIATION: Final = r"(?P<start>ntp (?:server|peer) (?:vrf \S+ )?\S+) (?P<options>.+)"
_LINES: Final[tuple[tuple[str, Callable[[re.Match[str]], str]], ...]] = (
    (_ASSOCIATION, _ntp),
    (r"(?P<start>ntp authentication-key \d+ \S+ )(?:(?P<before>[07]) )?(?P<secret>\S+)(?: (?P<after>[07]))?", _ntp_key),
    (r"(?P<start>ntp master) 8", lambda match: match["start"]),
    (r"(?P<start>logging (?:console|monitor|trap|history|buffered(?: \d{4,})?)) (?P<level>[0-7]|[a-z]+)", _level),
    (
        r"(?P<start>logging host \S+(?: vrf \S+)?) transport (?P<way>udp|tcp)(?: port (?P<port>\d+))?",
        _syslog,
    ),
    (_COMMUNITY, _community),
    (r"snmp-server host \S+ .+", _trap_host),
    (r"(?P<start>snmp-server view \S+) (?P<tree>\S+) (?P<how>included|excluded)", _view),
    (r"(?P<start>ip dhcp excluded-address (?:vrf \S+ )?(?P<first>\S+)) (?P=first)", lambda match: match["start"]),
    (r"(?P<start>(?:network|host) \d+\.\d+\.\d+\.\d+) /(?P<length>\d+)", _mask),
    (r"(?P<start>client-identifier|hardware-address) (?P<digits>[0-9A-Fa-f.]+)", _digits),
    (r"(?P<start>lease \d+(?: \d+)?)(?: 0){1,2}", lambda match: re.sub(r"^(lease \d+) 0$", r"\1", match["start"])),
    (r"notify syslog", lambda _: "notify syslog contenttype plaintext"),
    (r"(?P<start>ip sla schedule \d+) (?P<rest>.+)", _schedule),
    (r"(?:icmp-echo|udp-echo|udp-jitter|tcp-connect) .+", _probe),
    (r"(?P<start>track \d+) rtr (?P<rest>.+)", lambda match: f"{match['start']} ip sla {match['rest']}"),
    (r"(?P<start>track \d+ ip sla \d+) state", lambda match: match["start"]),
)


@cache
def _lines() -> Callable[[str], tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]]:
    return by_first_word([(pattern, (re.compile(pattern), shown)) for pattern, shown in _LINES])

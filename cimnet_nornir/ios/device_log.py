"""Who configured a device, as its own log says: CONFIG_I when somebody is done, LOGGEDCMD for each command.

The forms are those of "Cisco IOS System Messages" (SYS-5-CONFIG_I, PARSER-5-CFGLOG_LOGGEDCMD).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cimnet_nornir.domain.events import ConfiguredBy
from cimnet_nornir.ios.masking import mask_secrets

CLOCK = "show clock"
LOG = "show logging"
_MESSAGE = re.compile(
    r"^(?:\d+: )?(?P<at>.*?)(?:: )?%(?:SYS-5-CONFIG_I: Configured from \S+ by (?P<who>\S+)(?: on (?P<line>\S+))?"
    r"(?: \((?P<address>[^)]*)\))?|PARSER-5-CFGLOG_LOGGEDCMD: +User:(?P<user>\S+) +logged command:(?P<command>.+?))\s*$"
)
_TIME = re.compile(r"[*.]?(?P<day>[A-Z][a-z]{2} +\d{1,2})(?: (?P<year>\d{4}))? (?P<time>\d\d:\d\d:\d\d)")
_CLOCK = re.compile(
    r"[*.]?(?P<time>\d\d:\d\d:\d\d)(?:\.\d+)? (?P<zone>\S+) \w{3} (?P<day>\w{3} +\d{1,2}) (?P<year>\d{4})"
)
_MOST = 20
# Of a device that nobody set to another zone, log and clock show one.
_UTC = ("UTC", "GMT")


@dataclass(frozen=True, slots=True)
class _Entry:
    said: ConfiguredBy
    age: timedelta | None


def configured_since(log: str, clock: str, *, own: str, since: timedelta | None) -> tuple[ConfiguredBy, ...]:
    """Who configured the device since so long ago, oldest first; what was done before is left out.

    `own` is the login that this program uses. Where the log's times cannot be told (or `since` is None), entries after
    the last of that login are taken: that one ended the last push.
    """
    entries = tuple(_entries(log, _clock_time(clock)))
    known = [entry for entry in entries if entry.age is not None]
    if since is not None and entries and len(known) == len(entries):
        found: Sequence[_Entry] = [entry for entry in known if entry.age is not None and entry.age < since]
    else:
        last = max((index for index, entry in enumerate(entries) if entry.said.who == own), default=-1)
        found = entries[last + 1 :]
    return tuple(entry.said for entry in found[-_MOST:])


def _entries(log: str, now: datetime | None) -> Iterator[_Entry]:
    for line in log.splitlines():
        match = _MESSAGE.match(line)
        if match is None:
            continue
        at = match["at"].strip()
        command = mask_secrets(match["command"]) if match["command"] else ""
        said = ConfiguredBy(
            at=at,
            who=match["who"] or match["user"],
            line=match["line"] or "",
            address=match["address"] or "",
            command=command,
        )
        yield _Entry(said, _age(at, now))


def _clock_time(text: str) -> datetime | None:
    """The time that a device shows; None where its log may be in another zone."""
    match = _CLOCK.search(text)
    if match is None or match["zone"] not in _UTC:
        return None
    return _read_time(match["day"], match["year"], match["time"])


def _age(at: str, now: datetime | None) -> timedelta | None:
    match = _TIME.match(at)
    if match is None or now is None:
        return None
    then = _read_time(match["day"], match["year"] or str(now.year), match["time"])
    if then is None:
        return None
    # A log without years that goes back beyond the turn of one.
    return now - then if then <= now + timedelta(minutes=1) else now - then.replace(year=now.year - 1)


def _read_time(day: str, year: str, time: str) -> datetime | None:
    try:
        return datetime.strptime(f"{' '.join(day.split())} {year} {time}", "%b %d %Y %H:%M:%S")  # noqa: DTZ007 - ages are differences within one zone
    except ValueError:
        return None

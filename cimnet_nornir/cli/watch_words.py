"""Small words for narrow places: how long ago, how long, and lines that are cut to a width."""

from datetime import datetime

from rich.text import Text

_MINUTE = 60
_UNITS = ((86_400, "d"), (3_600, "h"), (_MINUTE, "m"), (1, "s"))


def cut(line: Text, width: int) -> Text:
    """The line in no more cells than the width; an ellipsis tells that something is left out."""
    line.truncate(max(width, 1), overflow="ellipsis")
    line.no_wrap = True
    return line


def span(seconds: float | None) -> str:
    """A time in its largest unit: 12s, 3m, 5h, 40d; a dash where it is not known."""
    if seconds is None:
        return "-"
    whole = max(0, int(seconds))
    unit, name = next(((unit, name) for unit, name in _UNITS if whole >= unit), (1, "s"))
    return f"{whole // unit}{name}"


def uptime(seconds: float | None) -> str:
    """How long a device runs; in the first minute "<1m", as many tell whole minutes."""
    return span(seconds) if seconds is None or seconds >= _MINUTE else "<1m"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long before now a moment was."""
    return "-" if moment is None else span((now - moment).total_seconds())


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}%"

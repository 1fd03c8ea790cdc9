"""The state of devices in words, for tables that people read."""

from datetime import datetime

from cimnet_nornir.application.device_ports import PortView
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.domain.interfaces import short_interface

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_THOUSAND = 1_000
# What is above is rounded to the next digit.
_LAST_BELOW_A_THOUSAND, _LAST_BELOW_A_HUNDRED = 999.5, 99.95


def span_words(seconds: float) -> str:
    """How long something lasts, in its two largest units: "45 s", "12 min", "3 h 5 min", "12 d 4 h"."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def uptime_words(seconds: float | None) -> str:
    """How long a device runs, in words: in the first minute "< 1 min", as many tell whole minutes; "-": not known."""
    if seconds is None:
        return "-"
    return span_words(seconds) if seconds >= _MINUTE else "< 1 min"


def ago_words(moment: datetime | None, now: datetime) -> str:
    """How long ago that was: "12 s ago"; "-" for never."""
    return "-" if moment is None else f"{span_words((now - moment).total_seconds())} ago"


def percent_words(value: float | None) -> str:
    """A share, like "7 %"; "-" where it is not known."""
    return "-" if value is None else f"{value:.0f} %"


def ports_words(status: DeviceStatus) -> str:
    """How many are up and down, like "12 up, 3 down"; "-" where the ports were never looked at, or there are none."""
    if status.ports_up is None:
        return "-"
    return f"{status.ports_up} up" + (f", {status.ports_down} down" if status.ports_down else "")


def rate_words(bits: float | None) -> str:
    """Bits a second, for a narrow column: "950", "47.5k", "439k", "12.5M", "1.2G"; "-" where it is not known."""
    if bits is None:
        return "-"
    unit = ""
    for larger in ("k", "M", "G"):
        if bits < _LAST_BELOW_A_THOUSAND:
            break
        bits, unit = bits / _THOUSAND, larger
    return f"{bits:.1f}{unit}" if unit and bits < _LAST_BELOW_A_HUNDRED else f"{bits:.0f}{unit}"


def remark_words(status: DeviceStatus) -> str:
    """What is to be said besides: why it is so, drift, and that a change is pending; beside the device's name."""
    why = without_name(status.reason, status.name)
    drift = f"{status.drift} {'line' if status.drift == 1 else 'lines'} of drift" if status.drift else ""
    ignored = ignored_words(status)
    errors = f"{status.port_errors} port errors" if status.port_errors else ""
    pending = "change pending" if status.pending else ""
    return "; ".join(word for word in (why, drift, ignored, errors, pending) if word)


def ignored_words(status: DeviceStatus) -> str:
    """How many lines of drift are let be, and until when the first of them is; empty for none."""
    if status.ignored_until is None:
        return ""
    lines = "line" if status.ignored == 1 else "lines"
    return f"{status.ignored} {lines} ignored until {status.ignored_until.astimezone():%Y-%m-%d %H:%M}"


def without_name(text: str, name: str) -> str:
    """What is said of a device, in one line, without its name at the beginning."""
    return " ".join(text.split()).removeprefix(f"{name}: ").removeprefix(f"{name} ")


def short_port(name: str) -> str:
    """A port as IOS shows it in its tables: "Gi0/1"."""
    return short_interface(name)


def configuration_words(view: PortView) -> str:
    """What a port is to do: "access 10", "trunk 10,20, native 99", "192.0.2.1/24", "in Po1"; empty for nothing."""
    if view.bundle:
        return f"in {short_interface(view.bundle)}"
    if view.mode == "trunk":
        return f"trunk {view.vlans}, native {view.native}"
    return ", ".join(view.addresses) if view.addresses else f"{view.mode} {view.vlans}".strip()

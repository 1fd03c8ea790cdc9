"""One device's page at the terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import bad, faint, folded, good, heading, odd, print_json, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.device_page import DevicePage
    from cimnet_nornir.application.device_ports import PortView

_HEALTH = {"ok": good, "deploying": odd, "drift": odd, "failed": bad, "in doubt": bad, "unreachable": bad}
_CABLING = {"ok": good, "missing": bad, "wrong": bad, "unexpected": odd, "unknown": faint}
_HEADINGS = ("PORT", "STATE", "CONFIGURATION", "IN", "OUT", "ERRORS", "TO")
_LEFT_OUT_WHERE_EMPTY = ("IN", "OUT", "ERRORS")
_EMPTY = ("-", "0")


def colored_health(health: str) -> str:
    """A health in its colour; what nobody looked at is faint."""
    return _HEALTH.get(health, faint)(health)


def colored_verdict(verdict: str) -> str:
    """What is known of a cable, in its colour."""
    return _CABLING[verdict](verdict)


def show_page(options: Options, name: str, at: int | None) -> None:
    """Print all that is known of one device."""
    from cimnet_nornir.application.device_page import device_page

    page = device_page(options.service, name, at)
    if options.json:
        content = {"environment": options.settings.environment, "at": at, **page.model_dump(mode="json")}
        print_json("status-device", content)
        return
    for line in _head(page):
        say(line)
    say()
    _show_ports([_port(view) for view in page.ports])
    _list("VLANs", (f"{vlan.vlan} {vlan.name or ''}".rstrip() for vlan in page.vlans), joined=True)
    _list("routing and bundles", page.routing)


def _show_ports(rows: "Sequence[tuple[str, ...]]") -> None:
    """The ports, without the figures that are those of none."""
    shown = [
        place
        for place, title in enumerate(_HEADINGS)
        if title not in _LEFT_OUT_WHERE_EMPTY or any(row[place] not in _EMPTY for row in rows)
    ]
    headings = [_HEADINGS[place] for place in shown]
    for line in table([[row[place] for place in shown] for row in rows], headings, fold=True):
        say(line)
    if "IN" in headings or "OUT" in headings:
        say(faint("IN and OUT: bit/s between the last two times that it was asked"))


def _list(title: str, items: "Iterator[str] | tuple[str, ...]", *, joined: bool = False) -> None:
    found = list(items)
    if found:
        say()
        say(heading(title))
        for line in [", ".join(found)] if joined else found:
            say(f"  {line}")


def _head(page: "DevicePage") -> Iterator[str]:
    from cimnet_nornir.application.status_words import percent_words, ports_words, remark_words, uptime_words

    status, facts = page.status, page.status.facts
    what = ", ".join(word for word in (status.kind, status.role, status.site, status.model) if word)
    yield f"{heading(status.name)}  {colored_health(status.health)}  {faint(what)}"
    rows = [("lifecycle", status.lifecycle), ("management", status.management or "-")]
    if status.reachability and status.since:
        rows.append((status.reachability, f"since {status.since.astimezone():%Y-%m-%d %H:%M:%S}"))
    rows.append(("last seen", f"{status.seen.astimezone():%Y-%m-%d %H:%M:%S}" if status.seen else "never"))
    if facts is not None:
        software = " ".join(word for word in (facts.vendor, facts.model, facts.version) if word)
        rows += [("runs", software or "-"), ("serial number", facts.serial or "-")]
        rows += [("uptime", uptime_words(facts.uptime))]
        rows += [("CPU", f"{percent_words(facts.cpu)} (last minute {percent_words(facts.cpu_minute)})")]
        rows += [("memory", percent_words(facts.memory))]
    rows += [("ports", ports_words(status)), ("remarks", remark_words(status) or "-")]
    widest = max(len(title) for title, _ in rows)
    for title, value in rows:
        first, *more = folded(value, widest + 4)
        yield f"  {title:{widest}}  {first}"
        yield from (" " * (widest + 4) + part for part in more)


def _port(view: "PortView") -> tuple[str, ...]:
    from cimnet_nornir.application.status_words import configuration_words, rate_words, short_port

    errors = "-" if view.in_errors is None else str(view.in_errors + (view.out_errors or 0))
    return (
        short_port(view.name),
        _state(view),
        configuration_words(view) or "-",
        rate_words(view.in_bps),
        rate_words(view.out_bps),
        bad(errors) if errors not in _EMPTY else errors,
        _other_end(view) or "-",
    )


def _other_end(view: "PortView") -> str:
    """The declared other end, what is wrong with the cable, and the description where it tells something else."""
    from cimnet_nornir.application.status_words import short_port

    peer = f"{view.peer.name} {short_port(view.peer.port)}" if view.peer is not None else ""
    cable = f"cable {colored_verdict(view.cabling)}" if view.cabling not in (None, "ok") else ""
    repeated = view.peer is not None and view.peer.name in view.description.split()
    return ", ".join(word for word in (peer, cable, "" if repeated else view.description) if word)


def _state(view: "PortView") -> str:
    if view.up is None:
        return faint("shut" if view.shut else "not seen")
    if view.up:
        return good("up")
    return bad("down") if view.enabled else faint("disabled")

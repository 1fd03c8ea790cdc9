"""`cimnet vlan`: VLANs over several switches."""

from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import Options, at_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, note, odd, print_json, say, table
from cimnet_nornir.errors import VlanInUse

if TYPE_CHECKING:
    from cimnet_nornir.application.changes import ChangeResult
    from cimnet_nornir.application.vlan_list import VlanOnSwitch, VlanView
    from cimnet_nornir.domain.envelope import Event

    Planned = tuple[tuple[str, Event], ...]

_ON = click.option("--on", metavar="HOST,…", help="The switches, by their names, with commas between.")
_CHECK = click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")


@click.group("vlan", short_help="VLANs over several switches.")
@common_options
def command() -> None:
    """Create a VLAN over several switches at once, remove it, and see where each one is.

    \b
    Examples:
      cimnet vlan create 100 --name lab --on acc1,dist1 --check
      cimnet vlan create 100 --name lab --on-all --reason "CHG-1042"
      cimnet vlan list
      cimnet vlan remove 100
    """


@command.command("create")
@click.argument("vlan", type=int, metavar="ID")
@click.option("--name", help="Its name; without one it gets the name it has elsewhere.")
@_ON
@click.option("--on-all", is_flag=True, help="On every switch.")
@_CHECK
@now_only("it changes intent, which only the present has")
@common_options
@click.pass_context
def create(ctx: click.Context, vlan: int, name: str | None, on: str | None, on_all: bool, check: bool) -> None:
    """Create a VLAN on switches, and make it continuous between them.

    The switches on the way get it too, and so do the trunks, at both ends of their links. A link that nobody
    configured becomes a trunk.

    \b
    Examples:
      cimnet vlan create 100 --name lab --on acc1,acc4
      cimnet vlan create 100 --on-all --check
    """
    options = options_of(ctx)
    if on_all == (on is not None):
        raise click.UsageError("say where: --on HOST,… or --on-all", ctx)
    switches = None if on_all else _names(on)
    if check:
        _show(options, "create", options.service.preview_create_vlan(vlan, name, on=switches))
        return
    _report(options, "create", options.service.create_vlan(vlan, name, on=switches))


@command.command("remove")
@click.argument("vlan", type=int, metavar="ID")
@_ON
@_CHECK
@now_only("it changes intent, which only the present has")
@common_options
@click.pass_context
def remove(ctx: click.Context, vlan: int, on: str | None, check: bool) -> None:
    """Take a VLAN from the switches that have it (with --on: from these), and out of the trunks there.

    Refused while somebody is in it, with all who are.

    \b
    Examples:
      cimnet vlan remove 100 --check
      cimnet vlan remove 100 --on acc4 --reason "CHG-1077"
    """
    options = options_of(ctx)
    switches = _names(on)
    try:
        if check:
            _show(options, "remove", options.service.preview_remove_vlan(vlan, on=switches))
            return
        _report(options, "remove", options.service.remove_vlan(vlan, on=switches))
    except VlanInUse as refused:
        _show_users(options, refused)
        raise


def _show_users(options: Options, refused: VlanInUse) -> None:
    """All who are in the VLAN; the error itself names the first few."""
    if options.json:
        print_json("vlan-remove", {"refused": refused.message, "users": list(refused.users)})
    elif any(user not in refused.message for user in refused.users):
        for user in refused.users:
            note(user)


def _names(on: str | None) -> tuple[str, ...] | None:
    return None if on is None else tuple(name.strip() for name in on.split(",") if name.strip())


def _show(options: Options, what: str, planned: "Planned") -> None:
    from cimnet_nornir.application.describe import describe, removes, subject_of

    if options.json:
        events = [
            {"stream": stream, "type": event.type_name(), "data": event.model_dump(mode="json")}
            for stream, event in planned
        ]
        print_json(f"vlan-{what}", {"check": True, "count": len(events), "events": events})
        return
    hosts = {host.device: host.name for host in options.service.hosts()}
    for stream, event in planned:
        subject = subject_of(stream)
        say(f"{bad('-') if removes(event) else good('+')} {hosts.get(subject, subject)}: {describe(event)}")
    say(f"{count(len(planned), 'event')} would be recorded" if planned else "nothing to record")


def _report(options: Options, what: str, result: "ChangeResult") -> None:
    from cimnet_nornir.application.changes import stored_intent

    recorded = list(stored_intent(result))
    request = str(result.correlation_id) if result.correlation_id else None
    if options.json:
        events = [{"event": str(item.event_id), "stream": item.aggregate_id, "type": item.type} for item in recorded]
        print_json(f"vlan-{what}", {"check": False, "count": len(recorded), "request": request, "events": events})
        return
    if not recorded:
        say("0 events recorded: it is there already, and continuous")
        return
    say(f"{count(len(recorded), 'event')} recorded in request {str(request)[:8]}")
    _say_next(options, _definition_words(what, trunks=any(item.type == "PortConfigured" for item in recorded)))


def _definition_words(what: str, *, trunks: bool) -> str:
    """What a definition would undo of the change; empty where it would undo nothing of it."""
    if what == "remove":
        return "a definition that has the VLAN there brings it back: take it out of the definition as well,"
    # It takes the ports that it names as a whole: it would take a trunk back to the list it has.
    return (
        "a definition that names these trunks takes them as it says: write the VLAN into it as well," if trunks else ""
    )


def _say_next(options: Options, words: str) -> None:
    if words and (options.settings.project / "inventory" / "network.yaml").is_file():
        note(words)
        note("and see what is left with cimnet declare --check")
    if options.reason is None:
        note("no --reason was given: cimnet blame will tell who and when, not why")
    note("next: cimnet plan")


@command.command("list")
@at_option
@common_options
@click.pass_context
def list_(ctx: click.Context, at: str | None) -> None:
    """Show where each VLAN is: its switches, SVIs and ports, and whether it is continuous.

    \b
    Examples:
      cimnet vlan list
      cimnet vlan list --json --at 120
    """
    options = options_of(ctx)
    position = options.service.position(at)
    views = options.service.vlans(position)
    if options.json:
        print_json("vlan-list", {"at": position, "vlans": [_document(view) for view in views]})
        return
    if not views:
        say("no switch has a VLAN besides those that are there by themselves")
    for line in table([row for view in views for row in _rows(view)], _HEADINGS) if views else ():
        say(line)
    for view in views:
        if not view.continuous:
            parts = " | ".join(", ".join(part) for part in view.parts)
            note(f"VLAN {view.vlan} is in parts that do not reach one another: {parts}")


_HEADINGS = ("VLAN", "NAME", "SWITCH", "SVI", "UNTAGGED", "TAGGED", "REACHES ALL")


def _rows(view: "VlanView") -> list[tuple[str, ...]]:
    """A line for each switch; what concerns the VLAN as a whole stands in the first."""
    whole = good("yes") if view.continuous else odd("no")
    rows: list[tuple[str, ...]] = []
    for index, switch in enumerate(view.switches):
        first = (str(view.vlan), view.name or "-") if index == 0 else ("", "")
        rows.append((*first, *_cells(switch), whole if index == 0 else ""))
    return rows


def _cells(switch: "VlanOnSwitch") -> tuple[str, str, str, str]:
    addresses = "-" if switch.svi is None else ", ".join(map(str, switch.svi)) or "no address"
    return switch.device, addresses, _ports(switch, "untagged"), _ports(switch, "tagged")


def _ports(switch: "VlanOnSwitch", how: str) -> str:
    from cimnet_nornir.application.vlan_list import ports_text

    return ports_text(port for port, framing in switch.ports.items() if framing == how) or "-"


def _document(view: "VlanView") -> dict[str, object]:
    return {
        "vlan": view.vlan,
        "name": view.name,
        "continuous": view.continuous,
        "parts": [list(part) for part in view.parts],
        "switches": [
            {
                "device": switch.device,
                "name": switch.name,
                "svi": None if switch.svi is None else [str(address) for address in switch.svi],
                "ports": dict(switch.ports),
            }
            for switch in view.switches
        ],
    }

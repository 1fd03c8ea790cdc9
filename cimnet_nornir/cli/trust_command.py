"""`cimnet trust`: SSH host keys are looked at and pinned."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import Options, at_option, common_options, hosts_argument, options_of
from cimnet_nornir.cli.output import bad, count, faint, good, odd, print_json, say, table
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.ports import ReadResult


@click.command("trust", short_help="Look at SSH host keys and pin them.")
@hosts_argument
@click.option("--yes", is_flag=True, help="Pin without asking; compare the fingerprints yourself first.")
@click.option("--replace", is_flag=True, help="Also pin keys that differ from the pinned ones.")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], yes: bool, replace: bool, at: str | None) -> int:
    """Show the SSH host key of each device and pin those that are new, as events; hosts that are deployed to as well.

    Afterwards a device that shows another key is refused, before any password is sent. With --at no device is asked:
    the keys that were pinned then are shown.

    \b
    Examples:
      cimnet trust
      cimnet trust dist1 --replace --reason "supervisor swapped, CHG-1077"
    """
    options = options_of(ctx)
    if at is not None:
        return _pinned_then(options, hosts, options.service.position(at))
    pinned = {host.device: host.host_key for host in options.service.hosts()}
    names = {device.id: device.name for device in options.service.devices(_chosen(options, hosts))}
    shown = _shown(options, names)
    rows = [(names[device], *_state(pinned.get(device), key)) for device, key in sorted(shown.items())]
    if not options.json:
        for line in table(rows, ("DEVICE", "STATE", "FINGERPRINT")):
            say(line)
    new = {
        device: key
        for device, key in shown.items()
        if isinstance(key, str) and key != pinned.get(device) and (replace or not pinned.get(device))
    }
    if new and not yes:
        _ask(options, len(new))
    recorded = _pin(options, new)
    if options.json:
        print_json(
            "trust",
            {
                "at": None,
                "devices": {name: [click.unstyle(state), key] for name, state, key in rows},
                "pinned": recorded,
            },
        )
    else:
        say(f"{count(recorded, 'key')} pinned for {options.settings.environment}")
    return _status(pinned, shown, new)


def _chosen(options: Options, hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The devices that are meant, and the hosts that are deployed to; no other host has a key that is used."""
    from cimnet_nornir.application.selection import choose, without_servers

    views = options.service.hosts()
    managed = {view.device for view in views if view.is_server and options.service.manages(view.device)}
    names = {name for view in views if view.device in managed for name in (view.name, view.device)}
    known = {view.device for view in without_servers(views, [name for name in hosts if name not in names])} | managed
    return choose([view for view in views if view.device in known], hosts, options.limit)


def _shown(options: Options, names: "Mapping[str, str]") -> "dict[str, ReadResult]":
    """The key that each shows now, by id: devices by their connections, hosts by the way they are deployed to."""
    from cimnet_nornir.application.host_keys import shown_host_keys

    servers = [device for device in names if options.service.manages(device)]
    with options.devices() as devices, progress("asking", len(names), verbose=options.verbose > 0) as tell:
        shown = dict(devices.host_keys([device for device in names if device not in servers], progress=tell))
        return shown | shown_host_keys(options.service, {device: names[device] for device in servers}, progress=tell)


def _pinned_then(options: Options, hosts: tuple[str, ...], at: int | None) -> int:
    """Show the keys that were pinned at a position."""
    from cimnet_nornir.application.host_keys import fingerprint

    chosen = set(options.chosen(hosts, at=at))
    keys = {host.name: host.host_key for host in options.service.hosts(at) if host.name in chosen}
    if options.json:
        told = {name: ["pinned", fingerprint(key)] if key else ["none", ""] for name, key in keys.items()}
        print_json("trust", {"at": at, "devices": told, "pinned": 0})
        return 0
    rows = [(name, good("pinned"), fingerprint(key)) if key else (name, odd("none"), "-") for name, key in keys.items()]
    for line in table(rows, ("DEVICE", "STATE", "FINGERPRINT")) if rows else ():
        say(line)
    return 0


def _state(pinned: str | None, shown: "ReadResult") -> tuple[str, str]:
    from cimnet_nornir.application.host_keys import fingerprint

    if not isinstance(shown, str):
        return bad("unreachable"), shown.message
    if pinned is None:
        return odd("new"), fingerprint(shown)
    if pinned == shown:
        return good("pinned"), fingerprint(shown)
    return bad("CHANGED"), f"{fingerprint(shown)} {faint(f'(pinned: {fingerprint(pinned)})')}"


def _ask(options: Options, number: int) -> None:
    if not options.interactive:
        raise click.ClickException("nothing was pinned: nobody is there to be asked; say --yes")
    click.confirm(f"Pin {count(number, 'key')} for {options.settings.environment}?", abort=True, err=True)


def _pin(options: Options, keys: dict[str, str]) -> int:
    from cimnet_nornir.application.changes import stored_intent
    from cimnet_nornir.application.host_keys import pin_host_keys

    return len(list(stored_intent(pin_host_keys(options.service, keys, command="trust"))))


def _status(pinned: "Mapping[str, str | None]", shown: "Mapping[str, ReadResult]", new: dict[str, str]) -> int:
    """A key that differs from the pinned one and stays unpinned is a failure."""
    from cimnet_nornir.application.status import exit_status

    outcomes = []
    for device, key in shown.items():
        if not isinstance(key, str):
            outcomes.append("unreachable")
        elif device not in new and pinned.get(device) not in (None, key):
            outcomes.append("refused")
    return exit_status(outcomes)

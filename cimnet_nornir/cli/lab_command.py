"""`cimnet lab`: simulated devices for the declared network, on loopback."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.lab_copies import copies_for
from cimnet_nornir.cli.lab_values import Fault, Span
from cimnet_nornir.cli.options import Options, common_options, near, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, note, print_json, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cimnet_nornir.lab.state import LabEndpoint, LabState


@click.group("lab", short_help="Simulated devices for the declared network.")
@common_options
def command() -> None:
    """Run one simulated IOS device for each declared device, on loopback, over real SSH.

    Hosts that inventory/config.yaml names under hosts are simulated NixOS hosts: commands are really run there, in a
    folder of the lab and as you, with programs that stand for those of NixOS. Only the lab's own key lets in.

    \b
    Examples:
      cimnet lab up
      cimnet lab status
      cimnet lab fault acc1 down
      cimnet lab clock --advance 5m
      cimnet lab down
    """


@command.command("up")
@click.option("--foreground", is_flag=True, help="Stay, until Ctrl-C.")
@click.option(
    "--archive/--no-archive",
    default=True,
    help="Devices that start for the first time have a configuration archive, which timed reverts need (default: yes).",
)
@click.option(
    "--running",
    type=click.Path(path_type=Path, exists=True),
    metavar="DIR|FILE",
    help="Configurations of real devices, which those of their names boot with in place of what they saved.",
)
@now_only("the lab is of the present")
@common_options
@click.pass_context
def up(ctx: click.Context, foreground: bool, archive: bool, running: Path | None) -> None:
    """Start the lab, and pin its host keys for the environment lab; returns when all devices listen.

    With --running, it is a copy of a network to rehearse on: each device runs the configuration that has its host
    name, lines that the lab does not know included.

    \b
    Examples:
      cimnet lab up
      cimnet lab up --running old/
    """
    from cimnet_nornir.bootstrap import lab_foreground, lab_up

    options = options_of(ctx)
    _require_lab(options)
    # Without a network there is nothing to simulate: says so.
    options.service.network()
    copies = copies_for(options, running)
    if foreground:
        note("the lab runs until Ctrl-C")
        lab_foreground(options.settings, options.service, archive=archive, copies=copies)
        return
    state = lab_up(options.settings, options.service, archive=archive, copies=copies)
    if options.json:
        _print_state(state)
        return
    hosts = f" and {count(len(state.hosts), 'host')}" if state.hosts else ""
    say(good(f"{count(len(state.devices), 'device')}{hosts} listening on 127.0.0.1") + f", process {state.pid}")
    note("next: cimnet plan (and cimnet lab status, to log in yourself)")


@command.command("status")
@now_only("the lab is of the present")
@common_options
@click.pass_context
def status(ctx: click.Context) -> int:
    """Show which devices listen where, and how to log in. Exits 1 where no lab is up."""
    from cimnet_nornir.bootstrap import lab_status

    options = options_of(ctx)
    state = lab_status(options.settings)
    if state is None:
        if options.json:
            print_json("lab", {"up": False, "devices": {}})
        else:
            say("no lab is up; start one: cimnet lab up")
        return 1
    if options.json:
        _print_state(state)
        return 0
    rows = [
        (name, f"{item.host}:{item.port}", good("up") if item.up else bad("down"), item.fault or "-")
        for name, item in sorted({**state.devices, **state.hosts}.items())
    ]
    for line in table(rows, ("DEVICE", "LISTENS AT", "STATE", "FAULT")):
        say(line)
    _how_to_log_in(options, state)
    return 0


def _how_to_log_in(options: Options, state: "LabState") -> None:
    from cimnet_nornir.bootstrap import LAB_HOST_KEY

    folder = options.settings.lab
    if state.devices:
        name, first = min(state.devices.items())
        note(f"log in to {name}: ssh -p {first.port} {state.credentials.username}@{first.host}")
        note(f"password and enable secret: credentials in {near(folder / 'spec.json')}")
    if state.hosts:
        name, first = min(state.hosts.items())
        key = near(folder / LAB_HOST_KEY)
        note(f"run a command on {name}: ssh -i {key} -p {first.port} {state.credentials.username}@{first.host} COMMAND")


@command.command("down")
@now_only("the lab is of the present")
@common_options
@click.pass_context
def down(ctx: click.Context) -> None:
    """Stop the lab; startup configurations stay for the next time."""
    from cimnet_nornir.bootstrap import lab_down

    stopped = lab_down(options_of(ctx).settings)
    if options_of(ctx).json:
        print_json("lab", {"up": False, "stopped": stopped, "devices": {}})
        return
    say("the lab is down" if stopped else "no lab was up")


@command.command("fault")
@click.argument("device", shell_complete=completing.hosts)
@click.argument("fault", type=Fault())
@click.argument("value", required=False)
@now_only("the lab is of the present")
@common_options
@click.pass_context
def fault(ctx: click.Context, device: str, fault: str, value: str | None) -> None:
    """Make DEVICE fail as real ones do.

    \b
    down | up            switched off, and on again
    hang [LINES]         stops answering (after LINES configuration lines)
    hang-on PATTERN      stops answering once a line that matches took effect
    drop LINES           the connection breaks after LINES configuration lines
    drop-on PATTERN      the connection breaks once a line that matches took effect
    reject PATTERN       refuses lines that match
    ignore PATTERN       takes lines that match, and does nothing
    ask PATTERN          asks [confirm] before lines that match
    refuse-save          does not save its configuration
    full                 has no space left in flash
    lock [USER]          configuration mode is locked by another user
    power                loses power for a moment: what was not saved is gone
    power-after LINES    the same after LINES configuration lines
    errors INTERFACE     counts 100 more input errors
    load PERCENT         its processor is that busy
    host-key             shows another SSH host key
    slow MILLISECONDS    takes so long for each line
    clear                well again

    \b
    A host that is deployed to knows down, up, hang, host-key, power and clear, and these:
    fail-build           its system cannot be built
    hang-build           to build it takes forever
    no-systemd           no timer can be set
    fail-activation      units fail when its new system is activated
    hang-activation      the activation does not end
    failed-unit          a unit fails soon after the activation
    unreachable-after-activation   lets nobody in, until it has gone back

    \b
    Examples:
      cimnet lab fault acc1 down
      cimnet lab fault dist1 reject '^vlan 30'
    """
    from cimnet_nornir.bootstrap import lab_fault

    options = options_of(ctx)
    name = options.service.devices([device])[0].id
    lab_fault(options.settings, name, fault, value)
    if options.json:
        print_json("lab-fault", {"device": name, "fault": fault, "value": value})
        return
    say(f"{device}: {fault}" + (f" {value}" if value else ""))


@command.command("clock")
@click.argument("device", required=False, shell_complete=completing.hosts)
@click.option("--advance", type=Span(), default=0, help="How far to set it forward: 90s, 5m, 2h.")
@now_only("the lab is of the present")
@common_options
@click.pass_context
def clock(ctx: click.Context, device: str | None, advance: int) -> None:
    """Show what the clock of DEVICE, or of every device, says; set it forward first.

    What falls due on the way happens: timed reverts of the configuration, scheduled reloads.

    \b
    Examples:
      cimnet lab clock
      cimnet lab clock acc1 --advance 5m
    """
    from cimnet_nornir.bootstrap import lab_clock

    options = options_of(ctx)
    name = None if device is None else options.service.devices([device])[0].id
    shown = lab_clock(options.settings, name, advance=advance)
    if options.json:
        print_json("lab-clock", {"advanced": advance, "clocks": {name: at.isoformat() for name, at in shown.items()}})
        return
    for line in table(
        [(name, f"{at:%Y-%m-%d %H:%M:%S} UTC") for name, at in sorted(shown.items())], ("DEVICE", "TIME")
    ):
        say(line)


@command.command("record")
@click.argument("host", shell_complete=completing.hosts)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Where to write the file (default: here).",
)
@click.option(
    "--commands",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Show commands to send in place of the usual ones, a line each.",
)
@now_only("devices are recorded in the present")
@common_options
@click.pass_context
def record(ctx: click.Context, host: str, folder: Path, commands: Path | None) -> None:
    """Record what HOST answers to show commands, without what tells whose device it is: a case for tests.

    Only show commands and dir are sent. Secrets, names, addresses, serial numbers, banners and descriptions are
    replaced by stand-ins; read the file before you pass it on. It is written here, and sent nowhere.

    \b
    Examples:
      cimnet lab record acc1
      cimnet lab record acc1 --env real -o recordings/
    """
    from cimnet_nornir.bootstrap import record_device

    options = options_of(ctx)
    text = commands.read_text(encoding="utf-8") if commands else None
    recording = record_device(options.settings, options.service, host, text)
    # Its own name would tell of the device: the file is called after what it is.
    file = folder / f"{recording.platform}-{recording.kind}.json"
    if file.exists():
        raise click.ClickException(f"{file} is there already; choose another folder: -o DIR")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(recording.to_json(), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    if options.json:
        print_json("lab-record", {"file": str(file), "source": recording.source, "scrubbed": dict(recording.scrubbed)})
        return
    say(good(f"{count(len(recording.exchanges), 'exchange')} with {host} written to {near(file)}"))
    say("replaced: " + ", ".join(f"{number} {kind}" for kind, number in recording.scrubbed.items()))
    note("read it before you pass it on: what was not recognised still stands in it")


def _require_lab(options: Options) -> None:
    if options.settings.environment != "lab":
        raise click.ClickException("this is the environment 'real'; a lab belongs to the environment 'lab': --env lab")


def _print_state(state: "LabState") -> None:
    def told(endpoints: "Mapping[str, LabEndpoint]") -> dict[str, dict[str, object]]:
        return {
            name: {"host": item.host, "port": item.port, "up": item.up, "fault": item.fault, "host_key": item.host_key}
            for name, item in sorted(endpoints.items())
        }

    document = {"up": True, "pid": state.pid, "username": state.credentials.username, "devices": told(state.devices)}
    print_json("lab", document | ({"hosts": told(state.hosts)} if state.hosts else {}))

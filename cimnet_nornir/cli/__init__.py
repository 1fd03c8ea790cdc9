"""The command line: `cimnet`, one file a sub-command, each loaded only when it is called."""

import contextlib
import io
import os
import signal
import sys
from importlib import import_module

import click

from cimnet_nornir import __version__
from cimnet_nornir.cli.options import Options, common_options
from cimnet_nornir.errors import CimnetError, DeviceUnreachable, ImportRefused, ValidationRefused

# What each sub-command does, in the order of a day's work; the modules are read only when they are called.
COMMANDS = {
    "init": "Make a new project: inventory/, tasks/, templates/.",
    "declare": "Record a network definition as events: only what differs.",
    "import": "Take over configurations that devices run, as intent.",
    "vlan": "VLANs over several switches: create, remove, list.",
    "address": "Address pools: allocate subnets, assign addresses, see what is in use.",
    "inventory": "Show hosts and groups as Nornir sees them.",
    "render": "Show the intended configuration of devices.",
    "check": "Validate the intent.",
    "audit": "Look for what the rules of audit forbid or miss in configurations.",
    "waiver": "Let findings of validation or audit be, until a day and for a reason.",
    "plan": "Read the devices and show what would be sent to each.",
    "show": "Show a saved plan.",
    "approve": "Sign a saved plan, so that it may be carried out.",
    "apply": "Carry a plan out and verify it.",
    "doctor": "Ask devices what they can do, and how a push to them is protected.",
    "verify": "Is running what is intended?",
    "drift": "Find what was changed by hand; take it back, let it be, or take it in.",
    "backup": "Keep running configurations, with their history.",
    "status": "The state of each device, as it was observed.",
    "cabling": "What devices hear of one another, laid over the declared links.",
    "rollback": "Take intent back to a moment, and with --apply the devices.",
    "undo": "Take back one change.",
    "diff": "Compare two moments.",
    "lifecycle": "Where each device stands in its life; maintenance and decommissioning.",
    "recover": "Settle pushes that are in doubt, and store results that wait.",
    "history": "What happened, newest first.",
    "trace": "Follow one chain of causes, from a request to each device.",
    "blame": "The event, person and reason behind each line of a configuration.",
    "graph": "The network as a graph: drawn, for other programs, and questions about it.",
    "path": "The shortest ways from one thing to another, by cables.",
    "dashboard": "A web page to keep open: the network live, its past, its plans; with an API.",
    "watch": "The network at a glance, and events as they come.",
    "trust": "Look at SSH host keys and pin them.",
    "nix": "The host side as Nix: generate it, check it, deploy it.",
    "lab": "Simulated devices for the declared network, on loopback.",
    "store": "The event log: info, export, import, verify.",
    "demo": "The whole loop on a lab of its own, in a temporary folder.",
}

EPILOG = """\b
Examples:
  cimnet init campus && cd campus
  cimnet declare inventory/network.yaml
  cimnet lab up
  cimnet plan
  cimnet apply --yes --reason "first rollout"
  cimnet blame acc1 "vlan 10"

\b
Exit status: 0 done, or nothing to do; 1 error; 2 changes, drift or findings pending;
3 some devices failed; 4 some devices could not be reached; 5 a push is in doubt.
Completion: eval "$(_CIMNET_COMPLETE=bash_source cimnet)" (also zsh_source, fish_source)."""


class LazyGroup(click.Group):
    """A group whose sub-commands are modules of this package, read when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"cimnet_nornir.cli.{cmd_name}_command").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their one-line helps stand in the table above: no module is read for a list."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="A network's history as its source of truth: declare it, plan, apply, verify, and ask who put a line there.",
)
@common_options
@click.version_option(__version__, "-V", "--version", message="cimnet %(version)s")
def cli() -> None:
    """The group itself does nothing."""


def main() -> None:
    """Run the command line and exit with the status of docs/reference/exit-status.md."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # In a log, results and notes stand in the order in which they were said.
        sys.stdout.reconfigure(line_buffering=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # As Ctrl-C: what is under way is finished and told. Whoever ignores one (nohup) is not made to hear it.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit status; errors are one line on stderr, never a traceback."""
    options = Options()
    color = None if os.environ.get("NO_COLOR", "") == "" else False
    try:
        status = cli.main(arguments, prog_name="cimnet", standalone_mode=False, obj=options, color=color)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped; where devices were being pushed to: cimnet recover")
    except BrokenPipeError:
        return _hang_up()
    except Exception as error:
        if options.verbose and not isinstance(error, CimnetError | click.ClickException):
            raise
        return _told(error)
    return status if isinstance(status, int) else 0


def _told(error: Exception) -> int:
    """Tell of an error in one line, and return the exit status that it means."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.ctx.get_help())
            return 0
        case click.UsageError():
            where = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
            return _fail(f"{error.format_message()}{where}")
        case click.ClickException():
            return _fail(error.format_message())
        case DeviceUnreachable():
            return _fail(error.message, status=4)
        case ValidationRefused() | ImportRefused():
            for problem in error.problems:
                click.echo(f"cimnet: error: {problem}", err=True)
            return _fail(error.message)
        case CimnetError():
            return _fail(error.message)
        case _:
            # The last resort: one line for people; -v shows the whole.
            said = " ".join(str(error).split())
            return _fail(f"this is a bug: {type(error).__name__}: {said} (again with -v shows where)")


def _fail(message: str, *, status: int = 1) -> int:
    click.echo(f"cimnet: error: {message}", err=True)
    return status


def _hang_up() -> int:
    """The reader of a pipe went away: say no more, and let the interpreter flush into nothing."""
    # Where stdout is no file (or closed), nothing is left to be flushed.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1

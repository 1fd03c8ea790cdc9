"""Options that every sub-command takes, before or after its name, and what is opened by them."""

import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from cimnet_nornir.cli import completing

if TYPE_CHECKING:
    from cimnet_nornir.application.service import NetworkService
    from cimnet_nornir.bootstrap import Settings
    from cimnet_nornir.tasks.port import NornirDevices

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Options:
    """What the command line says for all commands; the project is opened when somebody asks for it."""

    project: Path | None = None
    store: str | None = None
    env: str | None = None
    limit: tuple[str, ...] = ()
    workers: int | None = None
    reason: str | None = None
    json: bool = False
    verbose: int = 0
    _opened: "list[NetworkService]" = field(default_factory=list)

    @cached_property
    def settings(self) -> "Settings":
        """The project's settings. Raises SettingsError."""
        from cimnet_nornir.bootstrap import load_settings, with_options

        settings = load_settings(self.project, store=self.store, environment=self.env)
        return with_options(settings, workers=self.workers)

    @cached_property
    def service(self) -> "NetworkService":
        """The project's service; closed when the command ends."""
        from cimnet_nornir.bootstrap import open_service

        service = open_service(self.settings, reason=self.reason)
        click.get_current_context().find_root().call_on_close(service.store.close)
        return service

    @contextmanager
    def devices(self) -> "Iterator[NornirDevices]":
        """The devices of the environment, their sessions closed at the end."""
        from cimnet_nornir.bootstrap import open_devices

        _configure_logging(self.verbose)
        self._require_lab()
        with open_devices(self.settings, self.service) as devices:
            yield devices

    def _require_lab(self) -> None:
        """`lab` goes to the lab that is up, or says that none is: once, before anything is recorded."""
        from cimnet_nornir.bootstrap import lab_status
        from cimnet_nornir.errors import DeviceUnreachable

        # Before anything is declared there is nothing to go to: that is said first.
        self.service.network()
        if self.settings.environment == "lab" and lab_status(self.settings) is None:
            raise DeviceUnreachable("no lab is up; start one: cimnet lab up", subject="lab")

    def chosen(
        self, names: tuple[str, ...] = (), *, at: int | None = None, servers: bool = False, managed: bool = True
    ) -> tuple[str, ...]:
        """The host names that arguments and --limit choose, in order. Raises NotFound where they choose none.

        All servers, which run no IOS, are among them only where asked for; those that are deployed to unless `managed`
        leaves them out. InvalidInput where another one is named.
        """
        from cimnet_nornir.application.selection import choose, without_servers

        hosts = self.service.hosts(at)
        if servers:
            return choose(hosts, names, self.limit)
        manages = self.service.manages if managed else lambda _: False
        return choose(without_servers(hosts, names, manages), names, self.limit)

    def tally(self, names: Iterable[str], *, at: int | None = None) -> str:
        """How many devices, and hosts where some are deployed to, these host names or ids are."""
        from cimnet_nornir.application.plan_words import count, tally_of

        chosen = tuple(names)
        if not self.service.has_hosts:
            return count(len(chosen), "device")
        return tally_of(device.is_host for device in self.service.devices(chosen, at))

    def limited(self, *moments: int | None) -> frozenset[str] | None:
        """The ids of the devices that --limit chooses, of those there were at any of the moments; None for all."""
        from cimnet_nornir.application.selection import choose

        if not self.limit:
            return None
        hosts = {host.device: host for at in moments for host in self.service.hosts(at)}
        chosen = set(choose(tuple(hosts.values()), (), self.limit))
        return frozenset(device for device, host in hosts.items() if host.name in chosen)

    def scope(self, names: Iterable[str] = ()) -> str:
        """What to add to the next command so that it is about the same hosts; empty for all of them."""
        patterns = (*self.limit, *names)
        return "".join(f" --limit {shlex.quote(pattern)}" for pattern in patterns)

    @property
    def interactive(self) -> bool:
        """Whether somebody sits at the terminal who can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def _configure_logging(verbose: int) -> None:
    """What libraries log goes to stderr with -vv, and nowhere without: a log that nobody asked for looks like an error.

    Only what paramiko says of connections; netmiko's log has every line that is typed.
    """
    import logging

    for name in ("nornir", "netmiko", "paramiko"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    if verbose > 1:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        logging.getLogger("paramiko").addHandler(handler)
        logging.getLogger("paramiko").setLevel(logging.DEBUG)


def near(path: Path) -> Path:
    """The path as it is typed from here, where that is possible."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def options_of(ctx: click.Context) -> Options:
    """The options of the command line."""
    found = ctx.find_object(Options)
    if found is None:
        raise click.UsageError("the command was called without its options", ctx)
    return found


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keep an option where it was given; the one after the sub-command wins, --limit adds up."""
    if value == "" or ctx.get_parameter_source(param.name) is ParameterSource.DEFAULT:
        return
    options = options_of(ctx)
    if param.name == "limit":
        if not all(pattern.strip() for pattern in value):
            # A script whose variable is not set would mean every device.
            raise click.UsageError("--limit is empty; leave it out for all hosts", ctx)
        options.limit = (*options.limit, *value)
    else:
        setattr(options, param.name, value)


_COMMON: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--project",),
        {"type": click.Path(path_type=Path, file_okay=False), "metavar": "DIR", "help": "The project's folder."},
    ),
    (("--store",), {"metavar": "URL", "help": "The event store: sqlite:///PATH or postgresql://…"}),
    (("--env",), {"type": click.Choice(["lab", "real"]), "help": "Which devices to talk to."}),
    (
        ("--limit",),
        {
            "multiple": True,
            "metavar": "PATTERN",
            "shell_complete": completing.patterns,
            "help": "Hosts: name, glob, group:NAME, !not.",
        },
    ),
    (
        ("--workers",),
        {"type": int, "metavar": "N", "help": "How many devices to push to at once (to read: twice)."},
    ),
    (("--reason",), {"metavar": "TEXT", "help": "Why: a text or a ticket, kept with every event."}),
    (("--json",), {"is_flag": True, "help": "Print one JSON document."}),
    (("-v", "--verbose"), {"count": True, "help": "Say more on stderr; twice: what the SSH library says too."}),
)


def common_options(command: Command) -> Command:
    """Add the options that every command takes."""
    for flags, settings in reversed(_COMMON):
        command = click.option(*flags, expose_value=False, callback=_keep, **settings)(command)
    return command


def accept_errors_option(command: Command) -> Command:
    """Add --accept-errors to a command that refuses what adds errors to what validation finds."""
    return click.option(
        "--accept-errors", is_flag=True, help="Go on although validation finds errors; this is kept with the request."
    )(command)


def hosts_argument(command: Command) -> Command:
    """Add the HOSTs that a command is about, by default all, to it."""
    return click.argument("hosts", nargs=-1, metavar="[HOST]...", shell_complete=completing.hosts)(command)


def folder_option(what: str) -> Callable[[Command], Command]:
    """Add -o DIR to a command that writes a file for each device; `what` says which."""
    folder = click.Path(path_type=Path, file_okay=False)
    return click.option("-o", "--output", "folder", type=folder, metavar="DIR", help=what)


def full_option(command: Command) -> Command:
    """Add --full to a command that shows devices alike once."""
    return click.option("--full", is_flag=True, help="Show each device, also of many alike.")(command)


def at_option(command: Command) -> Command:
    """Add --at to a command that reads."""
    return click.option("--at", metavar="WHEN", help="As of then: an event number, an event id, or a time (ISO 8601).")(
        command
    )


def now_only(why: str) -> Callable[[Command], Command]:
    """Have a command refuse --at, and say why: it acts on the present, or does not read the event log."""

    def refuse(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise click.UsageError(f"--at is for commands that only read the event log: {why}", ctx)

    return click.option("--at", metavar="WHEN", expose_value=False, is_eager=True, hidden=True, callback=refuse)

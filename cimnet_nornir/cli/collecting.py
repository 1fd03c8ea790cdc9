"""Asking devices how they are: once, with progress, or again and again until somebody stops it."""

import json
import threading
import time
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.logs import LogFormat, logging_to_stderr
from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import bad, good, note, odd, say
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.collecting import CollectReport
    from cimnet_nornir.domain.envelope import StoredEvent


def ask(options: Options, hosts: tuple[str, ...], *, method: str, quiet: bool = False) -> "CollectReport":
    """Ask the chosen devices, record what changed, and, unless quiet, tell what could not be kept."""
    from cimnet_nornir.application.collecting import collect

    # Who is out of service is asked where he is named.
    names = options.chosen(hosts) if hosts or options.limit else None
    if not (quiet or options.json):
        note(f"environment: {options.settings.environment}")
    total = len(options.service.hosts() if names is None else names)
    with options.devices() as devices, progress("asking", 0 if quiet else total, verbose=options.verbose > 0) as tell:
        report = collect(
            options.service,
            devices,
            names,
            method=method,
            keep=options.settings.observations.keep,
            progress=tell,
        )
    if not quiet:
        for line in report.trouble:
            note(f"warning: {line}")
    return report


def exit_of(report: "CollectReport") -> int:
    """The exit status of a command that asked devices."""
    from cimnet_nornir.application.status import exit_status

    return exit_status(outcome for outcome in report.outcomes.values() if outcome != "up")


def keep_asking(options: Options, hosts: tuple[str, ...], *, every: float, method: str, log_format: LogFormat) -> int:
    """Ask every so many seconds until Ctrl-C, and tell of what changed; a round that fails is not the last."""
    note(f"environment: {options.settings.environment}; asking every {every:g} s, Ctrl-C ends it")
    try:
        with logging_to_stderr(log_format, verbose=options.verbose > 0):
            _round(options, hosts, method, log_format)
            while True:
                _wait(every, options)
                _round_or_word(options, hosts, method, log_format)
    except KeyboardInterrupt:
        note("stopped")
        return 0


def _wait(every: float, options: Options) -> None:
    """Until the next multiple of the interval: how long a round takes does not move those after it."""
    now = options.service.actor.clock().timestamp()
    threading.Event().wait(every - now % every)


def _round_or_word(options: Options, hosts: tuple[str, ...], method: str, log_format: LogFormat) -> None:
    from cimnet_nornir.application.collecting_log import log_failure
    from cimnet_nornir.errors import CimnetError

    try:
        _round(options, hosts, method, log_format)
    except CimnetError as error:
        log_failure(f"{error.message}; the next round is made all the same")


def _round(options: Options, hosts: tuple[str, ...], method: str, log_format: LogFormat) -> None:
    from cimnet_nornir.application.collecting_log import log_changes, log_round, log_trouble

    began = time.monotonic()
    report = ask(options, hosts, method=method, quiet=True)
    for stored in report.recorded:
        _tell(options, stored)
    structured = log_format == "json"
    if structured or options.verbose:
        log_round(report, time.monotonic() - began)
    if structured:
        # Text would tell people what stdout told them already.
        log_changes(report)
    log_trouble(report)


def _tell(options: Options, stored: "StoredEvent") -> None:
    """One change, in a line as it happens."""
    from cimnet_nornir.application.describe import describe, subject_of
    from cimnet_nornir.reports.events import event_json

    if options.json:
        click.echo(json.dumps({"format": "cimnet.event/1", **event_json(stored)}, ensure_ascii=False))
        return
    new = getattr(stored.event, "new", None)
    color = odd if new is None else good if new == "up" else bad
    why = f": {stored.reason}" if new not in (None, "up") and stored.reason else ""
    said = color(f"{describe(stored.event)}{why}")
    say(f"{stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}  {subject_of(stored.aggregate_id)}  {said}")

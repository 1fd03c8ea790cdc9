"""`cimnet store`: the event log itself."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from cimnet_nornir.cli.options import at_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, note, odd, print_json, say, table


@click.group("store", short_help="The event log: info, export, import, verify, leases.")
@common_options
def command() -> None:
    """Look at the event log, take it elsewhere, and check that nobody changed it.

    \b
    Examples:
      cimnet store info
      cimnet store export > events.jsonl
      cimnet store import events.jsonl --store sqlite:///copy.db
      cimnet store verify
      cimnet store leases
    """


@command.command("info")
@at_option
@common_options
@click.pass_context
def info(ctx: click.Context, at: str | None) -> None:
    """Show where the log is and what it holds, or held."""
    from cimnet_nornir.application.archive import info_of

    options = options_of(ctx)
    found = info_of(options.service, options.service.position(at))
    if options.json:
        print_json("store-info", asdict(found))
        return
    rows = [
        ("store", found.url),
        ("events", f"{found.events} in {count(found.streams, 'stream')}, the last is {found.head}"),
        ("first", _local(found.first_recorded_at)),
        ("last", _local(found.last_recorded_at)),
        ("size", f"{found.size_bytes:,} bytes" if at is None else "-"),
        (
            "checkpoint",
            f"{found.checkpoint.root[:16]}… at event {found.checkpoint.position}" if found.checkpoint else "-",
        ),
    ]
    for line in table(rows):
        say(line)


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else "-"


@command.command("export")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write here, not to stdout.",
)
@now_only("an export is the whole log")
@common_options
@click.pass_context
def export(ctx: click.Context, file: Path | None) -> None:
    """Write every event, one JSON object a line, to FILE or stdout."""
    from cimnet_nornir.application.archive import export_log

    service = options_of(ctx).service
    if file is None:
        export_log(service, sys.stdout)
        return
    try:
        with file.open("w", encoding="utf-8") as out:
            number = export_log(service, out)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    note(f"{count(number, 'event')} written to {file}")


@command.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
@now_only("it fills an empty store")
@common_options
@click.pass_context
def import_(ctx: click.Context, file: TextIO) -> None:
    """Read an export into an empty store; every hash is checked."""
    from cimnet_nornir.application.archive import import_log

    number = import_log(options_of(ctx).service, file)
    say(f"{count(number, 'event')} imported")


@command.command("verify")
@now_only("it walks the whole log")
@common_options
@click.pass_context
def verify(ctx: click.Context) -> int:
    """Walk the whole log: hashes, versions, causes, checkpoints."""
    options = options_of(ctx)
    report = options.service.store.verify()
    if options.json:
        print_json("store-verify", {"ok": report.ok, **asdict(report)})
    else:
        for problem in report.problems:
            say(f"{bad('wrong')}: " + (f"event {problem.position}: " if problem.position else "") + problem.message)
        said = good("all fits") if report.ok else bad(count(len(report.problems), "problem"))
        say(f"{count(report.events, 'event')} in {count(report.streams, 'stream')}: {said}; root {report.root}")
    return 0 if report.ok else 1


@command.command("leases")
@click.option("--all", "everything", is_flag=True, help="Also those that were given back or have run out.")
@now_only("who works on what is known of the present only")
@common_options
@click.pass_context
def leases(ctx: click.Context, everything: bool) -> None:
    """Show who works on what: the leases that are held, by the store's own time."""
    from cimnet_nornir.application.archive import leases_of

    options = options_of(ctx)
    found = leases_of(options.service, everything=everything)
    if options.json:
        print_json("store-leases", {"leases": [{**asdict(lease), "free": lease.free} for lease in found]})
        return
    if not found:
        note("nobody holds a lease")
        return
    rows = [
        (lease.name, lease.holder, _lease_state(held=lease.held, dead=lease.owner_dead), _local(lease.expires_at))
        for lease in found
    ]
    for line in table(rows, ("LEASE", "HOLDER", "STATE", "UNTIL")):
        say(line)


def _lease_state(*, held: bool, dead: bool) -> str:
    if not held:
        return "free"
    return odd("its process died") if dead else "held"

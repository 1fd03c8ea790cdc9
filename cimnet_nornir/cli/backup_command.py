"""`cimnet backup`: running configurations kept, with their history."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.options import Options, at_option, common_options, folder_option, hosts_argument, options_of
from cimnet_nornir.cli.output import (
    bad,
    colored_diff,
    count,
    faint,
    good,
    heading,
    note,
    one_line,
    print_json,
    say,
    table,
)
from cimnet_nornir.cli.reading import read_all, to_read

if TYPE_CHECKING:
    from cimnet_nornir.application.backups import Backup, BackupReport
    from cimnet_nornir.domain.device import Device


@click.command("backup", short_help="Keep running configurations, with their history.")
@hosts_argument
@click.option("--list", "what", flag_value="list", help="List what was kept.")
@click.option("--show", "what", flag_value="show", help="Show what was kept last, or at --at.")
@click.option("--diff", "what", flag_value="diff", help="Show what the last one changed.")
@click.option("--since", metavar="WHEN", help="With --diff: what changed since the one of then.")
@folder_option("Write the last one of each to HOST.cfg, too.")
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    hosts: tuple[str, ...],
    what: str | None,
    since: str | None,
    folder: Path | None,
    at: str | None,
) -> int:
    """Read devices, and keep what each runs where it differs from the last; secrets are masked before.

    Each that changed is an event, so that there is a history. Files written by -o change only where a configuration
    does, for a repository to keep. With --at nothing is read. Exits 4 where a device was not reached, 3 where it
    could not be read.

    \b
    Examples:
      cimnet backup
      cimnet backup -o backups/ --reason "nightly"
      cimnet backup acc1 --list
      cimnet backup acc1 --show --at 2026-11-23
      cimnet backup --diff --since 2026-11-20
    """
    options = options_of(ctx)
    if since is not None and what != "diff":
        raise click.UsageError("--since is for --diff", ctx)
    if what is None and at is None:
        return _take(options, hosts, folder)
    position = options.service.position(at)
    devices = options.service.devices(options.chosen(hosts, at=position, managed=False), position)
    if folder is not None:
        _write(options, devices, position, folder)
    elif what == "show":
        _show(options, devices, position)
    elif what == "diff":
        _diff(options, devices, position, options.service.position(since))
    else:
        _list(options, devices, position)
    return 0


def _take(options: Options, hosts: tuple[str, ...], folder: Path | None) -> int:
    from cimnet_nornir.application.backups import back_up
    from cimnet_nornir.application.status import exit_status

    chosen = to_read(options, hosts, managed=False)
    with options.devices() as devices:
        readings = read_all(options, devices, chosen)
    report = back_up(options.service, readings)
    if options.json:
        print_json("backup", _report_json(report))
    else:
        _tell(report)
    read = [device for device in chosen if device.name not in {each.name for each in report.unread}]
    if folder is not None and read:
        _write(options, read, None, folder)
    return exit_status(each.outcome for each in report.unread)


def _tell(report: "BackupReport") -> None:
    for backup in report.kept:
        more, less = (sum(line.startswith(mark) for line in backup.diff) for mark in "+-")
        changed = f"+{more} -{less} lines" if backup.diff else "the first one"
        say(f"{good('kept')}         {backup.name}: {changed} (#{backup.stored.position})")
    for unread in report.unread:
        say(f"{bad(unread.outcome)}  {unread.name}: {one_line(unread.reason)}")
    parts = [f"{len(report.kept)} kept", f"{len(report.unchanged)} unchanged"]
    parts += [f"{len(report.unread)} not read"] if report.unread else []
    say(", ".join(parts))


def _report_json(report: "BackupReport") -> dict[str, Any]:
    kept = {backup.name: {"position": backup.stored.position, "snapshot": backup.snapshot} for backup in report.kept}
    return {
        "kept": kept,
        "unchanged": list(report.unchanged),
        "unread": {each.name: each.reason for each in report.unread},
    }


def _write(options: Options, devices: "Sequence[Device]", at: int | None, folder: Path) -> None:
    from cimnet_nornir.application.backups import kept_at, write_files

    backups = kept_at(options.service, devices, at)
    written = write_files(folder, backups)
    note(f"{written} of {count(len(backups), 'file')} in {folder} written anew")


def _show(options: Options, devices: "Sequence[Device]", at: int | None) -> None:
    from cimnet_nornir.application.backups import kept_at

    backups = kept_at(options.service, devices, at)
    if options.json:
        print_json("backup-show", {"at": at, "configurations": {each.name: _json(each) for each in backups}})
        return
    for backup in backups:
        if len(backups) > 1:
            say(heading(f"! ===== {backup.name}"))
        say(backup.text.rstrip("\n"))


def _json(backup: "Backup") -> dict[str, Any]:
    stored = backup.stored
    return {"position": stored.position, "when": stored.recorded_at.isoformat(), "text": backup.text}


def _diff(options: Options, devices: "Sequence[Device]", at: int | None, since: int | None) -> None:
    from cimnet_nornir.application.backups import difference, kept_at

    if since is None:
        found = {backup.name: backup.diff for backup in kept_at(options.service, devices, at)}
    else:
        compared = ((device.name, difference(options.service, device, since, at)) for device in devices)
        found = {name: diff for name, diff in compared if diff is not None}
    if options.json:
        print_json("backup-diff", {"at": at, "diffs": {name: "\n".join(diff) for name, diff in found.items()}})
        return
    changed = {name: diff for name, diff in found.items() if diff}
    for name, diff in changed.items():
        say(heading(name))
        for line in colored_diff("\n".join(diff)):
            say(f"  {line}")
    say(f"{count(len(changed), 'device')} changed" if changed else good("no difference"))


def _list(options: Options, devices: "Sequence[Device]", at: int | None) -> None:
    from cimnet_nornir.application.backups import history

    kept = [(device.name, stored) for device in devices for stored in history(options.service, device.id, at)]
    if options.json:
        rows = [
            {
                "device": name,
                "position": stored.position,
                "when": stored.recorded_at.isoformat(),
                "actor": stored.actor,
                "reason": stored.reason,
                "snapshot": str(getattr(stored.event, "snapshot", "")),
            }
            for name, stored in kept
        ]
        print_json("backup-list", {"at": at, "backups": rows})
        return
    lines = [
        (
            name,
            f"#{stored.position}",
            f"{stored.recorded_at.astimezone():%Y-%m-%d %H:%M:%S}",
            stored.actor,
            one_line(stored.reason or "-"),
        )
        for name, stored in kept
    ]
    for line in table(lines, ("HOST", "EVENT", "WHEN", "WHO", "WHY")) if lines else ():
        say(line)
    say(f"{count(len(kept), 'configuration')} kept" + (faint(f" until event {at}") if at is not None else ""))

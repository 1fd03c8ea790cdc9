"""`cimnet audit`: whether configurations keep the rules of audit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.audit_text import Look, list_rules, show_report
from cimnet_nornir.cli.options import Options, at_option, common_options, full_option, options_of
from cimnet_nornir.cli.output import print_json
from cimnet_nornir.cli.reading import read_all, to_read
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cimnet_nornir.application.audit_parts import Auditor
    from cimnet_nornir.application.auditing import AuditReport
    from cimnet_nornir.application.ports import ReadResult


@click.command("audit", short_help="Do configurations keep the rules of audit?")
@click.argument("targets", nargs=-1, metavar="[HOST|FILE|DIR]...", shell_complete=completing.hosts_or_files)
@click.option("--intended", is_flag=True, help="Audit what is intended; no device is asked.")
@click.option(
    "--rules",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Rules beside the project's; more than once for several.",
)
@click.option("--severity", type=click.Choice(["error", "warning"]), help="Only what is of this severity.")
@click.option("--list", "listing", is_flag=True, help="List the rules.")
@click.option("--all", "everything", is_flag=True, help="Show waived findings too, each with its waiver.")
@click.option(
    "--by", type=click.Choice(["rule", "device"]), default="rule", show_default=True, help="What is told together."
)
@full_option
@report_options("--junit")
@at_option
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    intended: bool,
    files: tuple[Path, ...],
    severity: str | None,
    listing: bool,
    everything: bool,
    by: str,
    full: bool,
    at: str | None,
    reports: Reports,
) -> int:
    """Look for what the rules of audit forbid or miss: in what devices run, in what is intended, or in files.

    A FILE, or each *.cfg, *.conf and *.txt in a DIR, is audited by itself; no project is needed. Packaged rules harden
    devices as Cisco's guides say; those of inventory/audit/*.yaml and audit/*.py join them. --at audits what was
    intended then. Exits 2 where something is found that no waiver covers; -v shows all places, and where a rule comes
    from. Of many devices those of which a rule says the same are shown once; --full shows each.

    \b
    Examples:
      cimnet audit
      cimnet audit acc1 --severity error
      cimnet audit --by device
      cimnet audit --intended --limit group:role__access
      cimnet audit backups/ --junit audit.xml
      cimnet audit old-router.cfg --rules house.yaml --json
      cimnet audit --list
    """
    from cimnet_nornir.application.status import exit_status
    from cimnet_nornir.reports.audit import audit_json, audit_junit

    options = options_of(ctx)
    # Of then only the intent is known.
    intended = intended or at is not None
    paths = _paths(ctx, targets)
    if listing:
        return list_rules(_auditor(options, files, needed=False).rules, json=options.json)
    if paths:
        _refuse_with_files(ctx, options, intended=intended)
        report = _of_files(_auditor(options, files, needed=False), paths)
    else:
        report = _of_devices(options, targets, files, intended=intended, at=at)
    report = report.only(severity) if severity else report
    if options.json:
        print_json("audit", audit_json(report))
    elif not reports.on_stdout:
        show_report(report, Look(everything, options.verbose > 0, full, by == "device"))
    reports.write(lambda: audit_junit(report))
    return exit_status((each.outcome for each in report.unread), pending=bool(report.open))


def _paths(ctx: click.Context, targets: tuple[str, ...]) -> tuple[Path, ...]:
    """The files that the arguments name; none where they name hosts."""
    paths = [Path(target) for target in targets if _is_path(target)]
    if not paths:
        return ()
    if len(paths) < len(targets):
        raise click.UsageError("name hosts, or files and folders; not both at once", ctx)
    return tuple(paths)


def _is_path(target: str) -> bool:
    return "/" in target or target.endswith((".cfg", ".txt", ".conf")) or Path(target).exists()


def _refuse_with_files(ctx: click.Context, options: Options, *, intended: bool) -> None:
    for flag, given in (("--intended or --at", intended), ("--limit", bool(options.limit))):
        if given:
            raise click.UsageError(f"{flag} is about the devices of a project, and files are named", ctx)


def _auditor(options: Options, files: tuple[Path, ...], *, needed: bool) -> "Auditor":
    """The rules of the project and of files; where no project is needed there may be none."""
    from cimnet_nornir.bootstrap import auditor_of, find_project

    project = options.settings.project if needed or options.project else find_project()
    return auditor_of(project, files)


def _of_files(auditor: "Auditor", paths: tuple[Path, ...]) -> "AuditReport":
    from cimnet_nornir.application.auditing import audit_file, joined
    from cimnet_nornir.application.import_files import read_sources
    from cimnet_nornir.errors import ConfigurationError

    reports = []
    for source in read_sources(paths):
        try:
            reports.append(audit_file(auditor, source.text, Path(source.name).stem))
        except ConfigurationError as error:
            raise click.ClickException(f"{source.name}: {error.message}") from error
    return joined(reports)


def _of_devices(
    options: Options, hosts: tuple[str, ...], files: tuple[Path, ...], *, intended: bool, at: str | None
) -> "AuditReport":
    from cimnet_nornir.application.auditing import audit_devices

    auditor = _auditor(options, files, needed=True)
    position = options.service.position(at)
    if intended:
        names = options.chosen(hosts, at=position, managed=False)
        return audit_devices(options.service, auditor, options.service.render(names, position), at=position)
    return audit_devices(options.service, auditor, _running(options, hosts))


def _running(options: Options, hosts: tuple[str, ...]) -> "Mapping[str, ReadResult]":
    """What the devices run, by host name."""
    chosen = to_read(options, hosts, managed=False)
    with options.devices() as devices:
        readings = read_all(options, devices, chosen)
    return {device.name: readings[device.id] for device in chosen if device.id in readings}

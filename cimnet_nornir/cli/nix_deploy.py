"""`cimnet nix deploy`: builds and activates the systems of hosts, as `cimnet apply` does, and nothing else."""

from dataclasses import replace

import click

from cimnet_nornir.cli.apply_command import carry_out
from cimnet_nornir.cli.options import Options, accept_errors_option, common_options, now_only, options_of
from cimnet_nornir.cli.push_options import How
from cimnet_nornir.cli.report_options import Reports, report_options


@click.command("deploy", short_help="Build and activate the systems of hosts.")
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="This host; more than once for several (all).")
@click.option("--target", metavar="USER@HOST", help="Where the one host is, whatever inventory/config.yaml says.")
@click.option("--local", is_flag=True, help="The one host is this machine.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--confirm-within",
    type=click.IntRange(1, 120),
    metavar="MINUTES",
    help="A host takes back by itself what was not confirmed within so many minutes (5).",
)
@report_options()
@accept_errors_option
@now_only("it deploys what is intended now; cimnet rollback --to takes intent back")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    hosts: tuple[str, ...],
    target: str | None,
    local: bool,
    yes: bool,
    confirm_within: int | None,
    accept_errors: bool,
    reports: Reports,
) -> int:
    """Build each host's system there, and run it, where it keeps its promise.

    A timer on the host goes back to what ran before, unless the host was reached anew, runs what is intended, and no
    further unit has failed; then it is stopped, and the system booted from now on. That is what cimnet apply does to
    hosts and switches alike; here it is about hosts alone.

    \b
    Examples:
      cimnet nix deploy
      cimnet nix deploy --host srv1 --yes --reason "CHG-1042"
      cimnet nix deploy --host srv1 --target root@192.0.2.31 --env real
      cimnet nix deploy --host srv1 --local --env real
    """
    options = options_of(ctx)
    if target is not None or local:
        _retarget(ctx, options, hosts, target, local=local)
    names = _chosen(options, hosts)
    how = How({"confirm_within": confirm_within})
    with options.devices() as devices:
        return carry_out(
            options, devices, names=names, named=hosts, yes=yes, accept_errors=accept_errors, how=how, reports=reports
        )


def _retarget(ctx: click.Context, options: Options, hosts: tuple[str, ...], target: str | None, *, local: bool) -> None:
    """Have the settings say of one host where it is; all else of it stays as they say it."""
    from cimnet_nornir.bootstrap import HostSettings

    if len(hosts) != 1 or (local and target is not None):
        raise click.UsageError("--target and --local exclude one another, and are for one --host", ctx)
    settings = options.settings
    if settings.environment == "lab":
        raise click.UsageError("a lab's hosts are in the lab; --target and --local go with --env real", ctx)
    (name,) = hosts
    known = settings.hosts.get(name, HostSettings())
    there = known.at(target) if target is not None else replace(known, local=True)
    # The first that is said of a host counts, by whichever of its names.
    others = {key: said for key, said in settings.hosts.items() if key != name}
    options.settings = replace(settings, hosts={name: there, **others})


def _chosen(options: Options, hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the hosts to deploy to. Raises InvalidInput for a device, SettingsError where there is no host."""
    from cimnet_nornir.application.selection import choose
    from cimnet_nornir.errors import InvalidInput, SettingsError

    service = options.service
    views = service.hosts()
    managed = tuple(view for view in views if view.is_server and service.manages(view.device))
    for name in hosts:
        view = next((view for view in views if name in (view.name, view.device)), None)
        if view is not None and view not in managed:
            why = "name it under hosts in inventory/config.yaml to deploy to it" if view.is_server else ""
            raise InvalidInput(f"{view.name}: {why or 'it is no host; cimnet apply pushes to it'}", subject=name)
    if not managed:
        raise SettingsError("no host is deployed to: inventory/config.yaml names none under hosts", subject="hosts")
    return choose(managed, hosts, options.limit)

"""`cimnet import FILE|DIR|HOST|ADDRESS…`: configurations that devices run become intent."""

from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli import completing
from cimnet_nornir.cli.import_asking import Answers, ask_addresses, ask_hosts
from cimnet_nornir.cli.import_sources import How, Sources, sorted_out
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cimnet_nornir.application.importing import Import
    from cimnet_nornir.errors import DeviceError


@click.command("import", short_help="Take over configurations that devices run, as intent.")
@click.argument(
    "sources", nargs=-1, required=True, metavar="FILE|DIR|HOST|ADDRESS...", shell_complete=completing.hosts_or_files
)
@click.option("--as", "identity", metavar="ID", help="The id of the one device (default: its host name).")
@click.option("--network", metavar="NAME", help="Refuse unless this is the project's network.")
@click.option("--platform", metavar="NAME", help="Of devices that are new: ios, iosxe … (default: by version).")
@click.option(
    "--method", type=click.Choice(["netmiko", "napalm"]), default="netmiko", show_default=True, help="How to ask HOSTs."
)
@click.option(
    "--management-from",
    metavar="INTERFACE|auto",
    help="The interface with the management address, of devices without one; auto: the one that clearly has it.",
)
@click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")
@click.option("--yes", is_flag=True, help="Trust the host keys that ADDRESSes show; compare the fingerprints yourself.")
@now_only("it changes intent, which only the present has")
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    sources: tuple[str, ...],
    identity: str | None,
    network: str | None,
    platform: str | None,
    method: str,
    management_from: str | None,
    check: bool,
    yes: bool,
) -> int:
    """Record the intent that configurations express: those in files, in folders of them, or of devices that are asked.

    Every line is owned by typed intent, adopted word for word, or says nothing; -v lists them. What a device runs
    comes out again as it went in, or nothing is recorded. Links are found by what devices hear, else by subnets.
    Secrets go to files under inventory/secrets/, which git ignores. A device that is in the network already becomes
    what its configuration says. A device at an ADDRESS is logged in to with the project's credentials once its host
    key is trusted; both are kept. With HOSTs, exits 4 where one was not reached, 3 where one refused.

    \b
    Examples:
      cimnet import old/*.cfg --reason "taken over from the previous provider"
      cimnet import core1.cfg --as core1 --check
      cimnet import old/ --management-from Loopback0
      cimnet import 192.0.2.10 192.0.2.11 --env real
      cimnet import acc1 acc2 --reason "changed by hand on Sunday"
    """
    from cimnet_nornir.cli.import_report import report

    options = options_of(ctx)
    _require_network(options, network)
    how = How(method, identity, platform, management_from, yes)
    found, unread = _read(options, sorted_out(options, sources), how)
    report(options, found, sources, check=check)
    return _exit_of(unread)


def _require_network(options: Options, network: str | None) -> None:
    here = options.service.network_name
    if network is not None and network != here:
        raise click.UsageError(f"this is the network {here!r}; inventory/config.yaml says so")


def _read(options: Options, sources: Sources, how: How) -> "tuple[Import, Sequence[DeviceError]]":
    from cimnet_nornir.application.import_files import encoding_words, read_sources
    from cimnet_nornir.application.importing import read_in

    read = list(read_sources(sources.files))
    if words := encoding_words(read):
        note(words)
    live = ask_hosts(options, sources.hosts, how) if sources.hosts else Answers()
    new = ask_addresses(options, sources.addresses, how) if sources.addresses else Answers()
    read += (*live.sources, *new.sources)
    if how.identity is not None and len(read) != 1:
        raise click.UsageError("--as names one device, and there are more configurations")
    found = read_in(
        options.service,
        read,
        identity=how.identity,
        platform=how.platform,
        observed={**live.observed, **new.observed},
        management=how.management,
    )
    return found, (*live.unread, *new.unread)


def _exit_of(unread: "Sequence[DeviceError]") -> int:
    from cimnet_nornir.errors import DeviceUnreachable

    if any(not isinstance(error, DeviceUnreachable) for error in unread):
        return 3
    return 4 if unread else 0

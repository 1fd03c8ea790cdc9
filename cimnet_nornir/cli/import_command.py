"""`cimnet import FILE|DIR|HOST…`: configurations that devices run become intent."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import note
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cimnet_nornir.application.importing import Import, Source
    from cimnet_nornir.application.observations import Observed
    from cimnet_nornir.application.ports import ReadResult
    from cimnet_nornir.errors import DeviceError


@click.command("import", short_help="Take over configurations that devices run, as intent.")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|DIR|HOST...")
@click.option("--as", "identity", metavar="ID", help="The id of the one device (default: its host name).")
@click.option("--network", metavar="NAME", help="Refuse unless this is the project's network.")
@click.option("--platform", metavar="NAME", help="Of devices that are new: ios, iosxe … (default: by version).")
@click.option(
    "--method", type=click.Choice(["netmiko", "napalm"]), default="netmiko", show_default=True, help="How to ask HOSTs."
)
@click.option("--check", is_flag=True, help="Show what would be recorded; record nothing.")
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
    check: bool,
) -> int:
    """Record the intent that configurations express: those in files, in folders of them, or of devices that are asked.

    Every line is owned by typed intent, adopted word for word, or says nothing; -v lists them. What a device runs
    comes out again as it went in, or nothing is recorded. Links are found by what devices hear, else by subnets.
    Secrets go to files under inventory/secrets/, which git ignores. A device that is in the network already becomes
    what its configuration says. With HOSTs, exits 4 where one was not reached, 3 where one refused.

    \b
    Examples:
      cimnet import old/*.cfg --reason "taken over from the previous provider"
      cimnet import core1.cfg --as core1 --check
      cimnet import acc1 acc2 --reason "changed by hand on Sunday"
    """
    from cimnet_nornir.cli.import_report import report

    options = options_of(ctx)
    _require_network(options, network)
    files, hosts = _sorted_out(options, sources)
    found, unread = _read(options, files, hosts, method=method, identity=identity, platform=platform)
    report(options, found, sources, check=check)
    return _exit_of(unread)


def _require_network(options: Options, network: str | None) -> None:
    here = options.service.network_name
    if network is not None and network != here:
        raise click.UsageError(f"this is the network {here!r}; inventory/config.yaml says so")


def _sorted_out(options: Options, sources: "Sequence[str]") -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Files and folders, and host names: what is neither is said in a line."""
    names = {host.name for host in options.service.hosts()} | {host.device for host in options.service.hosts()}
    files = tuple(Path(source) for source in sources if Path(source).exists())
    hosts = tuple(source for source in sources if not Path(source).exists())
    unknown = [source for source in hosts if source not in names]
    if unknown:
        raise click.UsageError(
            f"{unknown[0]!r} is no file, no folder and no device of the network; devices to be asked are declared first"
        )
    return files, hosts


def _read(
    options: Options,
    files: "Sequence[Path]",
    hosts: "Sequence[str]",
    *,
    method: str,
    identity: str | None,
    platform: str | None,
) -> "tuple[Import, tuple[DeviceError, ...]]":
    from cimnet_nornir.application.import_files import encoding_words, read_sources
    from cimnet_nornir.application.importing import read_in

    sources = list(read_sources(files))
    if words := encoding_words(sources):
        note(words)
    live: Sequence[Source] = ()
    observed: Mapping[str, Observed] = {}
    unread: tuple[DeviceError, ...] = ()
    if hosts:
        live, observed, unread = _ask(options, hosts, method)
    sources += live
    if identity is not None and len(sources) != 1:
        raise click.UsageError("--as names one device, and there are more configurations")
    found = read_in(options.service, sources, identity=identity, platform=platform, observed=observed)
    return found, unread


def _ask(
    options: Options, hosts: "Sequence[str]", method: str
) -> "tuple[Sequence[Source], Mapping[str, Observed], tuple[DeviceError, ...]]":
    """What devices run, and whom they hear; those that do not answer are told of and left out."""
    from cimnet_nornir.application.importing import Source

    names = options.chosen(tuple(hosts))
    ids = {device.id: device.name for device in options.service.devices(names)}
    if not options.json:
        note(f"environment: {options.settings.environment}, {options.tally(names)}")
    with options.devices() as devices:
        with progress("reading", len(ids), verbose=options.verbose > 0) as tell:
            readings: Mapping[str, ReadResult] = devices.read(list(ids), method=method, progress=tell)
        read = [device for device, reading in readings.items() if isinstance(reading, str)]
        with progress("asking", len(read), verbose=options.verbose > 0) as tell:
            answers = devices.collect(read, method=method, progress=tell)
    unread = tuple(reading for reading in readings.values() if not isinstance(reading, str))
    for error in unread:
        note(f"cimnet: error: {error.message}")
    sources = [Source(ids[device], str(readings[device]), device) for device in read]
    return sources, {device: each for device, each in answers.items() if not isinstance(each, Exception)}, unread


def _exit_of(unread: "Sequence[DeviceError]") -> int:
    from cimnet_nornir.errors import DeviceUnreachable

    if any(not isinstance(error, DeviceUnreachable) for error in unread):
        return 3
    return 4 if unread else 0

"""`cimnet recover`: settles pushes that are in doubt."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, print_json, say
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.ports import ReadResult
    from cimnet_nornir.application.recovery import Doubt, Settled
    from cimnet_nornir.tasks.port import NornirDevices


@click.command("recover", short_help="Settle pushes that are in doubt.")
@now_only("it settles what is in doubt now")
@common_options
@click.pass_context
def command(ctx: click.Context) -> int:
    """Store results that wait, then read each device whose push is in doubt and record what it holds.

    A device that runs what is intended is saved, also one that did not save itself after its push.

    Exits 5 where a push stays in doubt, because its device cannot be read or is still being pushed to.

    \b
    Examples:
      cimnet recover
      cimnet recover --json
    """
    from cimnet_nornir.application.recovery import doubts, drain_spool

    options = options_of(ctx)
    drained = drain_spool(options.service)
    found = doubts(options.service)
    settled = _settle(options, found) if found else ()
    left = [item for item in settled if item.outcome is None]
    if options.json:
        rows = {item.doubt.device: {"outcome": item.outcome, "reason": item.reason} for item in settled}
        print_json("recover", {"stored": drained.appended, "left": len(drained.left), "devices": rows})
        return 5 if left else 1 if drained.left or drained.set_aside else 0
    for problem in (*drained.left, *drained.set_aside):
        say(f"{bad('not stored')}: {problem.path}: {problem.message}")
    if drained.appended:
        say(f"{count(drained.appended, 'result')} that waited stored")
    for item in settled:
        said = good(item.outcome) if item.outcome else bad(f"still in doubt: {item.reason}")
        say(f"{item.doubt.device}: {said}")
    if not settled and not drained.appended and drained.complete:
        say(good("nothing is in doubt, and nothing waits"))
    return 5 if left else 1 if drained.left or drained.set_aside else 0


def _settle(options: Options, found: "tuple[Doubt, ...]") -> "tuple[Settled, ...]":
    from cimnet_nornir.application.recovery import settle

    with options.devices() as devices:
        readings = _read(options, devices, {doubt.device for doubt in found})
        return settle(options.service, found, readings, save=devices.save)


def _read(options: Options, devices: "NornirDevices", ids: set[str]) -> "Mapping[str, ReadResult]":
    known = {device.id for device in options.service.devices()}
    present = [identity for identity in ids if identity in known]
    with progress("reading", len(present), verbose=options.verbose > 0) as tell:
        return devices.read(present, progress=tell)

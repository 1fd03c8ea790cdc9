"""`cimnet recover`: settles pushes that are in doubt."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cimnet_nornir.cli.options import Options, common_options, hosts_argument, now_only, options_of
from cimnet_nornir.cli.output import bad, count, good, note, odd, print_json, say
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.looking import Found
    from cimnet_nornir.application.plan import DevicePlan
    from cimnet_nornir.application.recovery import Doubt
    from cimnet_nornir.application.settling import Policy, Settled
    from cimnet_nornir.store.spool import DrainReport

# What was done to a device, in the words of whoever reads it.
_DONE = {"finish": "finished", "revert": "taken back", "keep": "confirmed and saved"}


@click.command("recover", short_help="Settle pushes that are in doubt.")
@hosts_argument
@click.option("--finish", is_flag=True, help="Bring the rest of what was pushed.")
@click.option("--revert", is_flag=True, help="Bring back what ran before the push.")
@click.option("--keep", is_flag=True, help="Confirm and save what runs, whatever it is.")
@click.option("--check", is_flag=True, help="Look, and say what each device runs; send and record nothing.")
@now_only("it settles what is in doubt now")
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], finish: bool, revert: bool, keep: bool, check: bool) -> int:
    """Store results that wait, then look at each device whose push is in doubt, and settle it.

    What was applied is checked, confirmed and saved; what came half is taken back. A transaction is brought to what was
    decided of it, and taken back everywhere where nothing was. A device that runs something else is asked about, or
    stays in doubt until --finish, --revert or --keep says what to do.

    Exits 5 where a push stays in doubt: its device cannot be reached, is still being pushed to, or does not obey.

    \b
    Examples:
      cimnet recover
      cimnet recover --check
      cimnet recover acc1 --finish
    """
    from cimnet_nornir.application.recovery import drain_spool

    policy = _policy(ctx, finish=finish, revert=revert, keep=keep)
    options = options_of(ctx)
    drained = drain_spool(options.service)
    settled = _settle(options, hosts, policy, check=check)
    if not check:
        _free_leases(options)
    left = [item for item in settled if item.outcome is None]
    status = 5 if left else 1 if drained.left or drained.set_aside else 0
    if options.json:
        _print_json(drained, settled)
        return status
    _show_drained(drained)
    for item in settled:
        say(f"{_name(options, item.doubt)}: {_said(item, check=check)}")
    if not settled and not drained.appended and drained.complete:
        say(good("nothing is in doubt, and nothing waits"))
    return status


def _policy(ctx: click.Context, *, finish: bool, revert: bool, keep: bool) -> "Policy":
    if finish + revert + keep > 1:
        raise click.UsageError("--finish, --revert and --keep exclude one another", ctx)
    return "finish" if finish else "revert" if revert else "keep" if keep else ""


def _settle(options: Options, hosts: tuple[str, ...], policy: "Policy", *, check: bool) -> "tuple[Settled, ...]":
    from cimnet_nornir.application.recovery import doubts

    found = doubts(options.service)
    if hosts or options.limit:
        chosen = {device.id for device in options.service.devices(options.chosen(hosts))}
        found = tuple(doubt for doubt in found if doubt.device in chosen)
    if not found:
        return ()
    with options.devices() as devices:
        if not policy and not check and options.interactive:
            # Whoever is asked sees one device at a time.
            return tuple(
                item for doubt in found for item in devices.settle([doubt], ask=lambda *about: _ask(options, *about))
            )
        with progress("recovering", len({doubt.device for doubt in found}), verbose=options.verbose > 0) as tell:
            return devices.settle(found, policy=policy, only_look=check, progress=tell)


def _ask(options: Options, doubt: "Doubt", found: "Found", ahead: "DevicePlan") -> "Policy":
    name = _name(options, doubt)
    note(f"{name} runs {found}, {count(len(ahead.commands), 'command')} away from what was pushed:")
    for line in ahead.diff.splitlines():
        note(f"  {line}")
    answer = click.prompt(
        "finish the push, revert it, keep what runs, or leave it",
        type=click.Choice(["finish", "revert", "keep", "leave"]),
        default="leave",
        err=True,
    )
    answers: Mapping[str, Policy] = {"finish": "finish", "revert": "revert", "keep": "keep", "leave": ""}
    return answers[answer]


def _free_leases(options: Options) -> None:
    """Nobody waits for a program that is dead."""
    service = options.service
    service.store.free_dead(f"push:{service.environment}:{service.network_name}/")


def _name(options: Options, doubt: "Doubt") -> str:
    device = options.service.network().devices.get(doubt.device)
    return device.name if device is not None else doubt.device


def _said(item: "Settled", *, check: bool) -> str:
    if check and item.found is not None:
        return odd(item.found)
    if item.outcome is None:
        found = f", found {item.found}" if item.found else ""
        return bad(f"still in doubt{found}: {item.reason}")
    if item.action is None:
        return good(item.outcome)
    return good(item.outcome) + f" ({_DONE[item.action]}; it was found {item.found})"


def _show_drained(drained: "DrainReport") -> None:
    for problem in (*drained.left, *drained.set_aside):
        say(f"{bad('not stored')}: {problem.path}: {problem.message}")
    if drained.appended:
        say(f"{count(drained.appended, 'result')} that waited stored")


def _print_json(drained: "DrainReport", settled: "tuple[Settled, ...]") -> None:
    rows: dict[str, Any] = {
        item.doubt.device: {
            "outcome": item.outcome,
            "reason": item.reason,
            "found": item.found,
            "action": item.action,
        }
        for item in settled
    }
    print_json("recover", {"stored": drained.appended, "left": len(drained.left), "devices": rows})

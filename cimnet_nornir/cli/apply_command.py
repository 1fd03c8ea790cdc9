"""`cimnet apply [FILE]`: carries a plan out and verifies it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.interruption import told_of_interruption
from cimnet_nornir.cli.options import Options, accept_errors_option, common_options, now_only, options_of
from cimnet_nornir.cli.output import bad, good, note, print_json, say
from cimnet_nornir.cli.plan_command import admit, make_plan, plan_status
from cimnet_nornir.cli.plans import deployment_json, show_deployment, show_plan
from cimnet_nornir.cli.progress import progress
from cimnet_nornir.cli.push_options import How, push_options
from cimnet_nornir.cli.report_options import Reports, report_options

if TYPE_CHECKING:
    from cimnet_nornir.application.deployment import Deployment
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.application.pushing import PushOptions
    from cimnet_nornir.reports.deployment import DeploymentReport
    from cimnet_nornir.tasks.port import NornirDevices


@click.command("apply", short_help="Carry a plan out and verify it.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@push_options
@report_options()
@accept_errors_option
@now_only("it pushes, and pushes what is intended now; cimnet rollback --to takes intent back")
@common_options
@click.pass_context
def command(ctx: click.Context, file: Path | None, yes: bool, accept_errors: bool, how: How, reports: Reports) -> int:
    """Push what is planned, read each device back, and save it where it runs what is intended.

    A device with an archive takes the change back by itself unless it is confirmed, which happens once it was reached
    anew, runs what is intended and passed its checks. What failed is taken back. A device that could not be read is
    recorded with the others, and tried again by the next apply.

    Without FILE it plans first. With FILE, a device that changed since the plan, or whose intent did, is left alone.
    Where the intent adds errors, as cimnet check finds them, to what the devices were given last, nothing is sent.

    \b
    Examples:
      cimnet apply
      cimnet apply --yes --limit 'acc*' --reason "CHG-1042"
      cimnet plan -o change.plan && cimnet apply change.plan
      cimnet apply change.plan --transaction --confirm-within 10
      cimnet apply change.plan --yes --junit apply.xml --markdown apply.md
    """
    options = options_of(ctx)
    if file is not None and options.limit:
        raise click.UsageError(f"{file} says which devices it is for; --limit goes with cimnet plan -o {file}", ctx)
    saved = _saved(options, file) if file is not None else None
    with options.devices() as devices:
        return carry_out(options, devices, saved=saved, yes=yes, accept_errors=accept_errors, how=how, reports=reports)


def carry_out(
    options: Options,
    devices: "NornirDevices",
    *,
    saved: "Plan | None" = None,
    names: tuple[str, ...] = (),
    named: tuple[str, ...] | None = None,
    yes: bool,
    accept_errors: bool = False,
    how: How,
    reports: Reports | None = None,
) -> int:
    """Carry a plan out, or one that is made now, for the hosts of these names; asks unless told not to.

    `named` are those of them that somebody named, where not all were. Returns the exit status.
    """
    chosen = how.options(options.settings.push)
    # One that is not there is told before any device is read.
    options.service.devices(chosen.canary)
    reports = reports or Reports()
    hosts = [device.name for device in saved.changes] if saved else options.chosen(names)
    admit(options, hosts, accept_errors=accept_errors)
    plan = saved or make_plan(options, devices, names, named=named)
    _require_canaries(plan, chosen)
    if not plan.changes and not plan.unread:
        return _nothing(options, plan, reports)
    # Before anybody is asked: what the project has not approved is not carried out.
    options.service.require_approved(plan)
    options.service.require_buildable(plan)
    if not options.json and not reports.on_stdout:
        # Whoever is asked sees all of it; who said yes beforehand has seen the plan, or -v shows it.
        show_plan(plan, brief=yes and not options.verbose, unread=not yes, options=chosen)
        if not yes and len(plan.changes) > 1:
            # What scrolled by, in a few lines above the question.
            show_plan(plan, brief=True, unread=False)
    _ask(options, plan, yes=yes)
    recheck = saved is not None or not yes
    deployment = _push(options, devices, plan, chosen, recheck=recheck, accept_errors=accept_errors)
    return _report(options, plan, deployment, reports)


def _require_canaries(plan: "Plan", chosen: "PushOptions") -> None:
    names = {device.name for device in plan.changes}
    for name in chosen.canary if plan.changes else ():
        if name not in names:
            among = ", ".join(sorted(names)[:8])
            raise click.ClickException(f"--canary {name}: nothing is to be sent to {name}; the change is for {among}")


def _saved(options: Options, file: Path) -> "Plan":
    from cimnet_nornir.application.plan import read_plan

    if not file.exists():
        raise click.ClickException(f"there is no plan {file}; to push to one device: cimnet apply --limit {file}")
    if not options.json:
        note(f"environment: {options.settings.environment}, plan {file}")
    return read_plan(file)


def _nothing(options: Options, plan: "Plan", reports: Reports) -> int:
    from cimnet_nornir.reports.deployment import DeploymentReport

    # Found to run what is intended: no push will come to say so.
    options.service.commission(plan)
    if options.json:
        from cimnet_nornir.reports.events import plan_json

        print_json("apply", {"plan": plan_json(plan), "deployment": None, "devices": {}, "trouble": []})
    elif not reports.on_stdout:
        show_plan(plan)
    return _write(reports, DeploymentReport(plan), plan_status(plan, pending=False))


def _ask(options: Options, plan: "Plan", *, yes: bool) -> None:
    if yes or not plan.changes:
        return
    if not options.interactive:
        raise click.ClickException("nothing was sent: nobody is there to be asked; say --yes")
    from cimnet_nornir.application.plan_words import tally

    click.confirm(f"Send this to {tally(plan.changes)} in {plan.environment}?", abort=True, err=True)


def _push(
    options: Options,
    devices: "NornirDevices",
    plan: "Plan",
    chosen: "PushOptions",
    *,
    recheck: bool,
    accept_errors: bool,
) -> "Deployment":
    with progress("applying", len(plan.changes), verbose=options.verbose > 0) as tell, told_of_interruption():
        return options.service.apply(
            plan, devices, options=chosen, recheck=recheck, accept_errors=accept_errors, progress=tell
        )


def _write(reports: Reports, found: "DeploymentReport", status: int) -> int:
    """Write the reports of what is done, and return the exit status."""
    from cimnet_nornir.reports.deployment import deployment_junit, deployment_markdown

    return reports.write_after(
        status, lambda: deployment_junit(found), lambda limit: deployment_markdown(found, limit=limit)
    )


def _report(options: Options, plan: "Plan", deployment: "Deployment", reports: Reports) -> int:
    from cimnet_nornir.application.plan_words import done_of
    from cimnet_nornir.application.status import exit_status
    from cimnet_nornir.reports.deployment import DeploymentReport

    status = exit_status(outcome.outcome for outcome in deployment.outcomes.values())
    # Told first, whatever becomes of the text for people.
    status = _write(reports, DeploymentReport.of(deployment), status)
    for trouble in deployment.trouble:
        note(f"cimnet: warning: {trouble}")
    if options.json:
        from cimnet_nornir.reports.events import plan_json

        print_json("apply", {"plan": plan_json(plan), **deployment_json(deployment)})
        return status
    if reports.on_stdout:
        return status
    show_deployment(deployment)
    outcomes = tuple(deployment.outcomes.values())
    color = good if all(outcome.applied for outcome in outcomes) else bad
    say(color(f"{done_of(outcomes)} done") + f" in deployment {str(deployment.id)[:8]}")
    for line in _next(deployment):
        note(line)
    return status


def _next(deployment: "Deployment") -> Iterator[str]:
    if any(outcome.outcome in ("in doubt", "not saved") for outcome in deployment.outcomes.values()):
        yield "next: cimnet recover"
    else:
        yield f"next: cimnet trace {str(deployment.id)[:8]}"

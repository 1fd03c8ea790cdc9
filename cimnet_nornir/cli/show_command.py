"""`cimnet show FILE`: a saved plan."""

from pathlib import Path

import click

from cimnet_nornir.cli.approvals import approvals_json, show_approvals
from cimnet_nornir.cli.options import common_options, full_option, now_only, options_of
from cimnet_nornir.cli.output import print_json, say
from cimnet_nornir.cli.plan_command import report_plan
from cimnet_nornir.cli.plans import plan_head, show_plan
from cimnet_nornir.cli.report_options import Reports, report_options


@click.command("show", short_help="Show a saved plan.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--commands", is_flag=True, help="Show the commands instead of the difference.")
@click.option("--reverse", is_flag=True, help="Show the commands that would take it back.")
@full_option
@report_options()
@now_only("the plan is in its file")
@common_options
@click.pass_context
def command(ctx: click.Context, file: Path, commands: bool, reverse: bool, full: bool, reports: Reports) -> None:
    """Show a plan as it was saved, with who made it, when and for what; in a project, also who approved it.

    \b
    Examples:
      cimnet show change.plan
      cimnet show change.plan --commands
      cimnet show change.plan --reverse
      cimnet show change.plan --markdown -
    """
    from cimnet_nornir.application.plan import read_plan
    from cimnet_nornir.bootstrap import find_project

    options = options_of(ctx)
    plan = read_plan(file)
    # A plan is shown anywhere; who approved it, the project's store knows.
    here = (options.project or find_project()) is not None
    report_plan(reports, plan, options.settings.push if here else None)
    if reports.on_stdout:
        return
    if options.json:
        told = approvals_json(options.service, plan) if here else {}
        from cimnet_nornir.reports.events import plan_json

        print_json("plan", {**plan_json(plan), **told})
        return
    say(plan_head(plan))
    push = options.settings.push if here else None
    show_plan(plan, commands=commands, reverse=reverse, full=full, options=push)
    if here:
        show_approvals(options.service, plan)

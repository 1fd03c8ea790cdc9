"""`cimnet show FILE`: a saved plan."""

from pathlib import Path

import click

from cimnet_nornir.cli.options import common_options, now_only, options_of
from cimnet_nornir.cli.output import print_json, say
from cimnet_nornir.cli.plans import plan_json, show_plan


@click.command("show", short_help="Show a saved plan.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--commands", is_flag=True, help="Show the commands instead of the difference.")
@now_only("the plan is in its file")
@common_options
@click.pass_context
def command(ctx: click.Context, file: Path, commands: bool) -> None:
    """Show a plan as it was saved, with who made it, when and for what.

    \b
    Examples:
      cimnet show change.plan
      cimnet show change.plan --commands
    """
    from cimnet_nornir.application.plan import read_plan

    plan = read_plan(file)
    if options_of(ctx).json:
        print_json("plan", plan_json(plan))
        return
    when = f"{plan.created.astimezone():%Y-%m-%d %H:%M:%S}"
    say(f"plan {plan.digest[:19]} by {plan.author}, {when}, of intent up to event {plan.position}")
    show_plan(plan, commands=commands)

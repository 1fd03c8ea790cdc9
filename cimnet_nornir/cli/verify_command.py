"""`cimnet verify`: whether running is what is intended."""

import click

from cimnet_nornir.cli.options import at_option, common_options, options_of
from cimnet_nornir.cli.output import bad, good, print_json, say
from cimnet_nornir.cli.plan_command import make_plan, plan_status
from cimnet_nornir.cli.plans import plan_json, show_plan


@click.command("verify", short_help="Is running what is intended?")
@click.argument("hosts", nargs=-1, metavar="[HOST]...")
@at_option
@common_options
@click.pass_context
def command(ctx: click.Context, hosts: tuple[str, ...], at: str | None) -> int:
    """Read the devices and compare with the intent, now or as of then. Exits 2 where one differs.

    \b
    Examples:
      cimnet verify
      cimnet verify acc1 acc2 --json
    """
    options = options_of(ctx)
    with options.devices() as devices:
        plan = make_plan(options, devices, hosts, at=options.service.position(at), pushes=False)
    if options.json:
        print_json("verify", {"in_sync": not plan.changes and not plan.unread, "plan": plan_json(plan)})
    else:
        for device in plan.devices:
            say(
                f"{good('as intended')}  {device.name}"
                if not device.changed
                else f"{bad('differs')}      {device.name}"
            )
        show_plan(plan)
    return plan_status(plan, pending=bool(plan.changes))

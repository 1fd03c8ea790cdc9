"""`cimnet approve FILE`: signs a saved plan, or takes that back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cimnet_nornir.cli.approvals import approvals_json, show_approvals
from cimnet_nornir.cli.options import Options, common_options, now_only, options_of
from cimnet_nornir.cli.output import good, note, print_json, say
from cimnet_nornir.cli.plans import plan_head, show_plan

if TYPE_CHECKING:
    from cimnet_nornir.application.changes import ChangeResult
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.bootstrap.signing import SigningKey


@click.command("approve", short_help="Sign a saved plan, so that it may be carried out.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(),
    metavar="PATH",
    help="The SSH key to sign with; a public one where an agent has the other half.",
)
@click.option("--note", "remark", metavar="TEXT", help="What to say beside the signature.")
@click.option("--withdraw", is_flag=True, help="Take your approval back, for good.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@now_only("a plan is approved as it is now")
@common_options
@click.pass_context
def command(ctx: click.Context, file: Path, key: str | None, remark: str | None, withdraw: bool, yes: bool) -> None:
    """Sign a saved plan with an SSH key, as somebody other than its author, and record that.

    The key has to be in the project's allowed signers (inventory/allowed_signers). Without --key it is the one that Git
    signs with, where that is an SSH key, else ~/.ssh/id_ed25519. Any change of the plan voids the approval, and so does
    taking the key out of the file. With --withdraw an approval is void for good, also if it is signed again.

    \b
    Examples:
      cimnet approve change.plan
      cimnet approve change.plan --key ~/.ssh/id_ed25519_sk --note "looked at acc1"
      cimnet approve change.plan --withdraw --reason "CHG-1042 called off"
    """
    from cimnet_nornir.application.approval import refuse_elsewhere
    from cimnet_nornir.application.plan import read_plan
    from cimnet_nornir.bootstrap.signing import SigningKey, default_key

    options = options_of(ctx)
    plan = read_plan(file)
    refuse_elsewhere(options.service, plan)
    chosen = SigningKey(key, "--key") if key else default_key(options.settings.project)
    if not options.json:
        say(plan_head(plan))
        show_plan(plan, brief=yes and not options.verbose)
    note(f"key: {chosen.text} ({chosen.source})")
    _ask(options, plan, withdraw=withdraw, yes=yes)
    result = _signed(options, plan, chosen, remark, withdraw=withdraw)
    _report(options, plan, result, file, withdraw=withdraw)


def _ask(options: Options, plan: "Plan", *, withdraw: bool, yes: bool) -> None:
    if yes:
        return
    if not options.interactive:
        raise click.ClickException("nothing was signed: nobody is there to be asked; say --yes")
    what = "Withdraw your approval of" if withdraw else "Approve"
    click.confirm(f"{what} this plan for {plan.environment}?", abort=True, err=True)


def _signed(options: Options, plan: "Plan", key: "SigningKey", remark: str | None, *, withdraw: bool) -> "ChangeResult":
    from cimnet_nornir.application.approval import approval_message, withdrawal_message
    from cimnet_nornir.bootstrap.signing import sign

    if withdraw:
        return options.service.withdraw_approval(plan, sign(withdrawal_message(plan), key), note=remark)
    return options.service.approve(plan, sign(approval_message(plan), key), note=remark)


def _report(options: Options, plan: "Plan", result: "ChangeResult", file: Path, *, withdraw: bool) -> None:
    if options.json:
        request = str(result.correlation_id) if result.correlation_id else None
        print_json("approval", {"plan": plan.digest, "request": request, **approvals_json(options.service, plan)})
        return
    word = "withdrawn" if withdraw else "approved"
    if result.correlation_id is None:
        say(f"{word} already")
    else:
        say(f"{good(word)} in request {str(result.correlation_id)[:8]}")
    if show_approvals(options.service, plan) and not withdraw:
        note(f"next: cimnet apply {file}")

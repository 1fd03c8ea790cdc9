"""How the approvals of a plan look at the terminal and in JSON; shared by approve and show."""

from typing import TYPE_CHECKING, Any

from cimnet_nornir.cli.output import bad, good, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.plan import Plan
    from cimnet_nornir.application.service import NetworkService


def show_approvals(service: "NetworkService", plan: "Plan") -> bool:
    """Who approved, when, by which key, and whether that counts; returns whether as many did as are wanted."""
    from cimnet_nornir.application.approval import approvers

    given = service.approvals(plan)
    required, counted = service.approval.policy.required, len(approvers(given))
    enough = counted >= required
    if given or required:
        color = good if enough else bad
        wanted = f" of {required}" if required else ", none is required here; the dashboard requires one"
        say("approvals: " + color(str(counted)) + wanted)
    rows = [
        (
            f"  {item.signer.principal}",
            f"{item.at.astimezone():%Y-%m-%d %H:%M:%S}",
            item.signer.fingerprint,
            good("valid") if item.counts else bad(f"not valid: {item.problem}"),
            item.note or "",
        )
        for item in given
    ]
    for line in table(rows):
        say(line)
    return enough


def approvals_json(service: "NetworkService", plan: "Plan") -> dict[str, Any]:
    """The same for programs; `approved` says whether the plan may be carried out as far as approvals go."""
    from cimnet_nornir.application.approval import approvers

    given = service.approvals(plan)
    required = service.approval.policy.required
    return {
        "required": required,
        "approved": len(approvers(given)) >= required,
        "approvals": [
            {
                "signer": item.signer.principal,
                "fingerprint": item.signer.fingerprint,
                "at": item.at.isoformat(),
                "note": item.note,
                "valid": item.counts,
                "problem": item.problem,
            }
            for item in given
        ],
    }

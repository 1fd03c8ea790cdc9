"""What the facade can do with approvals of plans: sign off, take back, ask, and insist."""

from collections.abc import Mapping

from cimnet_nornir.application import approval
from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.plan import Plan


class Approving(Core):
    """Approvals of plans: signatures of people whom the project allows to sign, never names alone."""

    def approve(self, plan: Plan, signature: str, *, note: str | None = None) -> ChangeResult:
        """Record a signature of `approval_message(plan)`, armoured as ssh-keygen writes it; nothing where it is known.

        Raises ApprovalRefused where it approves nothing, InvalidInput for a plan of another network or environment.
        """
        return approval.approve(self, plan, signature, note)

    def withdraw_approval(self, plan: Plan, signature: str, *, note: str | None = None) -> ChangeResult:
        """Take an approval back for good, by a signature of `withdrawal_message(plan)` of the same person.

        Raises NotFound where that person has not approved the plan, and the same as `approve`.
        """
        return approval.withdraw(self, plan, signature, note)

    def approvals(self, plan: Plan) -> tuple[approval.Approval, ...]:
        """Everybody's approvals of the plan, oldest first, each verified now; those that do not count say why."""
        return approval.approvals(self, plan)

    def require_approved(self, plan: Plan) -> Mapping[str, int]:
        """The stream of the plan's approvals with its version; empty where the project requires none.

        Raises ApprovalMissing where there are fewer approvals than the project wants.
        """
        return approval.require_approved(self, plan) if self._approval is not None else {}

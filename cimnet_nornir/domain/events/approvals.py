"""Who approved a plan, and who took that back: each with the signature that proves it."""

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Line


class ApprovalEvent(Event):
    """Base of both: whose signature it is of which plan, named by its digest.

    `signer` and `fingerprint` are for readers: who signed is what the signature says, which is checked when it counts.
    """

    network: Identifier
    environment: str
    plan: str
    signer: Line
    fingerprint: Line
    signature: str
    note: Line | None = None


class PlanApproved(ApprovalEvent):
    """Somebody signed that the plan may be carried out."""


class ApprovalWithdrawn(ApprovalEvent):
    """Somebody signed that their approval of the plan is void, for good: its signature is still in the log."""


EVENTS: tuple[type[Event], ...] = (PlanApproved, ApprovalWithdrawn)

"""Approval of plans: signatures over a plan's digest by people whom the project allows to sign, other than its author.

An approval counts when its signature verifies now: what somebody wrote into the store by hand counts for nothing, nor
does the signature of somebody who may no longer sign. One that was withdrawn never counts again, since a signature once
made could be recorded again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pydantic import ValidationError

from cimnet_nornir.application.changes import ChangeResult, open_request
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.domain.events import ApprovalEvent, ApprovalWithdrawn, PlanApproved
from cimnet_nornir.domain.streams import plan_stream
from cimnet_nornir.errors import ApprovalMissing, ApprovalRefused, InvalidInput, NotFound

if TYPE_CHECKING:
    from cimnet_nornir.application.operations.core import Core

WITHDRAWN = "withdrawn"
THE_AUTHOR = "the plan's author"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose key made a signature: the principal's name, and the key's fingerprint.

    `aliases` are the further names that the allowed signers have for that key.
    """

    principal: str
    fingerprint: str
    aliases: tuple[str, ...] = ()

    def is_also(self, other: "Signer") -> bool:
        """Whether both are one person, as far as names and keys tell; in doubt they are."""
        return self.fingerprint == other.fingerprint or any(other.is_called(name) for name in self.names)

    def is_called(self, name: str) -> bool:
        """Whether that is a name of theirs."""
        return any(_one_person(mine, name) for mine in self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the key."""
        return (self.principal, *self.aliases)


def _one_person(one: str, other: str) -> bool:
    """Whether both names are one person's: ann is ann@example.net, as far as anybody can tell."""
    one, other = one.casefold(), other.casefold()
    return one == other or (("@" in one) != ("@" in other) and one.partition("@")[0] == other.partition("@")[0])


class SignatureVerifier(Protocol):
    """Knows who may sign."""

    def verify(self, message: bytes, signature: str) -> Signer:
        """Who signed the message. Raises ApprovalRefused where it was signed by nobody who may."""
        ...


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """How many people besides the author have to approve a plan; 0 is none.

    `signers` has the principals of actors whose names do not tell: `{"ann": "a.smith@example.net"}`.
    """

    required: int = 0
    signers: Mapping[str, str] = field(default_factory=dict)

    def is_author(self, signer: Signer, author: str) -> bool:
        """Whether the signer is, or may be, who made the plan."""
        return signer.is_called(author) or signer.is_called(self.signers.get(author, author))


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """What the project says of approvals: how many, and who may sign."""

    policy: ApprovalPolicy
    verifier: SignatureVerifier


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval as it counts now: who, when, and in `problem` why it does not count; "" where it does."""

    signer: Signer
    at: datetime
    note: str | None
    problem: str = ""

    @property
    def counts(self) -> bool:
        return not self.problem


def approval_message(plan: Plan) -> bytes:
    """The bytes that whoever approves the plan signs."""
    return _message("cimnet plan approval 1", plan)


def withdrawal_message(plan: Plan) -> bytes:
    """The bytes that whoever withdraws an approval of the plan signs."""
    return _message("cimnet plan approval withdrawn 1", plan)


def _message(head: str, plan: Plan) -> bytes:
    return f"{head}\nnetwork: {plan.network}\nenvironment: {plan.environment}\nplan: {plan.digest}\n".encode()


def approvals(service: "Core", plan: Plan) -> tuple[Approval, ...]:
    """The approvals of the plan, oldest first, each verified now."""
    return _judge(service, plan, _stored(service, plan))


def approvers(given: Iterable[Approval]) -> tuple[Signer, ...]:
    """The people whose approval counts, each once, whatever number of keys they have."""
    people: list[Signer] = []
    for approval in given:
        if approval.counts and not any(approval.signer.is_also(known) for known in people):
            people.append(approval.signer)
    return tuple(people)


def approve(service: "Core", plan: Plan, signature: str, note: str | None = None) -> ChangeResult:
    """Record an approval; nothing where the same person has approved the plan already.

    Raises ApprovalRefused where the signature approves nothing, InvalidInput for a plan of another network.
    """
    refuse_elsewhere(service, plan)
    signer = service.approval.verifier.verify(approval_message(plan), signature)
    stored = _stored(service, plan)
    objection = _objection(service.approval.policy, plan, signer, stored)
    if objection == WITHDRAWN:
        text = f"{signer.principal} withdrew the approval of this plan, for good; plan again, and approve that"
        raise ApprovalRefused(text, subject=plan.digest)
    if objection:
        text = f"{signer.principal} is {objection} ({plan.author}), who does not approve it; somebody else has to"
        raise ApprovalRefused(text, subject=plan.digest)
    if any(known.is_also(signer) for known in approvers(_judge(service, plan, stored))):
        return ChangeResult(None, ())
    return _record(service, _event(PlanApproved, plan, signer, signature, note), len(stored), "approve")


def withdraw(service: "Core", plan: Plan, signature: str, note: str | None = None) -> ChangeResult:
    """Record that an approval is void, by a signature of the withdrawal's message; nothing where it is already.

    Raises NotFound where the signer has not approved the plan, ApprovalRefused and InvalidInput as `approve` does.
    """
    refuse_elsewhere(service, plan)
    signer = service.approval.verifier.verify(withdrawal_message(plan), signature)
    stored = _stored(service, plan)
    if _withdrew(signer, stored):
        return ChangeResult(None, ())
    if not any(_recorded(item.event).is_also(signer) for item in stored if isinstance(item.event, PlanApproved)):
        raise NotFound(f"{signer.principal} has not approved this plan; there is nothing to withdraw", subject="plan")
    return _record(service, _event(ApprovalWithdrawn, plan, signer, signature, note), len(stored), "withdraw approval")


def require_approved(service: "Core", plan: Plan) -> Mapping[str, int]:
    """The stream of the plan's approvals with its version; empty where the project requires none.

    Whoever appends names it as read, so that nobody withdraws in between. Raises ApprovalMissing.
    """
    required = service.approval.policy.required
    if not required:
        return {}
    stored = _stored(service, plan)
    given = _judge(service, plan, stored)
    if len(approvers(given)) < required:
        raise ApprovalMissing(_missing(required, given), subject=plan.digest)
    return {plan_stream(plan.network, plan.digest): len(stored)}


def _missing(required: int, given: tuple[Approval, ...]) -> str:
    people = ", ".join(signer.principal for signer in approvers(given)) or "nobody"
    void = ", ".join(f"{item.signer.principal} ({item.problem})" for item in given if not item.counts)
    return (
        f"the project wants {required} approval{'' if required == 1 else 's'} of a plan, and this one was approved by"
        f" {people}{f', not counting {void}' if void else ''}; save it (cimnet plan -o FILE), have it signed by others"
        " (cimnet approve FILE), then cimnet apply FILE"
    )


def refuse_elsewhere(service: "Core", plan: Plan) -> None:
    """Raise InvalidInput for a plan of another network or environment."""
    here = (service.network_name, service.environment)
    if (plan.network, plan.environment) != here:
        theirs = f"{plan.network!r} in {plan.environment!r}"
        raise InvalidInput(f"the plan is for {theirs}, and this is {here[0]!r} in {here[1]!r}", subject=plan.digest)


def _stored(service: "Core", plan: Plan) -> tuple[StoredEvent, ...]:
    return tuple(service.store.read_stream(plan_stream(plan.network, plan.digest)))


def _judge(service: "Core", plan: Plan, stored: tuple[StoredEvent, ...]) -> tuple[Approval, ...]:
    rules = service.approval
    judged: list[Approval] = []
    for item in stored:
        if isinstance(item.event, PlanApproved):
            signer, problem = _verified(rules, plan, item.event)
            problem = problem or _objection(rules.policy, plan, signer, stored)
            judged.append(Approval(signer, item.timestamp, item.event.note, problem))
    return tuple(judged)


def _verified(rules: ApprovalRules, plan: Plan, event: PlanApproved) -> tuple[Signer, str]:
    """Who signed, by the signature; where it does not verify, who is said to have, and why it does not."""
    try:
        return rules.verifier.verify(approval_message(plan), event.signature), ""
    except ApprovalRefused as refused:
        return _recorded(event), refused.message


def _objection(policy: ApprovalPolicy, plan: Plan, signer: Signer, stored: Iterable[StoredEvent]) -> str:
    """Why a signature that verifies does not count; "" where it does."""
    if policy.is_author(signer, plan.author):
        return THE_AUTHOR
    return WITHDRAWN if _withdrew(signer, stored) else ""


def _withdrew(signer: Signer, stored: Iterable[StoredEvent]) -> bool:
    # Whether that signature verifies is not asked: what stops a push needs no proof.
    return any(isinstance(item.event, ApprovalWithdrawn) and _recorded(item.event).is_also(signer) for item in stored)


def _recorded(event: ApprovalEvent) -> Signer:
    """Who an event says that signed, which proves nothing."""
    return Signer(event.signer, event.fingerprint)


def _event(kind: type[ApprovalEvent], plan: Plan, signer: Signer, signature: str, note: str | None) -> ApprovalEvent:
    try:
        return kind(
            network=plan.network,
            environment=plan.environment,
            plan=plan.digest,
            signer=signer.principal,
            fingerprint=signer.fingerprint,
            signature=signature,
            note=note,
        )
    except ValidationError as error:
        first = error.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"{first['loc'][0]}: {said}", subject=str(first["loc"][0])) from error


def _record(service: "Core", event: ApprovalEvent, version: int, command: str) -> ChangeResult:
    stream = plan_stream(event.network, event.plan)
    arguments = {"plan": event.plan, "environment": event.environment, "signer": event.signer}
    chain, request = open_request(service.actor, command, arguments, {stream: version})
    record = chain.record(stream, event, cause=request.event_id)
    batch = Append(events=(request, record), read={stream: version, request.aggregate_id: 0})
    return ChangeResult(request.correlation_id, service.store.append(batch))

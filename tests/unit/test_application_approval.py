"""Who may approve a plan, and how many people that makes: the policy, over signatures that are told apart by a table.

That signatures are what they say is tested with ssh-keygen, in tests/integration/test_bootstrap_signing.py.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cimnet_nornir.application.approval import (
    Approval,
    ApprovalPolicy,
    ApprovalRules,
    Signer,
    approval_message,
    approvers,
    withdrawal_message,
)
from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import ApprovalWithdrawn, ChangeRequested, PlanApproved
from cimnet_nornir.errors import (
    ApprovalMissing,
    ApprovalRefused,
    ConcurrencyConflict,
    InvalidInput,
    NotFound,
    SettingsError,
)
from cimnet_nornir.store import EventStore

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Seals:
    """Signatures without cryptography: a seal is "NAME: MESSAGE", and counts for those in `allowed`."""

    def __init__(self, *allowed: str) -> None:
        self.allowed = set(allowed)

    def verify(self, message: bytes, signature: str) -> Signer:
        name, _, signed = signature.partition(": ")
        if name not in self.allowed or signed.encode() != message:
            raise ApprovalRefused(f"{name} may not sign that", subject="allowed signers")
        return Signer(name.partition("#")[0], f"SHA256:{name}")


def seal(name: str, message: bytes) -> str:
    return f"{name}: {message.decode()}"


@pytest.fixture
def seals() -> Seals:
    return Seals("bob@example.net", "cat@example.net", "ann@example.net", "bob@example.net#second")


@pytest.fixture
def plan(small: NetworkService) -> Plan:
    return small.plan_from({"sw1": "hostname old\n"})


Wanting = Callable[..., NetworkService]


@pytest.fixture
def wanting(small: NetworkService, seals: Seals) -> Wanting:
    """Makes the service of a project that requires so many approvals."""

    def make(required: int, **signers: str) -> NetworkService:
        return NetworkService(
            small.store,
            small.network_name,
            engine=small.engine,
            actor=small.actor,
            folder=small.folder,
            approval=ApprovalRules(ApprovalPolicy(required, signers), seals),
        )

    return make


def test_a_plan_is_carried_out_once_somebody_else_approved_it(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    with pytest.raises(ApprovalMissing, match="wants 1 approval of a plan, and this one was approved by nobody; save"):
        service.deployment(plan)
    result = service.approve(plan, seal("bob@example.net", approval_message(plan)), note="looked at sw1")
    with service.deployment(plan) as deployment:
        deployment.push_started(plan.devices[0])
    request, approved = result.events
    assert isinstance(request.event, ChangeRequested)
    assert isinstance(approved.event, PlanApproved)
    assert (approved.causation_id, approved.correlation_id) == (request.event_id, request.event_id)
    assert (approved.aggregate_id, approved.version) == (f"plan:net/{plan.digest}", 1)
    assert (approved.event.signer, approved.event.fingerprint) == ("bob@example.net", "SHA256:bob@example.net")
    assert approved.event.note == "looked at sw1"


def test_no_approval_is_asked_for_where_none_is_required(wanting: Wanting, small: NetworkService, plan: Plan) -> None:
    for service in (small, wanting(0)):
        assert service.require_approved(plan) == {}
        with service.deployment(plan):
            pass
    with pytest.raises(SettingsError, match="without allowed signers"):
        small.approvals(plan)


def test_the_requirement_goes_with_a_service_that_acts_for_another_reason(wanting: Wanting, plan: Plan) -> None:
    with pytest.raises(ApprovalMissing):
        wanting(1).acting(reason="urgent").deployment(plan)


@pytest.mark.parametrize(
    ("author", "signers", "principal", "same"),
    [
        ("ann", {}, "ann", True),
        ("ann", {}, "ann@example.net", True),
        ("Ann", {}, "ann@example.net", True),
        ("ann@example.net", {}, "ann", True),
        ("ann", {}, "bob@example.net", False),
        ("ann@example.net", {}, "ann@example.org", False),
        ("ann", {"ann": "a.smith@example.net"}, "a.smith@example.net", True),
        ("ann", {"ann": "a.smith@example.net"}, "ann@example.net", True),
        ("ann", {"bob": "a.smith@example.net"}, "a.smith@example.net", False),
    ],
)
def test_the_author_is_known_by_actor_and_by_principal(
    author: str, signers: dict[str, str], principal: str, same: bool
) -> None:
    assert ApprovalPolicy(1, signers).is_author(Signer(principal, "SHA256:1"), author) is same


def test_an_author_is_known_by_any_name_of_the_key() -> None:
    assert ApprovalPolicy(1).is_author(Signer("team@example.net", "SHA256:1", ("ann@example.net",)), "ann")


def test_an_author_does_not_approve_a_plan_of_their_own(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    with pytest.raises(ApprovalRefused, match=r"ann@example\.net is the plan's author \(ann\)"):
        service.approve(plan, seal("ann@example.net", approval_message(plan)))
    mapped = wanting(1, ann="bob@example.net")
    with pytest.raises(ApprovalRefused, match="the plan's author"):
        mapped.approve(plan, seal("bob@example.net", approval_message(plan)))
    assert service.approvals(plan) == ()


def test_two_keys_of_one_person_count_once(wanting: Wanting, plan: Plan, store: EventStore) -> None:
    service = wanting(2)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    again = service.approve(plan, seal("bob@example.net#second", approval_message(plan)))
    assert (again.correlation_id, again.events) == (None, ())
    with pytest.raises(ApprovalMissing, match=r"wants 2 approvals of a plan, .* by bob@example\.net; save"):
        service.require_approved(plan)
    service.approve(plan, seal("cat@example.net", approval_message(plan)))
    assert service.require_approved(plan) == {f"plan:net/{plan.digest}": 2}


def test_people_are_counted_by_names_and_by_keys() -> None:
    def given(principal: str, key: str, problem: str = "") -> Approval:
        return Approval(Signer(principal, key), NOW, None, problem)

    counted = approvers(
        [
            given("bob@example.net", "SHA256:1"),
            given("bob", "SHA256:2"),
            given("robert@example.net", "SHA256:1"),
            given("cat", "SHA256:3", "withdrawn"),
            given("dan@example.net", "SHA256:4"),
            given("dan@example.org", "SHA256:5"),
        ]
    )
    assert [signer.principal for signer in counted] == ["bob@example.net", "dan@example.net", "dan@example.org"]


def test_an_approval_is_of_that_plan_in_that_environment_only(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    other = plan.model_copy(update={"devices": ()})
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    with pytest.raises(ApprovalMissing, match="by nobody"):
        service.require_approved(other)
    for message in (approval_message(other), withdrawal_message(plan), b""):
        with pytest.raises(ApprovalRefused, match="may not sign that"):
            service.approve(plan, seal("cat@example.net", message))
    elsewhere = plan.model_copy(update={"environment": "real"})
    with pytest.raises(InvalidInput, match="the plan is for 'net' in 'real', and this is 'net' in 'lab'"):
        service.approve(elsewhere, seal("bob@example.net", approval_message(elsewhere)))


def test_what_is_signed_never_changes(plan: Plan) -> None:
    fixed = f"network: net\nenvironment: lab\nplan: {plan.digest}\n".encode()
    assert approval_message(plan) == b"cimnet plan approval 1\n" + fixed
    assert withdrawal_message(plan) == b"cimnet plan approval withdrawn 1\n" + fixed


def test_a_withdrawn_approval_does_not_come_back(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    signature = seal("bob@example.net", approval_message(plan))
    with pytest.raises(NotFound, match=r"bob@example\.net has not approved this plan"):
        service.withdraw_approval(plan, seal("bob@example.net", withdrawal_message(plan)))
    service.approve(plan, signature)
    withdrawn = service.withdraw_approval(plan, seal("bob@example.net", withdrawal_message(plan)), note="called off")
    assert isinstance(withdrawn.events[1].event, ApprovalWithdrawn)
    with pytest.raises(ApprovalMissing, match=r"by nobody, not counting bob@example\.net \(withdrawn\)"):
        service.deployment(plan)
    for name in ("bob@example.net", "bob@example.net#second"):
        with pytest.raises(ApprovalRefused, match="withdrew the approval of this plan, for good; plan again"):
            service.approve(plan, seal(name, approval_message(plan)))
    assert service.withdraw_approval(plan, seal("bob@example.net#second", withdrawal_message(plan))).events == ()
    service.approve(plan, seal("cat@example.net", approval_message(plan)))
    assert [item.problem for item in service.approvals(plan)] == ["withdrawn", ""]
    service.require_approved(plan)


def test_nobody_withdraws_for_somebody_else(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    with pytest.raises(NotFound, match=r"cat@example\.net has not approved"):
        service.withdraw_approval(plan, seal("cat@example.net", withdrawal_message(plan)))
    with pytest.raises(ApprovalRefused):
        service.withdraw_approval(plan, seal("bob@example.net", approval_message(plan)))
    service.require_approved(plan)


def test_who_may_no_longer_sign_has_not_approved(wanting: Wanting, plan: Plan, seals: Seals) -> None:
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    seals.allowed.remove("bob@example.net")
    with pytest.raises(ApprovalMissing, match=r"by nobody, not counting bob@example\.net .* may not sign that"):
        service.deployment(plan)


def test_a_withdrawal_between_the_look_and_the_start_stops_the_deployment(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    deployment = service.deployment(plan)
    service.withdraw_approval(plan, seal("bob@example.net", withdrawal_message(plan)))
    with pytest.raises(ConcurrencyConflict), deployment:
        pass
    assert not list(service.store.read_all(types=["DeploymentStarted", "PushStarted"]))


def test_nothing_else_is_pushed_under_the_name_of_an_approved_plan(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    (device,) = plan.devices
    other = device.model_copy(update={"commands": (*device.commands, "no aaa new-model")})
    with service.deployment(plan) as deployment:
        with pytest.raises(ApprovalMissing, match="what was approved for sw1 is not this; plan again"):
            deployment.push_started(other)
        deployment.push_started(device)


def test_a_plan_made_of_parts_is_another_plan(wanting: Wanting, plan: Plan) -> None:
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    for parts in (service.plan_of(*plan.devices), service.plan_of()):
        with pytest.raises(ApprovalMissing, match=r"cimnet plan -o FILE.*cimnet approve FILE.*cimnet apply FILE"):
            service.deployment(parts)


@pytest.mark.parametrize("note", ["two\nlines", " "])
def test_a_note_is_one_line(wanting: Wanting, plan: Plan, note: str) -> None:
    with pytest.raises(InvalidInput, match="note: a text must be one line"):
        wanting(1).approve(plan, seal("bob@example.net", approval_message(plan)), note=note)


def test_events_of_approval_prove_nothing_by_themselves(wanting: Wanting, plan: Plan, small: NetworkService) -> None:
    """Whoever can write to the store can write an event, but no signature."""
    service = wanting(1)
    service.approve(plan, seal("bob@example.net", approval_message(plan)))
    (stored,) = service.store.read_stream(f"plan:net/{plan.digest}")
    assert isinstance(stored.event, PlanApproved)
    other = plan.model_copy(update={"author": "eve"})
    forged: dict[str, Any] = stored.event.model_dump() | {"plan": other.digest}
    chain, request = open_request(small.actor, "approve", {})
    record = chain.record(f"plan:net/{other.digest}", PlanApproved.model_validate(forged), cause=request.event_id)
    small.store.append(Append(events=(request, record)))
    assert [item.problem for item in service.approvals(other)] == ["bob@example.net may not sign that"]
    with pytest.raises(ApprovalMissing, match="by nobody"):
        service.require_approved(other)

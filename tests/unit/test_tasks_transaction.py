"""What a transaction asks of a plan before it begins."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.commands import Command
from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import StoreError, StoreUnavailable
from cimnet_nornir.processors import CimnetRecorder
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.memory import MemoryStore
from cimnet_nornir.tasks.transaction import Transaction, refusal

BEFORE = "hostname sw1\nspanning-tree mode pvst\ninterface GigabitEthernet0/1\n"


@pytest.fixture
def cutting(small: NetworkService) -> Plan:
    """A plan that cuts the way to its device."""
    plan = small.plan_from({"sw1": BEFORE})
    devices = [device.model_copy(update={"cuts": ("it shuts the port",)}) for device in plan.changes]
    return plan.model_copy(update={"devices": tuple(devices)})


def test_a_transaction_that_cuts_its_way_is_refused_unless_that_is_allowed(cutting: Plan) -> None:
    guards = {"sw1": "revert timer"}
    assert refusal(cutting, guards) == "sw1: it shuts the port"
    assert refusal(cutting, guards, allow_cut=True) == ""


class Unanswering(MemoryStore):
    """Loses the connection when a decision is stored, before or after it is durable."""

    durable = True

    def append_all(self, batches: Sequence[Append]) -> tuple[tuple[StoredEvent, ...] | StoreError, ...]:
        lost = any(record.type == "TransactionDecided" for batch in batches for record in batch.events)
        if lost and not self.durable:
            raise StoreUnavailable("the connection was lost")
        stored = MemoryStore.append_all(self, batches)
        if lost:
            raise StoreUnavailable("the connection was lost")
        return stored


@pytest.mark.parametrize(("durable", "decision"), [(True, "keep"), (False, "take back")])
def test_a_decision_that_is_durable_holds_although_the_store_did_not_answer(
    service_of: Callable[..., NetworkService],
    small_commands: tuple[Command, ...],
    durable: bool,
    decision: str,
) -> None:
    store = Unanswering(Codec(EVENT_TYPES), roots=ROOT_TYPES, clock=lambda: datetime.now(UTC))
    store.durable = durable
    service = service_of(store)
    service.execute(*small_commands, command="declare")
    with service.deployment(service.plan_of()) as deployment:
        transaction = Transaction(deployment, CimnetRecorder(service, deployment=deployment), workers=1)
        assert transaction.decide() == decision

"""What a transaction asks of a plan before it begins."""

import pytest

from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.tasks.transaction import refusal

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

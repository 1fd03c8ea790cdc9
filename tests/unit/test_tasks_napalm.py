"""What NAPALM and the libraries below it raise is known to our session with it: nothing of theirs escapes."""

import inspect
from types import ModuleType
from typing import TYPE_CHECKING, cast

import napalm.base.exceptions
import netmiko.exceptions
import paramiko.ssh_exception
import pytest
import scp

from cimnet_nornir.application.plan import Unread
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.errors import NotArmed
from cimnet_nornir.tasks.napalm_session import BROKEN, FAILURES
from cimnet_nornir.tasks.napalm_transport import NapalmTransport

if TYPE_CHECKING:
    from nornir.core.task import Task

    from cimnet_nornir.application.planning import Planner
    from cimnet_nornir.tasks.session import Session

LIBRARIES = (napalm.base.exceptions, netmiko.exceptions, paramiko.ssh_exception, scp)


def raised_by(library: ModuleType) -> list[type[Exception]]:
    return [
        item
        for item in vars(library).values()
        if inspect.isclass(item) and issubclass(item, Exception) and item.__module__ == library.__name__
    ]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.__name__)
def test_every_error_of_a_library_is_translated(library: ModuleType) -> None:
    errors = raised_by(library)
    assert errors
    assert [error for error in errors if not issubclass(error, FAILURES)] == []


def test_a_connection_that_breaks_is_told_from_a_refusal() -> None:
    assert issubclass(napalm.base.exceptions.ConnectionClosedException, BROKEN)
    assert issubclass(netmiko.exceptions.ReadTimeout, BROKEN)
    assert not issubclass(napalm.base.exceptions.MergeConfigException, BROKEN)


@pytest.mark.parametrize(
    "line", ["no ip nat inside source list 1 interface Dialer1 overload", "crypto key zeroize rsa"]
)
def test_a_line_that_wants_a_word_for_an_answer_is_not_merged(line: str) -> None:
    device = Unread(device="r1", name="r1", kind="router", outcome="failed", reason="").nothing
    # Nothing is asked of the task, the planner and the session before it is refused.
    transport = NapalmTransport(cast("Task", None), cast("Planner", None), device, PushOptions(method="napalm"), "")
    with pytest.raises(NotArmed, match=r"r1 may ask back .* say --method netmiko"):
        transport.send(cast("Session", None), ["interface Gi0/0", line], lambda: None)

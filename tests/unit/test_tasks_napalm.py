"""What NAPALM and the libraries below it raise is known to our session with it: nothing of theirs escapes."""

import inspect
from types import ModuleType

import napalm.base.exceptions
import netmiko.exceptions
import paramiko.ssh_exception
import pytest
import scp

from cimnet_nornir.tasks.napalm_session import BROKEN, FAILURES

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

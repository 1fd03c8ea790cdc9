"""Leases of processes that died, and what a new holder learns of the one before."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import StoreError
from cimnet_nornir.store import EventStore, leases, open_store

HOLD = """
import sys
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.store import open_store
with open_store(sys.argv[1], EVENT_TYPES, roots=ROOT_TYPES).lease("push:sw1", "anna", seconds=600):
    print("held", flush=True)
    sys.stdin.read()
"""


def opened(folder: Path) -> EventStore:
    return open_store(f"sqlite:///{folder}/events.db", EVENT_TYPES, roots=ROOT_TYPES)


def test_a_lease_of_a_process_that_was_killed_is_taken_over_at_once(tmp_path: Path) -> None:
    store = opened(tmp_path)
    program = [sys.executable, "-c", HOLD, store.url]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="held by anna"), store.lease("push:sw1", "bo", seconds=10):
            pytest.fail("two holders")
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = datetime.now(UTC)
    with store.lease("push:sw1", "bo", seconds=10) as lease:
        assert lease.vacated is not None
        assert before <= lease.vacated <= datetime.now(UTC)
    store.close()


def test_a_holder_learns_when_the_one_before_let_go(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.lease("push:sw1", "anna", seconds=10) as first:
        assert first.vacated is None
        began = datetime.now(UTC)
    with store.lease("push:sw1", "bo", seconds=10) as second:
        assert second.vacated is not None
        assert began <= second.vacated <= datetime.now(UTC)
        second.renew()
        assert second.vacated <= datetime.now(UTC)
    store.close()


@pytest.mark.parametrize("token", ["", "abc", "elsewhere|pid:[1]|1|abc", "elsewhere|0|abc"])
def test_a_process_of_which_nothing_can_be_known_counts_as_alive(token: str) -> None:
    assert not leases._has_died(token)


def test_a_process_that_may_not_be_asked_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(process: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert not leases._has_died(leases._token())

"""The use cases over SQLite: several processes at once, and what is there again after a store was reopened."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.projections.intent import load_saved, save
from cimnet_nornir.store import EventStore, open_store

ServiceMaker = Callable[..., NetworkService]

# What each process does when it is told to: the commands of its turn, each a change of its own.
WRITER = """
import json, sys
from datetime import UTC, datetime
from ipaddress import IPv4Interface
from uuid import uuid4
from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.store import open_store

url, name, device = sys.argv[1:]
store = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
service = NetworkService(store, "net", actor=Actor(name, lambda: datetime.now(UTC), uuid4))
service.intent()
print("ready", flush=True)
sys.stdin.readline()
told = {}
for number in range(20, 26):
    address = RoutedInterface(addresses=(IPv4Interface(f"198.51.100.{4 * number + 1}/30"),))
    for key, command in (
        (f"vlan {number}", c.CreateVlan(device="sw1", vlan=number)),
        (
            f"address {number}",
            c.ConfigureRouterInterface(device=device, interface=f"Loopback{number}", configuration=address),
        ),
    ):
        try:
            service.execute(command)
            told[key] = "recorded"
        except CimnetError as error:
            told[key] = type(error).__name__
store.close()
print(json.dumps(told))
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/events.db"


@pytest.fixture
def sqlite(url: str) -> Iterator[EventStore]:
    opened = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
    yield opened
    opened.close()


def writer(url: str, name: str, device: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, name, device], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_at_once_never_record_the_same_thing_twice(
    url: str, sqlite: EventStore, service_of: ServiceMaker, small_commands: tuple[c.Command, ...]
) -> None:
    """Each wants the same VLANs and the same addresses: one has each, the other is told so by a typed error."""
    service = service_of(sqlite)
    service.execute(*small_commands)
    details = service.network().devices["r1"].details
    service.execute(c.AddRouter(device="r2", name="r2", details=details))

    writers = [writer(url, name, device) for name, device in (("ann", "r1"), ("bob", "r2"))]
    for process in writers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    told = [json.loads(process.communicate("go\n", timeout=60)[0]) for process in writers]
    assert [process.returncode for process in writers] == [0, 0]

    refusals = {"vlan": "VlanAlreadyExists", "address": "DuplicateIpAddress"}
    for key in told[0]:
        assert sorted(answers[key] for answers in told) == sorted(["recorded", refusals[key.split()[0]]]), (key, told)
    created = [event.event.model_dump()["vlan"] for event in sqlite.read_all(types=["VlanCreated"])]
    assert sorted(created) == [10, *range(20, 26)]
    addresses = [
        address
        for device in service.network().devices.values()
        for routed in device.interfaces.values()
        for address in routed.addresses
    ]
    assert len(addresses) == len(set(addresses)) == 7
    assert sqlite.verify().ok


def test_rows_and_events_are_there_again_in_a_reopened_store(
    url: str, service_of: ServiceMaker, small_commands: tuple[c.Command, ...]
) -> None:
    first = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
    service = service_of(first)
    service.execute(*small_commands)
    save(first, service.intent())
    blame = service.blame()
    service.execute(c.CreateVlan(device="sw2", vlan=30))
    intent = service.intent()
    first.close()

    second = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
    try:
        again = service_of(second)
        assert 0 < load_saved(second, "net").position < intent.position
        assert again.intent() == intent
        assert again.intent(at=intent.position) == intent
        assert again.blame()["sw1"] == blame["sw1"]
        assert again.blame() == again.blame(intent.position)
    finally:
        second.close()

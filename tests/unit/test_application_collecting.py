"""What devices say is kept for a time; what changed becomes an event, and nothing else does."""

import json
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.collecting import CollectReport, collect
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import DeviceFacts, DeviceStatus, PortState, SeenNeighbor
from cimnet_nornir.application.observing import digest_of, latest_neighbors, ports_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.domain.lifecycle import Trigger
from cimnet_nornir.errors import AuthenticationRefused, DeviceUnreachable
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.projections.observed import load_observed
from cimnet_nornir.store import Codec, EventStore, Observation, open_store
from cimnet_nornir.store.sql import SqlStore
from cimnet_nornir.store.sqlite import SqliteDatabase
from tests.conftest import SMALL
from tests.unit.memory_devices import MemoryDevice, MemoryDevices

ServiceMaker = Callable[..., NetworkService]
NOON = datetime.now(UTC).replace(microsecond=0)
GONE = DeviceUnreachable("sw1: no answer from 192.0.2.11 within 5 s\nsecond line", subject="sw1")
TYPES = ("RouterStatusChanged", "SwitchStatusChanged", "HostStatusChanged", "PortStatisticsRecorded")
G1, G2, G3 = (f"GigabitEthernet0/{number}" for number in (1, 2, 3))


@dataclass
class Watched:
    """The small network's devices and whoever asks them."""

    service: NetworkService
    port: MemoryDevices

    def sw1(self) -> MemoryDevice:
        return self.port.devices["sw1"]

    def ask(self, *names: str, keep: timedelta = timedelta(days=7)) -> CollectReport:
        """One round, now."""
        self.port.now = max(datetime.now(UTC), self.port.now + timedelta(microseconds=1))
        return collect(self.service, self.port, names or None, keep=keep)

    def told(self, *names: str) -> list[str]:
        """The events of one round, in words."""
        return [words(stored) for stored in self.ask(*names).recorded]

    def status(self, device: str = "sw1", at: int | None = None) -> DeviceStatus:
        return device_statuses(self.service, at)[device]


def words(stored: StoredEvent) -> str:
    event = stored.event
    if isinstance(event, e.StatusChanged):
        return f"{event.device} {event.old} {event.new}"
    assert isinstance(event, e.PortStatisticsRecorded)
    changed = "".join(f" {change.port[-1]}:{change.old}>{change.new}" for change in event.changed)
    return f"{event.device}{changed}" + "".join(f" {port[-1]}!" for port in event.rising)


def device(*up: str, down: Collection[str] = ()) -> MemoryDevice:
    made = MemoryDevice(facts=DeviceFacts(uptime=60, cpu=7.0, memory_used=1, memory_total=4))
    for port in (*up, *down):
        made.set(port, up=port in up)
    return made


@pytest.fixture
def watched(small: NetworkService) -> Watched:
    devices = {"sw1": device(G1, down=[G2]), "sw2": device(G1), "r1": device(G1)}
    return Watched(small, MemoryDevices(devices, NOON))


@pytest.fixture
def known(watched: Watched) -> Watched:
    """Asked once, so that all is known."""
    watched.ask()
    return watched


def test_the_first_look_tells_that_devices_are_up_and_how_their_ports_are(watched: Watched) -> None:
    report = watched.ask()
    assert [words(stored) for stored in report.recorded] == [
        "r1 None up", "r1 1:None>up",
        "sw1 None up", "sw1 1:None>up 2:None>down",
        "sw2 None up", "sw2 1:None>up",
    ]  # fmt: skip
    (request,) = {stored.correlation_id for stored in report.recorded}
    head = watched.service.store.find(request)
    assert head is not None
    assert isinstance(head.event, e.ChangeRequested)
    assert head.event.arguments == {"environment": "lab", "devices": ["r1", "sw1", "sw2"]}
    assert report.outcomes == {"r1": "up", "sw1": "up", "sw2": "up"}
    assert watched.service.store.verify().ok


def test_nothing_new_is_no_event_and_counters_are_kept_all_the_same(known: Watched) -> None:
    head = known.service.store.head()
    for octets in (1_000, 2_000):
        known.sw1().set(G1, in_octets=octets)
        assert known.told() == []
    assert known.service.store.head() == head
    kept = known.service.store.observations("lab:net/sw1", "ports")
    assert [ports_of(row)[0].in_octets for row in kept] == [0, 1_000, 2_000]


def test_a_port_that_goes_down_comes_back_is_shut_or_gone_is_told_once(known: Watched) -> None:
    known.sw1().set(G1, up=False)
    assert known.told() == ["sw1 1:up>down"]
    assert known.told() == []
    known.sw1().set(G1, up=False, enabled=False)
    assert known.told() == ["sw1 1:down>disabled"]
    known.sw1().set(G1, up=True, enabled=True)
    del known.sw1().ports[G2]
    assert known.told() == ["sw1 1:disabled>up 2:down>None"]
    known.sw1().set(G3)
    (event,) = known.ask().recorded
    assert words(event) == "sw1 3:None>up"
    assert isinstance(event.event, e.PortStatisticsRecorded)
    assert (event.event.up, event.event.down, event.event.disabled) == (2, 0, 0)


def test_the_event_names_what_the_device_said_by_its_digest(known: Watched) -> None:
    known.sw1().set(G1, up=False, in_errors=3)
    (stored,) = known.ask().recorded
    (row,) = known.service.store.observations("lab:net/sw1", "ports", newest=1)
    assert isinstance(stored.event, e.PortStatisticsRecorded)
    assert stored.event.digest == digest_of(row.data)
    assert stored.event.errors == 3


def test_errors_are_told_when_they_begin_to_rise_and_when_they_begin_again(known: Watched) -> None:
    rounds = {0: [], 5: ["sw1 1!"], 9: [], 12: []}
    assert {errors: told(known, errors) for errors in rounds} == rounds
    assert told(known, 12) == []
    assert told(known, 13) == ["sw1 1!"]


def told(known: Watched, errors: int) -> list[str]:
    known.sw1().set(G1, in_errors=errors)
    return known.told()


def test_counters_that_were_reset_are_no_rise_unless_they_count_again(known: Watched) -> None:
    assert told(known, 7) == ["sw1 1!"]
    assert told(known, 7) == []
    assert told(known, 0) == []
    assert told(known, 2) == ["sw1 1!"]


def test_a_device_that_does_not_answer_is_unreachable_with_the_reason_in_one_line(known: Watched) -> None:
    before = known.status()
    known.sw1().silent = GONE
    (stored,) = known.ask().recorded
    assert words(stored) == "sw1 up unreachable"
    assert stored.reason == "no answer from 192.0.2.11 within 5 s second line"
    status = known.status()
    assert (status.health, status.reachability, status.reason) == ("unreachable", "unreachable", stored.reason)
    assert (status.since, status.seen) == (stored.recorded_at, before.seen)
    assert status.facts == before.facts
    assert known.told() == []
    known.sw1().silent = None
    assert known.told() == ["sw1 unreachable up"]
    assert (known.status().health, known.status().reason) == ("ok", "")


def test_one_that_refuses_to_be_asked_has_failed_and_is_not_seen(known: Watched) -> None:
    known.sw1().silent = AuthenticationRefused("sw1: the password was refused", subject="sw1")
    report = known.ask()
    assert report.outcomes["sw1"] == "failed"
    assert [words(stored) for stored in report.recorded] == ["sw1 up unreachable"]


def test_only_the_devices_that_are_named_are_asked_and_those_nobody_can_ask_are_left_out(watched: Watched) -> None:
    assert watched.told("sw2") == ["sw2 None up", "sw2 1:None>up"]
    del watched.port.devices["r1"]
    report = watched.ask("sw2", "r1")
    assert report.left_out == ("r1",)
    assert report.answers.keys() == {"sw2"}


def test_what_is_out_of_service_is_asked_only_by_name(watched: Watched) -> None:
    for trigger in (Trigger.COMMISSIONED, Trigger.DECOMMISSIONING_STARTED, Trigger.DECOMMISSIONED):
        watched.service.announce(["sw1"], trigger)
    assert watched.ask().answers.keys() == {"sw2", "r1"}
    assert watched.ask("sw1").answers.keys() == {"sw1"}


def test_what_is_seen_in_one_environment_says_nothing_of_another(known: Watched, service_of: ServiceMaker) -> None:
    real = service_of(known.service.store, environment="real")
    assert device_statuses(real)["sw1"].health == "unknown"
    assert len(collect(real, known.port).recorded) == 6
    known.sw1().silent = GONE
    known.ask()
    assert device_statuses(real)["sw1"].reachability == "up"


def test_the_state_is_what_was_seen_last_with_counts_and_errors(known: Watched) -> None:
    status = known.status()
    assert (status.health, status.reachability, status.seen) == ("ok", "up", known.port.now)
    assert (status.ports_up, status.ports_down, status.port_errors) == (1, 1, 0)
    assert status.facts is not None
    assert (status.facts.uptime, status.facts.cpu, status.facts.memory) == (60, 7.0, 25.0)
    known.sw1().set(G2, enabled=False, out_errors=2)
    known.ask()
    assert (known.status().ports_down, known.status().port_errors) == (0, 2)


def test_the_state_of_a_moment_is_what_was_known_then(small: NetworkService) -> None:
    devices = MemoryDevices({"sw1": device(G1)}, datetime.now(UTC))
    before = small.store.head()
    collect(small, devices, ["sw1"])
    first = small.store.head()
    devices.devices["sw1"].silent = GONE
    collect(small, devices, ["sw1"])
    assert [device_statuses(small, at)["sw1"].reachability for at in (before, first, None)] == [
        None, "up", "unreachable",
    ]  # fmt: skip
    assert device_statuses(small, before)["sw1"].facts is None
    assert device_statuses(small, before)["sw1"].seen is None
    assert device_statuses(small, first)["sw1"].facts is not None
    assert device_statuses(small, 0) == {}


def test_ports_are_known_from_events_where_observations_are_gone(known: Watched) -> None:
    known.port.now += timedelta(days=30)
    at = known.service.store.head()
    known.sw1().set(G1, up=False)
    known.ask(keep=timedelta(days=1))
    assert len(known.service.store.observations("lab:net/sw1", "ports")) == 1
    then, now = known.status(at=at), known.status()
    assert (then.facts, then.ports_up, then.ports_down) == (None, 1, 1)
    assert (now.ports_up, now.ports_down) == (0, 2)


def overtaken(known: Watched, engine: IosEngine, meanwhile: Callable[[], object]) -> NetworkService:
    """A service to whom something happens after the devices have answered, and before what changed is appended.

    It looks at its clock when it begins to ask, and then for its first event.
    """
    looks: list[datetime] = []

    def clock() -> datetime:
        looks.append(datetime.now(UTC))
        if len(looks) == 2:
            meanwhile()
        return looks[-1]

    return NetworkService(known.service.store, "net", engine=engine, actor=Actor("bob", clock, uuid4))


def test_whoever_decided_by_an_older_state_decides_again(known: Watched, engine: IosEngine) -> None:
    others: list[str] = []
    known.sw1().silent = GONE
    slow = overtaken(known, engine, lambda: others.extend(known.told()))
    assert collect(slow, known.port).recorded == ()
    assert others == ["sw1 up unreachable"]
    assert [stored.version for stored in known.service.store.read_stream("status:lab:net/sw1")] == [1, 2]


def test_an_answer_that_was_overtaken_takes_nothing_newer_back(known: Watched, engine: IosEngine) -> None:
    """It was up when it was asked; somebody who asked later has told already that it is down."""
    others: list[str] = []

    def meanwhile() -> None:
        known.sw1().set(G1, up=False, in_errors=1)
        others.extend(known.told())

    known.port.devices["sw2"].set(G1, up=False)
    known.port.now = datetime.now(UTC)
    assert collect(overtaken(known, engine, meanwhile), known.port).recorded == ()
    assert others == ["sw1 1:up>down 1!", "sw2 1:up>down"]
    assert known.told() == []


def test_a_disk_that_is_full_is_told_in_a_line(tmp_path: Path, service_of: ServiceMaker) -> None:
    database = SqliteDatabase(tmp_path / "events.db")
    store = SqlStore(database, Codec(EVENT_TYPES), roots=ROOT_TYPES, clock=lambda: datetime.now(UTC))
    service = service_of(store)
    service.execute(*SMALL, command="declare")
    port = MemoryDevices({"sw1": device(G1)}, NOON)
    collect(service, port)
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite's own limit: the pages there are
    port.now += timedelta(minutes=1)
    port.devices["sw1"].set(G1, description=random.Random(1).randbytes(50_000).hex())
    report = collect(service, port)
    assert report.outcomes == {"sw1": "up"}
    (line,) = report.trouble
    assert line.startswith("what 1 device said is not kept: event store ")
    assert line.endswith("no space is left for it")
    store.close()


def test_what_devices_hear_is_kept_in_one_order(known: Watched) -> None:
    heard = [SeenNeighbor(port=G2, name="b", remote_port=G1, protocol="lldp"),
             SeenNeighbor(port=G1, name="a.example.net", remote_port=G1, protocol="cdp", platform="cisco")]  # fmt: skip
    for neighbors in (tuple(heard), tuple(reversed(heard))):
        known.sw1().neighbors = neighbors
        known.ask()
    one, two = known.service.store.observations("lab:net/sw1", "neighbors", newest=2)
    assert one.data == two.data
    assert latest_neighbors(known.service.store, "lab", "net", None)["sw1"] == (heard[1], heard[0])
    assert json.loads(one.data)[1] == {"port": G2, "name": "b", "remote_port": G1, "protocol": "lldp"}


def test_rows_carry_the_fold_on_and_give_the_same(known: Watched) -> None:
    store = known.service.store
    known.sw1().set(G1, up=False)
    known.ask()
    fresh = load_observed(store, "net", "lab", save_after=10**6)
    kept = load_observed(store, "net", "lab", save_after=1)
    assert store.load_rows("observed-2")
    known.sw1().set(G1, up=True)
    known.ask()
    carried, whole = load_observed(store, "net", "lab"), load_observed(store, "net", "lab", until=store.head())
    assert (fresh, carried) == (kept, whole)
    assert carried["sw1"].ports == {G1: "up", G2: "down"}


def test_a_port_says_the_same_in_as_few_bytes_as_it_can() -> None:
    rows = [PortState(name=G1, enabled=True, up=True)]
    assert ports_of(
        Observation("s", "ports", NOON, b'[{"name":"%s","enabled":true,"up":true}]' % G1.encode())
    ) == tuple(rows)


def test_a_file_keeps_it_over_programs(tmp_path: Path, service_of: ServiceMaker) -> None:
    url = f"sqlite:///{tmp_path}/events.db"

    def opened() -> EventStore:
        return open_store(url, EVENT_TYPES, roots=ROOT_TYPES)

    store = opened()
    service = service_of(store)
    service.execute(*SMALL, command="declare")
    collect(service, MemoryDevices({"sw1": device(G1)}, NOON))
    before = device_statuses(service)
    store.close()
    again = opened()
    assert device_statuses(service_of(again)) == before
    again.close()

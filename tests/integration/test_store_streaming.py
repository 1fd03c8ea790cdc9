"""Export, import, verification and rebuilding of a long log take no more memory than those of a short one."""

import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.domain.events import (
    EVENT_TYPES,
    ROOT_TYPES,
    ChangeRequested,
    DeviceDetails,
    DeviceRenamed,
    NetworkCreated,
    SwitchAdded,
)
from cimnet_nornir.domain.streams import device_stream, network_stream
from cimnet_nornir.projections.hosts import load_hosts
from cimnet_nornir.projections.intent import load_intent
from cimnet_nornir.store import EventStore, open_store, sql, sql_reading, sql_walking
from cimnet_nornir.store.export import export_events, import_events

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHORT, LONG = 200, 800
"""Requests, with an event each; the pages below are shorter than either."""


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((sql_reading, "PAGE"), (sql_walking, "WALK_PAGE"), (sql, "WALK_PAGE")):
        monkeypatch.setattr(module, name, 100)


def batches(count: int) -> Iterator[Append]:
    """A network that stays as large as it is: one device is renamed again and again, on request."""
    details = DeviceDetails(vendor="cisco", platform="ios")
    facts = [
        (network_stream("net"), NetworkCreated(name="net")),
        (device_stream("net", "sw1"), SwitchAdded(network="net", device="sw1", name="sw1", details=details)),
    ]
    facts += [(device_stream("net", "sw1"), DeviceRenamed(name=f"name{number}")) for number in range(count - 2)]
    for number, (stream, event) in enumerate(facts):
        cause = uuid4()
        request = ChangeRequested(command="rename", arguments={"number": number})
        first = EventRecord(cause, f"request:{cause}", 1, cause, cause, NOW, "ann", request)
        second = EventRecord(uuid4(), stream, max(number, 1), cause, cause, NOW, "ann", event)
        yield Append((first, second), claim={f"name:{number}": stream})


def filled(url: str, count: int) -> EventStore:
    store = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
    outcomes = store.append_all(tuple(batches(count)))
    assert all(isinstance(outcome, tuple) for outcome in outcomes)
    return store


def peak(work: Callable[[], object]) -> int:
    """The most bytes that Python held at once beyond what it held before, the second time: imports are no matter."""
    work()
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.collect()  # from here on the collector compares with nothing, and lets no garbage wait: it is no matter either
    gc.set_threshold(20, 1, 1)
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*thresholds)
        gc.unfreeze()


class Discarded(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


def exported(store: EventStore) -> str:
    out = io.StringIO()
    export_events(store, out)
    return out.getvalue()


WORK: dict[str, Callable[[EventStore], object]] = {
    "export": lambda store: export_events(store, Discarded()),
    "verify": lambda store: store.verify(),
    "intent": lambda store: load_intent(store, "net", until=store.head()),
    "inventory": lambda store: load_hosts(store, "net", "lab"),
}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_log_four_times_as_long_takes_no_more_memory(
    request: pytest.FixtureRequest, backend: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/events.db" if backend == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(filled(url, SHORT)) as store:
        assert store.verify().ok
        short = {name: peak(lambda: work(store)) for name, work in WORK.items()}  # noqa: B023 - called at once
        store.append_all(tuple(batches(LONG))[SHORT:])
        assert store.verify().ok
        assert store.head() == 2 * LONG
        long = {name: peak(lambda: work(store)) for name, work in WORK.items()}  # noqa: B023 - the same
    assert {name: (short[name], long[name]) for name in WORK if long[name] > 1.5 * short[name]} == {}


@pytest.mark.slow
def test_an_import_four_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (SHORT, LONG):
        with closing(filled(f"sqlite:///{tmp_path}/{count}.db", count)) as store:
            (tmp_path / "export.jsonl").write_text(exported(store), encoding="utf-8")
        numbers = iter(range(2))

        def take_in() -> None:
            url = f"sqlite:///{tmp_path}/copy-{count}-{next(numbers)}.db"  # noqa: B023 - called at once
            with (
                closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as copy,
                (tmp_path / "export.jsonl").open(encoding="utf-8") as lines,
            ):
                assert import_events(copy, lines) == 2 * count  # noqa: B023 - the same

        peaks.append(peak(take_in))
    less, more = peaks
    assert more < 1.5 * less, (less, more)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_what_was_exported_and_imported_is_exported_the_same(
    request: pytest.FixtureRequest, backend: str, tmp_path: Path
) -> None:
    """Over many pages: reservations, contents and hashes stand where they stood."""
    url = f"sqlite:///{tmp_path}/copy.db" if backend == "sqlite" else request.getfixturevalue("postgresql_url")
    with (
        closing(filled(f"sqlite:///{tmp_path}/events.db", 150)) as store,
        closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as copy,
    ):
        kept = store.checkpoint()
        text = exported(store)
        assert import_events(copy, text.splitlines()) == 300
        assert exported(copy) == text
        assert copy.reservations() == store.reservations()
        report = copy.verify(kept=[kept])
        assert report.ok
        assert (report.events, report.streams, report.checkpoints) == (300, 152, 1)
        assert copy.append(Append(next(batches(1)).events[:1]))[0].position == 301

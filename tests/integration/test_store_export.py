"""Export to lines and import into an empty store."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import StoreCorrupt, StoreError
from cimnet_nornir.store import EventStore, open_store
from cimnet_nornir.store.export import export_events, import_events

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ChangeRequested(Event):
    pass


class ConfigurationSaved(Event):
    text: str


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested, "ConfigurationSaved": ConfigurationSaved}


def filled() -> EventStore:
    store = open_store("memory:", TYPES)
    name = store.put_blob(b"hostname sw1\n")
    cause = uuid4()
    first = EventRecord(cause, "request-1", 1, cause, cause, NOW, "anna", ChangeRequested())
    facts = (name, name, "sha256:" + "0" * 64)
    saved = (
        EventRecord(uuid4(), "device-1", number, cause, cause, NOW, "anna", ConfigurationSaved(text=text))
        for number, text in enumerate(facts, start=1)
    )
    store.append(Append((first, *saved), claim={"host sw1": "device-1"}))
    return store


def exported(store: EventStore) -> list[str]:
    out = io.StringIO()
    export_events(store, out)
    return out.getvalue().splitlines()


def test_a_line_is_the_whole_event() -> None:
    store = filled()
    lines = [json.loads(line) for line in exported(store)]
    assert list(lines[0]) == [
        "position", "recorded_at", "hash", "actor", "aggregate_id", "causation_id", "correlation_id", "data",
        "event_id", "reason", "schema_version", "timestamp", "type", "version",
    ]  # fmt: skip
    assert [line["position"] for line in lines] == [1, 2, 3, 4]
    assert lines[3]["reserves"] == {"host sw1": "device-1"}
    assert [len(line.get("blobs", {})) for line in lines] == [0, 1, 0, 0]


def test_an_imported_store_goes_on_where_the_exported_one_stood(tmp_path: Path) -> None:
    store = filled()
    kept = store.checkpoint()
    target = open_store(f"sqlite:///{tmp_path}/events.db", TYPES)
    assert import_events(target, [*exported(store), "\n"]) == 4
    assert exported(target) == exported(store)
    assert target.get_blob(target.put_blob(b"hostname sw1\n")) == b"hostname sw1\n"
    assert target.owner_of("host sw1") == "device-1"
    assert target.verify(kept=[kept]).ok
    cause = UUID(json.loads(exported(store)[0])["event_id"])
    later = EventRecord(uuid4(), "device-1", 4, cause, cause, NOW, "anna", ConfigurationSaved(text="x"))
    assert target.append(Append((later,)))[0].position == 5
    target.close()


def test_only_an_empty_store_is_filled() -> None:
    with pytest.raises(StoreError, match="only an empty store"):
        import_events(filled(), [])


def altered(**keys: object) -> str:
    return json.dumps(json.loads(exported(filled())[0]) | keys)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1 is no exported event"),
        ("[]", "no JSON object"),
        ("{}", "it has no 'position'"),
        (altered(position="1"), "position should be a number"),
        (altered(type=3), "type should be text"),
        (altered(recorded_at="2026-03-01"), "zone"),
        (altered(recorded_at="2026-03-01T00:00:00+01:00"), "UTC with microseconds"),
        (altered(actor="bo"), "event 1: .*the hash of version 1 does not fit its bytes"),
        (altered(version=2), "events are missing"),
        (altered(position=0), "stands after position 0"),
        (altered(reserves=[1]), "reserves should map texts to texts"),
        (altered(blobs={"sha256:0": 1}), "blobs should map texts to texts"),
        (altered(blobs={"sha256:0": "!"}), "base64"),
        (altered(blobs={"sha256:0": "AAAA"}), "cannot be unpacked"),
        (altered(blobs={"sha256:0": "eJwDAAAAAAE="}), "does not fit that name"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_imported(line: str, problem: str) -> None:
    target = open_store("memory:", TYPES)
    with pytest.raises(StoreCorrupt, match=problem):
        import_events(target, [line])
    assert target.head() == 0


def test_a_missing_line_is_found() -> None:
    lines = exported(filled())
    with pytest.raises(StoreCorrupt, match="version 2 follows 0"):
        import_events(open_store("memory:", TYPES), [lines[0], *lines[2:]])


def test_an_export_ends_with_the_events_there_were_when_it_began() -> None:
    store = filled()

    class Growing(io.StringIO):
        def write(self, text: str) -> int:
            cause = uuid4()
            store.append(Append((EventRecord(cause, f"r-{cause}", 1, cause, cause, NOW, "bo", ChangeRequested()),)))
            return super().write(text)

    out = Growing()
    assert export_events(store, out) == 4
    assert len(out.getvalue().splitlines()) == 4

"""Times the way from a log to an inventory: folded from nothing, and read from the projection table.

    python benchmarks/inventory.py [--events 50000] [--devices 500]

The full size is `--events 1000000 --devices 10000`. Beside the fold stands plain sqlite3 with `json.loads` over the
same rows, which is the least that reading a whole log of JSON can cost (hosts are told by few types of events: the fold
asks for those alone; the last figure is that of the whole intent); beside the table, the same over the table's rows.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID, uuid4

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.domain.events import (
    EVENT_TYPES,
    ROOT_TYPES,
    ChangeRequested,
    DeviceDetails,
    NetworkCreated,
    PortConfigured,
    SwitchAdded,
)
from cimnet_nornir.domain.streams import device_stream, network_stream
from cimnet_nornir.domain.values import AccessMode, PortConfiguration
from cimnet_nornir.projections import hosts
from cimnet_nornir.projections.hosts import load_hosts
from cimnet_nornir.projections.intent import load_intent
from cimnet_nornir.store import EventStore, open_store

PORTS = tuple(f"GigabitEthernet1/0/{port}" for port in range(1, 49))
AT_ONCE = 2_000
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def facts(events: int, devices: int) -> Iterator[tuple[str, int, Event]]:
    """Stream, version and event: every switch is added, then their ports are configured again and again in turn."""
    details = DeviceDetails(vendor="cisco", platform="ios", role="access", site="hq")
    yield network_stream("bench"), 1, NetworkCreated(name="bench")
    for number in range(devices):
        device = f"sw{number:05}"
        added = SwitchAdded(network="bench", device=device, name=device, details=details, ports=PORTS)
        yield device_stream("bench", device), 1, added
    for count in range(events - devices - 2):
        turn, number = divmod(count, devices)
        configuration = PortConfiguration(description=f"turn {turn}", switching=AccessMode(vlan=2 + turn % 100))
        event = PortConfigured(port=PORTS[turn % len(PORTS)], configuration=configuration)
        yield device_stream("bench", f"sw{number:05}"), turn + 2, event


def fill(store: EventStore, events: int, devices: int) -> None:
    """A log of that many events, the request behind them included."""
    cause = uuid4()
    request = EventRecord(cause, f"request:{cause}", 1, cause, cause, NOW, "bench", ChangeRequested(command="declare"))
    store.append(Append((request,)))
    records = (_record(cause, *fact) for fact in facts(events, devices))
    while batch := tuple(islice(records, AT_ONCE)):
        store.append(Append(batch))


def _record(cause: UUID, stream: str, version: int, event: Event) -> EventRecord:
    return EventRecord(uuid4(), stream, version, cause, cause, NOW, "bench", event)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plain(file: str, statement: str, *values: str) -> int:
    """Reads and parses a column of JSON, one value at a time; returns how many there were."""
    with closing(sqlite3.connect(file)) as connection:
        return sum(1 for (state,) in connection.execute(statement, values) if state and json.loads(state))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/events.db"
        url = f"sqlite:///{file}"
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
            fill(store, options.events, options.devices)
            print(f"{store.head()} events, {options.devices} devices of {len(PORTS)} ports")
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
            cold = seconds(lambda: load_hosts(store, "bench", "lab"))
            warm = seconds(lambda: load_hosts(store, "bench", "lab"))
            whole = seconds(lambda: load_intent(store, "bench"))
        log = "SELECT state FROM stored_events ORDER BY position"
        table = "SELECT state FROM projections WHERE projection = ?"
        plain_log = seconds(lambda: plain(file, log))
        plain_table = seconds(lambda: plain(file, table, hosts.PROJECTION))
    print(f"{'inventory':<34}{'seconds':>10}{'plain':>10}{'ratio':>8}")
    print(f"{'from the log, keeping the rows':<34}{cold:>10.2f}{plain_log:>10.2f}{cold / plain_log:>8.1f}")
    print(f"{'the whole intent from the log':<34}{whole:>10.2f}{plain_log:>10.2f}{whole / plain_log:>8.1f}")
    print(f"{'from the projection table':<34}{warm:>10.3f}{plain_table:>10.3f}{warm / plain_table:>8.1f}")
    print(f"the table is {cold / warm:.0f} times as fast as the log")
    return 0


if __name__ == "__main__":
    sys.exit(main())

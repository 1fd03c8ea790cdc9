"""Times one command through decision, append and projection, beside plain sqlite3 that stores the same bytes.

    python benchmarks/change.py [--devices 1000] [--runs 200]

The command configures a port of one switch among many. What plain sqlite3 does is the least an event store can do: one
transaction with the rows of the request and of its event, in the same tables with the same indexes.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, DeviceDetails
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration
from cimnet_nornir.projections.intent import open_intent
from cimnet_nornir.store import EventStore, open_store
from cimnet_nornir.store.rows import EventRow

MOST_MILLISECONDS = 10.0
PORTS = tuple(f"GigabitEthernet1/0/{port}" for port in range(1, 49))
CONFIGURED, AT_ONCE = 8, 100
INSERT = f"INSERT INTO stored_events VALUES ({', '.join('?' * len(EventRow._fields))})"


def switch(number: int) -> tuple[c.Command, ...]:
    """An access switch of 48 ports, some configured, in a chain with the others."""
    device = f"sw{number:05}"
    details = DeviceDetails(vendor="cisco", platform="ios", role="access", site="hq")
    before = Endpoint(device=f"sw{number - 1:05}", port=PORTS[-1])
    desk = PortConfiguration(description="desk", switching=AccessMode(vlan=10), portfast=True)
    return (
        c.AddSwitch(device=device, name=device, details=details, ports=PORTS),
        c.CreateVlan(device=device, vlan=10, name="users"),
        *(c.ConfigurePort(device=device, port=port, configuration=desk) for port in PORTS[:CONFIGURED]),
        *([c.ConnectLink(a=before, b=Endpoint(device=device, port=PORTS[-2]))] if number else []),
    )


def declared(store: EventStore, devices: int) -> NetworkService:
    service = NetworkService(store, "bench", actor=Actor("bench", lambda: datetime.now(UTC), uuid4))
    service.execute(c.CreateNetwork(name="bench"))
    for first in range(0, devices, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, devices))
        service.execute(*(command for number in numbers for command in switch(number)))
    return service


def milliseconds_each(service: NetworkService, devices: int, runs: int) -> list[float]:
    """Each run is another switch's; every projection that a next command reads is brought up to date in it."""
    times = []
    for run in range(runs):
        description = f"desk of run {run}"
        command = c.ConfigurePort(
            device=f"sw{run * 7 % devices:05}",
            port=PORTS[run % CONFIGURED],
            configuration=PortConfiguration(description=description, switching=AccessMode(vlan=10)),
        )
        began = time.perf_counter()
        service.execute(command)
        open_intent(service.store, service.network_name)
        times.append((time.perf_counter() - began) * 1000)
    return times


def plain_milliseconds_each(folder: Path, store: EventStore, after: int) -> list[float]:
    """The rows that the runs stored, two at a time, into a copy of the file as it was before."""
    rows = list(store.rows(after=after))
    with (
        closing(sqlite3.connect(store.url.removeprefix("sqlite:///"))) as source,
        closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as plain,
    ):
        source.backup(plain)
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA synchronous = FULL")
        plain.execute("DELETE FROM stored_events WHERE position > ?", (after,))
        times = []
        for first in range(0, len(rows), 2):
            began = time.perf_counter()
            plain.execute("BEGIN IMMEDIATE")
            plain.executemany(INSERT, rows[first : first + 2])
            plain.execute("COMMIT")
            times.append((time.perf_counter() - began) * 1000)
        return times


def told(times: list[float]) -> str:
    return f"{statistics.median(times):7.2f} ms ({sorted(times)[len(times) * 95 // 100]:.2f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with closing(open_store(f"sqlite:///{folder}/events.db", EVENT_TYPES, roots=ROOT_TYPES)) as store:
            service = declared(store, options.devices)
            before = store.head()
            ours = milliseconds_each(service, options.devices, options.runs)
            theirs = plain_milliseconds_each(Path(folder), store, before)
        print(f"{options.devices} devices, {before} events; median (and 95th percentile) of {options.runs} runs")
        print(f"command, decision, append, projection : {told(ours)}")
        print(f"plain sqlite3, the same two rows      : {told(theirs)}")
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"ratio                                 : {ratio:7.1f} (the command: under {MOST_MILLISECONDS:.0f} ms)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

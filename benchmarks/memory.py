"""Measures the memory of a network's intent, and how long it takes to read, beside the same rows as plain JSON values.

    python benchmarks/memory.py [--devices 300] [--ports 48]

The full size is `--devices 10000`.
"""

import argparse
import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from uuid import uuid4

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, DeviceDetails
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode
from cimnet_nornir.projections import intent as projection
from cimnet_nornir.projections.intent import load_intent, save
from cimnet_nornir.store import EventStore, open_store

UPLINKS = 2


def switch(number: int, ports: int) -> tuple[c.Command, ...]:
    """An access switch with every port configured: desks in three VLANs, some described, and two trunks."""
    device = f"sw{number:05}"
    names = tuple(f"GigabitEthernet1/0/{port}" for port in range(1, ports + 1))
    details = DeviceDetails(vendor="cisco", platform="ios", model="WS-C2960X-48TS-L", role="access", site="hq")
    vlans = {10: "users", 20: "voice", 30: "printers"}
    trunk = PortConfiguration(description="uplink", switching=TrunkMode(allowed=frozenset(vlans)))
    return (
        c.AddSwitch(device=device, name=device, details=details, ports=names),
        *(c.CreateVlan(device=device, vlan=vlan, name=name) for vlan, name in vlans.items()),
        *(
            c.ConfigurePort(device=device, port=name, configuration=desk(number, place))
            for place, name in enumerate(names[:-UPLINKS])
        ),
        *(c.ConfigurePort(device=device, port=name, configuration=trunk) for name in names[-UPLINKS:]),
    )


def desk(number: int, place: int) -> PortConfiguration:
    description = f"desk {number}-{place}" if place % 4 == 0 else None
    access = AccessMode(vlan=(10, 20, 30)[place % 3])
    return PortConfiguration(description=description, switching=access, portfast=True, bpduguard=True)


def declare(store: EventStore, devices: int, ports: int) -> None:
    """Declares the network, a hundred devices at a time."""
    service = NetworkService(store, "bench", actor=Actor("bench", lambda: datetime.now(UTC), uuid4))
    service.execute(c.CreateNetwork(name="bench"))
    for first in range(0, devices, 100):
        numbers = range(first, min(first + 100, devices))
        service.execute(*(command for number in numbers for command in switch(number, ports)))


def measured(work: Callable[[], object]) -> tuple[int, float]:
    """Bytes that stay, and seconds in a run that is not traced."""
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    tracemalloc.start()
    kept = work()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--ports", type=int, default=48)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/events.db"
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
            declare(store, options.devices, options.ports)
            intent = load_intent(store, "bench")
            save(store, intent)
            del intent
            report(store, options.devices)


def report(store: EventStore, devices: int) -> None:
    def plain() -> list[object]:
        rows = store.load_rows(projection.PROJECTION, "bench/")
        return [json.loads(row.state) for row in rows.values()]

    ways = [
        ("from the rows", lambda: load_intent(store, "bench")),
        ("from the events", lambda: load_intent(store, "bench", until=store.head())),
        ("the rows as plain JSON values", plain),
    ]
    figures = {name: measured(work) for name, work in ways}
    other, other_seconds = figures["the rows as plain JSON values"]
    print(f"{devices} devices, {store.head()} events")
    print(f"{'intent':<32}{'kB a device':>12}{'ratio':>8}{'seconds':>10}{'ratio':>8}")
    for name, (size, seconds) in figures.items():
        share = size / devices / 1000
        print(f"{name:<32}{share:>12.1f}{size / other:>8.2f}{seconds:>10.2f}{seconds / other_seconds:>8.1f}")


if __name__ == "__main__":
    main()

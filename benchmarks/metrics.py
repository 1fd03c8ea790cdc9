"""Times a scrape of a network: the first one over a log, and those that follow, beside the same devices as plain JSON.

    python benchmarks/metrics.py [--events 50000] [--devices 1000]

Every device was asked how it is and has all figures. What a scrape costs beyond knowing how the devices are is the
counting of events and the text; `json.dumps` of the same states is the least that writing them out can cost.
"""

import argparse
import json
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from benchmarks.inventory import fill, seconds
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState
from cimnet_nornir.application.observing import rows_of, subject_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.watching import Watching
from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, ChangeRequested, SwitchStatusChanged
from cimnet_nornir.domain.streams import request_stream, status_stream
from cimnet_nornir.store import EventStore, open_store
from cimnet_nornir.web.metrics import metrics_text

NETWORK, ENVIRONMENT = "bench", "lab"
NOW = datetime.now(UTC)
PORTS = tuple(
    PortState(name=f"GigabitEthernet1/0/{number}", enabled=True, up=number % 5 > 0, in_octets=number * 10**9)
    for number in range(1, 49)
)
FACTS = DeviceFacts(
    vendor="Cisco", version="15.2(7)E", uptime=10**6, cpu=7, cpu_minute=9, memory_used=2**28, memory_total=2**30
)


def observe(store: EventStore, devices: int) -> None:
    """Have every device be seen up, with figures and ports."""
    names = [f"sw{number:05}" for number in range(devices)]
    cause = uuid4()
    asked = EventRecord(cause, request_stream(cause), 1, cause, cause, NOW, "bench", ChangeRequested(command="status"))
    seen = (
        EventRecord(uuid4(), status_stream(ENVIRONMENT, NETWORK, name), 1, cause, cause, NOW, "bench", _up(name))
        for name in names
    )
    store.append(Append((asked, *seen)))
    said = (Observed(device=name, at=NOW, facts=FACTS, ports=PORTS) for name in names)
    rows = [row for each in said for row in rows_of(each, subject_of(ENVIRONMENT, NETWORK, each.device))]
    store.observe(rows, keep=timedelta(days=7))


def _up(device: str) -> SwitchStatusChanged:
    return SwitchStatusChanged(network=NETWORK, device=device, environment=ENVIRONMENT, old=None, new="up")


def report(service: NetworkService) -> None:
    """Print the figures."""
    first = seconds(lambda: metrics_text(service))
    warm = min(seconds(lambda: metrics_text(service)) for _ in range(5))
    known = min(seconds(lambda: device_statuses(service)) for _ in range(5))
    statuses = device_statuses(service)
    text = metrics_text(service, statuses=statuses)
    rest = min(seconds(lambda: metrics_text(service, statuses=statuses)) for _ in range(5))
    documents = [status.model_dump(mode="json") for status in statuses.values()]
    plain = min(seconds(lambda: json.dumps(documents)) for _ in range(5))
    whole = min(seconds(lambda: json.dumps([s.model_dump(mode="json") for s in statuses.values()])) for _ in range(5))
    look = min(seconds(Watching(service).look) for _ in range(5))
    print(f"{text.count(10):,} lines, {len(text):,} bytes a scrape")
    print(f"{'a scrape':<52}{'seconds':>10}{'ratio':>8}")
    for name, took in (
        ("json.dumps of the devices' states", plain),
        ("the same, made plain values first", whole),
        ("knowing how the devices are", known),
        ("counting and text, the devices known", rest),
        ("a scrape", warm),
        ("the first scrape over this log", first),
        ("a look of cimnet watch", look),
    ):
        print(f"{name:<52}{took:>10.3f}{took / plain:>8.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--devices", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/events.db"
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
            fill(store, options.events, options.devices)
            observe(store, options.devices)
            print(f"{store.head():,} events, {options.devices:,} devices")
        with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as store:
            report(NetworkService(store, NETWORK, environment=ENVIRONMENT))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Times the state of many devices: asked for now and as of a moment, kept, and laid over cables.

    python -m benchmarks.status [--devices 1000]

Beside it stands the least that reading so many rows can cost: plain sqlite3 with zlib and `json.loads` over the rows of
the table and of the projections that are read.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.inventory import PORTS, fill
from cimnet_nornir.application.cabling_of import network_cabling
from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.device_page import device_page
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState, SeenNeighbor
from cimnet_nornir.application.ports import Progress
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import DeviceError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.store import open_store


@dataclass
class Devices:
    """Devices that answer at once: each has 48 ports that count, and hears two neighbours."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    rounds: int = 0

    def collect(
        self,
        devices: Sequence[str],
        *,
        method: str = "",  # noqa: ARG002 - there is one way to these
        progress: Progress | None = None,  # noqa: ARG002 - nobody looks
    ) -> Mapping[str, Observed | DeviceError]:
        """The answers of one more round, a minute later."""
        self.now += timedelta(minutes=1)
        self.rounds += 1
        return {device: self._answer(device, number) for number, device in enumerate(devices)}

    def _answer(self, device: str, number: int) -> Observed:
        counted = number * self.rounds
        return Observed(
            device=device,
            at=self.now,
            facts=DeviceFacts(hostname=device, vendor="Cisco", model="C9300-48P", uptime=counted, cpu=7.0),
            ports=tuple(
                PortState(name=name, enabled=True, up=index % 3 > 0, speed=1000, in_octets=counted * index)
                for index, name in enumerate(PORTS)
            ),
            neighbors=tuple(
                SeenNeighbor(port=name, name="dist1.example.net", remote_port=PORTS[0], protocol="lldp")
                for name in PORTS[-2:]
            ),
        )


def timed(what: str, work: Callable[[], object]) -> float:
    """The best of five, in seconds; printed."""

    def once() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    best = min(once() for _ in range(5))
    print(f"{what:<40} {best:8.3f} s")
    return best


def plain(path: Path) -> None:
    """Read the rows without any of this package."""
    with closing(sqlite3.connect(path)) as connection:
        facts = "SELECT data FROM observations JOIN observed USING (subject, kind, at) WHERE kind = 'facts'"
        for (data,) in connection.execute(facts):
            json.loads(zlib.decompress(data))
        rows = "SELECT state FROM projections WHERE projection GLOB 'hosts*' OR projection GLOB 'observed*'"
        for (state,) in connection.execute(rows):
            json.loads(state or b"null")


def main(arguments: Sequence[str]) -> None:
    """Fill a store, ask three times, and time what is read of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=1_000)
    devices = parser.parse_args(arguments).devices
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        with closing(open_store(f"sqlite:///{path}", EVENT_TYPES, roots=ROOT_TYPES)) as store:
            fill(store, 50 * devices, devices)
            service = NetworkService(store, "bench", engine=IosEngine(TemplateBundle.load()))
            port = Devices()
            collect(service, port)
            timed("a round in which nothing changed", lambda: collect(service, port))
            device_statuses(service)
            now = timed("the state of all devices", lambda: device_statuses(service))
            at = store.head() - 1
            timed("the same as of a moment", lambda: device_statuses(service, at))
            timed("the page of one device", lambda: device_page(service, "sw00000"))
            timed("the cabling", lambda: network_cabling(service))
            least = timed("plain sqlite3 over the same rows", lambda: plain(path))
            print(f"{now / least:.1f} times as long as plain sqlite3")


if __name__ == "__main__":
    main(sys.argv[1:])

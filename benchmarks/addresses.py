"""How fast subnets are allocated: in a large pool beside a plain scan, and by many threads beside a single writer.

Run it as `python benchmarks/addresses.py`; it needs some seconds and a folder on a real disk (`TMPDIR`) to mean much.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Network, ip_network
from statistics import median
from uuid import UUID, uuid4

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.intervals import IPNetwork
from cimnet_nornir.domain.addressing.pool import Pool, evolve_pool
from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.domain.streams import pool_stream, request_stream
from cimnet_nornir.projections.pools import load_pool
from cimnet_nornir.store import EventStore, open_store

POOL, ALLOCATED, THREADS, EACH = "10.0.0.0/8", 60_000, 50, 10


def actor() -> Actor:
    return Actor("bench", lambda: datetime.now(UTC), uuid4)


def timed(work: Callable[[], object], times: int = 5) -> float:
    """The middle one of several times, in seconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took)


def scan(pool: IPv4Network, taken: set[IPNetwork]) -> IPNetwork | None:
    """The first free /24 as a plain scan with ipaddress finds it."""
    return next((prefix for prefix in pool.subnets(new_prefix=24) if prefix not in taken), None)


# --- a large pool -----------------------------------------------------------------------------------------------------


def large_pool() -> Pool:
    pool = evolve_pool(None, e.PoolCreated(network="net", pool="campus", prefix=ip_network(POOL)))
    for _ in range(ALLOCATED):
        (event,) = decide_pool("net", pool, c.AllocateSubnet(pool="campus", length=24))
        pool = evolve_pool(pool, event)
    return pool


def with_holes(pool: Pool) -> Pool:
    """Every other subnet released: as many free blocks as there can be."""
    for prefix in list(pool.subnets)[::2]:
        evolve_pool(pool, e.SubnetReleased(subnet=prefix))
    return pool


def allocate(pool: Pool, length: int = 24) -> None:
    for event in decide_pool("net", pool, c.AllocateSubnet(pool="campus", length=length)):
        evolve_pool(pool, event)


def line(what: str, ours: float, theirs: float | None = None) -> None:
    ratio = "" if theirs is None else f"{theirs * 1000:>14,.3f}{theirs / ours:>10,.0f}"
    print(f"{what:<52}{ours * 1000:>12,.3f}{ratio}")


def measure_large_pool() -> None:
    print(f"{'milliseconds for one allocation':<52}{'ours':>12}{'plain scan':>14}{'times':>10}")
    pool = large_pool()
    plain, taken = IPv4Network(POOL), set(pool.subnets)
    line(
        f"decide and evolve, {ALLOCATED:,} /24 allocated",
        timed(lambda: allocate(pool), 101),
        timed(lambda: scan(plain, taken)),
    )
    with_holes(pool)
    line("the same with every other one released, a /23", timed(lambda: allocate(pool, 23), 101))


def fill(store: EventStore) -> None:
    """The events of a large pool, as one request recorded them."""
    request, stream = uuid4(), pool_stream("net", "campus")
    records = [record(request_stream(request), 1, e.ChangeRequested(command="bench"), request, request)]
    records.append(
        record(stream, 1, e.PoolCreated(network="net", pool="campus", prefix=ip_network(POOL)), uuid4(), request)
    )
    subnets = ip_network(POOL).subnets(new_prefix=24)
    for version, subnet in zip(range(2, ALLOCATED + 2), subnets, strict=False):
        records.append(record(stream, version, e.SubnetAllocated(subnet=subnet), uuid4(), request))
    store.append(Append(tuple(records)))
    load_pool(store, "net", "campus")


def record(stream: str, version: int, event: Event, own: UUID, cause: UUID) -> EventRecord:
    return EventRecord(own, stream, version, cause, cause, datetime.now(UTC), "bench", event)


def measure_stored_pool() -> None:
    with new_store() as store:
        fill(store)
        holes = NetworkService(store, "net", actor=actor())
        line("recorded in SQLite, by a program that runs", timed(lambda: holes.allocate_subnet("campus", 24), 51))
        fresh = timed(lambda: NetworkService(store, "net", actor=actor()).allocate_subnet("campus", 24), 21)
        line("recorded in SQLite, the pool read from its row", fresh)


# --- many threads -----------------------------------------------------------------------------------------------------


@contextmanager
def new_store() -> Iterator[EventStore]:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_store(f"sqlite:///{folder}/events.db", EVENT_TYPES, roots=ROOT_TYPES)) as store,
    ):
        NetworkService(store, "net", actor=actor()).execute(c.CreateNetwork(name="net"))
        yield store


class Counting:
    """A store that counts what it refuses as a conflict; all else is the store's."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.conflicts = 0
        self.transactions = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def append_all(self, batches: list[Append]) -> object:
        outcomes = self._store.append_all(batches)
        self.transactions += 1
        self.conflicts += sum(isinstance(outcome, Exception) for outcome in outcomes)
        return outcomes


def throughput(threads: int, each: int, services: int) -> tuple[float, int, int]:
    """Allocations a second by that many threads over that many services; conflicts and transactions there were."""
    with new_store() as plain:
        store = Counting(plain)
        made = [NetworkService(store, "net", actor=actor()) for _ in range(services)]  # type: ignore[arg-type]  # it is one
        made[0].create_pool("campus", POOL)

        def work(number: int) -> list[IPNetwork]:
            return [made[number % services].allocate_subnet("campus", 24) for _ in range(each)]

        before = store.transactions
        began = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            subnets = [subnet for found in pool.map(work, range(threads)) for subnet in found]
        took = time.perf_counter() - began
        if len(set(subnets)) != threads * each or not plain.verify().ok:
            raise SystemExit("a subnet was handed out twice, or the log is not sound")
        return threads * each / took, store.conflicts, store.transactions - before


def measure_threads() -> None:
    print(f"\n{'allocations out of one pool':<52}{'a second':>12}{'ratio':>14}{'conflicts':>10}{'commits':>10}")
    alone, conflicts, commits = throughput(1, THREADS * EACH, 1)
    print(f"{'a single writer':<52}{alone:>12,.0f}{1:>14.2f}{conflicts:>10}{commits:>10}")
    for what, services in (
        (f"{THREADS} threads of one service", 1),
        (f"{THREADS} threads, each a service of its own", THREADS),
    ):
        rate, conflicts, commits = throughput(THREADS, EACH, services)
        print(f"{what:<52}{rate:>12,.0f}{rate / alone:>14.2f}{conflicts:>10}{commits:>10}")


def main() -> None:
    measure_large_pool()
    measure_stored_pool()
    measure_threads()


if __name__ == "__main__":
    main()

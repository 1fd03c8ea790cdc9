"""Eight processes that allocate a thousand subnets together, on SQLite and on PostgreSQL: never the same one twice."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.projections.pools import load_pool
from cimnet_nornir.store import EventStore, open_store

PROCESSES, THREADS, EACH = 8, 8, 125

# One program that starts the others, so that the libraries are read once. Each has a few threads that
# allocate a subnet after another, an address in every tenth turn, and tells what it got.
TOGETHER = f"""
import json, multiprocessing, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4
from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.store import open_store

def allocate(url, name, barrier, told):
    store = open_store(url, EVENT_TYPES, roots=ROOT_TYPES)
    service = NetworkService(store, "net", actor=Actor(name, lambda: datetime.now(UTC), uuid4))
    subnets, addresses = [], []

    def work(number):
        subnets.append(str(service.allocate_subnet("campus", 24 + number % 3)))
        if number % 10 == 0:
            addresses.append(str(service.assign_address("shared", f"container {{name}}-{{number}}")))

    barrier.wait()
    with ThreadPoolExecutor({THREADS}) as threads:
        list(threads.map(work, range({EACH})))
    store.close()
    told.put((subnets, addresses))

forks = multiprocessing.get_context("fork")
barrier, told = forks.Barrier({PROCESSES}), forks.SimpleQueue()
processes = [
    forks.Process(target=allocate, args=(sys.argv[1], f"p{{number}}", barrier, told)) for number in range({PROCESSES})
]
for process in processes:
    process.start()
answers = [told.get() for _ in processes]
for process in processes:
    process.join()
print(json.dumps([answers, [process.exitcode for process in processes]]))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/events.db"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    with closing(open_store(url, EVENT_TYPES, roots=ROOT_TYPES)) as opened:
        yield opened


@pytest.mark.slow
def test_eight_processes_that_allocate_a_thousand_subnets_get_a_thousand(url: str, store: EventStore) -> None:
    service = NetworkService(store, "net")
    service.execute(c.CreateNetwork(name="net"))
    service.create_pool("campus", "10.0.0.0/8")
    service.allocate_subnet("campus", 24, name="shared")

    done = subprocess.run(
        [sys.executable, "-c", TOGETHER, url], stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    told, codes = json.loads(done.stdout)
    assert codes == [0] * PROCESSES

    subnets = [ip_network(text) for got, _ in told for text in got]
    assert len(set(subnets)) == len(subnets) == PROCESSES * EACH
    ordered = sorted(subnets, key=lambda subnet: int(subnet.network_address))
    assert all(one.broadcast_address < other.network_address for one, other in pairwise(ordered))  # type: ignore[operator]  # all of one version
    addresses = [text for _, got in told for text in got]
    assert len(set(addresses)) == len(addresses)

    # Nobody was starved, nothing is missing, and rows tell what the events tell.
    assert {len(got) for got, _ in told} == {EACH}
    pool = load_pool(store, "net", "campus").pool
    again = load_pool(store, "net", "campus", until=store.head()).pool
    assert pool is not None
    assert again is not None
    assert (pool.space, pool.utilisation(), dict(pool.subnets)) == (
        again.space,
        again.utilisation(),
        dict(again.subnets),
    )
    assert set(pool.subnets) == {*subnets, service.subnet("shared").prefix}
    assert store.verify().ok

"""Times the dashboard's server over a large network: first answers, answers again, and events to ten who watch.

    python -m benchmarks.dashboard [--devices 1000] [--events 5000]

What is streamed is set beside reading the same events from the store and writing them as JSON, without any server.
"""

import argparse
import http.client
import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.support.project import definition
from cimnet_nornir.application.declaring import read_definition
from cimnet_nornir.application.follow_log import events_after
from cimnet_nornir.application.telling import names_of_devices, told
from cimnet_nornir.bootstrap import load_settings, open_dashboard, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.serving import bind, serve, server_of

CONFIG = "inventory: {plugin: CimnetInventory, options: {network: bench, environment: lab}}\n"
CLIENTS = 10
QUESTIONS = ("network", "devices", "graph", "vlans", "events", "moments")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--events", type=int, default=5000)
    given = parser.parse_args()
    os.environ["CIMNET_ACTOR"] = "bench"
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given.devices, given.events)


def measure(folder: Path, devices: int, events: int) -> None:
    """Print what it costs."""
    (folder / "inventory").mkdir()
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder)
    service = open_service(settings)
    found, problems = read_definition(service, definition(devices, 1), Path("bench.yaml"))
    if found is None:
        raise SystemExit(problems[0].message)
    found.declare(service, accept_errors=True)
    service.store.close()
    service = open_service(settings)
    dashboard = open_dashboard(settings, service, listen="127.0.0.1:0")
    with bind("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        stop = threading.Event()
        runs = threading.Thread(target=serve, args=(dashboard, server_of(dashboard), listening, stop.is_set))
        runs.start()
        print(f"{devices} devices, {service.store.head()} events")
        answers(port)
        many(port)
        streamed(dashboard, folder, port, events)
        stop.set()
        runs.join()
    service.store.close()


def answers(port: int) -> None:
    """The first answer to each question, and the same again."""
    for question in QUESTIONS:
        first, size, tag = asked(port, question)
        again, _, _ = asked(port, question)
        known, _, _ = asked(port, question, tag)
        print(
            f"  {question:8} {first * 1000:8.1f} ms first, {again * 1000:6.1f} ms again, {known * 1000:6.1f} ms where"
            f" it is known; {size / 1024:7.0f} KiB packed"
        )


def many(port: int) -> None:
    """Ten who ask at once after something has changed nothing for them."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: asked(port, "devices"), range(CLIENTS)))
    print(f"  devices  {(time.perf_counter() - began) * 1000:8.1f} ms for {CLIENTS} clients at once")


def asked(port: int, question: str, tag: str = "") -> tuple[float, int, str]:
    """Seconds, size and tag of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Accept-Encoding": "gzip", **({"If-None-Match": tag} if tag else {})}
    began = time.perf_counter()
    connection.request("GET", f"/api/v1/{question}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    connection.close()
    if answer.status not in (200, 304):
        raise SystemExit(body.decode())
    return took, len(body), answer.getheader("ETag") or ""


def streamed(dashboard: Dashboard, folder: Path, port: int, events: int) -> None:
    """Events that are appended while ten clients watch, beside the same events read and written as JSON."""
    store = dashboard.service.store
    first = store.head()
    ready = threading.Barrier(CLIENTS + 1)
    append(folder, events)
    last = store.head()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(watched, port, first, last, ready) for _ in range(CLIENTS)]
        ready.wait()
        began = time.perf_counter()
        counts = [client.result() for client in clients]
        took = time.perf_counter() - began
    began = time.perf_counter()
    names = names_of_devices(dashboard.service)
    plain = [told(stored, names).model_dump_json() for stored in events_after(dashboard.service, first, most=last)]
    alone = time.perf_counter() - began
    each = len(plain)
    print(
        f"  stream   {each / took:8.0f} events/s to each of {CLIENTS} clients ({sum(counts) / took:.0f} in all);"
        f" {each / alone:.0f} events/s read and written without a server: {took / alone:.1f} times as long for ten"
    )


def watched(port: int, first: int, last: int, ready: threading.Barrier) -> int:
    """How many events a client has when it has the last one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    ready.wait()
    connection.request("GET", "/api/v1/stream", headers={"Last-Event-ID": str(first)})
    answer = connection.getresponse()
    count = 0
    for line in answer:
        if line.startswith(b"id: "):
            count += 1
            if int(line[4:]) >= last:
                break
    answer.close()
    connection.close()
    return count


def append(folder: Path, events: int) -> None:
    """Append events as another program does, some of them a request."""
    service = open_service(load_settings(folder))
    device = next(iter(service.network().devices.values()))
    vlan = next(iter(device.vlans))
    for number in range(events // 50):
        names = (c.RenameVlan(device=device.id, vlan=vlan, name=f"n{number}-{part}") for part in range(49))
        service.execute(*names)
    service.store.close()


if __name__ == "__main__":
    main()

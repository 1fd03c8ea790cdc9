"""SQLite among processes: other users, full disks, several writers, killed and forked ones."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.store import open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ChangeRequested(Event):
    text: str = ""


TYPES: dict[str, type[Event]] = {"ChangeRequested": ChangeRequested}


def batch(stream: str, version: int = 1, text: str = "") -> Append:
    event_id = uuid4()
    return Append(
        (EventRecord(event_id, stream, version, event_id, event_id, NOW, "anna", ChangeRequested(text=text)),)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".cimnet" / "events.db"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PREAMBLE + program, *arguments],
        capture_output=True, text=True, check=False, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip


PREAMBLE = """
import os, resource, sys
from datetime import UTC, datetime
from uuid import uuid4
from cimnet_nornir.domain.envelope import Append, Event, EventRecord
from cimnet_nornir.errors import *
from cimnet_nornir.store import open_store
class ChangeRequested(Event):
    text: str = ""
def batch(stream, version=1, text=""):
    event_id = uuid4()
    now = datetime.now(UTC)
    asked = ChangeRequested(text=text)
    return Append((EventRecord(event_id, stream, version, event_id, event_id, now, "anna", asked),))
def opened():
    return open_store("sqlite:///" + sys.argv[1], {"ChangeRequested": ChangeRequested})
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else; others run the next test")
def test_another_users_file_is_one_clear_line(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/events.db", TYPES)) as store:
        store.append(batch("request-1"))
        outcome = run(
            "import sqlalchemy.dialects.sqlite.pysqlite, cimnet_nornir.store.sql, cimnet_nornir.store.sqlite\n"
            "os.setuid(65534)\n"
            "try:\n    opened()\nexcept StoreUnavailable as error:\n    print(error)",
            str(tmp_path / "events.db"),
        )
    assert outcome.stdout == f"event store {tmp_path}/events.db: Permission denied\n", outcome.stderr


READ_ONLY = """
import sqlalchemy.dialects.sqlite.pysqlite, cimnet_nornir.store.sql, cimnet_nornir.store.sqlite
if os.geteuid() == 0:
    os.setuid(65534)
store = opened()
print(len(list(store.read_all())))
try:
    store.append(batch("request-1", 2))
except StoreUnavailable as error:
    print(error)
store.close()
"""


def test_a_read_only_file_can_be_read_and_says_so_when_written(shared_folder: Path) -> None:
    path = shared_folder / "events.db"
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        store.append(batch("request-1"))
    path.chmod(0o444)
    outcome = run(READ_ONLY, str(path))
    assert outcome.stdout == f"1\nevent store {path}: it is read-only\n", outcome.stderr


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that every user may write: pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


FILL = """
store = opened()
store.append(batch("request-1"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
version = 1
try:
    while version < 1000:
        store.append(batch("request-1", version + 1, "x" * 5_000))
        version += 1
except StoreUnavailable as error:
    print(version, error)
print(store.versions()["request-1"])
"""


def test_a_full_disk_loses_nothing_that_was_acknowledged(path: Path) -> None:
    outcome = run(FILL, str(path))
    told, kept = outcome.stdout.splitlines()
    acknowledged, message = told.split(" ", 1)
    assert message.startswith(f"event store {path}: ")
    assert kept == acknowledged
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        assert store.versions() == {"request-1": int(acknowledged)}
        assert store.verify().ok


WORKER = """
store = opened()
name, count = sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
done = 0
while done < count:
    shared = store.versions("shared").get("shared", 0)
    own = batch(name, done + 1)
    event_id = own.events[0].event_id
    now = datetime.now(UTC)
    second = EventRecord(uuid4(), "shared", shared + 1, event_id, event_id, now, "anna", ChangeRequested())
    try:
        store.append(Append((*own.events, second)))
    except ConcurrencyConflict:
        continue
    done += 1
store.close()
"""


@pytest.mark.slow
def test_eight_processes_share_one_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + WORKER, str(path), f"process-{number}", "10"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2],
        )
        for number in range(8)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()  # all have opened the store, one of them made it
    for worker in workers:
        _, problems = worker.communicate("go\n", timeout=60)
        assert worker.returncode == 0, problems
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        assert store.versions("process-") == {f"process-{number}": 10 for number in range(8)}
        assert [event.version for event in store.read_stream("shared")] == list(range(1, 81))
        assert [event.position for event in store.read_all()] == list(range(1, 161))
        assert store.verify().ok


ENDLESS = """
store = opened()
version = 0
while True:
    version += 1
    store.append(batch("request-1", version, "x" * 500))
    print(version, flush=True)
"""


@pytest.mark.parametrize("after", [1, 25, 60])
def test_a_killed_process_has_stored_all_it_acknowledged(path: Path, after: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + ENDLESS, str(path)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        acknowledged = [next(process.stdout) for _ in range(after)]
        process.kill()
        acknowledged += process.stdout.readlines()
    last = int(acknowledged[-1])
    with closing(open_store(f"sqlite:///{path}", TYPES)) as store:
        assert store.versions()["request-1"] in {last, last + 1}
        assert store.verify().ok
        store.append(batch("request-2"))


FORKED = """
store = opened()
store.append(batch("parent"))
child = os.fork()
if child == 0:
    store.append(batch("child"))
    os._exit(0 if len(store.versions()) == 2 else 1)
_, status = os.waitpid(child, 0)
store.append(batch("parent", 2))
print(os.waitstatus_to_exitcode(status), sorted(store.versions().items()), store.verify().ok)
store.close()
"""


def test_a_forked_child_opens_connections_of_its_own(path: Path) -> None:
    outcome = run(FORKED, str(path))
    assert outcome.stdout == "0 [('child', 1), ('parent', 2)] True\n", outcome.stderr


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed in /proc on Linux only")
def test_closing_leaves_nothing_open(path: Path) -> None:
    outcome = run(
        "import gc\nstore = opened()\nstore.append(batch('a'))\nreading = store.read_all()\nnext(reading)\n"
        "store.close()\ngc.collect()\n"
        "paths = [os.path.realpath('/proc/self/fd/' + name) for name in os.listdir('/proc/self/fd')]\n"
        "print([path for path in paths if 'events.db' in path])",
        str(path),
    )
    assert outcome.stdout == "[]\n", outcome.stderr
    assert outcome.stderr == ""

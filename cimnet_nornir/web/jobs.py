"""Work that takes its time, one piece after another: plans that are made, and plans that are carried out."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from cimnet_nornir.errors import CimnetError, LeaseHeld

Kind = Literal["plan", "apply"]
State = Literal["running", "done", "failed"]
Tell = Callable[[str], None]
Work = Callable[[Tell], Mapping[str, str]]
"""Does it, tells how it goes, and returns what came of it."""

_MOST_KEPT = 100
_MOST_LINES = 5_000


@dataclass(slots=True)
class Job:
    """A piece of work: `told` are the lines it said, `result` names what came of it (a plan, a deployment)."""

    kind: Kind
    actor: str
    id: str = field(default_factory=lambda: str(uuid4()))
    state: State = "running"
    told: list[str] = field(default_factory=list)
    result: Mapping[str, str] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished: datetime | None = None


class Jobs:
    """The jobs of this server, the last ones kept. One runs at a time: two would contend for the same devices."""

    def __init__(self, tell_all: Callable[[Mapping[str, Any]], None]) -> None:
        self._tell_all = tell_all
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._running: tuple[Job, threading.Thread] | None = None
        self._ended = False

    def start(self, kind: Kind, actor: str, work: Work) -> Job:
        """Begin with it on a thread of its own. Raises LeaseHeld while another runs, or when the server stops."""
        job = Job(kind, actor)
        # Leaving at once, with a second Ctrl-C, waits for no thread.
        thread = threading.Thread(target=self._run, args=(job, work), name=f"job {kind}", daemon=True)
        with self._lock:
            self._require_free()
            self._jobs[job.id] = job
            while len(self._jobs) > _MOST_KEPT:
                self._jobs.popitem(last=False)
            self._running = job, thread
        self._say(job, "")
        thread.start()
        return job

    def get(self, identity: str) -> Job | None:
        """The job of that id, where it is known still."""
        return self._jobs.get(identity)

    def all(self) -> tuple[Job, ...]:
        """The jobs that are kept, the newest first."""
        return tuple(reversed(tuple(self._jobs.values())))

    @property
    def running(self) -> Job | None:
        """The job that runs now."""
        return self._running[0] if self._running is not None else None

    def end(self) -> None:
        """Begin with nothing more."""
        self._ended = True

    def join(self) -> None:
        """Wait for the job that runs."""
        running = self._running
        if running is not None:
            running[1].join()

    def _require_free(self) -> None:
        if self._ended:
            raise LeaseHeld("the server stops; nothing more is begun", subject="jobs", holder="")
        if self._running is not None:
            other = self._running[0]
            said = f"{other.actor} has a job running ({other.kind}, {other.id}); one runs at a time"
            raise LeaseHeld(said, subject=other.id, holder=other.actor)

    def _run(self, job: Job, work: Work) -> None:
        def tell(line: str) -> None:
            if len(job.told) < _MOST_LINES:
                job.told.append(line)
            self._say(job, line)

        try:
            job.result = work(tell)
            state: State = "done"
        except CimnetError as error:
            tell(error.message)
            state = "failed"
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits for the job is told
            tell(f"this is a bug: {type(error).__name__}: {' '.join(str(error).split())}")
            state = "failed"
        job.finished = datetime.now(UTC)
        job.state = state
        with self._lock:
            self._running = None
        self._say(job, "")

    def _say(self, job: Job, line: str) -> None:
        standing = {"id": job.id, "kind": job.kind, "actor": job.actor, "state": job.state}
        self._tell_all({**standing, "line": line, "result": dict(job.result)})

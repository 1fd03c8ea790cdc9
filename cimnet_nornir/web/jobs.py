"""Work that takes its time, one piece after another: plans that are made, and plans that are carried out."""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
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
_LOOK_SECONDS = 0.2


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
    """The jobs of this server, the last ones kept. One runs at a time: two would contend for the same devices.

    They run on the thread that works them off. That is the main one, which Ctrl-C interrupts: a rollout then lets what
    is under way finish, and starts nothing more.
    """

    def __init__(self, tell_all: Callable[[Mapping[str, Any]], None]) -> None:
        self._tell_all = tell_all
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._waiting: queue.SimpleQueue[tuple[Job, Work]] = queue.SimpleQueue()
        self._ended = False

    def start(self, kind: Kind, actor: str, work: Work) -> Job:
        """Have it worked off. Raises LeaseHeld while another runs, or when the server stops."""
        job = Job(kind, actor)
        with self._lock:
            self._require_free()
            self._jobs[job.id] = job
            while len(self._jobs) > _MOST_KEPT:
                self._jobs.popitem(last=False)
            self._running = job
        self._say(job, "")
        self._waiting.put((job, work))
        return job

    def work_off(self, goes_on: Callable[[], bool]) -> None:
        """Run job after job on this thread, as long as it goes on."""
        while goes_on():
            # To wait without an end would be to miss that it does not.
            with suppress(queue.Empty):
                self._run(*self._waiting.get(timeout=_LOOK_SECONDS))

    def get(self, identity: str) -> Job | None:
        """The job of that id, where it is known still."""
        return self._jobs.get(identity)

    def all(self) -> tuple[Job, ...]:
        """The jobs that are kept, the newest first."""
        return tuple(reversed(tuple(self._jobs.values())))

    @property
    def running(self) -> Job | None:
        """The job that runs now."""
        return self._running

    def end(self) -> None:
        """Begin with nothing more."""
        self._ended = True

    def _require_free(self) -> None:
        if self._ended:
            raise LeaseHeld("the server stops; nothing more is begun", subject="jobs", holder="")
        if self._running is not None:
            other = self._running
            said = f"{other.actor} has a job running ({other.kind}, {other.id}); one runs at a time"
            raise LeaseHeld(said, subject=other.id, holder=other.actor)

    def _run(self, job: Job, work: Work) -> None:
        def tell(line: str) -> None:
            if len(job.told) < _MOST_LINES:
                job.told.append(line)
            self._say(job, line)

        state: State = "failed"
        try:
            job.result = work(tell)
            state = "done"
        except CimnetError as error:
            tell(error.message)
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits for the job is told
            tell(f"this is a bug: {type(error).__name__}: {' '.join(str(error).split())}")
        except KeyboardInterrupt:
            tell("interrupted: the server stops")
            raise
        finally:
            self._finish(job, state)

    def _finish(self, job: Job, state: State) -> None:
        job.finished = datetime.now(UTC)
        job.state = state
        with self._lock:
            self._running = None
        self._say(job, "")

    def _say(self, job: Job, line: str) -> None:
        standing = {"id": job.id, "kind": job.kind, "actor": job.actor, "state": job.state}
        self._tell_all({**standing, "line": line, "result": dict(job.result)})

"""What a program costs with all the processes it starts: wall time, processor time, memory. Linux only."""

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLED_EVERY = 0.5
_LINGERING = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the wall and on processors, and the most bytes at once (proportional: shared pages count once).

    `beside` are the processor's seconds that another process took meanwhile.
    """

    seconds: float
    processor: float
    peak: int
    beside: float
    output: str


def show_ratios(title: str, costs: Mapping[str, tuple[Cost, int]], ratios: Iterable[tuple[str, str, str]]) -> None:
    """How many times as much each costs for a device as what it is compared with; `costs` has how many it did."""
    print(f"{title:80} wall  processor")
    for one, other, limit in ratios:
        if one in costs and other in costs:
            (first, many), (second, more) = costs[one], costs[other]
            wall = first.seconds / many / (second.seconds / more)
            processor = first.processor / many / (second.processor / more)
            said = f"({limit} on the wall)" if limit else ""
            print(f"{one + ' / ' + other:78} {wall:6.2f} {processor:10.2f} {said}".rstrip())


def measured(
    command: Sequence[str], *, cwd: Path, variables: Mapping[str, str] | None = None, beside: int | None = None
) -> Cost:
    """Run a program to its end. Raises SystemExit where it fails.

    Daemons that it leaves behind are waited for, too: their processor time is its own. `beside` is the process id of
    what it talks to.
    """
    before, other, began = _children(), _processor(beside), time.perf_counter()
    with _adopting_orphans(), _sampling() as peak:
        done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        _reap()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return Cost(seconds, _children() - before, max(peak), _processor(beside) - other, done.stdout)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processor(process: int | None) -> float:
    """The seconds that a process has used so far (proc(5): fields 14 and 15 of stat)."""
    if process is None:
        return 0.0
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _adopting_orphans() -> Iterator[None]:
    """Processes whose parents end become children of this one, so that what they used is known (prctl(2))."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        library.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _reap() -> None:
    """Wait for what is left of the program's processes."""
    until = time.monotonic() + _LINGERING
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return
    raise SystemExit("processes of the program did not end")


@contextmanager
def _sampling() -> Iterator[list[int]]:
    """Look twice a second at how much memory all descendants of this process have."""
    seen, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(_SAMPLED_EVERY):
            seen.append(sum(_memory(process) for process in _descendants()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def _descendants() -> Iterator[int]:
    children = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            children[int(parent)].append(int(folder.name))
    waiting = list(children[os.getpid()])
    while waiting:
        process = waiting.pop()
        waiting += children[process]
        yield process


def _memory(process: int) -> int:
    """The proportional set size, in bytes; 0 where the process has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))

"""Progress of long work, on stderr: a bar at a terminal, nothing in a pipe unless asked by -v."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cimnet_nornir.application.ports import Progress


@contextmanager
def progress(what: str, total: int, *, verbose: bool = False) -> Iterator[Progress]:
    """Show how many of `total` devices are done, and which are under way; gone when the block ends."""
    if sys.stderr.isatty() and total:
        with _bar(what, total) as tell:
            yield tell
    else:
        yield _lines(what) if verbose else _silent


def _silent(host: str, stage: str) -> None:
    """Nobody looks."""


def _lines(what: str) -> Progress:
    lock = threading.Lock()

    def tell(host: str, stage: str) -> None:
        with lock:
            click.echo(f"{what} {host}: {stage}", err=True)

    return tell


@contextmanager
def _bar(what: str, total: int) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[busy]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, busy="")
        busy: list[str] = []
        lock = threading.Lock()

        def tell(host: str, stage: str) -> None:
            with lock:
                if stage == "started":
                    busy.append(host)
                elif host in busy:
                    busy.remove(host)
                    bar.advance(task)
                bar.update(task, busy=", ".join(busy[:4]) + (" …" if len(busy) > 4 else ""))

        yield tell

"""Runs `cimnet`, and kills it with SIGKILL at one step of a push: `killing.py COUNTED WHEN LOG ARGUMENT...`.

A step is a line sent to a device ("ask NAME LINE"), or a transaction of the store ("append TYPE,TYPE"). COUNTED is a
regular expression that says which steps count, WHEN the number of the step to die at: with "<3" just before the third,
with ">3" when its bytes have gone out, or its transaction is durable. With "0" it dies never. All steps that count are
written to LOG, a line each, as they happen.
"""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cimnet_nornir.cli import run
from cimnet_nornir.store.sql import SqlStore
from cimnet_nornir.tasks.terminal import Terminal

_LOCK = threading.Lock()


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self, counted: str, when: str, log: Path) -> None:
        self._counted = re.compile(counted)
        self._before = when.startswith("<")
        self._number = int(when.lstrip("<>"))
        self._log = log
        self._seen = 0

    def take(self, step: str, act: Callable[[], Any]) -> Any:
        """Take a step; `act` is what it does."""
        if not self._counted.search(step):
            return act()
        with _LOCK:
            self._seen += 1
            mine = self._seen == self._number
            with self._log.open("a", encoding="utf-8") as log:
                log.write(step.replace("\n", " ") + "\n")
            if mine and self._before:
                self._die()
        done = act()
        if mine:
            self._die()
        return done

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(steps: Steps) -> None:
    """Have every line to a device and every transaction of the store be a step."""
    ask, append_all = Terminal.ask, SqlStore.append_all

    def asked(self: Terminal, line: str, **options: Any) -> str:
        connection: Any = self.connection
        send = connection.write_channel
        step = f"ask {connection.base_prompt} {line}"

        def write(text: str) -> None:
            connection.write_channel = send
            steps.take(step, lambda: send(text))

        connection.write_channel = write
        try:
            return ask(self, line, **options)
        finally:
            connection.write_channel = send

    def appended(self: SqlStore, batches: Sequence[Any]) -> Any:
        types = ",".join(record.type for batch in batches for record in batch.events)
        return steps.take(f"append {types}", lambda: append_all(self, batches))

    for kind, name, step in ((Terminal, "ask", asked), (SqlStore, "append_all", appended)):
        setattr(kind, name, step)


if __name__ == "__main__":
    counted, when, log, *arguments = sys.argv[1:]
    watch(Steps(counted, when, Path(log)))
    sys.exit(run(arguments))

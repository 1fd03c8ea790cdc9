"""Asks the devices how they are, again and again beside the server, and tells those who watch when it has."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.collecting_log import log_changes, log_failure, log_round, log_trouble
from cimnet_nornir.application.metrics import CollectionRuns
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.web.opening import OpenDevices
from cimnet_nornir.web.problems import bug_line


class Rounds:
    """Asks all devices every so many seconds on a thread of its own; a round that fails is not the last."""

    def __init__(
        self,
        service: NetworkService,
        open_devices: OpenDevices,
        *,
        every: int,
        keep: timedelta,
        told: Callable[[], None],
    ) -> None:
        self._service = service
        self._open_devices = open_devices
        self._every = every
        self._keep = keep
        self._told = told
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.runs: CollectionRuns | None = CollectionRuns() if every else None

    def start(self) -> None:
        """Begin with a round, where any are made at all."""
        if self._every:
            self._thread = threading.Thread(target=self._go_on, name="collector", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin with no other round."""
        self._stop.set()

    def join(self) -> None:
        """Wait for the round that is under way."""
        if self._thread is not None:
            self._thread.join()

    def _go_on(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            self._round()
            self._stop.wait(max(0.0, self._every - (time.monotonic() - began)))

    def _round(self) -> None:
        began, runs = time.monotonic(), self.runs or CollectionRuns()
        try:
            with self._open_devices(self._service) as devices:
                report = collect(self._service, devices, keep=self._keep)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round is made, and people are told
            self.runs = replace(runs, runs=runs.runs + 1, failures=runs.failures + 1)
            said = error.message if isinstance(error, CimnetError) else bug_line(error)
            log_failure(said)
            return
        seconds, now = time.monotonic() - began, self._service.actor.clock()
        self.runs = replace(runs, runs=runs.runs + 1, seconds=seconds, succeeded=now)
        log_round(report, seconds)
        log_changes(report)
        log_trouble(report)
        self._told()

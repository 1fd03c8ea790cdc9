"""What a device runs after a push whose outcome is not known: all of it, nothing of it, a part, or something else."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal

from cimnet_nornir.application.host_plan import HostEngine
from cimnet_nornir.application.host_site import is_site, line_of
from cimnet_nornir.application.plan import DevicePlan, text_digest
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.ports import ConfigurationEngine
from cimnet_nornir.application.recovery import Doubt
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Comparison, Path
from cimnet_nornir.errors import NotFound

Found = Literal["applied", "not applied", "partly applied", "something else"]


@dataclass(slots=True)
class Looked:
    """What a device runs, beside what was intended and what ran `before` the push (empty where that is not known)."""

    service: NetworkService
    doubt: Doubt
    running: str
    planner: Planner = field(init=False)
    ahead: DevicePlan = field(init=False)
    back: Comparison | None = field(init=False)
    before: str = field(init=False, default="")
    engine: ConfigurationEngine = field(init=False)

    def __post_init__(self) -> None:
        # What was pushed counts, not what is intended since.
        self.planner = self._planner()
        device = self.planner.device(self.doubt.device)
        self.engine = self.planner.engine_of(device)
        self.ahead = self.planner.plan(device, self.running)
        self.back = self._way_back()

    def _planner(self) -> Planner:
        planner = self.service.planner_at(self.doubt.intent)
        if not isinstance(planner.hosts, HostEngine):
            return planner
        # The project's own files too may have changed since.
        line = self._site_line()
        return replace(planner, hosts=planner.hosts if line is None else replace(planner.hosts, site=lambda: line))

    def _site_line(self) -> str | None:
        """The line that named the project's own files in what was pushed; None where that is not known."""
        carried = [line for line in self.doubt.start.carries if is_site(line.path)]
        if carried:
            return next((line_of(line.line.removeprefix("+ ")) for line in carried if line.adds), "")
        # What was kept may be gone from the store: then nothing tells.
        with suppress(NotFound):
            if self.doubt.start.snapshot is not None:
                return line_of(self.service.store.get_blob(self.doubt.start.snapshot).decode())
        return None

    def _way_back(self) -> Comparison | None:
        """What takes the device back; None where what ran before is not known."""
        snapshot = self.doubt.start.snapshot
        if snapshot is None:
            return None
        try:
            self.before = self.service.store.get_blob(snapshot).decode()
        except NotFound:
            return None
        # Secrets are masked in what is kept, so in what is compared with it.
        return self.planner.way_back(self.doubt.device, self.engine.mask(self.running), self.before)

    @property
    def found(self) -> Found:
        """Which of the four it is."""
        if not self.ahead.changed:
            return "applied"
        if self._as_before():
            return "not applied"
        return "partly applied" if self._in_between() else "something else"

    def _as_before(self) -> bool:
        if self.back is not None:
            return self.back.in_sync
        return text_digest(self.engine.stable(self.running)) == self.doubt.start.before

    def _lines(self, text: str) -> frozenset[Path]:
        return self.engine.lines(self.planner.device(self.doubt.device), self.engine.mask(text))

    def _in_between(self) -> bool:
        """Whether each line was there before or is one of the push, and only its sections are not as before.

        A host is given all of its module, and never a part.
        """
        if self.ahead.kind == "host":
            return False
        carried = {line.path for line in self.doubt.start.carries}
        if any(line.path not in carried for line in self.ahead.carries):
            return False
        if self.back is None:
            return True
        known = self._lines(self.before) | self._lines(self.planner.intended(self.doubt.device))
        sections = {path[0] for path in carried if path}
        elsewhere = any(change.path[0] not in sections for change in self.back.changes if change.path)
        return not elsewhere and self._lines(self.running) <= known

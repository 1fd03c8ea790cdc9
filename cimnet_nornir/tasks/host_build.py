"""The beginning of a deployment to a host: it is looked at, and its system built; nothing that runs is changed yet."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from nornir.core.task import Task

from cimnet_nornir.application.deployment import Deployment, Step
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, text_digest
from cimnet_nornir.application.planning import Planner, unread_device
from cimnet_nornir.application.ports import HostSession, HostState
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.errors import CimnetError, CommandRejected, DeviceError, StoreError
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.preflight import not_begun, outdated, outdated_words, refusal
from cimnet_nornir.tasks.telling import Teller, said

# Nothing that a host is told takes longer, but to build; that changes nothing that runs.
_PATIENCE_SECONDS = 20.0
# What a host says where another deployment has it.
_HELD = ("is busy", "is pending on")


@dataclass(slots=True)
class HostBuild:
    """One host being deployed to, with the intent as it was when that began."""

    task: Task
    planner: Planner
    device: DevicePlan
    planned: datetime
    began: float
    options: PushOptions
    verified_in: float = field(init=False, default=0.0)
    _deployment: Deployment = field(init=False, repr=False)
    _session: HostSession = field(init=False, repr=False)
    _before: HostState = field(init=False, repr=False)
    _flake: Mapping[str, bytes] = field(init=False, repr=False)
    _module: str = field(init=False, default="", repr=False)
    _system: str = field(init=False, default="")
    _sent: tuple[str, ...] = field(init=False, default=())
    _running: str | None = field(init=False, default=None, repr=False)
    _generation: int | None = field(init=False, default=None)
    _started: bool = field(init=False, default=False)
    _deadline: float = field(init=False, default=float("inf"))
    _held: ExitStack = field(init=False, default_factory=ExitStack)

    def prepare(self, open_deployment: Callable[[], Deployment], *, recheck: bool) -> PushOutcome | None:
        """Take hold of the host and build its system; None where it is there, else what became of the host.

        The host is always looked at first: it costs nothing beside building a system. Whatever happens is an outcome.
        """
        return self._foreseen(lambda: self._prepared(open_deployment, recheck=recheck))

    def _foreseen(self, work: Callable[[], PushOutcome | None]) -> PushOutcome | None:
        """Do it; an error is an outcome, too."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is told too, and the other devices hear of it
            if self._sent:
                return self._in_doubt(said(error))
            if isinstance(error, CimnetError):
                return self._outcome(*not_begun(self.planner, self.device, error))
            return self._outcome("failed", f"nothing was sent: {said(error)}")

    def _prepared(self, open_deployment: Callable[[], Deployment], *, recheck: bool) -> PushOutcome | None:
        # Before anybody else is kept from the host: he may have the present intent.
        stale = outdated(self.planner, self.device) if recheck else ""
        if stale:
            return self._outcome("stale", stale)
        self._deployment = open_deployment()
        port = self._context.service.host_port
        self._session = self._held.enter_context(port.session(self.device.device, str(self._deployment.id)))
        self._held.enter_context(self._deployment.holding(self.device, patience=_PATIENCE_SECONDS))
        return self._refusal() or self._start() or self._build()

    @property
    def is_prepared(self) -> bool:
        """Whether the host's system is there."""
        return bool(self._system)

    def close(self) -> None:
        """Let go of the host."""
        self._held.close()

    @property
    def guard(self) -> Guard:
        """Its own timer, always."""
        return "revert timer"

    @property
    def seconds_left(self) -> float:
        """Until the host goes back by itself; infinite where it does not."""
        return self._deadline - time.monotonic()

    @property
    def _context(self) -> Context:
        return context_of(self.task)

    def _refusal(self) -> PushOutcome | None:
        """Why nothing may be sent to the host; None where the deployment may begin."""
        self._before = self._session.look()
        if self._before.revert_pending:
            why = f"{self.device.name} waits for another deployment to be confirmed; cimnet recover settles that"
            return self._outcome("busy", f"nothing was sent: {why}")
        outcome, why = refusal(self.planner, self.device, self.options, self._before.module)
        if outcome:
            return self._outcome(outcome, why)
        self._flake = self._context.service.host_flake()
        self._module = self._flake.get(f"hosts/{self.device.name}.nix", b"").decode()
        # What was planned is what is brought, with the files of the project as they were then.
        if text_digest(self._module) != self.device.rendered:
            return self._outcome("stale", outdated_words(self.device))
        return None

    def _start(self) -> PushOutcome | None:
        try:
            self._deployment.push_started(self.device, self._before.module, guard=self.guard)
        except StoreError as error:
            return self._outcome("not recorded", f"nothing was sent, since the start was not stored: {error}")
        self._started = True
        return None

    def _build(self) -> PushOutcome | None:
        try:
            self._system = self._session.build(self._flake)
        except CommandRejected as error:
            return self._outcome("busy" if self._is_held(error) else "rejected", error.message, refused=error)
        except DeviceError as error:
            unread = unread_device(self.planner.device(self.device.device), error)
            return self._outcome(unread.outcome, f"nothing was activated: {unread.reason}")
        self._advanced("built")
        return None

    @staticmethod
    def _is_held(error: DeviceError) -> bool:
        """Whether a host refuses because another deployment has it."""
        return isinstance(error, CommandRejected) and any(word in error.message.lower() for word in _HELD)

    # --- told ---------------------------------------------------------------------------------------------------------

    def _may_send(self) -> None:
        """Raise StoreError where the host may be another's by now."""
        self._deployment.require_lease(self.device, _PATIENCE_SECONDS)

    def _advanced(self, step: Step) -> None:
        self._deployment.advanced(self.device, step, system=self._system, generation=self._generation)

    def _in_doubt(
        self, reason: str, *, refused: CommandRejected | None = None, checks: tuple[str, ...] = ()
    ) -> PushOutcome:
        if self.seconds_left < float("inf"):
            minutes = max(1, round(self.seconds_left / 60))
            reason = (
                f"{reason}; unless it is confirmed, {self.device.name} goes back to what it ran within {minutes} min"
            )
        return self._outcome("in doubt", reason, refused=refused, checks=checks)

    @property
    def _outcome(self) -> Callable[..., PushOutcome]:
        """Makes the outcome of what is known now."""
        engine = self.planner.engine_of(self.planner.device(self.device.device))
        teller = Teller(self.device, engine.mask, self.began, self._sent, self._running)
        target = self._session.target if self._started else None
        return lambda *said, **more: replace(teller.outcome(*said, **more), target=target, generation=self._generation)

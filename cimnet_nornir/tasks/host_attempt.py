"""The rest of a deployment to a host: armed, activated, looked at over a second session, then kept or taken back.

Each step is recorded when it was done. As with switches (`attempt`), a transaction lets all hold before any is
confirmed.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.ports import HostState
from cimnet_nornir.application.pushing import Guard
from cimnet_nornir.errors import (
    CimnetError,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    PushInDoubt,
    StoreError,
)
from cimnet_nornir.tasks.host_build import HostBuild
from cimnet_nornir.tasks.host_session import look_anew
from cimnet_nornir.tasks.telling import said

# A confirmation that arrives when the timer has run out is worse than none.
_MARGIN_SECONDS = 5.0
NO_FAILED_UNITS = "no further systemd unit has failed"


@dataclass(slots=True)
class HostAttempt(HostBuild):
    """One host whose system is activated once it is built, and then kept or taken back."""

    # --- hold ---------------------------------------------------------------------------------------------------------

    def hold(self, open_deployment: Callable[[], Deployment], *, recheck: bool) -> PushOutcome | None:
        """Bring the change and check it; None where the host holds it now, else what became of it.

        Where the host was not prepared before, it is now. Whatever happens is an outcome.
        """
        outcome = None if self.is_prepared else self.prepare(open_deployment, recheck=recheck)
        return outcome or self._foreseen(lambda: self._arm() or self._activate())

    def _arm(self) -> PushOutcome | None:
        """Have the host go back by itself; where that fails, nothing was activated."""
        # Counted from before it is asked for: the host counts from later.
        deadline = time.monotonic() + self.options.confirm_within * 60
        try:
            self._may_send()
            self._session.arm(self.options.confirm_within)
        except StoreError as error:
            return self._outcome("busy", f"nothing was activated: {error.message}")
        except DeviceError as error:
            return self._not_armed(error)
        self._deadline = deadline
        self._advanced("armed")
        return None

    def _not_armed(self, error: DeviceError) -> PushOutcome:
        refused = error if isinstance(error, CommandRejected) else None
        if refused is None:
            # It may run all the same: then it would go back to what runs, which is nobody's harm but would keep others.
            with suppress(CimnetError):
                self._session.confirm()
        why = error.message.removeprefix(f"{self.device.name}: ")
        return self._outcome(
            "busy" if self._is_held(error) else "not armed", f"nothing was activated: {why}", refused=refused
        )

    def _activate(self) -> PushOutcome | None:
        try:
            self._may_send()
        except StoreError as error:
            return self._in_doubt(error.message)
        self._sent = self.device.commands
        try:
            self._session.activate()
        except CommandRejected as error:
            return self._failed("rejected", error.message, refused=error)
        except DeviceError as error:
            # What breaks the session may be the change itself, which came through all the same.
            return self._verify(broken=error)
        self._advanced("activated")
        return self._verify()

    def _verify(self, *, broken: DeviceError | None = None) -> PushOutcome | None:
        began = time.monotonic()
        outcome = self._looked_at(broken)
        self.verified_in = time.monotonic() - began
        return outcome

    def _looked_at(self, broken: DeviceError | None) -> PushOutcome | None:
        """Whether the host can be reached anew, runs what is intended, and nothing on it has failed since."""
        try:
            state = self._look()
        except DeviceError as error:
            if broken is not None:
                return self._in_doubt(broken.message)
            why = f"{self.device.name} does not let a second session in: {error.message}"
            return self._failed("check failed", why, checks=("a second session",))
        remaining = self._remaining(state)
        if remaining or state.running != self._system:
            why = broken.message if broken else f"{self.device.name} does not run the system that was built"
            return self._failed("differs", why, remaining=remaining)
        if broken is not None:
            self._advanced("activated")
        units = [unit for unit in state.failed if unit not in self._before.failed]
        if units:
            why = f"systemd units failed on {self.device.name}: {', '.join(units)}"
            return self._failed("check failed", why, checks=(NO_FAILED_UNITS,))
        return None

    def _look(self) -> HostState:
        """What the host says over another session, from now on the one that is used. Raises a DeviceError."""
        context = self._context
        self._session, state = look_anew(context, self._held, str(self._deployment.id), seconds=context.timeouts.login)
        self._running = state.module
        return state

    def _remaining(self, state: HostState) -> tuple[str, ...]:
        """The lines by which the host's module differs from the one that was brought."""
        device = self.planner.device(self.device.device)
        return self.planner.engine_of(device).compare(device, state.module, self._module).commands

    # --- confirm ------------------------------------------------------------------------------------------------------

    def confirm(self) -> PushOutcome | None:
        """Stop the timer of a host that holds the change; None where it keeps it now, else what became of it."""
        # What a transaction decided holds: the host is told all the same, and one that was faster is for `recover`.
        if self.seconds_left < _MARGIN_SECONDS and not self.options.transaction:
            return self._failed("not confirmed", f"the timer of {self.device.name} was about to run out")
        try:
            self._may_send()
            in_time = self._session.confirm()
        except StoreError as error:
            return self._in_doubt(error.message)
        except Exception as error:  # noqa: BLE001 - what nobody foresaw too: nothing may be kept then
            return self._in_doubt(f"{said(error)}; whether it was confirmed is not known")
        self._deadline = float("inf")
        if not in_time:
            return self._too_late()
        self._advanced("confirmed")
        return None

    def _too_late(self) -> PushOutcome | None:
        """The timer had run out: the host is back, unless somebody else confirmed."""
        why = f"the timer of {self.device.name} ran out before it was told to keep the change"
        try:
            state = self._look()
        except DeviceError as error:
            return self._in_doubt(f"{why}; {error.message}")
        if not self._remaining(state):
            return None
        if not self._is_back(state) or self.options.transaction:
            # A transaction that was decided is brought to its end by `recover`.
            return self._in_doubt(why)
        return self._outcome("not confirmed", why, reverted=self.guard)

    def save(self) -> PushOutcome:
        """Have the host boot what it runs."""
        try:
            self._may_send()
            self._generation = self._session.keep()
        except (DeviceError, StoreError) as error:
            return self._outcome("not saved", f"{error.message}; cimnet recover tries again")
        self._advanced("kept")
        return self._outcome("applied", intended=self._module, saved=True, confirmed=True)

    # --- take back ----------------------------------------------------------------------------------------------------

    def take_back(self, reason: str) -> PushOutcome:
        """Bring the host back to what it ran before, since others failed."""
        return self._failed("taken back", reason)

    def _failed(
        self,
        outcome: str,
        reason: str,
        *,
        remaining: tuple[str, ...] = (),
        refused: CommandRejected | None = None,
        checks: tuple[str, ...] = (),
    ) -> PushOutcome:
        """The outcome, after the change was taken back, or kept where that is asked for."""
        reverted: Guard = ""
        try:
            self._may_send()
            if self.options.on_failure == "revert" or outcome == "taken back":
                reverted = self._reverted()
            elif not self._session.confirm() and self._is_back(self._look()):
                reverted = self.guard
        except CimnetError as error:
            return self._in_doubt(f"{reason}; {error.message}", refused=refused, checks=checks)
        return self._outcome(outcome, reason, remaining=remaining, refused=refused, checks=checks, reverted=reverted)

    def _reverted(self) -> Guard:
        """Let the host go back now, and see that it did. Raises a CimnetError."""
        # Its addresses go back with the rest, and the session with them.
        with suppress(DeviceUnreachable, PushInDoubt):
            self._session.revert()
        if not self._is_back(self._look()):
            raise DeviceError(f"and {self.device.name} does not run what it ran before", subject=self.device.name)
        self._deadline = float("inf")
        self._deployment.advanced(self.device, "reverted", system=self._before.running)
        return self.guard

    def _is_back(self, state: HostState) -> bool:
        """Whether the host runs what it ran before."""
        return (state.module, state.running) == (self._before.module, self._before.running)

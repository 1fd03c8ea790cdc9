"""One device being pushed to: the change is brought and checked, and then kept or taken back; each step recorded first.

    hold       the device holds the change, its timer runs, all checks passed
    confirm    the timer is stopped, and then the configuration saved
    take_back  the device runs what it ran before

A transaction lets all devices hold before any is confirmed.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from nornir.core.task import Task

from cimnet_nornir.application.checks import CheckResult, Memory, Moment, failures
from cimnet_nornir.application.deployment import Deployment, pushed_meanwhile
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.errors import (
    CimnetError,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    NotArmed,
    PushInDoubt,
    StoreError,
)
from cimnet_nornir.tasks.checks import check_over
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.login import drop_session, open_second, open_session
from cimnet_nornir.tasks.preflight import not_begun, outdated, refusal
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.telling import Teller, said
from cimnet_nornir.tasks.transport import MaySend, Transport, transport_for

# Devices and firewalls cut sessions that say nothing for minutes; one that waited so long is tried first.
IDLE_SECONDS = 20.0
# So many lines a person reads in a row.
_FEW = 3
# A confirmation that arrives when the timer has run out is worse than none.
_MARGIN_SECONDS = 5.0


@dataclass(slots=True)
class Attempt:
    """One host being pushed to, with the intent as it was when the push began."""

    task: Task
    planner: Planner
    device: DevicePlan
    planned: datetime
    began: float
    options: PushOptions
    _before: str = field(init=False, default="", repr=False)
    _commands: tuple[str, ...] = field(init=False, default=(), repr=False)
    _session: Session = field(init=False, repr=False)
    _transport: Transport = field(init=False, repr=False)
    _may_send: MaySend = field(init=False, repr=False)
    _deadline: float = field(init=False, default=float("inf"))
    _started: bool = field(init=False, default=False)
    _memory: Memory = field(init=False, default_factory=dict, repr=False)
    _looked: float = field(init=False, default=float("inf"))
    verified_in: float = field(init=False, default=0.0)
    _running: str | None = field(init=False, default=None, repr=False)
    _held: ExitStack = field(init=False, default_factory=ExitStack)

    # --- hold ---------------------------------------------------------------------------------------------------------

    def hold(self, open_deployment: Callable[[], Deployment], *, recheck: bool) -> PushOutcome | None:
        """Bring the change and check it; None where the device holds it now, else what became of it.

        The device is read again first where `recheck` asks for it, or somebody else pushed to it since it was planned.
        Whatever happens is an outcome.
        """
        try:
            # Before anybody else is kept from the device: he may have the present intent.
            stale = outdated(self.planner, self.device) if recheck else ""
            if stale:
                return self._outcome("stale", stale)
            self._session = open_session(self.task)
            deployment = open_deployment()
            lease = self._held.enter_context(deployment.holding(self.device, patience=self._session.timeouts.line))
            again = recheck or pushed_meanwhile(lease, self.planned)
            return self._refusal(again=again) or self._start(deployment)
        except CimnetError as error:
            return self._outcome(*not_begun(self.planner, self.device, error))
        except Exception as error:  # noqa: BLE001 - nobody foresaw it: it is told, and the other devices hear of it
            return self._unforeseen(error)

    def close(self) -> None:
        """Let go of the device."""
        self._held.close()

    @property
    def guard(self) -> Guard:
        """Who takes the change back where nobody confirms it."""
        return self.options.guard(self.device)

    @property
    def seconds_left(self) -> float:
        """Until the device takes the change back by itself; infinite where it does not."""
        return self._deadline - time.monotonic()

    def _refusal(self, *, again: bool) -> PushOutcome | None:
        """Why nothing may be sent to the device; None where the push may begin."""
        known = None if again else self.planner.seen(self.device)
        self._before = self._session.running() if known is None else known
        outcome, why = refusal(self.planner, self.device, self.options, self._before if known is None else None)
        if outcome:
            return self._outcome(outcome, why)
        failed = self._checked("before")
        if failed:
            return self._outcome("check failed", f"nothing was sent: {failures(failed)}", checks=_words(failed))
        return None

    def _checked(self, when: Moment) -> tuple[CheckResult, ...]:
        """The checks of the project that the host does not pass."""
        service = context_of(self.task).service
        checks = service.checks_of(self.device.device)
        results = check_over(self.task, self._session, checks, when=when, memory=self._memory) if checks else ()
        return tuple(result for result in results if not result.ok)

    def _start(self, deployment: Deployment) -> PushOutcome | None:
        engine = self.planner.engine
        self._commands = self.planner.commands(self.device, self._before)
        self._started = True
        try:
            deployment.push_started(self.device, engine.mask(engine.stable(self._before)), guard=self.guard)
        except StoreError as error:
            return self._outcome("not recorded", f"nothing was sent, since the start was not stored: {error}")
        self._may_send = lambda: deployment.require_lease(self.device, self._session.timeouts.line)
        return self._send()

    def _send(self) -> PushOutcome | None:
        self._transport = transport_for(self.task, self.planner, self.device, self.options, self._before)
        if self.guard in ("revert timer", "reload timer"):
            self._deadline = time.monotonic() + self.options.confirm_within * 60
        try:
            self._transport.send(self._session, self._commands, self._may_send)
        except CommandRejected as error:
            if isinstance(error, NotArmed) or error.line.startswith(("configure terminal", "reload in")):
                return self._not_begun(error)
            return self._failed("rejected", error.message, refused=error)
        except StoreError as error:
            # Somebody else may be at the device by now: not a line more.
            return self._in_doubt(error.message)
        except DeviceError as error:
            return self._after_break(error)
        return self._verify()

    def _unforeseen(self, error: Exception) -> PushOutcome:
        """What a bug, or a library's, leaves of a device."""
        why = said(error)
        return self._in_doubt(why) if self._started else self._outcome("failed", f"nothing was sent: {why}")

    def _not_begun(self, error: CommandRejected) -> PushOutcome:
        outcome = "busy" if "locked" in error.answer.lower() else "not armed"
        if self.guard == "reload timer" and not error.line.startswith("reload in"):
            # It was scheduled before, and would come for nothing.
            try:
                self._session.cancel_reload()
            except DeviceError as second:
                return self._in_doubt(f"{error.message}; {second.message}", refused=error)
        return self._outcome(outcome, f"nothing was sent: {error.message}", refused=error)

    def _after_break(self, error: DeviceError) -> PushOutcome | None:
        """The session broke in the middle: look once, over a new one, at what the device holds now."""
        try:
            # What broke it may be the new management address, which the device has now.
            self._reopen(pushed=True)
        except DeviceError:
            return self._in_doubt(error.message)
        return self._verify(broken=error)

    def _verify(self, *, broken: DeviceError | None = None) -> PushOutcome | None:
        began = time.monotonic()
        outcome = self._looked_at(broken)
        self._looked = time.monotonic()
        self.verified_in = self._looked - began
        return outcome

    def _looked_at(self, broken: DeviceError | None) -> PushOutcome | None:
        """Whether the device can be reached anew, runs what is intended, and passes its checks."""
        # One that is there already would live on where nobody is let in any more.
        if self.guard in ("revert timer", "reload timer") and broken is None:
            try:
                self._session = open_second(self.task, self._session)
            except DeviceError as error:
                why = f"{self.device.name} does not let a second session in: {error.message}"
                return self._failed("check failed", why, checks=("a second session",))
        try:
            remaining = self._read_back()
        except CimnetError as error:
            return self._in_doubt(f"sent, but not read back: {error.message}")
        if remaining:
            why = broken.message if broken else f"{self.device.name} took the lines, but does not run what is intended"
            why = f"{why} (missing: {_few(remaining)})"
            return self._failed("differs", why, remaining=remaining)
        failed = self._checked("after")
        if failed:
            self._back_in()
            return self._failed("check failed", failures(failed), checks=_words(failed))
        return None

    def _back_in(self) -> None:
        """A check may have broken the session: whoever takes the change back needs one."""
        if "netmiko" not in self.task.host.connections:
            # Where there is none, taking back tells so.
            with suppress(CimnetError):
                self._reopen()

    def _read_back(self) -> tuple[str, ...]:
        """Read what the device runs now, and say which commands would still be needed. Raises a CimnetError."""
        engine = self.planner.engine
        running = self._session.running()
        self._running = engine.mask(engine.stable(running))
        return self.planner.plan(self.planner.device(self.device.device), running, pushed=True).commands

    # --- confirm ------------------------------------------------------------------------------------------------------

    def _awake(self) -> None:
        """See that there is a session: one that waited for other devices may have been cut off by an idle timer.

        Raises a DeviceError where there is none, and none can be opened.
        """
        if time.monotonic() - self._looked < IDLE_SECONDS:
            return
        try:
            self._session.ask("show privilege")
        except DeviceUnreachable:
            self._reopen(pushed=True)

    def _reopen(self, *, pushed: bool = False) -> None:
        """Another session in the place of one that broke. Raises a DeviceError."""
        sent = self._session.sent
        drop_session(self.task)
        self._session = open_session(self.task, pushed=pushed)
        self._session.sent = sent

    def confirm(self) -> PushOutcome | None:
        """Stop the timer of a device that holds the change; None where it keeps it now, else what became of it."""
        # What a transaction decided holds: the device is told all the same, and one that was faster is for `recover`.
        if self.seconds_left < _MARGIN_SECONDS and not self.options.transaction:
            return self._failed("not confirmed", f"the timer of {self.device.name} was about to run out")
        try:
            self._may_send()
            self._awake()
            in_time = self._transport.confirm(self._session)
        except StoreError as error:
            return self._in_doubt(error.message)
        except Exception as error:  # noqa: BLE001 - what nobody foresaw too: nothing may be saved then
            self._give_up(error)
            return self._in_doubt(f"{said(error)}; whether it was confirmed is not known")
        self._deadline = float("inf")
        return None if in_time else self._too_late()

    def _too_late(self) -> PushOutcome | None:
        """The timer had run out: the device is back, unless somebody else confirmed."""
        why = f"the timer of {self.device.name} ran out before it was told to keep the change"
        try:
            if not self._read_back():
                return None
            left = self._way_back()
        except CimnetError as error:
            return self._in_doubt(f"{why}; {error.message}")
        if left or self.options.transaction:
            # A transaction that was decided is brought to its end by `recover`.
            return self._in_doubt(why)
        return self._outcome("not confirmed", why, reverted="revert timer")

    def save(self) -> PushOutcome:
        """Write the configuration that is kept to startup."""
        confirmed = self.guard in ("revert timer", "reload timer")
        try:
            self._may_send()
            self._session.save()
        except (DeviceError, StoreError) as error:
            why = f"{error.message}; cimnet recover tries again"
            self._give_up(error)
            return self._outcome("not saved", why)
        intended = self.planner.intended(self.device.device)
        return self._outcome("applied", intended=intended, saved=True, confirmed=confirmed)

    # --- take back ----------------------------------------------------------------------------------------------------

    def take_back(self, reason: str) -> PushOutcome:
        """Bring the device back to what it ran before, since others failed."""
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
            if not remaining and outcome != "taken back":
                remaining = self._read_back()
            # Where the device may be another's by now, his change would be taken back, or kept.
            self._may_send()
            self._awake()
            if self.options.on_failure == "revert" or outcome == "taken back":
                reverted = self._reverted()
            elif not self._transport.confirm(self._session) and not self._way_back():
                reverted = "revert timer"
        except CimnetError as error:
            self._give_up(error)
            return self._in_doubt(f"{reason}; {error.message}", refused=refused, checks=checks)
        return self._outcome(outcome, reason, remaining=remaining, refused=refused, checks=checks, reverted=reverted)

    def _reverted(self) -> Literal["revert timer", "reload timer", "lines"]:
        """Bring the device back, and say by what. Raises a CimnetError where it does not run what it ran."""
        by: Literal["revert timer", "lines"] = "revert timer" if self.guard == "revert timer" else "lines"
        try:
            self._revert()
        except CommandRejected:
            # Where it cannot go back by itself, lines bring it back.
            by = "lines"
        left = self._way_back()
        if left:
            # A timer brings no VLANs of vlan.dat back, and no timer brings anything.
            sent = self._session.sent
            self._session.sent = []
            try:
                self._session.configure(left, may_send=self._may_send)
            finally:
                self._session.sent = sent
            left = self._way_back()
        if left:
            raise DeviceError(f"and {self.device.name} does not run what it ran before", subject=self.device.name)
        if self.guard == "reload timer":
            self._session.cancel_reload()
        elif self.guard == "revert timer" and by == "lines":
            # Its timer runs still, and would take back whatever is changed next.
            self._session.confirm()
        return by

    def _revert(self) -> None:
        try:
            self._transport.revert(self._session)
        except PushInDoubt:
            if context_of(self.task).former is None:
                raise
            # The management address goes back with the rest, and the session with it.
            self._reopen()

    def _way_back(self) -> tuple[str, ...]:
        """The commands from what the device runs now to what it ran before."""
        return self.planner.way_back(self.device.device, self._session.running(), self._before).commands

    def _give_up(self, error: Exception) -> None:
        """Forget a session that broke: to take leave of a silent device takes Netmiko ten seconds."""
        if isinstance(error, PushInDoubt | DeviceUnreachable):
            drop_session(self.task)

    # --- told ---------------------------------------------------------------------------------------------------------

    def _in_doubt(
        self, reason: str, *, refused: CommandRejected | None = None, checks: tuple[str, ...] = ()
    ) -> PushOutcome:
        if self.guard in ("revert timer", "reload timer") and self.seconds_left < float("inf"):
            minutes = max(1, round(self.seconds_left / 60))
            what = "goes back to what it ran" if self.guard == "revert timer" else "reloads"
            reason = f"{reason}; unless it is confirmed, {self.device.name} {what} within {minutes} min"
        return self._outcome("in doubt", reason, refused=refused, checks=checks)

    @property
    def _outcome(self) -> Callable[..., PushOutcome]:
        """Makes the outcome of what is known now."""
        sent = self._session.sent if hasattr(self, "_session") else ()
        difference = self._transport.difference if hasattr(self, "_transport") else ""
        teller = Teller(self.device, self.planner.engine.mask, self.began, sent, self._running, difference)
        return teller.outcome


def _words(results: tuple[CheckResult, ...]) -> tuple[str, ...]:
    return tuple(result.check for result in results)


def _few(lines: tuple[str, ...]) -> str:
    """The first of the lines that are missing."""
    shown = ", ".join(line.strip() for line in lines[:_FEW])
    return f"{shown} and {len(lines) - _FEW} more" if len(lines) > _FEW else shown

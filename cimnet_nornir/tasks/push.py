"""The task that changes a device: push the remediation, read back, save; each step recorded before the next."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nornir.core.task import Result, Task

from cimnet_nornir.application.deployment import Deployment, PushOutcome, pushed_meanwhile
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread, text_digest
from cimnet_nornir.application.planning import Planner, unread_device
from cimnet_nornir.errors import (
    CimnetError,
    CommandRejected,
    ConfigurationError,
    DeviceError,
    StoreError,
    StoreUnavailable,
)
from cimnet_nornir.processors.recorder import CimnetRecorder, recorder_of
from cimnet_nornir.tasks.configuration import failed, left_alone
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.session import Session, drop_session, open_session


def cimnet_push(task: Task, *, plan: Plan | None = None, recheck: bool = True, dry_run: bool | None = None) -> Result:
    """Take the host's running configuration to the intended one by Netmiko, read back that it is, and save it.

    Without `plan` the host plans for itself. With one, a host whose running configuration or intent has changed since
    is refused (`recheck=False` leaves out reading it again, for a plan made a moment ago). In a dry run nothing is
    sent. `changed` tells whether lines were sent (or would be), `diff` what they change, `outcome` is the PushOutcome.

    The start is recorded before the first line; the outcome by the CimnetRecorder among the processors, or, where there
    is none, in a deployment of this host's own.
    """
    began = time.monotonic()
    dry = task.is_dry_run(dry_run)
    try:
        context = context_of(task)
        context.require_present()
        if context.is_server:
            return left_alone(task, outcome=None, plan=None)
        planner = context.service.planner()
        planned = context.service.actor.clock() if plan is None else plan.created
        device = plan.device(context.device) if plan is not None else _plan_now(task, planner, context)
    except CimnetError as error:
        return failed(task, error, outcome=None)
    if isinstance(device, Unread):
        unread = device
        return (
            _told(task, unread) if dry else _recorded(task, context, unread.nothing, lambda _: _not_read(unread, began))
        )
    if device is None or not device.changed:
        return Result(host=task.host, result="nothing to send", diff="", changed=False, outcome=None, plan=device)
    if dry:
        said = "\n".join(device.commands)
        return Result(host=task.host, result=said, diff=device.diff, changed=True, outcome=None, plan=device)
    push = Push(task, planner, device, planned, began)
    again = recheck and plan is not None
    return _recorded(task, context, device, lambda recorder: push.carry_out(recorder, recheck=again))


def _plan_now(task: Task, planner: Planner, context: Context) -> DevicePlan | Unread:
    device = planner.device(context.device)
    try:
        return planner.plan(device, open_session(task).running())
    except (DeviceError, ConfigurationError) as error:
        return unread_device(device, error)


def _told(task: Task, unread: Unread) -> Result:
    return Result(host=task.host, result=unread.reason, failed=True, changed=False, outcome=None, plan=None)


def _not_read(unread: Unread, began: float) -> PushOutcome:
    return PushOutcome(unread.nothing, unread.outcome, time.monotonic() - began, unread.reason)


def _recorded(
    task: Task, context: Context, device: DevicePlan, carry_out: Callable[[CimnetRecorder], PushOutcome]
) -> Result:
    """The result, recorded by the run's recorder, or in a deployment of its own where there is none."""
    recorder = recorder_of(task)
    if recorder is not None:
        return _result(task, carry_out(recorder))
    with CimnetRecorder(context.service, plan=context.service.plan_of(device)) as own:
        outcome = carry_out(own)
        own.take_in(outcome)
    return _result(task, outcome, trouble=tuple(own.trouble))


def _result(task: Task, outcome: PushOutcome, *, trouble: tuple[str, ...] = ()) -> Result:
    said = outcome.reason or "\n".join(outcome.sent)
    return Result(
        host=task.host,
        result=said,
        diff=outcome.device.diff,
        changed=bool(outcome.sent),
        failed=not outcome.applied,
        outcome=outcome,
        plan=outcome.device,
        trouble=trouble,
    )


@dataclass(frozen=True, slots=True)
class Push:
    """One host being pushed to, with the intent as it was when the push began."""

    task: Task
    planner: Planner
    device: DevicePlan
    planned: datetime
    began: float

    def carry_out(self, recorder: CimnetRecorder, *, recheck: bool) -> PushOutcome:
        """Push, read back and save; whatever happens is an outcome.

        The device is read again first where `recheck` asks for it, or somebody else pushed to it since it was planned.
        """
        try:
            session = open_session(self.task)
            deployment = recorder.deployment()
            with deployment.holding(self.device) as lease:
                stale = self._stale(session) if recheck or pushed_meanwhile(lease, self.planned) else ""
                return self._outcome("stale", stale) if stale else self._start(session, deployment)
        except StoreUnavailable as error:
            return self._outcome("not recorded", f"nothing was sent: {error}")
        except StoreError as error:
            return self._outcome("busy", f"nothing was sent: {error}")
        except CimnetError as error:
            unread = unread_device(self.planner.device(self.device.device), error)
            return self._outcome(unread.outcome, unread.reason)

    def _stale(self, session: Session) -> str:
        intended = self.planner.intended(self.device.device)
        if text_digest(intended) != self.device.rendered:
            return f"the intent for {self.device.name} has changed since the plan; plan again"
        running = session.running()
        if text_digest(self.planner.engine.stable(running)) != self.device.running:
            return f"the running configuration of {self.device.name} has changed since the plan; plan again"
        # The same configuration and the same intent come to the same commands: others were put into the plan.
        if self.planner.plan(self.planner.device(self.device.device), running).commands != self.device.commands:
            return f"the commands for {self.device.name} are not those that its intent comes to; plan again"
        return ""

    def _start(self, session: Session, deployment: Deployment) -> PushOutcome:
        try:
            deployment.push_started(self.device)
        except StoreError as error:
            return self._outcome("not recorded", f"nothing was sent, since the start was not stored: {error}")
        return self._send(session)

    def _send(self, session: Session) -> PushOutcome:
        refused: CommandRejected | None = None
        try:
            session.configure(self.device.commands)
        except CommandRejected as error:
            refused = error
        except DeviceError as error:
            return self._after_break(session, error)
        return self._read_back(session, refused)

    def _after_break(self, session: Session, error: DeviceError) -> PushOutcome:
        """The session broke in the middle: look once, over a new one, at what the device holds now."""
        drop_session(self.task)
        try:
            again = open_session(self.task)
        except DeviceError:
            return self._outcome("in doubt", error.message, sent=session.sent)
        again.sent = session.sent
        return self._read_back(again, None, broken=error)

    def _read_back(
        self, session: Session, refused: CommandRejected | None, *, broken: DeviceError | None = None
    ) -> PushOutcome:
        engine = self.planner.engine
        try:
            running = session.running()
            after = self.planner.plan(self.planner.device(self.device.device), running)
        except CimnetError as error:
            return self._outcome("in doubt", f"sent, but not read back: {error.message}", sent=session.sent)
        kept = engine.mask(engine.stable(running))
        if refused is not None:
            return self._outcome(
                "rejected", refused.message, sent=session.sent, running=kept, remaining=after.commands, refused=refused
            )
        if after.changed:
            why = broken.message if broken else f"{self.device.name} took the lines, but does not run what is intended"
            return self._outcome("differs", why, sent=session.sent, running=kept, remaining=after.commands)
        return self._save(session, kept)

    def _save(self, session: Session, running: str) -> PushOutcome:
        try:
            session.save()
        except DeviceError as error:
            why = f"{error.message}; cimnet recover tries again"
            return self._outcome("not saved", why, sent=session.sent, running=running)
        intended = self.planner.intended(self.device.device)
        return self._outcome("applied", sent=session.sent, running=running, intended=intended, saved=True)

    def _outcome(
        self,
        outcome: str,
        reason: str = "",
        *,
        sent: list[str] | tuple[str, ...] = (),
        running: str | None = None,
        intended: str | None = None,
        remaining: tuple[str, ...] = (),
        refused: CommandRejected | None = None,
        saved: bool = False,
    ) -> PushOutcome:
        mask = self.planner.engine.mask
        return PushOutcome(
            self.device,
            outcome,
            time.monotonic() - self.began,
            reason=mask(reason),
            line=mask(refused.line) if refused else "",
            answer=mask(refused.answer) if refused else "",
            sent=tuple(mask(line) for line in sent),
            running=running,
            intended=intended,
            remaining=tuple(mask(line) for line in remaining),
            saved=saved,
        )

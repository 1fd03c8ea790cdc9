"""The task that changes a device: push the remediation, read back, save; each step recorded before the next."""

import time
from collections.abc import Callable

from nornir.core.task import Result, Task

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread
from cimnet_nornir.application.planning import Planner, unread_device
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.errors import CimnetError, ConfigurationError, DeviceError
from cimnet_nornir.processors.recorder import CimnetRecorder, recorder_of
from cimnet_nornir.tasks.configuration import failed, left_alone, running_of
from cimnet_nornir.tasks.context import Context, context_of
from cimnet_nornir.tasks.pushing import Push, begin

Hold = Callable[[Push], None]
"""Given each host that holds a change, which it then must keep or take back."""


def cimnet_push(
    task: Task,
    *,
    plan: Plan | None = None,
    recheck: bool = True,
    options: PushOptions | None = None,
    hold: Hold | None = None,
    begun: Callable[[str], Push | None] = lambda _: None,
    dry_run: bool | None = None,
) -> Result:
    """Take the host's running configuration to the intended one, read back that it is, and save it.

    Without `plan` the host plans for itself. With one, a host whose intent, or whose running configuration where the
    plan goes, has changed since is refused (`recheck=False` leaves out reading it again, for a plan made a moment ago).
    `options` say how (see PushOptions). In a dry run nothing is sent. `changed` tells whether lines were sent (or would
    be), `diff` what they change, `outcome` is the PushOutcome. A device that can do so takes the change back by itself
    unless it is confirmed; what fails is taken back. With `hold`, a host that holds the change is given to it, and is
    neither confirmed nor saved: whoever holds decides. `begun` gives the push to a host, by its id, that
    was begun before: its system is built.

    The start is recorded before the first line; the outcome by the CimnetRecorder among the processors, or, where there
    is none, in a deployment of this host's own.
    """
    began = time.monotonic()
    dry = task.is_dry_run(dry_run)
    try:
        context = context_of(task)
        context.require_present()
        if context.is_left_alone and (plan is None or plan.device(context.device) is None):
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
    attempt = begun(device.device) or begin(task, planner, device, planned, began, options or PushOptions())
    return _recorded(
        task,
        context,
        device,
        lambda recorder: carried_out(attempt, recorder, recheck=recheck and plan is not None, hold=hold),
    )


def carried_out(
    attempt: Push, recorder: CimnetRecorder, *, recheck: bool, hold: Hold | None = None
) -> PushOutcome | None:
    """What became of the host, recorded while it is still held; None where `hold` has it now."""
    outcome = attempt.hold(recorder.deployment, recheck=recheck)
    if outcome is None and hold is not None:
        hold(attempt)
        return None
    return concluded(attempt, recorder, lambda: outcome or attempt.confirm() or attempt.save())


def concluded(attempt: Push, recorder: CimnetRecorder, last: Callable[[], PushOutcome]) -> PushOutcome:
    """Do the last thing to a device, record what became of it, and let go of it."""
    try:
        outcome = last()
        # While the device is ours: whoever has it next finds what was done to it.
        recorder.take_in(outcome)
        return outcome
    finally:
        attempt.close()


def _plan_now(task: Task, planner: Planner, context: Context) -> DevicePlan | Unread:
    device = planner.device(context.device)
    try:
        return planner.plan(device, running_of(task, context))
    except (DeviceError, ConfigurationError) as error:
        return unread_device(device, error)


def _told(task: Task, unread: Unread) -> Result:
    return Result(host=task.host, result=unread.reason, failed=True, changed=False, outcome=None, plan=None)


def _not_read(unread: Unread, began: float) -> PushOutcome:
    return PushOutcome(unread.nothing, unread.outcome, time.monotonic() - began, unread.reason)


def _recorded(
    task: Task, context: Context, device: DevicePlan, carry_out: Callable[[CimnetRecorder], PushOutcome | None]
) -> Result:
    """The result, recorded by the run's recorder, or in a deployment of its own where there is none."""
    recorder = recorder_of(task)
    if recorder is not None:
        return pushed(task, device, carry_out(recorder))
    with CimnetRecorder(context.service, plan=context.service.plan_of(device)) as own:
        outcome = carry_out(own)
        if outcome is not None:
            own.take_in(outcome)
    return pushed(task, device, outcome, trouble=tuple(own.trouble))


def pushed(task: Task, device: DevicePlan, outcome: PushOutcome | None, *, trouble: tuple[str, ...] = ()) -> Result:
    if outcome is None:
        said = "held: neither confirmed nor saved yet"
        return Result(host=task.host, result=said, diff=device.diff, changed=True, outcome=None, plan=device)
    said = outcome.reason or "\n".join(outcome.sent)
    return Result(
        host=task.host,
        result=said,
        diff=outcome.difference or outcome.device.diff,
        changed=bool(outcome.sent),
        failed=not outcome.applied,
        outcome=outcome,
        plan=outcome.device,
        trouble=trouble,
    )

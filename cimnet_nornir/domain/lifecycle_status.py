"""Where a device stands in its life: the state with since when, by whom and why; folded from events, never raising."""

from dataclasses import dataclass, replace
from datetime import datetime

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event, StoredEvent
from cimnet_nornir.domain.lifecycle import ANNOUNCEMENTS, TRANSITIONS, LifecycleState, Trigger, possible, trigger_of
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import InvalidTransition, InvalidValue

ADDED = frozenset({"RouterAdded", "SwitchAdded", "HostAdded"})
"""The types of the events by which a device's life begins, in every environment."""
_UNSETTLED = frozenset({Trigger.CONFIGURATION_FAILED, Trigger.PUSH_IN_DOUBT, Trigger.PUSH_NOT_APPLIED})
_CONFIGURED = frozenset(
    {
        Trigger.PROVISIONING_STARTED,
        Trigger.COMMISSIONED,
        Trigger.PUSH_STARTED,
        Trigger.CONFIGURATION_APPLIED,
    }
)


@dataclass(frozen=True, slots=True)
class LifecycleStatus:
    """A state, since when (the store's time), by whom and for what reason.

    `last` is what happened last; it need not have changed the state. None where the device was only added.
    `window` is that of the maintenance, while it lasts. `outcome` and `failure` tell of the last push where it did not
    come to what was intended: its outcome in a word, and why; both are empty where it did.
    """

    state: LifecycleState
    since: datetime
    by: str
    reason: str = ""
    last: Trigger | None = None
    window: e.MaintenanceWindow | None = None
    outcome: str = ""
    failure: str = ""


def evolve_lifecycle(status: LifecycleStatus | None, stored: StoredEvent) -> LifecycleStatus | None:
    """The status after an event of the device; None before it was added.

    What does not follow from the state (the late result of a push that was overtaken) leaves the status as it is.
    """
    if stored.type in ADDED:
        return _entered(LifecycleState.PLANNED, stored)
    # A push has a stream of its own: what is not the first there ends what was begun.
    trigger = trigger_of(stored.event, begun=stored.version > 1)
    after = TRANSITIONS.get((status.state, trigger)) if status and trigger else None
    if status is None or trigger is None or after is None:
        return status
    moved = status if after is status.state else _entered(after, stored, status)
    return _with_push(_with_window(replace(moved, last=trigger), stored), trigger, stored.event)


def _entered(state: LifecycleState, stored: StoredEvent, before: LifecycleStatus | None = None) -> LifecycleStatus:
    entered = LifecycleStatus(state, stored.recorded_at, stored.actor, stored.reason or "")
    return replace(entered, outcome=before.outcome, failure=before.failure) if before else entered


def _with_window(status: LifecycleStatus, stored: StoredEvent) -> LifecycleStatus:
    """A new window may have a new reason, and somebody else who announced it."""
    if not isinstance(stored.event, e.MaintenanceStarted):
        return status
    return replace(status, window=stored.event.window, by=stored.actor, reason=stored.reason or status.reason)


def _with_push(status: LifecycleStatus, trigger: Trigger, event: Event) -> LifecycleStatus:
    if trigger in _UNSETTLED:
        outcome, why = _trouble(event)
        return replace(status, outcome=outcome, failure=why)
    return replace(status, outcome="", failure="") if trigger in _CONFIGURED else status


def _trouble(event: Event) -> tuple[str, str]:
    match event:
        case e.ConfigurationFailed():
            return event.outcome, event.reason
        case e.PushSettled():
            return event.outcome, f"a push was in doubt, and {len(event.remaining)} commands of it are missing"
        case e.ConfigurationDeployed():
            return event.result, event.reason
        case _:
            return "", ""


# --- deciding ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """The device that is spoken of: its ids, the host name for people, and what kind it is."""

    network: str
    device: str
    name: str
    kind: DeviceKind
    environment: str


def require_possible(subject: Subject, status: LifecycleStatus, trigger: Trigger) -> LifecycleState:
    """The state that this leads to. Raises InvalidTransition where it cannot happen from the state as it is."""
    after = TRANSITIONS.get((status.state, trigger))
    if after is None:
        raise refusal(subject, status, trigger.value)
    return after


def refusal(subject: Subject, status: LifecycleStatus, asked: str) -> InvalidTransition:
    """The error that says where the device stands, what was asked, and what is possible."""
    return _invalid(subject, status, asked, f": {asked!r} cannot follow from there, only ")


def not_in(subject: Subject, status: LifecycleStatus, expected: LifecycleState) -> InvalidTransition:
    """The error for a device that is in another state than was expected."""
    return _invalid(subject, status, expected.value, f", not {expected.value}; from there can follow: ")


def _invalid(subject: Subject, status: LifecycleStatus, asked: str, said: str) -> InvalidTransition:
    ways = tuple(trigger.value for trigger in possible(status.state))
    return InvalidTransition(
        f"{subject.name} is {status.state.value} in {subject.environment}{said}{', '.join(ways)}",
        subject=subject.device,
        state=status.state.value,
        asked=asked,
        possible=ways,
    )


def decide_lifecycle(
    subject: Subject, status: LifecycleStatus, trigger: Trigger, *, window: e.MaintenanceWindow | None = None
) -> e.LifecycleChanged:
    """The event for the device's kind. Raises InvalidTransition, or InvalidValue for a maintenance without a window.

    Only for what is announced: a push is told by the deployment itself, and by nobody else.
    """
    require_possible(subject, status, trigger)
    base = ANNOUNCEMENTS.get(trigger)
    if base is None:
        raise InvalidValue(f"{trigger.value!r} is told by a deployment, not announced", subject=trigger.value)
    if (window is None) is (trigger is Trigger.MAINTENANCE_STARTED):
        raise InvalidValue("a maintenance, and nothing else, has a window", subject="window")
    fields: dict[str, object] = {
        "network": subject.network,
        "device": subject.device,
        "environment": subject.environment,
    }
    return _for_kind(base, subject.kind).model_validate(fields if window is None else {**fields, "window": window})


def _for_kind(base: type[e.LifecycleChanged], kind: DeviceKind) -> type[e.LifecycleChanged]:
    name = f"{kind.value.capitalize()}{base.__name__}"
    return next(found for found in base.__subclasses__() if found.__name__ == name)

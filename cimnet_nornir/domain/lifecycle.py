"""The life of a device in an environment: its states, and one table that says what leads from which to which.

The table is the only source: the check while the program runs, the typed handles (a test holds them against it), and
the diagram in the documents.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Literal

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Event


class LifecycleState(StrEnum):
    """What a device is in. A device that was added and never touched in an environment is planned."""

    PLANNED = "planned"
    PROVISIONING = "provisioning"
    CONFIGURING = "configuring"
    ACTIVE = "active"
    UPDATING = "updating"
    FAILED = "failed"
    MAINTENANCE = "maintenance"
    DECOMMISSIONING = "decommissioning"
    DECOMMISSIONED = "decommissioned"


class Trigger(StrEnum):
    """What can happen to a device, by the name that people read; each is one event."""

    PROVISIONING_STARTED = "provisioning started"
    COMMISSIONED = "commissioned"
    PUSH_STARTED = "push started"
    CONFIGURATION_APPLIED = "configuration applied"
    CONFIGURATION_FAILED = "configuration failed"
    PUSH_IN_DOUBT = "push in doubt"
    PUSH_NOT_APPLIED = "push not applied"
    MAINTENANCE_STARTED = "maintenance started"
    MAINTENANCE_ENDED = "maintenance ended"
    DECOMMISSIONING_STARTED = "decommissioning started"
    DECOMMISSIONED = "decommissioned"


_S = LifecycleState
# Work on a device that is kept out of the ordinary does not put it back into service, whatever becomes of the push.
_KEPT_OUT = {state: state for state in (_S.MAINTENANCE, _S.DECOMMISSIONING)}
_WAYS: Mapping[Trigger, Mapping[LifecycleState, LifecycleState]] = {
    Trigger.PROVISIONING_STARTED: dict.fromkeys((_S.PLANNED, _S.FAILED, _S.DECOMMISSIONED), _S.PROVISIONING),
    Trigger.COMMISSIONED: dict.fromkeys((_S.PLANNED, _S.PROVISIONING, _S.FAILED, _S.DECOMMISSIONING), _S.ACTIVE),
    # The same again where it is under way: a push whose process died leaves the device there.
    Trigger.PUSH_STARTED: {
        **dict.fromkeys((_S.PLANNED, _S.PROVISIONING, _S.CONFIGURING, _S.FAILED), _S.CONFIGURING),
        **dict.fromkeys((_S.ACTIVE, _S.UPDATING), _S.UPDATING),
        **_KEPT_OUT,
    },
    # From failed too: recovery settles a push that was taken and not saved.
    Trigger.CONFIGURATION_APPLIED: {
        **dict.fromkeys((_S.CONFIGURING, _S.UPDATING, _S.FAILED), _S.ACTIVE),
        **_KEPT_OUT,
    },
    Trigger.CONFIGURATION_FAILED: {
        **dict.fromkeys((_S.CONFIGURING, _S.UPDATING, _S.FAILED), _S.FAILED),
        **_KEPT_OUT,
    },
    Trigger.PUSH_IN_DOUBT: {_S.CONFIGURING: _S.CONFIGURING, _S.UPDATING: _S.UPDATING, **_KEPT_OUT},
    # It runs what it ran before: in service if it was, and without a configuration if it had none.
    Trigger.PUSH_NOT_APPLIED: {_S.CONFIGURING: _S.FAILED, _S.UPDATING: _S.ACTIVE, **_KEPT_OUT},
    # Again in maintenance: the window is another.
    Trigger.MAINTENANCE_STARTED: dict.fromkeys((_S.ACTIVE, _S.FAILED, _S.MAINTENANCE), _S.MAINTENANCE),
    Trigger.MAINTENANCE_ENDED: {_S.MAINTENANCE: _S.ACTIVE},
    Trigger.DECOMMISSIONING_STARTED: dict.fromkeys(
        (_S.PROVISIONING, _S.ACTIVE, _S.FAILED, _S.MAINTENANCE), _S.DECOMMISSIONING
    ),
    Trigger.DECOMMISSIONED: {_S.DECOMMISSIONING: _S.DECOMMISSIONED},
}

TRANSITIONS: Mapping[tuple[LifecycleState, Trigger], LifecycleState] = {
    (before, trigger): after for trigger, ways in _WAYS.items() for before, after in ways.items()
}
"""Where each thing that can happen leads from each state; what is not there cannot happen from that state."""


def possible(state: LifecycleState) -> tuple[Trigger, ...]:
    """What can happen to a device in a state, in the order of a life."""
    return tuple(trigger for trigger in Trigger if (state, trigger) in TRANSITIONS)


# --- events -----------------------------------------------------------------------------------------------------------

_ANNOUNCED: Mapping[type[e.LifecycleChanged], Trigger] = {
    e.ProvisioningStarted: Trigger.PROVISIONING_STARTED,
    e.Commissioned: Trigger.COMMISSIONED,
    e.MaintenanceStarted: Trigger.MAINTENANCE_STARTED,
    e.MaintenanceEnded: Trigger.MAINTENANCE_ENDED,
    e.DecommissioningStarted: Trigger.DECOMMISSIONING_STARTED,
    e.Decommissioned: Trigger.DECOMMISSIONED,
}
ANNOUNCEMENTS: Mapping[Trigger, type[e.LifecycleChanged]] = {trigger: kind for kind, trigger in _ANNOUNCED.items()}
"""The triggers that have events of their own, with the base of those for each kind of device. The rest are pushes."""

# Nothing was sent: None. Where the outcome is not known, nor is what the device runs.
_OF_FAILURE: Mapping[str, Trigger | None] = {
    "unreachable": None,
    "refused": None,
    "failed": None,
    "stale": None,
    "busy": None,
    "not recorded": None,
    "cut off": None,
    "not armed": None,
    "not started": None,
    "rejected": Trigger.CONFIGURATION_FAILED,
    "differs": Trigger.CONFIGURATION_FAILED,
    "not saved": Trigger.CONFIGURATION_FAILED,
    "check failed": Trigger.CONFIGURATION_FAILED,
    "not confirmed": Trigger.CONFIGURATION_FAILED,
    "taken back": Trigger.PUSH_NOT_APPLIED,
    "in doubt": Trigger.PUSH_IN_DOUBT,
}
_OF_SETTLING: Mapping[Literal["applied", "not applied", "partly applied", "something else"], Trigger] = {
    "applied": Trigger.CONFIGURATION_APPLIED,
    "not applied": Trigger.PUSH_NOT_APPLIED,
    "partly applied": Trigger.CONFIGURATION_FAILED,
    "something else": Trigger.CONFIGURATION_FAILED,
}
_OF_DEPLOYING: Mapping[Literal["activated", "staged", "unchanged", "rolled back", "failed"], Trigger] = {
    "activated": Trigger.CONFIGURATION_APPLIED,
    "staged": Trigger.CONFIGURATION_APPLIED,
    "unchanged": Trigger.CONFIGURATION_APPLIED,
    "rolled back": Trigger.PUSH_NOT_APPLIED,
    "failed": Trigger.CONFIGURATION_FAILED,
}


def trigger_of(event: Event, *, begun: bool = False) -> Trigger | None:
    """What an event is to a device's life; None where it is nothing.

    `begun` tells that a push was recorded as started, which a failure then ends, though nothing was sent.
    """
    match event:
        case e.PushStarted():
            return Trigger.PUSH_STARTED
        case e.ConfigurationApplied():
            return Trigger.CONFIGURATION_APPLIED
        case e.ConfigurationFailed():
            # Where it was brought back, it runs what it ran before, whatever went wrong.
            left_alone = Trigger.PUSH_NOT_APPLIED if begun else None
            if event.reverted or _not_built(event):
                return Trigger.PUSH_NOT_APPLIED
            return _OF_FAILURE[event.outcome] or left_alone
        case e.PushSettled():
            return _OF_SETTLING[event.outcome]
        case e.ConfigurationDeployed():
            return _OF_DEPLOYING[event.result]
        case _:
            return next((trigger for base, trigger in _ANNOUNCED.items() if isinstance(event, base)), None)


def _not_built(event: e.ConfigurationFailed) -> bool:
    """Whether it is a host that did not come so far as to run anything else."""
    return isinstance(event, e.HostConfigurationFailed) and event.outcome == "rejected" and not event.sent


# --- the diagram ------------------------------------------------------------------------------------------------------


def lifecycle_mermaid() -> str:
    """The table as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html), an arrow a pair."""
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in _arrows()))) + "\n"


def _arrows() -> Iterator[str]:
    yield f"[*] --> {_title(LifecycleState.PLANNED)}: added"
    pairs: dict[tuple[LifecycleState, LifecycleState], list[str]] = {}
    for (before, trigger), after in TRANSITIONS.items():
        pairs.setdefault((before, after), []).append(trigger.value)
    for before in LifecycleState:
        for after in LifecycleState:
            if (before, after) in pairs:
                yield f"{_title(before)} --> {_title(after)}: {', '.join(pairs[before, after])}"
    yield f"{_title(LifecycleState.DECOMMISSIONED)} --> [*]"


def _title(state: LifecycleState) -> str:
    return state.value.capitalize()

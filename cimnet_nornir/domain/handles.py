"""Typed handles: `Router[Planned].start_provisioning()` is a `Router[Provisioning]`.

A handle has the state of its device in its type, so that a type checker refuses what cannot follow; the running
program refuses it too, by the same table.
"""

from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeAlias, TypeVar, overload

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.lifecycle import LifecycleState, Trigger
from cimnet_nornir.domain.lifecycle_status import (
    LifecycleStatus,
    Subject,
    decide_lifecycle,
    not_in,
    refusal,
    require_possible,
)


class State:
    """A state as a type; there are no objects of it."""

    named: ClassVar[LifecycleState]


class Planned(State):
    named = LifecycleState.PLANNED


class Provisioning(State):
    named = LifecycleState.PROVISIONING


class Configuring(State):
    named = LifecycleState.CONFIGURING


class Active(State):
    named = LifecycleState.ACTIVE


class Updating(State):
    named = LifecycleState.UPDATING


class Failed(State):
    named = LifecycleState.FAILED


class Maintenance(State):
    named = LifecycleState.MAINTENANCE


class Decommissioning(State):
    named = LifecycleState.DECOMMISSIONING


class Decommissioned(State):
    named = LifecycleState.DECOMMISSIONED


class Kind:
    """A kind of device as a type; there are no objects of it."""


class RouterKind(Kind):
    pass


class SwitchKind(Kind):
    pass


class HostKind(Kind):
    pass


class LifecycleLog(Protocol):
    """Where a handle's events go to, and where its status comes from."""

    def announce(self, subject: Subject, was: LifecycleStatus, event: e.LifecycleChanged) -> LifecycleStatus:
        """Record the event and return the status after it.

        Raises InvalidTransition where the device is no longer where it was.
        """
        ...

    def status(self, subject: Subject) -> LifecycleStatus:
        """The status as it is now. Raises DeviceNotFound."""
        ...


K = TypeVar("K", bound=Kind)
S_co = TypeVar("S_co", bound=State, covariant=True)
Other = TypeVar("Other", bound=State)


@dataclass(frozen=True, slots=True)
class Handle(Generic[K, S_co]):
    """One device in one environment, in a state that its type names; every step gives a new handle.

    Steps that are announced record their event. Steps of a push do not, since the deployment did: they take in what it
    recorded, and raise InvalidTransition where nothing of the kind was.
    """

    subject: Subject
    status: LifecycleStatus
    log: LifecycleLog

    @property
    def state(self) -> LifecycleState:
        """The state it is in."""
        return self.status.state

    def expect(self, state: type[Other]) -> "Handle[K, Other]":
        """The same handle, known to be in that state. Raises InvalidTransition where it is in another."""
        if self.state is not state.named:
            raise not_in(self.subject, self.status, state.named)
        return Handle(self.subject, self.status, self.log)

    # --- announced ----------------------------------------------------------------------------------------------------

    def start_provisioning(self: "Handle[K, Planned | Failed | Decommissioned]") -> "Handle[K, Provisioning]":
        """It is being installed."""
        return self._announced(Trigger.PROVISIONING_STARTED)

    def commission(
        self: "Handle[K, Planned | Provisioning | Failed | Decommissioning]",
    ) -> "Handle[K, Active]":
        """It is in service as it is, without a push."""
        return self._announced(Trigger.COMMISSIONED)

    def start_maintenance(
        self: "Handle[K, Active | Failed | Maintenance]", window: e.MaintenanceWindow
    ) -> "Handle[K, Maintenance]":
        """Work on it is announced for a window; in maintenance already, the window is a new one."""
        return self._announced(Trigger.MAINTENANCE_STARTED, window)

    def end_maintenance(self: "Handle[K, Maintenance]") -> "Handle[K, Active]":
        """The work is done."""
        return self._announced(Trigger.MAINTENANCE_ENDED)

    def start_decommissioning(
        self: "Handle[K, Provisioning | Active | Failed | Maintenance]",
    ) -> "Handle[K, Decommissioning]":
        """It is being taken out of service."""
        return self._announced(Trigger.DECOMMISSIONING_STARTED)

    def decommissioned(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioned]":
        """It is out of service."""
        return self._announced(Trigger.DECOMMISSIONED)

    # --- told by deployments ------------------------------------------------------------------------------------------

    @overload
    def push_started(
        self: "Handle[K, Planned | Provisioning | Configuring | Failed]",
    ) -> "Handle[K, Configuring]": ...
    @overload
    def push_started(self: "Handle[K, Active | Updating]") -> "Handle[K, Updating]": ...
    @overload
    def push_started(self: "Handle[K, Maintenance]") -> "Handle[K, Maintenance]": ...
    @overload
    def push_started(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioning]": ...
    def push_started(self) -> "Handle[K, State]":
        """A deployment began to push to it."""
        return self._told(Trigger.PUSH_STARTED)

    @overload
    def configuration_applied(self: "Handle[K, Configuring | Updating | Failed]") -> "Handle[K, Active]": ...
    @overload
    def configuration_applied(self: "Handle[K, Maintenance]") -> "Handle[K, Maintenance]": ...
    @overload
    def configuration_applied(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioning]": ...
    def configuration_applied(self) -> "Handle[K, State]":
        """A deployment brought it to what is intended."""
        return self._told(Trigger.CONFIGURATION_APPLIED)

    @overload
    def configuration_failed(self: "Handle[K, Configuring | Updating | Failed]") -> "Handle[K, Failed]": ...
    @overload
    def configuration_failed(self: "Handle[K, Maintenance]") -> "Handle[K, Maintenance]": ...
    @overload
    def configuration_failed(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioning]": ...
    def configuration_failed(self) -> "Handle[K, State]":
        """A deployment sent lines and did not bring it to what is intended."""
        return self._told(Trigger.CONFIGURATION_FAILED)

    @overload
    def push_in_doubt(self: "Handle[K, Configuring]") -> "Handle[K, Configuring]": ...
    @overload
    def push_in_doubt(self: "Handle[K, Updating]") -> "Handle[K, Updating]": ...
    @overload
    def push_in_doubt(self: "Handle[K, Maintenance]") -> "Handle[K, Maintenance]": ...
    @overload
    def push_in_doubt(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioning]": ...
    def push_in_doubt(self) -> "Handle[K, State]":
        """A deployment sent lines, and what the device made of them is not known yet."""
        return self._told(Trigger.PUSH_IN_DOUBT)

    @overload
    def push_not_applied(self: "Handle[K, Configuring]") -> "Handle[K, Failed]": ...
    @overload
    def push_not_applied(self: "Handle[K, Updating]") -> "Handle[K, Active]": ...
    @overload
    def push_not_applied(self: "Handle[K, Maintenance]") -> "Handle[K, Maintenance]": ...
    @overload
    def push_not_applied(self: "Handle[K, Decommissioning]") -> "Handle[K, Decommissioning]": ...
    def push_not_applied(self) -> "Handle[K, State]":
        """A push was in doubt, and the device has nothing of it."""
        return self._told(Trigger.PUSH_NOT_APPLIED)

    # ------------------------------------------------------------------------------------------------------------------

    def _announced(self, trigger: Trigger, window: e.MaintenanceWindow | None = None) -> "Handle[K, Other]":
        event = decide_lifecycle(self.subject, self.status, trigger, window=window)
        return Handle(self.subject, self.log.announce(self.subject, self.status, event), self.log)

    def _told(self, trigger: Trigger) -> "Handle[K, Other]":
        expected = require_possible(self.subject, self.status, trigger)
        now = self.log.status(self.subject)
        if now.state is not expected or now.last is not trigger:
            raise refusal(self.subject, now, trigger.value)
        return Handle(self.subject, now, self.log)


Router: TypeAlias = Handle[RouterKind, S_co]
Switch: TypeAlias = Handle[SwitchKind, S_co]
Host: TypeAlias = Handle[HostKind, S_co]

"""What the facade can do with devices' lives: tell them, take them on, and give a handle that knows its state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from cimnet_nornir.application.lifecycle import Lives, Standing, Standings, commission_in_sync, standings_of
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.domain.events import LifecycleChanged, MaintenanceWindow
from cimnet_nornir.domain.handles import (
    Handle,
    Host,
    HostKind,
    Kind,
    Router,
    RouterKind,
    State,
    Switch,
    SwitchKind,
)
from cimnet_nornir.domain.lifecycle import Trigger
from cimnet_nornir.domain.lifecycle_status import LifecycleStatus, decide_lifecycle
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import DeviceNotFound, InvalidInput
from cimnet_nornir.projections.hosts import load_hosts, past_hosts
from cimnet_nornir.projections.inventory import HostView
from cimnet_nornir.projections.lifecycle import load_lifecycle, with_lifecycle

K = TypeVar("K", bound=Kind)


class Lifecycles(Core):
    """The hosts of the inventory, with the lives of their devices in the service's environment."""

    def hosts(self, at: int | None = None) -> tuple[HostView, ...]:
        """The network as an inventory: its hosts with groups, facts and pinned keys; none where there is no network."""
        return with_lifecycle(self._hosts(at), self._statuses(at))

    def lifecycle(self, at: int | None = None) -> Standings:
        """By device id where each device of the network stands, now or as of a position, in the order of host names."""
        return standings_of(self._hosts(at), self._statuses(at), self.network_name, self.environment)

    def router(self, name: str) -> Router[State]:
        """The router of that host name or id, in the state it is in; `expect` makes the state known to a type checker.

        Raises DeviceNotFound.
        """
        return self._handle(RouterKind, name, DeviceKind.ROUTER)

    def switch(self, name: str) -> Switch[State]:
        """The switch of that host name or id, in the state it is in. Raises DeviceNotFound."""
        return self._handle(SwitchKind, name, DeviceKind.SWITCH)

    def host(self, name: str) -> Host[State]:
        """The host (a server) of that name or id, in the state it is in. Raises DeviceNotFound."""
        return self._handle(HostKind, name, DeviceKind.HOST)

    def announce(self, names: Sequence[str], trigger: Trigger, *, until: datetime | None = None) -> Standings:
        """Record that the same happens to several devices, by host name or id: to all of them, or to none.

        `until` ends the window of a maintenance, which starts now. Raises DeviceNotFound, InvalidInput for an end that
        is over, InvalidValue for a window of anything else, InvalidTransition, and StoreError where one is being pushed
        to.
        """
        window = None if until is None else _window(self.actor.clock(), until)

        def decide(standing: Standing) -> LifecycleChanged:
            return decide_lifecycle(standing.subject, standing.status, trigger, window=window)

        standings = self.lifecycle()
        subjects = [_named(standings, name).subject for name in names]
        return self.lives().record(subjects, decide, what=trigger.value)

    def commission(self, plan: Plan) -> tuple[str, ...]:
        """Take the devices into service that a plan found to run what is intended; returns their ids.

        They are those that no push will tell of: planned, being provisioned, or failed and mended since.
        """
        ours = (plan.network, plan.environment) == (self.network_name, self.environment)
        return commission_in_sync(self.lives(), plan) if ours else ()

    def lives(self) -> Lives:
        """What records devices' lives."""
        return Lives(self.store, self.actor, self.lifecycle)

    def _hosts(self, at: int | None) -> tuple[HostView, ...]:
        if at is None:
            return load_hosts(self.store, self.network_name, self.environment)
        return past_hosts(self.store, self.network_name, self.environment, at)

    def _statuses(self, at: int | None) -> Mapping[str, LifecycleStatus]:
        return load_lifecycle(self.store, self.network_name, self.environment, until=at)

    def _handle(self, _: type[K], name: str, kind: DeviceKind) -> Handle[K, State]:
        standing = _named(self.lifecycle(), name)
        if standing.subject.kind is not kind:
            raise DeviceNotFound(f"{name} is a {standing.subject.kind.value}, not a {kind.value}", subject=name)
        return Handle(standing.subject, standing.status, self.lives())


def _window(start: datetime, until: datetime) -> MaintenanceWindow:
    if until <= start:
        raise InvalidInput(
            f"a maintenance ends later than now, not at {until.astimezone():%Y-%m-%d %H:%M}", subject="until"
        )
    return MaintenanceWindow(start=start, until=until)


def _named(standings: Standings, name: str) -> Standing:
    named = (item for item in standings.values() if item.subject.name.lower() == name.lower())
    found = next(named, None) or standings.get(name)
    if found is None:
        raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
    return found

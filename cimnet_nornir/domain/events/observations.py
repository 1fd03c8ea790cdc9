"""How devices were seen to be, while nobody pushed."""

from typing import Literal

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Value

Reachability = Literal["up", "down", "unreachable"]


class StatusChanged(Event):
    """What was observed of it changed: "up" answers, "down" says that it is, "unreachable" says nothing.

    `old` is nothing where it was never looked at before.
    """

    network: Identifier
    device: Identifier
    environment: str
    old: Reachability | None
    new: Reachability


class RouterStatusChanged(StatusChanged):
    pass


class SwitchStatusChanged(StatusChanged):
    pass


class HostStatusChanged(StatusChanged):
    pass


PortCondition = Literal["up", "down", "disabled"]


class PortChange(Value):
    """A port that is in another condition than before; None where it was not known, or is not there any more."""

    port: str
    old: PortCondition | None
    new: PortCondition | None


class PortStatisticsRecorded(Event):
    """The ports of a device, where one changed its condition, or its errors began to rise.

    `digest` names what the device said (the `ports` of the observation table, kept for a time), `errors` is the sum
    over all ports, `rising` are the ports whose errors began to rise. All ports are `changed` the first time.
    """

    network: Identifier
    device: Identifier
    environment: str
    digest: str
    up: int
    down: int
    disabled: int
    errors: int
    changed: tuple[PortChange, ...] = ()
    rising: tuple[str, ...] = ()


EVENTS: tuple[type[Event], ...] = (
    RouterStatusChanged,
    SwitchStatusChanged,
    HostStatusChanged,
    PortStatisticsRecorded,
)

"""What was seen on devices while nobody pushed."""

from typing import Literal

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier


class DriftDetected(Event):
    """Running differs from intent while no deployment is under way; lines as a diff from running to intent."""

    network: Identifier
    device: str
    environment: str
    diff: tuple[str, ...]
    snapshot: str


class DriftResolved(Event):
    """Running is what is intended again."""

    network: Identifier
    device: str
    environment: str
    snapshot: str


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


EVENTS: tuple[type[Event], ...] = (
    DriftDetected,
    DriftResolved,
    RouterStatusChanged,
    SwitchStatusChanged,
    HostStatusChanged,
)

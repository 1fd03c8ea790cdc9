"""What was seen on devices while nobody pushed."""

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


EVENTS: tuple[type[Event], ...] = (
    DriftDetected,
    DriftResolved,
)

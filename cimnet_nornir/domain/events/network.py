"""What happened to a network as a whole."""

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Endpoint, Identifier


class NetworkCreated(Event):
    name: Identifier


class LinkConnected(Event):
    a: Endpoint
    b: Endpoint


class LinkDisconnected(Event):
    a: Endpoint
    b: Endpoint


EVENTS: tuple[type[Event], ...] = (
    NetworkCreated,
    LinkConnected,
    LinkDisconnected,
)

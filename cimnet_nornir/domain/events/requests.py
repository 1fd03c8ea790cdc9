"""The events at the head of chains: somebody asked for something, and what that takes back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier


class ChangeRequested(Event):
    """Somebody asked for something: the first event of its chain. Secrets in the arguments are references."""

    command: str
    arguments: Mapping[str, Any] = Field(default_factory=dict)


class IntentRestored(Event):
    """Intent goes back to what it was at position `to`, all of it or parts; the events that it causes do that.

    `undone` are the events whose effect it takes back, oldest first.
    """

    network: Identifier
    to: int
    undone: tuple[UUID, ...]


EVENTS: tuple[type[Event], ...] = (ChangeRequested, IntentRestored)

"""The event at the head of every chain: somebody asked for something."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from cimnet_nornir.domain.envelope import Event


class ChangeRequested(Event):
    """Somebody asked for something: the first event of its chain. Secrets in the arguments are references."""

    command: str
    arguments: Mapping[str, Any] = Field(default_factory=dict)


EVENTS: tuple[type[Event], ...] = (ChangeRequested,)

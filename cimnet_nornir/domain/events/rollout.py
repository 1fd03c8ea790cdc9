"""What was decided while a plan was carried out wave by wave; told in the stream of its deployment."""

from typing import Annotated, Literal

from pydantic import Field

from cimnet_nornir.domain.envelope import Event

Count = Annotated[int, Field(ge=1)]


class WaveStarted(Event):
    """The devices (ids) of a wave are about to be pushed to; waves count from 1 to `of`."""

    number: Count
    of: Count
    devices: tuple[str, ...]


class WaveDecided(Event):
    """Whether the next wave may begin after one, and why; `failed` are the devices (ids) of the wave that failed."""

    number: Count
    of: Count
    failed: tuple[str, ...]
    decision: Literal["continue", "stop"]
    reason: str


EVENTS: tuple[type[Event], ...] = (WaveStarted, WaveDecided)

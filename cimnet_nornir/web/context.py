"""What the web server stands on: the network, who may do what, and the ways to the devices; put together by bootstrap."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import TypeVar

from cimnet_nornir.application.ports import DevicePort
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.web.answers import Answers
from cimnet_nornir.web.broadcast import Broadcast
from cimnet_nornir.web.jobs import Jobs
from cimnet_nornir.web.tokens import Tokens

T = TypeVar("T")

OpenDevices = Callable[[NetworkService], AbstractContextManager[DevicePort]]
"""Opens the devices of the environment for whoever acts. Raises DeviceUnreachable where no lab is up."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens: on loopback, whoever sits at the machine may read without a token."""

    host: str
    port: int
    loopback: bool
    secure: bool = False
    """By TLS."""


@dataclass(slots=True)
class Dashboard:
    """One network on the web. `names` are further host names by which the server is called, by a proxy say."""

    service: NetworkService
    listen: Listen
    tokens: Tokens
    _: KW_ONLY
    plans: Path
    open_devices: OpenDevices
    push: PushOptions = field(default_factory=PushOptions)
    names: tuple[str, ...] = ()
    answers: Answers = field(default_factory=Answers)
    broadcast: Broadcast = field(init=False)
    jobs: Jobs = field(init=False)
    _latest: dict[str, tuple[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.broadcast = Broadcast(self.service)
        self.jobs = Jobs(self.broadcast.tell_job)

    def latest(self, name: str, tag: str, make: Callable[[], T]) -> T:
        """What was made last under that name, if it was for the same moment; several answers stand on it."""
        known = self._latest.get(name)
        if known is not None and known[0] == tag:
            return known[1]  # type: ignore[return-value] - a name always has values of one type
        made = make()
        self._latest[name] = (tag, made)
        return made


Names = Mapping[str, str]

"""What the web server stands on: the network, who may do what, and the ways to the devices."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, cast

from cimnet_nornir.application.collecting import KEEP
from cimnet_nornir.application.deployment_list import DeploymentBook
from cimnet_nornir.application.graph_following import GraphFollower
from cimnet_nornir.application.moment_list import MomentBook
from cimnet_nornir.application.overview import Beside
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.web.answers import Answers
from cimnet_nornir.web.broadcast import Broadcast
from cimnet_nornir.web.collector import Rounds
from cimnet_nornir.web.jobs import Jobs
from cimnet_nornir.web.opening import OpenDevices
from cimnet_nornir.web.sessions import Failures, Sessions
from cimnet_nornir.web.tokens import Tokens

T = TypeVar("T")


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
    """One network on the web.

    `names` are further host names by which the server is called, by a proxy say. `collect` is after how many seconds
    the devices are asked again how they are, which is kept for as long as `keep`; 0 is never.
    """

    service: NetworkService
    listen: Listen
    tokens: Tokens
    _: KW_ONLY
    plans: Path
    open_devices: OpenDevices
    push: PushOptions = field(default_factory=PushOptions)
    names: tuple[str, ...] = ()
    collect: int = 0
    keep: timedelta = KEEP
    answers: Answers = field(default_factory=Answers)
    sessions: Sessions = field(default_factory=Sessions)
    failures: Failures = field(default_factory=Failures)
    broadcast: Broadcast = field(init=False)
    jobs: Jobs = field(init=False)
    deployments: DeploymentBook = field(init=False)
    moments: MomentBook = field(init=False)
    rounds: Rounds = field(init=False)
    beside: Beside = field(init=False)
    _graph: GraphFollower | None = None
    _latest: dict[str, tuple[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.broadcast = Broadcast(self.service)
        self.jobs = Jobs(self.broadcast.tell_job)
        self.deployments = DeploymentBook(self.service)
        self.moments = MomentBook(self.service)
        self.beside = Beside(self.service)
        self.rounds = Rounds(
            self.service, self.open_devices, every=self.collect, keep=self.keep, told=self.broadcast.tell_observed
        )

    def graph(self) -> GraphFollower:
        """The context graph of the present, brought up to date; made when somebody first asks for it."""
        if self._graph is None:
            self._graph = self.service.graph_follower()
        self._graph.catch_up()
        return self._graph

    @property
    def cookie(self) -> str:
        """The name of the cookie of a session; the prefix has browsers take it from this very server alone."""
        return "__Host-cimnet" if self.listen.secure else "cimnet"

    def latest(self, name: str, tag: str, make: Callable[[], T]) -> T:
        """What was made last under that name, if it was for the same moment; several answers stand on it."""
        known = self._latest.get(name)
        if known is None or known[0] != tag:
            known = self._latest[name] = tag, make()
        # What is kept under a name is always of one type.
        return cast("T", known[1])

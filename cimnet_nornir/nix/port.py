"""The hosts that configurations are deployed to: the agent is sent to each with every verb, and nothing stays there."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from cimnet_nornir.application.ports import HostState
from cimnet_nornir.errors import CommandRejected, DeviceUnreachable
from cimnet_nornir.nix.answers import Answer, answer_of, last_lines, state_of
from cimnet_nornir.nix.ways import SshWay, Way

if TYPE_CHECKING:
    from cimnet_nornir.domain.events import DeploymentTarget

_ANY: Final = "-"
# The agent itself ends a build that takes too long; its answer has this time to come back.
_ANSWER_SECONDS: Final = 30.0
# A new file that nobody else reads, in the folder that the agent has on the host.
_RECEIVE: Final = """\
umask 077
state=${CIMNET_ROOT-}/var/lib/cimnet-agent
mkdir -p "$state" && [ -n "$(find "$state" -maxdepth 0 -type d -uid "$(id -u)" ! -perm /022)" ] || exit
cat >"$state/incoming.$1"
"""


@dataclass(frozen=True, slots=True)
class VerbSeconds:
    """How long a host may take: to answer at once, to receive a flake and build it, to change what it runs."""

    answer: float = 60.0
    build: float = 1800.0
    activate: float = 300.0

    def of(self, verb: str) -> float:
        """The time for a verb of the agent."""
        if verb == "build":
            return self.build + _ANSWER_SECONDS
        return self.activate if verb in {"activate", "keep", "revert"} else self.answer


class Hosts:
    """The hosts of one environment. `managed` gives their ids, `way` how one of them is reached."""

    def __init__(
        self,
        managed: Callable[[], frozenset[str]],
        way: Callable[[str], Way],
        *,
        seconds: VerbSeconds | None = None,
    ) -> None:
        self._managed = managed
        self._way = way
        self._seconds = seconds or VerbSeconds()

    def manages(self, host: str) -> bool:
        """See HostPort."""
        return host in self._managed()

    @contextmanager
    def session(self, host: str, deployment: str = "") -> "Iterator[AgentSession]":
        """See HostPort."""
        yield AgentSession(self._way(host), self._seconds, deployment)

    def host_key(self, host: str) -> str:
        """See HostPort. This machine has none that anybody would need."""
        way = self._way(host)
        if not isinstance(way, SshWay):
            raise DeviceUnreachable(f"{way.name} is this machine: no SSH host key is needed for it", subject=way.name)
        return way.shown_key()


@dataclass(slots=True)
class AgentSession:
    """One host, the agent sent anew for each verb. `deployment` is "" for a session that no deployment is behind."""

    way: Way
    seconds: VerbSeconds
    deployment: str = ""
    _own: str = field(default_factory=lambda: uuid4().hex)

    @property
    def target(self) -> "DeploymentTarget":
        """See HostSession."""
        return self.way.target

    def look(self) -> HostState:
        """See HostSession."""
        return state_of(self.way.name, self._tell("look"))

    def build(self, flake: Mapping[str, bytes]) -> str:
        """See HostSession."""
        packed = packed_flake(flake)
        digest = hashlib.sha256(packed).hexdigest()
        self._bring(packed, digest)
        name, limit = self.way.name, str(round(self.seconds.build))
        return self._tell("build", self._id, name, digest, limit).values["system"]

    def arm(self, minutes: int) -> None:
        """See HostSession."""
        self._tell("arm", self._id, str(minutes))

    def activate(self) -> None:
        """See HostSession."""
        self._tell("activate", self.deployment or _ANY)

    def confirm(self) -> bool:
        """See HostSession."""
        return self._tell("confirm", self.deployment or _ANY).yes("confirmed")

    def keep(self) -> int | None:
        """See HostSession."""
        return self._tell("keep", self.deployment or _ANY).generation

    def revert(self) -> bool:
        """See HostSession."""
        return self._tell("revert", self.deployment or _ANY).yes("reverted")

    @property
    def _id(self) -> str:
        return self.deployment or self._own

    def _bring(self, packed: bytes, digest: str) -> None:
        seconds = self.seconds.build
        ran = self.way.run(("sh", "-c", _RECEIVE, "sh", digest), packed, seconds=seconds)
        if ran.status != 0:
            # The agent would not start either, and says why; where it does, the flake could not be written.
            self._tell("look")
            said = last_lines(ran.err) or "the connection broke"
            message = f"{self.way.name}: build: the flake was not received: {said}"
            raise CommandRejected(message, subject=self.way.name, line="build", answer=said)

    def _tell(self, verb: str, *arguments: str) -> Answer:
        way, seconds = self.way, self.seconds.of(verb)
        ran = way.run(("sh", "-s", "--", verb, *arguments), agent_script(), seconds=seconds)
        return answer_of(way.name, verb, ran, remote=way.remote, seconds=seconds)


@cache
def agent_script() -> bytes:
    """The agent, as it is sent to hosts."""
    return (files("cimnet_nornir.nix") / "agent.sh").read_bytes()


def packed_flake(flake: Mapping[str, bytes]) -> bytes:
    """The files of a flake as a tar archive that is the same for the same files, whoever packs it and when.

    A flake knows no modes: what begins with `#!` is a program, and may be run, as its owner's file could.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(flake.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o700 if content.startswith(b"#!") else 0o600
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()

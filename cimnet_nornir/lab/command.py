"""A command of user or privileged mode, and a request to run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Match

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device
    from cimnet_nornir.lab.session import Session

PRIVILEGED: Final = 15


@dataclass(frozen=True, slots=True)
class Request:
    """A command that was understood, and who gave it where."""

    session: "Session"
    device: "Device"
    match: "Match[Command]"

    @property
    def values(self) -> Mapping[str, str]:
        """The values in the line."""
        return self.match.values


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it does, and the privilege level it needs."""

    pattern: str
    run: Callable[[Request], Outcome]
    level: int = 1
    needs: str = ""

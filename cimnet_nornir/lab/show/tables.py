"""Which `show` commands there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Outcome

if TYPE_CHECKING:
    from cimnet_nornir.lab.commands import Request


@dataclass(frozen=True, slots=True)
class Show:
    pattern: str
    run: "Callable[[Request], Outcome]"
    level: int = 1


def _running(request: "Request") -> Outcome:
    body = request.device.running_config()
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}"


SHOW: Final = (Show("running-config", _running, 15),)

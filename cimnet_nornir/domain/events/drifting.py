"""What was changed on devices while nobody pushed: seen, said by the device's own log, let be for a time, kept."""

from pydantic import AwareDatetime

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Line, Value


class ConfiguredBy(Value):
    """An entry of a device's log: somebody configured it. `at` is the time as the device writes it.

    `who` is a login name, or the line where nobody logged in; `line` and `address` say where he came from. `command` is
    what he typed, where the device logs that.
    """

    at: str
    who: str
    line: str = ""
    address: str = ""
    command: str = ""


class DriftedLine(Value):
    """A line that a device would be given to run what was applied, or that it would be rid of.

    `running` are the lines of the same section that run and go with it: where others come, it is another drift.
    """

    path: tuple[str, ...]
    adds: bool
    running: tuple[str, ...] = ()


class DriftDetected(Event):
    """Running differs from intent while no deployment is under way; `diff` goes from running to intent.

    `lines` are those of it that others changed, intent that waits left out; empty in what was recorded before there
    were any. `configured` are the entries of the device's log about who configured it since the last push, the oldest
    first.
    """

    network: Identifier
    device: str
    environment: str
    diff: tuple[str, ...]
    snapshot: str
    configured: tuple[ConfiguredBy, ...] = ()
    lines: tuple[DriftedLine, ...] = ()


class DriftResolved(Event):
    """Running is what is intended again."""

    network: Identifier
    device: str
    environment: str
    snapshot: str


class DriftIgnored(Event):
    """Somebody has looked at these drifted lines, and lets them be until then."""

    network: Identifier
    device: Identifier
    environment: str
    lines: tuple[DriftedLine, ...]
    reason: Line
    until: AwareDatetime


class DriftIgnoreWithdrawn(Event):
    """Drifted lines that were ignored count again."""

    network: Identifier
    device: Identifier
    environment: str
    lines: tuple[DriftedLine, ...]


class ConfigurationBackedUp(Event):
    """The running configuration differed from the one that was kept last, and was kept; `snapshot` names its text.

    Secrets in it are masked, and what changes by itself is left out.
    """

    network: Identifier
    device: Identifier
    environment: str
    snapshot: str


EVENTS: tuple[type[Event], ...] = (
    DriftDetected,
    DriftResolved,
    DriftIgnored,
    DriftIgnoreWithdrawn,
    ConfigurationBackedUp,
)

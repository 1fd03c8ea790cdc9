"""What checks are made of: how a device meets them, what reads its answers, and a check as it is run on one host."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from cimnet_nornir.domain.checks import DeclaredCheck, Moment, When
from cimnet_nornir.projections.inventory import Fact, HostView

Ask = Callable[[str], str]
"""Gives what a device answers to a show command; raises DeviceError where the session broke."""
Memory = dict[str, dict[str, Any]]
"""What checks remembered before a change, by their texts; given to the checks after it again."""

# How long a check of the user's own is tried again, unless it says so itself.
WITHIN = 10.0
EVERY = 2.0


class CheckReader(Protocol):
    """What knows a platform's commands for declared checks, and reads their answers. A function of its arguments."""

    def command_of(self, check: DeclaredCheck) -> str:
        """The command whose answer tells."""
        ...

    def remembered(self, check: DeclaredCheck, answer: str) -> Mapping[str, int]:
        """What a check that compares has to remember of an answer before the change."""
        ...

    def refusal(self, answer: str) -> str:
        """What the device says instead of an answer; empty where it answers."""
        ...

    def wrong_with(
        self, check: DeclaredCheck, answer: str, *, known_as: Collection[str], before: Mapping[str, int]
    ) -> str:
        """Why the answer says that the check does not hold, in one line; empty where it holds."""
        ...


@dataclass(frozen=True, slots=True)
class CheckedDevice:
    """A device as a check meets it.

    `when` is `before` or `after`; `before` is a dict that is this check's own: what it puts in before the change is
    there after it. `ask` raises DeviceError where the session broke, which a check lets pass.
    """

    name: str
    id: str
    facts: Mapping[str, Fact]
    ask: Ask
    when: Moment
    before: dict[str, Any]


@runtime_checkable
class OwnCheck(Protocol):
    """A check in Python: `hosts` are patterns as --limit takes them, none for all hosts.

    It may also say `within` and `every`, in seconds, as declared checks do. One object is run for several devices at
    the same time: what is to be remembered of a device belongs into `device.before`.
    """

    @property
    def id(self) -> str:
        """Its name, in results and events."""
        ...

    @property
    def when(self) -> When:
        """When it is run."""
        ...

    @property
    def hosts(self) -> Sequence[str]:
        """What it is about."""
        ...

    def run(self, device: CheckedDevice) -> Iterable[str]:
        """Say what is wrong, a line each; nothing where it passes."""
        ...


@dataclass(frozen=True, slots=True)
class HostCheck:
    """A check as it is run on one host.

    `text` is what holds when it passes. `shares` tells that its show commands may be answered by what the device just
    said to another check, `compares` that it cannot do without what it remembered before the change.
    """

    text: str
    when: When
    host: HostView
    run: Callable[[CheckedDevice], Iterable[str]]
    within: float = WITHIN
    every: float = EVERY
    reason: str = ""
    shares: bool = False
    compares: bool = False

    def is_run(self, moment: Moment) -> bool:
        """Whether it belongs to a moment."""
        return self.when in ("both", moment)

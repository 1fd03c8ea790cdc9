"""A configuration that was read in: the intent it expresses, and what became of each of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device

LineClass = Literal["owned", "adopted", "noise", "unknown"]
"""What became of a line: a feature says it, it is adopted word for word, it says nothing (version, end, a marker), or
it was not read: there is none of these last."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it stands in the configuration, with the headers above it."""

    path: Path
    how: LineClass


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file by its number, from 1, with its secrets masked, and what became of it."""

    number: int
    text: str
    how: LineClass


@dataclass(frozen=True, slots=True)
class Identity:
    """What a configuration says of itself: a host name, None where it has none, and the platform by its version.

    `text` is the configuration without what a session showed around it, None where that is not told; `system` is that
    of another family, which the engine does not read, by its name.
    """

    name: str | None
    platform: str
    text: str | None = field(default=None, repr=False)
    system: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A device as its configuration tells it.

    `secrets` are those that were in it, by the references that stand for them in the intent. `left` are running lines
    that the intent does not bring in spite of all, and `surplus` lines that it would add: both are empty unless the
    reader is at fault, and nothing may be recorded while they are not.
    """

    device: Device
    lines: tuple[ReadLine, ...]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    left: tuple[Path, ...] = ()
    surplus: tuple[Path, ...] = ()

    def count(self, how: LineClass) -> int:
        """How many lines came to be so."""
        return sum(1 for line in self.lines if line.how == how)

"""A mode of configuration that a session is in."""

from dataclasses import dataclass
from typing import Final

from cimnet_nornir.lab.config import Line

# The mode of a line that is known by the letter alone.
COPIED: Final = "copied"


@dataclass(frozen=True, slots=True)
class Frame:
    """A mode that is open, and the lines it configures: several in a range, none at the top."""

    mode: str
    lines: tuple[Line, ...] = ()

"""What lies between a running configuration and the intended one, as values that every room can speak of."""

from dataclasses import dataclass

Path = tuple[str, ...]
"""A configuration line with the sections it stands in, from the top: ("interface Vlan10", "ip address …")."""

UNFOUND = "there is no secret at "
"""What a warning begins with where a line cannot be compared, because its secret is not found."""


@dataclass(frozen=True, slots=True)
class Change:
    """One command of a remediation. `path` is the intended line that it brings, or the running line it takes away."""

    section: Path
    command: str
    path: Path
    adds: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The remediation that takes running to intended, and what a person should see of it.

    `commands` are sent one by one after `configure terminal`; a banner is one command of several lines. `diff` is text,
    empty where nothing differs. `unmodelled` are running lines that nobody's intent owns; they are left alone.
    `inverse` are the commands that take the result back to what is running; `touched` is the text of the running
    sections that the commands go into, each whole, which tells whether somebody else changed them meanwhile.
    `cuts` says what in it would cut the way by which the device is reached.
    """

    changes: tuple[Change, ...]
    commands: tuple[str, ...]
    diff: str
    unmodelled: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    touched: str = ""
    cuts: tuple[str, ...] = ()

    @property
    def in_sync(self) -> bool:
        """Whether running is what is intended, as far as intent goes."""
        return not self.commands

"""Faults that a simulated device can be given, for trying what a push must survive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from cimnet_nornir.errors import InvalidInput

FAULTS: Final = ("down", "up", "hang", "drop", "reject", "ignore", "host-key", "slow", "clear")


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a device at the moment.

    `hang_after` and `drop_after` count configuration lines from the moment the fault was set (None: not set); a
    dropped connection happens once, everything else lasts until `clear`. `slow` is milliseconds a line.
    """

    down: bool = False
    hang_after: int | None = None
    drop_after: int | None = None
    reject: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()
    host_key: bool = False
    slow: int = 0

    @property
    def hanging(self) -> bool:
        """Whether the device answers nothing any more."""
        return self.hang_after is not None and self.hang_after <= 0

    @property
    def label(self) -> str:
        """The faults in words, as they are given; empty when there is none."""
        words = [
            "down" if self.down else "",
            "" if self.hang_after is None else f"hang after {self.hang_after} lines" if self.hang_after > 0 else "hang",
            "" if self.drop_after is None else f"drop after {self.drop_after} lines",
            *(f"reject {pattern.pattern}" for pattern in self.reject),
            *(f"ignore {pattern.pattern}" for pattern in self.ignore),
            "host-key" if self.host_key else "",
            f"slow {self.slow} ms" if self.slow else "",
        ]
        return ", ".join(word for word in words if word)

    def after_line(self) -> "Faults":
        """The faults after one more configuration line was taken."""
        return replace(self, hang_after=_less(self.hang_after), drop_after=_less(self.drop_after))

    def rejects(self, line: str) -> bool:
        """Whether the line is answered as invalid."""
        return any(pattern.search(line) for pattern in self.reject)

    def ignores(self, line: str) -> bool:
        """Whether the line is taken without any effect."""
        return any(pattern.search(line) for pattern in self.ignore)


def _less(count: int | None) -> int | None:
    return None if count is None else count - 1


def with_fault(faults: Faults, fault: str, arguments: Mapping[str, object]) -> Faults:
    """The faults after one more was set.

    Arguments: `lines` (hang: optional, drop: needed), `pattern` (reject, ignore), `milliseconds` (slow). Raises
    InvalidInput for an unknown fault or a wrong argument.
    """
    match fault:
        case "clear":
            return Faults()
        case "up":
            return replace(faults, down=False)
        case "down":
            return replace(faults, down=True)
        case "hang":
            return replace(faults, hang_after=_number(fault, arguments, "lines", 0))
        case "drop":
            return replace(faults, drop_after=_number(fault, arguments, "lines", 1))
        case "host-key":
            return replace(faults, host_key=True)
        case "slow":
            return replace(faults, slow=_number(fault, arguments, "milliseconds", 0))
        case _:
            return _with_pattern(faults, fault, arguments)


def _with_pattern(faults: Faults, fault: str, arguments: Mapping[str, object]) -> Faults:
    if fault not in {"reject", "ignore"}:
        raise InvalidInput(f"unknown fault {fault!r}: one of {', '.join(FAULTS)}", subject=fault)
    try:
        pattern = re.compile(str(arguments["pattern"]))
    except (KeyError, re.error) as error:
        raise InvalidInput(f"fault {fault}: needs a pattern, a regular expression", subject=fault) from error
    if fault == "reject":
        return replace(faults, reject=(*faults.reject, pattern))
    return replace(faults, ignore=(*faults.ignore, pattern))


def _number(fault: str, arguments: Mapping[str, object], name: str, lowest: int) -> int:
    value = arguments.get(name, 0)
    if not isinstance(value, int) or value < lowest:
        raise InvalidInput(f"fault {fault}: {name} must be a number from {lowest}", subject=fault)
    return value

"""Faults that a simulated device can be given, for trying what a push must survive."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cimnet_nornir.errors import InvalidInput

Pattern = re.Pattern[str]
# Every fault, and what the value behind it is called; empty where it takes none.
FAULT_VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "down": "",
        "up": "",
        "hang": "lines",
        "drop": "lines",
        "reject": "pattern",
        "ignore": "pattern",
        "ask": "pattern",
        "drop-on": "pattern",
        "hang-on": "pattern",
        "host-key": "",
        "slow": "milliseconds",
        "refuse-save": "",
        "full": "",
        "lock": "user",
        "power": "",
        "power-after": "lines",
        "errors": "interface",
        "load": "percent",
        "clear": "",
    }
)
FAULTS: Final = tuple(FAULT_VALUES)
_PATTERNS: Final = tuple(name for name, value in FAULT_VALUES.items() if value == "pattern")


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a device at the moment.

    `hang_after`, `drop_after` and `power_after` count configuration lines from the moment the fault was set (None:
    not set); a dropped connection and a loss of power happen once, everything else lasts until `clear`. `slow` is
    milliseconds a line; `locked` is the user who locks configuration mode; `load` is how busy the processor is, in
    percent.
    """

    down: bool = False
    hang_after: int | None = None
    drop_after: int | None = None
    power_after: int | None = None
    patterns: tuple[tuple[str, Pattern], ...] = ()
    host_key: bool = False
    slow: int = 0
    refuse_save: bool = False
    full: bool = False
    locked: str | None = None
    load: int | None = None

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
            "" if self.power_after is None else f"power-after {self.power_after} lines",
            *(f"{name} {pattern.pattern}" for name, pattern in self.patterns),
            "host-key" if self.host_key else "",
            f"slow {self.slow} ms" if self.slow else "",
            "refuse-save" if self.refuse_save else "",
            "full" if self.full else "",
            "" if self.locked is None else f"lock {self.locked}",
            "" if self.load is None else f"load {self.load} %",
        ]
        return ", ".join(word for word in words if word)

    def after_line(self) -> "Faults":
        """The faults after one more configuration line was taken."""
        return replace(
            self,
            hang_after=_less(self.hang_after),
            drop_after=_less(self.drop_after),
            power_after=_less(self.power_after),
        )

    def after_dropping(self, line: str) -> "Faults":
        """The faults after the session was lost with this line, which happens once."""
        dropped = self.drop_after is not None and self.drop_after <= 0
        kept = tuple(
            (name, pattern) for name, pattern in self.patterns if name != "drop-on" or not pattern.search(line)
        )
        return replace(self, drop_after=None if dropped else self.drop_after, patterns=kept)

    def rejects(self, line: str) -> bool:
        """Whether the line is answered as invalid."""
        return self._matches("reject", line)

    def ignores(self, line: str) -> bool:
        """Whether the line is taken without any effect."""
        return self._matches("ignore", line)

    def asks(self, line: str) -> bool:
        """Whether the line takes effect only when the user says yes."""
        return self._matches("ask", line)

    def drops(self, line: str) -> bool:
        """Whether the session is lost now that the line took effect."""
        return (self.drop_after is not None and self.drop_after <= 0) or self._matches("drop-on", line)

    def hangs(self, line: str) -> bool:
        """Whether nothing is answered from this line on, though it took effect."""
        return self._matches("hang-on", line)

    def _matches(self, fault: str, line: str) -> bool:
        return any(name == fault and pattern.search(line) is not None for name, pattern in self.patterns)


def _less(count: int | None) -> int | None:
    return None if count is None else count - 1


def with_fault(faults: Faults, fault: str, arguments: Mapping[str, object]) -> Faults:
    """The faults after one more was set; `power` and `errors` are none that stay.

    Arguments: `lines` (hang: optional; drop, power-after: needed), `pattern` (reject, ignore, ask, drop-on, hang-on),
    `milliseconds` (slow), `user` (lock: optional), `percent` (load). Raises InvalidInput for an unknown fault or a
    wrong argument.
    """
    if fault in _PATTERNS:
        return _with_pattern(faults, fault, arguments)
    if fault not in _PLAIN:
        raise InvalidInput(f"unknown fault {fault!r}: one of {', '.join(FAULTS)}", subject=fault)
    return _PLAIN[fault](faults, arguments)


_PLAIN: Final[Mapping[str, Callable[[Faults, Mapping[str, object]], Faults]]] = {
    "clear": lambda _, __: Faults(),
    "up": lambda faults, _: replace(faults, down=False),
    "down": lambda faults, _: replace(faults, down=True),
    "host-key": lambda faults, _: replace(faults, host_key=True),
    "hang": lambda faults, given: replace(faults, hang_after=_number("hang", given, "lines", 0)),
    "drop": lambda faults, given: replace(faults, drop_after=_number("drop", given, "lines", 1)),
    "power-after": lambda faults, given: replace(faults, power_after=_number("power-after", given, "lines", 1)),
    "slow": lambda faults, given: replace(faults, slow=_number("slow", given, "milliseconds", 0)),
    "refuse-save": lambda faults, _: replace(faults, refuse_save=True),
    "full": lambda faults, _: replace(faults, full=True),
    "lock": lambda faults, given: replace(faults, locked=str(given.get("user", "")) or "console"),
    "load": lambda faults, given: replace(faults, load=_number("load", given, "percent", 0, 100)),
    "power": lambda faults, _: faults,
    "errors": lambda faults, _: faults,
}


def _with_pattern(faults: Faults, fault: str, arguments: Mapping[str, object]) -> Faults:
    try:
        pattern = re.compile(str(arguments["pattern"]))
    except (KeyError, re.error) as error:
        raise InvalidInput(f"fault {fault}: needs a pattern, a regular expression", subject=fault) from error
    return replace(faults, patterns=(*faults.patterns, (fault, pattern)))


def _number(fault: str, arguments: Mapping[str, object], name: str, lowest: int, highest: int | None = None) -> int:
    value = arguments.get(name, 0)
    if not isinstance(value, int) or value < lowest or (highest is not None and value > highest):
        upto = "" if highest is None else f" to {highest}"
        raise InvalidInput(f"fault {fault}: {name} must be a number from {lowest}{upto}", subject=fault)
    return value

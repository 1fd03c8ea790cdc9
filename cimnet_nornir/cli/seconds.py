"""Numbers of seconds on the command line."""

from threading import TIMEOUT_MAX

import click


class Seconds(click.ParamType[float]):
    """A number of seconds, not below the least one, and no more than can be waited for."""

    name = "seconds"

    def __init__(self, least: int, *, whole: bool) -> None:
        self._least = least
        self._read = int if whole else float

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it."""
        try:
            found = self._read(str(value))
        except ValueError:
            found = -1
        if not self._least <= found <= TIMEOUT_MAX:
            self.fail(f"{value!r}: seconds, from {self._least}", param, ctx)
        return found

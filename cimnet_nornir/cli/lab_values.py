"""What arguments of `cimnet lab` may be: lengths of time, and faults."""

import re
import textwrap
from typing import Final

import click

_WIDTH: Final = 80
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Span(click.ParamType[int]):
    """A length of time in seconds, given as `90s`, `5m`, `2h` or `1d`."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"(\d{1,6})([smhd])", str(value))
        if found is None:
            self.fail(f"{value!r} is no length of time; it is a number with s, m, h or d behind it: 5m", param, ctx)
        return int(found[1]) * _SECONDS[found[2]]


class Fault(click.ParamType[str]):
    """The name of a fault; which there are is asked of the lab only when one is given."""

    name = "fault"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is none."""
        from cimnet_nornir.bootstrap import LAB_FAULTS

        if value not in LAB_FAULTS:
            listed = textwrap.fill(
                ", ".join(sorted(LAB_FAULTS)),
                _WIDTH,
                initial_indent="  ",
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
            self.fail(f"{value!r} is not one of (clear ends all):\n{listed}\n ", param, ctx)
        return value

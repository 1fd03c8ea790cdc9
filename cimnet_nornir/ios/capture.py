"""The configuration in a text that a terminal recorded: without pages, prompts and what else the session showed.

What is no configuration becomes an empty line, so that lines keep their numbers.
"""

import re
from collections.abc import Sequence
from typing import Final

# Colours and movements of a terminal (ECMA-48), and the form feed of a printer.
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x0c")
# A pager takes its mark away by eight spaces; a log that lost the backspaces has them before the line.
_MORE: Final = re.compile(r"^ ?<?-+ ?More ?-+>?(?: {9}(?= {0,4}\S)| *$)")
_HOSTNAME: Final = re.compile(r"^hostname (\S+) *$")
# IOS shows at most so much of a host name before the prompt of a mode, and all of it before `#`.
_SHOWN: Final = 20
_ASKED: Final = re.compile(r"(?:sh(?:o(?:w)?)?\s+(?:run|start|conf)|more\s|wr(?:i(?:te?)?)?\s+t)", re.IGNORECASE)


def configuration_in(text: str) -> str:
    """The configuration, each line where it stood; the text itself where there is nothing else in it."""
    lines = [_seen(line) for line in _lines(text)]
    names = [found[1] for line in lines if (found := _HOSTNAME.match(line))]
    if len(set(names)) == 1:
        start, stop = _bounds(lines, names[0])
        lines = ["" if not start <= number < stop else line for number, line in enumerate(lines)]
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n")
    # A file of an old Mac has no other end of line.
    return (whole if "\n" in whole else whole.replace("\r", "\n")).split("\n")


def _seen(line: str) -> str:
    """A line as it was last seen on the terminal, without the mark of a pager."""
    line = _ESCAPES.sub("", line).rstrip("\r")
    if "\b" in line or "\r" in line:
        line = _overtyped(line)
    return _MORE.sub("", line)


def _overtyped(line: str) -> str:
    """What stands there after going back, and writing over what was there."""
    cells: list[str] = []
    at = 0
    for sign in line:
        if sign == "\b":
            at = max(0, at - 1)
        elif sign == "\r":
            at = 0
        else:
            cells[at : at + 1] = [sign]
            at += 1
    return "".join(cells).rstrip()


def _bounds(lines: Sequence[str], name: str) -> tuple[int, int]:
    """Where the configuration begins, and where the session goes on after it."""
    prompt = re.compile(rf"^{re.escape(name[:_SHOWN])}\S*?[#>](?P<typed>.*)$")
    prompts = {number: found["typed"].strip() for number, line in enumerate(lines) if (found := prompt.match(line))}
    first = next(number for number, line in enumerate(lines) if _HOSTNAME.match(line))
    start = max((number + 1 for number, typed in prompts.items() if number < first and _ASKED.match(typed)), default=0)
    end = next((number for number in range(first, len(lines)) if lines[number] == "end"), None)
    if end is not None:
        return start, min((number for number in prompts if number > end), default=len(lines))
    # It was cut short: what stands last is no configuration where it is a prompt.
    stop = len(lines)
    while not lines[stop - 1].strip() or stop - 1 in prompts:
        stop -= 1
    return start, stop

"""Markdown for the comment of a merge request: escaped, and never longer than the place that it is for takes.

What devices and people wrote stands in code spans and fences only: there it is neither markup, nor the mention of a
person (`@all`), nor a command to the site (`/close`).
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from cimnet_nornir.reports.words import count, one_line, visible

LIMIT = 60_000
"""A comment on GitHub has at most 65,536 characters, one on GitLab 1,000,000."""
LEAST = 2_000
# Room for what is said at the end of all that was left out.
_RESERVE = 600
# A difference that is cut shorter than this says nothing.
_WORTH = 300


def marker(kind: str, network: str, environment: str) -> str:
    """The first line of a report: by it a program finds its own comment again, to put the next one in its place."""
    names = f"network={_name(network)} environment={_name(environment)}"
    return f"<!-- cimnet:{kind} {names} -->"


def _name(text: str) -> str:
    return quote(visible(text), safe="")[:200]


def code(text: str, most: int = 300) -> str:
    """A text in one line as a code span, also for the cell of a table."""
    line = one_line(text, most)
    if not line:
        return ""
    ticks = "`" * (_longest(line) + 1)
    room = " " if line.startswith("`") or line.endswith("`") else ""
    # GitHub and GitLab take a bar for the end of a cell even within code, unless a backslash stands before it.
    return f"{ticks}{room}{line}{room}{ticks}".replace("|", "\\|")


def fence(text: str, kind: str = "") -> str:
    """Lines as they are, in a fence that is longer than any within them."""
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}{kind}\n{visible(text).rstrip()}\n{ticks}"


def details(name: str, said: str, content: str) -> str:
    """A part that opens when its title is clicked on: a name, what is said of it, and Markdown within."""
    title = f"<code>{html.escape(one_line(name))}</code>: {html.escape(one_line(said))}"
    return f"<details><summary>{title}</summary>\n\n{content}\n\n</details>"


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


@dataclass(slots=True)
class Paper:
    """Markdown of at most `limit` characters (at least LEAST): what does not fit is left out, and that is said."""

    limit: int = LIMIT
    _blocks: list[str] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)
    _used: int = 0

    @property
    def _room(self) -> int:
        return max(self.limit, LEAST) - _RESERVE - self._used

    def block(self, text: str) -> bool:
        """Add a block, with an empty line before it; False where it does not fit."""
        if len(text) + 2 > self._room:
            return False
        self._blocks.append(text)
        self._used += len(text) + 2
        return True

    def rows(self, head: str, rows: Iterable[str], what: str) -> None:
        """Add lines under a head, as many as fit; nothing where there are none. `what` is one of them, in words."""
        left, taken, room = 0, [head], self._room - len(head) - 2
        for row in rows:
            room -= len(row) + 1
            if room < 0:
                left += 1
                continue
            taken.append(row)
        if len(taken) > 1:
            self.block("\n".join(taken))
        self._leave(left, what)

    def parts(self, parts: Iterable[tuple[str, str, str, str]], what: str) -> None:
        """Add parts that open: name, what is said, the text of the fence, and what stands before it. All that fit.

        The first that does not fit is cut in its fence, where that leaves something worth reading.
        """
        left, cut = 0, False
        for name, said, text, before in parts:
            if self.block(_part(name, said, text, before)):
                continue
            shortened = "" if cut else self._shortened(name, said, text, before)
            cut = True
            left += not (shortened and self.block(shortened))
        self._leave(left, what)

    def _shortened(self, name: str, said: str, text: str, before: str) -> str:
        lines = visible(text).splitlines()
        room = self._room - len(_part(name, said, "", before)) - 2 * (_longest(text) + 1) - 50
        if room < _WORTH:
            return ""
        kept: list[str] = []
        for line in lines:
            room -= len(line) + 1
            if room < 0:
                break
            kept.append(line)
        left = f"… {count(len(lines) - len(kept), 'line')} left out"
        return _part(name, said, "\n".join([*kept, left]), before) if kept else ""

    def _leave(self, number: int, what: str) -> None:
        if number:
            self._left.append(count(number, what))

    def text(self) -> str:
        """All of it, with what was left out at the end."""
        left = [f"Left out, because a comment would be too long: {', '.join(self._left)}."] if self._left else []
        return "\n\n".join([*self._blocks, *left]) + "\n"


def _part(name: str, said: str, text: str, before: str) -> str:
    return details(name, said, "\n\n".join(each for each in (before, fence(text, "diff")) if each))

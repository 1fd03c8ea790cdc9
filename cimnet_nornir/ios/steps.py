"""What a comparison gives: the steps from running to intent, what was left alone, and what a person should read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cimnet_nornir.ios.blocks import typed_banner
from cimnet_nornir.ios.joining import joined_steps
from cimnet_nornir.ios.rules.model import OPAQUE, TOP
from cimnet_nornir.ios.rules.table import opened_by, rule_for, undo_of
from cimnet_nornir.ios.tree import Path


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One command in its section (the headers that lead to it).

    With `adds`, `explains` is the path of the intended line that the command brings; without, that of the running line
    that it takes away. A header that is typed for its own sake is a step; a banner is a command of several lines.
    """

    section: Path
    command: str
    explains: Path
    adds: bool

    def __repr__(self) -> str:
        # The command may hold a secret, and a repr ends up in logs.
        return f"<Step {'+' if self.adds else '-'} {' / '.join(self.section) or 'top'}: {self.command.split(' ')[0]} …>"


@dataclass(frozen=True, slots=True)
class Remediation:
    """The steps in the order in which they are sent; running lines that were not touched; things a person should read.

    `unmodelled` are the paths of running lines that no rule knows or that intent does not own.
    """

    steps: tuple[Step, ...] = ()
    unmodelled: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the device is as intended."""
        return not self.steps

    def lines(self) -> tuple[str, ...]:
        """The commands as typed after `configure terminal`, headers included; a banner is one item of several lines."""
        return tuple(_typed(self.steps, _margin))

    def text(self) -> str:
        """The same as text, ending with a newline unless empty."""
        return "".join(f"{line}\n" for line in self.lines())

    def file(self) -> str:
        """The same as a file for a device to merge: each line stands in from its header, and `end` ends it."""
        return "".join(f"{line}\n" for line in (*_typed(self.steps, _indent), "end"))


def _typed(single: tuple[Step, ...], margin: Callable[[Path], str]) -> Iterator[str]:
    here: Path = ()
    steps = tuple(joined_steps(single))
    for index, step in enumerate(steps):
        yield from _way(here, step, margin)
        command = typed_banner(step.command) if "\n" in step.command else step.command
        yield f"{margin(step.section)}{command}"
        inside = (*step.section, step.command)
        following = steps[index + 1].section[: len(inside)] if index + 1 < len(steps) else ()
        here = inside if following == inside or _opens(step.section, step.command) else step.section
    if any(header.startswith("address-family ") for header in here):
        yield f"{margin(here[:-1])}exit-address-family"


def _way(here: Path, step: Step, margin: Callable[[Path], str]) -> Iterator[str]:
    """The words that lead from one section to that of a step; IOS takes a global command in any mode."""
    there = step.section
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    following = there[common] if common < len(there) else step.command
    for depth in range(len(here), common, -1):
        if here[depth - 1].startswith("address-family "):
            yield f"{margin(here[: depth - 1])}exit-address-family"
        elif depth > 1 or section_kind(here[:depth]) == OPAQUE or not _opens((), following):
            # A global line that is no section might mean something else in the mode that was entered last.
            yield f"{margin(here[: depth - 1])}exit"
    yield from (f"{margin(there[:depth])}{there[depth]}" for depth in range(common, len(there)))


def _margin(section: Path) -> str:
    """Lines below a header that no rule knows stand in from it, so that they can be told from what follows."""
    return " " * len(section) if section_kind(section) == OPAQUE else ""


def _indent(section: Path) -> str:
    return " " * len(section)


def section_kind(section: Path) -> str:
    """The kind of rules that hold inside a section."""
    kind = TOP
    for header in section:
        kind = opened_by(kind, header)
    return kind


def _opens(section: Path, command: str) -> bool:
    return bool(rule_for(section_kind(section), command).opens)


@dataclass(frozen=True, slots=True)
class Draft:
    """A step with its place in the order; sections are visited once for each first part of that place."""

    order: tuple[int, ...]
    step: Step


def removal(path: Path, order: tuple[int, ...]) -> Draft:
    """The step that takes a running line back by itself."""
    *section, text = path
    undo = undo_of(section_kind(tuple(section)), text)
    return Draft(order, Step(tuple(section), undo, path, adds=False))


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """A running line that was left alone."""

    path: Path


@dataclass(frozen=True, slots=True)
class Caution:
    """A sentence a person should read."""

    text: str


Finding = Draft | Unmodelled | Caution


def collect(findings: list[Finding]) -> Remediation:
    """The findings in the order in which they are sent."""
    drafts = sorted((f for f in findings if isinstance(f, Draft)), key=lambda draft: draft.order)
    return Remediation(
        steps=tuple(draft.step for draft in drafts),
        unmodelled=tuple(dict.fromkeys(f.path for f in findings if isinstance(f, Unmodelled))),
        warnings=tuple(dict.fromkeys(f.text for f in findings if isinstance(f, Caution))),
    )

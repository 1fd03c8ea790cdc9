"""Configuration mode: a stack of modes, each line read in the innermost that knows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import INCOMPLETE, INVALID, Answer, Outcome
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.channels import copied_to
from cimnet_nornir.lab.features.tables import PROMPTS, TABLES
from cimnet_nornir.lab.grammar import Ambiguous, Failure, Incomplete, Invalid, Match, Node, options, read_line
from cimnet_nornir.lab.known_lines import typed
from cimnet_nornir.lab.modes import COPIED, Frame
from cimnet_nornir.lab.rules import Change, Rule, apply, rule_tree

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

_LEAVING: Final = (Rule("exit"), Rule("end"))


@dataclass(frozen=True, slots=True)
class _Read:
    """A line that a mode understood: at which depth of the stack, and whether it takes something back."""

    depth: int
    match: Match[Rule]
    negated: bool
    defaulted: bool = False


class Configuration:
    """The state of one session's configuration mode; `frames` is empty when it is left."""

    def __init__(self, device: "Device") -> None:
        self.device = device
        self.frames: list[Frame] = [Frame("config")]

    @property
    def tag(self) -> str:
        """What the prompt shows in brackets: `config-if`."""
        frame = self.frames[-1]
        return (
            f"{PROMPTS[frame.mode]}-range"
            if len(frame.lines) > 1 and frame.mode == "config-if"
            else PROMPTS.get(frame.mode, "config-mode")
        )

    def feed(self, line: str, indent: int = 0, user: str = "") -> Answer:
        """Apply one line; `indent` is the width of the prompt before it, for the caret."""
        if not line.strip() or line.lstrip().startswith("!"):
            return Answer()
        if self.device.known and typed(self, line):
            self.device.touch(user)
            return Answer()
        found = self._read(line)
        if not isinstance(found, _Read):
            return Answer(complaint(found, line, indent))
        answer = self._apply(found, line, indent)
        self.device.touch(user)
        return answer

    def depth_of(self, line: str) -> int | None:
        """How many modes are open down to the one that understands the line; None where none does."""
        found = self._read(line)
        return found.depth + 1 if isinstance(found, _Read) else None

    def options(self, line: str) -> list[str]:
        """What may follow in the present mode."""
        start = _negation(line)[0] if line.strip() else 0
        return options(self._tree(self.frames[-1]), line, start)

    def _read(self, line: str) -> _Read | Failure:
        """The innermost mode that understands the line, or the failure that came furthest."""
        start, negated = _negation(line)
        worst: Failure = Invalid(start)
        for depth in range(len(self.frames) - 1, -1, -1):
            found = read_line(self._tree(self.frames[depth]), line, start=start, negated=negated)
            if isinstance(found, Match):
                return _Read(depth, found, negated, negated and line.split(maxsplit=1)[0].lower() == "default")
            if not isinstance(found, Invalid):
                return found
            worst = max(worst, found, key=lambda failure: failure.column if isinstance(failure, Invalid) else 0)
        return worst

    def _tree(self, frame: Frame) -> Node[Rule]:
        if frame.mode == COPIED:
            return rule_tree(_LEAVING, frozenset())
        features = self.device.features_of(frame.lines[0] if frame.lines else None)
        return rule_tree((*TABLES[frame.mode], *_LEAVING), features)

    def _apply(self, found: _Read, line: str, indent: int) -> Answer:
        if found.match.text == "exit":
            self.frames.pop()
            return Answer()
        if found.match.text == "end":
            self.frames.clear()
            return Answer()
        owners = self.frames[found.depth].lines or (None,)
        copies = [line for owner in owners for line in copied_to(self.device, found.match.leaf, owner)]
        changes = [self._change(found, owner) for owner in owners]
        changes += [self._change(found, line, copied=True) for line in copies]
        outcomes = [apply(change) for change in changes]
        # A line that is refused as invalid leaves the mode as it was, which is how lines meant for a port that
        # does not exist end up on the one before.
        if not any(isinstance(outcome, Invalid) for outcome in outcomes):
            del self.frames[found.depth + 1 :]
            self._move(changes)
        return _merged(outcomes, line, indent)

    def _change(self, found: _Read, owner: Line | None, *, copied: bool = False) -> Change:
        section = owner.section if owner is not None else self.device.running
        return Change(
            self.device, section, found.match.leaf, found.match, found.negated, owner, copied, found.defaulted
        )

    def _move(self, changes: list[Change]) -> None:
        """Enter the mode that the line opened, or leave the one it closed."""
        first = changes[0]
        if first.leave:
            self.frames.pop()
        entered = tuple(line for change in changes for line in change.entered)
        if first.rule.enters and entered and not first.negated:
            self.frames.append(Frame(first.mode or first.rule.enters, entered))


def _negation(line: str) -> tuple[int, bool]:
    """Where the command starts, and whether `no` (or `default`, which takes back as well) stands before it."""
    start = len(line) - len(line.lstrip())
    words = line.split(maxsplit=2)
    prefix = words[0].lower()
    taking_back = prefix == "no" or (
        prefix == "default" and len(words) > 1 and not "interface".startswith(words[1].lower())
    )
    if not taking_back:
        return start, False
    return start + len(prefix) + (1 if len(words) > 1 else 0), True


def complaint(failure: Failure, line: str, indent: int) -> str:
    """What IOS says about a line it does not understand; the caret stands under the echoed line."""
    match failure:
        case Invalid(column):
            return f"{' ' * (indent + column)}^\n{INVALID}\n"
        case Ambiguous():
            return f'% Ambiguous command:  "{line.strip()}"'
        case Incomplete():
            return f"{INCOMPLETE}\n"


def _merged(outcomes: Iterable[Outcome], line: str, indent: int) -> Answer:
    """One answer for all the lines of a range: equal texts once, the first question alone."""
    texts: list[str] = []
    for outcome in outcomes:
        if isinstance(outcome, Answer) and outcome.ask:
            return outcome
        text = outcome.text if isinstance(outcome, Answer) else outcome
        text = complaint(text, line, indent) if isinstance(text, Invalid) else text
        if text and text not in texts:
            texts.append(text)
    return Answer("\n".join(texts))

"""What a device answers to one line: text, a question, or the end of the session."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from cimnet_nornir.lab.grammar import Invalid


class Action(Enum):
    """What happens to the session after the text was sent."""

    NONE = "none"
    CLOSE = "close"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt that waits for an answer; `hidden` input is not echoed, `key` takes one key without Enter."""

    prompt: str
    then: "Callable[[str], Answer]"
    hidden: bool = False
    key: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Text (lines parted by a newline, none at the end), then a question or an action."""

    text: str = ""
    ask: Question | None = None
    action: Action = Action.NONE


Outcome = str | Answer | Invalid

INVALID = "% Invalid input detected at '^' marker."
INCOMPLETE = "% Incomplete command."


def confirm(prompt: str, then: Callable[[], Answer], *, otherwise: str = "") -> Answer:
    """Ask `prompt [confirm]`: Enter or `y` goes on, anything else does not."""

    def decide(answer: str) -> Answer:
        return then() if answer[:1].lower() in {"", "y", "\r"} else Answer(otherwise)

    return Answer(ask=Question(f"{prompt}[confirm]", decide, key=True))

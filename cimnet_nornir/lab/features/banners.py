"""Banners: a text of several lines between two delimiters."""

from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question
from cimnet_nornir.lab.rules import Change, Rule, store

# What the running configuration shows for the delimiter, the character with code 3.
DELIMITER: Final = "^C"


def _banner(change: Change) -> Outcome:
    """Read on until the delimiter, the first character of the text (`^C` counts as one character)."""
    text = change.values["text"]
    delimiter = DELIMITER if text.startswith(DELIMITER) else text[0]
    return _collect(change, delimiter, text[len(delimiter) :], ())


def _collect(change: Change, delimiter: str, line: str, before: tuple[str, ...]) -> Answer:
    body, found, _ = line.partition(delimiter)
    lines = (*before, body)
    if found:
        return Answer(_keep(change, lines))

    def more(answer: str) -> Answer:
        return _collect(change, delimiter, answer, lines)

    intro = "" if before or change.device.booting else f"Enter TEXT message.  End with the character '{delimiter[0]}'."
    return Answer(intro, Question("", more))


def _keep(change: Change, lines: tuple[str, ...]) -> str:
    text = "\n".join(lines)
    kind = change.values["kind"]
    return store(change, f"banner {kind} {DELIMITER}{text}{DELIMITER}", {"kind": kind, "text": text})


BANNERS: Final = (Rule("banner {kind: motd|login|exec|incoming} <text:line>", 450, ("kind",), effect=_banner),)

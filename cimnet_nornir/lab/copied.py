"""A device that is a copy of a real one: lines of its configuration that no grammar here has are known by the letter.

Where they stood they may be typed again and taken back; anything else that the grammar lacks is refused as ever.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cimnet_nornir.lab.answers import Answer, Question
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.known_lines import keep, section_of
from cimnet_nornir.lab.modes import COPIED, Frame

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def learn(device: "Device", text: str) -> None:
    """Take in a configuration as it ran elsewhere: what the grammar refuses is kept as it stands, and known from then.

    What stands below a line is told by how far it stands in, as a device shows it.
    """
    configuration = Configuration(device)
    above = [(-1, 1)]
    waiting: Question | None = None
    lines = list(_within_families(text.splitlines()))
    for number, line in enumerate(lines):
        if waiting is not None:
            waiting = waiting.then(line).ask
        elif line.rstrip() == "end":
            break
        elif line.strip() and not line.lstrip().startswith("!"):
            while above[-1][0] >= _indent(line):
                above.pop()
            opens = number + 1 < len(lines) and _indent(lines[number + 1]) > _indent(line)
            waiting = _taken(configuration, line, above[-1][1], opens=opens)
            above.append((_indent(line), len(configuration.frames)))


def _within_families(lines: Iterable[str]) -> Iterator[str]:
    """IOS 12 shows the lines of an address family no further in than its header: here they are."""
    family: int | None = None
    for line in lines:
        indent, word = _indent(line), line.strip().partition(" ")[0]
        if word == "exit-address-family" or (family is not None and indent < family):
            family = None
        inside = family == indent and word not in ("address-family", "!")
        yield f" {line}" if inside else line
        family = indent if word == "address-family" else family


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _taken(configuration: Configuration, line: str, depth: int, *, opens: bool) -> Question | None:
    """Apply a line below the first modes, by the grammar or by the letter; what it asks."""
    frames = configuration.frames
    below = frames[: max(depth, 1)]
    answer = _answered(configuration, line, len(below)) if below[-1].mode != COPIED else None
    if not frames:
        frames.append(Frame("config"))
    if answer is None:
        frames[:] = below
        keep(configuration, line.strip(), opens=opens)
        return None
    return answer.ask


def _answered(configuration: Configuration, line: str, depth: int) -> Answer | None:
    """The answer to a line, None where it is refused, or is one of a mode above that in which it stands."""
    read = configuration.depth_of(line)
    if read is None or read < depth:
        return None
    section = section_of(configuration, depth)
    answer = configuration.feed(line)
    refused = configuration.device.is_error(answer)
    # Of some lines a device complains, and has them all the same.
    return None if refused and not any(each.text == line.strip() for each in section) else answer

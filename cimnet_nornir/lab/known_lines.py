"""Lines that a device knows by the letter because the real one that it is a copy of has them."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Key, Line, Section
from cimnet_nornir.lab.modes import COPIED, Frame

if TYPE_CHECKING:
    from cimnet_nornir.lab.configure import Configuration

Place = tuple[Key, ...]
Known = dict[tuple[Place, str], bool]
"""Lines by where they stand, each with whether others stand below it."""

# Behind all that the device knows by itself.
_LAST: Final = 9000


def keep(configuration: "Configuration", text: str, *, opens: bool) -> None:
    """Know a line of the innermost mode from now on, and put it there."""
    configuration.device.known[_place(configuration, len(configuration.frames)), text] = opens
    _put(configuration, text, opens=opens)


def section_of(configuration: "Configuration", depth: int) -> Section:
    """The lines of a mode that is open; of a range of interfaces those of the first."""
    return _sections(configuration, depth)[0]


def _place(configuration: "Configuration", depth: int) -> Place:
    """The lines whose modes are open down to that depth."""
    return tuple(frame.lines[0].key for frame in configuration.frames[:depth] if frame.lines)


def typed(configuration: "Configuration", line: str) -> bool:
    """Apply a line that is known by the letter in one of the open modes, or takes one back; whether it was one."""
    text = " ".join(line.split()) if line.split(maxsplit=1)[0] == "no" else line.strip()
    known = configuration.device.known
    for depth in range(len(configuration.frames), 0, -1):
        opens = known.get((_place(configuration, depth), text))
        if opens is not None:
            del configuration.frames[depth:]
            _put(configuration, text, opens=opens)
            return True
        if _taken_back(configuration, text, depth):
            del configuration.frames[depth:]
            # The grammar may know a form that takes back more than this.
            return configuration.depth_of(line) is None
    return False


def _taken_back(configuration: "Configuration", text: str, depth: int) -> bool:
    """Remove lines known by the letter that a line takes back; whether there were any."""
    wanted = text.removeprefix("no ") if text.startswith("no ") else f"no {text}"
    gone = [
        (section, line)
        for section in _sections(configuration, depth)
        for line in section.all(COPIED)
        if f"{line.text} ".startswith(f"{wanted} ")
    ]
    for section, line in gone:
        section.drop(*line.key)
    return bool(gone)


def _put(configuration: "Configuration", text: str, *, opens: bool) -> None:
    """Put a line into the innermost mode, and enter its own where others stand below it."""
    entered: list[Line] = []
    for section in _sections(configuration, len(configuration.frames)):
        line = Line((COPIED, text), text, _LAST, children=Section() if opens else None)
        section.put(line)
        entered.append(line)
    if opens:
        configuration.frames.append(Frame(COPIED, tuple(entered)))


def _sections(configuration: "Configuration", depth: int) -> list[Section]:
    lines = configuration.frames[depth - 1].lines
    return [line.section for line in lines] if lines else [configuration.device.running]

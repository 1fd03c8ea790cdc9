"""What became of each line of a configuration, as it stands in the file: none is left out."""

from collections.abc import Iterator

from cimnet_nornir.domain.reading import LineClass, Reading, SourceLine
from cimnet_nornir.ios.blocks import folded
from cimnet_nornir.ios.masking import mask_secrets


def account(text: str, reading: Reading) -> tuple[SourceLine, ...]:
    """Each line of the text with its class, and its secrets masked; "unknown" where the reading does not have it."""
    return tuple(_lines(text, reading))


def _lines(text: str, reading: Reading) -> Iterator[SourceLine]:
    read = iter(reading.lines)
    number = 0
    for unit, raw in folded(text.replace("\r\n", "\n").replace("\r", "\n").splitlines()):
        how: LineClass = "noise"
        if _is_read(unit):
            line = next(read, None)
            how = line.how if line is not None and line.path[-1] == unit.strip().replace("\t", " ") else "unknown"
        for each in raw:
            number += 1
            yield SourceLine(number, each if len(raw) > 1 else mask_secrets(each), how)


def _is_read(unit: str) -> bool:
    """Whether a line says something: an empty one and a comment do not."""
    bare = unit.strip()
    return bool(bare) and not bare.startswith("!")

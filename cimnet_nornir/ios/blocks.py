"""Texts of several lines that are one command (banners, certificates, macros) as one unit that no tree splits."""

import re
from collections.abc import Iterator

from cimnet_nornir.errors import ConfigurationError

# "banner KIND d text d" and its relatives: the first character after the words is the delimiter. A device shows the
# delimiter ASCII 3 as the two characters ^C (Cisco IOS Configuration Fundamentals Command Reference, "banner motd").
_BANNER = re.compile(
    r"^(?P<head>banner\s+\S+|aaa authentication (?:banner|fail-message)|menu \S+ title)"
    r"\s+(?P<mark>\^C|\S)(?P<rest>.*)$",
    re.IGNORECASE,
)
# The command that opens a block, and the line that ends it.
_ENDED = (
    (re.compile(r"^\s+certificate\s", re.IGNORECASE), "quit"),
    (re.compile(r"^macro name\s", re.IGNORECASE), "@"),
)
# With what a line begins that opens any of these; most lines open none.
_MAY_OPEN = re.compile(r"banner\s|aaa authentication |menu |macro name\s|\s+certificate\s", re.IGNORECASE)
BANNER_MARK = "^C"
ASCII_3 = "\x03"


def fold_blocks(lines: list[str]) -> Iterator[str]:
    """The lines with each block joined into one text of several lines.

    Raises ConfigurationError where a banner or another block does not end.
    """
    return (text for text, _ in folded(lines))


def folded(lines: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The same, each with the lines as they stood. Raises ConfigurationError."""
    index = 0
    while index < len(lines):
        start = index
        text, index = _unit(lines, start)
        yield text, tuple(lines[start:index])


def in_a_file(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines as a file must have them: the end mark of a banner is the one character ASCII 3, shown as ^C."""
    banner = _BANNER.match(lines[0])
    if banner is None or banner["mark"] != BANNER_MARK:
        return lines
    return tuple(line.replace(BANNER_MARK, ASCII_3) for line in lines)


def _unit(lines: list[str], index: int) -> tuple[str, int]:
    line = lines[index]
    if not _MAY_OPEN.match(line):
        return line, index + 1
    banner = _BANNER.match(line)
    if banner is not None:
        return _banner(banner, lines, index)
    for opening, ending in _ENDED:
        if opening.match(line):
            return _ended(lines, index, ending)
    return line, index + 1


def _banner(banner: re.Match[str], lines: list[str], index: int) -> tuple[str, int]:
    mark = "\x03" if banner["mark"] == BANNER_MARK else banner["mark"]
    body: list[str] = []
    rest, position = banner["rest"], index
    while True:
        text, found, _ = rest.replace(BANNER_MARK, "\x03").partition(mark)
        body.append(text.rstrip())
        if found:
            return banner_text(banner["head"], "\n".join(body)), position + 1
        position += 1
        if position == len(lines):
            raise ConfigurationError(
                f"line {index + 1}: {banner['head']!r} does not end; its delimiter {banner['mark']!r} never comes",
                subject=banner["head"],
            )
        rest = lines[position]


def banner_text(head: str, body: str) -> str:
    """A banner in its one form: the command, its text and the end mark, each on lines of their own."""
    words = " ".join(head.lower().split())
    return f"{words} {BANNER_MARK}\n{body.strip(chr(10))}\n{BANNER_MARK}"


def typed_banner(text: str) -> str:
    """A banner as it is typed: with a delimiter that its text does not hold, since ^C typed would be two characters.

    Raises ConfigurationError where the text uses every delimiter there is.
    """
    head, _, rest = text.partition(f" {BANNER_MARK}\n")
    body = rest.removesuffix(f"\n{BANNER_MARK}")
    for mark in "#~@%$&|=":
        if mark not in body:
            return f"{head} {mark}\n{body}\n{mark}"
    raise ConfigurationError(f"{head}: the text leaves no character for a delimiter", subject=head)


def _ended(lines: list[str], index: int, ending: str) -> tuple[str, int]:
    for position in range(index + 1, len(lines)):
        if lines[position].strip() == ending:
            rest = [line.strip() for line in lines[index + 1 : position + 1]]
            return "\n".join([lines[index].rstrip(), *rest]), position + 1
    raise ConfigurationError(f"line {index + 1}: {lines[index].strip()!r} does not end with {ending!r}")

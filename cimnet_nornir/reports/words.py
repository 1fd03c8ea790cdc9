"""Texts of devices and people in reports: whatever they contain, nothing of it is taken for markup."""


def visible(text: str) -> str:
    r"""The text with all that cannot be seen written out, as `\x1b`; lines and tabs stay.

    So nothing is left that XML 1.0 forbids, and nothing that shows a line otherwise than it is read (bidirectional
    controls, backspaces).
    """
    return "".join(sign if sign.isprintable() or sign in "\n\t" else _written_out(sign) for sign in text)


def _written_out(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def one_line(text: str, most: int = 300) -> str:
    """The text in one line of at most so many characters."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def count(number: int, thing: str) -> str:
    """A number with its thing: 1 device, 3 devices."""
    return f"{number} {thing if number == 1 else thing + 's'}"


def changed_lines(diff: str) -> tuple[int, int]:
    """How many lines of a difference come, and how many go."""
    lines = diff.splitlines()
    more, less = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    return more, less

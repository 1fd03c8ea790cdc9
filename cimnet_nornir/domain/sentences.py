"""Lists of things in a sentence."""

from collections.abc import Sequence

# More names than this do not fit into a line that people read.
MOST_NAMED = 5


def some_of(things: Sequence[str]) -> str:
    """Things in a sentence, the first few of them by name: "a, b, c, d, e and 7 more"."""
    more = len(things) - MOST_NAMED
    return ", ".join(things[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

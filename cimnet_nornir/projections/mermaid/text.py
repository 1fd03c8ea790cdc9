"""Texts of others in Mermaid: valid whatever stands in them, and shown as they are."""

import re
import unicodedata

LONGEST = 120
"""How many characters of a text are shown; names are shorter, reasons and descriptions need not be."""

# Mermaid shows #35; as the character of that number. What is replaced means something somewhere: in its grammar, its
# comments and directives, in Markdown, in HTML, in KaTeX, or as the name of an icon. A colon before a blank or in a
# time, and an underline inside a word, mean nothing.
_MEANS_SOMETHING = re.compile(
    r"[\x21-\x26*;<>@\[\\\]^`{|}~]|:(?! |(?<=\d:)\d)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|style|classDef"
)
# At the beginning of a line a list, a heading or a rule, and how a message is to be wrapped; what becomes a link; and
# what Mermaid takes for the direction of a chart, wherever in a line it stands, quotes or not.
_MEANS_SOMETHING_HERE = re.compile(
    r"\A[-+=](?![A-Za-z0-9])|\A\d{1,9}[.)](?= |\Z)|(?i:www)\.|\A(?:no)?wrap:|direction(?=\Z| (?:TB|BT|RL|LR|TD))"
)
# What controls, what is half a character, and what no font has (categories of Unicode).
_UNSEEN = frozenset({"Cc", "Cs", "Cn", "Co"})
# They turn around the text after them, and with it what a reader believes to see (Unicode, UAX 9).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACEMENT = "\ufffd"
# Mermaid's own marks for & and ; while it works: in a picture that it has drawn it turns them back wherever they stand.
_MARKS = (("\ufb02\xb0", "fl\xb0"), ("\xb6\xdf", "\xb6\u200b\xdf"))
_ENTITY = re.compile(r"#(\d+);")


def seen(text: str, *, most: int = LONGEST) -> str:
    """A text as it is shown in one line: blanks as one, a sign for what cannot be seen, and no longer than that."""
    words = " ".join(text.replace("\ufeff", " ").split())
    if not words.isascii() or not words.isprintable():
        words = "".join(map(_seen, words))
        for mark, instead in _MARKS:
            words = words.replace(mark, instead)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _seen(character: str) -> str:
    unseen = unicodedata.category(character) in _UNSEEN or character in _TURNING
    return _REPLACEMENT if unseen else character


def escaped(text: str, *, most: int = LONGEST) -> str:
    """A text as it is written into Mermaid: what Mermaid shows of it is what `seen` gives."""
    return _MEANS_SOMETHING_HERE.sub(_entity, _MEANS_SOMETHING.sub(_entity, seen(text, most=most)))


def _entity(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}#{ord(found[0][-1])};"


def label(*lines: str) -> str:
    """Lines as one label in quotes, as flowcharts have them; empty lines are left out."""
    written = [line for line in map(escaped, lines) if line]
    # Mermaid reads a label with a tag twice, and what stood there as a number means something the second time.
    plain = not any(_ENTITY.search(line) for line in written)
    return '"' + ("<br/>" if plain else "\n").join(written) + '"'


def size(text: str) -> int:
    """The length of a text as Mermaid counts it: characters outside the first plane of Unicode are two."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)

"""Marks that stand in a rendered configuration for secrets: `<secret:env:NAME>` names where the secret is found.

A plan, a difference and a log show the mark; the secret itself is put in its place at the moment of pushing.
"""

import re
from collections.abc import Callable, Iterable

from cimnet_nornir.domain.comparison import UNFOUND
from cimnet_nornir.errors import ConfigurationError

Resolver = Callable[[str], str | None]
"""What finds the secret behind a reference; None where nothing is there."""

_MARK = re.compile(r"<secret:(?P<reference>[^<>\s]+)>")

# A secret may be kept with its type before it; a key of NTP has the type behind it.
_TYPE_BEFORE = re.compile(r"(?m)^(?P<head>\s*ntp authentication-key \d+ \S+ )(?P<type>[07]) (?P<secret>\S+)$")


def secret_mark(reference: str) -> str:
    """The mark of a reference."""
    return f"<secret:{reference}>"


def has_mark(text: str) -> bool:
    """Whether a secret has to be put into the text."""
    return _MARK.search(text) is not None


def without_marks(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", text)


def references_in(text: str) -> tuple[str, ...]:
    """The references that are marked in a text, in order."""
    return tuple(match["reference"] for match in _MARK.finditer(text))


def missing_words(lines: Iterable[str], resolve: Resolver | None) -> tuple[str, ...]:
    """What to say of each secret that lines ask for and nobody finds: without it no line shows that it is there."""
    asked = dict.fromkeys(reference for line in lines for reference in references_in(line))
    return tuple(
        f"{UNFOUND}{reference}: what needs it counts as different, and cannot be sent"
        for reference in asked
        if resolve is not None and not _is_there(reference, resolve)
    )


def _is_there(reference: str, resolve: Resolver) -> bool:
    try:
        return bool(resolve(reference))
    except ConfigurationError:
        return False


def revealed(text: str, resolve: Resolver | None) -> str:
    """The text with the secrets in the place of their marks.

    Raises ConfigurationError where a secret is not there, or is more than one line.
    """

    def secret(match: re.Match[str]) -> str:
        reference = match["reference"]
        value = resolve(reference) if resolve is not None else None
        if not value:
            raise ConfigurationError(f"{UNFOUND}{reference}; set it first", subject=reference)
        if not value.isprintable():
            raise ConfigurationError(f"the secret at {reference} is no single line of text", subject=reference)
        return value

    return _TYPE_BEFORE.sub(r"\g<head>\g<secret> \g<type>", _MARK.sub(secret, text))

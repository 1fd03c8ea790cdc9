"""Secrets taken out of a configuration before anything of it is kept: references stand in their places."""

import re
from collections.abc import Callable, Iterator

from cimnet_nornir.ios.blocks import folded
from cimnet_nornir.ios.masking import secret_in_line

Refer = Callable[[str, str], str]
"""Where a secret is kept: given a name for it and its value, the reference to it ("file:PATH")."""

_TYPE = re.compile(r"(?<!level) (\d{1,2}) $")  # how the secret is written, just before it
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 80
_MARK = re.compile(r"<secret:[^<>\s]+>")


def take_out_secrets(text: str, refer: Refer) -> str:
    """The text with `<secret:REFERENCE>` where its secrets stood; a type before one goes with it ("9 $9$…").

    Banners and certificates stay as they are, and so do secrets that are masked already. Raises ConfigurationError
    where a banner or a certificate does not end.
    """
    return "\n".join(_lines(text, refer))


def _lines(text: str, refer: Refer) -> Iterator[str]:
    above: list[tuple[int, str]] = []
    for line, raw in folded(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if len(raw) > 1:
            yield from raw
            continue
        indent = len(line) - len(line.lstrip())
        above = [(depth, header) for depth, header in above if depth < indent]
        yield _without_secret(line, [header for _, header in above], refer)
        above.append((indent, line.strip()))


def _without_secret(line: str, headers: list[str], refer: Refer) -> str:
    found = secret_in_line(line)
    if found is None:
        return line
    start, end = found
    head, secret, rest = line[:start], line[start:end], line[end:]
    kind = _TYPE.search(head)
    if kind is not None:
        head, secret = head[: kind.start() + 1], f"{kind[1]} {secret}"
    reference = refer(_name((*headers, head)), secret)
    # More than one secret may stand in a line (the two of an SNMP user).
    return _without_secret(f"{head}<secret:{reference}>{rest}", headers, refer)


def _name(words: tuple[str, ...]) -> str:
    """A name for a secret by the sections and the words it stands behind."""
    return (
        _NOT_IN_A_NAME.sub("-", _MARK.sub("", " ".join(words)).lower()).strip("-")[:_LONGEST_NAME].strip("-")
        or "secret"
    )

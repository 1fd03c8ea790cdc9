"""Who may read and who may change: tokens, compared without telling by the time it takes how near a guess came."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CALLER = "cimnet.caller"
LOGGED_IN = "cimnet.session"
"""Under which names a request carries its Holder, and its Session."""

May = Literal["read", "change"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a token is, as events name who acts, and whether it is for changes too."""

    name: str
    may: May


class Tokens:
    """The tokens of a project by their digests: the texts are not kept."""

    def __init__(self, tokens: Mapping[str, tuple[str, May]]) -> None:
        """Take the text and the right of each holder, by name."""
        self._known = tuple((Holder(name, may), _digest(text)) for name, (text, may) in tokens.items())

    def __bool__(self) -> bool:
        return bool(self._known)

    def holder_of(self, text: str) -> Holder | None:
        """Whose token that is; all are looked at, whichever it is."""
        asked = _digest(text)
        found = None
        for holder, digest in self._known:
            if hmac.compare_digest(digest, asked):
                found = holder
        return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

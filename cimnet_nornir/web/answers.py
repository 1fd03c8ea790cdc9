"""Answers that are computed once for a moment, whatever number of people ask; the tag names the moment."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_BYTES = 64 * 1024 * 1024
_WORTH_PACKING = 1024
_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an answer, plain and packed by gzip; `packed` is empty where it does not pay."""

    raw: bytes
    packed: bytes

    @property
    def size(self) -> int:
        return len(self.raw) + len(self.packed)


def body_of(raw: bytes) -> Body:
    """The answer, packed once for all who take it so."""
    return Body(raw, gzip.compress(raw, _LEVEL, mtime=0) if len(raw) > _WORTH_PACKING else b"")


class Answers:
    """The answers that were given last, by question and tag, up to so many bytes.

    Safe from many threads: who asks while an answer is computed waits for it.
    """

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], Body] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._busy: dict[tuple[str, str], threading.Lock] = {}

    def get(self, question: str, tag: str, make: Callable[[], bytes]) -> Body:
        """The answer to a question at the moment that the tag names."""
        key = (question, tag)
        with self._lock:
            known = self._known(key)
            if known is not None:
                return known
            turn = self._busy.setdefault(key, threading.Lock())
        with turn:
            try:
                with self._lock:
                    known = self._known(key)
                return known if known is not None else self._made(key, make)
            finally:
                with self._lock:
                    self._busy.pop(key, None)

    def _known(self, key: tuple[str, str]) -> Body | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def _made(self, key: tuple[str, str], make: Callable[[], bytes]) -> Body:
        body = body_of(make())
        with self._lock:
            self._keep(key, body)
        return body

    def _keep(self, key: tuple[str, str], body: Body) -> None:
        if body.size > self._most:
            return
        before = self._kept.pop(key, None)
        self._kept[key] = body
        self._size += body.size - (before.size if before is not None else 0)
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size

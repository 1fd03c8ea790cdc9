"""Who is logged in with a browser: a session a login, kept in memory, named by a cookie that scripts cannot read."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cimnet_nornir.web.tokens import Holder

SECONDS = 12 * 60 * 60
_MOST_SESSIONS = 500
_MOST_FAILURES = 10
_WITHIN_SECONDS = 60.0
_MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """A holder of a token who logged in; `csrf` is what the page shows with each change, and other pages cannot."""

    holder: Holder
    csrf: str
    until: float

    def confirms(self, shown: str) -> bool:
        """Whether what was shown with a change is what the page was given."""
        return hmac.compare_digest(shown.encode(), self.csrf.encode())


class Sessions:
    """The sessions there are. Safe from many threads; they end with the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, holder: Holder) -> tuple[str, Session]:
        """A new session, and the name that the cookie has; only its digest is kept."""
        name = secrets.token_urlsafe(32)
        session = Session(holder, secrets.token_urlsafe(32), self._clock() + SECONDS)
        with self._lock:
            self._known[_digest(name)] = session
            while len(self._known) > _MOST_SESSIONS:
                self._known.popitem(last=False)
        return name, session

    def get(self, name: str) -> Session | None:
        """The session of a cookie, unless it ended."""
        with self._lock:
            found = self._known.get(_digest(name))
        return found if found is not None and found.until > self._clock() else None

    def end(self, name: str) -> None:
        """Log out."""
        with self._lock:
            self._known.pop(_digest(name), None)


@dataclass(slots=True)
class Failures:
    """Wrong tokens by the address they came from: too many within a minute, and nothing from there is looked at."""

    clock: Callable[[], float] = time.monotonic
    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def too_many(self, address: str) -> bool:
        """Whether an address has had its chances for now."""
        return len(self._recent(address)) >= _MOST_FAILURES

    def add(self, address: str) -> None:
        """Count a wrong token."""
        recent = self._recent(address)
        recent.append(self.clock())
        self._times[address] = recent
        self._times.move_to_end(address)
        while len(self._times) > _MOST_ADDRESSES:
            self._times.popitem(last=False)

    def _recent(self, address: str) -> deque[float]:
        times = self._times.get(address, deque())
        while times and times[0] < self.clock() - _WITHIN_SECONDS:
            times.popleft()
        return times


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()

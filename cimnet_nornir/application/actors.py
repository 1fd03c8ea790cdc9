"""Who acts, by which clock; where nobody says otherwise, the person logged in."""

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by which clock, and where new ids come from (UUIDs that grow with time are best for the store)."""

    name: str
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    reason: str | None = None


def default_actor(*, reason: str | None = None) -> Actor:
    """The person that CIMNET_ACTOR names, else whoever is logged in.

    Ids are random (RFC 9562, version 4), so that their first characters tell events apart.
    """
    return Actor(os.environ.get("CIMNET_ACTOR") or _login(), lambda: datetime.now(UTC), uuid4, reason)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user may have no name.
        return f"uid {os.getuid()}"

"""Who acts where nobody says otherwise: the person logged in, by the system's clock."""

import getpass
import os
from datetime import UTC, datetime
from uuid import uuid4

from cimnet_nornir.application.ports import Actor


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

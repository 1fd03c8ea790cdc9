"""How long a device may take: `timeouts` among the options of the inventory in inventory/config.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from cimnet_nornir.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until a device counts as silent.

    `connect` is for the TCP connection, and twice that for each step of the login; `read` for the running
    configuration, `line` for one line of configuration, `save` for writing startup. A host has `read` for an answer,
    `build` to build its system, and `activate` to run it.
    """

    connect: float = 15.0
    read: float = 120.0
    line: float = 30.0
    save: float = 100.0
    build: float = 1800.0
    activate: float = 300.0

    @property
    def login(self) -> float:
        """For the SSH banner, the authentication and each answer before the first prompt."""
        return self.connect * 2

    @classmethod
    def of(cls, options: Any) -> Self:
        """Timeouts as they are written in settings. Raises SettingsError for an unknown name or an odd value."""
        given = {} if options is None else options
        names = tuple(item.name for item in fields(cls))
        if not isinstance(given, Mapping) or set(given) - set(names):
            raise SettingsError(
                f"timeouts: a mapping of {', '.join(names)} to seconds is wanted, not {given!r}", subject="timeouts"
            )
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise SettingsError(f"timeouts: {name} is a number of seconds, not {value!r}", subject="timeouts")
        return cls(**given)

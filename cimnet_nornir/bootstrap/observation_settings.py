"""What a project says of the keeping of observations, under `observations` in its inventory's options."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from cimnet_nornir.application.collecting import KEEP
from cimnet_nornir.errors import SettingsError

_KEYS = ("keep_days",)
# A table that keeps ten years of counters was not meant.
_MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class ObservationSettings:
    """For how long observations are kept."""

    keep: timedelta = KEEP

    @classmethod
    def of(cls, options: object) -> Self:
        """From the mapping in the configuration. Raises SettingsError for what cannot be."""
        if options is None:
            return cls()
        if not isinstance(options, Mapping):
            raise _wrong(f"is a mapping like {{keep_days: 7}}, not {options!r}")
        unknown = [str(key) for key in options if key not in _KEYS]
        if unknown:
            raise _wrong(f"has no {', '.join(unknown)}; it has {', '.join(_KEYS)}")
        return cls(_days(options["keep_days"])) if "keep_days" in options else cls()


def _days(value: object) -> timedelta:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST_DAYS:
        return timedelta(days=value)
    raise _wrong(f"keep_days is a number of days, more than 0 and at most {_MOST_DAYS}, not {value!r}")


def _wrong(said: str) -> SettingsError:
    return SettingsError(f"inventory/config.yaml: observations: {said}", subject="observations")

"""What a project says of the approval of plans, under `approval` in its inventory's options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cimnet_nornir.errors import SettingsError

DEFAULT_ALLOWED_SIGNERS = Path("inventory", "allowed_signers")
_KEYS = ("required", "allowed_signers", "signers")


@dataclass(frozen=True, slots=True)
class ApprovalSettings:
    """How many people have to approve a plan (0: none), the file of those who may, and actors' names in that file."""

    required: int = 0
    allowed_signers: Path = DEFAULT_ALLOWED_SIGNERS
    signers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, options: object) -> Self:
        """From the mapping in the configuration. Raises SettingsError for what cannot be: nothing is guessed here."""
        if options is None:
            return cls()
        if not isinstance(options, Mapping):
            raise _wrong(f"is a mapping like {{required: 1}}, not {options!r}")
        unknown = [str(key) for key in options if key not in _KEYS]
        if unknown:
            raise _wrong(f"has no {', '.join(unknown)}; it has {', '.join(_KEYS)}")
        return cls(
            _required(options.get("required", 0)),
            _path(options.get("allowed_signers", str(DEFAULT_ALLOWED_SIGNERS))),
            _signers(options.get("signers") or {}),
        )


def _required(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise _wrong(f"required is a number from 0, not {value!r}")


def _path(value: object) -> Path:
    if isinstance(value, str) and value.strip():
        return Path(value)
    raise _wrong(f"allowed_signers is the path of a file, not {value!r}")


def _signers(value: object) -> Mapping[str, str]:
    if isinstance(value, Mapping) and all(isinstance(text, str) for pair in value.items() for text in pair):
        return dict(value)
    raise _wrong(f"signers maps an actor to a principal, like {{ann: ann@example.net}}, not {value!r}")


def _wrong(said: str) -> SettingsError:
    return SettingsError(f"inventory/config.yaml: approval: {said}", subject="approval")

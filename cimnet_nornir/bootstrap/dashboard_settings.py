"""What a project says of its dashboard, under `dashboard` in its inventory's options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from cimnet_nornir.errors import SettingsError

DEFAULT_LISTEN = "127.0.0.1:8350"
LEAST_TOKEN = 16
"""Characters of a token: what is shorter could be guessed."""
_KEYS = ("listen", "collect", "names", "tokens")
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class TokenSetting:
    """A token as a reference to a secret, and what whoever has it may do."""

    token: str
    may: Literal["read", "change"]


@dataclass(frozen=True, slots=True)
class DashboardSettings:
    """Where the dashboard listens, how often it asks the devices (seconds, 0: never), and who may do what.

    `names` are further host names by which browsers call it. The holders of the tokens are named in events.
    """

    listen: str = DEFAULT_LISTEN
    collect: int = 0
    names: tuple[str, ...] = ()
    tokens: Mapping[str, TokenSetting] = field(default_factory=dict)

    @classmethod
    def of(cls, options: object) -> Self:
        """From the mapping in the configuration. Raises SettingsError for what cannot be: nothing is guessed here."""
        if options is None:
            return cls()
        if not isinstance(options, Mapping):
            raise wrong(f"is a mapping like {{listen: {DEFAULT_LISTEN}}}, not {options!r}")
        unknown = [str(key) for key in options if key not in _KEYS]
        if unknown:
            raise wrong(f"has no {', '.join(unknown)}; it has {', '.join(_KEYS)}")
        listen = options.get("listen", DEFAULT_LISTEN)
        address_of(listen)
        return cls(
            str(listen),
            _collect(options.get("collect", 0)),
            _names(options.get("names") or []),
            _tokens(options.get("tokens") or {}),
        )


def address_of(text: object, *, said_by: str = "inventory/config.yaml: dashboard: listen") -> tuple[str, int]:
    """Host and port as they are written: 127.0.0.1:8350, [::1]:8350. Raises SettingsError, which names the place."""
    host, colon, port = str(text).rpartition(":")
    bare = host.startswith("[") == host.endswith("]") and (":" not in host or host.startswith("["))
    if not (colon and host and bare and port.isascii() and port.isdigit() and int(port) <= _LAST_PORT):
        raise SettingsError(
            f"{said_by} is HOST:PORT like {DEFAULT_LISTEN} or [::1]:8350, not {text!r}", subject="dashboard"
        )
    return host.strip("[]"), int(port)


def _collect(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise wrong(f"collect is a number of seconds from 0, not {value!r}")


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(name, str) and name.strip() for name in value):
        return tuple(name.strip().lower() for name in value)
    raise wrong(f"names is a list of host names, not {value!r}")


def _tokens(value: object) -> Mapping[str, TokenSetting]:
    if not isinstance(value, Mapping):
        # The value itself is not told: it may well be a secret.
        raise wrong("tokens is a mapping like {ana: {token: env:ANA_TOKEN, may: change}}")
    return {_holder(name): _token(name, item) for name, item in value.items()}


def _holder(name: object) -> str:
    if isinstance(name, str) and name.strip():
        return name
    raise wrong(f"tokens: a holder is a name, not {name!r}")


def _token(name: object, item: object) -> TokenSetting:
    if not isinstance(item, Mapping) or set(item) - {"token", "may"} or not isinstance(item.get("token"), str):
        raise wrong(f"tokens: {name} is like {{token: env:NAME, may: read}}, the token a reference")
    match item.get("may", "read"):
        case "read" | "change" as may:
            return TokenSetting(item["token"], may)
        case other:
            raise wrong(f"tokens: {name} may read or change, not {other!r}")


def wrong(said: str) -> SettingsError:
    """What is wrong with the settings of the dashboard, in one line."""
    return SettingsError(f"inventory/config.yaml: dashboard: {said}", subject="dashboard")

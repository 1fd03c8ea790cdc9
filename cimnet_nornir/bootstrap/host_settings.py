"""What a project says of the hosts that are deployed to, under `hosts` in its inventory's options."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from cimnet_nornir.errors import SettingsError

_HIGHEST_PORT = 65535
# What ssh is given as a word of its own: it must not read as an option, nor as two words.
_WORD = re.compile(r"[^\s\x00-\x1f\x7f@-][^\s\x00-\x1f\x7f@]*")
_JUMP = re.compile(r"[^\s\x00-\x1f\x7f-][^\s\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How one host is reached. `address` is by default its management address, `identity` the file of a private key.

    `jump` is a jump host as OpenSSH's ProxyJump names it, `sudo` runs the agent by `sudo -n`, and `local` says that the
    host is this machine.
    """

    address: str | None = None
    user: str = "root"
    port: int = 22
    sudo: bool = False
    identity: Path | None = None
    jump: str | None = None
    local: bool = False

    @classmethod
    def of(cls, host: str, options: object) -> Self:
        """From the mapping in the configuration. Raises SettingsError for what cannot be: nothing is guessed here."""
        if options is None:
            return cls()
        names = tuple(item.name for item in fields(cls))
        if not isinstance(options, Mapping):
            raise _wrong(f"{host} is a mapping like {{user: root}}, not {options!r}", host)
        unknown = [str(key) for key in options if key not in names]
        if unknown:
            raise _wrong(f"{host} has no {', '.join(unknown)}; it has {', '.join(names)}", host)
        return cls(**{name: _READERS[name](host, name, value) for name, value in options.items()})

    def at(self, target: str) -> Self:
        """The same host at `user@host` or `host`, as a command line names it. Raises SettingsError."""
        user, sign, address = target.rpartition("@")
        if not _WORD.fullmatch(address) or (sign and not _WORD.fullmatch(user)):
            raise SettingsError(f"{target!r} is no target; it is user@host or host", subject="target")
        return replace(self, address=address, user=user or self.user, local=False)


def host_settings(options: object) -> Mapping[str, HostSettings]:
    """The hosts by their names, as they are written in settings. Raises SettingsError."""
    if options is None:
        return {}
    if not isinstance(options, Mapping) or not all(isinstance(name, str) for name in options):
        raise _wrong(f"a mapping of host names is wanted, like {{srv1: {{user: root}}}}, not {options!r}", "hosts")
    return {name: HostSettings.of(name, said) for name, said in options.items()}


def _flag(host: str, name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(f"{host}: {name} is true or false, not {value!r}", host)


def _port(host: str, name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _HIGHEST_PORT:
        return value
    raise _wrong(f"{host}: {name} is a number from 1 to {_HIGHEST_PORT}, not {value!r}", host)


def _word(host: str, name: str, value: object) -> str:
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    raise _wrong(f"{host}: {name} is one word without '@' that does not begin with '-', not {value!r}", host)


def _jump(host: str, name: str, value: object) -> str:
    if isinstance(value, str) and _JUMP.fullmatch(value):
        return value
    raise _wrong(f"{host}: {name} is a jump host like user@gate.example.net:22, not {value!r}", host)


def _path(host: str, name: str, value: object) -> Path:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return Path(value)
    raise _wrong(f"{host}: {name} is the path of a private key, not {value!r}", host)


_READERS: Mapping[str, Any] = {
    "address": _word,
    "user": _word,
    "port": _port,
    "sudo": _flag,
    "identity": _path,
    "jump": _jump,
    "local": _flag,
}


def _wrong(said: str, subject: str) -> SettingsError:
    return SettingsError(f"inventory/config.yaml: hosts: {said}", subject=subject)

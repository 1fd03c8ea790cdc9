"""Credentials as references, resolved when an inventory is loaded: a Nornir transform function."""

import os
from pathlib import Path
from typing import Any

from nornir.core.inventory import Host

from cimnet_nornir.errors import SettingsError

FORMS = "env:NAME, file:PATH or keyring:SERVICE/USER"


def cimnet_credentials(
    host: Host,
    *,
    username: str = "env:CIMNET_USERNAME",
    password: str = "env:CIMNET_PASSWORD",  # noqa: S107 - a reference, not a password
    enable: str = "env:CIMNET_ENABLE",
    key_file: str = "",
    agent: bool = False,
) -> None:
    """Give a host its credentials, where the environment has not (a lab knows its own).

    Options are references: env:NAME, file:PATH or keyring:SERVICE/USER. `key_file` is the path of a private key,
    `agent` lets the SSH agent answer. What is not set is left out; connecting then says what is missing.
    Raises SettingsError for a reference of another form, one whose file or keyring entry cannot be read, or a key file
    that does not exist.
    """
    if host.username and host.password:
        return
    host.username = host.username or resolve(username, option="username")
    host.password = host.password or resolve(password, option="password")
    secret = resolve(enable, option="enable")
    key = _key_path(key_file) if key_file else None
    for name in ("netmiko", "napalm"):
        options = host.connection_options[name].extras or {}
        arguments = options["optional_args"] if name == "napalm" else options
        _add(arguments, secret, key, agent=agent)


def _add(arguments: dict[str, Any], secret: str | None, key: Path | None, *, agent: bool) -> None:
    if secret:
        arguments["secret"] = secret
    if key:
        arguments |= {"use_keys": True, "key_file": str(key)}
    if agent:
        arguments["allow_agent"] = True


def _key_path(key_file: str) -> Path:
    path = Path(key_file).expanduser()
    if not path.is_file():
        raise SettingsError(f"key_file: {path} does not exist; name the private key's file", subject="key_file")
    return path


def resolve(reference: object, *, option: str = "credential") -> str | None:
    """The value behind a reference, None where it is not set. Raises SettingsError, which names the option.

    The reference itself is never told: where it has none of the forms it may well be the secret.
    """
    # YAML makes numbers of some texts: those are no references either.
    form, _, name = reference.partition(":") if isinstance(reference, str) else ("", "", "")
    if form == "env" and name:
        return os.environ.get(name)
    if form == "file" and name:
        return _from_file(Path(name).expanduser())
    if form == "keyring" and "/" in name:
        return _from_keyring(*name.rsplit("/", 1))
    raise SettingsError(f"{option}: this is no reference to a secret; write {FORMS}", subject=option)


def _from_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise SettingsError(f"the secret in {path} cannot be read: {error.strerror}", subject=str(path)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"the secret in {path} cannot be read: it is no UTF-8 text", subject=str(path)) from error


def _from_keyring(service: str, user: str) -> str | None:
    try:
        import keyring
    except ImportError as error:
        raise SettingsError(
            "secrets in a keyring need the package keyring: pip install 'cimnet-nornir[keyring]'", subject="keyring"
        ) from error
    try:
        return keyring.get_password(service, user)
    except keyring.errors.KeyringError as error:
        raise SettingsError(f"the keyring cannot be read: {error}", subject=f"{service}/{user}") from error

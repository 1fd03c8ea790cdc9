"""The project's known hosts: the pinned keys, as the file that SSH clients read."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

from cimnet_nornir.errors import SettingsError

_SSH_PORT = 22


def write_known_hosts(path: Path, keys: Mapping[tuple[str, int], str]) -> None:
    """Write the keys, by address and port, in OpenSSH's known_hosts form (sshd(8)); atomically, only when changed.

    Raises SettingsError where the file cannot be written.
    """
    lines = sorted(f"{_pattern(host, port)} {' '.join(key.split()[:2])}\n" for (host, port), key in keys.items())
    try:
        _write("".join(lines).encode(), path)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}", subject=str(path)) from error


def known_hosts_of(path: Path, host: str, port: int) -> Path:
    """A file beside that one, with those of its lines that may be about one host.

    Paramiko compares each line that it reads with all before it: a thousand hosts cost it a second a connection. Where
    the file cannot be read or the other not written, it is the file itself.
    """
    own = path.with_name(f"{path.name}.hosts") / f"{host}.{port}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        _write("".join(line for line in lines if _may_be(line, _pattern(host, port))).encode(), own)
    except (OSError, ValueError):
        return path
    return own


def _may_be(line: str, pattern: str) -> bool:
    """Whether a line names the host, or what it names cannot be told by its text: several, hashed, wild."""
    names, _, _ = line.partition(" ")
    return names == pattern or any(sign in names for sign in ",|*?!@#")


def _write(content: bytes, path: Path) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes or threads may write at once: each its own file, then a rename.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    draft.write_bytes(content)
    draft.replace(path)


def _pattern(host: str, port: int) -> str:
    return host if port == _SSH_PORT else f"[{host}]:{port}"

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

"""The project's known hosts: the pinned keys, as the file that SSH clients read."""

import os
from collections.abc import Mapping
from pathlib import Path

_SSH_PORT = 22


def write_known_hosts(path: Path, keys: Mapping[tuple[str, int], str]) -> None:
    """Write the keys, by address and port, in OpenSSH's known_hosts form (sshd(8)); atomically, only when changed."""
    lines = sorted(f"{_pattern(host, port)} {' '.join(key.split()[:2])}\n" for (host, port), key in keys.items())
    text = "".join(lines)
    if path.is_file() and path.read_text(encoding="ascii") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may write at once: each its own file, then a rename.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="ascii")
    draft.replace(path)


def _pattern(host: str, port: int) -> str:
    return host if port == _SSH_PORT else f"[{host}]:{port}"

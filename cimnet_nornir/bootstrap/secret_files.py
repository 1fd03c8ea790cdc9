"""Secrets that came in with a configuration, each in a file of its own under the project's `inventory/secrets/`."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.errors import SettingsError

_FILE = "file:"
IGNORED = "inventory/secrets/"
"""The line for .gitignore."""


@contextmanager
def write_secrets(settings: Settings, secrets: Mapping[str, str]) -> Iterator[tuple[Path, ...]]:
    """Write the secrets where their references say, readable by the owner alone; gives the new files.

    A file that is there stays as it is. Where what is done meanwhile fails, the new ones go again, since nothing refers
    to them. Raises SettingsError where one cannot be written.
    """
    wanted = {settings.project / name.removeprefix(_FILE): value for name, value in secrets.items()}
    new: list[Path] = []
    try:
        _ignore(settings.project, wanted)
        for path, value in wanted.items():
            if not path.exists():
                _write(path, value)
                new.append(path)
        yield tuple(new)
    except BaseException as error:
        for path in new:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise SettingsError(f"{error.filename}: {error.strerror}", subject=str(error.filename)) from error
        raise


def _write(path: Path, value: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value + "\n")


def _ignore(project: Path, wanted: Mapping[Path, str]) -> None:
    """Have git leave the secrets out, also in projects that are older than this line of theirs."""
    path = project / ".gitignore"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if wanted and IGNORED not in lines:
        added = ("# secrets that came in with configurations", IGNORED, "")
        path.write_text("\n".join([*lines, *added]), encoding="utf-8")

"""The folder that generated files are written to: only what differs, all or nothing, and never a stranger's file."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.nix.marks import is_marked

# What is generated stands at the top of the folder and in these; nothing else is looked at.
FOLDERS = ("hosts", "devices")
SITE = "site"
_STAGING = ".cimnet-"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the files of a folder, by their names in order; `kept` are those that were so already."""

    folder: Path
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def write_folder(folder: Path, files: Mapping[str, bytes], *, whole: bool = True) -> Written:
    """Write files into a folder, and with `whole` remove the generated ones that are not among them.

    Everything is written beside its place before anything is put there: a full disk changes nothing. A run that is
    killed between two files leaves both whole, and the next one does the rest. Raises InvalidInput where a file in the
    way was not generated, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            return _write(folder, files, whole=whole)
    except OSError as error:
        where = error.filename or folder
        raise InvalidInput(f"{where}: {error.strerror}; nothing was changed", subject=str(folder)) from error


def generated_files(folder: Path) -> Iterator[str]:
    """The names of the files in a folder that were generated, in order."""
    found = (path for place in (folder, *(folder / name for name in FOLDERS)) for path in _inside(folder, place))
    return (path.relative_to(folder).as_posix() for path in sorted(found) if is_marked(path.read_bytes()))


def _inside(folder: Path, place: Path) -> Iterator[Path]:
    # A link leads to somebody else's files.
    if place != folder and place.is_symlink():
        return iter(())
    paths = place.iterdir() if place == folder else place.rglob("*")
    return (path for path in paths if path.is_file() and not path.is_symlink())


def _write(folder: Path, files: Mapping[str, bytes], *, whole: bool) -> Written:
    present = {name: _present(folder, name) for name in files}
    different = {name: content for name, content in files.items() if present[name] != content}
    removed = tuple(name for name in generated_files(folder) if name not in files) if whole else ()
    _put(folder, different)
    for name in removed:
        (folder / name).unlink()
        _remove_empty(folder, (folder / name).parent)
    return Written(
        folder,
        created=tuple(name for name in sorted(different) if present[name] is None),
        changed=tuple(name for name in sorted(different) if present[name] is not None),
        removed=removed,
        kept=tuple(name for name in sorted(files) if name not in different),
    )


def _present(folder: Path, name: str) -> bytes | None:
    """What a file of ours has now, None where there is none."""
    path = folder / name
    linked = any((folder / part).is_symlink() for part in (name, *map(str, Path(name).parents[:-1])))
    if not linked and not path.exists():
        return None
    content = path.read_bytes() if path.is_file() and not linked else b""
    if not is_marked(content):
        raise InvalidInput(
            f"{path} was not generated, and is left alone; move it away, or choose another folder: -o DIR",
            subject=str(path),
        )
    return content


def _put(folder: Path, files: Mapping[str, bytes]) -> None:
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        for name, content in files.items():
            _write_file(staging / name, content)
        # All are written by then: the disk is waited for about once, not once for each.
        for name in files:
            _flush(staging / name)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755 if path.suffix == ".sh" else 0o644)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_empty(folder: Path, place: Path) -> None:
    while place != folder and not any(place.iterdir()):
        place.rmdir()
        place = place.parent


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time; what a killed one left beside its files is cleared away."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for path in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(path, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)

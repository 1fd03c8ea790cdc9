"""Configurations in files: which ones are meant, and what stands in them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cimnet_nornir.application.importing import Source
from cimnet_nornir.errors import InvalidInput

ENDINGS = (".cfg", ".conf", ".txt")


def read_sources(paths: Iterable[Path]) -> tuple[Source, ...]:
    """The configurations in files, and in those of folders that are named like some; each file once.

    Raises InvalidInput where a file cannot be read, or a folder has none.
    """
    files = dict.fromkeys(file for path in paths for file in _files(path))
    return tuple(Source(str(file), _text(file)) for file in files)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
    if not found:
        endings = ", ".join(f"*{ending}" for ending in ENDINGS)
        raise InvalidInput(f"{path}: there is no configuration in it ({endings})", subject=str(path))
    yield from found


def _text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}", subject=str(file)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file}: it is no UTF-8 text (at byte {error.start})", subject=str(file)) from error
    if not text.strip():
        raise InvalidInput(f"{file}: it is empty", subject=str(file))
    return text

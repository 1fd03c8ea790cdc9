"""Configurations in files: which ones are meant, and what stands in them."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from cimnet_nornir.application.importing import Source
from cimnet_nornir.errors import InvalidInput

ENDINGS = (".cfg", ".conf", ".txt")
_UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_EIGHT_BIT = ("cp1252", "cp850")
_USUAL = ("utf-8", "utf-16", "")


def read_sources(paths: Iterable[Path]) -> tuple[Source, ...]:
    """The configurations in files, and in those of folders that are named like some; each file once.

    Raises InvalidInput where a file cannot be read, or a folder has none.
    """
    files = dict.fromkeys(file for path in paths for file in _files(path))
    return tuple(map(_source, files))


def encoding_words(sources: Iterable[Source]) -> str:
    """Which files were not UTF-8, and what they were read as, in a line; empty where all were."""
    others = [source for source in sources if source.encoding not in _USUAL]
    listed = ", ".join(f"{source.name} ({source.encoding})" for source in others)
    return f"no UTF-8, read as what they can be: {listed}" if others else ""


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS and file.is_file())
    if not found:
        endings = ", ".join(f"*{ending}" for ending in ENDINGS)
        raise InvalidInput(f"{path}: there is no configuration in it ({endings})", subject=str(path))
    yield from found


def _source(file: Path) -> Source:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}", subject=str(file)) from error
    text, encoding = _decoded(content, file)
    if not text.strip():
        raise InvalidInput(f"{file}: it is empty", subject=str(file))
    return Source(str(file), text, encoding=encoding)


def _decoded(content: bytes, file: Path) -> tuple[str, str]:
    """The text of a file and its encoding; the 8-bit ones cannot be told apart, and are tried in order of use."""
    # Windows PowerShell writes UTF-16 where output is redirected to a file.
    usual = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8",)
    if b"\0" in content and usual != ("utf-16",):
        raise InvalidInput(f"{file}: it is no text", subject=str(file))
    for encoding in (*usual, *_EIGHT_BIT):
        with suppress(UnicodeDecodeError):  # then it is one of the others
            return content.removeprefix(BOM_UTF8).decode(encoding), encoding
    raise InvalidInput(f"{file}: it is no text", subject=str(file))

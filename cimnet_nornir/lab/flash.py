"""A device's flash: real files in its storage, a capacity, and the names IOS gives them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cimnet_nornir.lab.storage import Storage

CAPACITY: Final = 122_185_728
# `flash:x` and `flash:/x` are one file; a name alone is looked for in flash.
_URL: Final = re.compile(r"(?:(?:boot)?flash0?:/?)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.+-]*)?")
RUNNING: Final = frozenset({"running-config", "system:running-config", "system:/running-config"})
STARTUP: Final = frozenset({"startup-config", "nvram:startup-config", "nvram:/startup-config"})


def flash_name(url: str) -> str | None:
    """The file's name in flash, empty for flash itself; None when the URL is none of flash."""
    found = _URL.fullmatch(url)
    return None if found is None else found["name"] or ""


def missing(url: str) -> str:
    """What IOS says of a file that is not there."""
    name = flash_name(url)
    return f"%Error opening {url if name is None else f'flash:/{name}'} (No such file or directory)"


class Flash:
    """The files of one device; `is_full` tells whether nothing more fits, whatever is there."""

    def __init__(self, storage: "Storage", is_full: Callable[[], bool]) -> None:
        self._storage = storage
        self._is_full = is_full

    def sizes(self) -> Mapping[str, int]:
        """The files and their sizes in bytes."""
        return self._storage.files()

    @property
    def free(self) -> int:
        """The bytes that are left."""
        return 0 if self._is_full() else CAPACITY - sum(self.sizes().values())

    def read(self, url: str) -> bytes | None:
        """A file's bytes, None when there is no such file."""
        name = flash_name(url)
        return self._storage.read_file(name) if name else None

    def write(self, url: str, content: bytes) -> str:
        """Write a file; what IOS complains of, empty when it was written."""
        name = flash_name(url)
        if not name:
            return missing(url)
        if len(content) > self.free:
            return f"%Error writing flash:/{name} (No space left on device)"
        self._storage.write_file(name, content)
        return ""

    def delete(self, url: str) -> bool:
        """Delete a file; whether there was one."""
        name = flash_name(url)
        return bool(name) and self._storage.delete_file(str(name))

    def md5(self, url: str) -> str | None:
        """The MD5 digest that `verify /md5` shows."""
        content = self.read(url)
        return None if content is None else hashlib.md5(content, usedforsecurity=False).hexdigest()

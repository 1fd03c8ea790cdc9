"""What a device keeps over a reload (startup configuration, VLANs, host key, flash), in a folder or in memory."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """The memory of one device."""

    def read_startup(self) -> str:
        """The startup configuration, empty when there is none."""

    def write_startup(self, text: str) -> None:
        """Replace the startup configuration."""

    def read_vlans(self) -> str:
        """The VLAN database as configuration lines, empty when there is none."""

    def write_vlans(self, text: str) -> None:
        """Replace the VLAN database."""

    def read_private(self) -> str:
        """What is kept and never shown (users of SNMPv3), as configuration lines; empty when there is nothing."""

    def write_private(self, text: str) -> None:
        """Replace what is kept and never shown."""

    def read_copied(self) -> str:
        """The configuration of the real device that this one is a copy of, empty when it is of its own."""

    def files(self) -> Mapping[str, int]:
        """The files in flash and their sizes in bytes."""

    def read_file(self, name: str) -> bytes | None:
        """A file in flash, None when there is none of that name."""

    def write_file(self, name: str, content: bytes) -> None:
        """Write a file in flash."""

    def delete_file(self, name: str) -> bool:
        """Delete a file in flash; whether there was one."""


@dataclass(slots=True)
class MemoryStorage:
    """A device that forgets everything with the program."""

    startup: str = ""
    vlans: str = ""
    flash: dict[str, bytes] = field(default_factory=dict)
    private: str = ""
    copied: str = ""

    def read_startup(self) -> str:
        return self.startup

    def write_startup(self, text: str) -> None:
        self.startup = text

    def read_vlans(self) -> str:
        return self.vlans

    def write_vlans(self, text: str) -> None:
        self.vlans = text

    def read_private(self) -> str:
        return self.private

    def write_private(self, text: str) -> None:
        self.private = text

    def read_copied(self) -> str:
        return self.copied

    def files(self) -> Mapping[str, int]:
        return {name: len(content) for name, content in self.flash.items()}

    def read_file(self, name: str) -> bytes | None:
        return self.flash.get(name)

    def write_file(self, name: str, content: bytes) -> None:
        self.flash[name] = content

    def delete_file(self, name: str) -> bool:
        return self.flash.pop(name, None) is not None


@dataclass(frozen=True, slots=True)
class FolderStorage:
    """A folder a device: `startup-config`, `vlan.dat`, `private-config`, `copied-config`, `ssh_host_key`, `flash/`."""

    folder: Path

    def __post_init__(self) -> None:
        self.flash.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    @property
    def flash(self) -> Path:
        """The folder that is the device's flash."""
        return self.folder / "flash"

    def read_startup(self) -> str:
        return _read(self.folder / "startup-config")

    def write_startup(self, text: str) -> None:
        write_atomically(self.folder / "startup-config", text)

    def read_vlans(self) -> str:
        return _read(self.folder / "vlan.dat")

    def write_vlans(self, text: str) -> None:
        write_atomically(self.folder / "vlan.dat", text)

    def read_private(self) -> str:
        return _read(self.folder / "private-config")

    def write_private(self, text: str) -> None:
        write_atomically(self.folder / "private-config", text)

    def read_copied(self) -> str:
        return _read(self.folder / "copied-config")

    def copy(self, text: str) -> None:
        """Become a copy of a real device by its configuration; what was saved before is gone."""
        write_atomically(self.folder / "copied-config", text)
        for name in ("startup-config", "vlan.dat", "private-config"):
            (self.folder / name).unlink(missing_ok=True)

    def files(self) -> Mapping[str, int]:
        # A file whose writing was cut short by the end of the lab is none of the device's.
        found = (path for path in sorted(self.flash.iterdir()) if path.is_file() and not path.name.startswith("."))
        return {path.name: path.stat().st_size for path in found}

    def read_file(self, name: str) -> bytes | None:
        path = self.flash / name
        return path.read_bytes() if path.is_file() else None

    def write_file(self, name: str, content: bytes) -> None:
        write_atomically(self.flash / name, content)

    def delete_file(self, name: str) -> bool:
        path = self.flash / name
        there = path.is_file()
        path.unlink(missing_ok=True)
        return there


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file of mode 0600 so that a reader sees the old content or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

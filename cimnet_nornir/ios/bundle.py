"""The templates that render a configuration: the packaged ones and a site's own, known together by their content."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from cimnet_nornir.errors import RenderError

PACKAGED = "packaged"
SITE = "site"
SUFFIX = ".j2"


@dataclass(frozen=True, slots=True)
class TemplateBundle:
    """Templates by name ("cisco_ios/vlans.j2"); a site's file takes the place of the packaged one of its name.

    What was overridden is still there as "packaged/cisco_ios/vlans.j2", so that a site can include it and add lines.
    `digest` is the SHA-256, in hexadecimal, over the sorted names and bytes of all templates.
    """

    packaged: Mapping[str, bytes]
    site: Mapping[str, bytes] = field(default_factory=dict)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "packaged", MappingProxyType(dict(self.packaged)))
        object.__setattr__(self, "site", MappingProxyType(dict(self.site)))
        object.__setattr__(self, "digest", _digest(self.files()))

    @classmethod
    def load(cls, site: Path | None = None) -> "TemplateBundle":
        """The packaged templates, and those of a site's folder (a project's `templates/`) if it is there.

        Raises RenderError where a template cannot be read.
        """
        packaged = dict(_read(package_files("cimnet_nornir") / "ios" / "templates"))
        return cls(packaged, dict(_read(site)) if site is not None and site.is_dir() else {})

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "TemplateBundle":
        """The bundle whose `files()` these are. Raises RenderError for a name that no bundle has."""
        parts: dict[str, dict[str, bytes]] = {PACKAGED: {}, SITE: {}}
        for name, content in files.items():
            origin, _, rest = name.partition("/")
            if origin not in parts or not rest:
                raise RenderError(
                    f"{name!r} is no name of a stored template; they begin with packaged/ or site/", subject=name
                )
            parts[origin][rest] = content
        return cls(parts[PACKAGED], parts[SITE])

    def files(self) -> Mapping[str, bytes]:
        """Every template by its stored name ("packaged/…", "site/…"), to be kept and given to `from_files` again."""
        origins = ((PACKAGED, self.packaged), (SITE, self.site))
        return {f"{origin}/{name}": content for origin, parts in origins for name, content in sorted(parts.items())}

    def archived(self) -> bytes:
        """All of it as it is kept. Raises RenderError where a template is no text."""
        files = {name: _template(name, content) for name, content in self.files().items()}
        return json.dumps(files, sort_keys=True, ensure_ascii=False).encode()


def _template(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise RenderError(f"{name}: the template is no UTF-8 text (at byte {error.start})", subject=name) from error


def _digest(files: Mapping[str, bytes]) -> str:
    """Each name and content by its own digest, so that no two bundles read as the same bytes."""
    whole = sha256()
    for name in sorted(files):
        whole.update(sha256(name.encode()).digest())
        whole.update(sha256(files[name]).digest())
    return whole.hexdigest()


def _read(folder: Path | Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    try:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            name = f"{prefix}{entry.name}"
            if entry.is_dir():
                yield from _read(entry, f"{name}/")
            elif entry.name.endswith(SUFFIX):
                yield name, entry.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RenderError(f"{error.filename or folder}: the template cannot be read: {reason}") from error

"""What a project adds to the flake of its hosts: files of its own, and which nixpkgs the hosts are built from."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cimnet_nornir.application.plan import Plan
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.errors import SettingsError

LOCK = "flake.lock"
SITE_MARK = "# site: "
# A revision as it stands in a flake reference: github:NixOS/nixpkgs/REVISION, …?rev=REVISION
_REVISION = re.compile(r"[/=][0-9a-f]{40}(?![0-9a-z])")
_GITHUB = "github"


@dataclass(frozen=True, slots=True)
class HostSite:
    """The files by their names in the flake, and the flake reference of nixpkgs (empty where that is not known)."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    nixpkgs: str = ""

    @property
    def line(self) -> str:
        """The line by which a host's configuration names all of this; empty where the project adds nothing."""
        if not self.files and not self._is_revision:
            return ""
        told = [f"{hashlib.sha256(self.files[name]).hexdigest()}  {name}\n" for name in sorted(self.files)]
        digest = hashlib.sha256("".join((*told, f"{self.nixpkgs}\n")).encode()).hexdigest()
        return f"{SITE_MARK}sha256:{digest}\n"

    @property
    def unfixed(self) -> str:
        """Why each build may take another nixpkgs, and with it another system; empty where all take the same."""
        if self._is_revision:
            return ""
        if LOCK not in self.files:
            return f"there is no {LOCK}"
        locked = _locked(self.files[LOCK])
        if locked is None:
            return f"{LOCK} says nothing of nixpkgs"
        wanted, given = self.nixpkgs, _reference(locked.get("original"))
        # Nix would replace a lock of something else, and say so on the host alone.
        if given and wanted.startswith(f"{_GITHUB}:") and given != wanted:
            return f"{LOCK} is of {given}, and not of {wanted}"
        return ""

    @property
    def _is_revision(self) -> bool:
        return _REVISION.search(self.nixpkgs) is not None


def line_of(module: str) -> str:
    """The line of a configuration that names what the project added; empty where there is none."""
    return next((f"{line}\n" for line in module.splitlines() if line.startswith(SITE_MARK)), "")


def is_site(path: Path) -> bool:
    """Whether a line of a configuration is the one that names what the project adds."""
    return len(path) == 1 and path[0].startswith(SITE_MARK)


def of_intent(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The lines that events are behind: none is behind the files of the project."""
    return tuple(path for path in paths if not is_site(path))


def require_fixed(site: HostSite, environment: str) -> None:
    """Raise SettingsError where a host would be built from whichever nixpkgs there is at that moment.

    A lab's hosts are built from nothing, so none is asked for there.
    """
    if environment != "lab" and (why := site.unfixed):
        raise SettingsError(
            f"nothing was done: in nix/ {why}, so each build of a host could upgrade its whole system; fix which"
            f" nixpkgs it is built from: {HOW_TO_FIX}",
            subject=LOCK,
        )


HOW_TO_FIX = (
    "on any machine with Nix: cimnet nix generate && nix flake lock path:./nix,"
    " or nix: {nixpkgs: github:NixOS/nixpkgs/REVISION} in inventory/config.yaml"
)


def has_hosts(plan: Plan) -> bool:
    """Whether a plan changes any host."""
    return any(device.kind == "host" for device in plan.changes)


def _locked(lock: bytes) -> Mapping[str, Any] | None:
    """What a flake.lock says of the input nixpkgs; None where it fixes none."""
    try:
        found = json.loads(lock)
        node = found["nodes"][found["nodes"][found["root"]]["inputs"]["nixpkgs"]]
        return node if node["locked"] else None
    except (ValueError, LookupError, TypeError):
        return None


def _reference(original: Any) -> str:
    """A flake reference of GitHub as it was written; empty for any other."""
    if not isinstance(original, Mapping) or original.get("type") != _GITHUB:
        return ""
    parts = (original.get(name) for name in ("owner", "repo", "ref", "rev"))
    return f"{_GITHUB}:" + "/".join(str(part) for part in parts if part)

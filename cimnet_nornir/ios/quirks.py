"""What images and products do otherwise than others, as data: a row a quirk, by patterns of model and release.

Releases after the feature histories of the "Cisco IOS Configuration Fundamentals Configuration Guide" ("Configuration
Replace and Configuration Rollback", "Exclusive Configuration Change Access and Access Session Locking").
"""

import re
from dataclasses import dataclass
from typing import Final

from cimnet_nornir.domain.capabilities import Quirk


@dataclass(frozen=True, slots=True)
class Row:
    """A quirk, and patterns that match release and model from their beginnings, as `show version` writes them."""

    quirk: Quirk
    version: str = ""
    model: str = ""

    def fits(self, version: str, model: str) -> bool:
        """Whether a release on a product has it; an empty pattern fits every one."""
        return re.match(self.version, version) is not None and re.match(self.model, model) is not None


_NO_REPLACE: Final = Quirk(
    "no configure replace",
    "this release has neither archive nor configure replace: nothing takes a push back",
    blocks=True,
)
_NO_TIMER: Final = Quirk(
    "no revert timer",
    "this release has no configure terminal revert timer: only reload in takes a push back",
    blocks=True,
)
_MAYBE_TIMER: Final = Quirk(
    "revert timer uncertain", "not every image of this release has configure terminal revert timer; ask its help"
)
_NO_LOCK: Final = Quirk(
    "no configuration lock", "this release has no configure terminal lock: others may type while a push goes on"
)
_OLD_SSH: Final = Quirk(
    "old SSH", "its SSH may know only old key exchanges: paramiko 4 speaks them, paramiko 5 does not"
)

# Trains of release 12 without a letter of theirs, or with one that ends before these features came (E, EA, EX).
_EARLY: Final = r"12\.(?:[01]\(|2\(\d+[a-z]?\)(?!S|\d))"
QUIRKS: Final = (
    Row(_NO_REPLACE, version=_EARLY),
    Row(_NO_TIMER, version=r"12\.3\(|12\.4\(1?\d[a-z]?\)"),
    Row(_MAYBE_TIMER, version=r"12\.2\(\d+[a-z]?\)S|12\.4\(2\d[a-z]?\)"),
    Row(_NO_LOCK, version=rf"{_EARLY}|12\.2\((?!33\))\d+[a-z]?\)S|12\.3\(\d+[a-z]?\)(?!T)"),
    Row(_OLD_SSH, version=r"12\."),
)


def quirks_of(version: str, model: str) -> tuple[Quirk, ...]:
    """The quirks of a release on a product; none where the device did not tell them."""
    return tuple(row.quirk for row in QUIRKS if (row.version or row.model) and row.fits(version, model))

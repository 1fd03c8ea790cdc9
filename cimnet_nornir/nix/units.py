"""Oneshot units of systemd under `systemd.services`, which make something once and count as running ever after."""

import re
from collections.abc import Sequence

from cimnet_nornir.nix.expressions import Value

_NOT_IN_UNIT = re.compile(r"[^A-Za-z0-9:_.-]")


def unit_name(kind: str, name: str) -> str:
    """The name of a unit for the thing of that name; what systemd takes for none is written as its number."""
    return f"{kind}-{_NOT_IN_UNIT.sub(lambda found: f'_{ord(found[0]):x}_', name)}"


def oneshot(description: str, *, after: Sequence[str] = (), before: Sequence[str] = ()) -> dict[str, Value]:
    """A unit after the network's, those of `after`, which it requires, and before those of `before`, which require it.

    When it is stopped because it is another now, NixOS stops those that require it, and starts them after it again.
    """
    requirements: dict[str, Value] = {"requires": tuple(after)} if after else {}
    users: dict[str, Value] = {"before": tuple(before), "requiredBy": tuple(before)} if before else {}
    return {
        "description": " ".join(description.split()),
        "after": ("network.target", "systemd-networkd.service", *after),
        **requirements,
        **users,
        "wantedBy": ("multi-user.target",),
        "serviceConfig": {"Type": "oneshot", "RemainAfterExit": True},
    }

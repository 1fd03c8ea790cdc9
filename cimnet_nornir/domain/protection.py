"""What protects a push to a device: whether the device itself takes a change back that nobody confirms."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Protection:
    """What a running configuration tells of how a push can be taken back.

    `timer`: the device has an archive to go back to, and so a revert timer; `reason` says why not. `exclusive` is its
    configuration mode exclusive, if any. `vlans_outside`: it keeps its VLANs in vlan.dat, where neither the timer nor a
    replacement brings them back. `unsaved` says who changed running after it was last saved, empty where nobody did.
    """

    timer: bool
    reason: str = ""
    exclusive: Literal["", "auto", "manual"] = ""
    vlans_outside: bool = False
    unsaved: str = ""

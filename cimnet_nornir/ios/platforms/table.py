"""What images and products do otherwise than others: rows by patterns of platform, model and release, the later first.

The facts are those of the command references and configuration guides of the Catalyst 2960, 2960-X, 3560, 3750, 3850,
9200 and 9300 switches and of the Integrated Services Routers.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Traits:
    """What generator, normaliser and rules ask of an image.

    `encapsulations` are those that a trunk can speak: where there are several, IOS refuses `switchport mode trunk`
    until one is told ("Command rejected: An interface whose trunk encapsulation is "Auto" can not be configured to
    "trunk" mode."); where it is one, the command does not exist. `portfast_edge` says that the kind of a portfast port
    is part of the command (`spanning-tree portfast edge trunk`). `numbers_remarks` says that a remark counts among the
    sequence numbers of an access list. `hidden` are lines, by kind of section, that say what the image does anyway and
    never shows. `stacks` says that members of a stack are provisioned (`switch 1 provision …`). `vtp_modes` are those
    that it knows.
    """

    encapsulations: tuple[str, ...] = ("dot1q",)
    portfast_edge: bool = False
    numbers_remarks: bool = False
    stacks: bool = False
    vtp_modes: tuple[str, ...] = ("server", "client", "transparent")
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def needs_encapsulation(self) -> bool:
        """Whether a trunk must be told its encapsulation before it may be one."""
        return len(self.encapsulations) > 1


@dataclass(frozen=True, slots=True)
class Row:
    """What holds for some images; empty patterns fit all. Models are matched anywhere in the name, in capitals."""

    platform: str = ""
    model: str = ""
    version: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def fits(self, platform: str, model: str, version: str) -> bool:
        """Whether it holds for an image; what is not known of one fits no pattern."""
        return (
            self.platform in ("", platform)
            and (not self.model or re.search(self.model, model.upper()) is not None)
            and (not self.version or re.match(self.version, version) is not None)
        )


_ISL: Final = ("dot1q", "isl", "negotiate")
# The hash of frames over the links of a port-channel, where nobody chose one.
_SOURCE_MAC: Final = (("top", r"port-channel load-balance src-mac"),)
_SOURCE_DESTINATION_IP: Final = (("top", r"port-channel load-balance src-dst-ip"),)
_MIXED: Final = (("top", r"port-channel load-balance src-mixed-ip-port"),)

ROWS: Final[tuple[Row, ...]] = (
    # "ACL sequence numbers for remarks": IOS-XE numbers remarks, classic IOS keeps them between the entries.
    Row("iosxe", values={"numbers_remarks": True, "vtp_modes": ("server", "client", "transparent", "off")}),
    Row(model=r"(?<![\dA-Z])(?:WS-)?C?(?:2960|3560|3750|3850|3650|9200|9300)", values={"hidden": _SOURCE_MAC}),
    Row(model=r"9[456]00", values={"hidden": _MIXED}),
    Row(model=r"4500|6500|IOS-?VL2|VIOS", values={"hidden": _SOURCE_DESTINATION_IP}),
    # "Catalyst 3550/3560/3750 Switch Command Reference: switchport trunk"; compact 3560s speak dot1q alone.
    Row(model=r"3550|3560|3750|IOSV-?L2|VIOS[-_]?L2", values={"encapsulations": _ISL}),
    Row(model=r"3560-?CX", values={"encapsulations": ("dot1q",)}),
    # VTP version 3, which brought the mode `off`, came to these with 12.2(52)SE.
    Row("ios", r"2960|3560|3750|IOSV-?L2|VIOS", values={"vtp_modes": ("server", "client", "transparent", "off")}),
    # The bridge assurance of release 15.2E brought the kinds of portfast ports: edge and network.
    Row("ios", r"2960-?(?:X|XR|CX|L|PLUS)|3560-?CX|IOSV-?L2|VIOS[-_]?L2", values={"portfast_edge": True}),
    Row("ios", r"2960|3560|3750", r"15\.2\(\d+\)E", values={"portfast_edge": True}),
    Row("ios", r"2960-?(?:X|XR)|2960-?S|3750", values={"stacks": True}),
    Row("iosxe", r"3650|3850|9200|9300", values={"stacks": True}),
)


@lru_cache(maxsize=256)
def traits_of(platform: str, model: str = "", version: str = "") -> Traits:
    """The traits of an image; of an unknown model or release what is usual on the platform."""
    found: dict[str, Any] = {}
    for row in ROWS:
        if row.fits(platform, model, version):
            found |= row.values
    return Traits(**found)

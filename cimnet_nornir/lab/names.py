"""Interface names as IOS reads and shows them: types, abbreviations, order."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class InterfaceType:
    """A kind of interface: its long name, its short one in tables, its bandwidth in kbit/s."""

    name: str
    short: str
    kilobits: int
    physical: bool = True


TYPES: Final = (
    InterfaceType("Loopback", "Lo", 8_000_000, physical=False),
    InterfaceType("Tunnel", "Tu", 100, physical=False),
    InterfaceType("Port-channel", "Po", 1_000_000, physical=False),
    InterfaceType("Serial", "Se", 1_544),
    InterfaceType("Ethernet", "Et", 10_000),
    InterfaceType("FastEthernet", "Fa", 100_000),
    InterfaceType("GigabitEthernet", "Gi", 1_000_000),
    InterfaceType("TwoGigabitEthernet", "Tw", 2_500_000),
    InterfaceType("FiveGigabitEthernet", "Fi", 5_000_000),
    InterfaceType("TenGigabitEthernet", "Te", 10_000_000),
    InterfaceType("TwentyFiveGigE", "Twe", 25_000_000),
    InterfaceType("FortyGigabitEthernet", "Fo", 40_000_000),
    InterfaceType("HundredGigE", "Hu", 100_000_000),
    InterfaceType("Vlan", "Vl", 1_000_000, physical=False),
)
_BY_NAME: Final = {kind.name: kind for kind in TYPES}
# "Tw" and "Et" stand in tables for more than one type's beginning; these win, as on the platforms.
_FIRST_CHOICE: Final = {kind.short.lower(): kind.name for kind in TYPES} | {"e": "Ethernet", "tw": "TwoGigabitEthernet"}
_NAME: Final = re.compile(r"([A-Za-z][A-Za-z-]*)\s*(\d+(?:/\d+)*(?:\.\d+)?)")


def interface_type(word: str) -> str | None:
    """The type an abbreviation stands for, None when it fits none or several."""
    lowered = word.lower()
    fitting = [kind.name for kind in TYPES if kind.name.lower().startswith(lowered)]
    if lowered in _FIRST_CHOICE:
        return _FIRST_CHOICE[lowered]
    return fitting[0] if len(fitting) == 1 else None


def split_interface(text: str) -> tuple[str, str, int] | None:
    """Type, number and length of the interface name that `text` begins with (`gi 0/1`, `Gi0/1.10`)."""
    found = _NAME.match(text)
    if found is None:
        return None
    kind = interface_type(found[1])
    return None if kind is None else (kind, found[2], found.end())


def canonical_interface(text: str) -> str | None:
    """The long name (`GigabitEthernet0/1`), None when the text is no interface name."""
    parts = split_interface(text.strip())
    return parts[0] + parts[1] if parts and parts[2] == len(text.strip()) else None


def type_of(interface: str) -> InterfaceType:
    """The type of an interface given by its long name."""
    return _BY_NAME[interface.rstrip("0123456789/.")]


def number_of(interface: str) -> str:
    """The number in a long name: `0/1` of GigabitEthernet0/1."""
    return interface[len(type_of(interface).name) :]


def short_name(interface: str) -> str:
    """The name in tables: `Gi0/1`."""
    return type_of(interface).short + number_of(interface)


def interface_order(interface: str) -> tuple[int, tuple[int, ...]]:
    """The key by which IOS lists interfaces: by type, then by number."""
    numbers = tuple(int(part) for part in re.split(r"[/.]", number_of(interface)))
    return TYPES.index(type_of(interface)), numbers

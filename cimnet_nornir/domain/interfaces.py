"""Interface names and VLAN lists in the one form in which the package compares them.

Names are those of Cisco's "Interface and Hardware Component Configuration Guide"; IOS takes any unambiguous beginning.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from cimnet_nornir.errors import InvalidValue

# (full name, the short form that IOS shows in its tables, the least that IOS takes).
INTERFACE_TYPES: tuple[tuple[str, str, str], ...] = (
    ("AppGigabitEthernet", "Ap", "ap"),
    ("Async", "As", "as"),
    ("ATM", "AT", "at"),
    ("BDI", "BD", "bd"),
    ("Bluetooth", "Bl", "bl"),
    ("BRI", "BR", "br"),
    ("BVI", "BV", "bv"),
    ("Cellular", "Ce", "ce"),
    ("Dialer", "Di", "di"),
    ("Embedded-Service-Engine", "Em", "em"),
    ("Ethernet", "Et", "e"),
    ("FastEthernet", "Fa", "f"),
    ("FiveGigabitEthernet", "Fi", "fi"),
    ("FortyGigabitEthernet", "Fo", "fo"),
    ("FourHundredGigE", "Fou", "fou"),
    ("GigabitEthernet", "Gi", "g"),
    ("HundredGigE", "Hu", "hu"),
    ("Loopback", "Lo", "lo"),
    ("Management", "Ma", "ma"),
    ("Multilink", "Mu", "mu"),
    ("Null", "Nu", "nu"),
    ("nve", "nv", "nv"),
    ("Port-channel", "Po", "po"),
    ("Serial", "Se", "s"),
    ("TenGigabitEthernet", "Te", "te"),
    ("Tunnel", "Tu", "tu"),
    ("TwentyFiveGigE", "Twe", "twe"),
    ("TwoGigabitEthernet", "Tw", "tw"),
    ("Virtual-Template", "Vt", "virtual-t"),
    ("VirtualPortGroup", "Vp", "virtualp"),
    ("Vlan", "Vl", "v"),
)
# Configuration creates these, and counts them by one number alone: no slot, no sub-interface.
_NUMBERED_TYPES = frozenset(
    {"BDI", "BVI", "Dialer", "Loopback", "Null", "nve", "Tunnel", "Virtual-Template", "VirtualPortGroup", "Vlan"}
)
LOGICAL_TYPES = _NUMBERED_TYPES | {"Multilink", "Port-channel"}

# Ten digits at most, and ASCII ones: int() takes more of both than any device does.
_NUMBER = re.compile(r"[0-9]{1,10}")
_NAME = re.compile(r"([A-Za-z][A-Za-z-]*)[ \t]*({0}(?:/{0})*(?::{0})?(?:\.{0})?)".replace("{0}", _NUMBER.pattern))
_RANGE = re.compile(r"(.*?)([0-9]{1,10})\s*-\s*([0-9]{1,10})")
_LONGEST_RANGE = 1024
_VLANS = re.compile(r"\s*([0-9]{1,4})\s*(?:-\s*([0-9]{1,4})\s*)?")
_LOWEST_VLAN, _HIGHEST_VLAN = 1, 4094
# The kernel refuses 16 and more (IFNAMSIZ), blanks and slashes (net/core/dev.c, dev_valid_name); of the rest those that
# need no quotes anywhere.
_LINUX_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")


@lru_cache(maxsize=256)
def _full_type(word: str) -> str | None:
    lowered = word.lower()
    for full, short, least in INTERFACE_TYPES:
        if lowered in (full.lower(), short.lower()) or (full.lower().startswith(lowered) and lowered.startswith(least)):
            return full
    return None


# A log names the same interfaces over and over, and each reading of it asks again.
@lru_cache(maxsize=16_384)
def _canonical(text: str) -> str | None:
    match = _NAME.fullmatch(text.strip())
    full = _full_type(match[1]) if match else None
    if match is None or full is None:
        return None
    number = _NUMBER.sub(lambda digits: str(int(digits[0])), match[2])
    if full in _NUMBERED_TYPES and not number.isdecimal():
        return None
    if full == "Vlan" and not _LOWEST_VLAN <= int(number) <= _HIGHEST_VLAN:
        return None
    return f"{full}{number}"


def canonical_interface(text: str) -> str:
    """The full name of an interface: "gi0/1" and "Gig 0/01" give "GigabitEthernet0/1".

    Raises InvalidValue where the text is no interface name, or its beginning could be that of several types.
    """
    name = _canonical(text)
    if name is None:
        raise InvalidValue(
            f"{text!r} is no interface name; write it like GigabitEthernet0/1 or Vlan10", subject="interface"
        )
    return name


def linux_interface(text: str) -> str:
    """The name of a network interface of a Linux host, as it is: `eno1`, `enp1s0f0`, `br-vlan100`.

    Raises InvalidValue where the kernel would not take it: at most 15 characters, no blank and no slash.
    """
    if not _LINUX_NAME.fullmatch(text):
        raise InvalidValue(
            f"{text!r} is no interface name of a Linux host (eno1): letters, digits, '_', '.' and '-', at most 15",
            subject="interface",
        )
    return text


LINUX_LOOPBACK = "lo"
"""The loopback of a Linux host; of IOS it is no interface name, which has a number."""


def is_loopback(name: str) -> bool:
    """Whether a name, of IOS canonical or of Linux, is that of a loopback."""
    return name == LINUX_LOOPBACK or interface_type(name) == "Loopback"


def is_interface(text: str) -> bool:
    """Whether the text names an interface in any of the forms that IOS takes."""
    return _canonical(text) is not None


def interface_type(name: str) -> str:
    """The type part of a canonical name: "GigabitEthernet" of "GigabitEthernet0/1"."""
    return name.rstrip("0123456789/.:")


# What the names of types tell of their speed, in Mbit/s.
_SPEEDS: Mapping[str, int] = {
    "Ethernet": 10,
    "FastEthernet": 100,
    "GigabitEthernet": 1_000,
    "AppGigabitEthernet": 1_000,
    "TwoGigabitEthernet": 2_500,
    "FiveGigabitEthernet": 5_000,
    "TenGigabitEthernet": 10_000,
    "TwentyFiveGigE": 25_000,
    "FortyGigabitEthernet": 40_000,
    "HundredGigE": 100_000,
    "FourHundredGigE": 400_000,
}


def interface_speed(name: str) -> int | None:
    """The speed of a port in Mbit/s by its canonical name; None where the name tells nothing, as of a Linux card."""
    return _SPEEDS.get(interface_type(name))


def is_logical(name: str) -> bool:
    """Whether a canonical name is an interface that configuration creates (an SVI, a loopback, a sub-interface)."""
    return "." in name or interface_type(name) in LOGICAL_TYPES


def short_interface(name: str) -> str:
    """The form IOS shows in its tables: "Gi0/1" for "GigabitEthernet0/1"."""
    kind = interface_type(name)
    shorts = {full: short for full, short, _ in INTERFACE_TYPES}
    return f"{shorts.get(kind, kind)}{name[len(kind) :]}"


# Networks have many ports and few names of them.
@lru_cache(maxsize=16_384)
def interface_sort_key(name: str) -> tuple[str, tuple[int, ...]]:
    """Orders interfaces as a person would: Gi0/2 before Gi0/10."""
    kind = interface_type(name)
    return kind, tuple(int(part) for part in re.findall(r"\d+", name[len(kind) :]))


def expand_interfaces(text: str) -> tuple[str, ...]:
    """Names that a range stands for: "Gi1/0/1-3" gives three canonical names, a comma joins ranges.

    Raises InvalidValue for a range that runs backwards, has more than 1024 members or is no interface.
    """
    names: list[str] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            names.append(canonical_interface(part))
            continue
        first, last = int(match[2]), int(match[3])
        if last < first:
            raise InvalidValue(f"the range {part.strip()!r} runs backwards", subject="interface")
        if last - first >= _LONGEST_RANGE:
            raise InvalidValue(f"the range {part.strip()!r} is too long: at most 1024 members", subject="interface")
        names += [canonical_interface(f"{match[1]}{number}") for number in range(first, last + 1)]
    return tuple(names)


# Trunks of a network allow the same VLANs; a set of all of them is large, so few are kept.
@lru_cache(maxsize=64)
def parse_vlan_list(text: str) -> frozenset[int]:
    """VLAN ids of a list as IOS writes it: "1,3-5" gives {1, 3, 4, 5}.

    Raises InvalidValue where it is no list of numbers from 1 to 4094 (IEEE 802.1Q).
    """
    ids: set[int] = set()
    for part in text.split(","):
        match = _VLANS.fullmatch(part)
        if match is None:
            raise InvalidValue(f"{text!r} is no VLAN list; write it like 10,20,30-35", subject="vlan")
        low, high = int(match[1]), int(match[2] or match[1])
        if not _LOWEST_VLAN <= low <= high <= _HIGHEST_VLAN:
            raise InvalidValue(f"VLAN ids are 1 to 4094 and ranges run upwards, not {part.strip()}", subject="vlan")
        ids.update(range(low, high + 1))
    return frozenset(ids)


def format_vlan_list(ids: Iterable[int]) -> str:
    """A VLAN list as IOS writes it: {1, 3, 4, 5} gives "1,3-5"; no id gives ""."""
    ordered = sorted(set(ids))
    if not ordered:
        return ""
    breaks = [0, *(index + 1 for index, (a, b) in enumerate(pairwise(ordered)) if b != a + 1), len(ordered)]
    runs = [(ordered[start], ordered[stop - 1]) for start, stop in pairwise(breaks)]
    return ",".join(_run(low, high) for low, high in runs)


def _run(low: int, high: int) -> str:
    if low == high:
        return str(low)
    # IOS writes two neighbours with a comma and a run of three or more with a hyphen.
    return f"{low},{high}" if high == low + 1 else f"{low}-{high}"

"""Interface names and VLAN lists in the one form in which the package compares them.

Names are those of Cisco's "Interface and Hardware Component Configuration Guide"; IOS takes any unambiguous beginning.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from cimnet_nornir.errors import InvalidValue

# (full name, the short form that IOS shows in its tables, the least that IOS takes).
INTERFACE_TYPES: tuple[tuple[str, str, str], ...] = (
    ("AppGigabitEthernet", "Ap", "ap"),
    ("Bluetooth", "Bl", "bl"),
    ("BDI", "BD", "bd"),
    ("Dialer", "Di", "di"),
    ("Ethernet", "Et", "e"),
    ("FastEthernet", "Fa", "f"),
    ("FiveGigabitEthernet", "Fi", "fi"),
    ("FortyGigabitEthernet", "Fo", "fo"),
    ("FourHundredGigE", "F", "fou"),
    ("GigabitEthernet", "Gi", "g"),
    ("HundredGigE", "Hu", "hu"),
    ("Loopback", "Lo", "lo"),
    ("Management", "Ma", "ma"),
    ("Multilink", "Mu", "mu"),
    ("Null", "Nu", "nu"),
    ("Port-channel", "Po", "po"),
    ("Serial", "Se", "se"),
    ("TenGigabitEthernet", "Te", "te"),
    ("Tunnel", "Tu", "tu"),
    ("TwentyFiveGigE", "Twe", "twe"),
    ("TwoGigabitEthernet", "Tw", "tw"),
    ("Vlan", "Vl", "v"),
)
LOGICAL_TYPES = frozenset({"BDI", "Dialer", "Loopback", "Multilink", "Null", "Port-channel", "Tunnel", "Vlan"})

_NAME = re.compile(r"^([A-Za-z][A-Za-z-]*)\s*(\d+(?:/\d+)*(?::\d+)?(?:\.\d+)?)$")
_RANGE = re.compile(r"^(.*?)(\d+)\s*-\s*(\d+)$")
_LOWEST_VLAN, _HIGHEST_VLAN = 1, 4094


def _full_type(word: str) -> str | None:
    lowered = word.lower()
    for full, short, least in INTERFACE_TYPES:
        if lowered in (full.lower(), short.lower()) or (full.lower().startswith(lowered) and lowered.startswith(least)):
            return full
    return None


def canonical_interface(text: str) -> str:
    """The full name of an interface: "gi0/1" and "Gig 0/1" give "GigabitEthernet0/1".

    Raises InvalidValue where the text is no interface name.
    """
    match = _NAME.match(text.strip())
    full = _full_type(match[1]) if match else None
    if match is None or full is None:
        raise InvalidValue(
            f"{text!r} is no interface name; write it like GigabitEthernet0/1 or Vlan10", subject="interface"
        )
    return f"{full}{match[2]}"


def is_interface(text: str) -> bool:
    """Whether the text names an interface in any of the forms that IOS takes."""
    match = _NAME.match(text.strip())
    return match is not None and _full_type(match[1]) is not None


def interface_type(name: str) -> str:
    """The type part of a canonical name: "GigabitEthernet" of "GigabitEthernet0/1"."""
    return name.rstrip("0123456789/.:")


def is_logical(name: str) -> bool:
    """Whether a canonical name is an interface that configuration creates (an SVI, a loopback, a sub-interface)."""
    return "." in name or interface_type(name) in LOGICAL_TYPES


def short_interface(name: str) -> str:
    """The form IOS shows in its tables: "Gi0/1" for "GigabitEthernet0/1"."""
    kind = interface_type(name)
    shorts = {full: short for full, short, _ in INTERFACE_TYPES}
    return f"{shorts.get(kind, kind)}{name[len(kind) :]}"


def interface_sort_key(name: str) -> tuple[str, tuple[int, ...]]:
    """Orders interfaces as a person would: Gi0/2 before Gi0/10."""
    kind = interface_type(name)
    return kind, tuple(int(part) for part in re.findall(r"\d+", name[len(kind) :]))


def expand_interfaces(text: str) -> tuple[str, ...]:
    """Names that a range stands for: "Gi1/0/1-3" gives three canonical names, a comma joins ranges.

    Raises InvalidValue for a range that runs backwards or is no interface.
    """
    names: list[str] = []
    for part in text.split(","):
        match = _RANGE.match(part.strip())
        if match is None:
            names.append(canonical_interface(part))
            continue
        first, last = int(match[2]), int(match[3])
        if last < first:
            raise InvalidValue(f"the range {part.strip()!r} runs backwards", subject="interface")
        names += [canonical_interface(f"{match[1]}{number}") for number in range(first, last + 1)]
    return tuple(names)


def parse_vlan_list(text: str) -> frozenset[int]:
    """VLAN ids of a list as IOS writes it: "1,3-5" gives {1, 3, 4, 5}.

    Raises InvalidValue where it is no list of numbers from 1 to 4094 (IEEE 802.1Q).
    """
    ids: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise InvalidValue(f"{text!r} is no VLAN list; write it like 10,20,30-35", subject="vlan")
        low, high = int(first), int(last or first)
        if not _LOWEST_VLAN <= low <= high <= _HIGHEST_VLAN:
            raise InvalidValue(f"VLAN ids are 1 to 4094, not {part}", subject="vlan")
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

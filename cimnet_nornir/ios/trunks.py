"""The VLANs of a trunk, changed so that none that is in both old and new is ever cut off for a moment."""

from collections.abc import Iterator

from cimnet_nornir.domain.interfaces import format_vlan_list
from cimnet_nornir.ios.normalise import ALL_VLANS

PREFIX = "switchport trunk allowed vlan"
# What IOS takes in one line of configuration.
LONGEST_LINE = 255


def trunk_commands(before: frozenset[int] | None, after: frozenset[int], *, forwarding: bool) -> Iterator[str]:
    """The commands that take the allowed VLANs from `before` (None: no line, which is all) to `after`.

    `forwarding` says that the port is a trunk already, so that a list must not be set piece by piece.
    """
    old = ALL_VLANS if before is None else before
    whole = f"{PREFIX} {format_vlan_list(after) or 'none'}"
    if before is None and (len(whole) <= LONGEST_LINE or not forwarding):
        first, *rest = _chunks(after, len(PREFIX) + len(" add "))
        yield f"{PREFIX} {first or 'none'}"
        yield from (f"{PREFIX} add {chunk}" for chunk in rest)
    else:
        yield from (f"{PREFIX} add {chunk}" for chunk in _chunks(after - old, len(PREFIX) + len(" add ")) if chunk)
        yield from (
            f"{PREFIX} remove {chunk}" for chunk in _chunks(old - after, len(PREFIX) + len(" remove ")) if chunk
        )


def _chunks(vlans: frozenset[int], taken: int) -> list[str]:
    """The list in pieces that fit a line in which `taken` characters are used; at least one piece."""
    pieces = [""]
    for run in format_vlan_list(vlans).split(","):
        longer = f"{pieces[-1]},{run}" if pieces[-1] else run
        if taken + len(longer) <= LONGEST_LINE:
            pieces[-1] = longer
        else:
            pieces.append(run)
    return pieces

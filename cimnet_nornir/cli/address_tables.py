"""How subnets and their addresses look, as rows and as JSON."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cimnet_nornir.cli.output import odd, table

if TYPE_CHECKING:
    from cimnet_nornir.application.addressing import SubnetView

_HEADINGS = ("SUBNET", "NAME", "VLAN", "POOL", "GATEWAY", "ASSIGNED", "FOR")
_COUNTED = 1 << 32
"""So many addresses are told by their number; what is left of more is not worth saying."""


def subnet_rows(subnets: "Sequence[SubnetView]") -> Iterable[str]:
    """A line a subnet, with headings; nothing where there is none."""
    return table([_row(subnet) for subnet in subnets], _HEADINGS) if subnets else ()


def _row(subnet: "SubnetView") -> tuple[str, ...]:
    return (
        str(subnet.prefix),
        subnet.name or "-",
        str(subnet.vlan or "-"),
        subnet.pool,
        str(subnet.gateway or "-"),
        _assigned(subnet),
        " ".join(part for part in (subnet.purpose, f"({subnet.owner})" if subnet.owner else "") if part) or "-",
    )


def _assigned(subnet: "SubnetView") -> str:
    if subnet.kind == "reserved":
        return odd("reserved")
    assigned = len(subnet.addresses)
    return f"{assigned} of {subnet.capacity}" if subnet.capacity < _COUNTED else str(assigned)


def address_rows(subnet: "SubnetView") -> tuple[tuple[str, str], ...]:
    """Each assigned address with its owner, in the order of the addresses."""
    return tuple((str(address), owner) for address, owner in subnet.addresses)


def subnet_json(subnet: "SubnetView") -> dict[str, object]:
    """A subnet without its addresses, of which it says how many are assigned."""
    return {
        "subnet": str(subnet.prefix),
        "pool": subnet.pool,
        "kind": subnet.kind,
        "name": subnet.name,
        "vlan": subnet.vlan,
        "purpose": subnet.purpose,
        "owner": subnet.owner,
        "gateway": None if subnet.gateway is None else str(subnet.gateway),
        "capacity": subnet.capacity,
        "assigned": len(subnet.addresses),
    }

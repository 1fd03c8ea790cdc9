"""What decisions on a pool take for granted, or refuse."""

from cimnet_nornir.domain.addressing.intervals import IPNetwork
from cimnet_nornir.domain.addressing.pool import Pool
from cimnet_nornir.domain.addressing.subnet import Subnet
from cimnet_nornir.errors import RuleViolated, SubnetNotFound


def require_subnet(pool: Pool, prefix: IPNetwork) -> Subnet:
    """The subnet of that prefix. Raises SubnetNotFound."""
    subnet = pool.subnets.get(prefix)
    if subnet is None:
        raise SubnetNotFound(f"the pool {pool.name!r} has no subnet {prefix}", subject=str(prefix))
    return subnet


def require_allocated(pool: Pool, prefix: IPNetwork) -> Subnet:
    """The subnet of that prefix, whose addresses may be assigned. Raises SubnetNotFound or RuleViolated."""
    subnet = require_subnet(pool, prefix)
    if subnet.kind != "allocated":
        raise RuleViolated(f"{prefix} is reserved; release and allocate it to assign addresses", subject=str(prefix))
    return subnet

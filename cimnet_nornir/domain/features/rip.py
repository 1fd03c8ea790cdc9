"""RIP (RFC 2453), of which a device runs one process."""

from ipaddress import IPv4Address
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from cimnet_nornir.domain.features.fields import Word
from cimnet_nornir.domain.features.routing_parts import Distance, Paths, RouteSource, RoutingProcess
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

# The prefix length that an address has by its class (RFC 791), by the first byte beyond the class.
_CLASSES = ((128, 8), (192, 16), (224, 24))


def _by_class(value: IPv4Address) -> IPv4Address:
    first = int(value) >> 24
    length = next((length for bound, length in _CLASSES if first < bound), 32)
    if int(value) & ((1 << (32 - length)) - 1):
        kept = IPv4Address(int(value) >> (32 - length) << (32 - length))
        raise InvalidValue(f"RIP knows networks by their class: {kept}, not {value}", subject="networks")
    return value


class RipRedistribution(Value):
    """Routes from elsewhere that RIP announces."""

    source: RouteSource
    metric: Annotated[int, Field(ge=0, le=16)] | None = None
    route_map: Word | None = None


class Rip(RoutingProcess):
    """RIP of a device: the networks, by their class, whose interfaces take part."""

    FEATURE: ClassVar[str] = "rip"

    version: Literal[1, 2] | None = 2
    networks: tuple[Annotated[IPv4Address, AfterValidator(_by_class)], ...] = ()
    auto_summary: bool = False
    redistribution: tuple[RipRedistribution, ...] = ()
    default_originate: bool = False
    distance: Distance | None = None
    maximum_paths: Paths | None = None

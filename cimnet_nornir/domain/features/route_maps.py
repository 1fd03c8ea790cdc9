"""Route maps: clauses that match routes (or packets) and set something of them.

After the "Cisco IOS IP Routing: Protocol-Independent Command Reference" (`route-map`, `match …`, `set …`).
"""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.policy_fields import (
    UNIQUE,
    Community,
    Metric,
    PolicyName,
    PolicyNames,
    as_text,
)
from cimnet_nornir.domain.routing_values import AsNumber
from cimnet_nornir.domain.values import Description, InterfaceName, Value
from cimnet_nornir.errors import InvalidValue

_METRIC = re.compile(r"[+-]?[0-9]{1,10}( [0-9]{1,10}){0,4}")
_RouteType = Literal[
    "external", "external type-1", "external type-2", "internal", "level-1", "level-2", "local",
    "nssa-external", "nssa-external type-1", "nssa-external type-2",
]  # fmt: skip
_Precedence = Literal[
    "routine", "priority", "immediate", "flash", "flash-override", "critical", "internet", "network"
]  # fmt: skip


def _metric(value: str) -> str:
    if not _METRIC.fullmatch(value):
        raise InvalidValue(
            f"{value!r} is no metric: a number, '+5' or '-5', or the five numbers of EIGRP", subject="metric"
        )
    return value


Numbers = Annotated[tuple[Metric, ...], UNIQUE]


class RouteMatch(Value):
    """What a clause asks of a route: of several things of one kind one has to be there, and of each kind one."""

    access_list: PolicyNames = ()
    prefix_list: PolicyNames = ()
    next_hop: PolicyNames = ()
    next_hop_prefix_list: PolicyNames = ()
    route_source: PolicyNames = ()
    route_source_prefix_list: PolicyNames = ()
    ipv6_access_list: PolicyNames = ()
    ipv6_prefix_list: PolicyNames = ()
    as_path: PolicyNames = ()
    community: PolicyNames = ()
    community_exact: bool = False
    extcommunity: PolicyNames = ()
    interface: Annotated[tuple[InterfaceName, ...], UNIQUE] = ()
    tag: Numbers = ()
    metric: Metric | None = None
    local_preference: Numbers = ()
    route_type: _RouteType | None = None


class RouteSet(Value):
    """What a clause sets of a route; `metric` may be a change, '+5'."""

    metric: Annotated[str, BeforeValidator(as_text), AfterValidator(_metric)] | None = None
    metric_type: Literal["internal", "external", "type-1", "type-2"] | None = None
    local_preference: Metric | None = None
    weight: Annotated[int, Field(ge=0, le=65535)] | None = None
    tag: Metric | None = None
    origin: Literal["igp", "incomplete"] | None = None
    community: Annotated[tuple[Community, ...], UNIQUE] = ()
    additive: bool = False
    delete_communities: PolicyName | None = None
    route_targets: Annotated[tuple[PolicyName, ...], UNIQUE] = ()
    route_targets_additive: bool = False
    site_of_origin: PolicyName | None = None
    prepend: tuple[AsNumber, ...] = ()
    prepend_last_as: Annotated[int, Field(ge=1, le=10)] | None = None
    next_hop: Annotated[tuple[IPv4Address, ...], UNIQUE] = ()
    peer_address: bool = False
    default_next_hop: Annotated[tuple[IPv4Address, ...], UNIQUE] = ()
    ipv6_next_hop: Annotated[tuple[IPv6Address, ...], UNIQUE] = ()
    interface: Annotated[tuple[InterfaceName, ...], UNIQUE] = ()
    precedence: _Precedence | None = None
    vrf: PolicyName | None = None


class RouteMapClause(Setting):
    """A clause of a route map; clauses are tried by their numbers. `goes_on` is the clause tried next all the same."""

    FEATURE: ClassVar[str] = "route-map"
    KEY: ClassVar[tuple[str, ...]] = ("name", "sequence")

    name: PolicyName
    sequence: Annotated[int, Field(ge=0, le=65535)]
    action: Literal["permit", "deny"] = "permit"
    description: Description | None = None
    match: RouteMatch = RouteMatch()
    set: RouteSet = RouteSet()
    goes_on: Annotated[int, Field(ge=1, le=65535)] | None = None

"""What is said of a BGP neighbour, or of a group of them: its session, and what goes over it."""

from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.features.policy_fields import PolicyName
from cimnet_nornir.domain.routing_values import AsNumber
from cimnet_nornir.domain.values import Description, InterfaceName, Value
from cimnet_nornir.errors import InvalidValue

Seconds = Annotated[int, Field(ge=0, le=65535)]


class BgpTimers(Value):
    """How often a neighbour is told that all is well, and after what time without a word it is gone."""

    keepalive: Seconds
    hold: Seconds
    least_hold: Seconds | None = None


class BgpSession(Setting):
    """The session with a neighbour, or with the members of a group."""

    remote_as: AsNumber | None = None
    local_as: AsNumber | None = None
    local_as_options: Literal["no-prepend", "no-prepend replace-as", "no-prepend replace-as dual-as"] | None = None
    description: Annotated[Description, Field(max_length=80)] | None = None
    shutdown: bool = False
    password: SecretReference | None = None
    ebgp_multihop: Annotated[int, Field(ge=1, le=255)] | None = None
    ttl_security_hops: Annotated[int, Field(ge=1, le=254)] | None = None
    disable_connected_check: bool = False
    update_source: InterfaceName | None = None
    timers: BgpTimers | None = None
    fall_over: bool = False
    bfd: bool = False
    connection_mode: Literal["active", "passive"] | None = None

    @model_validator(mode="after")
    def _one_way_to_be_far(self) -> "BgpSession":
        if self.ebgp_multihop is not None and self.ttl_security_hops is not None:
            raise InvalidValue("ebgp_multihop and ttl_security_hops exclude each other", subject="ttl_security_hops")
        if self.local_as_options is not None and self.local_as is None:
            raise InvalidValue("local_as_options needs local_as", subject="local_as_options")
        return self


class MaximumPrefix(Value):
    """How many prefixes a neighbour may announce; beyond that its session ends, unless it is only to be told."""

    count: Annotated[int, Field(ge=1, le=2147483647)]
    threshold: Annotated[int, Field(ge=1, le=100)] | None = None
    warning_only: bool = False
    restart: Annotated[int, Field(ge=1, le=65535)] | None = None


def _name_or_address(value: str) -> str:
    """A peer group by its name, or a neighbour by its address as Python writes it."""
    if ":" in value or value[:1].isdigit():
        try:
            return str(IPv6Address(value) if ":" in value else IPv4Address(value))
        except ValueError:
            raise InvalidValue(f"{value!r} is neither an address nor the name of a group", subject="neighbor") from None
    return value


GroupName = Annotated[PolicyName, Field(pattern=r"^[A-Za-z]")]
Neighbor = Annotated[PolicyName, AfterValidator(_name_or_address)]


def is_address(neighbor: str) -> bool:
    """Whether a neighbour is named by its address; the others are groups."""
    return neighbor[0].isdigit() or ":" in neighbor

"""BGP, EIGRP and access lists in a definition file, as models."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from cimnet_nornir.definition.fields import Address, Prefix, as_tuple
from cimnet_nornir.definition.file_model import FileModel, Text
from cimnet_nornir.definition.protocol_fields import (
    AsNumber,
    EigrpNetwork,
    FilterAddress,
    FilterPort,
    FilterProtocol,
    InterfaceName,
    UpdateSource,
)
from cimnet_nornir.domain.access_list_parts import ANY_PROTOCOL, anywhere


class BgpNeighborEntry(FileModel):
    """A BGP neighbour for IPv4 unicast."""

    address: Address = Field(description="Its address.", examples=["203.0.113.1"])
    remote_as: AsNumber = Field(description="Its AS; the own one makes it an internal neighbour.", examples=[64500])
    description: Text | None = Field(
        None, max_length=80, description="One line of text, at most 80 characters.", examples=["provider 1"]
    )
    update_source: UpdateSource | None = Field(
        None,
        description="The interface whose address the session has here; of a host that can be lo.",
        examples=["Loopback0", "lo"],
    )
    next_hop_self: bool = Field(
        default=False, description="Announce routes to it with the own address as next hop.", examples=[True]
    )
    ebgp_multihop: int | None = Field(
        None,
        ge=1,
        le=255,
        description="How many hops away a neighbour of another AS may be; 1 without it.",
        examples=[2],
    )


class BgpEntry(FileModel):
    """BGP of a router: there is one process."""

    asn: AsNumber = Field(
        description="The own AS; asdot in quotes.",
        examples=[65001, "1.10"],
    )
    router_id: Address | None = Field(
        None, description="The router id, most often the loopback's.", examples=["10.255.0.1"]
    )
    neighbors: Annotated[tuple[BgpNeighborEntry, ...], BeforeValidator(as_tuple)] = Field(
        (), description="The neighbours.", examples=[[{"address": "203.0.113.1", "remote_as": 64500}]]
    )
    networks: Annotated[tuple[Prefix, ...], BeforeValidator(as_tuple)] = Field(
        (), description="Networks to announce, where the routing table has them.", examples=[["192.0.2.0/24"]]
    )


class EigrpEntry(FileModel):
    """An EIGRP process in classic mode."""

    asn: int = Field(ge=1, le=65535, description="Its AS.", examples=[100])
    router_id: Address | None = Field(None, description="The router id.", examples=["10.255.0.1"])
    networks: Annotated[tuple[EigrpNetwork, ...], BeforeValidator(as_tuple)] = Field(
        (),
        description="Interfaces in these networks take part; a prefix, or a network and its wildcard.",
        examples=[["10.0.0.0/8", "10.1.0.0 0.0.255.255"]],
    )
    passive: Annotated[tuple[InterfaceName, ...], BeforeValidator(as_tuple)] = Field(
        (), description="Interfaces that are announced, but where no neighbour is looked for.", examples=[["Loopback0"]]
    )


class FilterEntry(FileModel):
    """An entry of an access list: a `remark`, or an `action` with what it is about."""

    sequence: int | None = Field(
        None, ge=1, le=2147483647, description="Its place in the list; ten after the entry before it.", examples=[10]
    )
    remark: str | None = Field(
        None, min_length=1, max_length=100, description="A line for people.", examples=["management"]
    )
    action: Literal["permit", "deny"] | None = Field(None, description="permit or deny.", examples=["permit"])
    protocol: FilterProtocol = Field(
        ANY_PROTOCOL, description="The protocol, by name or number; ip means any.", examples=["tcp"]
    )
    source: FilterAddress = Field(
        default_factory=anywhere,
        description="Where it comes from: any, an address, a prefix, or an address and its wildcard.",
        examples=["any", "10.0.0.0/8", "10.0.0.1", "10.0.1.0 0.0.254.255"],
    )
    source_port: FilterPort | None = Field(
        None, description="The source port of TCP or UDP: a number, or eq, gt, lt or range.", examples=["gt 1023"]
    )
    destination: FilterAddress = Field(
        default_factory=anywhere, description="Where it goes to, like `source`.", examples=["192.0.2.10"]
    )
    destination_port: FilterPort | None = Field(
        None, description="The destination port, like `source_port`.", examples=[443, "range 8000 8010"]
    )
    established: bool = Field(default=False, description="Only what answers or goes on (TCP).", examples=[True])
    log: bool = Field(default=False, description="Log what matches.", examples=[True])
    message: str | None = Field(
        None, description="A message of ICMP, by name or by type and code.", examples=["echo-reply", "3 4"]
    )
    fragments: bool = Field(default=False, description="Only fragments behind the first of a packet.", examples=[True])
    dscp: Text | None = Field(None, description="A class of traffic (DSCP), by name or number.", examples=["ef"])
    precedence: Text | None = Field(None, description="A precedence, by name or number.", examples=["critical"])
    tos: Text | None = Field(None, description="A type of service, by name or number.", examples=["min-delay"])
    time_range: Text | None = Field(
        None, description="The time-range in which it holds, which the device has.", examples=["WORKDAYS"]
    )
    log_input: bool = Field(default=False, description="Log what matches with where it came in.", examples=[True])
    service_group: Text | None = Field(
        None, description="A service object group, instead of a protocol and ports.", examples=["WEB"]
    )
    source_group: Text | None = Field(
        None, description="A network object group, instead of `source`.", examples=["SERVERS"]
    )
    destination_group: Text | None = Field(
        None, description="A network object group, instead of `destination`.", examples=["SERVERS"]
    )


class AccessListEntry(FileModel):
    """An access list for IPv4, under its name or number."""

    kind: Literal["standard", "extended"] | None = Field(
        None,
        description="standard looks at the source alone. Understood without it: a number says it, a name is extended.",
        examples=["standard"],
    )
    entries: Annotated[tuple[FilterEntry, ...], BeforeValidator(as_tuple)] = Field(
        description="The entries in their order; what none of them matches is denied.",
        examples=[[{"action": "permit", "protocol": "tcp", "destination_port": 443}]],
    )

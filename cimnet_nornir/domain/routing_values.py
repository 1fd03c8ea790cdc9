"""Value objects of BGP (RFC 4271) and EIGRP (RFC 7868), as far as intent speaks of them."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.interfaces import LINUX_LOOPBACK, canonical_interface
from cimnet_nornir.domain.values import Description, InterfaceName, Value
from cimnet_nornir.errors import InvalidValue

HIGHEST_AS = 4294967295
_ASDOT = re.compile(r"([0-9]{1,5})\.([0-9]{1,5})")
_HALF = 65536
# IOS takes up to 80 characters of text about a BGP neighbour ("neighbor description").
_LONGEST_DESCRIPTION = 80


def _as_number(value: object) -> object:
    """A number from its asdot form (RFC 5396): "1.10" is 65546."""
    if isinstance(value, bool | float):
        raise InvalidValue(f"{value} is no AS number; write asdot in quotes, like '1.10'", subject="as")
    if not isinstance(value, str):
        return value
    match = _ASDOT.fullmatch(value)
    if match is not None and int(match[1]) < _HALF and int(match[2]) < _HALF:
        return int(match[1]) * _HALF + int(match[2])
    if not (value.isascii() and value.isdecimal()):
        raise InvalidValue(f"{value!r} is no AS number; write it like 65001 or '1.10'", subject="as")
    return value


def _in_range(value: int) -> int:
    if not 1 <= value <= HIGHEST_AS:
        raise InvalidValue(f"AS numbers are 1 to {HIGHEST_AS}, not {value}", subject="as")
    return value


AsNumber = Annotated[int, BeforeValidator(_as_number), AfterValidator(_in_range)]


def _usable(address: IPv4Address) -> IPv4Address:
    if address.is_multicast or address.is_unspecified or address.is_loopback or address.is_reserved:
        raise InvalidValue(f"{address} is no address of a neighbour", subject=str(address))
    return address


def _source(text: str) -> str:
    return text if text == LINUX_LOOPBACK else canonical_interface(text)


class BgpNeighbor(Value):
    """A BGP neighbour for IPv4 unicast; `ebgp_multihop` is how many hops away it may be (without it: 1).

    `update_source` is an interface by its canonical name, or the loopback of a host.
    """

    address: Annotated[IPv4Address, AfterValidator(_usable)]
    remote_as: AsNumber
    description: Annotated[Description, Field(max_length=_LONGEST_DESCRIPTION)] | None = None
    update_source: Annotated[str, AfterValidator(_source)] | None = None
    next_hop_self: bool = False
    ebgp_multihop: Annotated[int, Field(ge=1, le=255)] | None = None


class BgpRouter(Value):
    """BGP of a router, which runs one process; `networks` are announced where the routing table has them.

    What is wrong with a neighbour or a network is told with its text as the subject of the error.
    """

    as_number: AsNumber
    router_id: IPv4Address | None = None
    neighbors: tuple[BgpNeighbor, ...] = ()
    networks: tuple[IPv4Network, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> "BgpRouter":
        _refuse_twice("neighbour", (neighbor.address for neighbor in self.neighbors))
        _refuse_twice("network", self.networks)
        for neighbor in self.neighbors:
            # RFC 4271: a neighbour of the same AS may be any number of hops away; IOS refuses to be told so.
            if neighbor.ebgp_multihop is not None and neighbor.remote_as == self.as_number:
                raise InvalidValue(
                    f"{neighbor.address} is in AS {self.as_number} itself; ebgp multihop is for other ASes",
                    subject=str(neighbor.address),
                )
        return self


class EigrpProcess(Value):
    """An EIGRP process in classic mode: its AS, the networks it runs on, and interfaces where it is silent."""

    as_number: Annotated[int, Field(ge=1, le=65535)]
    router_id: IPv4Address | None = None
    networks: tuple[IPv4Network, ...] = ()
    passive_interfaces: tuple[InterfaceName, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> "EigrpProcess":
        _refuse_twice("network", self.networks)
        _refuse_twice("passive interface", self.passive_interfaces)
        return self


def _refuse_twice(what: str, things: Iterable[object]) -> None:
    seen: set[object] = set()
    for thing in things:
        if thing in seen:
            raise InvalidValue(f"the {what} {thing} stands here twice", subject=str(thing))
        seen.add(thing)

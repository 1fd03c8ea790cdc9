"""What an entry of an access list asks of a packet: addresses by wildcard, a protocol, ports.

After the "Cisco IOS Security Command Reference" (`permit`).
"""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

ANY_PROTOCOL = "ip"
# Numbers of IANA ("Assigned Internet Protocol Numbers") that IOS knows by a name.
PROTOCOLS: Mapping[str, int] = {
    "icmp": 1, "igmp": 2, "ipinip": 4, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ahp": 51,
    "eigrp": 88, "ospf": 89, "nos": 94, "pim": 103, "pcp": 108,
}  # fmt: skip
_NAMES = {number: name for name, number in PROTOCOLS.items()}
WITH_PORTS = frozenset({"tcp", "udp"})
_ALL_BITS = IPv4Address(2**32 - 1)
_NO_BITS = IPv4Address(0)
_HIGHEST_PORT = 65535
_HIGHEST_PROTOCOL = 255
_FORM = "any, an address, a prefix such as 10.0.0.0/24, or an address and its wildcard: 10.0.0.0 0.0.0.255"
_PORT_FORM = "a number, or one of: eq N, neq N, gt N, lt N, range N M"


def _protocol(value: object) -> object:
    """The name of a protocol, or its number as text where IOS has no name for it."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    text = str(value).lower()
    if text == ANY_PROTOCOL or text in PROTOCOLS:
        return text
    if text.isascii() and text.isdecimal() and int(text) <= _HIGHEST_PROTOCOL:
        return _NAMES.get(int(text), str(int(text)))
    known = ", ".join((ANY_PROTOCOL, *PROTOCOLS))
    raise InvalidValue(f"{value!r} is no protocol; a number from 0 to 255, or one of: {known}", subject="protocol")


Protocol = Annotated[str, BeforeValidator(_protocol)]
Port = Annotated[int, Field(ge=0, le=_HIGHEST_PORT)]


class AclAddress(Value):
    """Addresses: those equal to `address` in each bit that is 0 in `wildcard`; the other bits of `address` are 0."""

    address: IPv4Address
    wildcard: IPv4Address = _NO_BITS

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: object) -> object:
        parts = _parts(data) if isinstance(data, str) else data
        return _without_free_bits(parts) if isinstance(parts, dict) else parts

    def matches(self, address: IPv4Address) -> bool:
        """Whether the address is one of these."""
        return (int(address) ^ int(self.address)) & ~int(self.wildcard) & int(_ALL_BITS) == 0

    def overlaps(self, other: "AclAddress") -> bool:
        """Whether some address is one of both."""
        fixed = ~(int(self.wildcard) | int(other.wildcard)) & int(_ALL_BITS)
        return (int(self.address) ^ int(other.address)) & fixed == 0

    def covers(self, other: "AclAddress") -> bool:
        """Whether all addresses of the other are among these."""
        return self.matches(other.address) and int(other.wildcard) & ~int(self.wildcard) & int(_ALL_BITS) == 0

    @property
    def is_any(self) -> bool:
        """Whether it is every address."""
        return self.wildcard == _ALL_BITS

    def __str__(self) -> str:
        """As people write it: any, 10.0.0.1, 10.0.0.0/24, or address and wildcard where that is no prefix."""
        if self.is_any:
            return "any"
        if self.wildcard == _NO_BITS:
            return str(self.address)
        hole = int(self.wildcard) + 1
        if hole & int(self.wildcard):
            return f"{self.address} {self.wildcard}"
        return f"{self.address}/{32 - int(self.wildcard).bit_length()}"


def _without_free_bits(data: Mapping[str, object]) -> Mapping[str, object]:
    """As IOS keeps it: what the wildcard leaves open is 0 in the address."""
    try:
        wildcard = IPv4Address(str(data.get("wildcard", _NO_BITS)))
        fixed = int(IPv4Address(str(data.get("address")))) & ~int(wildcard) & int(_ALL_BITS)
    except AddressValueError:
        return data  # the fields say what is wrong with them
    return {**data, "address": IPv4Address(fixed), "wildcard": wildcard}


def _parts(text: str) -> Mapping[str, IPv4Address]:
    words = text.split()
    if words == ["any"]:
        return {"address": _NO_BITS, "wildcard": _ALL_BITS}
    try:
        match words:
            case ["host", address] | [address] if "/" not in address:
                return {"address": IPv4Address(address)}
            case [prefix] if prefix.partition("/")[2].isdecimal():
                network = IPv4Network(prefix)
                return {"address": network.network_address, "wildcard": network.hostmask}
            case [address, wildcard]:
                return {"address": IPv4Address(address), "wildcard": IPv4Address(wildcard)}
            case _:
                raise InvalidValue(f"{text!r} are no addresses; write {_FORM}", subject="address")
    except (AddressValueError, NetmaskValueError):
        raise InvalidValue(f"{text!r} are no addresses; write {_FORM}", subject="address") from None
    except ValueError:
        raise InvalidValue(
            f"{text!r} has bits beyond its prefix length; write the network", subject="address"
        ) from None


def anywhere() -> AclAddress:
    """Every address: `any`."""
    return AclAddress(address=_NO_BITS, wildcard=_ALL_BITS)


class AclPorts(Value):
    """Ports of TCP or UDP; `last` only for a range, whose ends belong to it, `more` ports for eq and neq alone."""

    operator: Literal["eq", "neq", "gt", "lt", "range"] = "eq"
    port: Port
    last: Port | None = None
    more: Annotated[tuple[Port, ...], Field(max_length=9)] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: object) -> object:
        if isinstance(data, int) and not isinstance(data, bool):
            return {"port": data}
        return _port_words(data) if isinstance(data, str) else data

    @model_validator(mode="after")
    def _some_port_is_meant(self) -> "AclPorts":
        if (self.operator == "range") != (self.last is not None):
            raise InvalidValue("a range has two ports, and nothing else has: range 5000 5010", subject="port")
        if self.more and self.operator not in ("eq", "neq"):
            raise InvalidValue(f"{self.operator} takes one port; several go with eq and neq", subject="port")
        if self.last is not None and self.last <= self.port:
            raise InvalidValue(f"the range {self.port} {self.last} does not run upwards", subject="port")
        if (self.operator, self.port) in (("gt", _HIGHEST_PORT), ("lt", 0)):
            raise InvalidValue(f"no port is {self}", subject="port")
        return self

    def matches(self, port: int) -> bool:
        """Whether the port is one of these."""
        match self.operator:
            case "eq":
                return port in (self.port, *self.more)
            case "neq":
                return port not in (self.port, *self.more)
            case "gt":
                return port > self.port
            case "lt":
                return port < self.port
            case "range":
                return self.port <= port <= (self.port if self.last is None else self.last)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last port."""
        match self.operator:
            case "gt":
                return self.port + 1, _HIGHEST_PORT
            case "lt":
                return 0, self.port - 1
            case _:
                return self.port, self.port if self.last is None else self.last

    def __str__(self) -> str:
        ports = (self.port, *self.more) if self.last is None else (self.port, self.last)
        return " ".join((self.operator, *map(str, ports)))


_PORTS = re.compile(
    r"(?:(?P<operator>eq|neq|gt|lt) )?(?P<port>[0-9]{1,5})(?P<more>(?: [0-9]{1,5})*)"
    r"|range (?P<low>[0-9]{1,5}) (?P<high>[0-9]{1,5})"
)


def _port_words(text: str) -> dict[str, object]:
    match = _PORTS.fullmatch(" ".join(text.split()))
    if match is None:
        raise InvalidValue(f"{text!r} is no port; write {_PORT_FORM}", subject="port")
    if match["low"]:
        return {"operator": "range", "port": int(match["low"]), "last": int(match["high"])}
    more = tuple(int(port) for port in match["more"].split())
    return {"operator": match["operator"] or "eq", "port": int(match["port"]), "more": more}

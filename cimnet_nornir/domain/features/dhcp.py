"""The DHCP server: pools for networks and for single hosts, and the addresses that are never given out."""

import re
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import Line, VrfName, Word
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting
from cimnet_nornir.domain.values import InterfaceAddress, Value
from cimnet_nornir.errors import InvalidValue

_DIGITS = re.compile(r"[0-9a-f]{2,}")


def _hexadecimal(value: str) -> str:
    """Digits in groups of four, as a device shows them."""
    digits = re.sub(r"[.:-]", "", value).lower()
    if not _DIGITS.fullmatch(digits):
        raise InvalidValue(f"{value!r} is no identifier; write it like 0100.1122.3344.55", subject="identifier")
    return ".".join(digits[start : start + 4] for start in range(0, len(digits), 4))


Hexadecimal = Annotated[str, AfterValidator(_hexadecimal)]


class DhcpExclusion(PerVrfSetting):
    """Addresses that are not given out: one, or all from the first to the last."""

    FEATURE: ClassVar[str] = "dhcp-exclusion"
    KEY: ClassVar[tuple[str, ...]] = ("first",)

    first: IPv4Address
    last: IPv4Address | None = None

    @model_validator(mode="after")
    def _goes_up(self) -> "DhcpExclusion":
        if self.last is not None and self.last <= self.first:
            raise InvalidValue(f"{self.last} is not behind {self.first}; leave it out for one address", subject="last")
        return self


class DhcpOption(Value):
    """An option by its number (RFC 2132), as text, digits or addresses."""

    code: Annotated[int, Field(ge=0, le=254)]
    kind: Literal["ascii", "hex", "ip"]
    value: Line


class DhcpPool(Setting):
    """What clients of a network, or one host, are given. The lease is in minutes; a day is what it is anyway."""

    FEATURE: ClassVar[str] = "dhcp-pool"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    vrf: VrfName | None = None
    network: IPv4Network | None = None
    host: InterfaceAddress | None = None
    client_identifier: Hexadecimal | None = None
    hardware_address: Hexadecimal | None = None
    client_name: Word | None = None
    default_routers: Annotated[tuple[IPv4Address, ...], Field(max_length=8)] = ()
    dns_servers: Annotated[tuple[IPv4Address, ...], Field(max_length=8)] = ()
    domain_name: Word | None = None
    netbios_name_servers: Annotated[tuple[IPv4Address, ...], Field(max_length=8)] = ()
    netbios_node_type: Literal["b-node", "h-node", "m-node", "p-node"] | None = None
    boot_file: Word | None = None
    next_servers: tuple[IPv4Address, ...] = ()
    options: tuple[DhcpOption, ...] = ()
    lease: Annotated[int, Field(ge=1, le=525600)] | Literal["infinite"] = 1440

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "DhcpPool":
        if self.network is not None and self.host is not None:
            raise InvalidValue("a pool is for a network or for a host, not for both", subject="host")
        if self.host is None and (self.client_identifier or self.hardware_address):
            raise InvalidValue("only a pool for a host names a client", subject="client_identifier")
        if self.client_identifier and self.hardware_address:
            raise InvalidValue("a host has a client identifier or a hardware address, not both", subject="host")
        return self

    @model_validator(mode="after")
    def _reaches_its_routers(self) -> "DhcpPool":
        outside = [each for each in self.default_routers if self.network is not None and each not in self.network]
        if outside:
            raise InvalidValue(f"{outside[0]} is not in {self.network}", subject="default_routers")
        return self

"""Network address translation: which interfaces are inside and outside, and what is translated into what."""

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Tcp, VrfName, Word
from cimnet_nornir.domain.features.interfaces import Layer3Setting
from cimnet_nornir.domain.features.model import Setting, has_interface
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, NotFound, PortNotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

Side = Literal["inside", "outside"]
Timeout = Annotated[int, Field(ge=0, le=2147483647)] | Literal["never"]


class NatInterface(Layer3Setting):
    """On which side of the translation an interface is."""

    FEATURE: ClassVar[str] = "nat"

    side: Side


class NatPool(Setting):
    """Addresses of one network that translations are given from."""

    FEATURE: ClassVar[str] = "nat-pool"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    first: IPv4Address
    last: IPv4Address
    prefix_length: Annotated[int, Field(ge=1, le=30)]
    type: Literal["rotary", "match-host"] | None = None

    @model_validator(mode="after")
    def _in_one_network(self) -> "NatPool":
        network = IPv4Network((self.first, self.prefix_length), strict=False)
        if self.last < self.first or self.last not in network:
            raise InvalidValue(
                f"the pool ends at {self.last}, which is not behind {self.first} in {network}", subject="last"
            )
        return self


class _Translation(Setting):
    """What translations have in common."""

    side: Side = "inside"
    interface: InterfaceName | None = None
    vrf: VrfName | None = None
    match_in_vrf: bool = False
    add_route: bool = False

    def check(self, device: "Device") -> None:
        """Refuse an interface that is not there. Raises PortNotFound."""
        if self.interface is not None and not has_interface(device, self.interface):
            raise PortNotFound(
                f"{device.name} translates to the address of {self.interface}, which is not there",
                subject=f"{device.name} {self.FEATURE}",
            )


class NatDynamic(_Translation):
    """What an access list or a route map selects gets addresses of a pool, or shares (`overload`) one."""

    FEATURE: ClassVar[str] = "nat-dynamic"
    KEY: ClassVar[tuple[str, ...]] = ("side", "by", "name", "vrf")

    by: Literal["list", "route-map"] = "list"
    name: Word
    pool: Word | None = None
    overload: bool = False

    @model_validator(mode="after")
    def _one_target(self) -> "NatDynamic":
        if (self.pool is None) == (self.interface is None):
            raise InvalidValue("addresses come from a pool or from an interface: one of them", subject="pool")
        if self.interface is not None and not self.overload:
            raise InvalidValue("the address of an interface is shared; say overload: true", subject="overload")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a pool or an interface that is not there. Raises NotFound, PortNotFound."""
        super().check(device)
        if self.pool is not None and device.setting(NatPool.FEATURE, self.pool) is None:
            raise NotFound(
                f"{device.name} has no pool {self.pool} (nat-pool), which translations of {self.name} use",
                subject=f"{device.name} nat-pool {self.pool}",
            )


class NatStatic(_Translation):
    """One address, port or network that is always the same other one.

    `local` is what is translated, `to` (or the address of `interface`) what it becomes.
    """

    FEATURE: ClassVar[str] = "nat-static"
    KEY: ClassVar[tuple[str, ...]] = (
        "side",
        "protocol",
        "local",
        "local_port",
        "to",
        "interface",
        "to_port",
        "vrf",
        "route_map",
    )

    local: IPv4Address
    to: IPv4Address | None = None
    protocol: Literal["tcp", "udp"] | None = None
    local_port: Tcp | None = None
    to_port: Tcp | None = None
    prefix_length: Annotated[int, Field(ge=1, le=32)] | None = None
    route_map: Word | None = None
    reversible: bool = False
    extendable: bool = False
    no_alias: bool = False
    no_payload: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "NatStatic":
        if (self.to is None) == (self.interface is None):
            raise InvalidValue("it becomes an address or that of an interface: one of them", subject="to")
        ports = (self.local_port is not None, self.to_port is not None, self.protocol is not None)
        if len(set(ports)) > 1:
            raise InvalidValue("ports are a protocol, local_port and to_port, or none of them", subject="protocol")
        if self.prefix_length is not None and (self.protocol or self.interface):
            raise InvalidValue("a network becomes a network", subject="prefix_length")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a second translation of the same. Raises PortNotFound, RuleViolated."""
        super().check(device)
        others = (other for other in device.settings_of(self.FEATURE) if isinstance(other, NatStatic))
        like = next((other for other in others if other.own_key != self.own_key and self._is_like(other)), None)
        if like is not None:
            raise RuleViolated(
                f"{device.name} translates {self.local} already: {like.own_key}", subject=f"{device.name} nat-static"
            )

    def _is_like(self, other: "NatStatic") -> bool:
        mine, theirs = (
            (item.side, item.protocol, item.local, item.local_port, item.vrf, item.route_map) for item in (self, other)
        )
        return mine == theirs and not (self.extendable and other.extendable)


class NatDestination(Setting):
    """What comes to an address of the list is spread over the addresses of a pool, one connection after the other."""

    FEATURE: ClassVar[str] = "nat-destination"
    KEY: ClassVar[tuple[str, ...]] = ("access_list",)

    access_list: Word
    pool: Word

    def check(self, device: "Device") -> None:
        """Refuse a pool that is not there, or whose addresses are not taken in turn. Raises NotFound, RuleViolated."""
        pool = device.setting(NatPool.FEATURE, self.pool)
        where = f"{device.name} {self.identity}"
        if pool is None:
            raise NotFound(f"{where} names the pool {self.pool}, which {device.name} does not have", subject=where)
        if isinstance(pool, NatPool) and pool.type != "rotary":
            raise RuleViolated(f"{where}: the pool {self.pool} is no rotary one", subject=where)


class PortTimeout(Value):
    """After how many seconds translations of a port go."""

    protocol: Literal["tcp", "udp"]
    port: Tcp
    seconds: Annotated[int, Field(ge=0, le=2147483647)]


class NatTimeouts(Setting):
    """After how many seconds translations that nobody uses go, and how many there may be."""

    FEATURE: ClassVar[str] = "nat-timeouts"

    timeout: Timeout | None = None
    tcp: Timeout | None = None
    udp: Timeout | None = None
    finrst: Timeout | None = None
    syn: Timeout | None = None
    dns: Timeout | None = None
    icmp: Timeout | None = None
    max_entries: Annotated[int, Field(ge=1, le=2147483647)] | None = None
    ports: tuple[PortTimeout, ...] = ()

    @model_validator(mode="after")
    def _each_port_once(self) -> "NatTimeouts":
        told = [(each.protocol, each.port) for each in self.ports]
        if len(told) != len(set(told)):
            raise InvalidValue("one of the ports stands here twice", subject="ports")
        return self

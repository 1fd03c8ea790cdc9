"""IPv6 of a device and its interfaces: addresses, and what neighbour discovery says of them."""

from ipaddress import IPv6Address, IPv6Interface, IPv6Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.features.interfaces import Layer3Setting
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue


def _with_length(value: object) -> object:
    # Python reads an address without its prefix as a /128, which is hardly ever what was meant.
    if isinstance(value, str) and "/" not in value:
        raise InvalidValue(f"{value!r} lacks its prefix length; write it like 2001:db8::1/64", subject="address")
    return value


def _link_local(value: IPv6Address) -> IPv6Address:
    if not value.is_link_local:
        raise InvalidValue(f"{value} is no link-local address, which begins with fe80", subject="link_local")
    return value


Ipv6InterfaceAddress = Annotated[IPv6Interface, BeforeValidator(_with_length)]
LinkLocal = Annotated[IPv6Address, AfterValidator(_link_local)]


class Ipv6Routing(Setting):
    """The device passes packets of IPv6 on."""

    FEATURE: ClassVar[str] = "ipv6-routing"


class Ipv6(Layer3Setting):
    """IPv6 on an interface: on without an address of its own (`enabled`), and where addresses come from."""

    FEATURE: ClassVar[str] = "ipv6"

    enabled: bool = False
    link_local: LinkLocal | None = None
    autoconfig: bool = False
    dhcp: bool = False
    redirects: bool = True
    unreachables: bool = True


class Ipv6Address(Layer3Setting):
    """An IPv6 address of an interface; with `eui_64` the interface makes its host part."""

    FEATURE: ClassVar[str] = "ipv6-address"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "address")

    address: Ipv6InterfaceAddress
    form: Literal["eui-64", "anycast"] | None = None


class AdvertisedPrefix(Value):
    """A prefix in router advertisements: how long it is valid and preferred, in seconds."""

    prefix: IPv6Network
    valid: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    preferred: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    advertised: bool = True

    @model_validator(mode="after")
    def _both_times(self) -> "AdvertisedPrefix":
        if (self.valid is None) != (self.preferred is None) or (self.valid is not None and not self.advertised):
            raise InvalidValue("a prefix is advertised with both times or with none", subject="prefix")
        return self


class Ipv6NeighborDiscovery(Layer3Setting):
    """What an interface says in router advertisements, and how it looks for its neighbours; intervals as IOS counts."""

    FEATURE: ClassVar[str] = "ipv6-nd"

    managed: bool = False
    other: bool = False
    suppress: Literal["periodic", "all"] | None = None
    lifetime: Annotated[int, Field(ge=0, le=9000)] | None = None
    interval: Annotated[int, Field(ge=4, le=1800)] | None = None
    dad_attempts: Annotated[int, Field(ge=0, le=600)] | None = None
    reachable_time: Annotated[int, Field(ge=0, le=3_600_000)] | None = None
    ns_interval: Annotated[int, Field(ge=1000, le=3_600_000)] | None = None
    router_preference: Literal["High", "Medium", "Low"] | None = None
    prefixes: tuple[AdvertisedPrefix, ...] = ()

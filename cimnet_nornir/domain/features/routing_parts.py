"""What the settings of routing protocols have in common: areas, redistribution, filters, metrics, silent interfaces."""

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import Word
from cimnet_nornir.domain.features.model import Setting, has_interface
from cimnet_nornir.domain.interfaces import canonical_interface
from cimnet_nornir.domain.values import InterfaceName, Value
from cimnet_nornir.errors import InvalidValue, PortNotFound

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_OF_A_PROCESS = ("bgp", "ospf", "eigrp")


def _area(value: object) -> object:
    """The number of an area that is written like an address: 0.0.0.1 is 1."""
    if isinstance(value, str) and "." in value:
        try:
            return int(IPv4Address(value))
        except ValueError:
            raise InvalidValue(f"{value!r} is no area; write it like 1 or 0.0.0.1", subject="area") from None
    return value


def _source(value: str) -> str:
    word, _, number = value.strip().partition(" ")
    if (word in ("connected", "static", "rip") and not number) or (word in _OF_A_PROCESS and number.isdecimal()):
        return f"{word} {int(number)}" if number else word
    raise InvalidValue(
        f"{value!r} is no source of routes: connected, static, rip, or bgp, ospf or eigrp with its number",
        subject="source",
    )


def _out_of(value: str) -> str:
    """An interface, or a source of routes."""
    word = value.split(" ", maxsplit=1)[0]
    return _source(value) if word in ("connected", "static", "rip", *_OF_A_PROCESS) else canonical_interface(value)


Area = Annotated[int, BeforeValidator(_area), Field(ge=0, le=4294967295)]
ProcessNumber = Annotated[int, Field(ge=1, le=65535)]
RouteSource = Annotated[str, AfterValidator(_source)]
Metric = Annotated[int, Field(ge=0, le=16777214)]
Seconds = Annotated[int, Field(ge=1, le=65535)]
Tag = Annotated[int, Field(ge=0, le=4294967295)]
Paths = Annotated[int, Field(ge=1, le=32)]
Distance = Annotated[int, Field(ge=1, le=255)]
Interfaces = tuple[InterfaceName, ...]


class External(Value):
    """How routes from elsewhere are announced by OSPF; a `metric_type` of 2 is what IOS does by itself."""

    metric: Metric | None = None
    metric_type: Literal[1, 2] = 2
    route_map: Word | None = None


class DefaultRoute(External):
    """A default route that OSPF announces: where the device has one, or always."""

    always: bool = False


class DistributeList(Value):
    """A filter on routes that come in or go out: one of an access list, a prefix list and a route map.

    `at` narrows it to an interface, or on the way out to a source of routes.
    """

    direction: Literal["in", "out"]
    access_list: Word | None = None
    prefix_list: Word | None = None
    route_map: Word | None = None
    at: Annotated[str, AfterValidator(_out_of)] | None = None

    @model_validator(mode="after")
    def _by_one_list(self) -> "DistributeList":
        if sum(each is not None for each in (self.access_list, self.prefix_list, self.route_map)) != 1:
            raise InvalidValue("it names one of access_list, prefix_list and route_map", subject="distribute list")
        return self


class RoutingProcess(Setting):
    """What routing processes have in common: where they are silent, and what they filter.

    With `passive_default` a process is silent everywhere but on `active_interfaces`; without, on `passive_interfaces`.
    """

    passive_default: bool = False
    passive_interfaces: Interfaces = ()
    active_interfaces: Interfaces = ()
    distribute_lists: tuple[DistributeList, ...] = ()

    @model_validator(mode="after")
    def _silent_one_way(self) -> "RoutingProcess":
        if self.passive_default and self.passive_interfaces:
            raise InvalidValue("all interfaces are passive by default; name active_interfaces", subject="passive")
        if not self.passive_default and self.active_interfaces:
            raise InvalidValue("active_interfaces are for passive_default: true", subject="active_interfaces")
        ways = [(each.direction, each.at) for each in self.distribute_lists]
        if len(ways) != len(set(ways)):
            raise InvalidValue("one list filters each way and place", subject="distribute_lists")
        return self

    def check(self, device: "Device") -> None:
        """Refuse interfaces that the device does not have. Raises PortNotFound."""
        for name in (*self.passive_interfaces, *self.active_interfaces):
            if not has_interface(device, name):
                raise PortNotFound(
                    f"{self.identity} of {device.name} names {name}, which is no interface of it",
                    subject=f"{device.name} {self.identity}",
                )

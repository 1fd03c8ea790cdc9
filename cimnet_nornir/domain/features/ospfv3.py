"""OSPF for IPv6 (RFC 5340), in the two forms that IOS has for it."""

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import Word
from cimnet_nornir.domain.features.ipv6 import Ipv6Routing
from cimnet_nornir.domain.features.model import InterfaceSetting
from cimnet_nornir.domain.features.routing_parts import (
    Area,
    DefaultRoute,
    Distance,
    Metric,
    Paths,
    ProcessNumber,
    RouteSource,
    RoutingProcess,
    Seconds,
    Tag,
)
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, NotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device


class Ospfv3Area(Value):
    """An area that is a stub or not so stubby; `no_summary` makes it a totally stubby one."""

    area: Area
    kind: Literal["stub", "nssa"]
    no_summary: bool = False
    default_cost: Annotated[int, Field(ge=0, le=16777215)] | None = None


class Ospfv3Redistribution(Value):
    """Routes from elsewhere that OSPF announces."""

    source: RouteSource
    metric: Metric | None = None
    metric_type: Literal[1, 2] = 2
    tag: Tag | None = None
    route_map: Word | None = None


class Ospfv3Process(RoutingProcess):
    """An OSPF process for IPv6, `router ospfv3` with its address family."""

    FEATURE: ClassVar[str] = "ospfv3"
    KEY: ClassVar[tuple[str, ...]] = ("process",)
    OTHER: ClassVar[str] = "ipv6-ospf"

    process: ProcessNumber
    router_id: IPv4Address | None = None
    reference_bandwidth: Annotated[int, Field(ge=1, le=4294967)] | None = None
    areas: tuple[Ospfv3Area, ...] = ()
    redistribution: tuple[Ospfv3Redistribution, ...] = ()
    default_route: DefaultRoute | None = None
    maximum_paths: Paths | None = None
    distance: Distance | None = None

    @model_validator(mode="after")
    def _without_filters(self) -> "Ospfv3Process":
        if self.distribute_lists:
            raise InvalidValue("OSPF for IPv6 has no distribute lists here", subject="distribute_lists")
        if any(area.area == 0 for area in self.areas):
            raise InvalidValue("the backbone is neither a stub nor not so stubby", subject="areas")
        return self

    def check(self, device: "Device") -> None:
        """Refuse one without IPv6, and one that is there in the other form. Raises PortNotFound, RuleViolated."""
        super().check(device)
        if device.setting(Ipv6Routing.FEATURE) is None:
            raise RuleViolated(
                f"{self.identity} of {device.name} is for a device that routes IPv6; say {Ipv6Routing.FEATURE} too",
                subject=f"{device.name} {self.identity}",
            )
        if device.setting(self.OTHER, self.own_key) is not None:
            raise RuleViolated(
                f"OSPF {self.process} for IPv6 of {device.name} has one form: {self.FEATURE} or {self.OTHER}",
                subject=f"{device.name} {self.identity}",
            )


class Ipv6OspfProcess(Ospfv3Process):
    """An OSPF process for IPv6 in the old form, `ipv6 router ospf`."""

    FEATURE: ClassVar[str] = "ipv6-ospf"
    OTHER: ClassVar[str] = "ospfv3"


class Ospfv3Interface(InterfaceSetting):
    """OSPF for IPv6 on an interface, `ospfv3 1 ipv6 area 0`."""

    FEATURE: ClassVar[str] = "ospfv3-interface"
    PROCESS: ClassVar[str] = "ospfv3"

    process: ProcessNumber = 1
    area: Area
    cost: Annotated[int, Field(ge=1, le=65535)] | None = None
    network: Literal["point-to-point", "broadcast", "non-broadcast", "point-to-multipoint"] | None = None
    priority: Annotated[int, Field(ge=0, le=255)] | None = None
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    mtu_ignore: bool = False

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there, and an interface without IPv6. Raises RuleViolated, NotFound."""
        super().check(device)
        addressed = any(self.interface == getattr(each, "interface", "") for each in device.settings_of("ipv6-address"))
        if not addressed and device.setting("ipv6", self.interface) is None:
            raise RuleViolated(
                f"{device.name} {self.interface} has no IPv6; give it an address, or ipv6: {{enabled: true}}",
                subject=f"{device.name} {self.identity}",
            )
        if device.setting(self.PROCESS, str(self.process)) is None:
            raise NotFound(
                f"{device.name} {self.interface} runs {self.PROCESS} {self.process}, which {device.name} does not have",
                subject=f"{device.name} {self.identity}",
            )


class Ipv6OspfInterface(Ospfv3Interface):
    """OSPF for IPv6 on an interface in the old form, `ipv6 ospf 1 area 0`."""

    FEATURE: ClassVar[str] = "ipv6-ospf-interface"
    PROCESS: ClassVar[str] = "ipv6-ospf"

"""OSPF for IPv4 beyond its processes and the areas of interfaces (RFC 2328, RFC 3101)."""

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import Word
from cimnet_nornir.domain.features.model import InterfaceSetting, SecretReference, Setting
from cimnet_nornir.domain.features.routing_parts import (
    Area,
    DefaultRoute,
    Distance,
    External,
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

Milliseconds = Annotated[int, Field(ge=0, le=600000)]


def _require_process(device: "Device", setting: Setting, process: int) -> None:
    if process not in device.ospf:
        raise NotFound(
            f"{setting.identity} of {device.name} is said of OSPF {process}, which {device.name} does not have",
            subject=f"{device.name} {setting.identity}",
        )


class Throttle(Value):
    """How long OSPF waits: at first, then between one and the next, and at most; in milliseconds."""

    start: Milliseconds
    hold: Milliseconds
    maximum: Milliseconds


class StubRouter(Value):
    """Metrics that keep traffic away from the router (RFC 6987): for so many seconds after it starts, or always."""

    on_startup: Annotated[int, Field(ge=5, le=86400)] | Literal["wait-for-bgp"] | None = None
    include_stub: bool = False
    external_lsa: bool = False
    summary_lsa: bool = False


class OspfDistances(Value):
    """The administrative distance by the kind of route; IOS: 110 each."""

    external: Distance | None = None
    inter_area: Distance | None = None
    intra_area: Distance | None = None


class OspfSettings(RoutingProcess):
    """How an OSPF process behaves; what is left out is as IOS does it by itself.

    Interfaces that have OSPF of their own are silent as they say themselves.
    """

    FEATURE: ClassVar[str] = "ospf-process"
    KEY: ClassVar[tuple[str, ...]] = ("process",)

    process: ProcessNumber
    reference_bandwidth: Annotated[int, Field(ge=1, le=4294967)] | None = None
    adjacency_log: Literal["brief", "detail", "off"] = "brief"
    default_route: DefaultRoute | None = None
    default_metric: Annotated[int, Field(ge=1, le=16777214)] | None = None
    distance: Distance | None = None
    distances: OspfDistances | None = None
    maximum_paths: Paths | None = None
    throttle_spf: Throttle | None = None
    throttle_lsa: Throttle | None = None
    lsa_arrival: Milliseconds | None = None
    stub_router: StubRouter | None = None
    bfd: bool = False
    vrf_lite: bool = False

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there, and a default route that is told twice. Raises NotFound, RuleViolated."""
        _require_process(device, self, self.process)
        super().check(device)
        if self.default_route is not None and device.ospf[self.process].default_originate:
            raise RuleViolated(
                f"OSPF {self.process} of {device.name} says default_originate and default_route; keep one",
                subject=f"{device.name} {self.identity}",
            )


class OspfNetwork(Setting):
    """The interfaces whose addresses are in a network take part in OSPF, in this area."""

    FEATURE: ClassVar[str] = "ospf-network"
    KEY: ClassVar[tuple[str, ...]] = ("process", "network")

    process: ProcessNumber
    network: IPv4Network
    area: Area

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there. Raises NotFound."""
        _require_process(device, self, self.process)


class AreaRange(Value):
    """Networks of an area that other areas hear of as one, or not at all."""

    prefix: IPv4Network
    advertise: bool = True
    cost: Annotated[int, Field(ge=0, le=16777215)] | None = None


class MessageDigestKey(Value):
    """A key by which neighbours prove who they are; two of them let one be exchanged for the other."""

    number: Annotated[int, Field(ge=1, le=255)]
    secret: SecretReference


class VirtualLink(Value):
    """A way to the backbone across an area, to the router of that id, which may have to prove who it is."""

    router_id: IPv4Address
    hello_interval: Annotated[int, Field(ge=1, le=8192)] | None = None
    dead_interval: Annotated[int, Field(ge=1, le=8192)] | None = None
    authentication: Literal["simple", "message-digest", "null"] | None = None
    password: SecretReference | None = None
    message_digest_keys: tuple[MessageDigestKey, ...] = ()


class OspfArea(Setting):
    """What an area is: plain, a stub, or not so stubby; `no_summary` makes it a totally stubby one."""

    FEATURE: ClassVar[str] = "ospf-area"
    KEY: ClassVar[tuple[str, ...]] = ("process", "area")

    process: ProcessNumber
    area: Area
    kind: Literal["plain", "stub", "nssa"] = "plain"
    no_summary: bool = False
    no_redistribution: bool = False
    default_route: External | None = None
    default_cost: Annotated[int, Field(ge=0, le=16777215)] | None = None
    authentication: Literal["simple", "message-digest"] | None = None
    ranges: tuple[AreaRange, ...] = ()
    virtual_links: tuple[VirtualLink, ...] = ()
    prefix_list_in: Word | None = None
    prefix_list_out: Word | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "OspfArea":
        self._refuse(self.kind != "plain" and self.area == 0, "the backbone is neither a stub nor not so stubby")
        self._refuse(self.kind != "plain" and bool(self.virtual_links), "virtual links cross no stub")
        self._refuse(self.area == 0 and bool(self.virtual_links), "virtual links cross an area other than the backbone")
        self._refuse(self.kind == "plain" and self.no_summary, "no_summary is for kind: stub or nssa")
        self._refuse(self.kind == "plain" and self.default_cost is not None, "default_cost is for kind: stub or nssa")
        nssa = self.no_redistribution or self.default_route is not None
        self._refuse(self.kind != "nssa" and nssa, "no_redistribution and default_route are for kind: nssa")
        mapped = self.default_route is not None and self.default_route.route_map is not None
        self._refuse(mapped, "the default route of an area has no route map")
        return self

    def _refuse(self, wrong: bool, why: str) -> None:  # noqa: FBT001 - what is wrong stands before why
        if wrong:
            raise InvalidValue(f"area {self.area}: {why}", subject="area")

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there. Raises NotFound."""
        _require_process(device, self, self.process)


class OspfRedistribution(Setting):
    """Routes from elsewhere that OSPF announces; `subnets` are those that are no whole class A, B or C."""

    FEATURE: ClassVar[str] = "ospf-redistribution"
    KEY: ClassVar[tuple[str, ...]] = ("process", "source")

    process: ProcessNumber
    source: RouteSource
    metric: Metric | None = None
    metric_type: Literal[1, 2] = 2
    subnets: bool = True
    tag: Tag | None = None
    route_map: Word | None = None

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there, or that is the source itself. Raises NotFound, RuleViolated."""
        _require_process(device, self, self.process)
        if self.source == f"ospf {self.process}":
            raise RuleViolated(
                f"OSPF {self.process} of {device.name} cannot redistribute itself",
                subject=f"{device.name} {self.identity}",
            )


class OspfInterfaceSettings(InterfaceSetting):
    """OSPF on an interface beyond its area: `cost` and `network` for one that a network statement brings in."""

    FEATURE: ClassVar[str] = "ospf-interface"

    cost: Annotated[int, Field(ge=1, le=65535)] | None = None
    network: Literal["point-to-point", "broadcast", "non-broadcast", "point-to-multipoint"] | None = None
    priority: Annotated[int, Field(ge=0, le=255)] | None = None
    hello_interval: Seconds | None = None
    dead_interval: Seconds | None = None
    hello_multiplier: Annotated[int, Field(ge=3, le=20)] | None = None
    retransmit_interval: Seconds | None = None
    transmit_delay: Seconds | None = None
    authentication: Literal["simple", "message-digest", "null"] | None = None
    password: SecretReference | None = None
    message_digest_keys: tuple[MessageDigestKey, ...] = ()
    mtu_ignore: bool = False
    bfd: Literal["on", "off"] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "OspfInterfaceSettings":
        if self.hello_multiplier is not None and (self.dead_interval or self.hello_interval):
            raise InvalidValue(
                "hello_multiplier makes neighbours of a second; leave the intervals out", subject="hello_multiplier"
            )
        numbers = [key.number for key in self.message_digest_keys]
        if len(numbers) != len(set(numbers)):
            raise InvalidValue("each message digest key has a number of its own", subject="message_digest_keys")
        return self

    def check(self, device: "Device") -> None:
        """Refuse what the interface says of OSPF itself. Raises PortNotFound, RuleViolated."""
        super().check(device)
        routed = device.interfaces.get(self.interface)
        own = routed.ospf if routed is not None else None
        if own is not None and (
            (self.cost is not None and own.cost is not None) or (self.network is not None and own.point_to_point)
        ):
            raise RuleViolated(
                f"{device.name} {self.interface} says its cost or network in ospf already; keep one",
                subject=f"{device.name} {self.identity}",
            )

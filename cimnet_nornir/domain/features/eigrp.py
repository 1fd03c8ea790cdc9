"""EIGRP in classic mode beyond its networks (RFC 7868)."""

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import Word
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting
from cimnet_nornir.domain.features.routing_parts import Distance, Paths, RouteSource, RoutingProcess, Seconds, Tag
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, NotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

AsNumber = Annotated[int, Field(ge=1, le=65535)]
Weight = Annotated[int, Field(ge=0, le=255)]
StubWord = Literal["receive-only", "connected", "static", "summary", "redistributed"]


def _require_process(device: "Device", setting: Setting, as_number: int) -> None:
    if as_number not in device.eigrp:
        raise NotFound(
            f"{setting.identity} of {device.name} is said of EIGRP {as_number}, which {device.name} does not have",
            subject=f"{device.name} {setting.identity}",
        )


class MetricVector(Value):
    """The parts of a metric: bandwidth in kbit/s, delay in tens of microseconds, reliability, load, MTU."""

    bandwidth: Annotated[int, Field(ge=1, le=4294967295)]
    delay: Annotated[int, Field(ge=0, le=4294967295)]
    reliability: Weight = 255
    load: Annotated[int, Field(ge=1, le=255)] = 1
    mtu: Annotated[int, Field(ge=1, le=65535)] = 1500


class MetricWeights(Value):
    """What counts in a metric (the K values); all neighbours have the same. IOS: k1 and k3."""

    k1: Weight = 1
    k2: Weight = 0
    k3: Weight = 1
    k4: Weight = 0
    k5: Weight = 0


class EigrpSettings(RoutingProcess):
    """How an EIGRP process behaves; what is left out is as IOS does it by itself."""

    FEATURE: ClassVar[str] = "eigrp-process"
    KEY: ClassVar[tuple[str, ...]] = ("as_number",)

    as_number: AsNumber
    metric_weights: MetricWeights | None = None
    variance: Annotated[int, Field(ge=1, le=128)] | None = None
    maximum_paths: Paths | None = None
    default_metric: MetricVector | None = None
    internal_distance: Distance = 90
    external_distance: Distance = 170
    stub: tuple[StubWord, ...] = ()
    auto_summary: bool = False
    neighbor_log: bool = True
    warning_log: bool = True
    active_time: Annotated[int, Field(ge=1, le=65535)] | None = None
    bfd: bool = False

    @model_validator(mode="after")
    def _receives_only(self) -> "EigrpSettings":
        if "receive-only" in self.stub and len(self.stub) > 1:
            raise InvalidValue("a stub that only receives announces nothing; leave the other words out", subject="stub")
        if len(self.stub) != len(set(self.stub)):
            raise InvalidValue("each word of a stub stands once", subject="stub")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there, and one that is silent in two ways. Raises NotFound, RuleViolated."""
        _require_process(device, self, self.as_number)
        super().check(device)
        if self.passive_default and device.eigrp[self.as_number].passive_interfaces:
            raise RuleViolated(
                f"EIGRP {self.as_number} of {device.name} is passive by default; leave its passive interfaces out",
                subject=f"{device.name} {self.identity}",
            )


class EigrpRedistribution(Setting):
    """Routes from elsewhere that EIGRP announces."""

    FEATURE: ClassVar[str] = "eigrp-redistribution"
    KEY: ClassVar[tuple[str, ...]] = ("as_number", "source")

    as_number: AsNumber
    source: RouteSource
    metric: MetricVector | None = None
    tag: Tag | None = None
    route_map: Word | None = None

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there, or that is the source itself. Raises NotFound, RuleViolated."""
        _require_process(device, self, self.as_number)
        if self.source == f"eigrp {self.as_number}":
            raise RuleViolated(
                f"EIGRP {self.as_number} of {device.name} cannot redistribute itself",
                subject=f"{device.name} {self.identity}",
            )


class EigrpSummary(Value):
    """Networks that neighbours on an interface hear of as one."""

    prefix: IPv4Network
    distance: Distance | None = None
    leak_map: Word | None = None


class EigrpInterface(InterfaceSetting):
    """EIGRP on an interface: timers, summaries, and the chain of keys by which neighbours prove who they are."""

    FEATURE: ClassVar[str] = "eigrp-interface"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "as_number")

    as_number: AsNumber
    hello_interval: Seconds | None = None
    hold_time: Seconds | None = None
    bandwidth_percent: Annotated[int, Field(ge=1, le=999999)] | None = None
    key_chain: Word | None = None
    summaries: tuple[EigrpSummary, ...] = ()

    def check(self, device: "Device") -> None:
        """Refuse an interface or a process that is not there. Raises PortNotFound, NotFound."""
        super().check(device)
        _require_process(device, self, self.as_number)

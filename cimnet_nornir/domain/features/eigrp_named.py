"""EIGRP in named mode: a process by its name, in which families say what classic mode says of process and interface.

After the "Cisco IOS IP Routing: EIGRP Command Reference" (`router eigrp NAME`, `address-family`, `af-interface`).
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.eigrp import AsNumber, EigrpSummary, MetricVector, MetricWeights, StubWord
from cimnet_nornir.domain.features.fields import VrfName, Word
from cimnet_nornir.domain.features.model import Setting, has_interface
from cimnet_nornir.domain.features.policy_fields import UNIQUE
from cimnet_nornir.domain.features.routing_parts import Distance, DistributeList, Paths, RouteSource, Seconds, Tag
from cimnet_nornir.domain.interfaces import canonical_interface
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, PortNotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

EVERY = "default"


def _interface(value: str) -> str:
    return value if value == EVERY else canonical_interface(value)


class EigrpFamilyInterface(Value):
    """EIGRP on an interface of a family; what is said of "default" holds for all that say nothing else themselves."""

    interface: Annotated[str, AfterValidator(_interface)]
    passive: bool | None = None
    hello_interval: Seconds | None = None
    hold_time: Seconds | None = None
    bandwidth_percent: Annotated[int, Field(ge=1, le=999999)] | None = None
    key_chain: Word | None = None
    split_horizon: bool = True
    shutdown: bool = False
    summaries: tuple[EigrpSummary, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "EigrpFamilyInterface":
        if not self.model_dump(exclude={"interface"}, exclude_defaults=True):
            raise InvalidValue(f"nothing is said of {self.interface}; leave it out", subject="interface")
        return self


class EigrpNamedRedistribution(Value):
    """Routes from elsewhere that a family announces."""

    source: RouteSource
    metric: MetricVector | None = None
    tag: Tag | None = None
    route_map: Word | None = None


class EigrpFamily(Value):
    """The networks of one AS, perhaps in a VRF; what is left out is as IOS does it by itself."""

    as_number: AsNumber
    vrf: VrfName | None = None
    router_id: IPv4Address | None = None
    networks: Annotated[tuple[IPv4Network, ...], UNIQUE] = ()
    interfaces: tuple[EigrpFamilyInterface, ...] = ()
    metric_weights: MetricWeights | None = None
    stub: Annotated[tuple[StubWord, ...], UNIQUE] = ()
    neighbor_log: bool = True
    shutdown: bool = False
    variance: Annotated[int, Field(ge=1, le=128)] | None = None
    maximum_paths: Paths | None = None
    default_metric: MetricVector | None = None
    internal_distance: Distance = 90
    external_distance: Distance = 170
    distribute_lists: tuple[DistributeList, ...] = ()
    redistribution: tuple[EigrpNamedRedistribution, ...] = ()

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> "EigrpFamily":
        for what, names in (
            ("interfaces", [each.interface for each in self.interfaces]),
            ("redistribution", [each.source for each in self.redistribution]),
            ("distribute_lists", [(each.direction, each.at) for each in self.distribute_lists]),
        ):
            if len(names) != len(set(names)):
                raise InvalidValue(f"one of the {what} of AS {self.as_number} stands here twice", subject=what)
        if "receive-only" in self.stub and len(self.stub) > 1:
            raise InvalidValue("a stub that only receives announces nothing; leave the other words out", subject="stub")
        return self


class EigrpNamed(Setting):
    """An EIGRP process in named mode, with its families for IPv4."""

    FEATURE: ClassVar[str] = "eigrp-named"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[str, Field(pattern=r"^[A-Za-z][!->@-~]{0,31}$")]
    families: Annotated[tuple[EigrpFamily, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_family_a_table(self) -> "EigrpNamed":
        tables = [family.vrf for family in self.families]
        if len(tables) != len(set(tables)):
            raise InvalidValue("a process has one family for each VRF, and one without", subject="families")
        return self

    def check(self, device: "Device") -> None:
        """Refuse an AS that another process of the device has, and interfaces that are not there.

        Raises RuleViolated, PortNotFound.
        """
        others: Iterable[Setting] = device.settings_of(self.FEATURE)
        named = [each for each in others if isinstance(each, EigrpNamed) and each.name != self.name]
        taken = {(family.as_number, family.vrf) for each in named for family in each.families}
        taken |= {(number, None) for number in device.eigrp}
        where = f"{device.name} {self.identity}"
        for family in self.families:
            if (family.as_number, family.vrf) in taken:
                raise RuleViolated(f"{where}: another process has AS {family.as_number}", subject=where)
            for each in family.interfaces:
                if each.interface != EVERY and not has_interface(device, each.interface):
                    raise PortNotFound(f"{where} names {each.interface}, which is no interface of it", subject=where)

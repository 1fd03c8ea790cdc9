"""Quality of service by class: what traffic is of a class, and what a policy does with each class.

After the "Cisco IOS Quality of Service Solutions Command Reference" (`class-map`, `policy-map`).
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import Line
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.object_groups import refuse_loop
from cimnet_nornir.domain.features.policy_fields import UNIQUE
from cimnet_nornir.domain.features.qos_fields import Action, Match, QosName, Set
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

REST = "class-default"
# What is done with packets that are not dropped.
_DONE = ("set", "priority", "bandwidth", "shape", "police", "queue_limit", "fair_queue", "random_detect", "trust")
_CLASS_MATCH = "class-map "
_WHOLE = 100
Percent = Annotated[int, Field(ge=1, le=100)]
Kilobits = Annotated[int, Field(ge=1, le=100_000_000)]
Bits = Annotated[int, Field(ge=8000, le=100_000_000_000)]
Burst = Annotated[int, Field(ge=32, le=2_000_000_000)]


class ClassMap(Setting):
    """Packets of a class: those for which all matches hold, or any; what they match is written as IOS shows it."""

    FEATURE: ClassVar[str] = "class-map"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: QosName
    rule: Literal["all", "any"] = "all"
    description: Line | None = None
    match: Annotated[tuple[Match, ...], UNIQUE] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The classes that it is made of."""
        bare = (text.removeprefix("not ") for text in self.match)
        return tuple(text.removeprefix(_CLASS_MATCH) for text in bare if text.startswith(_CLASS_MATCH))

    @model_validator(mode="after")
    def _can_be_removed(self) -> "ClassMap":
        if self.name == REST:
            raise InvalidValue(f"{REST} is what no other class takes; it has no class map", subject="name")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a class within itself. Raises RuleViolated."""
        refuse_loop(device, self, self.needs)


class Share(Value):
    """What a class has at least when a link is full, in one of four ways."""

    kilobits: Kilobits | None = None
    percent: Percent | None = None
    remaining_percent: Percent | None = None
    remaining_ratio: Annotated[int, Field(ge=1, le=65536)] | None = None

    @property
    def unit(self) -> str:
        """In which way it is told."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Share":
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise InvalidValue("a class has its bandwidth in one way: kilobits, percent or a part of what remains")
        return self


class PriorityQueue(Value):
    """What goes out before all else: up to a rate when the link is full, where one is told."""

    level: Literal[1, 2] | None = None
    kilobits: Kilobits | None = None
    percent: Percent | None = None
    burst: Burst | None = None

    @model_validator(mode="after")
    def _says_one_rate(self) -> "PriorityQueue":
        if self.kilobits is not None and self.percent is not None:
            raise InvalidValue("a priority queue has kilobits or percent, not both", subject="percent")
        if self.burst is not None and self.kilobits is None and self.percent is None:
            raise InvalidValue("a burst goes with a rate", subject="burst")
        return self


class Shape(Value):
    """The rate to which a class is delayed; bursts in bits, as the device has them where they are left out."""

    kind: Literal["average", "peak"] = "average"
    bits: Bits | None = None
    percent: Percent | None = None
    burst: Burst | None = None
    excess: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _says_one_rate(self) -> "Shape":
        if (self.bits is None) == (self.percent is None):
            raise InvalidValue("a class is shaped to bits a second, or to percent of the link", subject="bits")
        if (self.excess is not None and self.burst is None) or (self.burst is not None and self.percent is not None):
            raise InvalidValue("excess goes with a burst, and a burst with bits", subject="burst")
        return self


class Police(Value):
    """The rate above which packets of a class are treated otherwise; bursts in bytes.

    `peak` makes it a policer of two rates: between both packets exceed, above it they violate.
    """

    bits: Bits | None = None
    percent: Percent | None = None
    burst: Burst | None = None
    peak: Bits | None = None
    excess: Burst | None = None
    conform: Action = "transmit"
    exceed: Action = "drop"
    violate: Action | None = None

    @model_validator(mode="after")
    def _says_one_rate(self) -> "Police":
        if (self.bits is None) == (self.percent is None):
            raise InvalidValue("a class is policed to bits a second, or to percent of the link", subject="bits")
        if self.percent is not None and (self.burst or self.peak or self.excess):
            raise InvalidValue("a policer by percent is told no bursts and no peak", subject="percent")
        if self.excess is not None and self.burst is None:
            raise InvalidValue("excess goes with a burst", subject="excess")
        if self.peak is not None and self.bits is not None and self.peak < self.bits:
            raise InvalidValue("the peak is at least the rate", subject="peak")
        return self


class PolicyClass(Value):
    """What a policy does with the packets of a class."""

    name: QosName
    set: Annotated[tuple[Set, ...], UNIQUE] = ()
    priority: PriorityQueue | None = None
    bandwidth: Share | None = None
    shape: Shape | None = None
    police: Police | None = None
    queue_limit: Annotated[int, Field(ge=1, le=32768)] | None = None
    fair_queue: bool = False
    random_detect: Literal["plain", "dscp-based", "precedence-based"] | None = None
    trust: Literal["cos", "dscp", "ip-precedence"] | None = None
    drop: bool = False
    service_policy: QosName | None = None

    @model_validator(mode="after")
    def _queues_in_one_way(self) -> "PolicyClass":
        if self.priority is not None and self.bandwidth is not None:
            raise InvalidValue(f"class {self.name} has priority or a bandwidth, not both", subject="bandwidth")
        if self.drop and (self.service_policy or any(getattr(self, name) for name in _DONE)):
            raise InvalidValue(f"class {self.name} is dropped, and nothing else", subject="drop")
        return self


def _by_name(value: tuple[PolicyClass, ...]) -> str:
    """What is wrong with the classes of a policy; empty where nothing is."""
    names = [each.name for each in value]
    if len(set(names)) < len(names):
        return "a class stands in it twice"
    if REST in names[:-1]:
        return f"{REST} is what the others leave, and stands last"
    if len({each.bandwidth.unit.split("_")[0] for each in value if each.bandwidth is not None}) > 1:
        return "its bandwidths are told in one way: all in kilobits, all in percent, or all of what remains"
    told = (share.percent or 0 for each in value for share in (each.bandwidth, each.priority) if share is not None)
    given = sum(told)
    return f"its classes have {given} percent of a link" if given > _WHOLE else ""


class PolicyMap(Setting):
    """What is done with each class of traffic; the first class that a packet is of decides."""

    FEATURE: ClassVar[str] = "policy-map"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: QosName
    description: Line | None = None
    classes: Annotated[tuple[PolicyClass, ...], Field(min_length=1)]

    @property
    def needs(self) -> tuple[str, ...]:
        """The policies that stand in its classes."""
        return tuple(each.service_policy for each in self.classes if each.service_policy is not None)

    @model_validator(mode="after")
    def _holds_together(self) -> "PolicyMap":
        wrong = _by_name(self.classes)
        if wrong:
            raise InvalidValue(f"policy {self.name}: {wrong}", subject="classes")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a policy within itself. Raises RuleViolated."""
        refuse_loop(device, self, self.needs)

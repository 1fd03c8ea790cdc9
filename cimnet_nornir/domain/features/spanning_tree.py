"""Spanning tree beyond its mode and its priorities: regions of MST, timers, guards, and what ports are told."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from cimnet_nornir.domain.features.switching import PortSetting, SwitchSetting
from cimnet_nornir.domain.values import BridgePriority, VlanId, VlanSet
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_STEP_OF_A_PORT = 16
Instance = Annotated[int, Field(ge=0, le=4094)]
Cost = Annotated[int, Field(ge=1, le=200_000_000)]
HelloTime = Annotated[int, Field(ge=1, le=10)]
ForwardTime = Annotated[int, Field(ge=4, le=30)]
MaxAge = Annotated[int, Field(ge=6, le=40)]


def _port_priority(value: int) -> int:
    if value % _STEP_OF_A_PORT:
        raise InvalidValue(f"the priority of a port is a multiple of 16 from 0 to 240, not {value}", subject="priority")
    return value


PortPriority = Annotated[int, Field(ge=0, le=240), AfterValidator(_port_priority)]


def _apart(value: dict[int, VlanSet]) -> dict[int, VlanSet]:
    """A VLAN is in one instance; those that no instance has are in instance 0."""
    seen: dict[int, int] = {}
    for instance, vlans in value.items():
        if not instance or not vlans:
            raise InvalidValue("an instance has a number from 1 and at least one VLAN", subject="instances")
        for vlan in vlans:
            if seen.setdefault(vlan, instance) != instance:
                raise InvalidValue(f"VLAN {vlan} is in the instances {seen[vlan]} and {instance}", subject="instances")
    return dict(sorted(value.items()))


class SpanningTreeOptions(SwitchSetting):
    """Spanning tree of the whole switch; what is left out is as every switch has it."""

    FEATURE: ClassVar[str] = "spanning-tree"

    extend_system_id: bool = False
    loopguard_default: bool = False
    portfast_default: bool = False
    bpduguard_default: bool = False
    bpdufilter_default: bool = False
    misconfiguration_guard: bool = True
    long_path_costs: bool = False
    uplinkfast: bool = False
    backbonefast: bool = False
    logging: bool = False
    hold_count: Annotated[int, Field(ge=1, le=20)] | None = None
    off: VlanSet = frozenset()


class SpanningTreeTimers(SwitchSetting):
    """The timers of a VLAN's tree where they are not the usual ones."""

    FEATURE: ClassVar[str] = "spanning-tree-timers"
    KEY: ClassVar[tuple[str, ...]] = ("vlan",)

    vlan: VlanId
    hello_time: HelloTime | None = None
    forward_time: ForwardTime | None = None
    max_age: MaxAge | None = None


class Mst(SwitchSetting):
    """The region of multiple spanning tree that a switch is in, and what it is told of its instances."""

    FEATURE: ClassVar[str] = "mst"

    name: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[!-~]+$")] | None = None
    revision: Annotated[int, Field(ge=0, le=65535)] = 0
    instances: Annotated[dict[Instance, VlanSet], AfterValidator(_apart)] = Field(default_factory=dict)
    priorities: dict[Instance, BridgePriority] = Field(default_factory=dict)
    hello_time: HelloTime | None = None
    forward_time: ForwardTime | None = None
    max_age: MaxAge | None = None
    max_hops: Annotated[int, Field(ge=1, le=255)] | None = None


class PortSpanningTree(PortSetting):
    """Spanning tree of a port. `portfast` is for a kind that does not follow from the port's mode."""

    FEATURE: ClassVar[str] = "spanning-tree-port"

    portfast: Literal["edge", "trunk", "network", "disable"] | None = None
    bpduguard_disabled: bool = False
    bpdufilter: Literal["enable", "disable"] | None = None
    guard: Literal["root", "loop", "none"] | None = None
    link_type: Literal["point-to-point", "shared"] | None = None
    cost: Cost | None = None
    port_priority: PortPriority | None = None
    vlan_costs: dict[VlanId, Cost] = Field(default_factory=dict)
    vlan_priorities: dict[VlanId, PortPriority] = Field(default_factory=dict)
    instance_costs: dict[Instance, Cost] = Field(default_factory=dict)
    instance_priorities: dict[Instance, PortPriority] = Field(default_factory=dict)

    def check(self, device: "Device") -> None:
        """Refuse what the base of the port says otherwise. Raises PortNotFound, RuleViolated."""
        super().check(device)
        port = device.switch_ports.get(self.interface)
        if port is None:
            return
        twice = [
            name
            for name, said, here in (
                ("portfast", port.portfast, self.portfast is not None),
                ("bpduguard", port.bpduguard, self.bpduguard_disabled),
            )
            if said and here
        ]
        if twice:
            raise RuleViolated(
                f"{device.name} {self.interface}: {twice[0]} is said of the port itself; leave it out of one of them",
                subject=f"{device.name} {self.interface}",
            )

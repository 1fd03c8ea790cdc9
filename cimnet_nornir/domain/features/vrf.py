"""VRFs: routing tables beside the global one, and the interfaces that are in them."""

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import VrfName, Word
from cimnet_nornir.domain.features.interfaces import Layer3Setting, refuse
from cimnet_nornir.domain.features.ipv6 import Ipv6, Ipv6Address
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.values import Description, Value
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

# RFC 4364: an AS number or an address, and a number.
_DISTINGUISHER = re.compile(r"(?:\d{1,10}|\d{1,5}\.\d{1,5}|\d{1,3}(?:\.\d{1,3}){3}):\d{1,10}")
Family = Literal["ipv4", "ipv6"]
Form = Literal["vrf definition", "ip vrf"]


def _distinguisher(value: str) -> str:
    if not _DISTINGUISHER.fullmatch(value):
        raise InvalidValue(f"{value!r} is no route distinguisher or target; write it like 65000:1", subject="vrf")
    return value


def _ordered(value: tuple[str, ...]) -> tuple[str, ...]:
    """Targets mean the same in any order."""
    return tuple(sorted(set(value)))


Distinguisher = Annotated[str, AfterValidator(_distinguisher)]
Targets = Annotated[tuple[Distinguisher, ...], AfterValidator(_ordered)]


class Leak(Value):
    """Routes that pass between the VRF and the global table: those that a route map lets through, at most `limit`."""

    map: Word
    limit: Annotated[int, Field(ge=1, le=2147483647)] | None = None
    kind: Literal["unicast", "multicast"] = "unicast"


class Exchange(Value):
    """What a VRF, or one of its families, takes from and gives to others, by targets and route maps."""

    import_targets: Targets = ()
    export_targets: Targets = ()
    import_map: Word | None = None
    export_map: Word | None = None
    import_global: Leak | None = None
    export_global: Leak | None = None


class VrfDefinition(Exchange, Setting):
    """A VRF by its name. `families` are those that it carries: its interfaces have no addresses of others.

    With the form "ip vrf" it is defined in the old way, for IPv4 alone.
    """

    FEATURE: ClassVar[str] = "vrf-definition"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: VrfName
    form: Form = "vrf definition"
    description: Description | None = None
    rd: Distinguisher | None = None
    families: dict[Family, Exchange | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _as_its_form_has_it(self) -> "VrfDefinition":
        if self.form == "ip vrf" and self.families:
            raise InvalidValue("a VRF of the old form has no families", subject="families")
        by_map = (self.import_map, self.export_map, self.import_global, self.export_global)
        if self.form == "vrf definition" and any(by_map):
            raise InvalidValue("maps belong to a family", subject="families")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a route distinguisher that another VRF has, as IOS does. Raises RuleViolated."""
        others = (item for item in device.settings_of(self.FEATURE) if isinstance(item, VrfDefinition))
        same = [item.name for item in others if item.name != self.name and item.rd == self.rd]
        if self.rd is not None and same:
            raise RuleViolated(
                f"{device.name} has the route distinguisher {self.rd} in VRF {same[0]} too; each needs its own",
                subject=f"{device.name} {self.identity}",
            )


class Vrf(Layer3Setting):
    """The VRF that an interface is in."""

    FEATURE: ClassVar[str] = "vrf"

    name: VrfName
    form: Form = "vrf definition"

    def check(self, device: "Device") -> None:
        """Refuse a VRF that is not there, is of the other form or does not carry what the interface speaks."""
        super().check(device)
        found = device.setting(VrfDefinition.FEATURE, self.name)
        if not isinstance(found, VrfDefinition):
            refuse(device, self, f"{self.name} is not defined on the device (vrf-definition)")
            return
        if found.form != self.form:
            refuse(device, self, f"{self.name} is defined by {found.form!r}; give it that form")
        carried = {"ipv4"} if self.form == "ip vrf" else set(found.families)
        if device.interfaces[self.interface].addresses and "ipv4" not in carried:
            refuse(device, self, f"{self.name} does not carry IPv4, which the interface has an address of")
        if "ipv6" not in carried and _speaks_ipv6(device, self.interface):
            refuse(device, self, f"{self.name} does not carry IPv6, which the interface speaks")


def _speaks_ipv6(device: "Device", interface: str) -> bool:
    told = device.setting(Ipv6.FEATURE, interface)
    by_itself = isinstance(told, Ipv6) and (told.enabled or told.autoconfig or told.dhcp or told.link_local is not None)
    addresses = device.settings_of(Ipv6Address.FEATURE)
    return by_itself or any(isinstance(item, Ipv6Address) and item.interface == interface for item in addresses)

"""VRRP in its third version (RFC 5798): groups of an interface for IPv4 or IPv6, each a section of its own."""

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.first_hop import Delay, Tracked
from cimnet_nornir.domain.features.interfaces import Layer3Setting, refuse
from cimnet_nornir.domain.features.services import GlobalOption
from cimnet_nornir.domain.values import Description
from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_VERSION = "fhrp version vrrp"
Address = IPv4Address | IPv6Address


class VrrpV3(Layer3Setting):
    """A VRRP group of version 3. It preempts unless told not to; `advertise` is in milliseconds.

    With `version_2` it speaks version 2 as well, to routers that know no other. The device has the global option
    "fhrp version vrrp" with the value v3.
    """

    FEATURE: ClassVar[str] = "vrrp-v3"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "group", "family")

    group: Annotated[int, Field(ge=1, le=255)]
    family: Literal["ipv4", "ipv6"] = "ipv4"
    address: Address
    secondary: tuple[Address, ...] = ()
    description: Description | None = None
    priority: Annotated[int, Field(ge=1, le=254)] = 100
    preempt: bool = True
    preempt_delay_minimum: Delay | None = None
    advertise: Annotated[int, Field(ge=100, le=40950)] = 1000
    match_address: bool = True
    version_2: bool = False
    track: tuple[Tracked, ...] = ()
    shutdown: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "VrrpV3":
        if any(f"ipv{each.version}" != self.family for each in (self.address, *self.secondary)):
            raise InvalidValue(f"a group of {self.family} has addresses of {self.family} alone", subject="address")
        if not self.preempt and self.preempt_delay_minimum is not None:
            raise InvalidValue("a delay of preempting needs preempt", subject="preempt")
        if self.version_2 and self.family == "ipv6":
            raise InvalidValue("version 2 knows no IPv6", subject="version_2")
        if any(isinstance(item.object, str) for item in self.track):
            raise InvalidValue("VRRP tracks objects by their numbers", subject="track")
        return self

    def check(self, device: "Device") -> None:
        """Refuse it on a device that speaks version 2. Raises PortNotFound, RuleViolated."""
        super().check(device)
        option = device.setting(GlobalOption.FEATURE, _VERSION)
        if not isinstance(option, GlobalOption) or option.value != "v3":
            refuse(device, self, f"{self.group}: version 3 needs the global option {_VERSION!r} with the value v3")

"""First-hop redundancy: groups of routers that share an address, by HSRP or VRRP."""

import re
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Word, as_text
from cimnet_nornir.domain.features.interfaces import Layer3Setting, refuse
from cimnet_nornir.domain.features.model import SecretReference
from cimnet_nornir.domain.values import Description, Value
from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_HIGHEST_OF_VERSION_1 = 255
_INTERVAL = re.compile(r"(?:msec )?\d{1,5}")


def _interval(value: str) -> str:
    if not _INTERVAL.fullmatch(value):
        raise InvalidValue(f"{value!r} is no time; write seconds, or msec 250", subject="timers")
    return value


Interval = Annotated[str, BeforeValidator(as_text), AfterValidator(_interval)]
"""A time in seconds ("3"), or in milliseconds ("msec 250")."""
Priority = Annotated[int, Field(ge=0, le=255)]
Delay = Annotated[int, Field(ge=0, le=3600)]


class Tracked(Value):
    """An object (`track N`) or interface whose fall takes from the priority, or shuts the group down."""

    object: Annotated[int, Field(ge=1, le=1000)] | InterfaceName
    decrement: Annotated[int, Field(ge=1, le=255)] = 10
    shutdown: bool = False

    @model_validator(mode="after")
    def _one_effect(self) -> "Tracked":
        if self.shutdown and (self.decrement != type(self).model_fields["decrement"].default or self._is_interface):
            raise InvalidValue(
                "what shuts a group down is an object, and takes nothing from the priority", subject="track"
            )
        return self

    @property
    def _is_interface(self) -> bool:
        return isinstance(self.object, str)


class Authentication(Value):
    """By what the routers of a group know each other: a word in clear text, a key of MD5, or a chain of such keys."""

    text: SecretReference | None = None
    md5: SecretReference | None = None
    key_chain: Word | None = None
    timeout: Annotated[int, Field(ge=1, le=32767)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Authentication":
        if sum(way is not None for way in (self.text, self.md5, self.key_chain)) != 1:
            raise InvalidValue(
                "a group is authenticated by text, md5 or key_chain: one of them", subject="authentication"
            )
        if self.timeout is not None and self.md5 is None:
            raise InvalidValue("a timeout belongs to a key of MD5", subject="authentication")
        return self


class HsrpInterface(Layer3Setting):
    """What holds for all HSRP groups of an interface: the version, and how long it waits when it comes up (seconds)."""

    FEATURE: ClassVar[str] = "hsrp-interface"

    version: Literal[1, 2] = 1
    delay_minimum: Annotated[int, Field(ge=0, le=10000)] | None = None
    delay_reload: Annotated[int, Field(ge=0, le=10000)] | None = None
    use_bia: bool = False
    bfd: bool = False

    @model_validator(mode="after")
    def _whole_delay(self) -> "HsrpInterface":
        if self.delay_reload is not None and self.delay_minimum is None:
            raise InvalidValue("a delay after a reload needs the minimum too", subject="delay_reload")
        return self


class Hsrp(Layer3Setting):
    """An HSRP group of an interface. Without `address` the router learns it from the others.

    `preempt` with its delays, in seconds: it takes over from a router of a lower priority.
    """

    FEATURE: ClassVar[str] = "hsrp"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "group")

    group: Annotated[int, Field(ge=0, le=4095)]
    address: IPv4Address | Literal["learned"] | None = None
    secondary: tuple[IPv4Address, ...] = ()
    ipv6: tuple[Word, ...] = ()
    priority: Priority = 100
    preempt: bool = False
    preempt_delay_minimum: Delay | None = None
    preempt_delay_reload: Delay | None = None
    preempt_delay_sync: Delay | None = None
    hello: Interval | None = None
    hold: Interval | None = None
    authentication: Authentication | None = None
    name: Word | None = None
    track: tuple[Tracked, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Hsrp":
        delays = (self.preempt_delay_minimum, self.preempt_delay_reload, self.preempt_delay_sync)
        if not self.preempt and any(delay is not None for delay in delays):
            raise InvalidValue("a delay of preempting needs preempt", subject="preempt")
        if (self.hello is None) != (self.hold is None):
            raise InvalidValue("timers are a hello time and a hold time", subject="hello")
        if self.secondary and self.address is None:
            raise InvalidValue("secondary addresses need a first one", subject="secondary")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a group that the version does not have. Raises PortNotFound, RuleViolated."""
        super().check(device)
        told = device.setting(HsrpInterface.FEATURE, self.interface)
        version = told.version if isinstance(told, HsrpInterface) else 1
        if version == 1 and self.group > _HIGHEST_OF_VERSION_1:
            refuse(device, self, f"{self.group}: groups above 255 need version 2 (hsrp-interface)")
        if version == 1 and self.ipv6:
            refuse(device, self, f"{self.group}: IPv6 needs version 2 (hsrp-interface)")


class Vrrp(Layer3Setting):
    """A VRRP group of an interface. It preempts unless told not to; `advertise` is how often the master speaks."""

    FEATURE: ClassVar[str] = "vrrp"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "group")

    group: Annotated[int, Field(ge=1, le=255)]
    description: Description | None = None
    address: IPv4Address | None = None
    secondary: tuple[IPv4Address, ...] = ()
    priority: Annotated[int, Field(ge=1, le=254)] = 100
    preempt: bool = True
    preempt_delay_minimum: Delay | None = None
    advertise: Interval | None = None
    learn: bool = False
    authentication: Authentication | None = None
    track: tuple[Tracked, ...] = ()
    shutdown: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "Vrrp":
        if not self.preempt and self.preempt_delay_minimum is not None:
            raise InvalidValue("a delay of preempting needs preempt", subject="preempt")
        if self.learn and self.advertise is not None:
            raise InvalidValue("the time is told or learned from the master", subject="advertise")
        if any(item.shutdown or isinstance(item.object, str) for item in self.track):
            raise InvalidValue("VRRP tracks objects, which take from the priority", subject="track")
        return self

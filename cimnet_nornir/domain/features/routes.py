"""Static routes beyond those of the base: by an interface, to nowhere, watched, of a VRF, for IPv6."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import VrfName, Word
from cimnet_nornir.domain.features.model import Setting, has_interface
from cimnet_nornir.domain.features.routing_parts import Distance
from cimnet_nornir.domain.features.vrf import VrfDefinition
from cimnet_nornir.domain.interfaces import canonical_interface
from cimnet_nornir.domain.tables import vrf_of
from cimnet_nornir.errors import AlreadyExists, InvalidValue, NotFound, PortNotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

NOWHERE = "Null0"


def _parts(value: str) -> tuple[str, str]:
    """The interface and the address of a way; one of them may be empty."""
    words = value.split()
    if len(words) == 1:
        return ("", words[0]) if words[0][:1].isdigit() or ":" in words[0] else (words[0], "")
    return " ".join(words[:-1]), words[-1]


def _via(value: str, kind: type[IPv4Address] | type[IPv6Address]) -> str:
    interface, address = _parts(value)
    try:
        words = [canonical_interface(interface)] if interface else []
        words += [str(kind(address))] if address else []
    except ValueError:
        words = []
    if not words or (words[0] == NOWHERE and len(words) > 1):
        raise InvalidValue(
            f"{value!r} is no way: an address, an interface, both (GigabitEthernet0/0 192.0.2.1), or Null0",
            subject="via",
        )
    return " ".join(words)


def _via_4(value: str) -> str:
    return _via(value, IPv4Address)


def _via_6(value: str) -> str:
    return _via(value, IPv6Address)


class _Route(Setting):
    """What static routes have in common: `distance` is the administrative one (IOS: 1), `track` what must be up."""

    vrf: VrfName | None = None
    distance: Distance = 1
    name: Word | None = None
    tag: Annotated[int, Field(ge=1, le=4294967295)] | None = None
    track: Annotated[int, Field(ge=1, le=1000)] | None = None
    permanent: bool = False
    via: str

    @model_validator(mode="after")
    def _permanent_or_watched(self) -> "_Route":
        if self.permanent and self.track is not None:
            raise InvalidValue("a route that is watched is not permanent; keep one", subject="track")
        return self

    @property
    def interface(self) -> str:
        """The interface that it leaves by; empty where it has only a next hop."""
        return _parts(self.via)[0]

    @property
    def next_hop(self) -> str:
        """The address that it leads to; empty where it has only an interface."""
        return _parts(self.via)[1]

    def check(self, device: "Device") -> None:
        """Refuse an interface or a VRF that is not there. Raises PortNotFound, NotFound."""
        if self.vrf is not None and device.setting(VrfDefinition.FEATURE, self.vrf) is None:
            raise NotFound(
                f"{self.identity} of {device.name} is in the VRF {self.vrf}, which {device.name} does not have",
                subject=f"{device.name} {self.identity}",
            )
        if self.interface and self.interface != NOWHERE and not has_interface(device, self.interface):
            raise PortNotFound(
                f"{self.identity} of {device.name} leaves by {self.interface}, which is no interface of it",
                subject=f"{device.name} {self.identity}",
            )


def _refuse_own(device: "Device", route: "StaticRouteSetting") -> None:
    """IOS refuses a route via itself ("%Invalid next hop address (it's this router)")."""
    for name, item in device.interfaces.items():
        here = vrf_of(device, name) == (route.vrf or "")
        if here and any(str(address.ip) == route.next_hop for address in item.addresses):
            raise RuleViolated(
                f"the next hop {route.next_hop} of {route.prefix} is {device.name} {name} itself",
                subject=f"{device.name} {route.identity}",
            )


class StaticRouteSetting(_Route):
    """A static route: `via` is a next hop, an interface, both, or Null0 for nowhere."""

    FEATURE: ClassVar[str] = "static-route"
    KEY: ClassVar[tuple[str, ...]] = ("vrf", "prefix", "via")

    prefix: IPv4Network
    via: Annotated[str, AfterValidator(_via_4)]

    def check(self, device: "Device") -> None:
        """Refuse a route that is there already, or leads to the device itself. Raises AlreadyExists, RuleViolated."""
        super().check(device)
        _refuse_own(device, self)
        for route in device.routes if self.vrf is None else ():
            if (route.prefix, str(route.next_hop)) == (self.prefix, self.via):
                raise AlreadyExists(
                    f"{device.name} has a route to {self.prefix} via {self.via} already; keep one",
                    subject=f"{device.name} {self.identity}",
                )


class Ipv6StaticRoute(_Route):
    """A static route for IPv6: `via` is a next hop, an interface, both, or Null0 for nowhere."""

    FEATURE: ClassVar[str] = "ipv6-static-route"
    KEY: ClassVar[tuple[str, ...]] = ("vrf", "prefix", "via")

    prefix: IPv6Network
    via: Annotated[str, AfterValidator(_via_6)]
    permanent: Literal[False] = False

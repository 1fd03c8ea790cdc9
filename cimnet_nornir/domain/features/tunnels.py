"""Tunnels: packets inside packets, from one address to another."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import Server, VrfName, Word
from cimnet_nornir.domain.features.interfaces import Layer3Setting, refuse
from cimnet_nornir.domain.features.model import has_interface
from cimnet_nornir.domain.interfaces import canonical_interface, interface_type, is_interface
from cimnet_nornir.errors import InvalidValue, PortNotFound

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

Mode = Literal[
    "gre ip", "gre ipv6", "gre multipoint", "ipip", "ipv6", "ipv6ip", "ipv6ip 6to4", "ipsec ipv4", "ipsec ipv6"
]


class Tunnel(Layer3Setting):
    """Where a tunnel begins (an interface or an address) and ends, and how it packs.

    `keepalive` is in seconds, and `retries` says how many may be lost.
    """

    FEATURE: ClassVar[str] = "tunnel"

    source: Server | None = None
    destination: Server | None = None
    mode: Mode = "gre ip"
    key: Annotated[int, Field(ge=0, le=4294967295)] | None = None
    keepalive: Annotated[int, Field(ge=1, le=32767)] | None = None
    retries: Annotated[int, Field(ge=1, le=255)] = 3
    checksum: bool = False
    path_mtu_discovery: bool = False
    ttl: Annotated[int, Field(ge=1, le=255)] | None = None
    vrf: VrfName | None = None
    ipsec_profile: Word | None = None

    @model_validator(mode="after")
    def _one_end(self) -> "Tunnel":
        if self.mode == "gre multipoint" and self.destination is not None:
            raise InvalidValue("a multipoint tunnel has no one destination", subject="destination")
        if self.source is not None and is_interface(self.source):
            # The one form of the name, whatever form it was written in.
            object.__setattr__(self, "source", canonical_interface(self.source))
        return self

    def check(self, device: "Device") -> None:
        """Refuse what is no tunnel, and a source that is not there. Raises PortNotFound, RuleViolated."""
        super().check(device)
        if interface_type(self.interface) != "Tunnel":
            refuse(device, self, "is said of tunnels")
        if self.source is not None and is_interface(self.source) and not has_interface(device, self.source):
            raise PortNotFound(
                f"{device.name} {self.interface} begins at {self.source}, which is not there",
                subject=f"{device.name} {self.interface}",
            )

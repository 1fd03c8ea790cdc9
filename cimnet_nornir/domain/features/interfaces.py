"""What an interface is told beyond its base: its hardware, sizes and timers, tags, IPv4, policies."""

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, VrfName, Word
from cimnet_nornir.domain.features.model import InterfaceSetting, has_interface
from cimnet_nornir.domain.interfaces import is_logical
from cimnet_nornir.domain.values import VlanId
from cimnet_nornir.errors import InvalidValue, PortNotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

Bytes = Annotated[int, Field(ge=64, le=9216)]
Direction = Literal["input", "output"]


def refuse(device: "Device", setting: InterfaceSetting, why: str) -> None:
    """Raise RuleViolated, naming the interface and the feature."""
    name = setting.interface
    raise RuleViolated(f"{device.name} {name}: {setting.FEATURE} {why}", subject=f"{device.name} {name}")


class Layer3Setting(InterfaceSetting):
    """A setting of an interface that routes."""

    def check(self, device: "Device") -> None:
        """Refuse an interface that is not there or that switches. Raises PortNotFound, RuleViolated."""
        super().check(device)
        if self.interface not in device.interfaces:
            refuse(device, self, "is said of interfaces that route; configure it as one")


# --- hardware ---------------------------------------------------------------------------------------------------------


class Ethernet(InterfaceSetting):
    """How a port speaks: its rate in Mbit/s, duplex, whether it negotiates, and which of its media it uses."""

    FEATURE: ClassVar[str] = "ethernet"

    speed: Literal[10, 100, 1000, 2500, 5000, 10000, "auto"] | None = None
    duplex: Literal["auto", "full", "half"] | None = None
    negotiation: bool | None = None
    media_type: Literal["rj45", "sfp", "gbic", "auto-select"] | None = None

    def check(self, device: "Device") -> None:
        """Refuse an interface that is no port. Raises PortNotFound, RuleViolated."""
        super().check(device)
        if is_logical(self.interface) and not self.interface.startswith("Port-channel"):
            refuse(device, self, "is said of ports of the hardware")


class Mtu(InterfaceSetting):
    """The longest frame of an interface, its longest packets, and the longest TCP segment that is agreed on through it.

    All are in bytes.
    """

    FEATURE: ClassVar[str] = "mtu"

    bytes: Bytes | None = None
    ip: Annotated[int, Field(ge=68, le=9216)] | None = None
    ipv6: Annotated[int, Field(ge=1280, le=9216)] | None = None
    tcp_mss: Annotated[int, Field(ge=500, le=9176)] | None = None


class Bandwidth(InterfaceSetting):
    """What routing protocols take an interface to be: kilobits a second, and its delay in tens of microseconds."""

    FEATURE: ClassVar[str] = "bandwidth"

    kilobits: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    delay: Annotated[int, Field(ge=1, le=16_777_215)] | None = None


class InterfaceTimers(InterfaceSetting):
    """Over how long an interface averages its load, waits before it tells that its carrier changed, and probes.

    All are in seconds but for `carrier_delay_msec`; `keepalive` 0 means that it sends no probes.
    """

    FEATURE: ClassVar[str] = "interface-timers"

    load_interval: Annotated[int, Field(ge=30, le=600, multiple_of=30)] | None = None
    carrier_delay: Annotated[int, Field(ge=0, le=60)] | None = None
    carrier_delay_msec: Annotated[int, Field(ge=0, le=1000)] | None = None
    keepalive: Annotated[int, Field(ge=0, le=32767)] | None = None

    @model_validator(mode="after")
    def _one_delay(self) -> "InterfaceTimers":
        if self.carrier_delay is not None and self.carrier_delay_msec is not None:
            raise InvalidValue("a carrier delay is in seconds or in milliseconds", subject="carrier_delay")
        return self


class Dot1q(InterfaceSetting):
    """How a sub-interface is tagged where that is not by its number: another VLAN, untagged, or two tags.

    A sub-interface without a VLAN carries nothing yet.
    """

    FEATURE: ClassVar[str] = "dot1q"

    vlan: VlanId | None = None
    native: bool = False
    second: VlanId | None = None

    @model_validator(mode="after")
    def _needs_a_vlan(self) -> "Dot1q":
        if self.vlan is None and (self.native or self.second is not None):
            raise InvalidValue("native and a second tag belong to a VLAN; name it", subject="vlan")
        return self

    def check(self, device: "Device") -> None:
        """Refuse what is no sub-interface, and a VLAN that another one of its port has."""
        super().check(device)
        if "." not in self.interface:
            refuse(device, self, "is said of sub-interfaces")
        parent = self.interface.partition(".")[0]
        for name in device.sub_interfaces(parent):
            if name != self.interface and self.vlan is not None and tags_of(device, name) == (self.vlan, self.second):
                refuse(device, self, f"{self.vlan} is that of {name} already")


def tags_of(device: "Device", name: str) -> tuple[int | None, int | None]:
    """The VLAN and the inner one that a sub-interface is tagged with."""
    setting = device.setting(Dot1q.FEATURE, name)
    if isinstance(setting, Dot1q):
        return setting.vlan, setting.second
    return int(name.rpartition(".")[2]), None


def tagged_at(device: "Device", port: str) -> dict[int, str]:
    """The sub-interfaces of a port by the VLAN that they are tagged with on it."""
    tags = ((tags_of(device, name)[0], name) for name in device.sub_interfaces(port))
    return {vlan: name for vlan, name in tags if vlan is not None}


# --- IPv4 -------------------------------------------------------------------------------------------------------------


class IpOptions(Layer3Setting):
    """What an interface does with packets of IPv4 that are not just to be passed on."""

    FEATURE: ClassVar[str] = "ip-options"

    proxy_arp: bool = True
    redirects: bool = True
    unreachables: bool = True
    directed_broadcast: bool = False


class VerifyUnicast(Layer3Setting):
    """Packets are taken in only where the way back to their source leads: by this interface (`rx`) or by `any`."""

    FEATURE: ClassVar[str] = "verify-unicast"

    reachable_via: Literal["rx", "any"] = "rx"
    allow_default: bool = False
    allow_self_ping: bool = False
    access_list: Word | None = None


class HelperAddress(Layer3Setting):
    """A server that broadcasts of an interface (DHCP above all) are passed on to."""

    FEATURE: ClassVar[str] = "helper-address"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "address")

    address: IPv4Address
    vrf: VrfName | None = None


class DhcpClient(Layer3Setting):
    """The interface gets its address by DHCP."""

    FEATURE: ClassVar[str] = "dhcp-client"

    client_id: InterfaceName | None = None
    hostname: Word | None = None

    def check(self, device: "Device") -> None:
        """Refuse it beside addresses. Raises PortNotFound, RuleViolated."""
        super().check(device)
        _refuse_addresses(device, self)


class Unnumbered(Layer3Setting):
    """The interface has no address of its own and uses that of another."""

    FEATURE: ClassVar[str] = "unnumbered"

    address_of: InterfaceName

    def check(self, device: "Device") -> None:
        """Refuse it beside addresses, and an interface that is not there. Raises PortNotFound, RuleViolated."""
        super().check(device)
        _refuse_addresses(device, self)
        if not has_interface(device, self.address_of):
            raise PortNotFound(
                f"{device.name} {self.interface} uses the address of {self.address_of}, which is not there",
                subject=f"{device.name} {self.interface}",
            )
        if self.address_of == self.interface:
            refuse(device, self, "is about the address of another interface")


def _refuse_addresses(device: "Device", setting: InterfaceSetting) -> None:
    if device.interfaces[setting.interface].addresses:
        refuse(device, setting, "takes the place of addresses; it has one of its own")


class AccessGroup(InterfaceSetting):
    """An access list for what comes in or goes out, where the base does not know the list."""

    FEATURE: ClassVar[str] = "access-group"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "direction")

    direction: Literal["in", "out"]
    access_list: Word

    def check(self, device: "Device") -> None:
        """Refuse it where the base of the interface has one. Raises PortNotFound, RuleViolated."""
        super().check(device)
        routed = device.interfaces.get(self.interface)
        base = getattr(routed, f"access_group_{self.direction}", None)
        if base is not None:
            refuse(device, self, f"{self.direction}: the interface has {base} there")


class PolicyRouting(Layer3Setting):
    """Packets that come in are sent on as a route map says."""

    FEATURE: ClassVar[str] = "policy-routing"

    route_map: Word


class ServicePolicy(InterfaceSetting):
    """A policy map (of QoS, say) that holds for what comes in or what goes out."""

    FEATURE: ClassVar[str] = "service-policy"
    KEY: ClassVar[tuple[str, ...]] = ("interface", "direction")

    direction: Direction
    policy: Word

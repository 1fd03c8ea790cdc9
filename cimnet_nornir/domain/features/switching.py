"""Switching beyond the base: VTP, what a VLAN or a port is told besides its mode, and port-channels."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from cimnet_nornir.domain.bundles import bundle_of, channel_name
from cimnet_nornir.domain.features.model import InterfaceSetting, SecretReference, Setting
from cimnet_nornir.domain.requirements import require_switch, require_vlan
from cimnet_nornir.domain.values import AccessMode, CreatableVlanId, TrunkMode, VlanId, VlanSet
from cimnet_nornir.errors import RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_LAST_NORMAL_VLAN = 1001
Priority16 = Annotated[int, Field(ge=0, le=65535)]
LoadBalance = Literal[
    "dst-ip",
    "dst-mac",
    "dst-mixed-ip-port",
    "dst-port",
    "src-dst-ip",
    "src-dst-mac",
    "src-dst-mixed-ip-port",
    "src-dst-port",
    "src-ip",
    "src-mac",
    "src-mixed-ip-port",
    "src-port",
]


class SwitchSetting(Setting):
    """A setting that only switches have."""

    def check(self, device: "Device") -> None:
        """Refuse it on anything but a switch. Raises RuleViolated."""
        require_switch(device)


class PortSetting(InterfaceSetting):
    """A setting of a port or port-channel that switches."""

    def check(self, device: "Device") -> None:
        """Refuse an interface that is not there, or that is routed. Raises PortNotFound, RuleViolated."""
        require_switch(device)
        super().check(device)
        if self.interface in device.interfaces:
            raise RuleViolated(
                f"{device.name} {self.interface} is routed; {self.FEATURE} is said of ports that switch",
                subject=f"{device.name} {self.interface}",
            )


class Vtp(SwitchSetting):
    """The VLAN Trunking Protocol: `mode` says whether VLANs are the switch's own (transparent, off) or its domain's.

    With `pruning` a trunk does not carry the frames of VLANs in which nobody beyond it has a port.
    """

    FEATURE: ClassVar[str] = "vtp"

    mode: Literal["server", "client", "transparent", "off"] | None = None
    domain: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[!-~]+$")] | None = None
    version: Literal[1, 2, 3] | None = None
    pruning: bool = False


class VlanGlobals(SwitchSetting):
    """What holds for all VLANs: from which end routed ports take numbers, and whether native frames are tagged."""

    FEATURE: ClassVar[str] = "vlan-globals"

    internal_allocation: Literal["ascending", "descending"] | None = None
    tag_native: bool = False


class VlanOptions(SwitchSetting):
    """What a VLAN is told besides its name."""

    FEATURE: ClassVar[str] = "vlan-options"
    KEY: ClassVar[tuple[str, ...]] = ("vlan",)

    vlan: CreatableVlanId
    suspended: bool = False
    shutdown: bool = False
    remote_span: bool = False
    mtu: Annotated[int, Field(ge=576, le=18190)] | None = None

    def check(self, device: "Device") -> None:
        """Refuse a VLAN that is not there, and to suspend one above 1001, which IOS does not. Raises RuleViolated."""
        super().check(device)
        require_vlan(device, self.vlan, "what is said of it")
        if self.suspended and self.vlan > _LAST_NORMAL_VLAN:
            raise RuleViolated(
                f"VLAN {self.vlan} of {device.name} cannot be suspended: only VLANs 2 to 1001 can",
                subject=str(self.vlan),
            )


class StackMember(SwitchSetting):
    """A member of a stack by the product that it is, so that its ports can be configured before it is there."""

    FEATURE: ClassVar[str] = "stack-member"
    KEY: ClassVar[tuple[str, ...]] = ("member",)

    member: Annotated[int, Field(ge=1, le=9)]
    provision: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9-]+$")]


class EtherChannel(Setting):
    """What holds for all port-channels: by what frames are spread over their ports, and who decides about them."""

    FEATURE: ClassVar[str] = "etherchannel"

    load_balance: LoadBalance | None = None
    lacp_system_priority: Priority16 | None = None


class SwitchPort(PortSetting):
    """What a port is told besides the mode that its base has.

    `mode` is for ports that negotiate it (`dynamic auto`), and for those whose VLANs come from VTP; the numbers are
    for modes that the port is not in. `encapsulation` is that of a trunk, `dot1q` where the base makes one.
    """

    FEATURE: ClassVar[str] = "switchport"

    mode: Literal["access", "trunk", "dynamic auto", "dynamic desirable"] | None = None
    access_vlan: VlanId | None = None
    voice_vlan: VlanId | Literal["dot1p", "none", "untagged"] | None = None
    native_vlan: VlanId | None = None
    allowed_vlans: VlanSet | None = None
    encapsulation: Literal["dot1q", "isl", "negotiate"] | None = None
    nonegotiate: bool = False
    protected: bool = False
    block_unicast: bool = False
    block_multicast: bool = False

    def check(self, device: "Device") -> None:
        """Refuse what the base of the port says itself. Raises PortNotFound, RuleViolated."""
        super().check(device)
        port = device.switch_ports.get(bundle_of(device, self.interface) or self.interface)
        base = port.switching if port is not None else None
        if self.nonegotiate and base is None and self.mode not in ("access", "trunk"):
            self._refuse(device, "a port that negotiates its mode cannot be told nonegotiate; make it access or trunk")
        twice = self._said_twice(access=isinstance(base, AccessMode), trunk=isinstance(base, TrunkMode))
        if twice:
            self._refuse(device, f"{twice} is said by its mode; leave it out of switchport")

    def _refuse(self, device: "Device", why: str) -> None:
        where = f"{device.name} {self.interface}"
        raise RuleViolated(f"{where}: {why}", subject=where)

    def _said_twice(self, *, access: bool, trunk: bool) -> str:
        if self.mode is not None and (access or trunk):
            return "mode"
        if self.access_vlan is not None and access:
            return "access_vlan"
        if trunk and (self.native_vlan is not None or self.allowed_vlans is not None):
            return "native_vlan or allowed_vlans"
        return ""


def negotiates(device: "Device", name: str) -> bool:
    """Whether a port, or the port-channel that it is a member of, has no mode of its own but negotiates one."""
    port = device.switch_ports.get(bundle_of(device, name) or name)
    if port is not None and port.switching is not None:
        return False
    told = device.setting(SwitchPort.FEATURE, name)
    return not (isinstance(told, SwitchPort) and told.mode in ("access", "trunk"))


class ChannelGroup(InterfaceSetting):
    """A member of a port-channel in a way that the base does not know: by PAgP, without a mode, unlike the others."""

    FEATURE: ClassVar[str] = "channel-group"

    number: Annotated[int, Field(ge=1, le=255)]
    mode: Literal["active", "passive", "on", "auto", "desirable"] | None = None
    non_silent: bool = False

    def check(self, device: "Device") -> None:
        """Refuse a port that is a member of a port-channel anyway, and on a router a port-channel that is not there.

        Raises PortNotFound, RuleViolated.
        """
        super().check(device)
        bundle, why = bundle_of(device, self.interface), ""
        if bundle is not None:
            why = f"is in {bundle} already; say its mode there"
        elif not device.switches and channel_name(self.number) not in device.interfaces:
            why = f"is in {channel_name(self.number)}, which is no interface of it; configure that"
        if why:
            name = f"{device.name} {self.interface}"
            raise RuleViolated(f"{name} {why}", subject=name)


class Lacp(InterfaceSetting):
    """What a member or a port-channel is told of LACP: `min_links` and `max_bundle` are of the port-channel."""

    FEATURE: ClassVar[str] = "lacp"

    fast_rate: bool = False
    port_priority: Priority16 | None = None
    min_links: Annotated[int, Field(ge=2, le=16)] | None = None
    max_bundle: Annotated[int, Field(ge=1, le=16)] | None = None
    fast_switchover: bool = False


class ChannelProtocol(InterfaceSetting):
    """The protocol that a port is held to, whatever its channel group says."""

    FEATURE: ClassVar[str] = "channel-protocol"

    protocol: Literal["lacp", "pagp"]


class VtpPassword(SwitchSetting):
    """The password of a VTP domain, which no configuration shows."""

    FEATURE: ClassVar[str] = "vtp-password"

    password: SecretReference
    kept: Literal["hidden"] | None = None

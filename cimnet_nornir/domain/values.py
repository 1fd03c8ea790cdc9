"""Value objects: immutable, validated once, on the way in."""

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Annotated, Literal, NewType

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.interfaces import (
    canonical_interface,
    format_vlan_list,
    interface_sort_key,
    linux_interface,
    parse_vlan_list,
)
from cimnet_nornir.errors import InvalidValue

DeviceId = NewType("DeviceId", str)
RouterId = NewType("RouterId", DeviceId)
SwitchId = NewType("SwitchId", DeviceId)

_RESERVED_VLANS = range(1002, 1006)
# IOS takes underscores in the middle, which DNS does not.
_HOSTNAME = re.compile(r"[A-Za-z]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
# "switchport trunk allowed vlan none": the word of IOS for an empty list.
_NO_VLAN = "none"
_MAC_DIGITS = 12
_SPANNING_TREE_STEP = 4096
_SPANNING_TREE_HIGHEST = 61440
# Cisco, "Configuring EtherChannels": eight ports carry traffic; with LACP eight more may wait to take over.
_ACTIVE_MEMBERS = 8
_LACP_MEMBERS = 16
# What every link must carry (RFC 791), and the least that Linux takes.
_LEAST_MTU = 68


def _no_truth_value(value: object) -> object:
    # A bool is an int to Python, and YAML writes one as "yes": VLAN 1 would come of it.
    if isinstance(value, bool):
        raise InvalidValue(f"a VLAN id is a number from 1 to 4094, not {value}", subject="vlan")
    return value


def _vlan_id(value: int) -> int:
    if not 1 <= value <= 4094:
        raise InvalidValue(f"VLAN ids are 1 to 4094, not {value}", subject="vlan")
    return value


def _creatable_vlan(value: int) -> int:
    if _vlan_id(value) == 1 or value in _RESERVED_VLANS:
        raise InvalidValue(
            f"VLAN {value} is there by itself: it is neither created nor removed (1 and 1002 to 1005)", subject="vlan"
        )
    return value


def _vlan_set(value: object) -> object:
    if isinstance(value, str):
        return frozenset() if value.strip().lower() == _NO_VLAN else parse_vlan_list(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return frozenset({value})
    return value


def _vlan_text(value: frozenset[int]) -> str:
    return format_vlan_list(value) or _NO_VLAN


def hostname(value: str) -> str:
    """The name, if a device can have it. Raises InvalidValue."""
    if not _HOSTNAME.fullmatch(value):
        raise InvalidValue(
            f"{value!r} is no host name: a letter, then letters, digits, '-' and '_', at most 63", subject="name"
        )
    return value


def _identifier(value: str) -> str:
    if not _IDENTIFIER.fullmatch(value):
        raise InvalidValue(f"{value!r} is no name: letters, digits, '-', '_' and '.', at most 63", subject="name")
    return value


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise InvalidValue("a text must be one line of printable characters", subject="text")
    return value.strip()


def _label(value: str) -> str:
    return _one_line(value) if value else value


def _with_prefix(value: object) -> object:
    # Python reads an address without its prefix as a /32, which is hardly ever what was meant.
    if isinstance(value, int) or (isinstance(value, str) and "/" not in value):
        raise InvalidValue(f"{value!r} lacks its prefix length; write it like 192.0.2.1/24", subject="address")
    return value


def _mac(value: str) -> str:
    digits = re.sub(r"[.:-]", "", value).lower()
    if len(digits) != _MAC_DIGITS or not all(digit in "0123456789abcdef" for digit in digits):
        raise InvalidValue(f"{value!r} is no MAC address; write it like 0011.2233.4455", subject="mac")
    return ".".join((digits[:4], digits[4:8], digits[8:]))


def _members(value: tuple[str, ...]) -> tuple[str, ...]:
    twice = [name for index, name in enumerate(value) if name in value[:index]]
    if twice:
        raise InvalidValue(f"{twice[0]} is named twice", subject="members")
    if not value:
        raise InvalidValue("it has no members; name those ports that are one", subject="members")
    return value


def _ordered(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(_members(value), key=interface_sort_key))


def _bridge_priority(value: int) -> int:
    if value % _SPANNING_TREE_STEP or not 0 <= value <= _SPANNING_TREE_HIGHEST:
        raise InvalidValue(
            f"a spanning-tree priority is a multiple of 4096 from 0 to 61440, not {value}", subject="priority"
        )
    return value


VlanId = Annotated[int, BeforeValidator(_no_truth_value), AfterValidator(_vlan_id)]
CreatableVlanId = Annotated[int, BeforeValidator(_no_truth_value), AfterValidator(_creatable_vlan)]
VlanSet = Annotated[frozenset[VlanId], BeforeValidator(_vlan_set), PlainSerializer(_vlan_text, return_type=str)]
VlanName = Annotated[str, Field(max_length=32), AfterValidator(_identifier)]
HostName = Annotated[str, AfterValidator(hostname)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Description = Annotated[str, Field(max_length=240), AfterValidator(_one_line)]
Line = Annotated[str, AfterValidator(_one_line)]
Label = Annotated[str, Field(max_length=120), AfterValidator(_label)]
InterfaceAddress = Annotated[IPv4Interface, BeforeValidator(_with_prefix)]
InterfaceName = Annotated[str, AfterValidator(canonical_interface)]
LinuxInterfaceName = Annotated[str, AfterValidator(linux_interface)]
PortName = Annotated[str, Field(max_length=64), AfterValidator(_one_line)]
"""A port of a device whose kind is not known where the name stands: `port_name` reads it once the kind is known."""
MacAddress = Annotated[str, AfterValidator(_mac)]
BridgePriority = Annotated[int, AfterValidator(_bridge_priority)]


class Value(BaseModel):
    """Base of the value objects: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class DeviceKind(StrEnum):
    """What a device is; its features may be more (a layer-3 switch routes too).

    A host is a server that carries containers and virtual machines; it is configured by other means than IOS.
    """

    ROUTER = "router"
    SWITCH = "switch"
    HOST = "host"


def port_name(kind: DeviceKind, text: str) -> str:
    """The one form of a port's name: that of Linux on a host, exactly; the canonical one of IOS elsewhere.

    Raises InvalidValue where devices of the kind have no port of such a name.
    """
    return linux_interface(text) if kind is DeviceKind.HOST else canonical_interface(text)


class Endpoint(Value):
    """One end of a link: a device and one of its ports, written as the kind of the device reads it (`port_name`)."""

    device: str
    port: PortName

    def __str__(self) -> str:
        return f"{self.device} {self.port}"


class AccessMode(Value):
    """A port that carries one VLAN untagged."""

    mode: Literal["access"] = "access"
    vlan: VlanId


class TrunkMode(Value):
    """A port that carries VLANs tagged, and the native one untagged; `allowed` None means all."""

    mode: Literal["trunk"] = "trunk"
    native_vlan: VlanId = 1
    allowed: VlanSet | None = None


class PortConfiguration(Value):
    """What a switch port is to do."""

    description: Description | None = None
    enabled: bool = True
    switching: Annotated[AccessMode | TrunkMode, Field(discriminator="mode")] | None = None
    portfast: bool = False
    bpduguard: bool = False


PortChannelNumber = Annotated[int, Field(ge=1, le=128)]
PortChannelMode = Literal["active", "passive", "on", "desirable", "auto", "desirable non-silent", "auto non-silent"]
BondMode = Literal["802.3ad", "active-backup", "balance-xor"]


class PortChannel(Value):
    """Ports of a switch that are one, `Port-channelN` (IEEE 802.1AX); their order means nothing.

    `mode` active and passive are LACP, where a passive end waits for the other; desirable and auto are the same by
    PAgP, which with "non-silent" joins no port where nobody answers; `on` is without any protocol.
    """

    members: Annotated[tuple[InterfaceName, ...], AfterValidator(_ordered)]
    mode: PortChannelMode = "active"

    @model_validator(mode="after")
    def _not_too_many(self) -> "PortChannel":
        most = _LACP_MEMBERS if self.mode in ("active", "passive") else _ACTIVE_MEMBERS
        if len(self.members) > most:
            raise InvalidValue(f"a port-channel of mode {self.mode} has at most {most} members", subject="members")
        return self


class Bond(Value):
    """Network cards of a host that are one (Linux bonding); 802.3ad is LACP, balance-xor is without any protocol."""

    members: Annotated[tuple[LinuxInterfaceName, ...], AfterValidator(_members)]
    mode: BondMode = "802.3ad"


class OspfInterface(Value):
    """How an interface takes part in OSPF (RFC 2328): process, area, cost, and whether it only is announced."""

    process: Annotated[int, Field(ge=1, le=65535)] = 1
    area: Annotated[int, Field(ge=0, le=4294967295)]
    cost: Annotated[int, Field(ge=1, le=65535)] | None = None
    passive: bool = False
    point_to_point: bool = False


class RoutedInterface(Value):
    """A layer-3 interface: a routed port, an SVI or a loopback. The first address is the primary one.

    The access groups name the access lists for what comes in and what goes out.
    """

    description: Description | None = None
    enabled: bool = True
    addresses: tuple[InterfaceAddress, ...] = ()
    ospf: OspfInterface | None = None
    access_group_in: AclName | None = None
    access_group_out: AclName | None = None

    @model_validator(mode="after")
    def _ospf_needs_an_address(self) -> "RoutedInterface":
        if self.ospf is not None and not self.addresses:
            raise InvalidValue("OSPF runs on an interface that has an address; give it one", subject="address")
        return self


class HostInterfaceConfiguration(RoutedInterface):
    """What a network card of a host, or its loopback, has for the host itself.

    `gateway` is the next hop of a default route, `mtu` the longest packet in bytes (None: the usual one). A host has no
    access lists, and none of its cards is shut.
    """

    gateway: IPv4Address | None = None
    mtu: Annotated[int, Field(ge=_LEAST_MTU, le=65535)] | None = None

    @model_validator(mode="after")
    def _as_hosts_have_it(self) -> "HostInterfaceConfiguration":
        if self.access_group_in is not None or self.access_group_out is not None:
            raise InvalidValue("a host has no access lists; leave the access group out", subject="access group")
        if not self.enabled:
            raise InvalidValue("cards of a host are not shut; leave enabled out", subject="enabled")
        return self


InterfaceConfiguration = RoutedInterface | HostInterfaceConfiguration
"""A layer-3 interface of any kind of device: stored rows tell the two by the fields that only hosts have."""


class OspfProcess(Value):
    """An OSPF process of a router; without a router id it takes the highest address of a loopback, or of any interface.

    `vrf` is the VRF that it runs in, None the global table.
    """

    process: Annotated[int, Field(ge=1, le=65535)] = 1
    router_id: IPv4Address | None = None
    default_originate: bool = False
    vrf: Identifier | None = None


class StaticRoute(Value):
    """A static route by its next hop; `distance` is the administrative distance (IOS: 1 unless told)."""

    prefix: IPv4Network
    next_hop: IPv4Address
    distance: Annotated[int, Field(ge=1, le=255)] = 1
    name: Identifier | None = None


class SpanningTree(Value):
    """Spanning tree of a switch: its mode, and the bridge priority per VLAN where it is not the default."""

    mode: Literal["pvst", "rapid-pvst", "mst"] = "pvst"
    priorities: dict[VlanId, BridgePriority] = Field(default_factory=dict)

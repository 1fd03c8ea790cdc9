"""BGP beyond the base: the process, peer groups, neighbours, families and what neighbours have in them.

After the "Cisco IOS IP Routing: BGP Command Reference". The base says the AS and plain neighbours for IPv4 unicast.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.bgp_parts import (
    BgpSession,
    BgpTimers,
    GroupName,
    MaximumPrefix,
    Neighbor,
    is_address,
)
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.policy_fields import UNIQUE, Metric, PolicyName
from cimnet_nornir.domain.routing_values import AsNumber
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, NotFound, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_FAMILY = re.compile(r"ipv[46]( multicast| vrf [!-~]{1,32})?|vpnv[46]")
_Seconds = Annotated[int, Field(ge=1, le=3600)]
_Paths = Annotated[int, Field(ge=1, le=32)]
_Distance = Annotated[int, Field(ge=1, le=255)]
_Bestpath = Literal[
    "as-path ignore", "as-path multipath-relax", "compare-routerid", "cost-community ignore", "igp-metric ignore",
    "med confed", "med missing-as-worst",
]  # fmt: skip


def _family(value: str) -> str:
    family = " ".join(value.split()).removesuffix(" unicast")
    if not _FAMILY.fullmatch(family):
        raise InvalidValue(
            f"{value!r} is no family: ipv4, ipv6, vpnv4 or vpnv6, 'ipv4 multicast', or 'ipv4 vrf NAME'",
            subject="family",
        )
    return family


Family = Annotated[str, AfterValidator(_family)]


def require_bgp(device: "Device", setting: Setting) -> None:
    """Refuse what is said of a process that is not there. Raises NotFound."""
    if device.bgp is None:
        raise NotFound(
            f"{device.name} runs no BGP, which {setting.identity} is said of; declare bgp with its asn",
            subject=f"{device.name} bgp",
        )


class BgpProcess(Setting):
    """The process. `log_neighbor_changes` may be null: then it is left as it is.

    What is on unless it is said: `default_ipv4_unicast`, `enforce_first_as`, `fast_external_fallover`.
    """

    FEATURE: ClassVar[str] = "bgp-process"

    log_neighbor_changes: bool | None = True
    default_ipv4_unicast: bool = True
    enforce_first_as: bool = True
    fast_external_fallover: bool = True
    always_compare_med: bool = False
    deterministic_med: bool = False
    bestpath: Annotated[tuple[_Bestpath, ...], UNIQUE] = ()
    cluster_id: IPv4Address | Annotated[int, Field(ge=1, le=4294967295)] | None = None
    confederation_identifier: AsNumber | None = None
    confederation_peers: Annotated[tuple[AsNumber, ...], UNIQUE] = ()
    graceful_restart: bool = False
    graceful_restart_restart_time: _Seconds | None = None
    graceful_restart_stalepath_time: _Seconds | None = None
    local_preference: Metric | None = None
    maxas_limit: Annotated[int, Field(ge=1, le=254)] | None = None
    timers: BgpTimers | None = None

    def check(self, device: "Device") -> None:
        """Refuse a process that is not there."""
        require_bgp(device, self)


class BgpPeerGroup(BgpSession):
    """A peer group: what its members have in common."""

    FEATURE: ClassVar[str] = "bgp-peer-group"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: GroupName

    def check(self, device: "Device") -> None:
        """Refuse a group of a process that is not there."""
        require_bgp(device, self)


class BgpPeer(BgpSession):
    """A neighbour by its address: of the base, with more said of it, or one that the base cannot say.

    It takes part in the families that `bgp-family-neighbor` names.
    """

    FEATURE: ClassVar[str] = "bgp-neighbor"
    KEY: ClassVar[tuple[str, ...]] = ("address",)

    address: IPv4Address | IPv6Address
    peer_group: GroupName | None = None

    def check(self, device: "Device") -> None:
        """Refuse a neighbour without an AS, or of a group that is not there, and the device itself."""
        require_bgp(device, self)
        subject = f"{device.name} {self.identity}"
        for name, interface in device.interfaces.items():
            if any(address.ip == self.address for address in interface.addresses):
                raise RuleViolated(f"the BGP neighbour {self.address} is {device.name} {name} itself", subject=subject)
        group = device.features.get(f"{BgpPeerGroup.FEATURE} {self.peer_group}")
        if self.peer_group is not None and group is None:
            raise NotFound(
                f"{device.name} has no BGP peer group {self.peer_group}, which the neighbour {self.address} is to join",
                subject=subject,
            )
        self._check_as(device, subject, has_one=getattr(group, "remote_as", None) is not None)

    def _check_as(self, device: "Device", subject: str, *, has_one: bool) -> None:
        """Refuse a neighbour whose AS nothing says, or two things do; `has_one` is of its group."""
        known = device.bgp is not None and any(peer.address == self.address for peer in device.bgp.neighbors)
        places = (known, has_one, self.remote_as is not None)
        if sum(places) != 1:
            told = "told twice" if any(places) else "not told"
            raise RuleViolated(
                f"the AS of the BGP neighbour {self.address} is {told}; say it here, in its group or in bgp, and once",
                subject=subject,
            )


class BgpNetwork(Value):
    """A network that is announced where the routing table has it."""

    prefix: IPv4Network | IPv6Network
    route_map: PolicyName | None = None
    backdoor: bool = False


class BgpAggregate(Value):
    """A network that is announced where some part of it is known."""

    prefix: IPv4Network | IPv6Network
    as_set: bool = False
    summary_only: bool = False
    suppress_map: PolicyName | None = None
    attribute_map: PolicyName | None = None


class BgpRedistribution(Value):
    """Routes of another source that are announced: connected, static, rip, or a protocol with its process, 'ospf 1'."""

    source: Annotated[str, Field(pattern=r"^(connected|static|rip|(ospf|eigrp) [0-9]{1,5})$")]
    metric: Metric | None = None
    match: (
        Annotated[str, Field(pattern=r"^(internal|(nssa-)?external [12])( (internal|(nssa-)?external [12]))*$")] | None
    ) = None
    route_map: PolicyName | None = None


class Dampening(Value):
    """How routes that come and go are held back: minutes to half a penalty, two limits, and the longest time."""

    half_life: Annotated[int, Field(ge=1, le=45)]
    reuse: Annotated[int, Field(ge=1, le=20000)]
    suppress: Annotated[int, Field(ge=1, le=20000)]
    longest: Annotated[int, Field(ge=1, le=255)]


class BgpFamily(Setting):
    """An address family: ipv4, ipv6, vpnv4, vpnv6, 'ipv4 multicast', or one of a VRF, 'ipv4 vrf RED'."""

    FEATURE: ClassVar[str] = "bgp-family"
    KEY: ClassVar[tuple[str, ...]] = ("family",)

    family: Family
    networks: Annotated[tuple[BgpNetwork, ...], UNIQUE] = ()
    aggregates: Annotated[tuple[BgpAggregate, ...], UNIQUE] = ()
    redistribute: Annotated[tuple[BgpRedistribution, ...], UNIQUE] = ()
    dampening: bool = False
    dampening_values: Dampening | None = None
    dampening_route_map: PolicyName | None = None
    additional_paths: Literal["send", "receive", "send receive"] | None = None
    additional_paths_select: Literal["all", "backup", "best-external", "group-best", "best 2", "best 3"] | None = None
    maximum_paths: _Paths | None = None
    maximum_paths_ibgp: _Paths | None = None
    maximum_paths_eibgp: _Paths | None = None
    default_information: bool = False
    default_metric: Metric | None = None
    distance: tuple[_Distance, _Distance, _Distance] | None = None
    table_map: PolicyName | None = None
    auto_summary: bool = False
    synchronization: bool = False

    def check(self, device: "Device") -> None:
        """Refuse a family of a process that is not there."""
        require_bgp(device, self)


class BgpFamilyNeighbor(BgpSession):
    """A neighbour or peer group in a family. The session is told here in the family of a VRF alone.

    `activate` is understood: a neighbour takes part in the family, a group does not.
    """

    FEATURE: ClassVar[str] = "bgp-family-neighbor"
    KEY: ClassVar[tuple[str, ...]] = ("family", "neighbor")

    family: Family
    neighbor: Neighbor
    peer_group: GroupName | None = None
    group: bool = False
    activate: bool | None = None
    send_community: Literal["standard", "extended", "both"] | None = None
    next_hop_self: Literal["yes", "all"] | None = None
    next_hop_unchanged: bool = False
    route_reflector_client: bool = False
    soft_reconfiguration: bool = False
    as_override: bool = False
    remove_private_as: Literal["yes", "all", "all replace-as"] | None = None
    allowas_in: Annotated[int, Field(ge=1, le=10)] | None = None
    default_originate: bool = False
    default_originate_route_map: PolicyName | None = None
    weight: Annotated[int, Field(ge=0, le=65535)] | None = None
    maximum_prefix: MaximumPrefix | None = None
    advertisement_interval: Annotated[int, Field(ge=0, le=600)] | None = None
    advertise_additional_paths: Literal["all", "group-best", "best 2", "best 3"] | None = None
    additional_paths: Literal["send", "receive", "send receive", "disable"] | None = None
    route_map_in: PolicyName | None = None
    route_map_out: PolicyName | None = None
    prefix_list_in: PolicyName | None = None
    prefix_list_out: PolicyName | None = None
    distribute_list_in: PolicyName | None = None
    distribute_list_out: PolicyName | None = None
    filter_list_in: PolicyName | None = None
    filter_list_out: PolicyName | None = None
    unsuppress_map: PolicyName | None = None

    @property
    def active(self) -> bool:
        """Whether it takes part in the family."""
        return is_address(self.neighbor) if self.activate is None else self.activate

    @model_validator(mode="after")
    def _one_filter_a_direction(self) -> "BgpFamilyNeighbor":
        for way in ("in", "out"):
            if getattr(self, f"prefix_list_{way}") and getattr(self, f"distribute_list_{way}"):
                raise InvalidValue(
                    f"prefix_list_{way} and distribute_list_{way} exclude each other", subject=f"distribute_list_{way}"
                )
        session = (*BgpSession.model_fields, "peer_group", "group")
        if " vrf " not in self.family and any(getattr(self, name) for name in session):
            raise InvalidValue(
                f"the session of {self.neighbor} is told by bgp-neighbor or bgp-peer-group; here in a VRF alone",
                subject="family",
            )
        return self

    def check(self, device: "Device") -> None:
        """Refuse a neighbour, or a group, that nothing says anything of."""
        require_bgp(device, self)
        subject = f"{device.name} {self.identity}"
        if " vrf " in self.family:
            self._check_as(device, subject)
        elif not self._is_known(device):
            raise NotFound(f"{device.name} has no BGP neighbour or peer group {self.neighbor}", subject=subject)

    def _check_as(self, device: "Device", subject: str) -> None:
        """Refuse a neighbour in a VRF whose AS nothing says: neither itself nor its group, which is of the VRF too."""
        group = device.features.get(f"{self.FEATURE} {self.family} {self.peer_group}")
        told = group if isinstance(group, BgpFamilyNeighbor) and group.group else None
        if self.peer_group is not None and told is None:
            raise NotFound(
                f"{device.name} has no BGP peer group {self.peer_group} in {self.family} for {self.neighbor}",
                subject=subject,
            )
        if not (self.group or self.remote_as or (told is not None and told.remote_as)):
            raise RuleViolated(
                f"nothing says the AS of the BGP neighbour {self.neighbor} in {self.family}", subject=subject
            )

    def _is_known(self, device: "Device") -> bool:
        base = device.bgp.neighbors if device.bgp is not None else ()
        kinds = (BgpPeer.FEATURE, BgpPeerGroup.FEATURE)
        told = any(f"{kind} {self.neighbor}" in device.features for kind in kinds)
        return told or any(str(peer.address) == self.neighbor for peer in base)

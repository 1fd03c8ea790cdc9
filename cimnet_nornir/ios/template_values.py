"""What templates may ask for: plain, frozen values without methods, so that nothing but data reaches a template."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VlanValues:
    """A VLAN; `name` is empty where it is the one that IOS gives by itself."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PriorityValues:
    """VLANs that share a bridge priority, as one list."""

    vlans: str
    priority: int


@dataclass(frozen=True, slots=True)
class SwitchPortValues:
    """A switch port. `mode` is "access", "trunk" or ""; numbers are 0 and texts empty where IOS has them by default.

    `allowed` holds the pieces of a trunk's list: the first replaces, the others add; none means all VLANs. A member of
    a port-channel does what that does: `channel_group` is its number, else 0, `no_switchport` tells that it is routed.
    """

    name: str
    description: str
    shutdown: bool
    mode: str
    access_vlan: int
    encapsulation: str
    native_vlan: int
    allowed: tuple[str, ...]
    portfast: bool
    bpduguard: bool
    no_switchport: bool = False
    channel_group: int = 0
    channel_mode: str = ""
    routed: bool = False


@dataclass(frozen=True, slots=True)
class AddressValues:
    """An address and its mask in dotted form."""

    address: str
    mask: str


@dataclass(frozen=True, slots=True)
class OspfInterfaceValues:
    """OSPF on an interface; `cost` is 0 where none is told."""

    process: int
    area: int
    cost: int
    point_to_point: bool


@dataclass(frozen=True, slots=True)
class RoutedInterfaceValues:
    """A layer-3 interface. `no_switchport` on a switch's own port; `vlan` is the tag of a sub-interface, else 0.

    `native` and `second` tell of its tag, `vrf` is the whole line that puts it into one: that stands before addresses.
    """

    name: str
    description: str
    shutdown: bool
    no_shutdown: bool
    no_switchport: bool
    vlan: int
    addresses: tuple[AddressValues, ...]
    ospf: OspfInterfaceValues | None
    access_group_in: str
    access_group_out: str
    native: bool = False
    second: int = 0
    vrf: str = ""
    routed: bool = True


@dataclass(frozen=True, slots=True)
class OspfProcessValues:
    """An OSPF process with the interfaces on which it only listens to itself; `header` is the line that begins it.

    Where a process is silent by default, `active` are those of its interfaces that are not, and `passive` is empty.
    """

    process: int
    header: str
    router_id: str
    passive: tuple[str, ...]
    active: tuple[str, ...]
    default_originate: bool


@dataclass(frozen=True, slots=True)
class RouteValues:
    """A static route; `distance` is 0 where it is the default."""

    network: str
    mask: str
    next_hop: str
    distance: int
    name: str


@dataclass(frozen=True, slots=True)
class NetworkValues:
    """A network of BGP (with its mask) or EIGRP (with its wildcard); `mask` is empty where the class says it."""

    address: str
    mask: str


@dataclass(frozen=True, slots=True)
class BgpNeighborValues:
    """A BGP neighbour; `ebgp_multihop` is 0 and texts are empty where nothing is told."""

    address: str
    remote_as: int
    description: str
    update_source: str
    next_hop_self: bool
    ebgp_multihop: int


@dataclass(frozen=True, slots=True)
class BgpValues:
    """The BGP process; `router_id` is empty where none is told, `log_changes` where that is left as it is."""

    as_number: int
    router_id: str
    log_changes: str
    neighbors: tuple[BgpNeighborValues, ...]
    networks: tuple[NetworkValues, ...]


@dataclass(frozen=True, slots=True)
class EigrpValues:
    """An EIGRP process with the interfaces on which it is silent."""

    as_number: int
    router_id: str
    networks: tuple[NetworkValues, ...]
    passive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessListValues:
    """An access list; `entries` are its lines as IOS shows them, without numbers."""

    name: str
    kind: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceValues:
    """All that a template may ask of a device: no method, no object of the domain, nothing that can be changed."""

    id: str
    name: str
    network: str
    kind: str
    platform: str
    model: str
    role: str
    site: str
    management: str
    switches: bool
    routes_packets: bool
    spanning_tree_mode: str
    priorities: tuple[PriorityValues, ...]
    vlans: tuple[VlanValues, ...]
    interfaces: tuple[SwitchPortValues | RoutedInterfaceValues, ...]
    ospf: tuple[OspfProcessValues, ...]
    routes: tuple[RouteValues, ...]
    bgp: BgpValues | None
    eigrp: tuple[EigrpValues, ...]
    access_lists: tuple[AccessListValues, ...]


VALUE_TYPES: frozenset[type] = frozenset(
    {
        AccessListValues,
        AddressValues,
        BgpNeighborValues,
        BgpValues,
        DeviceValues,
        EigrpValues,
        NetworkValues,
        OspfInterfaceValues,
        OspfProcessValues,
        PriorityValues,
        RoutedInterfaceValues,
        RouteValues,
        SwitchPortValues,
        VlanValues,
    }
)

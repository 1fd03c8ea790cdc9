"""What stands on one server, as values that every generator of a host side reads; all in a fixed order."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Literal

from cimnet_nornir.domain.hosting.values import (
    AddressRange,
    Bandwidth,
    Bridge,
    Hypervisor,
    Macvlan,
    Overlay,
    VmNetworkKind,
)
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.values import OspfInterface, OspfProcess, StaticRoute

Runtime = Literal["docker", "podman"]


@dataclass(frozen=True, slots=True, order=True)
class HostCard:
    """A network card that has a cable; `peer` is the device at the other end and `peer_port` its port."""

    name: str
    peer: str
    peer_port: str


@dataclass(frozen=True, slots=True, order=True)
class HostVlan:
    """A VLAN interface on a network card (IEEE 802.1Q): `name` is its own, `uplink` the card's."""

    vlan: int
    uplink: str
    name: str


@dataclass(frozen=True, slots=True)
class HostBridge:
    """A bridge; `port` is the VLAN interface in it, None where it leads nowhere but to the host.

    `addresses` are the host's own on it: that of the gateway on a network without a VLAN, and its management address
    on the VLAN in whose subnet that lies; there `gateway` is its way to all else. On any other VLAN it has none.
    `mtu` None is the usual one, in bytes. `networks` are the container and VM networks that use it.
    """

    name: str
    port: str | None = None
    addresses: tuple[IPv4Interface, ...] = ()
    mtu: int | None = None
    networks: tuple[str, ...] = ()
    gateway: IPv4Address | None = None


@dataclass(frozen=True, slots=True)
class HostBond:
    """Network cards that are one (Linux bonding) towards a port-channel of a switch, or two switches' ports.

    `mode` as Linux names it: "802.3ad" is LACP (IEEE 802.1AX).
    """

    name: str
    members: tuple[str, ...]
    mode: Literal["802.3ad", "active-backup", "balance-xor"] = "802.3ad"


@dataclass(frozen=True, slots=True)
class HostInterface:
    """A network card, bond or VLAN interface with addresses of the host's own; it is in no bridge.

    `gateway` is the next hop of a default route. `mtu` in bytes, None is the usual one. A card that carries VLANs has
    no address, and may have an MTU.
    """

    name: str
    addresses: tuple[IPv4Interface, ...] = ()
    gateway: IPv4Address | None = None
    mtu: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class HostVxlan:
    """A VXLAN interface (RFC 7348) in `bridge`: `vni` is its id, `local` this host's address, `remotes` the others'."""

    name: str
    vni: int
    bridge: str
    local: IPv4Address
    remotes: tuple[IPv4Address, ...] = ()


@dataclass(frozen=True, slots=True)
class HostContainer:
    """A container of a network. `image` None is one that somebody else starts."""

    name: str
    address: IPv4Address
    mac: str
    image: str | None = None
    runtime: Runtime | None = None


@dataclass(frozen=True, slots=True)
class HostContainerNetwork:
    """A container network as it stands on this host.

    `interface` is what it hangs on: the bridge (of `bridges`), for macvlan the parent (a card, bond or VLAN interface);
    None for an overlay that the runtime makes by itself. `range` is this host's part of the subnet. On a VLAN the
    gateway is the SVI: no host has that address.
    """

    name: str
    runtime: Runtime
    driver: Bridge | Overlay | Macvlan
    interface: str | None
    vlan: int | None
    subnet: IPv4Network
    gateway: IPv4Address
    range: AddressRange
    dns: tuple[IPv4Address, ...] = ()
    containers: tuple[HostContainer, ...] = ()


@dataclass(frozen=True, slots=True)
class HostVm:
    """A virtual machine in a network."""

    name: str
    mac: str
    address: IPv4Address | None = None


@dataclass(frozen=True, slots=True)
class HostVmNetwork:
    """A VM network as it stands on this host. `bridge` is that of the host, None where the hypervisor makes one.

    `uplink` is the network card that its VLAN comes by.
    """

    name: str
    hypervisor: Hypervisor
    kind: VmNetworkKind
    bridge: str | None
    vlan: int | None
    subnet: IPv4Network | None
    gateway: IPv4Address | None
    bandwidth: Bandwidth
    vms: tuple[HostVm, ...] = ()
    uplink: str | None = None


@dataclass(frozen=True, slots=True)
class HostRouting:
    """What a host routes by, in a fixed order.

    `forwards` tells whether it passes on the packets of others. `routes` are its static ones, its gateways left out.
    `ospf_interfaces` are those that take part in OSPF, with their names.
    """

    forwards: bool = False
    routes: tuple[StaticRoute, ...] = ()
    ospf: OspfProcess | None = None
    ospf_interfaces: tuple[tuple[str, OspfInterface], ...] = ()
    bgp: BgpRouter | None = None

    @property
    def daemons(self) -> tuple[Literal["bgpd", "ospfd"], ...]:
        """The routing daemons that it needs; without one, its static routes are the kernel's own."""
        return (*(("bgpd",) if self.bgp is not None else ()), *(("ospfd",) if self.ospf is not None else ()))


@dataclass(frozen=True, slots=True)
class HostSide:
    """What a server is to have, in a fixed order. `network` is the name of the whole network.

    `vlan_aware` asks for one bridge a trunk that filters VLANs, instead of a bridge a VLAN. `vendor` is "nixos" or
    another system's name.
    """

    network: str
    name: str
    cards: tuple[HostCard, ...]
    vlans: tuple[HostVlan, ...]
    bridges: tuple[HostBridge, ...]
    bonds: tuple[HostBond, ...] = ()
    interfaces: tuple[HostInterface, ...] = ()
    vxlans: tuple[HostVxlan, ...] = ()
    container_networks: tuple[HostContainerNetwork, ...] = ()
    vm_networks: tuple[HostVmNetwork, ...] = ()
    routing: HostRouting | None = None
    vlan_aware: bool = False
    vendor: str = "nixos"

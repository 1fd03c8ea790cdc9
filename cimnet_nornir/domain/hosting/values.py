"""Values of container and VM networks: what is asked of one, what it is, and what is attached to it."""

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from cimnet_nornir.domain.hosting.primitives import (
    AddressRange,
    ConnectionUri,
    HostMac,
    Image,
    Megabits,
    Mtu,
    Runtime,
    derived_mac,
    usable,
)
from cimnet_nornir.domain.values import (
    HostName,
    Identifier,
    InterfaceName,
    Line,
    LinuxInterfaceName,
    PortConfiguration,
    Value,
    VlanId,
)

__all__ = [
    "AddressRange",
    "Bandwidth",
    "Bridge",
    "Bridged",
    "Container",
    "ContainerNetworkSettings",
    "ContainerNetworkWish",
    "ContainerWish",
    "Driver",
    "Extension",
    "HostMac",
    "HostShare",
    "HostWish",
    "HyperV",
    "Hypervisor",
    "Image",
    "Internal",
    "Libvirt",
    "Macvlan",
    "Nat",
    "Overlay",
    "Runtime",
    "SwitchPort",
    "Uplink",
    "VMware",
    "Vm",
    "VmNetworkKind",
    "VmNetworkSettings",
    "VmNetworkWish",
    "VmWish",
    "derived_mac",
    "usable",
]

# --- networks of containers -------------------------------------------------------------------------------------------


class Bridge(Value):
    """A Linux bridge on each host. `name` None is the default: `br-vlan<ID>` on a VLAN, else `br-<network>`."""

    driver: Literal["bridge"] = "bridge"
    name: LinuxInterfaceName | None = None
    inter_container: bool = True
    mtu: Mtu | None = None


class Overlay(Value):
    """A network over several hosts, tunnelled by VXLAN. `vxlan` is its id (RFC 7348); None lets the runtime choose."""

    driver: Literal["overlay"] = "overlay"
    encrypted: bool = False
    vxlan: Annotated[int, Field(ge=1, le=16_777_215)] | None = None


class Macvlan(Value):
    """Containers with MAC addresses of their own on a network card. `parent` is None where it is the uplink's."""

    driver: Literal["macvlan"] = "macvlan"
    parent: LinuxInterfaceName | None = None
    mode: Literal["bridge", "private", "vepa", "passthru"] = "bridge"


Driver = Annotated[Bridge | Overlay | Macvlan, Field(discriminator="driver")]


class HostWish(Value):
    """What is asked of one host of a network: by which network card it is to be reached, and its range of addresses.

    None leaves the choice: the first card that is linked to a switch with the VLAN, the first free range.
    """

    uplink: LinuxInterfaceName | None = None
    range: AddressRange | None = None


class ContainerNetworkWish(Value):
    """What is asked of a container network. None leaves a thing to the network: it follows from the VLAN.

    `hosts` maps device ids to what is asked of each. `dns` are the resolvers that containers get.
    """

    vlan: VlanId | None = None
    driver: Driver = Bridge()
    runtime: Runtime = "docker"
    subnet: IPv4Network | None = None
    gateway: IPv4Address | None = None
    dns: tuple[IPv4Address, ...] = ()
    hosts: dict[Identifier, HostWish] = Field(default_factory=dict)


class Uplink(Value):
    """How a host reaches its VLANs: its network card, and the switch (device id) and port at the other end.

    `was` is what was said of the switch port before it became this host's trunk.
    """

    interface: LinuxInterfaceName
    switch: Identifier
    port: InterfaceName
    was: PortConfiguration | None = None


class HostShare(Value):
    """A host's part of a container network. `number` tells ranges of one VLAN apart and is given once at a time."""

    range: AddressRange
    number: Annotated[int, Field(ge=1)]
    uplink: Uplink | None = None


class SwitchPort(Value):
    """A port of a switch (device id)."""

    switch: Identifier
    port: InterfaceName


class Extension(Value):
    """What was given a VLAN on the way from the hosts' switches to where the VLAN is in use: trunks and switches."""

    trunks: tuple[SwitchPort, ...] = ()
    switches: tuple[Identifier, ...] = ()


class ContainerNetworkSettings(Value):
    """A container network with all that was left open decided: bridge, subnet, gateway, ranges, uplinks.

    `subnet` is what containers are configured with, on a VLAN the VLAN's; `pool` the part of it that ranges are from.
    """

    vlan: VlanId | None = None
    driver: Driver
    runtime: Runtime
    subnet: IPv4Network
    pool: IPv4Network
    gateway: IPv4Address
    dns: tuple[IPv4Address, ...] = ()
    hosts: dict[Identifier, HostShare] = Field(default_factory=dict)
    extension: Extension = Extension()


class ContainerWish(Value):
    """What is asked of a container; without an address it gets the next one of its host's range."""

    host: Identifier
    address: IPv4Address | None = None
    image: Image | None = None
    runtime: Runtime | None = None


class Container(Value):
    """A container in a network: on which host (device id), with which address. `runtime` None is the network's."""

    host: Identifier
    address: IPv4Address
    mac: HostMac
    image: Image | None = None
    runtime: Runtime | None = None


# --- networks of virtual machines -------------------------------------------------------------------------------------


class Libvirt(Value):
    """Hosts with libvirt; `uri` is the connection URI."""

    hypervisor: Literal["libvirt"] = "libvirt"
    uri: ConnectionUri = "qemu:///system"


class VMware(Value):
    """Hosts that a vCenter manages."""

    hypervisor: Literal["vmware"] = "vmware"
    vcenter: Line
    datacenter: Line


class HyperV(Value):
    """A Hyper-V server by its host name."""

    hypervisor: Literal["hyper-v"] = "hyper-v"
    host: HostName


Hypervisor = Annotated[Libvirt | VMware | HyperV, Field(discriminator="hypervisor")]


class Bridged(Value):
    """Virtual machines on the network itself. `bridge` is None where the default is to be taken: `br-vlan<ID>`.

    On VMware and Hyper-V it is the name of the port group or virtual switch.
    """

    type: Literal["bridged"] = "bridged"
    bridge: Line | None = None


class Nat(Value):
    """Virtual machines behind their host's address; `dhcp` is the range that the host hands out."""

    type: Literal["nat"] = "nat"
    subnet: IPv4Network
    dhcp: AddressRange | None = None


class Internal(Value):
    """Virtual machines that see one another and nothing else."""

    type: Literal["internal"] = "internal"
    subnet: IPv4Network | None = None


VmNetworkKind = Annotated[Bridged | Nat | Internal, Field(discriminator="type")]


class Bandwidth(Value):
    """The most that each virtual machine receives and sends, in Mbit/s; None is no limit."""

    inbound_mbps: Megabits | None = None
    outbound_mbps: Megabits | None = None


class VmNetworkWish(Value):
    """What is asked of a VM network. `hosts` maps device ids to the network card asked for, None for the first one."""

    hypervisor: Hypervisor = Libvirt()
    kind: VmNetworkKind
    vlan: VlanId | None = None
    bandwidth: Bandwidth = Bandwidth()
    hosts: dict[Identifier, LinuxInterfaceName | None] = Field(default_factory=dict)


class VmNetworkSettings(Value):
    """A VM network with all that was left open decided. `hosts` maps device ids to their uplinks, None without a VLAN.

    `subnet` and `gateway` are those of the VLAN, or of the network behind the host; None where there is no such thing.
    """

    hypervisor: Hypervisor
    kind: VmNetworkKind
    vlan: VlanId | None = None
    subnet: IPv4Network | None = None
    gateway: IPv4Address | None = None
    bandwidth: Bandwidth = Bandwidth()
    hosts: dict[Identifier, Uplink | None] = Field(default_factory=dict)
    extension: Extension = Extension()


class VmWish(Value):
    """What is asked of a virtual machine; without a MAC address it gets one that its names always give."""

    host: Identifier
    mac: HostMac | None = None
    address: IPv4Address | None = None


class Vm(Value):
    """A virtual machine in a network; without an address it asks by DHCP, or has none that is known here."""

    host: Identifier
    mac: HostMac
    address: IPv4Address | None = None

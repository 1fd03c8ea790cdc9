"""Values of container and VM networks: drivers, hypervisors, address ranges, uplinks, MAC addresses."""

import re
from collections.abc import Iterator
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

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
from cimnet_nornir.errors import InvalidValue

_HEX_DIGITS = 12
# The second least bit of the first byte says that no vendor has given it (IEEE 802, 8.2.2), the least one "multicast".
_LOCAL_MAC = "02"
_MULTICAST_BIT = 1
# Docker's rule for the names of images is longer; this holds for every reference that docker and podman pull.
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,254}")


def _host_mac(value: str) -> str:
    digits = re.sub(r"[.:-]", "", value).lower()
    if len(digits) != _HEX_DIGITS or not all(digit in "0123456789abcdef" for digit in digits):
        raise InvalidValue(f"{value!r} is no MAC address; write it like 02:42:ac:11:00:02", subject="mac")
    if int(digits[:2], 16) & _MULTICAST_BIT or digits == "0" * _HEX_DIGITS:
        raise InvalidValue(f"{value!r} is no MAC address of one machine (multicast, or all zeros)", subject="mac")
    return ":".join(digits[index : index + 2] for index in range(0, _HEX_DIGITS, 2))


def _image(value: str) -> str:
    if not _IMAGE.fullmatch(value):
        raise InvalidValue(
            f"{value!r} is no image; write it like nginx:1.27 or ghcr.io/acme/web@sha256:…", subject="image"
        )
    return value


HostMac = Annotated[str, AfterValidator(_host_mac)]
"""A MAC address as Linux writes it, 02:42:ac:11:00:02; one machine's, never multicast."""
Image = Annotated[str, AfterValidator(_image)]
Mtu = Annotated[int, Field(ge=576, le=9216)]
"""Bytes; 576 is what IPv4 asks of every host (RFC 791), 9216 the most that common switches carry."""
Megabits = Annotated[int, Field(ge=1, le=400_000)]
"""Mbit/s."""
Runtime = Literal["docker", "podman"]


class AddressRange(Value):
    """Addresses from the first to the last, both included."""

    first: IPv4Address
    last: IPv4Address

    @model_validator(mode="after")
    def _runs_upwards(self) -> "AddressRange":
        if self.last < self.first:
            raise InvalidValue(f"the range {self} runs backwards", subject="range")
        return self

    @classmethod
    def parse(cls, text: str) -> "AddressRange":
        """A range as people write it: "10.0.100.32-10.0.100.63". Raises InvalidValue."""
        first, _, last = text.partition("-")
        try:
            return cls(first=IPv4Address(first.strip()), last=IPv4Address(last.strip()))
        except ValueError as error:
            if "backwards" in str(error):
                raise InvalidValue(f"the range {text!r} runs backwards", subject="range") from error
            raise InvalidValue(
                f"{text!r} is no address range; write it like 10.0.100.32-10.0.100.63", subject="range"
            ) from error

    def __contains__(self, address: IPv4Address) -> bool:
        return self.first <= address <= self.last

    def __len__(self) -> int:
        return int(self.last) - int(self.first) + 1

    def addresses(self) -> Iterator[IPv4Address]:
        """Its addresses in order."""
        return (IPv4Address(number) for number in range(int(self.first), int(self.last) + 1))

    def overlaps(self, other: "AddressRange") -> bool:
        """Whether an address is in both."""
        return self.first <= other.last and other.first <= self.last

    def inside(self, subnet: IPv4Network) -> bool:
        """Whether all of it is in a subnet and can be a host's: neither its network nor its broadcast address."""
        first, last = usable(subnet)
        return first <= self.first and self.last <= last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def usable(subnet: IPv4Network) -> tuple[IPv4Address, IPv4Address]:
    """The first and the last address of a subnet that a host can have (RFC 3021: all of a /31)."""
    if subnet.prefixlen >= 31:
        return subnet.network_address, subnet.broadcast_address
    return subnet.network_address + 1, subnet.broadcast_address - 1


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
    uri: Line = "qemu:///system"


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


def derived_mac(*names: str) -> str:
    """A MAC address that the same names always give: locally administered, one machine's (02:…)."""
    digest = sha256("/".join(names).encode()).hexdigest()[: _HEX_DIGITS - len(_LOCAL_MAC)]
    return _host_mac(_LOCAL_MAC + digest)

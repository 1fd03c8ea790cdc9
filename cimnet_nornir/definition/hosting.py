"""Container and VM networks of a definition file as pydantic models: their fields, forms and descriptions."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from cimnet_nornir.definition.fields import ADDRESS, IDENTIFIER, LINUX_NAME, Address, Prefix, as_tuple
from cimnet_nornir.definition.file_model import FileModel
from cimnet_nornir.domain.hosting.values import AddressRange, HostMac, Image
from cimnet_nornir.domain.values import Identifier, Line, LinuxInterfaceName
from cimnet_nornir.errors import InvalidValue

_MAC = r"^[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5}$|^[0-9A-Fa-f]{4}(\.[0-9A-Fa-f]{4}){2}$"
_NAME_KEYS = {"propertyNames": {"pattern": IDENTIFIER}}


def _range(value: object) -> AddressRange:
    if not isinstance(value, str):
        raise InvalidValue(f"{value!r} stands where a range such as 10.0.100.32-10.0.100.63 is expected")
    return AddressRange.parse(value)


def _by_name(value: object) -> object:
    """A list of names as a mapping of them to nothing; nothing after a name is nothing said of it."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {item: {} for item in value}
    return {key: item or {} for key, item in value.items()} if isinstance(value, dict) else value


Range = Annotated[
    AddressRange,
    BeforeValidator(_range),
    WithJsonSchema({"type": "string", "pattern": rf"^ *{ADDRESS} *- *{ADDRESS} *$"}),
]
Nic = Annotated[LinuxInterfaceName, Field(json_schema_extra={"pattern": LINUX_NAME})]
_Runtime = Literal["docker", "podman"]


class HostEntry(FileModel):
    """A host of a container network."""

    uplink: Nic | None = Field(
        None,
        description="The network card that the VLAN comes by; without it the first that is linked to a switch with it.",
        examples=["eno1"],
    )
    range: Range | None = Field(
        None,
        description="The addresses that its containers get; without it the first free range of the subnet.",
        examples=["10.0.100.32-10.0.100.63"],
    )


class ContainerEntry(FileModel):
    """A container, under its name."""

    host: str | None = Field(None, description="Its host; may be left out where there is one.", examples=["srv1"])
    address: Address | None = Field(
        None, description="Its address; without it the next one of its host's range.", examples=["10.0.100.40"]
    )
    image: Image | None = Field(None, description="What it runs.", examples=["nginx:1.27"])
    runtime: _Runtime | None = Field(None, description="docker or podman, as its network.", examples=["podman"])


class ContainerNetworkEntry(FileModel):
    """A network of containers on hosts, under its name."""

    vlan: int | None = Field(
        None,
        ge=1,
        le=4094,
        description="The VLAN it is on; hosts must be linked to a switch that has it.",
        examples=[100],
    )
    runtime: _Runtime = Field("docker", description="docker or podman.", examples=["podman"])
    driver: Literal["bridge", "overlay", "macvlan"] = Field(
        "bridge", description="How hosts connect containers.", examples=["macvlan"]
    )
    bridge: Nic | None = Field(
        None, description="The bridge on each host; without it br-vlan<ID>, or br-<name>.", examples=["br-web"]
    )
    inter_container: bool = Field(
        default=True, description="false keeps containers of a bridge from one another.", examples=[False]
    )
    mtu: int | None = Field(None, ge=576, le=9216, description="The bridge's MTU in bytes.", examples=[9000])
    encrypted: bool = Field(default=False, description="Encrypt an overlay (IPsec).", examples=[True])
    vxlan: int | None = Field(None, ge=1, le=16777215, description="The VXLAN id of an overlay.", examples=[4097])
    parent: Nic | None = Field(
        None, description="The network card of macvlan; without it the one of the VLAN.", examples=["eno1"]
    )
    mode: Literal["bridge", "private", "vepa", "passthru"] = Field(
        "bridge", description="What macvlan lets through between containers.", examples=["private"]
    )
    subnet: Prefix | None = Field(
        None,
        description="Where ranges are taken from; without it the subnet of the VLAN's layer-3 interface.",
        examples=["10.0.100.0/24"],
    )
    gateway: Address | None = Field(
        None,
        description="The gateway; without it the VLAN's layer-3 interface, else the first address.",
        examples=["10.0.100.1"],
    )
    dns: Annotated[tuple[Address, ...], BeforeValidator(as_tuple)] = Field(
        (), description="The resolvers that containers get.", examples=[["10.0.100.2"]]
    )
    hosts: Annotated[dict[str, HostEntry], BeforeValidator(_by_name)] = Field(
        {},
        description="The hosts that carry it: a list of names, or a mapping to what is asked of each.",
        examples=[["srv1"], {"srv1": {"uplink": "eno1"}}],
    )
    containers: Annotated[
        dict[Identifier, ContainerEntry], BeforeValidator(_by_name), Field(json_schema_extra=_NAME_KEYS)
    ] = Field(
        {}, description="The containers by name.", examples=[{"web1": {"address": "10.0.100.40"}}, ["web1", "web2"]]
    )


class BandwidthEntry(FileModel):
    """The most that each virtual machine receives and sends."""

    inbound_mbps: int | None = Field(None, ge=1, le=400000, description="Received, in Mbit/s.", examples=[1000])
    outbound_mbps: int | None = Field(None, ge=1, le=400000, description="Sent, in Mbit/s.", examples=[500])


class VmHostEntry(FileModel):
    """A host of a VM network."""

    uplink: Nic | None = Field(None, description="The network card that the VLAN comes by.", examples=["eno1"])


class VmEntry(FileModel):
    """A virtual machine, under its name."""

    host: str | None = Field(None, description="Its host; may be left out where there is one.", examples=["srv1"])
    mac: Annotated[HostMac, Field(json_schema_extra={"pattern": _MAC})] | None = Field(
        None, description="Its MAC address; without it one that its name always gives.", examples=["52:54:00:12:34:56"]
    )
    address: Address | None = Field(
        None, description="Its address; without it it asks by DHCP.", examples=["192.168.122.10"]
    )


class VmNetworkEntry(FileModel):
    """A network of virtual machines on hosts, under its name."""

    hypervisor: Literal["libvirt", "vmware", "hyper-v"] = Field(
        "libvirt", description="What runs the machines.", examples=["vmware"]
    )
    uri: Line | None = Field(None, description="The connection URI of libvirt.", examples=["qemu:///system"])
    vcenter: Line | None = Field(None, description="The vCenter of VMware.", examples=["vcenter.example.net"])
    datacenter: Line | None = Field(None, description="The datacenter in it.", examples=["dc1"])
    host: str | None = Field(None, description="The Hyper-V server, a host.", examples=["hv1"])
    type: Literal["bridged", "nat", "internal"] = Field(
        "bridged", description="On the network, behind the host's address, or isolated.", examples=["nat"]
    )
    bridge: Line | None = Field(
        None, description="The bridge (port group, virtual switch); without it br-vlan<ID>.", examples=["br-vlan100"]
    )
    vlan: int | None = Field(None, ge=1, le=4094, description="The VLAN of a bridged network.", examples=[100])
    subnet: Prefix | None = Field(None, description="The subnet behind the host.", examples=["192.168.122.0/24"])
    dhcp: Range | None = Field(
        None, description="What the host hands out by DHCP.", examples=["192.168.122.100-192.168.122.199"]
    )
    bandwidth: BandwidthEntry = Field(
        BandwidthEntry(), description="Limits of each machine.", examples=[{"inbound_mbps": 1000}]
    )
    hosts: Annotated[dict[str, VmHostEntry], BeforeValidator(_by_name)] = Field(
        {}, description="The hosts that carry it.", examples=[["srv1"], {"srv1": {"uplink": "eno1"}}]
    )
    machines: Annotated[dict[Identifier, VmEntry], BeforeValidator(_by_name), Field(json_schema_extra=_NAME_KEYS)] = (
        Field(
            {}, description="The virtual machines by name.", examples=[{"vm1": {"address": "192.168.122.10"}}, ["vm1"]]
        )
    )

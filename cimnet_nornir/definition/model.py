"""The definition file as pydantic models: its fields, their forms and descriptions; the JSON Schema's source."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cimnet_nornir.definition.bundles import Bonds, PortChannels
from cimnet_nornir.definition.fields import (
    HOST_NAME,
    IDENTIFIER,
    PORT_OR_RANGE,
    Address,
    Allowed,
    DeviceVlans,
    InterfaceAddress,
    LinkEnds,
    Ports,
    Prefix,
    Priorities,
    VlanCatalogue,
    as_tuple,
    one_or_many,
)
from cimnet_nornir.definition.file_model import FileModel, Name, Text
from cimnet_nornir.definition.hosting import ContainerNetworkEntry, VmNetworkEntry
from cimnet_nornir.definition.protocol_fields import ACL_NAME, ListName
from cimnet_nornir.definition.protocol_models import AccessListEntry, BgpEntry, EigrpEntry
from cimnet_nornir.domain.values import HostName, Identifier, Label

_NAMED = {"propertyNames": {"pattern": IDENTIFIER}}
_Kind = Literal["router", "switch", "host"]


class InterfaceOspf(FileModel):
    """How an interface takes part in OSPF."""

    process: int | None = Field(
        None, ge=1, le=65535, description="The process; without it the only one of the device.", examples=[1]
    )
    area: int = Field(ge=0, le=4294967295, description="The area, as a number.", examples=[0])
    cost: int | None = Field(None, ge=1, le=65535, description="The cost; without it the device's own.", examples=[10])
    passive: bool = Field(default=False, description="Announced, but no neighbour is looked for here.", examples=[True])
    network: Literal["broadcast", "point-to-point"] = Field(
        "broadcast", description="The network type; point-to-point for a link of two.", examples=["point-to-point"]
    )


class PortProfile(FileModel):
    """What several switch ports have in common. A port's own fields go before those of its profile."""

    description: Text | None = Field(None, description="One line of text.", examples=["uplink to dist1"])
    enabled: bool = Field(default=True, description="false shuts it down.", examples=[False])
    mode: Literal["access", "trunk", "routed"] | None = Field(
        None,
        description="What the port does. Understood without it: access where there is `vlan`, trunk where there is"
        " `native` or `allowed`, routed where there is an address.",
        examples=["access"],
    )
    vlan: int | None = Field(None, ge=1, le=4094, description="The VLAN of an access port.", examples=[10])
    native: int | None = Field(
        None, ge=1, le=4094, description="The untagged VLAN of a trunk; 1 without it.", examples=[999]
    )
    allowed: Allowed = Field(
        None, description="The VLANs a trunk carries; all without it.", examples=["10,20-29", [10, 20], "all"]
    )
    portfast: bool = Field(default=False, description="Spanning tree forwards at once (end devices).", examples=[True])
    bpduguard: bool = Field(
        default=False, description="Shut down where a switch is plugged in (with portfast).", examples=[True]
    )


class InterfaceEntry(PortProfile):
    """An interface: a port, a range of ports, an SVI (Vlan10), a loopback; of a host a card, bond or lo."""

    profile: str | None = Field(None, description="A name from `port_profiles`.", examples=["user-port"])
    address: InterfaceAddress | None = Field(
        None, description="The address with its prefix length.", examples=["10.0.10.1/24"]
    )
    addresses: Annotated[tuple[InterfaceAddress, ...], BeforeValidator(as_tuple)] = Field(
        (), description="Several addresses; the first is the primary one.", examples=[["10.1.1.1/24", "10.1.2.1/24"]]
    )
    gateway: Address | None = Field(
        None,
        description="Of a host's card: the next hop of its default route, in the subnet of an address.",
        examples=["192.0.2.1"],
    )
    mtu: int | None = Field(
        None, ge=68, le=65535, description="Of a host's card: the longest packet, in bytes.", examples=[9000]
    )
    ospf: InterfaceOspf | None = Field(None, description="OSPF on this interface.", examples=[{"area": 0}])
    access_group_in: ListName | None = Field(
        None, description="The access list for what comes in, from `access_lists`.", examples=["EDGE", 10]
    )
    access_group_out: ListName | None = Field(
        None, description="The access list for what goes out.", examples=["EDGE", 10]
    )
    features: dict[str, Any] = Field(
        {}, description="Settings of features of the interface, by feature.", examples=[{}]
    )


class OspfEntry(FileModel):
    """An OSPF process."""

    process: int = Field(1, ge=1, le=65535, description="Its number.", examples=[1])
    router_id: Address | None = Field(
        None, description="The router id, most often the loopback's; a host needs it.", examples=["10.255.0.1"]
    )
    default_originate: bool = Field(default=False, description="Announce a default route.", examples=[True])
    vrf: Name | None = Field(None, description="The VRF that it runs in, of a router or switch.", examples=["blue"])


class RouteEntry(FileModel):
    """A static route."""

    to: Prefix = Field(description="The destination network.", examples=["0.0.0.0/0"])
    via: Address = Field(description="The next hop.", examples=["203.0.113.1"])
    distance: int = Field(1, ge=1, le=255, description="The administrative distance.", examples=[200])
    name: Name | None = Field(None, description="A name for people.", examples=["internet"])


class SpanningTreeEntry(FileModel):
    """Spanning tree of a switch."""

    mode: Literal["pvst", "rapid-pvst", "mst"] = Field("pvst", description="The mode.", examples=["rapid-pvst"])
    priority: Priorities = Field(
        {},
        description="Bridge priority by VLAN or VLAN list: multiples of 4096.",
        examples=[{"10": 4096, "20-29": 8192}],
    )


class Defaults(FileModel):
    """What holds for every device that does not say otherwise."""

    kind: _Kind | None = Field(
        None,
        description="router, switch, or host: a server that carries containers and virtual machines.",
        examples=["switch"],
    )
    vendor: Name | None = Field(
        None,
        description="The vendor; a host has its own, nixos unless it says otherwise.",
        examples=["cisco", "vmware"],
    )
    platform: Name | None = Field(
        None, description="The operating system: ios or iosxe; of a host nixos, esxi or hyper-v.", examples=["ios"]
    )
    model: Label | None = Field(None, description="The model.", examples=["C9300-24T"])
    role: Label | None = Field(None, description="Its role: core, distribution, access …", examples=["access"])
    site: Label | None = Field(None, description="Where it stands.", examples=["hq"])


class DeviceEntry(Defaults):
    """A device, under its host name."""

    id: Name | None = Field(
        None,
        description="Its identity, which outlives its host name; without it the host name it was first declared by.",
        examples=["rack3-u12"],
    )
    renamed_from: str | None = Field(
        None, description="The old host name: it is the same device and keeps its history.", examples=["sw1"]
    )
    management: Address | None = Field(None, description="The address it is reached at.", examples=["10.0.99.1"])
    routing: bool | None = Field(
        None,
        description="true makes a switch a layer-3 switch, and lets a host pass packets on.",
        examples=[True],
    )
    bridges: Literal["per-vlan", "vlan-aware"] | None = Field(
        None,
        description="The bridges of a host: one a VLAN (per-vlan, also without this field), or one a trunk that filters"
        " VLANs (vlan-aware).",
        examples=["vlan-aware"],
    )
    ports: Ports = Field(
        (),
        description="Its physical ports; ranges expand. Of a host its network cards, one by one.",
        examples=["GigabitEthernet1/0/1-24", ["Gi0/0", "Gi0/1"], ["eno1", "eno2"]],
    )
    vlans: DeviceVlans = Field(
        None,
        description="The VLANs of a switch: all of the catalogue (also without this field), a list of ids, or a"
        " mapping of ids to names where it has names of its own.",
        examples=["all", [10, 20], "10,20-29", {"10": "users"}],
    )
    spanning_tree: SpanningTreeEntry | None = Field(
        None, description="Spanning tree; left alone without it.", examples=[{"mode": "rapid-pvst"}]
    )
    ospf: Annotated[tuple[OspfEntry, ...], BeforeValidator(one_or_many)] = Field(
        (), description="An OSPF process, or a list of them.", examples=[{"process": 1, "router_id": "10.255.0.1"}]
    )
    bgp: BgpEntry | None = Field(
        None,
        description="BGP.",
        examples=[{"asn": 65001, "neighbors": [{"address": "203.0.113.1", "remote_as": 64500}]}],
    )
    eigrp: Annotated[tuple[EigrpEntry, ...], BeforeValidator(one_or_many)] = Field(
        (), description="An EIGRP process, or a list of them.", examples=[{"asn": 100, "networks": ["10.0.0.0/8"]}]
    )
    access_lists: Annotated[
        dict[ListName, AccessListEntry], Field(json_schema_extra={"propertyNames": {"pattern": ACL_NAME}})
    ] = Field(
        {},
        description="Access lists for IPv4 by name or number.",
        examples=[{"EDGE": {"entries": [{"action": "permit", "protocol": "tcp", "destination_port": 443}]}}],
    )
    interfaces: Annotated[
        dict[str, InterfaceEntry], Field(json_schema_extra={"propertyNames": {"pattern": PORT_OR_RANGE}})
    ] = Field(
        {},
        description="Interfaces by name; a key may be a range. Of a host its cards and bonds with addresses, and lo.",
        examples=[{"Vlan10": {"address": "10.0.10.1/24"}}, {"eno2": {"address": "192.0.2.10/24"}}],
    )
    port_channels: PortChannels = Field(
        {},
        description="Port-channels of a switch by number: ports that are one.",
        examples=[{"1": {"members": "GigabitEthernet1/0/21-22"}}],
    )
    bonds: Bonds = Field(
        {},
        description="Bonds of a host by name: network cards that are one.",
        examples=[{"bond0": {"members": ["eno1", "eno2"]}}],
    )
    routes: Annotated[tuple[RouteEntry | None, ...], BeforeValidator(as_tuple)] = Field(
        (), description="Static routes.", examples=[[{"to": "0.0.0.0/0", "via": "203.0.113.1"}]]
    )
    features: dict[str, Any] = Field(
        {},
        description="Settings of features, by feature; of a router or switch.",
        examples=[{"configuration-block": {"clns": {"lines": ["clns routing"]}}}],
    )


class NetworkFile(FileModel):
    """A network as somebody wants it. What it leaves out stays as it is, unless asked to prune."""

    network: Name = Field(description="The network's name.", examples=["campus"])
    defaults: Defaults = Field(
        Defaults(), description="Fields for every device.", examples=[{"vendor": "cisco", "platform": "ios"}]
    )
    vlans: VlanCatalogue = Field({}, description="The catalogue of VLANs: names by id.", examples=[{"10": "users"}])
    port_profiles: dict[str, PortProfile] = Field(
        {}, description="Settings that ports share, by name.", examples=[{"user-port": {"mode": "access", "vlan": 10}}]
    )
    devices: Annotated[
        dict[HostName, DeviceEntry], Field(json_schema_extra={"propertyNames": {"pattern": HOST_NAME}})
    ] = Field({}, description="Devices by host name.", examples=[{"r1": {"kind": "router", "model": "ISR4331"}}])
    links: Annotated[tuple[LinkEnds | None, ...], BeforeValidator(as_tuple)] = Field(
        (), description="Cables: two ends each.", examples=[[["r1 GigabitEthernet0/0", "dist1 GigabitEthernet1/0/24"]]]
    )
    container_networks: Annotated[dict[Identifier, ContainerNetworkEntry], Field(json_schema_extra=_NAMED)] = Field(
        {},
        description="Networks of containers on hosts, by name.",
        examples=[{"web": {"vlan": 100, "hosts": ["srv1"], "containers": ["web1", "web2"]}}],
    )
    vm_networks: Annotated[dict[Identifier, VmNetworkEntry], Field(json_schema_extra=_NAMED)] = Field(
        {},
        description="Networks of virtual machines on hosts, by name.",
        examples=[{"lab": {"type": "nat", "subnet": "192.168.122.0/24", "hosts": ["srv1"]}}],
    )

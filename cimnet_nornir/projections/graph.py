"""The context graph: devices, VLANs, subnets and what runs on hosts, with the cables and relations between them.

A networkx MultiGraph. Node and edge attributes are texts, numbers and booleans only, so that every format can carry
them. Nodes and edges are added in a fixed order: one network always gives the same graph.

Nodes, each with `kind` and `label`:

| node | kind | more |
| --- | --- | --- |
| `device:ID` | `device` | `device` (router, switch, host), `routing`, `platform`, `model`, `role`, `site`, |
| | | `management` |
| `vlan:10` | `vlan` | `vlan`, `name`, `continuous` (no islands among those who use it) |
| `subnet:10.0.10.0/24` | `subnet` | `prefix`, `version` (4 or 6) |
| `container-network:NAME` | `container network` | `driver`, `runtime`, `gateway`, `bridge` |
| `container:NETWORK/NAME` | `container` | `address`, `mac`, `image` |
| `vm-network:NAME` | `vm network` | `type` (bridged, nat, internal), `hypervisor` |
| `vm:NETWORK/NAME` | `vm` | `address`, `mac` |

Edges, each with `relation`:

| between | relation | more |
| --- | --- | --- |
| device and device | `link` | `a`, `a_port`, `b`, `b_port` (a is the lesser end), `vlans` that cross it ("10,20"), |
| | | `a_bundle`, `b_bundle` where a port is a member of one |
| device and VLAN | `has vlan` | `tagged`, `untagged`: ports that carry it, with commas between |
| device and subnet | `address` | `interface`, `address` |
| VLAN and subnet | `subnet` | |
| container or VM network and VLAN, and subnet | `in vlan`, `in subnet` | |
| container or VM network and host | `on host` | `uplink`, `range` |
| container or VM and its network, and its host | `member of`, `runs on` | |
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from cimnet_nornir.domain.bundles import bundle_of, logical_link
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Bridge
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_sort_key, interface_type
from cimnet_nornir.domain.layer2 import Framing, Layer2, carrying_ports, framing
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.vlan_continuity import islands, vlan_ids

if TYPE_CHECKING:
    from networkx import MultiGraph

Scalar = str | int | bool
Node = tuple[str, dict[str, Scalar]]
Edge = tuple[str, str, str, dict[str, Scalar]]
"""One end, the other, a key that tells it from others between the two, and its attributes."""


def context_graph(network: Network) -> "MultiGraph[str]":
    """The context graph of a network; its name is the network's."""
    from networkx import MultiGraph

    graph: MultiGraph[str] = MultiGraph(name=network.name)
    for node, attributes in _nodes(network):
        graph.add_node(node, **attributes)
    for a, b, key, attributes in _edges(network):
        # What stands on a device that is gone has no edge to it.
        if a in graph and b in graph:
            graph.add_edge(a, b, key=key, **attributes)
    return graph


def device_node(device: str) -> str:
    """The node of a device by its id."""
    return f"device:{device}"


def vlan_node(vlan: int) -> str:
    return f"vlan:{vlan}"


def subnet_node(subnet: IPv4Network) -> str:
    return f"subnet:{subnet}"


def _container_network(name: str) -> str:
    return f"container-network:{name}"


def _vm_network(name: str) -> str:
    return f"vm-network:{name}"


# --- nodes ------------------------------------------------------------------------------------------------------------


def _nodes(network: Network) -> Iterator[Node]:
    yield from (_device(network.devices[name]) for name in sorted(network.devices))
    yield from _vlans(network)
    for subnet in sorted(_subnets(network)):
        yield subnet_node(subnet), {"kind": "subnet", "label": str(subnet), "prefix": str(subnet), "version": 4}
    for name in sorted(network.container_networks):
        yield from _containers(network.container_networks[name])
    for name in sorted(network.vm_networks):
        yield from _vms(network.vm_networks[name])


def _device(device: Device) -> Node:
    details = device.details
    return device_node(device.id), {
        "kind": "device",
        "label": device.name,
        "device": device.kind.value,
        "routing": device.routes_packets,
        "platform": details.platform,
        "model": details.model,
        "role": details.role,
        "site": details.site,
        "management": str(details.management or ""),
    }


def _vlans(network: Network) -> Iterator[Node]:
    parted = {each.vlan for each in islands(network)}
    names: dict[int, str] = {}
    for identity in sorted(network.devices, reverse=True):
        names |= {vlan: name for vlan, name in network.devices[identity].vlans.items() if name}
    for vlan in sorted(
        {*vlan_ids(network), *(vlan for vlan, _ in _subnets_of_vlans(network)), *_hosted_vlans(network)}
    ):
        name = names.get(vlan, "")
        label = f"VLAN {vlan} {name}".rstrip()
        attributes: dict[str, Scalar] = {"vlan": vlan, "name": name, "continuous": vlan not in parted}
        yield vlan_node(vlan), {"kind": "vlan", "label": label, **attributes}


def _hosted_vlans(network: Network) -> set[int]:
    return {each.settings.vlan for each in _hosted(network) if each.settings.vlan is not None}


def _hosted(network: Network) -> tuple[HostedNetwork, ...]:
    return (*network.container_networks.values(), *network.vm_networks.values())


def _subnets(network: Network) -> set[IPv4Network]:
    interfaces = {
        address.network
        for device in network.devices.values()
        for interface in device.interfaces.values()
        for address in interface.addresses
    }
    return interfaces | {each.settings.subnet for each in _hosted(network) if each.settings.subnet is not None}


def _containers(hosted: ContainerNetwork) -> Iterator[Node]:
    settings = hosted.settings
    bridge = settings.driver.name if isinstance(settings.driver, Bridge) else None
    yield (
        _container_network(hosted.name),
        {
            "kind": "container network",
            "label": hosted.name,
            "driver": settings.driver.driver,
            "runtime": settings.runtime,
            "gateway": str(settings.gateway),
            "bridge": bridge or "",
        },
    )
    for name, container in sorted(hosted.containers.items()):
        attributes = {"address": str(container.address), "mac": container.mac, "image": container.image or ""}
        yield f"container:{hosted.name}/{name}", {"kind": "container", "label": name, **attributes}


def _vms(hosted: VmNetwork) -> Iterator[Node]:
    settings = hosted.settings
    attributes = {"type": settings.kind.type, "hypervisor": settings.hypervisor.hypervisor}
    yield _vm_network(hosted.name), {"kind": "vm network", "label": hosted.name, **attributes}
    for name, vm in sorted(hosted.vms.items()):
        address = str(vm.address or "")
        yield f"vm:{hosted.name}/{name}", {"kind": "vm", "label": name, "address": address, "mac": vm.mac}


# --- edges ------------------------------------------------------------------------------------------------------------


def _edges(network: Network) -> Iterator[Edge]:
    layer2, vlans = Layer2.of(network), (1, *vlan_ids(network))
    yield from (_link(layer2, link, vlans) for link in sorted(network.links))
    for name in sorted(network.devices):
        yield from _vlans_of(network.devices[name])
        yield from _addresses_of(network.devices[name])
    for vlan, subnet in sorted(_subnets_of_vlans(network)):
        yield vlan_node(vlan), subnet_node(subnet), "subnet", {"relation": "subnet"}
    for name in sorted(network.container_networks):
        yield from _of_containers(network.container_networks[name])
    for name in sorted(network.vm_networks):
        yield from _of_vms(network.vm_networks[name])


def _link(layer2: Layer2, link: Link, vlans: tuple[int, ...]) -> Edge:
    joined = logical_link(layer2.network.devices, link)
    switched = joined in layer2.links.get(link.a[0], ())
    crossing = format_vlan_list(vlan for vlan in vlans if switched and layer2.carries(joined, vlan))
    attributes = {"a": link.a[0], "a_port": link.a[1], "b": link.b[0], "b_port": link.b[1], "vlans": crossing}
    key = f"{link.a[1]} {link.b[1]}"
    bundles = _bundles(layer2.network, link)
    return device_node(link.a[0]), device_node(link.b[0]), key, {"relation": "link", **attributes, **bundles}


def _bundles(network: Network, link: Link) -> dict[str, str]:
    """The bundles that the ends of a link are members of, where they are."""
    found = {"a_bundle": link.a, "b_bundle": link.b}
    devices = ((name, network.devices.get(end[0]), end[1]) for name, end in found.items())
    bundles = ((name, bundle_of(device, port) if device is not None else None) for name, device, port in devices)
    return {name: bundle for name, bundle in bundles if bundle is not None}


def _vlans_of(device: Device) -> Iterator[Edge]:
    for vlan in sorted(device.vlans):
        ports: dict[Framing, list[str]] = {each: [] for each in Framing}
        for port in carrying_ports(device, vlan):
            if (how := framing(device.switch_ports.get(port), vlan)) is not None:
                ports[how].append(port)
        attributes = {how.value: ",".join(names) for how, names in ports.items()}
        yield device_node(device.id), vlan_node(vlan), "has vlan", {"relation": "has vlan", **attributes}


def _addresses_of(device: Device) -> Iterator[Edge]:
    for name in sorted(device.interfaces, key=interface_sort_key):
        for address in device.interfaces[name].addresses:
            attributes = {"interface": name, "address": str(address)}
            key = f"{name} {address.ip}"
            yield device_node(device.id), subnet_node(address.network), key, {"relation": "address", **attributes}


def _subnets_of_vlans(network: Network) -> set[tuple[int, IPv4Network]]:
    """The subnets of a VLAN: those of its SVIs, and of sub-interfaces that are tagged with it."""
    found = set()
    for device in network.devices.values():
        for name, interface in device.interfaces.items() if not device.is_host else ():
            number = name.removeprefix("Vlan") if interface_type(name) == "Vlan" else name.partition(".")[2]
            if number:
                found |= {(int(number), address.network) for address in interface.addresses}
    return found


def _of_containers(hosted: ContainerNetwork) -> Iterator[Edge]:
    node, settings = _container_network(hosted.name), hosted.settings
    yield from _placed(node, settings.vlan, settings.subnet)
    for host, share in sorted(settings.hosts.items()):
        uplink = share.uplink.interface if share.uplink is not None else ""
        attributes = {"uplink": uplink, "range": str(share.range)}
        yield node, device_node(host), "on host", {"relation": "on host", **attributes}
    for name, container in sorted(hosted.containers.items()):
        yield from _member(f"container:{hosted.name}/{name}", node, container.host)


def _of_vms(hosted: VmNetwork) -> Iterator[Edge]:
    node, settings = _vm_network(hosted.name), hosted.settings
    yield from _placed(node, settings.vlan, settings.subnet)
    for host, uplink in sorted(settings.hosts.items()):
        attributes = {"uplink": uplink.interface if uplink is not None else "", "range": ""}
        yield node, device_node(host), "on host", {"relation": "on host", **attributes}
    for name, vm in sorted(hosted.vms.items()):
        yield from _member(f"vm:{hosted.name}/{name}", node, vm.host)


def _placed(node: str, vlan: int | None, subnet: IPv4Network | None) -> Iterator[Edge]:
    if vlan is not None:
        yield node, vlan_node(vlan), "in vlan", {"relation": "in vlan"}
    if subnet is not None:
        yield node, subnet_node(subnet), "in subnet", {"relation": "in subnet"}


def _member(node: str, network: str, host: str) -> Iterator[Edge]:
    yield node, network, "member of", {"relation": "member of"}
    yield node, device_node(host), "runs on", {"relation": "runs on"}

"""What each thing of a network puts into the context graph: a device, a cable, a network of hosts, by itself.

A part follows from the thing and from what it ends at, so that a change of one thing is a change of few parts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import combinations

from cimnet_nornir.domain.bundles import bundle_of, channel_number, logical_link
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Bridge, Overlay, Uplink
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_sort_key, interface_speed, interface_type
from cimnet_nornir.domain.layer2 import PERMANENT_VLANS, is_routed, switching_ports
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.validation.segments import Members, members
from cimnet_nornir.domain.values import PortConfiguration

Scalar = str | int | bool
Attributes = dict[str, Scalar]
EdgeId = tuple[str, str, str]
"""One end, the other, and a key that tells the edge from others between the two."""

# VLANs that nobody uses: those of FDDI and Token Ring.
_NEVER_USED = PERMANENT_VLANS - {1}


@dataclass(slots=True)
class Part:
    """The nodes and edges of one thing. Of a VLAN it only says that it is there, and by which name."""

    nodes: dict[str, Attributes] = field(default_factory=dict)
    edges: dict[EdgeId, Attributes] = field(default_factory=dict)


def device_node(device: str) -> str:
    """The node of a device by its id."""
    return f"device:{device}"


def vlan_node(vlan: int) -> str:
    return f"vlan:{vlan}"


def subnet_node(subnet: IPv4Network) -> str:
    return f"subnet:{subnet}"


def _put(part: Part, one: str, other: str, relation: str, key: str = "", /, **more: Scalar) -> None:
    part.edges[one, other, key or relation] = {"relation": relation, **more}


def _put_vlan(part: Part, vlan: int, name: str | None = None) -> str:
    node = vlan_node(vlan)
    part.nodes.setdefault(node, {"kind": "vlan", "vlan": vlan, "name": name or ""})
    return node


def _put_subnet(part: Part, subnet: IPv4Network) -> str:
    node = subnet_node(subnet)
    part.nodes[node] = {"kind": "subnet", "label": str(subnet), "prefix": str(subnet), "version": 4}
    return node


# --- devices ----------------------------------------------------------------------------------------------------------


def device_part(device: Device) -> Part:
    """A device with its VLANs and addresses."""
    node, details = device_node(device.id), device.details
    part = Part()
    part.nodes[node] = {
        "kind": "device",
        "label": device.name,
        "device": device.kind.value,
        "routing": device.routes_packets,
        "platform": details.platform,
        "model": details.model,
        "role": details.role,
        "site": details.site,
        "management": str(details.management or ""),
        "spanning_tree": device.spanning_tree.mode if device.switches else "",
    }
    for vlan, ports in _ports_by_vlan(device).items():
        attributes = {how: ",".join(names) for how, names in ports.items()}
        _put(part, node, _put_vlan(part, vlan, device.vlans[vlan]), "has vlan", **attributes)
    _put_addresses(part, node, device)
    return part


def _ports_by_vlan(device: Device) -> dict[int, dict[str, list[str]]]:
    """The ports that carry each VLAN of a device, by how frames leave them; gathered in one pass over the ports."""
    found: dict[int, dict[str, list[str]]] = {vlan: {"tagged": [], "untagged": []} for vlan in sorted(device.vlans)}
    known: dict[int, Members] = {}
    routed = {*device.interfaces, *(name.partition(".")[0] for name in device.interfaces)}
    ports = sorted(switching_ports(device), key=interface_sort_key) if device.switches and found else ()
    for port in ports:
        if port in routed:
            continue
        configuration = device.switch_ports.get(port)
        # Most ports are configured like some other, by the same object.
        taken = known.get(id(configuration)) or known.setdefault(id(configuration), members(device, configuration))
        for vlan in taken.tagged & found.keys():
            found[vlan]["tagged"].append(port)
        if taken.untagged in found:
            found[taken.untagged]["untagged"].append(port)
    return found


def _put_addresses(part: Part, node: str, device: Device) -> None:
    for name in sorted(device.interfaces, key=interface_sort_key):
        vlan = None if device.is_host else _vlan_of(name)
        for address in device.interfaces[name].addresses:
            subnet = _put_subnet(part, address.network)
            _put(part, node, subnet, "address", f"{name} {address.ip}", interface=name, address=str(address))
            if vlan is not None:
                _put(part, _put_vlan(part, vlan, device.vlans.get(vlan)), subnet, "subnet")


def _vlan_of(interface: str) -> int | None:
    """The VLAN of an SVI, and of a sub-interface that is tagged with it."""
    number = interface.removeprefix("Vlan") if interface_type(interface) == "Vlan" else interface.partition(".")[2]
    return int(number) if number else None


# --- cables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a cable carries: whether both its ends are switch ports, and the VLANs that cross it then."""

    switched: bool = False
    vlans: frozenset[int] = frozenset()


def crossing(devices: Mapping[str, Device], link: Link) -> Crossing:
    """What a link carries, as `Layer2.carries` tells of one VLAN; members of a bundle carry what it does."""
    joined = logical_link(devices, link)
    ends = [(devices.get(device), port) for device, port in (joined.a, joined.b)]
    if not all(device is not None and device.switches and not is_routed(device, port) for device, port in ends):
        return Crossing()
    one, other = (members(device, _configured(device, port)) for device, port in ends if device is not None)
    both = one.tagged & other.tagged
    if one.untagged is not None and one.untagged == other.untagged:
        both |= {one.untagged}
    return Crossing(switched=True, vlans=both - _NEVER_USED)


def _configured(device: Device, port: str) -> PortConfiguration | None:
    return device.switch_ports.get(port)


def link_part(network: Network, link: Link, carried: Crossing) -> Part:
    """The edge of a cable; `carried` is what `crossing` says of it."""
    part = Part()
    _put(
        part,
        device_node(link.a[0]),
        device_node(link.b[0]),
        "link",
        f"{link.a[1]} {link.b[1]}",
        a=link.a[0],
        a_port=link.a[1],
        b=link.b[0],
        b_port=link.b[1],
        speed=_speed(link),
        vlans=format_vlan_list(carried.vlans),
        **dict(_bundles(network, link)),
    )
    return part


def _speed(link: Link) -> int:
    """The speed of the slower end, of the one whose name tells it where only one does; 0 where none does."""
    return min((speed for _, port in (link.a, link.b) if (speed := interface_speed(port))), default=0)


def _bundles(network: Network, link: Link) -> Iterator[tuple[str, str]]:
    """The bundles that the ends of a link are members of, and their modes, where they are."""
    for end, (identity, port) in (("a", link.a), ("b", link.b)):
        device = network.devices.get(identity)
        bundle = bundle_of(device, port) if device is not None else None
        if device is not None and bundle is not None:
            number = channel_number(bundle)
            yield f"{end}_bundle", bundle
            yield f"{end}_mode", device.bonds[bundle].mode if number is None else device.port_channels[number].mode


# --- what runs on hosts -----------------------------------------------------------------------------------------------


def container_part(hosted: ContainerNetwork) -> Part:
    """A network of containers with those attached, and the tunnels between its hosts."""
    node, settings, part = f"container-network:{hosted.name}", hosted.settings, Part()
    bridge = settings.driver.name if isinstance(settings.driver, Bridge) else None
    part.nodes[node] = {
        "kind": "container network",
        "label": hosted.name,
        "driver": settings.driver.driver,
        "runtime": settings.runtime,
        "gateway": str(settings.gateway),
        "bridge": bridge or "",
    }
    _place(part, node, hosted)
    for host, share in sorted(settings.hosts.items()):
        _put(part, node, device_node(host), "on host", uplink=_card(share.uplink), range=str(share.range))
    for name, container in sorted(hosted.containers.items()):
        attributes = {"address": str(container.address), "mac": container.mac, "image": container.image or ""}
        part.nodes[f"container:{hosted.name}/{name}"] = {"kind": "container", "label": name, **attributes}
        _put_member(part, f"container:{hosted.name}/{name}", node, container.host)
    if isinstance(settings.driver, Overlay):
        _put_tunnels(part, hosted.name, settings.driver, sorted(settings.hosts))
    return part


def _put_tunnels(part: Part, name: str, driver: Overlay, hosts: list[str]) -> None:
    """VXLAN from each host of an overlay to each other."""
    more: Attributes = {"network": name, "vxlan": driver.vxlan or 0, "encrypted": driver.encrypted}
    for one, other in combinations(hosts, 2):
        _put(part, device_node(one), device_node(other), "tunnel", f"tunnel {name}", **more)


def vm_part(hosted: VmNetwork) -> Part:
    """A network of virtual machines with those attached."""
    node, settings, part = f"vm-network:{hosted.name}", hosted.settings, Part()
    attributes = {"type": settings.kind.type, "hypervisor": settings.hypervisor.hypervisor}
    part.nodes[node] = {"kind": "vm network", "label": hosted.name, **attributes}
    _place(part, node, hosted)
    for host, uplink in sorted(settings.hosts.items()):
        _put(part, node, device_node(host), "on host", uplink=_card(uplink), range="")
    for name, vm in sorted(hosted.vms.items()):
        address = str(vm.address or "")
        part.nodes[f"vm:{hosted.name}/{name}"] = {"kind": "vm", "label": name, "address": address, "mac": vm.mac}
        _put_member(part, f"vm:{hosted.name}/{name}", node, vm.host)
    return part


def _card(uplink: Uplink | None) -> str:
    return uplink.interface if uplink is not None else ""


def _place(part: Part, node: str, hosted: HostedNetwork) -> None:
    if hosted.settings.vlan is not None:
        _put(part, node, _put_vlan(part, hosted.settings.vlan), "in vlan")
    if hosted.settings.subnet is not None:
        _put(part, node, _put_subnet(part, hosted.settings.subnet), "in subnet")


def _put_member(part: Part, node: str, network: str, host: str) -> None:
    _put(part, node, network, "member of")
    _put(part, node, device_node(host), "runs on")

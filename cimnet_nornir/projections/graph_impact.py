"""What goes when a device or a link goes, in names: for whoever is about to pull a plug, or asks where one hurts."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimnet_nornir.domain.interfaces import canonical_interface, interface_sort_key
from cimnet_nornir.errors import InvalidValue, PortNotFound
from cimnet_nornir.projections.graph_links import DeviceLink, port_words
from cimnet_nornir.projections.graph_names import find_device, name_of
from cimnet_nornir.projections.graph_weakness import Dependence, dependence

if TYPE_CHECKING:
    from networkx import MultiGraph


@dataclass(frozen=True, slots=True)
class Impact:
    """What is cut off when the subject goes: devices, servers, and the containers and machines on any of them.

    `kind` is "device" or "link", `subject` a host name or the two ends of a link, of `cables` cables (0: a device).
    `subnets` are those whose last gateway goes. The subject itself is not among the devices.
    """

    kind: str
    subject: str
    cables: int
    devices: tuple[str, ...]
    hosts: tuple[str, ...]
    containers: tuple[str, ...]
    vms: tuple[str, ...]
    subnets: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether everything else goes on."""
        return not (self.devices or self.hosts or self.containers or self.vms or self.subnets)


def impact_of(graph: "MultiGraph[str]", name: str, port: str | None = None) -> Impact:
    """What hangs on a device, or on the link at one of its ports. Raises DeviceNotFound, PortNotFound."""
    device, known = find_device(graph, name), dependence(graph)
    if port is None:
        return _of_device(graph, known, device)
    link = _link_at(graph, known.links, device, port)
    return _of_link(graph, known, link)


def _link_at(graph: "MultiGraph[str]", links: Iterable[DeviceLink], device: str, port: str) -> DeviceLink:
    wanted = {port}
    # A card of a Linux host has a name of its own.
    with suppress(InvalidValue):
        wanted.add(canonical_interface(port))
    own = [link for link in links if device in (link.a, link.b)]
    found = next((link for link in own if any(link.has_port(device, each) for each in wanted)), None)
    if found is None:
        known = sorted((link.ends_from(device)[0] for link in own), key=interface_sort_key)
        ports = ", ".join(port_words(port) for port in known) or "none"
        raise PortNotFound(f"{name_of(graph, device)} has no link at {port!r}; it has links at: {ports}", subject=port)
    return found


def weak_points(graph: "MultiGraph[str]") -> tuple[Impact, ...]:
    """The devices and single cables on which others hang, those first on which most does.

    A link of several cables in one bundle is no weak point: it goes on with one cable less.
    """
    known = dependence(graph)
    found = [_of_device(graph, known, device) for device in known.with_device]
    found += [_of_link(graph, known, link) for link in known.with_link if len(link.cables) == 1]
    return tuple(sorted(found, key=lambda each: (-_weight(each), each.kind, each.subject)))


def _weight(impact: Impact) -> int:
    return len(impact.devices) + len(impact.hosts)


def _of_device(graph: "MultiGraph[str]", known: Dependence, device: str) -> Impact:
    lost = known.with_device.get(device, frozenset())
    return _impact(graph, "device", name_of(graph, device), 0, lost, gone=lost | {device})


def _of_link(graph: "MultiGraph[str]", known: Dependence, link: DeviceLink) -> Impact:
    ends = ((link.a, link.a_port), (link.b, link.b_port))
    subject = " - ".join(f"{name_of(graph, device)} {port_words(port)}" for device, port in ends)
    lost = known.with_link.get(link, frozenset())
    return _impact(graph, "link", subject, len(link.cables), lost, gone=lost)


def _impact(
    graph: "MultiGraph[str]", kind: str, subject: str, cables: int, lost: frozenset[str], *, gone: frozenset[str]
) -> Impact:
    servers = {device for device in lost if graph.nodes[device]["device"] == "host"}
    running = list(_running_on(graph, gone))
    return Impact(
        kind,
        subject,
        cables,
        devices=_names(graph, lost - servers),
        hosts=_names(graph, servers),
        containers=_names(graph, (node for node in running if graph.nodes[node]["kind"] == "container")),
        vms=_names(graph, (node for node in running if graph.nodes[node]["kind"] == "vm")),
        subnets=tuple(_without_gateway(graph, gone)),
    )


def _names(graph: "MultiGraph[str]", nodes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name_of(graph, node) for node in nodes))


def _running_on(graph: "MultiGraph[str]", devices: Iterable[str]) -> Iterator[str]:
    for device in devices:
        yield from (other for other in graph[device] if graph.nodes[other]["kind"] in ("container", "vm"))


def _without_gateway(graph: "MultiGraph[str]", gone: frozenset[str]) -> Iterator[str]:
    """The subnets of VLANs that had an address of a routing device, and have none any more."""
    near = {node for device in gone for node in graph[device] if graph.nodes[node]["kind"] == "subnet"}
    for subnet in sorted(near):
        routers = {other for other in graph[subnet] if graph.nodes[other].get("routing")}
        of_a_vlan = any(graph.nodes[other]["kind"] == "vlan" for other in graph[subnet])
        if of_a_vlan and routers and routers <= gone:
            yield name_of(graph, subnet)

"""The context graph as events come: each is taken in by itself, and only what it touches is made anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.streams import device_prefix, hosted_prefixes, network_stream
from cimnet_nornir.domain.vlan_uses import vlans_in_use, vlans_in_use_at
from cimnet_nornir.projections.graph_assembly import Assembly
from cimnet_nornir.projections.graph_continuity import Continuity
from cimnet_nornir.projections.graph_parts import container_part, crossing, device_part, link_part, vm_part
from cimnet_nornir.projections.intent import Intent, apply_event

if TYPE_CHECKING:
    from networkx import MultiGraph

# From so many switches on, one look at the whole network costs less than a look at each of them.
_MANY = 100

_CONTAINERS, _VMS = "container network", "vm network"


@dataclass(slots=True)
class _Touched:
    """What is to be made anew: devices and switches by their ids, cables, and networks of hosts by kind and name."""

    devices: set[str] = field(default_factory=set)
    switches: set[str] = field(default_factory=set)
    links: set[Link] = field(default_factory=set)
    hosted: set[tuple[str, str]] = field(default_factory=set)


class ContextGraph:
    """The context graph of a network whose events are taken in one by one.

    It owns the intent that it is given. `graph` is one object that changes with the events: whoever wants it to stay
    as it is copies it, and nobody else changes it.
    """

    def __init__(self, intent: Intent) -> None:
        self._intent = intent
        self._assembly = Assembly(intent.network.name)
        self._continuity = Continuity()
        self._uplinks: dict[tuple[str, str], frozenset[str]] = {}
        network = intent.network
        hosted = {(_CONTAINERS, name) for name in network.container_networks}
        hosted |= {(_VMS, name) for name in network.vm_networks}
        self._touched = _Touched(set(network.devices), set(network.devices), set(network.links), hosted)

    @property
    def position(self) -> int:
        """The position of the last event that was taken in."""
        return self._intent.position

    @property
    def graph(self) -> "MultiGraph[str]":
        """The graph with all events that were taken in."""
        self._settle()
        return self._assembly.graph

    def take_in(self, events: Iterable[StoredEvent]) -> int:
        """Take in the events that follow on those before; returns how many of them were the network's own."""
        count = 0
        for stored in events:
            self._intent.position = stored.position
            if apply_event(self._intent, stored):
                count += 1
                self._touch(stored)
        return count

    # --- what an event touches ----------------------------------------------------------------------------------------

    @property
    def _network(self) -> Network:
        return self._intent.network

    def _touch(self, stored: StoredEvent) -> None:
        name, stream, event = self._network.name, stored.aggregate_id, stored.event
        containers, machines = hosted_prefixes(name)
        if stream.startswith(containers):
            self._touched.hosted.add((_CONTAINERS, stream.removeprefix(containers)))
        elif stream.startswith(machines):
            self._touched.hosted.add((_VMS, stream.removeprefix(machines)))
        elif stream != network_stream(name):
            self._touch_device(stream.removeprefix(device_prefix(name)))
        elif isinstance(event, e.LinkConnected | e.LinkDisconnected):
            self._touch_link(Link.between(event.a, event.b))

    def _touch_device(self, device: str) -> None:
        self._touched.devices.add(device)
        self._touched.switches.add(device)
        for link in self._network.links_of(device):
            self._touch_link(link)

    def _touch_link(self, link: Link) -> None:
        """What is at one end of a link says who is in a VLAN at the other: a router that tags."""
        self._touched.links.add(link)
        self._touched.switches.update((link.a[0], link.b[0]))

    # --- made anew ----------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        touched, self._touched = self._touched, _Touched()
        network, vlans = self._network, set[int]()
        for name in sorted(touched.devices):
            device = network.devices.get(name)
            vlans |= self._assembly.put(("device", name), device_part(device) if device is not None else None)
        for kind, name in sorted(touched.hosted):
            vlans |= self._put_hosted(kind, name, touched.switches)
        for link in sorted(touched.links):
            self._put_link(link)
        self._look_who_is_where(touched.switches)
        for vlan, continuous in self._continuity.settle(vlans).items():
            self._assembly.name_vlan(vlan, continuous=continuous)

    def _put_hosted(self, kind: str, name: str, switches: set[str]) -> set[int]:
        networks = self._network.container_networks if kind == _CONTAINERS else self._network.vm_networks
        hosted: HostedNetwork | None = networks.get(name)
        now = frozenset(uplink.switch for uplink in hosted.uplinks.values()) if hosted is not None else frozenset()
        switches |= now | self._uplinks.get((kind, name), frozenset())
        self._uplinks[kind, name] = now
        if hosted is None:
            return self._assembly.put((kind, name), None)
        return self._assembly.put(
            (kind, name), container_part(hosted) if isinstance(hosted, ContainerNetwork) else vm_part(hosted)
        )

    def _put_link(self, link: Link) -> None:
        network = self._network
        carried = crossing(network.devices, link) if link in network.links else None
        self._continuity.carry(link, carried)
        self._assembly.put(("link", link), link_part(network, link, carried) if carried is not None else None)

    def _look_who_is_where(self, switches: set[str]) -> None:
        devices = self._network.devices
        present = {name for name in switches if name in devices and devices[name].switches}
        for gone in switches - present:
            self._continuity.use(gone, None)
        everywhere = vlans_in_use(self._network) if len(present) >= _MANY else None
        for name in present:
            used = vlans_in_use_at(self._network, devices[name]) if everywhere is None else everywhere[name]
            self._continuity.use(name, used)

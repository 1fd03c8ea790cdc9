"""What runs on hosts, as the context graph has it: networks on hosts, containers and VMs, VLANs and subnets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networkx import MultiGraph

_NETWORKS = ("container network", "vm network")
# The end of an edge that is named first here.
_ORDER = {"container": 0, "vm": 0, "container network": 1, "vm network": 1, "device": 2, "vlan": 3, "subnet": 4}


@dataclass(frozen=True, slots=True)
class Place:
    """A network on a host, by their nodes; `host` is empty where it is on none."""

    network: str
    host: str = ""

    @property
    def key(self) -> str:
        """What names it among the boxes of a chart."""
        return f"{self.network} {self.host}"


@dataclass(slots=True)
class Hosting:
    """What a graph tells of its hosts, looked up once.

    `places` have the uplink of each network on each host, `members` the containers and VMs at each place. `vlans` and
    `subnets` are those of networks; `tunnels` join the places of an overlay, with the VXLAN.
    """

    graph: "MultiGraph[str]"
    places: dict[Place, str] = field(default_factory=dict)
    members: dict[Place, list[str]] = field(default_factory=dict)
    vlans: dict[str, str] = field(default_factory=dict)
    subnets: dict[str, str] = field(default_factory=dict)
    tunnels: list[tuple[Place, Place, str]] = field(default_factory=list)
    _networks: dict[str, str] = field(default_factory=dict)
    _hosts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: "MultiGraph[str]") -> "Hosting":
        found = cls(graph)
        for one, other, data in graph.edges(data=True):
            found.take_in(one, other, data)
        for member, network in found._networks.items():
            place = Place(network, found._hosts.get(member, ""))
            found.places.setdefault(place, "")
            found.members.setdefault(place, []).append(member)
        placed = {place.network for place in found.places}
        alone = (node for node, data in graph.nodes(data=True) if data["kind"] in _NETWORKS and node not in placed)
        found.places |= {Place(node): "" for node in alone}
        return found

    def take_in(self, one: str, other: str, data: Mapping[str, Any]) -> None:
        """An edge, whichever of its ends networkx names first."""
        first, second = sorted((one, other), key=lambda node: _ORDER[self.kind(node)])
        match data["relation"]:
            case "on host":
                self.places[Place(first, second)] = str(data["uplink"])
            case "member of":
                self._networks[first] = second
            case "runs on":
                self._hosts[first] = second
            case "in vlan":
                self.vlans[first] = second
            case "in subnet":
                self.subnets[first] = second
            case "tunnel":
                network = f"container-network:{data['network']}"
                vxlan = f"VXLAN {data['vxlan']}" if data["vxlan"] else "VXLAN"
                self.tunnels.append((Place(network, first), Place(network, second), vxlan))
            case _:
                pass

    def kind(self, node: str) -> str:
        return str(self.graph.nodes[node]["kind"])

    def label(self, node: str) -> str:
        return str(self.graph.nodes[node]["label"])

    def words(self, network: str) -> str:
        """What a network is: "docker bridge br-vlan100", "VM network of libvirt, bridged"."""
        data = self.graph.nodes[network]
        if data["kind"] == "vm network":
            return f"VM network of {data['hypervisor']}, {data['type']}"
        return f"{data['runtime']} {data['driver']} {data['bridge']}"

    def member_kinds(self, place: Place) -> list[str]:
        """What is at a place, a word for each."""
        return ["VM" if self.kind(member) == "vm" else "container" for member in self.members.get(place, ())]

    def by_network(self) -> dict[str, list[Place]]:
        """The places of each network, the networks by their names."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.network, []).append(place)
        return found

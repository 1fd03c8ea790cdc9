"""Links of devices that are taken over: by what they hear of one another, else by the subnets of their ports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cimnet_nornir.application.cabling import Listening, cables
from cimnet_nornir.application.observations import Observed
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import short_interface
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.subnet_links import match_subnets
from cimnet_nornir.domain.tables import vrf_of


@dataclass(frozen=True, slots=True)
class FoundLinks:
    """Links that are not intent yet: `heard` by CDP or LLDP, `matched` by subnets; `doubts` say what is left open."""

    heard: frozenset[Link] = frozenset()
    matched: frozenset[Link] = frozenset()
    doubts: tuple[str, ...] = ()

    @property
    def links(self) -> frozenset[Link]:
        """All of them."""
        return self.heard | self.matched


def find_links(network: Network, devices: Mapping[str, Device], observed: Mapping[str, Observed]) -> FoundLinks:
    """The links of these devices that a network does not have; `network` holds the devices as they are to be.

    A port has one cable: what was declared or heard goes before what addresses tell.
    """
    heard = frozenset(_heard(network, observed))
    matched = match_subnets(network.devices.values(), network.links | heard, tables_of(network), devices)
    return FoundLinks(heard, matched.links, matched.doubts)


def link_words(link: Link, names: Mapping[str, str]) -> str:
    """A link as people read it; `names` are host names by device id."""
    return " -- ".join(f"{names.get(end[0], end[0])} {short_interface(end[1])}" for end in (link.a, link.b))


def tables_of(network: Network) -> dict[tuple[str, str], str]:
    """The VRF of each interface that is in one, by device id and interface."""
    places = ((device, name) for device in network.devices.values() for name in device.interfaces)
    return {(device.id, name): vrf for device, name in places if (vrf := vrf_of(device, name))}


def _heard(network: Network, observed: Mapping[str, Observed]) -> Iterator[Link]:
    """Cables that devices of the network tell of, and nobody declared; the same one once."""
    found = cables(
        network,
        Listening(
            {device: item.neighbors for device, item in observed.items()},
            {device: [port.name for port in item.ports] for device, item in observed.items()},
            {device.id: device.name for device in network.devices.values()},
            {device: item.facts.hostname for device, item in observed.items()},
        ),
    )
    taken: set[tuple[str, str]] = set()
    for cable in found:
        ends = {cable.a, cable.b}
        known = all(end[0] in network.devices and end[1] in network.devices[end[0]].ports for end in ends)
        if cable.verdict == "unexpected" and known and cable.a[0] != cable.b[0] and not ends & taken:
            taken |= ends
            yield Link(*sorted(ends))

"""Where in the file a routing protocol, bundle or access list stands that a refusal of the domain names."""

from cimnet_nornir.definition.model import DeviceEntry, InterfaceEntry
from cimnet_nornir.definition.positions import BUNDLES, PROTOCOLS, Path, bundle_path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.routing_values import EigrpProcess
from cimnet_nornir.domain.values import OspfProcess

_LIST = "access list "


def is_protocol(place: str) -> bool:
    """Whether a subject, without its host, is a part of a protocol: "bgp 192.0.2.1", "eigrp 100", "bonds bond0"."""
    return place.partition(" ")[0] in PROTOCOLS


def protocol_path(host: str, entry: DeviceEntry, place: str) -> Path:
    """The path of a neighbour of BGP, of a process of EIGRP or OSPF, or of a bundle."""
    protocol, _, name = place.partition(" ")
    here = ("devices", host, protocol)
    if protocol in BUNDLES:
        return bundle_path(host, place)
    if protocol == "ospf":
        return (*here, next((i for i, process in enumerate(entry.ospf) if str(process.process) == name), 0))
    if protocol == "eigrp":
        return (*here, next((i for i, process in enumerate(entry.eigrp) if str(process.asn) == name), 0))
    peers = entry.bgp.neighbors if entry.bgp else ()
    return (*here, *next((("neighbors", i) for i, peer in enumerate(peers) if str(peer.address) == name), ()))


def take_protocol_out(device: Device, place: str) -> bool:
    """Take a protocol out of the network under check; False where it is not there."""
    protocol, _, name = place.partition(" ")
    if protocol == "port_channels":
        return device.port_channels.pop(int(name), None) is not None
    if protocol == "bonds":
        return device.bonds.pop(name, None) is not None
    if protocol in ("eigrp", "ospf"):
        processes: dict[int, EigrpProcess] | dict[int, OspfProcess]
        processes = device.eigrp if protocol == "eigrp" else device.ospf
        return processes.pop(int(name), None) is not None
    found, device.bgp = device.bgp is not None, None
    return found


def group_path(interface: Path, entry: InterfaceEntry, subject: str) -> Path | None:
    """The path of the access group of an interface that names the list the subject is about, if it is about one."""
    name = subject.removeprefix(_LIST)
    if name == subject:
        return None
    fields = ("access_group_in", "access_group_out")
    return (*interface, next((field for field in fields if getattr(entry, field) == name), fields[0]))

"""What a person means: a node of the graph by a host name, a VLAN, a subnet, an address, or the name of a container."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import TYPE_CHECKING, Any

from cimnet_nornir.domain.layer2 import DEFAULT_VLAN
from cimnet_nornir.errors import DeviceNotFound, InvalidInput, NotFound, VlanNotFound

if TYPE_CHECKING:
    from networkx import MultiGraph

_VLAN = re.compile(r"(?:vlan[\s:]*)?(\d{1,4})", re.IGNORECASE)


def name_of(graph: "MultiGraph[str]", node: str) -> str:
    """How a node is called where its kind is known: a host name, `10.0.10.0/24`, `web/proxy`, `VLAN 10 users`."""
    attributes = graph.nodes[node]
    if attributes["kind"] in ("container", "vm"):
        return node.partition(":")[2]
    return str(attributes["label"])


def find_device(graph: "MultiGraph[str]", name: str) -> str:
    """The node of a device by its host name, in either case, or its id. Raises DeviceNotFound."""
    devices = {node: data for node, data in graph.nodes(data=True) if data["kind"] == "device"}
    found = _device_of(devices, name)
    if found is None:
        hint = _hint(name, (str(data["label"]) for data in devices.values()), "cimnet inventory lists them")
        raise DeviceNotFound(f"there is no device {name!r}; {hint}", subject=name)
    return found


def find_node(graph: "MultiGraph[str]", text: str) -> str:
    """The node that a text means: `acc1`, `vlan 100`, `10.0.10.0/24`, `10.0.100.40`, `web/proxy`, `proxy`, `users`.

    Devices come first, then what is written like a VLAN, a subnet or an address, then other names. Raises NotFound, and
    InvalidInput where several things have the name.
    """
    asked = text.strip()
    nodes: dict[str, dict[str, Any]] = dict(graph.nodes.items())
    if asked in nodes:
        return asked
    devices = {node: data for node, data in nodes.items() if data["kind"] == "device"}
    found = _device_of(devices, asked) or _written_out(graph, asked)
    if found is not None:
        return found
    named = [node for node, data in nodes.items() if asked.lower() in _names(node, data)]
    if len(named) > 1:
        several = ", ".join(named)
        raise InvalidInput(f"{asked!r} is the name of several things; write one of: {several}", subject=asked)
    if not named:
        every = (name for node, data in nodes.items() for name in _names(node, data))
        hint = _hint(asked, every, "write a host name, `vlan 10`, a subnet, an address, or the name of a container")
        raise NotFound(f"there is nothing called {asked!r} in the network; {hint}", subject=asked)
    return named[0]


def require_vlan(graph: "MultiGraph[str]", vlan: int) -> None:
    """Raise VlanNotFound where nobody has a VLAN; the first is there by itself."""
    if vlan != DEFAULT_VLAN and f"vlan:{vlan}" not in graph:
        raise VlanNotFound(f"there is no VLAN {vlan} in the network; cimnet vlan list shows them", subject=str(vlan))


def _hint(name: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(name.lower(), sorted(set(known)), n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def _device_of(devices: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    named = (node for node, data in devices.items() if str(data["label"]).lower() == name.lower())
    return next(named, None) or (f"device:{name}" if f"device:{name}" in devices else None)


def _names(node: str, data: Mapping[str, Any]) -> Iterator[str]:
    """The names of a node in small letters."""
    yield str(data["label"]).lower()
    if data["kind"] in ("container", "vm"):
        yield node.partition(":")[2].lower()
    if data["kind"] == "vlan" and data["name"]:
        yield str(data["name"]).lower()


def _written_out(graph: "MultiGraph[str]", text: str) -> str | None:
    """What is written like a VLAN, a subnet or an address; None where it is not, or there is no such thing."""
    vlan = _VLAN.fullmatch(text)
    if vlan is not None:
        node = f"vlan:{int(vlan[1])}"
        return node if node in graph else None
    try:
        subnet = ip_network(text, strict=False)
    except ValueError:
        return None
    if not isinstance(subnet, IPv4Network):
        return None
    node = f"subnet:{subnet}"
    if node in graph:
        return node
    return _owner(graph, subnet.network_address) if "/" not in text else None


def _owner(graph: "MultiGraph[str]", address: IPv4Address) -> str | None:
    """Who has an address, else the smallest subnet that it is in."""
    own = (
        node for node, data in graph.nodes(data=True) if str(address) in (data.get("address"), data.get("management"))
    )
    on_interface = (
        a if graph.nodes[a]["kind"] == "device" else b
        for a, b, data in graph.edges(data=True)
        if data["relation"] == "address" and str(data["address"]).partition("/")[0] == str(address)
    )
    subnets = (IPv4Network(data["prefix"]) for _, data in graph.nodes(data=True) if data["kind"] == "subnet")
    around = sorted((subnet for subnet in subnets if address in subnet), key=lambda subnet: -subnet.prefixlen)
    return next(own, None) or next(on_interface, None) or (f"subnet:{around[0]}" if around else None)

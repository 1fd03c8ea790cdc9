"""The graph of the example, node by node and edge by edge, against what its file says when it is read by hand."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cimnet_nornir.definition import read_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.projections.graph import context_graph

EXAMPLE = Path(__file__).parents[2] / "inventory" / "network.yaml"
# What the file leaves to be worked out: the container network brings VLAN 100 to these trunks, at both ends.
DERIVED_TRUNKS = {
    ("acc4", "GigabitEthernet1/0/21"),
    ("acc4", "GigabitEthernet1/0/23"),
    ("acc4", "GigabitEthernet1/0/24"),
    *((switch, f"GigabitEthernet1/0/{number}") for switch in ("dist1", "dist2") for number in (4, 22)),
}
DERIVED_VLAN = 100
# Addresses that nobody asked for, in the order in which they are given out; the range begins with .32.
GIVEN = {"web/shop": "10.0.100.32", "web/cache": "10.0.100.33"}


@pytest.fixture(scope="module")
def file() -> Any:
    return YAML(typ="safe").load(EXAMPLE)


@pytest.fixture(scope="module")
def graph() -> Any:
    definition = read_definition(EXAMPLE)
    working = Working(Network("campus"))
    for command in commands_between(working.network, definition.desired):
        working.execute(command)
    working.finish()
    return context_graph(working.network)


def ports_of(text: str) -> list[str]:
    """The ports that a key stands for: "GigabitEthernet1/0/1-12" are twelve."""
    stem, _, numbers = text.rpartition("/")
    first, _, last = numbers.partition("-")
    if not stem or not numbers.replace("-", "").isdecimal():
        return [text]
    return [f"{stem}/{number}" for number in range(int(first), int(last or first) + 1)]


def interfaces(file: Any, device: str) -> dict[str, dict[str, Any]]:
    """Each interface that a device is given, with what its profile says of it."""
    found: dict[str, dict[str, Any]] = {}
    for key, said in file["devices"][device].get("interfaces", {}).items():
        profile = file["port_profiles"].get(said.get("profile"), {})
        found |= {port: {**profile, **said} for port in ports_of(key)}
    return found


def vlans_of(file: Any, device: str) -> list[int]:
    said = file["devices"][device]
    return list(said.get("vlans", file["vlans"])) if said["kind"] == "switch" else []


def carried(file: Any, device: str, port: str) -> tuple[set[int], set[int]]:
    """The VLANs of a switch port, tagged and untagged."""
    said = interfaces(file, device).get(port, {})
    own = set(vlans_of(file, device))
    tagged, untagged = set[int](), set[int]()
    if not said.get("enabled", True) or "address" in said:
        return tagged, untagged
    if said.get("mode") == "access":
        untagged = {said["vlan"]}
    elif said.get("mode") == "trunk":
        untagged, tagged = {said["native"]}, {int(vlan) for vlan in str(said["allowed"]).split(",")}
        untagged &= tagged
    if (device, port) in DERIVED_TRUNKS:
        tagged |= {DERIVED_VLAN}
    return (tagged - untagged) & own, untagged & own


def addresses(file: Any) -> Iterator[tuple[str, str, IPv4Interface]]:
    for device in file["devices"]:
        for port, said in interfaces(file, device).items():
            if "address" in said:
                yield device, port, IPv4Interface(said["address"])


def gateway_subnet(file: Any) -> IPv4Network:
    """The subnet of VLAN 100, where the containers are."""
    return next(address.network for _, port, address in addresses(file) if port == f"Vlan{DERIVED_VLAN}")


# --- nodes ------------------------------------------------------------------------------------------------------------


def expected_nodes(file: Any) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for name, said in file["devices"].items():
        kind = said["kind"]
        nodes[f"device:{name}"] = {
            "kind": "device",
            "label": name,
            "device": kind,
            "routing": kind == "router" or said.get("routing", False),
            "platform": "nixos" if kind == "host" else said.get("platform", file["defaults"]["platform"]),
            "model": said.get("model", ""),
            "role": said["role"],
            "site": file["defaults"]["site"],
            "management": said["management"],
            "spanning_tree": said["spanning_tree"]["mode"] if kind == "switch" else "",
        }
    for vlan, name in file["vlans"].items():
        label = f"VLAN {vlan} {name}"
        nodes[f"vlan:{vlan}"] = {"kind": "vlan", "label": label, "vlan": vlan, "name": name, "continuous": True}
    behind = IPv4Network(file["vm_networks"]["build"]["subnet"])
    for subnet in {behind, *(address.network for _, _, address in addresses(file))}:
        nodes[f"subnet:{subnet}"] = {"kind": "subnet", "label": str(subnet), "prefix": str(subnet), "version": 4}
    return nodes | hosted_nodes(file)


def hosted_nodes(file: Any) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {
        "container-network:web": {
            "kind": "container network",
            "label": "web",
            "driver": "bridge",
            "runtime": "docker",
            # The first address that anybody has on the SVI of the VLAN.
            "gateway": str(min(a.ip for _, port, a in addresses(file) if port == f"Vlan{DERIVED_VLAN}")),
            "bridge": f"br-vlan{DERIVED_VLAN}",
        },
        "vm-network:build": {"kind": "vm network", "label": "build", "type": "nat", "hypervisor": "libvirt"},
    }
    for name, said in file["container_networks"]["web"]["containers"].items():
        address = said.get("address") or GIVEN[f"web/{name}"]
        nodes[f"container:web/{name}"] = {
            "kind": "container",
            "label": name,
            "address": address,
            "image": said["image"],
        }
    for name, said in file["vm_networks"]["build"]["machines"].items():
        nodes[f"vm:build/{name}"] = {"kind": "vm", "label": name, "address": (said or {}).get("address", "")}
    return nodes


def test_every_node_is_one_of_the_file_and_the_other_way_round(file: Any, graph: Any) -> None:
    found = {node: dict(data) for node, data in graph.nodes(data=True)}
    macs = [data.pop("mac") for data in found.values() if "mac" in data]
    assert found == expected_nodes(file)
    assert len(set(macs)) == len(macs) == 5


# --- edges ------------------------------------------------------------------------------------------------------------


def expected_links(file: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for ends in file["links"]:
        (a, a_port), (b, b_port) = sorted(tuple(end.split(" ")) for end in ends)
        one, other = carried(file, a, a_port), carried(file, b, b_port)
        crossing = sorted((one[0] & other[0]) | (one[1] & other[1]))
        switched = all(file["devices"][name]["kind"] == "switch" for name in (a, b))
        vlans = ",".join(map(str, crossing)) if switched else ""
        data = {"a": a, "a_port": a_port, "b": b, "b_port": b_port, "speed": 1000, "vlans": vlans}
        yield f"device:{a}", f"device:{b}", {"relation": "link", **data}


def expected_vlans(file: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for device in file["devices"]:
        bundled = {port: carried(file, device, port) for port in interfaces(file, device)}
        for vlan in vlans_of(file, device):
            how = {
                "tagged": ",".join(port for port, (tagged, _) in bundled.items() if vlan in tagged),
                "untagged": ",".join(port for port, (_, untagged) in bundled.items() if vlan in untagged),
            }
            yield f"device:{device}", f"vlan:{vlan}", {"relation": "has vlan", **how}


def expected_addresses(file: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    subnets = set()
    for device, port, address in addresses(file):
        told = {"relation": "address", "interface": port, "address": str(address)}
        yield f"device:{device}", f"subnet:{address.network}", told
        if port.startswith("Vlan"):
            subnets.add((f"vlan:{port.removeprefix('Vlan')}", f"subnet:{address.network}"))
    yield from ((vlan, subnet, {"relation": "subnet"}) for vlan, subnet in subnets)


def expected_hosted(file: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    web, build = file["container_networks"]["web"], file["vm_networks"]["build"]
    (web_host,), (build_host,) = web["hosts"], build["hosts"]
    first = IPv4Address(GIVEN["web/shop"])
    yield f"vlan:{web['vlan']}", "container-network:web", {"relation": "in vlan"}
    yield f"subnet:{gateway_subnet(file)}", "container-network:web", {"relation": "in subnet"}
    yield f"subnet:{build['subnet']}", "vm-network:build", {"relation": "in subnet"}
    share = {"uplink": "eno1", "range": f"{first}-{first + 31}"}
    yield f"device:{web_host}", "container-network:web", {"relation": "on host", **share}
    yield f"device:{build_host}", "vm-network:build", {"relation": "on host", "uplink": "", "range": ""}
    for network, names, kind in (("web", web["containers"], "container"), ("build", build["machines"], "vm")):
        for name in names:
            yield f"{kind}-network:{network}", f"{kind}:{network}/{name}", {"relation": "member of"}
            yield f"device:{web_host}", f"{kind}:{network}/{name}", {"relation": "runs on"}


def test_every_edge_is_one_of_the_file_and_the_other_way_round(file: Any, graph: Any) -> None:
    expected = [*expected_links(file), *expected_vlans(file), *expected_addresses(file), *expected_hosted(file)]
    assert comparable(graph.edges(data=True)) == comparable(expected)


def comparable(edges: Any) -> list[tuple[Any, ...]]:
    """Edges in an order, their ends too: it is an undirected graph."""
    return sorted((*sorted((a, b)), sorted(data.items())) for a, b, data in edges)

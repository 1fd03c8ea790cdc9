"""The context graph for other programs: what JSON, GraphML, DOT and SVG hold, whatever names there are."""

import io
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from cimnet_nornir.application.graph_drawing import svg
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.hosting.networks import ContainerNetwork
from cimnet_nornir.domain.hosting.values import Container, ContainerNetworkSettings
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import RenderError, SettingsError
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.graph_dot import dot
from cimnet_nornir.projections.graph_formats import graph_document, graphml
from cimnet_nornir.projections.graph_order import ordered
from cimnet_nornir.projections.graph_select import viewed

# What Graphviz, XML or a page could take for something else.
HOSTILE = (
    '"]; evil [label="x',
    r"back\slash\n\N\G\l",
    "<b>bold</b><script>alert(1)</script>",
    "&lt;&amp;&#60;",
    "{a|b} -- c; }",
    "Zürich · 北京 🖧",
    "\\",
    "\\\\\\",
    "]]>",
    "%(x)s ${y} `z`",
)
PORT = "GigabitEthernet1/0/1"


def hostile_network() -> Network:
    """A switch at each hostile site, in a row, and a server with a container."""
    network = Network("net", created=True)
    for number, site in enumerate(HOSTILE):
        details = DeviceDetails(vendor="cisco", platform="ios", site=site, role=site)
        network.devices[f"sw{number}"] = Device(
            "net", f"sw{number}", f"sw{number}", DeviceKind.SWITCH, details, (PORT, "TenGigabitEthernet1/1/1")
        )
    for number in range(len(HOSTILE) - 1):
        network.connect(Link((f"sw{number}", "TenGigabitEthernet1/1/1"), (f"sw{number + 1}", PORT)))
    host = DeviceDetails(vendor="nixos", platform="nixos")
    network.devices["h1"] = Device("net", "h1", "h1", DeviceKind.HOST, host, ("eno1",))
    settings = {
        "driver": {"driver": "overlay", "vxlan": 7},
        "runtime": "docker",
        "subnet": "10.9.0.0/24",
        "pool": "10.9.0.0/24",
        "gateway": "10.9.0.1",
        "hosts": {"h1": {"range": {"first": "10.9.0.2", "last": "10.9.0.9"}, "number": 1}},
    }
    shop = Container.model_validate({"host": "h1", "address": "10.9.0.2", "mac": "02:00:00:00:00:01", "image": "x:1"})
    network.container_networks["web"] = ContainerNetwork(
        "net", "web", ContainerNetworkSettings.model_validate(settings), {"shop": shop}
    )
    return network


@pytest.fixture(scope="module")
def graph() -> Any:
    return context_graph(hostile_network())


def test_the_document_has_every_node_and_edge_with_all_they_carry(graph: Any) -> None:
    document = json.loads(json.dumps(graph_document(graph)))
    assert {node.pop("id"): node for node in document["nodes"]} == dict(graph.nodes.items())
    told = {(frozenset((edge.pop("source"), edge.pop("target"))), edge.pop("key")): edge for edge in document["edges"]}
    assert told == {(frozenset((a, b)), key): data for a, b, key, data in graph.edges(keys=True, data=True)}


def test_an_edge_goes_from_what_is_told_of(graph: Any) -> None:
    told = {(edge["source"], edge["relation"], edge["target"]) for edge in graph_document(graph)["edges"]}
    assert ("container:web/shop", "runs on", "device:h1") in told
    assert ("container:web/shop", "member of", "container-network:web") in told
    assert ("container-network:web", "on host", "device:h1") in told
    assert ("container-network:web", "in subnet", "subnet:10.9.0.0/24") in told
    assert ("device:sw0", "link", "device:sw1") in told


def test_one_network_gives_one_document_whatever_its_history(graph: Any) -> None:
    network = hostile_network()
    network.devices = dict(reversed(list(network.devices.items())))
    shuffled: Any = nx.MultiGraph(name="net")
    for node in reversed(list(graph)):
        shuffled.add_node(node, **graph.nodes[node])
    for a, b, key, data in reversed(list(graph.edges(keys=True, data=True))):
        shuffled.add_edge(b, a, key=key, **data)
    for other in (context_graph(network), shuffled):
        assert json.dumps(graph_document(other)) == json.dumps(graph_document(graph))
        assert graphml(other) == graphml(graph)
        assert dot(other) == dot(graph)


def test_graphml_is_read_back_as_it_was(graph: Any) -> None:
    read: Any = nx.read_graphml(io.BytesIO(graphml(graph).encode()), force_multigraph=True)
    assert dict(read.nodes(data=True)) == dict(graph.nodes.items())
    names = {(frozenset((a, b)), data.pop("name")): data for a, b, data in read.edges(data=True)}
    assert names == {(frozenset((a, b)), key): data for a, b, key, data in graph.edges(keys=True, data=True)}


def test_views_show_what_they_are_for(graph: Any) -> None:
    def kinds(view: str) -> set[str]:
        return {data["kind"] for _, data in viewed(graph, view).nodes(data=True)}

    assert kinds("topology") == {"device"}
    assert kinds("vlans") == {"device", "subnet"}
    assert kinds("hosts") == {"device", "container network", "container"}
    assert {node for node in viewed(graph, "hosts") if node.startswith("device:")} == {"device:h1"}
    assert {data["relation"] for *_, data in viewed(graph, "topology").edges(data=True)} == {"link"}


needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="no dot here: apt-get install graphviz")


def texts(drawn: str) -> list[str]:
    """All texts of an SVG; it is XML, and has nothing that a browser would run."""
    root = ET.fromstring(drawn)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "title", "polygon", "polyline", "path", "ellipse", "text", "a", "defs"}
    return [element.text or "" for element in root.iter() if element.tag.endswith("}text")]


@needs_graphviz
@pytest.mark.parametrize("name", ["dot", "sfdp"])
def test_names_stand_in_the_drawing_as_they_are(graph: Any, name: str) -> None:
    drawn = texts(svg(dot(graph), nodes=len(graph) if name == "dot" else 10_000))
    for label in ("sw0", "h1", "shop", "10.9.0.2", "10.9.0.0/24"):
        assert label in drawn
    if name == "dot":
        # Clusters are drawn by dot alone. Blanks beside one another are one to XML.
        shown = {text.replace("\xa0", " ") for text in drawn}
        assert [site for site in HOSTILE if site not in shown] == []


@needs_graphviz
def test_a_name_makes_no_nodes_edges_or_clusters_of_its_own(graph: Any) -> None:
    drawn = ET.fromstring(svg(dot(viewed(graph, "topology")), nodes=1))
    classes = [element.get("class") for element in drawn.iter() if element.tag.endswith("}g")]
    assert classes.count("node") == len(HOSTILE) + 1
    assert classes.count("edge") == len(HOSTILE) - 1
    assert classes.count("cluster") == len(HOSTILE)


def test_without_graphviz_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=r"no dot here; install it .*apt-get install graphviz"):
        svg("graph {}", nodes=1)
    with pytest.raises(SettingsError, match="no sfdp here"):
        svg("graph {}", nodes=100_000)


@needs_graphviz
def test_what_graphviz_does_not_take_is_told_in_one_line() -> None:
    with pytest.raises(RenderError, match=r"dot failed: Error: .*syntax error") as caught:
        svg("graph {", nodes=1)
    assert "\n" not in caught.value.message


def test_a_copy_in_order_keeps_what_the_graph_had(graph: Any) -> None:
    before = (list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True)))
    copy: Any = ordered(graph)
    copy.nodes["device:sw0"]["label"] = "other"
    assert (list(graph.nodes(data=True)), list(graph.edges(keys=True, data=True))) == before

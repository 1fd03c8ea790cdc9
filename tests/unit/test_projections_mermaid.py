"""The context graph as Mermaid: what each view shows, and that large networks stay inside Mermaid's limits."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from cimnet_nornir.application.observations import HEALTH
from cimnet_nornir.definition import read_definition
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.mermaid import hosting_view, topology, vlan_view
from cimnet_nornir.projections.mermaid.flowchart import MOST_LINES, MOST_TEXT
from cimnet_nornir.projections.mermaid.links import port_list
from cimnet_nornir.projections.mermaid.styles import health_style, worst
from tests.browser import Mermaid
from tests.large_graphs import large_graph
from tests.unit.test_definition_example import EXAMPLE
from tests.unit.test_projections_graph import GI, campus

if TYPE_CHECKING:
    from networkx import MultiGraph

View = Callable[["MultiGraph[str]"], str]
VIEWS: dict[str, View] = {"topology": topology, "vlans": vlan_view, "hosts": hosting_view}


@pytest.fixture(scope="module")
def graph() -> "MultiGraph[str]":
    return context_graph(campus())


@pytest.fixture(scope="module")
def example() -> "MultiGraph[str]":
    """The graph of the example network."""
    working = Working(Network("campus"))
    for command in commands_between(Network("campus"), read_definition(EXAMPLE).desired):
        working.execute(command)
    return context_graph(working.network)


def test_a_topology_has_each_device_in_its_site_and_each_link_with_its_ports(
    graph: "MultiGraph[str]", mermaid: Mermaid
) -> None:
    text = topology(graph)
    assert (
        text
        == """\
flowchart LR
  accTitle: Topology of net
  n1("h1<br/>host")
  subgraph s1["hq"]
    n2{{"r1<br/>router"}}
    n3[["core<br/>layer-3 switch"]]
    n4["sw2<br/>switch"]
  end
  n1 ---|"eno1 ↔ Gi1/0/3"| n4
  n2 ---|"Gi0/0/0 ↔ Gi1/0/1"| n3
  n3 ---|"Gi1/0/2 ↔ Gi1/0/2"| n4
"""
    )
    mermaid.parse(text)


def test_colours_tell_the_health_of_devices_and_so_do_words(graph: "MultiGraph[str]", mermaid: Mermaid) -> None:
    text = topology(graph, statuses={"sw1": "drift", "r1": "ok"})
    drawn = mermaid.render(text, ".node .nodeLabel")
    assert drawn.shown[:4] == ("h1host: unknown", "r1router", "corelayer-3 switch: drift", "sw2switch: unknown")
    assert drawn.shown[4:] == ("ok", "unknown", "drift")
    assert ':::drift\n    n4["sw2' in text
    assert 'subgraph s2["Health"]' in text
    assert "Health" not in topology(graph)


def test_every_health_has_a_colour_of_its_own_and_the_legend_shows_it(mermaid: Mermaid) -> None:
    graph = large_graph(len(HEALTH), site=lambda _: "Health")
    text = topology(graph, statuses={str(number): health for number, health in enumerate(HEALTH)})
    assert len({health_style(health) for health in HEALTH}) == len(HEALTH)
    # A site of that name is a frame of its own.
    assert text.count('["Health"]') == 2
    assert mermaid.render(text, ".node .nodeLabel").shown[len(HEALTH) :] == tuple(
        sorted(HEALTH, key=lambda health: [worst((health, other)) for other in HEALTH].count(health))
    )


def test_the_cables_of_a_port_channel_are_one_thick_line(mermaid: Mermaid) -> None:
    graph: MultiGraph[str] = nx.MultiGraph(name="net")
    for name in ("a", "b"):
        graph.add_node(f"device:{name}", kind="device", label=name, device="switch", site="")
    for port in (1, 2, 3):
        ends = {"a": "a", "b": "b", "a_port": f"GigabitEthernet1/0/{port}", "b_port": f"GigabitEthernet1/0/{port}"}
        bundle = {"a_bundle": "Port-channel1", "b_bundle": "Port-channel7"} if port < 3 else {}
        # networkx names the ends of an edge in any order.
        graph.add_edge("device:b", "device:a", relation="link", vlans="", **ends, **bundle)
    graph.add_edge("device:a", "device:b", relation="tunnel", network="web", vxlan=42)
    text = topology(graph)
    assert 'n1 ===|"Po1 (Gi1/0/1-2) ↔ Po7 (Gi1/0/1-2)"| n2' in text
    assert 'n1 ---|"Gi1/0/3 ↔ Gi1/0/3"| n2' in text
    assert '-.-|"VXLAN 42 (web)"|' in text
    mermaid.parse(text, topology(graph, fold=1))


def test_runs_of_ports_are_short() -> None:
    assert port_list(["GigabitEthernet1/0/2", "GigabitEthernet1/0/1", "GigabitEthernet1/0/4"]) == "Gi1/0/1-2, Gi1/0/4"
    assert port_list(f"Ethernet{number}" for number in range(0, 20, 2)).endswith("Et8, Et10 and 4 more") is False
    assert port_list((f"Ethernet{number}" for number in range(0, 20, 2)), most=2) == "Et0, Et2, and 8 more"


def test_a_vlan_has_its_switches_with_ports_its_subnet_with_the_gateway_and_the_hosts_in_it(
    graph: "MultiGraph[str]", mermaid: Mermaid
) -> None:
    text = vlan_view(graph, vlan=100)
    assert (
        text
        == """\
flowchart LR
  accTitle: VLAN 100 of net
  n1[["core<br/>tagged Gi1/0/2<br/>Vl100 10.0.100.1/24"]]
  n2["sw2<br/>untagged Gi1/0/1<br/>tagged Gi1/0/2-3"]
  n3("h1<br/>container network apps by eno1")
  n4(["10.0.100.0/24<br/>subnet"])
  n1 ---|"Gi1/0/2 ↔ Gi1/0/2"| n2
  n3 ---|"eno1 ↔ Gi1/0/3"| n2
  n1 -.-|"Vl100 10.0.100.1"| n4
"""
    )
    mermaid.parse(text)


def test_a_vlan_that_nobody_has_is_an_empty_picture(graph: "MultiGraph[str]", mermaid: Mermaid) -> None:
    assert mermaid.render(vlan_view(graph, vlan=7), ".nodeLabel").shown == ("nothing to show",)


def test_islands_of_a_vlan_are_frames_that_stand_out(mermaid: Mermaid) -> None:
    working = Working(campus())
    working.execute(c.ResetPort(device="sw2", port=GI[1]))
    text = vlan_view(context_graph(working.network), vlan=100)
    assert 'subgraph s1["island 1 of 2"]' in text
    assert 'subgraph s2["island 2 of 2"]' in text
    assert 'Gi1/0/3"]:::island' in text
    mermaid.parse(text, vlan_view(context_graph(working.network), fold=1))


def test_hosts_show_their_networks_containers_and_vms_and_the_vlans_these_are_in(
    graph: "MultiGraph[str]", mermaid: Mermaid
) -> None:
    text = hosting_view(graph)
    assert (
        text
        == """\
flowchart LR
  accTitle: Hosts of net
  subgraph s1["h1"]
    n1[("apps<br/>docker bridge br-vlan100")]
    n2[("build<br/>VM network of libvirt, nat")]
    n3>"web1<br/>10.0.100.130"]
    n4[/"ci"/]
  end
  n5[/"VLAN 100 lab"\\]
  n6(["10.0.100.0/24"])
  n7(["192.168.122.0/24"])
  n1 --- n3
  n2 --- n4
  n1 ---|"eno1"| n5
  n5 --- n6
  n2 --- n7
"""
    )
    mermaid.parse(text)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_example_network_is_drawn(example: "MultiGraph[str]", mermaid: Mermaid, view: Callable[..., str]) -> None:
    for fold in (None, 5, 3, 0):
        text = view(example, fold=fold)
        assert ("title:" in text) == (fold is not None), text
        mermaid.render(text)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_network_without_anything_is_drawn(mermaid: Mermaid, view: View) -> None:
    drawn = mermaid.render(view(context_graph(Network("net"))), ".nodeLabel")
    assert drawn.shown == ("nothing to show",)


SITES: dict[str, Callable[[int], str]] = {
    "sites of 25": lambda number: f"site-{number // 25:03}",
    "one site": lambda _: "hq",
    "no site": lambda _: "",
    "a site each": lambda number: f"branch {number}",
    "sites by words": lambda number: f"{'abcdefghij'[number % 10]}{'klmnop'[number % 6]}-{number % 977}",
}


@pytest.mark.parametrize("site", SITES.values(), ids=SITES)
@pytest.mark.parametrize("size", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_large_topology_stays_inside_the_limits_of_mermaid(
    mermaid: Mermaid, size: int, site: Callable[[int], str]
) -> None:
    graph = large_graph(size, site=site)
    statuses = {str(number): HEALTH[number % len(HEALTH)] for number in range(size)}
    texts = [topology(graph), topology(graph, statuses=statuses), topology(graph, fold=20_000), topology(graph, fold=1)]
    for text in texts:
        assert text.startswith(f'---\ntitle: "{size:,} devices: ')
        assert f"{size:,}" == f"{_devices(text):,}"
    mermaid.parse(*texts)


def _devices(text: str) -> int:
    """How many devices the boxes of a folded text count together."""
    words = r"(?:(\d[\d,]*) |<br/>)(?:layer-3 switch|switch|router|host)"
    return sum(int(number.replace(",", "") or 1) for number in re.findall(words, text))


@pytest.mark.parametrize(("size", "vlans"), [(1000, 4), pytest.param(10_000, 4, marks=pytest.mark.slow), (300, 100)])
def test_large_views_of_vlans_and_hosts_stay_inside_the_limits_too(mermaid: Mermaid, size: int, vlans: int) -> None:
    graph = large_graph(size, vlans=vlans)
    for fold in (None, 20_000):
        texts = [vlan_view(graph, fold=fold), vlan_view(graph, vlan=11, fold=fold), hosting_view(graph, fold=fold)]
        assert fold == 20_000 or "title:" in texts[0]
        mermaid.parse(*texts)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_network_of_a_thousand_devices_is_drawn(mermaid: Mermaid, view: View) -> None:
    mermaid.render(view(large_graph(1000)))


def test_devices_of_one_site_that_hang_on_the_same_are_folded(mermaid: Mermaid) -> None:
    text = topology(large_graph(60, site=lambda _: "hq"), fold=20)
    assert "those that hang on the same devices folded; cimnet graph --around HOST" in text
    assert "dev25 … dev48<br/>" in text
    mermaid.parse(text)


def test_our_limits_are_those_of_mermaid(mermaid: Mermaid) -> None:
    limits = mermaid.evaluate("(c => [c.maxEdges, c.maxTextSize])(mermaid.mermaidAPI.getConfig())")
    assert limits == [MOST_LINES, MOST_TEXT]


def test_one_network_gives_one_text(graph: "MultiGraph[str]") -> None:
    again: Any = context_graph(campus())
    for view in VIEWS.values():
        assert view(again) == view(graph)


def test_networkx_is_not_read_for_it() -> None:
    program = "import sys, cimnet_nornir.projections.mermaid; print('networkx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

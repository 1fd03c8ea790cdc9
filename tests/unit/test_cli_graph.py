"""`cimnet graph` and `cimnet path`: what they say and write, and their status."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet


@pytest.fixture(autouse=True)
def project(campus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is a project whose example network is declared."""
    monkeypatch.chdir(campus)


def test_the_document_names_network_environment_and_position(cimnet: "Cimnet") -> None:
    document = cimnet("graph", "--json").json("graph")
    assert (document["network"], document["environment"]) == ("campus", "lab")
    assert len(document["nodes"]) == 41
    assert cimnet("graph", "--format", "json").json("graph") == document
    head = document["position"]
    assert cimnet("graph", "--json", "--at", str(head)).json("graph") == document
    then = cimnet("graph", "--json", "--at", str(head - 20)).json("graph")
    assert then["position"] == head - 20
    assert then["edges"] != document["edges"]


def test_options_leave_what_belongs(cimnet: "Cimnet") -> None:
    def devices(*arguments: str) -> list[str]:
        nodes = cimnet("graph", "--json", *arguments).json("graph")["nodes"]
        return [node["label"] for node in nodes if node["kind"] == "device"]

    assert devices("--vlan", "100") == ["acc4", "dist1", "dist2", "srv1"]
    assert devices("--around", "srv1") == ["acc4", "srv1"]
    assert devices("--around", "proxy", "--depth", "2") == ["acc4", "dist1", "dist2", "srv1"]
    assert len(devices("--site", "hq")) == 9
    assert devices("--view", "hosts") == ["srv1"]
    assert devices("--limit", "dist*") == ["dist1", "dist2"]
    assert devices("--limit", "group:role__access", "--vlan", "100") == ["acc4"]


def test_a_depth_without_a_middle_is_refused(cimnet: "Cimnet") -> None:
    cimnet("graph", "--depth", "2").refuses("--depth says how far from --around NAME; give both")


def test_a_file_is_written_and_nothing_said_on_stdout(cimnet: "Cimnet") -> None:
    said = cimnet("graph", "--format", "dot", "-o", "campus.dot")
    assert (said.status, said.out, said.err) == (0, "", "written: campus.dot\n")
    assert Path("campus.dot").read_text() == cimnet("graph", "--format", "dot").out
    assert cimnet("graph", "--json", "-o", "campus.json").out == ""
    assert json.loads(Path("campus.json").read_text())["format"] == "cimnet.graph/1"
    cimnet("graph", "--format", "dot", "-o", "absent/campus.dot").refuses("absent/campus.dot cannot be written")


@pytest.mark.skipif(shutil.which("dot") is None, reason="no dot here: apt-get install graphviz")
def test_a_drawing_shows_the_topology(cimnet: "Cimnet") -> None:
    said = cimnet("graph", "--format", "svg")
    assert said.status == 0
    texts = {element.text for element in ET.fromstring(said.out).iter() if element.tag.endswith("}text")}
    assert {"acc1", "dist1", "srv1", "hq", "Gi1/0/22"} <= texts
    assert "VLAN 10 users" not in texts


def test_the_default_is_mermaid(cimnet: "Cimnet") -> None:
    for arguments in ((), ("--view", "vlans", "--vlan", "100"), ("--view", "hosts"), ("--status",)):
        said = cimnet("graph", *arguments)
        assert said.status == 0, said.err
        assert "flowchart" in said.out
        assert "srv1" in said.out


def test_mermaid_is_folded_above_as_many_boxes_as_are_asked_for(cimnet: "Cimnet") -> None:
    assert "title:" not in cimnet("graph").out
    assert 'title: "9 devices: ' in cimnet("graph", "--fold", "4").out
    cimnet("graph", "--fold", "4", "impact", "acc4").refuses("options of a question stand after its name")


def test_graphml_has_everything(cimnet: "Cimnet") -> None:
    root = ET.fromstring(cimnet("graph", "--format", "graphml").out)
    assert len([element for element in root.iter() if element.tag.endswith("}node")]) == 41


def test_what_there_is_not_is_refused_in_one_line(cimnet: "Cimnet") -> None:
    cimnet("graph", "--vlan", "77", "--json").refuses("there is no VLAN 77")
    cimnet("graph", "--site", "nowhere", "--json").refuses("no device is at a site 'nowhere'; sites: hq")
    cimnet("graph", "--around", "acc9", "--json").refuses("nothing called 'acc9'", "did you mean acc4?")
    cimnet("graph", "--format", "dot", "impact", "acc4").refuses("options of a question stand after its name")
    cimnet("graph", "impact", "acc9").refuses("there is no device 'acc9'")
    cimnet("graph", "impact", "acc4", "Gi1/0/1").refuses("no link at 'Gi1/0/1'; it has links at: Gi1/0/21, Gi1/0/23")
    cimnet("graph", "vlan", "77").refuses("no switch was given VLAN 77")
    cimnet("path", "acc1", "acc9").refuses("nothing called 'acc9'")


# --- ways -------------------------------------------------------------------------------------------------------------


def test_each_way_stands_with_its_ports(cimnet: "Cimnet") -> None:
    assert cimnet("path", "srv1", "r1").out.splitlines() == [
        "srv1 to r1: 3 links, 2 ways",
        "1  srv1 - acc4 - dist1 - r1",
        "     srv1   eno1      acc4   Gi1/0/21  1G",
        "     acc4   Gi1/0/23  dist1  Gi1/0/4   1G",
        "     dist1  Gi1/0/23  r1     Gi0/0/1   1G",
        "2  srv1 - acc4 - dist2 - r1",
        "     srv1   eno1      acc4   Gi1/0/21  1G",
        "     acc4   Gi1/0/24  dist2  Gi1/0/4   1G",
        "     dist2  Gi1/0/23  r1     Gi0/0/2   1G",
    ]
    assert cimnet("path", "proxy", "vlan 100").out.splitlines() == [
        "web/proxy to VLAN 100 servers: at one device",
        "srv1",
    ]


def test_no_way_is_an_answer_and_a_status_where_it_is_asked_for(cimnet: "Cimnet") -> None:
    said = cimnet("path", "acc1", "acc4", "--vlan", "100")
    assert (said.status, said.out) == (0, "acc1 to acc4 in VLAN 100: no way\n")
    assert cimnet("path", "acc1", "acc4", "--vlan", "100", "--detailed-exitcode").status == 2
    assert cimnet("path", "acc1", "acc4", "--vlan", "10", "--detailed-exitcode").status == 0


def test_a_way_is_a_document_too(cimnet: "Cimnet") -> None:
    document = cimnet("path", "acc1", "acc2", "--vlan", "10", "--json").json("path")
    assert (document["source"], document["target"], document["vlan"], document["count"]) == ("acc1", "acc2", 10, 2)
    hop = document["ways"][0]["hops"][0]
    assert (hop["near"], hop["far"], hop["links"][0]["near_port"]) == ("acc1", "dist1", "GigabitEthernet1/0/23")


# --- other questions --------------------------------------------------------------------------------------------------


def test_what_hangs_on_a_device_or_a_link_is_told(cimnet: "Cimnet") -> None:
    assert cimnet("graph", "impact", "acc4").out.splitlines() == [
        "when acc4 goes, this is cut off:",
        "  1 host              srv1",
        "  3 containers        web/cache, web/proxy, web/shop",
        "  2 virtual machines  build/runner1, build/runner2",
    ]
    assert cimnet("graph", "impact", "dist1").out == "when dist1 goes, nothing else is cut off\n"
    document = cimnet("graph", "impact", "srv1", "eno1", "--json").json("graph-impact")
    assert (document["kind"], document["subject"], document["hosts"]) == ("link", "acc4 Gi1/0/21 - srv1 eno1", ["srv1"])


def test_weak_points_are_found(cimnet: "Cimnet") -> None:
    said = cimnet("graph", "weak-points", "--detailed-exitcode")
    assert said.status == 2
    assert said.out.splitlines() == [
        "WHEN THIS GOES             THESE ARE CUT OFF",
        "acc4                       srv1 (3 containers, 2 virtual machines)",
        "acc4 Gi1/0/21 - srv1 eno1  srv1 (3 containers, 2 virtual machines)",
        "2 weak points",
    ]
    assert len(cimnet("graph", "weak-points", "--json").json("graph-weak-points")["weak_points"]) == 2


def test_loops_are_told_with_what_breaks_them(cimnet: "Cimnet") -> None:
    said = cimnet("graph", "loops", "--vlan", "100", "-v", "--detailed-exitcode")
    assert said.status == 0
    assert said.out.splitlines() == [
        "VLAN 100: spanning tree breaks it",
        "  acc4, dist1, dist2 (3 links)",
        "  acc4 Gi1/0/23 - dist1 Gi1/0/4",
        "  acc4 Gi1/0/24 - dist2 Gi1/0/4",
        "  dist1 Gi1/0/22 - dist2 Gi1/0/22",
        "1 loop",
    ]
    vlans = [loop["vlans"] for loop in cimnet("graph", "loops", "--json").json("graph-loops")["loops"]]
    assert vlans == [[10, 20, 30, 40, 99], [100]]


def test_a_vlan_is_told_with_who_is_in_it(cimnet: "Cimnet") -> None:
    said = cimnet("graph", "vlan", "100", "--detailed-exitcode")
    assert (said.status, said.out.splitlines()) == (
        0,
        [
            "VLAN 100 servers: continuous",
            "  1  switches  acc4, dist1, dist2",
            "     gateways  dist1 10.0.100.1/24; dist2 10.0.100.3/24",
            "     networks  web on srv1",
        ],
    )


def test_a_vlan_in_parts_says_which_cables_do_not_carry_it(cimnet: "Cimnet", campus: Path) -> None:
    definition = campus / "inventory" / "network.yaml"
    text = definition.read_text().replace('allowed: "10,20,30,40,99"', 'allowed: "10,20,40,99"')
    definition.write_text(text)
    assert cimnet("declare", str(definition), "--accept-errors").status == 0
    said = cimnet("graph", "vlan", "30", "--detailed-exitcode")
    assert said.status == 2
    lines = said.out.splitlines()
    assert lines[0] == "VLAN 30 printers: not continuous, in 6 parts"
    assert "  not carried by dist1 Gi1/0/22 - dist2 Gi1/0/22" in lines
    assert "     ports     acc1 Gi1/0/19" in lines
    document = cimnet("graph", "vlan", "30", "--json").json("graph-vlan")
    assert (document["continuous"], len(document["parts"]), len(document["gaps"])) == (False, 6, 9)


def test_neighbours_are_told_by_port(cimnet: "Cimnet") -> None:
    assert cimnet("graph", "neighbours", "srv1").out.splitlines()[:3] == [
        "srv1",
        "PORT  NEIGHBOUR  ITS PORT  SPEED  VLANS",
        "eno1  acc4       Gi1/0/21  1G     -",
    ]
    related = cimnet("graph", "neighbours", "web/proxy", "--json").json("graph-neighbours")["related"]
    assert {"relation": "runs on", "kind": "device", "name": "srv1"} in related


def test_the_past_is_asked_as_the_present_is(cimnet: "Cimnet") -> None:
    head = cimnet("graph", "--json").json("graph")["position"]
    early = str(head - 30)
    assert cimnet("graph", "neighbours", "r1", "--at", early, "--json").json("graph-neighbours")["links"] == []
    assert cimnet("path", "acc1", "r1", "--at", early, "--json").json("path")["count"] == 0

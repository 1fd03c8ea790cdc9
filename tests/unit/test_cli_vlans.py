"""`cimnet vlan`: what it says, what it records, and its status."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

CONFIG = "inventory: {plugin: CimnetInventory, options: {network: small, environment: lab}}\n"
NETWORK = """\
network: small
defaults: {vendor: cisco, platform: ios, kind: switch}
vlans: {10: users}
devices:
  sw1:
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      Vlan10: {address: 10.0.10.1/24}
      GigabitEthernet1/0/1-2: {mode: access, vlan: 10}
      GigabitEthernet1/0/4: {mode: trunk, allowed: 10}
  sw2:
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      GigabitEthernet1/0/4: {mode: trunk, allowed: 10}
  sw3:
    ports: [GigabitEthernet1/0/1-4]
links:
  - [sw1 GigabitEthernet1/0/4, sw2 GigabitEthernet1/0/4]
"""


@pytest.fixture(autouse=True)
def declared(cimnet: "Cimnet", monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The working directory is a project whose network is declared."""
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "config.yaml").write_text(CONFIG)
    (tmp_path / "inventory" / "network.yaml").write_text(NETWORK)
    monkeypatch.chdir(tmp_path)
    assert cimnet("declare", "--reason", "first rollout").status == 0


def test_check_shows_what_would_be_recorded_and_records_nothing(cimnet: "Cimnet") -> None:
    said = cimnet("vlan", "create", "100", "--name", "lab", "--on", "sw1, sw2", "--check")
    assert said.status == 0
    assert said.out.splitlines() == [
        "+ sw1: VLAN 100 (lab) created",
        "+ sw2: VLAN 100 (lab) created",
        "+ sw1: Gi1/0/4: trunk of VLANs 10,100, native 1",
        "+ sw2: Gi1/0/4: trunk of VLANs 10,100, native 1",
        "4 events would be recorded",
    ]
    document = cimnet("vlan", "create", "100", "--on", "sw1,sw2", "--check", "--json").json("vlan-create")
    assert (document["check"], document["count"]) == (True, 4)
    assert document["events"][0] == {
        "stream": "device:small/sw1",
        "type": "VlanCreated",
        "data": {"vlan": 100, "name": None},
    }
    assert "100" not in cimnet("vlan", "list").out


def test_a_vlan_is_created_and_what_comes_next_is_said(cimnet: "Cimnet") -> None:
    said = cimnet("vlan", "create", "100", "--name", "lab", "--on", "sw1,sw2")
    assert said.status == 0
    assert said.out.startswith("4 events recorded in request ")
    assert "cimnet declare --check" in said.err
    assert "next: cimnet plan" in said.err
    again = cimnet("vlan", "create", "100", "--on", "sw1,sw2", "--reason", "once more")
    assert (again.status, again.out) == (0, "0 events recorded: it is there already, and continuous\n")
    assert cimnet("vlan", "create", "100", "--on", "sw1,sw2", "--check").out == "nothing to record\n"


def test_the_list_tells_where_each_vlan_is(cimnet: "Cimnet") -> None:
    cimnet("vlan", "create", "100", "--name", "lab", "--on", "sw1,sw2", "--reason", "CHG-1")
    lines = cimnet("vlan", "list").out.splitlines()
    assert [line.split() for line in lines] == [
        ["VLAN", "NAME", "SWITCH", "SVI", "UNTAGGED", "TAGGED", "REACHES", "ALL"],
        ["10", "users", "sw1", "10.0.10.1/24", "Gi1/0/1-2", "Gi1/0/4", "yes"],
        ["sw2", "-", "-", "Gi1/0/4"],
        ["sw3", "-", "-", "-"],
        ["100", "lab", "sw1", "-", "-", "Gi1/0/4", "yes"],
        ["sw2", "-", "-", "Gi1/0/4"],
    ]
    document = cimnet("vlan", "list", "--json").json("vlan-list")
    assert document["vlans"][1] == {
        "vlan": 100,
        "name": "lab",
        "continuous": True,
        "parts": [["sw1", "sw2"]],
        "switches": [
            {"device": "sw1", "name": "lab", "svi": None, "ports": {"GigabitEthernet1/0/4": "tagged"}},
            {"device": "sw2", "name": "lab", "svi": None, "ports": {"GigabitEthernet1/0/4": "tagged"}},
        ],
    }
    assert document["vlans"][0]["switches"][0]["svi"] == ["10.0.10.1/24"]


def test_the_list_answers_as_of_then(cimnet: "Cimnet") -> None:
    cimnet("vlan", "create", "100", "--on", "sw1,sw2")
    document = cimnet("vlan", "list", "--at", "1", "--json")
    document.refuses("there is no network 'small' at that moment")
    assert "100" in cimnet("vlan", "list").out


def test_a_vlan_in_parts_is_told(cimnet: "Cimnet", tmp_path: Path) -> None:
    path = tmp_path / "inventory" / "network.yaml"
    before, last_trunk, after = NETWORK.rpartition("GigabitEthernet1/0/4: {mode: trunk, allowed: 10}")
    assert last_trunk
    desk = "GigabitEthernet1/0/2: {mode: access, vlan: 10}"
    path.write_text(f"{before}GigabitEthernet1/0/4: {{mode: trunk, allowed: none}}\n      {desk}{after}")
    assert cimnet("declare").status == 0
    said = cimnet("vlan", "list")
    assert said.out.splitlines()[1].endswith("no")
    assert said.err == "VLAN 10 is in parts that do not reach one another: sw1 | sw2 | sw3\n"


def test_removing_takes_it_back_or_says_who_is_in_it(cimnet: "Cimnet") -> None:
    cimnet("vlan", "create", "100", "--on", "sw1,sw2")
    assert cimnet("vlan", "remove", "100", "--on", "sw2", "--check").out.splitlines() == [
        "+ sw1: Gi1/0/4: trunk of VLANs 10, native 1",
        "+ sw2: Gi1/0/4: trunk of VLANs 10, native 1",
        "- sw2: VLAN 100 removed",
        "3 events would be recorded",
    ]
    assert cimnet("vlan", "remove", "100", "--json").json("vlan-remove")["count"] == 4
    assert cimnet("declare", "--check").out == "nothing to record\n"
    cimnet("vlan", "remove", "100").refuses("no switch of small has VLAN 100")
    cimnet("vlan", "remove", "1").refuses("VLAN 1 is there by itself: it is neither created nor removed")
    cimnet("vlan", "remove", "10").refuses(
        "VLAN 10 is used: sw1 Vlan10 (SVI), sw1 Gi1/0/1 (access port), sw1 Gi1/0/2 (access port); change that first"
    )


def test_of_many_who_are_in_a_vlan_the_refusal_names_a_few_and_lists_all(cimnet: "Cimnet", tmp_path: Path) -> None:
    crowded = NETWORK.replace("GigabitEthernet1/0/1-4]", "GigabitEthernet1/0/1-24]", 1)
    crowded = crowded.replace("GigabitEthernet1/0/1-2:", "GigabitEthernet1/0/11-20:", 1)
    (tmp_path / "inventory" / "network.yaml").write_text(crowded)
    assert cimnet("declare").status == 0
    said = cimnet("vlan", "remove", "10")
    *users, error = said.err.splitlines()
    assert (said.status, said.out, len(users)) == (1, "", 13)
    assert users[-1] == "sw1 Gi1/0/20 (access port)"
    assert error.endswith("sw1 Gi1/0/12 (access port) and 8 more; change that first")
    refused = cimnet("vlan", "remove", "10", "--check", "--json").json("vlan-remove")
    assert (refused["users"], refused["refused"]) == (users, error.removeprefix("cimnet: error: "))


def test_only_who_changed_a_trunk_is_told_that_a_definition_takes_it_back(cimnet: "Cimnet") -> None:
    assert "names these trunks" in cimnet("vlan", "create", "100", "--on", "sw1,sw2").err
    assert "names these trunks" not in cimnet("vlan", "create", "101", "--on", "sw3").err


def test_who_removed_a_vlan_is_told_to_take_it_out_of_the_definition(cimnet: "Cimnet") -> None:
    cimnet("vlan", "create", "100", "--on", "sw1,sw2")
    cimnet("vlan", "create", "101", "--on", "sw3")
    for vlan in ("100", "101"):
        said = cimnet("vlan", "remove", vlan)
        assert "take it out of the definition as well,\nand see what is left with cimnet declare --check" in said.err
        assert "write the VLAN into it" not in said.err


def test_where_it_goes_has_to_be_said_and_to_be_possible(cimnet: "Cimnet") -> None:
    cimnet("vlan", "create", "100").refuses("say where: --on HOST,… or --on-all")
    cimnet("vlan", "create", "100", "--on", "sw1", "--on-all").refuses("say where")
    cimnet("vlan", "create", "1", "--on", "sw1").refuses("VLAN 1 is there by itself")
    cimnet("vlan", "create", "100", "--on-all").refuses("no links that can carry VLAN 100 lead from sw1 to sw3")
    cimnet("vlan", "create", "100", "--on", "sw9").refuses("there is no device 'sw9'")
    cimnet("vlan", "create", "10", "--name", "x", "--on", "sw1").refuses("sw1 has VLAN 10 already, named users")
    cimnet("vlan", "create", "100", "--on-all", "--at", "3").refuses("only the present has")


@pytest.mark.parametrize("name", ["create", "remove", "list"])
def test_each_has_help_with_an_example(cimnet: "Cimnet", name: str) -> None:
    said = cimnet("vlan", name, "--help")
    assert said.status == 0
    assert f"  cimnet vlan {name}" in said.out.partition("Examples:")[2]

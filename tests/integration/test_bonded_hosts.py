"""A switch with a port-channel and a host with a bond in it: one definition becomes both ends of the cables."""

from typing import Any

import pytest

from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.definition import check_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.generator import Style
from tests.nix_evaluation import evaluated

FILE = """\
network: n
defaults: {vendor: cisco, platform: iosxe}
vlans: {100: servers}
devices:
  sw1:
    kind: switch
    routing: true
    ports: GigabitEthernet1/0/1-8
    port_channels: {5: {members: GigabitEthernet1/0/5-6}}
    interfaces:
      Vlan100: {address: 10.0.100.1/24}
      Port-channel5: {description: srv1}
  srv1:
    kind: host
    management: 10.0.100.10
    ports: [eno1, eno2, eno3]
    bonds: {bond0: {members: [eno1, eno2]}}
    interfaces: {eno3: {address: 192.0.2.10/24}}
links:
  - [srv1 eno1, sw1 GigabitEthernet1/0/5]
  - [srv1 eno2, sw1 GigabitEthernet1/0/6]
  - [srv1 eno3, sw1 GigabitEthernet1/0/7]
container_networks:
  web: {vlan: 100, hosts: [srv1], containers: [one]}
"""
CARDS = ("eno1", "eno2")
NO_ADDRESS = {"LinkLocalAddressing": "no", "DHCP": "no", "IPv6AcceptRA": False}


@pytest.fixture(scope="module")
def network() -> Network:
    definition, problems = check_definition(FILE, file="f")
    assert definition is not None, problems
    working = Working(Network("n"))
    for command in commands_between(working.network, definition.desired):
        working.execute(command)
    working.finish()
    return working.network


def told(network: Network, style: Style) -> Any:
    """What the module of the host sets, as Nix reads it."""
    module = NixGenerator(style).module(host_side(network, "srv1"))
    part = "systemd.network" if style == "networkd" else "networking"
    packages = '{ docker = "/docker"; podman = "/podman"; }'
    return evaluated(f"(module {{ pkgs = {packages}; }}).{part}", module=module)


def test_the_switch_has_a_trunk_with_the_vlan_on_its_port_channel_and_members(network: Network) -> None:
    text = IosGenerator(TemplateBundle.load()).generate(network.devices["sw1"], network)
    sections = dict(section.split("\n", 1) for section in text.split("!\n") if section.startswith("interface "))
    for port in ("Port-channel5", "GigabitEthernet1/0/5", "GigabitEthernet1/0/6"):
        lines = sections[f"interface {port}"].splitlines()
        # VLAN 1, which the ports had untagged, stays for the host itself.
        assert {" switchport mode trunk", " switchport trunk allowed vlan 1,100"} <= {*lines}
        assert (" channel-group 5 mode active" in lines) == (port != "Port-channel5")
    assert "channel-group" not in sections.get("interface GigabitEthernet1/0/7", "")


def test_the_host_has_the_bond_with_the_vlan_and_its_bridge_and_no_address_on_members(network: Network) -> None:
    found = told(network, "networkd")
    devices = {unit["netdevConfig"]["Name"]: unit for unit in found["netdevs"].values()}
    assert {name: unit["netdevConfig"]["Kind"] for name, unit in devices.items()} == {
        "bond0": "bond",
        "vlan100": "vlan",
        "br-vlan100": "bridge",
    }
    assert devices["bond0"]["bondConfig"]["Mode"] == "802.3ad"
    assert devices["vlan100"]["vlanConfig"] == {"Id": 100}
    units = {unit["matchConfig"]["Name"]: unit for unit in found["networks"].values()}
    for card in CARDS:
        assert units[card]["networkConfig"] == {"Bond": "bond0", **NO_ADDRESS}
        assert not {"addresses", "routes", "vlan"} & units[card].keys()
    assert units["bond0"]["vlan"] == ["vlan100"]
    assert "addresses" not in units["bond0"]
    assert units["vlan100"]["networkConfig"]["Bridge"] == "br-vlan100"
    assert units["br-vlan100"]["addresses"] == [{"Address": "10.0.100.10/24"}]
    assert units["eno3"]["addresses"] == [{"Address": "192.0.2.10/24"}]


def test_the_style_networking_says_the_same(network: Network) -> None:
    found = told(network, "networking")
    assert found["bonds"]["bond0"]["interfaces"] == [*CARDS]
    assert found["bonds"]["bond0"]["driverOptions"]["mode"] == "802.3ad"
    assert found["vlans"] == {"vlan100": {"id": 100, "interface": "bond0"}}
    assert found["bridges"] == {"br-vlan100": {"interfaces": ["vlan100"]}}
    assert {card: found["interfaces"][card] for card in CARDS} == {card: {"useDHCP": False} for card in CARDS}
    assert found["interfaces"]["bond0"] == {"useDHCP": False}

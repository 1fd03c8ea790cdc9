"""A definition file that is edited: what that makes of container and VM networks, and of the switches under them."""

import pytest

from cimnet_nornir.definition import check_definition
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import NetworkInUse

FILE = """\
network: n
defaults: {vendor: cisco, platform: ios}
vlans: {10: users, 100: servers, 200: more}
devices:
  sw1:
    kind: switch
    routing: true
    ports: Gi1/0/1-4
    interfaces:
      Vlan100: {address: 10.0.100.1/24}
      GigabitEthernet1/0/1: {description: first}
      GigabitEthernet1/0/2: {mode: access, vlan: 10}
  srv1: {kind: host, ports: [eno1, eno2]}
links:
  - [srv1 eno1, sw1 Gi1/0/1]
container_networks:
  web:
    vlan: 100
    hosts: [srv1]
    containers:
      a: {image: one}
      b: {address: 10.0.100.40}
vm_networks:
  vms:
    vlan: 100
    hosts: [srv1]
    machines: {m: , n: {mac: "52:54:00:00:00:01"}}
"""
FIRST, SECOND = "GigabitEthernet1/0/1", "GigabitEthernet1/0/2"


def read(text: str) -> DesiredNetwork:
    definition, problems = check_definition(text, file="f", ids={"sw1": "sw1", "srv1": "srv1"})
    assert problems == ()
    assert definition is not None
    return definition.desired


def declared(network: Network, text: str, *, prune: bool = False) -> list[str]:
    """The types of the events that declaring makes; declaring again makes none."""
    desired = read(text)
    working = Working(network)
    for command in commands_between(network, desired, prune=prune):
        working.execute(command)
    working.finish()
    assert commands_between(network, desired, prune=prune) == ()
    return [event.type_name() for _, event in working.events]


@pytest.fixture
def network() -> Network:
    found = Network("n")
    declared(found, FILE)
    return found


def switching(network: Network, port: str) -> object:
    return network.devices["sw1"].switch_ports.get(port, PortConfiguration()).switching


def test_what_the_file_leaves_out_stays_and_goes_when_pruned(network: Network) -> None:
    without = FILE.replace("      a: {image: one}\n", "").replace("m: , ", "")
    assert declared(network, without) == []
    assert declared(network, without, prune=True) == ["ContainerDetached", "VmDetached"]
    nothing = FILE[: FILE.index("container_networks:")]
    assert declared(network, nothing) == []
    assert declared(network, nothing, prune=True) == [
        "ContainerDetached",
        "ContainerNetworkRemoved",
        "VmDetached",
        "VmNetworkRemoved",
        "PortConfigured",
    ]
    assert network.devices["sw1"].switch_ports[FIRST] == PortConfiguration(description="first")


def test_a_vlan_goes_from_the_port_with_its_network_where_another_stays_on_it(network: Network) -> None:
    more = "  ci:\n    vlan: 200\n    subnet: 10.0.200.0/24\n    gateway: 10.0.200.1\n    hosts: [srv1]\n"
    declared(network, FILE.replace("vm_networks:\n", f"{more}vm_networks:\n"))
    carried = switching(network, FIRST)
    assert isinstance(carried, TrunkMode)
    assert carried.allowed == frozenset({1, 100, 200})
    assert declared(network, FILE, prune=True).count("PortConfigured") == 1
    left = switching(network, FIRST)
    assert isinstance(left, TrunkMode)
    assert left.allowed == frozenset({1, 100})


def test_a_container_of_another_image_keeps_its_address_and_mac(network: Network) -> None:
    before = network.container_networks["web"].containers["a"]
    assert declared(network, FILE.replace("image: one", "image: two")) == ["ContainerDetached", "ContainerAttached"]
    after = network.container_networks["web"].containers["a"]
    assert (after.image, after.address, after.mac) == ("two", before.address, before.mac)
    assert declared(network, FILE.replace("00:01", "00:02")) == [
        "ContainerDetached",
        "VmDetached",
        "ContainerAttached",
        "VmAttached",
    ]


def test_settings_change_alone_where_nothing_else_does(network: Network) -> None:
    assert declared(
        network,
        FILE.replace(
            "    vlan: 100\n    hosts: [srv1]\n    cont",
            "    vlan: 100\n    dns: [10.0.100.1]\n    hosts: [srv1]\n    cont",
        ),
    ) == ["ContainerNetworkChanged"]
    limits = FILE.replace("    machines:", "    bandwidth: {inbound_mbps: 100}\n    machines:")
    assert "VmNetworkChanged" in declared(network, limits)


def test_a_host_is_plugged_in_elsewhere_and_its_networks_follow(network: Network) -> None:
    declared(network, FILE.replace("[srv1 eno1, sw1 Gi1/0/1]", "[srv1 eno1, sw1 Gi1/0/2]"), prune=True)
    assert switching(network, FIRST) is None
    assert switching(network, SECOND) == TrunkMode(native_vlan=10, allowed=frozenset({10, 100}))
    declared(network, FILE, prune=True)
    assert switching(network, SECOND) == AccessMode(vlan=10)
    assert isinstance(switching(network, FIRST), TrunkMode)


def test_another_address_of_the_svi_is_the_new_gateway(network: Network) -> None:
    made = declared(network, FILE.replace("10.0.100.1/24", "10.0.100.254/24"))
    assert made == ["RouterInterfaceConfigured", "ContainerNetworkChanged", "VmNetworkChanged"]
    assert str(network.container_networks["web"].settings.gateway) == "10.0.100.254"


def test_a_file_that_takes_the_vlan_from_under_its_containers_is_refused(network: Network) -> None:
    text = FILE[: FILE.index("container_networks:")].replace("100: servers, ", "")
    text = text.replace("      Vlan100: {address: 10.0.100.1/24}\n", "")
    kept = f"{text}container_networks:\n  web: {{vlan: 200, subnet: 10.0.200.0/24, hosts: [srv1]}}\n"
    with pytest.raises(NetworkInUse, match="would lose host or address of containers: a, b"):
        declared(network, kept)
    declared(
        network,
        f"{kept}    containers: {{}}\n".replace("hosts: [srv1]}\n    containers: {}", "hosts: [srv1]}"),
        prune=True,
    )
    assert switching(network, FIRST) == TrunkMode(allowed=frozenset({1, 200}))
    assert network.vm_networks == {}

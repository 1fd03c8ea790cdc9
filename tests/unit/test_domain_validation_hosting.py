"""Rules about networks behind hosts: no address on both sides, a gateway that is there, an uplink that carries."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import Endpoint, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.domain.working import Working

REGISTRY = Registry(STANDARD_RULES)
DEVICES = """devices:
  dist:
    routing: true
    ports: Gi0/1-4
    interfaces: {Vlan10: {address: 10.0.10.1/24}}
"""


@pytest.fixture
def network(network_of: Callable[[str], Network]) -> Network:
    """A switch that routes for VLAN 10, a server at each of two of its ports, and a container network on the VLAN."""
    working = Working(network_of(DEVICES))
    for number in (1, 2):
        name = f"srv{number}"
        details = DeviceDetails(vendor="nixos", platform="nixos")
        working.execute(c.AddHost(device=name, name=name, details=details, ports=("eno1",)))
        ends = Endpoint(device=name, port="eno1"), Endpoint(device="dist", port=f"GigabitEthernet0/{number}")
        working.execute(c.ConnectLink(a=ends[0], b=ends[1]))
    wish = h.ContainerNetworkWish(vlan=10, hosts={"srv1": h.HostWish(), "srv2": h.HostWish()})
    working.execute(c.CreateContainerNetwork(name="web", wish=wish))
    for container, host in (("one", "srv1"), ("two", "srv2")):
        working.execute(c.AttachContainer(name="web", container=container, wish=h.ContainerWish(host=host)))
    working.finish()
    return working.network


def told(network: Network, rule: str = "") -> list[str]:
    found = REGISTRY.check(NetworkView(network))
    return [f"{item.device}: {item.message}" for item in found if not rule or item.rule == rule]


def test_containers_on_a_vlan_with_all_they_need_are_right(network: Network) -> None:
    assert told(network) == []


def test_an_address_of_a_device_in_the_range_of_a_host_is_found(network: Network) -> None:
    share = network.container_networks["web"].settings.hosts["srv1"]
    address = IPv4Interface((share.range.first, 24))
    network.devices["dist"].interfaces["Vlan20"] = RoutedInterface(addresses=(address,))
    found = told(network, "container-address")
    assert f"srv1: its range {share.range} has {address.ip}, which is the address of dist Vlan20" in found


def test_an_address_that_two_containers_have_is_found(network: Network) -> None:
    web = network.container_networks["web"]
    web.containers["two"] = web.containers["two"].model_copy(update={"address": web.containers["one"].address})
    assert told(network, "container-address") == [
        f"srv2: two has {web.containers['one'].address}, the address of one in web"
    ]


def test_ranges_of_two_hosts_that_overlap_are_found(network: Network) -> None:
    web = network.container_networks["web"]
    hosts = web.settings.hosts
    shared = hosts["srv2"].model_copy(update={"range": hosts["srv1"].range})
    web.settings = web.settings.model_copy(update={"hosts": hosts | {"srv2": shared}})
    (found,) = told(network, "container-address")
    assert found.endswith("of srv1 overlap")


def test_a_gateway_that_nobody_has_is_found(network: Network) -> None:
    network.devices["dist"].interfaces = {}
    assert told(network, "container-gateway") == [
        "srv1: nobody has its gateway 10.0.10.1",
        "srv2: nobody has its gateway 10.0.10.1",
    ]


def test_another_subnet_than_that_of_the_gateway_is_found(network: Network) -> None:
    wider = RoutedInterface(addresses=(IPv4Interface("10.0.10.1/23"),))
    network.devices["dist"].interfaces["Vlan10"] = wider
    found = told(network, "container-gateway")
    assert found[0] == "srv1: its subnet is 10.0.10.0/24, and that of its gateway dist Vlan10 is 10.0.10.0/23"


@pytest.mark.parametrize(
    "port",
    [
        PortConfiguration(switching=TrunkMode(native_vlan=10)),
        PortConfiguration(switching=TrunkMode(allowed=frozenset({20}))),
        PortConfiguration(switching=TrunkMode(allowed=frozenset({10})), enabled=False),
    ],
)
def test_a_port_that_does_not_carry_the_vlan_to_the_host_is_found(network: Network, port: PortConfiguration) -> None:
    network.devices["dist"].switch_ports["GigabitEthernet0/1"] = port
    assert told(network, "host-uplink") == ["srv1: dist GigabitEthernet0/1 does not carry VLAN 10 tagged"]
    del network.devices["dist"].vlans[10]
    assert told(network, "host-uplink")[0].endswith("tagged; dist does not have it")


def test_a_port_of_a_network_of_virtual_machines_carries_its_vlan_too(network: Network) -> None:
    working = Working(network)
    wish = h.VmNetworkWish(kind=h.Bridged(bridge="br0"), vlan=10, hosts={"srv2": None})
    working.execute(c.CreateVmNetwork(name="vms", wish=wish))
    assert told(network) == []
    network.devices["dist"].switch_ports["GigabitEthernet0/2"] = PortConfiguration(
        switching=TrunkMode(allowed=frozenset({20}))
    )
    found = [item for item in REGISTRY.check(NetworkView(network)) if item.rule == "host-uplink"]
    assert [item.path for item in found] == ["container network web", "VM network vms"]


def test_what_is_behind_one_host_alone_another_may_use_again(network: Network) -> None:
    working = Working(network)
    for name, host, subnet in (("a", "srv1", "172.20.0.0/24"), ("b", "srv2", "172.21.0.0/24")):
        wish = h.ContainerNetworkWish(subnet=IPv4Network(subnet), hosts={host: h.HostWish()})
        working.execute(c.CreateContainerNetwork(name=name, wish=wish))
    # Two programs at once, or older ones, may have chosen the same.
    network.container_networks["b"].settings = network.container_networks["a"].settings
    assert told(network) == []
    assert network.container_networks["a"].settings.gateway == IPv4Address("172.20.0.1")


def test_servers_that_lose_their_gateway_are_told_as_hosts_are(network: Network) -> None:
    after = copy_of(network)
    after.devices["dist"].interfaces = {}
    found = REGISTRY.check_change(NetworkView(network), NetworkView(after))
    (lost,) = [item for item in found if item.rule == "gateway-lost"]
    assert lost.message == "2 ports of hosts in it had the gateway 10.0.10.1 (dist Vlan10), and have none any more"


def test_a_server_that_its_gateway_does_not_reach_is_an_error(network: Network) -> None:
    dist = network.devices["dist"]
    network.devices["acc"] = acc = copy_of(network).devices["dist"]
    acc.id, acc.name, acc.interfaces = "acc", "acc", {}
    web = network.container_networks["web"]
    share = web.settings.hosts["srv2"]
    assert share.uplink is not None
    moved = share.model_copy(update={"uplink": share.uplink.model_copy(update={"switch": "acc"})})
    web.settings = web.settings.model_copy(update={"hosts": web.settings.hosts | {"srv2": moved}})
    network.links = {link for link in network.links if "srv2" not in (link.a[0], link.b[0])}
    users_only = PortConfiguration(switching=TrunkMode(allowed=frozenset({20})))
    dist.switch_ports["GigabitEthernet0/4"] = acc.switch_ports["GigabitEthernet0/4"] = users_only
    network.links.add(Link(("acc", "GigabitEthernet0/4"), ("dist", "GigabitEthernet0/4")))
    (island,) = [item for item in REGISTRY.check(NetworkView(network)) if item.rule == "vlan-continuity"]
    assert (island.severity, island.device, island.path) == ("error", "acc", "VLAN 10")

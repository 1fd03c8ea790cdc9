"""What a network definition says of hosts for themselves: addresses, bridges, routing; and what it cannot say."""

from ipaddress import IPv4Address, IPv4Network

import pytest

from cimnet_nornir.definition import check_definition
from cimnet_nornir.definition.dump import dump_definition
from cimnet_nornir.domain.desired import DesiredDevice, commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import (
    HostInterfaceConfiguration,
    OspfInterface,
    OspfProcess,
    StaticRoute,
)
from cimnet_nornir.domain.working import Working

FILE = """\
network: n
defaults: {vendor: cisco, platform: ios}
vlans: {100: servers}
devices:
  sw1:
    kind: switch
    routing: true
    ports: Gi1/0/1-4
    interfaces: {Vlan100: {address: 10.0.100.1/24}}
  srv1:
    kind: host
    bridges: vlan-aware
    routing: true
    ports: [eno1, eno2, eth0]
    ospf: {process: 1, router_id: 10.255.0.9}
    bgp: {asn: 65001, neighbors: [{address: 192.0.2.1, remote_as: 65002, update_source: lo}]}
    routes: [{to: 198.51.100.0/24, via: 192.0.2.7, distance: 200}]
    interfaces:
      eno2: {address: 192.0.2.10/24, gateway: 192.0.2.1, mtu: 9000, description: to core, ospf: {area: 0, cost: 10}}
      eth0: {mtu: 9000}
      lo: {address: 10.255.0.9/32, ospf: {area: 0, passive: true}}
links: [[srv1 eno1, sw1 Gi1/0/1], [srv1 eno2, sw1 Gi1/0/2]]
container_networks:
  web: {vlan: 100, hosts: [srv1]}
"""


def server(text: str = FILE) -> DesiredDevice:
    definition, problems = check_definition(text, file="f")
    assert (problems, definition is not None) == ((), True)
    assert definition is not None
    return next(device for device in definition.desired.devices if device.name == "srv1")


def test_a_host_says_of_itself_what_a_router_says() -> None:
    host = server()
    assert host.interfaces == {
        "eno2": HostInterfaceConfiguration.model_validate(
            {
                "description": "to core",
                "addresses": ["192.0.2.10/24"],
                "gateway": "192.0.2.1",
                "mtu": 9000,
                "ospf": {"area": 0, "cost": 10},
            }
        ),
        "eth0": HostInterfaceConfiguration(mtu=9000),
        "lo": HostInterfaceConfiguration.model_validate(
            {"addresses": ["10.255.0.9/32"], "ospf": OspfInterface(area=0, passive=True)}
        ),
    }
    assert (host.routing, host.details.bridges) == (True, "vlan-aware")
    assert host.ospf == {1: OspfProcess(router_id=IPv4Address("10.255.0.9"))}
    assert host.bgp is not None
    assert host.bgp.neighbors[0].update_source == "lo"
    (route,) = host.routes
    assert route == StaticRoute(prefix=IPv4Network("198.51.100.0/24"), next_hop=IPv4Address("192.0.2.7"), distance=200)


def test_bridges_of_a_vlan_each_are_what_is_understood() -> None:
    assert server(FILE.replace("vlan-aware", "per-vlan")).details.bridges is None
    assert server(FILE.replace("    bridges: vlan-aware\n", "")).details.bridges is None


def test_what_is_written_of_a_host_is_read_back() -> None:
    definition, _ = check_definition(FILE, file="f")
    assert definition is not None
    working = Working(Network("n"))
    for command in commands_between(Network("n"), definition.desired):
        working.execute(command)
    working.finish()
    text = dump_definition(working.network)
    assert "      eno2: {description: to core, address: 192.0.2.10/24, gateway: 192.0.2.1, mtu: 9000," in text
    again, problems = check_definition(text, file="f")
    assert problems == ()
    assert again is not None
    assert commands_between(working.network, again.desired, prune=True) == ()


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("mtu: 9000, d", "mtu: 67, d", "srv1.interfaces.eno2.mtu", "the lowest is 68"),
        ("mtu: 9000, d", "enabled: false, d", "srv1.interfaces.eno2.enabled", "does not go with kind: host"),
        ("mtu: 9000, d", "vlan: 100, d", "srv1.interfaces.eno2.vlan", "does not go with kind: host"),
        (
            "mtu: 9000, d",
            "access_group_in: X, d",
            "srv1.interfaces.eno2.access_group_in",
            "routers and switches have it",
        ),
        ("Vlan100: {", "Vlan100: {mtu: 9000, ", "sw1.interfaces.Vlan100.mtu", "does not go with kind: switch; hosts"),
        ("Vlan100: {", "Vlan100: {gateway: 10.0.100.2, ", "sw1.interfaces.Vlan100.gateway", "hosts have it"),
        ("kind: switch\n", "kind: switch\n    bridges: per-vlan\n", "sw1.bridges", "hosts have it"),
        ("kind: host\n", "kind: host\n    eigrp: {asn: 1}\n", "srv1.eigrp", "does not go with kind: host"),
        ("eno2: {address", "Gi0/1: {address", "srv1.interfaces.Gi0/1", "'Gi0/1' is no interface name of a Linux host"),
        ("eno2: {address", "eno7: {address", "srv1.interfaces.eno7.address", "srv1 has no port eno7"),
        ("gateway: 192.0.2.1", "gateway: 198.51.100.1", "srv1.interfaces.eno2.address", "is in no subnet of it"),
        ("192.0.2.10/24", "10.0.100.1/25", "srv1.interfaces.eno2.address", "is in no subnet of it"),
        ("eth0: {mtu", "eth0: {address: 10.0.100.1/24, mtu", "srv1.interfaces.eth0.address", "(line 9)"),
        ("{to: 198.51.100.0/24,", "{to: 0.0.0.0/0,", "srv1.interfaces.eno2.address", "srv1 has two default routes"),
        ("update_source: lo", "update_source: eno2", "srv1.bgp.neighbors[0].update_source", "'eno2' is no interface"),
        ("    routing: true\n    ports: [eno1", "    ports: [eno1", "srv1.ospf", "srv1 does not route; enable routing"),
        (
            "ospf: {process: 1, router_id: 10.255.0.9}",
            "ospf: [{process: 1, router_id: 10.255.0.9}, {process: 2, router_id: 10.255.0.9}]",
            "srv1.interfaces.eno2.ospf",
            "srv1 has several OSPF processes; say which",
        ),
    ],
)
def test_what_a_host_cannot_say_of_itself_is_told_with_its_field(old: str, new: str, field: str, words: str) -> None:
    assert old in FILE
    _, problems = check_definition(FILE.replace(old, new), file="f")
    assert any(problem.field == f"devices.{field}" and words in problem.message for problem in problems), problems


def test_a_container_network_by_a_card_with_an_address_is_told_at_the_network() -> None:
    _, (problem,) = check_definition(FILE.replace("eth0: {mtu: 9000}", "eno1: {address: 10.0.7.1/24}"), file="f")
    assert problem.field == "container_networks.web"
    assert "srv1 eno1 has an address of the host's own and brings no VLAN 100" in problem.message


def test_a_second_ospf_process_is_told_where_it_is_written() -> None:
    two = "[{process: 1, router_id: 10.255.0.9}, {process: 2, router_id: 10.255.0.9}]"
    text = FILE.replace("{process: 1, router_id: 10.255.0.9}", two)
    text = text.replace("{area: 0", "{process: 1, area: 0")
    _, (problem,) = check_definition(text, file="f")
    assert (problem.field, problem.line) == ("devices.srv1.ospf[1]", 15)
    assert "srv1 is a host, which runs one OSPF process; 1 and 2 are two" in problem.message

"""A network written as a definition file is short and readable."""

from pathlib import Path

from cimnet_nornir.definition import load_definition, read_definition
from cimnet_nornir.definition.dump import dump_definition
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.working import Working

EXAMPLE = Path(__file__).parents[2] / "inventory" / "network.yaml"
SMALL = """network: campus
defaults: {vendor: cisco, platform: ios}

vlans:
  10: users
  20: null

devices:
  r1:
    kind: router
    site: hq
    management: 10.0.0.1
    ports: GigabitEthernet0/0-1
    ospf: [{process: 1, router_id: 10.0.0.1, default_originate: true}, {process: 2}]
    eigrp: {asn: 100, networks: [10.0.0.0/8], passive: [GigabitEthernet0/0]}
    interfaces:
      GigabitEthernet0/0: {description: "to: s1", address: 10.0.0.1/31, ospf: {process: 1, area: 0, passive: true}}
      GigabitEthernet0/1: {address: 10.0.1.1/24, access_group_in: EDGE, access_group_out: 10}
    routes:
      - {to: 0.0.0.0/0, via: 203.0.113.1, name: internet}
    bgp:
      asn: 65001
      router_id: 10.0.0.1
      neighbors:
        - {address: 203.0.113.1, remote_as: 64500, description: provider, ebgp_multihop: 2}
        - {address: 10.0.0.9, remote_as: 65001, update_source: GigabitEthernet0/0, next_hop_self: true}
      networks: [192.0.2.0/24]
    access_lists:
      10:
        entries:
          - {action: permit, source: 10.0.0.0/8}
      EDGE:
        entries:
          - {remark: "web: answers, and mail"}
          - {action: permit, protocol: tcp, established: true}
          - {sequence: 25, action: permit, protocol: tcp, destination: 192.0.2.10, destination_port: 80}
          - {action: deny, protocol: 112, source: 10.0.1.0 0.0.254.255, log: true}
          - {action: permit, protocol: udp, source_port: range 53 60, destination_port: gt 1023}
      PEERS:
        kind: standard
        entries:
          - {action: permit, source: 10.0.0.1}
  s1:
    id: rack3
    kind: switch
    routing: true
    ports: [GigabitEthernet1/0/1-4, TenGigabitEthernet1/1/1]
    spanning_tree: {mode: rapid-pvst, priority: {"10,20": 4096}}
    interfaces:
      GigabitEthernet1/0/1-3: {description: desk, mode: access, vlan: 10, portfast: true}
      GigabitEthernet1/0/4: {mode: trunk, native: 20, allowed: "10,20"}
      Loopback0: {addresses: [10.1.0.1/32, 10.1.0.2/32]}
      TenGigabitEthernet1/1/1: {mode: routed, enabled: false}
  s2:
    kind: switch
    vlans: {20: other}

links:
  - [r1 GigabitEthernet0/0, s1 GigabitEthernet1/0/1]
"""


def declared(desired: DesiredNetwork) -> Network:
    working = Working(Network(desired.name))
    for command in commands_between(working.network, desired):
        working.execute(command)
    working.finish()
    return working.network


def test_what_is_written_as_a_dump_writes_it_is_dumped_the_same() -> None:
    assert dump_definition(declared(load_definition(SMALL, file="f").desired)) == SMALL


def test_the_example_comes_back_from_its_dump() -> None:
    network = declared(read_definition(EXAMPLE).desired)
    text = dump_definition(network)
    assert commands_between(network, load_definition(text, file="dump").desired, prune=True) == ()
    assert len(text.splitlines()) < len(EXAMPLE.read_text().splitlines())


def test_an_empty_network_is_its_name() -> None:
    assert dump_definition(Network("on")) == 'network: "on"\n'


FEATURES = """\
network: on
devices:
  r1:
    kind: router
    vendor: cisco
    platform: ios
    ports: GigabitEthernet0/0
    features:
      line: {2: {exec: false}}
      track: {1: {of: {kind: interface, interface: GigabitEthernet0/0}}}
      bgp-process: {log_neighbor_changes: null}
    bgp: {asn: 65000}
"""


def test_settings_come_back_with_names_like_numbers_parts_of_several_kinds_and_nulls_that_say_something() -> None:
    network = declared(load_definition(FEATURES, file="f").desired)
    assert set(network.devices["r1"].features) == {"line 2", "track 1", "bgp-process"}
    again = load_definition(dump_definition(network), file="dump").desired
    assert commands_between(network, again, prune=True) == ()

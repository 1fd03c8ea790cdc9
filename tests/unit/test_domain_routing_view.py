"""What a device does by the base of its intent and its features together."""

import pytest

from cimnet_nornir.definition import load_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_view import Peer, bgp_peers, ospf_at
from cimnet_nornir.domain.validation import Finding, NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.working import Working

DEVICES = """
network: n
defaults: {kind: router, vendor: cisco, platform: ios}
devices:
  r1:
    ports: GigabitEthernet0/0-2
    ospf: {process: 1, router_id: 10.255.0.1}
    bgp: {asn: 65001, neighbors: [{address: 192.0.2.2, remote_as: 65002}]}
    interfaces:
      Loopback0: {address: 10.255.0.1/32}
      GigabitEthernet0/0: {address: 10.0.0.1/31}
      GigabitEthernet0/1: {address: 10.1.0.1/24, ospf: {area: 7}}
      GigabitEthernet0/2: {address: 192.0.2.1/24}
    features:
      ospf-process: {1: {passive_interfaces: [Loopback0]}}
      ospf-network:
        - {process: 1, network: 10.0.0.0/8, area: 3}
        - {process: 1, network: 10.255.0.0/16, area: 0.0.0.9}
      bgp-peer-group:
        UP: {remote_as: 65010, ebgp_multihop: 2}
        DOWN: {remote_as: 65011, shutdown: true}
      bgp-neighbor:
        192.0.2.9: {peer_group: UP}
        192.0.2.10: {peer_group: DOWN}
        192.0.2.11: {remote_as: 65012, local_as: 64999}
        2001:db8::1: {remote_as: 65013}
"""


def made(text: str) -> Network:
    desired = load_definition(text, file="f").desired
    working = Working(Network(desired.name))
    for command in commands_between(working.network, desired):
        working.execute(command)
    working.finish()
    return working.network


@pytest.fixture(scope="module")
def network() -> Network:
    return made(DEVICES)


@pytest.fixture(scope="module")
def r1(network: Network) -> Device:
    return network.devices["r1"]


@pytest.mark.parametrize(
    ("interface", "area", "passive"),
    [("GigabitEthernet0/0", 3, False), ("GigabitEthernet0/1", 7, False), ("Loopback0", 9, True)],
)
def test_an_interface_is_in_the_area_that_is_told_nearest(r1: Device, interface: str, area: int, passive: bool) -> None:
    found = ospf_at(r1, interface)
    assert found is not None
    assert (found.area, found.passive) == (area, passive)


def test_an_interface_outside_all_networks_takes_no_part(r1: Device) -> None:
    assert ospf_at(r1, "GigabitEthernet0/2") is None
    assert ospf_at(r1, "GigabitEthernet0/9") is None


def test_peers_have_what_their_group_says(r1: Device) -> None:
    assert [(str(peer.address), peer.remote_as, peer.multihop, peer.shutdown) for peer in bgp_peers(r1)] == [
        ("192.0.2.2", 65002, False, False),
        ("192.0.2.9", 65010, True, False),
        ("192.0.2.10", 65011, False, True),
        ("192.0.2.11", 65012, False, False),
    ], "IPv6 is left out"
    assert [peer.local_as for peer in bgp_peers(r1)] == [None, None, None, 64999]
    assert isinstance(bgp_peers(r1)[0], Peer)


def findings(network: Network, rule: str) -> list[Finding]:
    return [finding for finding in Registry(STANDARD_RULES).check(NetworkView(network)) if finding.rule == rule]


def test_rules_see_networks_and_groups(network: Network) -> None:
    assert findings(network, "ospf-without-interfaces") == []
    assert findings(network, "ospf-coverage") == []
    joined = findings(network, "ospf-backbone")
    assert ["the areas 3, 7, 9" in finding.message for finding in joined] == [True]

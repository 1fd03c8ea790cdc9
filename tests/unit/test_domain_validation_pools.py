"""Interfaces and the subnets of address pools: what does not fit is told, and nothing else."""

from collections.abc import Callable
from ipaddress import IPv4Interface, IPv4Network

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView, PoolSubnet, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import RoutedInterface

DEVICES = """devices:
  d1:
    routing: true
    ports: Gi0/1-4
    interfaces:
      Gi0/1: {profile: trunk}
      Vlan10: {address: 10.0.10.1/24}
      Vlan20: {address: 10.0.20.1/24}
"""


def subnet(prefix: str, vlan: int | None = None, kind: str = "allocated") -> PoolSubnet:
    return PoolSubnet("campus", IPv4Network(prefix), kind, vlan)


@pytest.fixture
def told(network_of: Callable[[str], Network]) -> Callable[..., list[str]]:
    def ask(*subnets: PoolSubnet) -> list[str]:
        found = Registry(STANDARD_RULES).check(NetworkView(network_of(DEVICES), subnets))
        return [f"{item.rule} {item.path}: {item.message}" for item in found]

    return ask


def test_interfaces_with_the_subnets_that_pools_gave_them_are_right(told: Callable[..., list[str]]) -> None:
    assert told(subnet("10.0.20.0/24", 20), subnet("10.0.10.0/24", 10), subnet("10.0.30.0/24", 30)) == []
    assert told(subnet("10.0.10.0/24"), subnet("10.9.0.0/16", kind="reserved")) == []
    assert told(subnet("10.0.10.0/24", 10), subnet("10.5.0.0/24", 10)) == []


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (subnet("10.0.10.0/25"), "pool-subnet Vlan10: its subnet 10.0.10.0/24 overlaps 10.0.10.0/25, which the pool"),
        (subnet("10.0.10.128/25"), "pool-subnet Vlan10: its subnet 10.0.10.0/24 overlaps 10.0.10.128/25, which"),
        (subnet("10.0.20.0/23"), "pool-subnet Vlan20: its subnet 10.0.20.0/24 overlaps 10.0.20.0/23, which the pool"),
        (subnet("10.0.20.0/24", kind="reserved"), "pool-subnet Vlan20: its subnet 10.0.20.0/24 is in 10.0.20.0/24, wh"),
        (subnet("10.0.20.0/24", 10), "pool-subnet Vlan20: its subnet 10.0.20.0/24 is allocated for VLAN 10 in the"),
    ],
)
def test_a_subnet_that_is_not_as_a_pool_gave_it_out_is_found(
    told: Callable[..., list[str]], known: PoolSubnet, said: str
) -> None:
    assert told(known)[0].startswith(said)


def test_an_svi_outside_the_subnet_of_its_vlan_is_found(told: Callable[..., list[str]]) -> None:
    assert told(subnet("10.7.0.0/24", 10)) == [
        "vlan-subnet Vlan10: its address 10.0.10.1 is outside 10.7.0.0/24, which is allocated for its VLAN"
    ]


def routed(address: str) -> c.ConfigureRouterInterface:
    configuration = RoutedInterface(addresses=(IPv4Interface(address),))
    return c.ConfigureRouterInterface(device="r1", interface="GigabitEthernet0/2", configuration=configuration)


def test_a_check_looks_at_the_pools_of_the_network(small: NetworkService) -> None:
    small.execute(routed("198.51.100.1/24"))
    then = small.store.head()
    small.execute(c.RemoveRouterInterface(device="r1", interface="GigabitEthernet0/2"))
    small.create_pool("lan", "198.51.100.0/24")
    small.allocate_subnet("lan", 25)
    small.execute(routed("198.51.100.1/24"))
    (finding,) = small.check().open
    assert (finding.rule, finding.device, finding.severity) == ("pool-subnet", "r1", "warning")
    assert small.check(then).open == ()
    small.execute(routed("198.51.100.1/25"))
    assert small.check().open == ()

"""The example network of a new project."""

from collections import Counter
from pathlib import Path

import pytest

from cimnet_nornir.definition import Definition, read_definition
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind, TrunkMode
from cimnet_nornir.domain.working import Working

EXAMPLE = Path(__file__).parents[2] / "inventory" / "network.yaml"


@pytest.fixture(scope="module")
def campus() -> Definition:
    return read_definition(EXAMPLE)


def test_the_example_has_two_routers_two_distribution_and_four_access_switches_and_a_server(campus: Definition) -> None:
    roles = Counter((device.kind, device.details.role) for device in campus.desired.devices)
    assert roles == {
        (DeviceKind.ROUTER, "core"): 2,
        (DeviceKind.SWITCH, "distribution"): 2,
        (DeviceKind.SWITCH, "access"): 4,
        (DeviceKind.HOST, "server"): 1,
    }


def test_the_domain_takes_every_command_of_the_example(campus: Definition) -> None:
    working = Working(Network("campus"))
    for command in commands_between(Network("campus"), campus.desired):
        working.execute(command)
    working.finish()
    assert commands_between(working.network, campus.desired) == ()


def test_both_ends_of_a_trunk_in_the_example_agree(campus: Definition) -> None:
    ports = {(device.id, name): port for device in campus.desired.devices for name, port in device.switch_ports.items()}
    trunks = [link for link in campus.desired.links if link.a in ports and link.b in ports]
    assert len(trunks) == 9
    for link in trunks:
        assert isinstance(ports[link.a].switching, TrunkMode)
        assert ports[link.a].switching == ports[link.b].switching


def test_both_ends_of_a_routed_line_in_the_example_are_in_one_subnet(campus: Definition) -> None:
    routed = {(device.id, name): item for device in campus.desired.devices for name, item in device.interfaces.items()}
    lines = [link for link in campus.desired.links if link.a in routed]
    assert len(lines) == 5
    for link in lines:
        assert routed[link.a].addresses[0].network == routed[link.b].addresses[0].network
        assert routed[link.a].ospf == routed[link.b].ospf


def test_each_vlan_of_the_example_has_one_spanning_tree_root(campus: Definition) -> None:
    trees = [device.spanning_tree for device in campus.desired.devices if device.routing]
    for vlan in (10, 20, 30, 40, 99, 100, 999):
        assert sorted(tree.priorities[vlan] for tree in trees if tree) == [4096, 8192]


def test_what_the_containers_of_the_example_need_of_switches_is_written_nowhere_and_declared_once(
    campus: Definition,
) -> None:
    working = Working(Network("campus"))
    for command in commands_between(Network("campus"), campus.desired):
        working.execute(command)
    working.finish()
    network = working.network
    port = network.devices["acc4"].switch_ports["GigabitEthernet1/0/21"]
    assert port.switching == TrunkMode(native_vlan=999, allowed=frozenset({100}))
    carrying = {
        f"{device.name} {name}"
        for device in network.devices.values()
        for name, port in device.switch_ports.items()
        if isinstance(port.switching, TrunkMode) and port.switching.allowed and 100 in port.switching.allowed
    }
    assert carrying == {
        *(f"acc4 GigabitEthernet1/0/{number}" for number in (21, 23, 24)),
        *(f"{switch} GigabitEthernet1/0/{number}" for switch in ("dist1", "dist2") for number in (4, 22)),
    }
    web = network.container_networks["web"]
    assert str(web.settings.gateway) == "10.0.100.1"
    assert sorted(str(container.address) for container in web.containers.values()) == [
        "10.0.100.32",
        "10.0.100.33",
        "10.0.100.40",
    ]
    for prune in (False, True):
        assert commands_between(network, campus.desired, prune=prune) == ()

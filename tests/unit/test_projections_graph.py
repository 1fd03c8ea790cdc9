"""The context graph: what is a node, what is an edge, and that one network always gives one graph."""

import subprocess
import sys
from typing import Any

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import (
    Container,
    ContainerNetworkSettings,
    Overlay,
    Uplink,
    Vm,
    VmNetworkSettings,
)
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    Endpoint,
    HostInterfaceConfiguration,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    TrunkMode,
)
from cimnet_nornir.domain.vlan_uses import vlans_in_use, vlans_in_use_at
from cimnet_nornir.domain.working import Working
from cimnet_nornir.projections.graph import context_graph

CISCO = e.DeviceDetails(vendor="cisco", platform="iosxe", model="C9300", role="access", site="hq")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
GI = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 4))


def link(a: str, a_port: str, b: str, b_port: str) -> c.ConnectLink:
    return c.ConnectLink(a=Endpoint(device=a, port=a_port), b=Endpoint(device=b, port=b_port))


def interface(device: str, name: str, address: str) -> c.ConfigureRouterInterface:
    configuration = RoutedInterface.model_validate({"addresses": [address]})
    return c.ConfigureRouterInterface(device=device, interface=name, configuration=configuration)


def campus() -> Network:
    """A router, two switches with VLAN 100, and a host with containers and virtual machines on it."""
    desk = PortConfiguration(switching=AccessMode(vlan=100))
    working = Working(Network("net"))
    for command in (
        c.CreateNetwork(name="net"),
        c.AddRouter(device="r1", name="r1", details=CISCO, ports=("GigabitEthernet0/0/0",)),
        c.AddSwitch(device="sw1", name="core", details=CISCO, ports=GI, routing=True),
        c.AddSwitch(device="sw2", name="sw2", details=CISCO, ports=GI),
        c.AddHost(device="h1", name="h1", details=NIXOS, ports=("eno1",)),
        link("r1", "GigabitEthernet0/0/0", "sw1", GI[0]),
        link("sw1", GI[1], "sw2", GI[1]),
        link("h1", "eno1", "sw2", GI[2]),
        interface("r1", "GigabitEthernet0/0/0", "10.0.0.0/31"),
        interface("sw1", GI[0], "10.0.0.1/31"),
        c.CreateVlanOnSwitches(
            vlan=100, name="lab", switches=("sw1", "sw2"), ports=(Endpoint(device="sw2", port=GI[2]),)
        ),
        interface("sw1", "Vlan100", "10.0.100.1/24"),
        c.ConfigurePort(device="sw2", port=GI[0], configuration=desk),
    ):
        working.execute(command)
    working.finish()
    network = working.network
    uplink = {"interface": "eno1", "switch": "sw2", "port": GI[2]}
    settings = {
        "vlan": 100,
        "driver": {"driver": "bridge", "name": "br-vlan100"},
        "runtime": "docker",
        "subnet": "10.0.100.0/24",
        "pool": "10.0.100.128/25",
        "gateway": "10.0.100.1",
        "hosts": {"h1": {"range": {"first": "10.0.100.128", "last": "10.0.100.159"}, "number": 1, "uplink": uplink}},
    }
    container = {"host": "h1", "address": "10.0.100.130", "mac": "02:00:00:00:00:01", "image": "nginx:1.27"}
    network.container_networks["apps"] = ContainerNetwork(
        "net",
        "apps",
        ContainerNetworkSettings.model_validate(settings),
        {"web1": Container.model_validate(container)},
    )
    kind = {"type": "nat", "subnet": "192.168.122.0/24"}
    vms = {"hypervisor": {"hypervisor": "libvirt"}, "kind": kind, "subnet": "192.168.122.0/24", "hosts": {"h1": None}}
    network.vm_networks["build"] = VmNetwork(
        "net",
        "build",
        VmNetworkSettings.model_validate(vms),
        {"ci": Vm.model_validate({"host": "h1", "mac": "02:00:00:00:00:02"})},
    )
    return network


@pytest.fixture(scope="module")
def graph() -> Any:
    return context_graph(campus())


def edges(graph: Any, relation: str) -> list[tuple[str, str, dict[str, object]]]:
    found = [(a, b, dict(data)) for a, b, data in graph.edges(data=True) if data["relation"] == relation]
    for *_, data in found:
        del data["relation"]
    return found


def test_everything_of_the_network_is_a_node(graph: Any) -> None:
    assert graph.name == "net"
    assert {node: (data["kind"], data["label"]) for node, data in graph.nodes(data=True)} == {
        "device:h1": ("device", "h1"),
        "device:r1": ("device", "r1"),
        "device:sw1": ("device", "core"),
        "device:sw2": ("device", "sw2"),
        "vlan:100": ("vlan", "VLAN 100 lab"),
        "subnet:10.0.0.0/31": ("subnet", "10.0.0.0/31"),
        "subnet:10.0.100.0/24": ("subnet", "10.0.100.0/24"),
        "subnet:192.168.122.0/24": ("subnet", "192.168.122.0/24"),
        "container-network:apps": ("container network", "apps"),
        "container:apps/web1": ("container", "web1"),
        "vm-network:build": ("vm network", "build"),
        "vm:build/ci": ("vm", "ci"),
    }


def test_nodes_tell_what_they_are(graph: Any) -> None:
    nodes = dict(graph.nodes(data=True))
    assert nodes["device:sw1"] == {
        "kind": "device",
        "label": "core",
        "device": "switch",
        "routing": True,
        "platform": "iosxe",
        "model": "C9300",
        "role": "access",
        "site": "hq",
        "management": "",
        "spanning_tree": "pvst",
    }
    assert nodes["device:r1"]["spanning_tree"] == ""
    assert nodes["vlan:100"] == {
        "kind": "vlan",
        "label": "VLAN 100 lab",
        "vlan": 100,
        "name": "lab",
        "continuous": True,
    }
    assert nodes["subnet:10.0.0.0/31"]["version"] == 4
    assert nodes["container-network:apps"] == {
        "kind": "container network",
        "label": "apps",
        "driver": "bridge",
        "runtime": "docker",
        "gateway": "10.0.100.1",
        "bridge": "br-vlan100",
    }
    assert nodes["container:apps/web1"]["address"] == "10.0.100.130"
    assert (nodes["vm:build/ci"]["address"], nodes["vm:build/ci"]["mac"]) == ("", "02:00:00:00:00:02")
    assert nodes["vm-network:build"]["type"] == "nat"


def cable(a: str, a_port: str, b: str, b_port: str, vlans: str, speed: int) -> tuple[str, str, dict[str, object]]:
    ends = {"a": a, "a_port": a_port, "b": b, "b_port": b_port}
    return f"device:{a}", f"device:{b}", {**ends, "vlans": vlans, "speed": speed}


def test_cables_are_edges_with_their_ports_their_speed_and_the_vlans_that_cross(graph: Any) -> None:
    assert edges(graph, "link") == [
        cable("h1", "eno1", "sw2", GI[2], "", 1000),
        cable("r1", "GigabitEthernet0/0/0", "sw1", GI[0], "", 1000),
        cable("sw1", GI[1], "sw2", GI[1], "1,100", 1000),
    ]


@pytest.mark.parametrize(
    ("one", "other", "speed"),
    [
        ("FastEthernet0/1", "GigabitEthernet0/1", 100),
        ("TwentyFiveGigE1/0/1", "HundredGigE1/0/1", 25_000),
        ("x", "y", 0),
    ],
)
def test_a_cable_is_as_fast_as_its_slower_end_as_far_as_names_tell(one: str, other: str, speed: int) -> None:
    network = Network("net", created=True)
    kind = DeviceKind.HOST if one == "x" else DeviceKind.SWITCH
    network.devices = {name: Device("net", name, name, kind, CISCO, (one, other)) for name in ("a", "b")}
    network.connect(Link(("a", one), ("b", other)))
    ((_, _, link),) = edges(context_graph(network), "link")
    assert link["speed"] == speed


def test_hosts_of_an_overlay_are_joined_by_tunnels() -> None:
    network = campus()
    for name in ("h2", "h3"):
        network.devices[name] = Device("net", name, name, DeviceKind.HOST, NIXOS, ("eno1",))
    settings = network.container_networks["apps"].settings
    share = settings.hosts["h1"]
    overlay = {"vlan": None, "driver": Overlay(vxlan=4200), "hosts": dict.fromkeys(("h1", "h2", "h3", "gone"), share)}
    network.container_networks["apps"].settings = settings.model_copy(update=overlay)
    attributes = {"network": "apps", "vxlan": 4200, "encrypted": False}
    assert edges(context_graph(network), "tunnel") == [
        ("device:h1", "device:h2", attributes),
        ("device:h1", "device:h3", attributes),
        ("device:h2", "device:h3", attributes),
    ]


def test_relations_are_edges(graph: Any) -> None:
    assert edges(graph, "has vlan") == [
        ("device:sw1", "vlan:100", {"tagged": GI[1], "untagged": ""}),
        ("device:sw2", "vlan:100", {"tagged": f"{GI[1]},{GI[2]}", "untagged": GI[0]}),
    ]
    assert edges(graph, "address") == [
        ("device:r1", "subnet:10.0.0.0/31", {"interface": "GigabitEthernet0/0/0", "address": "10.0.0.0/31"}),
        ("device:sw1", "subnet:10.0.0.0/31", {"interface": GI[0], "address": "10.0.0.1/31"}),
        ("device:sw1", "subnet:10.0.100.0/24", {"interface": "Vlan100", "address": "10.0.100.1/24"}),
    ]
    assert edges(graph, "subnet") == [("vlan:100", "subnet:10.0.100.0/24", {})]
    assert edges(graph, "in vlan") == [("vlan:100", "container-network:apps", {})]
    assert edges(graph, "in subnet") == [
        ("subnet:10.0.100.0/24", "container-network:apps", {}),
        ("subnet:192.168.122.0/24", "vm-network:build", {}),
    ]
    assert edges(graph, "on host") == [
        ("device:h1", "container-network:apps", {"uplink": "eno1", "range": "10.0.100.128-10.0.100.159"}),
        ("device:h1", "vm-network:build", {"uplink": "", "range": ""}),
    ]
    assert edges(graph, "runs on") == [("device:h1", "container:apps/web1", {}), ("device:h1", "vm:build/ci", {})]
    assert edges(graph, "member of") == [
        ("container-network:apps", "container:apps/web1", {}),
        ("vm-network:build", "vm:build/ci", {}),
    ]


def test_two_cables_between_two_devices_are_two_edges() -> None:
    network = campus()
    working = Working(network)
    working.execute(link("sw1", GI[2], "sw2", GI[0]))
    assert context_graph(network).number_of_edges("device:sw1", "device:sw2") == 2


def test_a_tag_of_a_router_joins_vlan_and_subnet() -> None:
    network = campus()
    working = Working(network)
    working.execute(interface("r1", "GigabitEthernet0/0/0.200", "10.0.200.1/24"))
    made: Any = context_graph(network)
    assert ("vlan:200", "subnet:10.0.200.0/24", {}) in edges(made, "subnet")
    assert made.nodes["vlan:200"]["label"] == "VLAN 200"


def test_islands_show_at_the_vlan() -> None:
    network = campus()
    working = Working(network)
    working.execute(c.ResetPort(device="sw2", port=GI[1]))
    assert context_graph(network).nodes["vlan:100"]["continuous"] is False


def test_what_stood_on_a_device_that_is_gone_has_no_edge_to_it() -> None:
    network = campus()
    del network.devices["h1"]
    made: Any = context_graph(network)
    assert "device:h1" not in made
    assert edges(made, "runs on") == []
    assert edges(made, "in vlan") != []


def test_one_network_gives_one_graph(graph: Any) -> None:
    network = campus()
    # Another history of the same network has its devices in another order.
    network.devices = dict(reversed(list(network.devices.items())))
    again: Any = context_graph(network)
    assert list(again.nodes(data=True)) == list(graph.nodes(data=True))
    assert list(again.edges(keys=True, data=True)) == list(graph.edges(keys=True, data=True))


def test_attributes_fit_into_every_format(graph: Any) -> None:
    values = [value for _, data in graph.nodes(data=True) for value in data.values()]
    values += [value for *_, data in graph.edges(data=True) for value in data.values()]
    assert {type(value) for value in values} <= {str, int, bool}


def test_networkx_is_read_only_when_a_graph_is_made() -> None:
    program = "import sys, cimnet_nornir.projections.graph; print('networkx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_links_of_a_port_channel_carry_what_it_does_and_name_it() -> None:
    working = Working(Network("net"))
    trunk = PortConfiguration(switching=TrunkMode(allowed=frozenset({100})))
    channel = PortChannel(members=GI[:2])
    commands: tuple[c.Command, ...] = (
        c.CreateNetwork(name="net"),
        *(c.AddSwitch(device=name, name=name, details=CISCO, ports=GI) for name in ("sw1", "sw2")),
        *(c.CreateVlan(device=name, vlan=100) for name in ("sw1", "sw2")),
        *(link("sw1", port, "sw2", port) for port in GI),
        *(c.ConfigurePortChannel(device=name, number=1, channel=channel) for name in ("sw1", "sw2")),
        *(c.ConfigurePort(device=name, port="Po1", configuration=trunk) for name in ("sw1", "sw2")),
    )
    for command in commands:
        working.execute(command)
    graph: Any = context_graph(working.network)
    edges = graph.get_edge_data("device:sw1", "device:sw2")
    by_port = {edge["a_port"]: edge for edge in edges.values()}
    for port in GI[:2]:
        assert by_port[port]["vlans"] == "100"
        assert (by_port[port]["a_bundle"], by_port[port]["b_bundle"]) == ("Port-channel1", "Port-channel1")
        assert (by_port[port]["a_mode"], by_port[port]["b_mode"]) == ("active", "active")
    assert by_port[GI[2]]["vlans"] == "1"
    assert "a_bundle" not in by_port[GI[2]]


def test_a_host_stands_in_the_subnets_of_its_own_addresses() -> None:
    network = campus()
    own = HostInterfaceConfiguration.model_validate({"addresses": ["10.0.7.9/24"]})
    network.devices["h1"].interfaces = {"eno1": own, "lo": HostInterfaceConfiguration()}
    graph = context_graph(network)
    (edge,) = [edge for edge in edges(graph, "address") if "device:h1" in edge[:2]]
    assert edge == ("device:h1", "subnet:10.0.7.0/24", {"interface": "eno1", "address": "10.0.7.9/24"})
    assert [edge for edge in edges(graph, "subnet") if "subnet:10.0.7.0/24" in edge[:2]] == []


def test_who_is_in_a_vlan_is_told_of_one_switch_as_of_all() -> None:
    network = campus()
    working = Working(network)
    working.execute(interface("r1", "GigabitEthernet0/0/0.100", "10.0.101.1/24"))
    uplink = Uplink(interface="eno1", switch="sw2", port=GI[2])
    vms = network.vm_networks["build"]
    vms.settings = vms.settings.model_copy(update={"vlan": 100, "hosts": {"h1": uplink}})
    everywhere = vlans_in_use(network)
    assert everywhere["sw2"] == {100}
    for switch, vlans in everywhere.items():
        assert vlans_in_use_at(network, network.devices[switch]) == vlans

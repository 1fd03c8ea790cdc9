"""What of container and VM networks stands on one host, and what no runtime there could do."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from cimnet_nornir.application.host_containers import container_networks_of
from cimnet_nornir.application.host_parts import HostContainer, HostContainerNetwork, HostSide, HostVm
from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import (
    AddressRange,
    Container,
    ContainerNetworkSettings,
    Vm,
    VmNetworkSettings,
)
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import Endpoint
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import RuleViolated

CISCO = e.DeviceDetails(vendor="cisco", platform="iosxe")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
GI = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 4))


@pytest.fixture
def network() -> Network:
    """A switch, and a host with two cables to it."""
    working = Working(Network("net"))
    commands: tuple[c.Command, ...] = (
        c.CreateNetwork(name="net"),
        c.AddSwitch(device="sw1", name="core", details=CISCO, ports=GI),
        c.AddHost(device="h1", name="web", details=NIXOS, ports=("eno1", "eno2")),
        c.AddHost(device="h2", name="db", details=NIXOS, ports=("eno1",)),
        *(
            c.ConnectLink(a=Endpoint(device=host, port=card), b=Endpoint(device="sw1", port=port))
            for (host, card), port in zip((("h1", "eno1"), ("h1", "eno2"), ("h2", "eno1")), GI, strict=True)
        ),
        c.CreateVlan(device="sw1", vlan=100),
        c.CreateVlan(device="sw1", vlan=200),
    )
    for command in commands:
        working.execute(command)
    return working.network


def containers(
    network: Network, name: str, *, vlan: int | None = 100, uplink: str = "eno1", runtime: str = "podman", **driver: Any
) -> ContainerNetwork:
    """Put a container network on both hosts: 32 to 63 on web, 64 to 95 on db."""
    base = f"10.0.{vlan or 7}."
    uplinks = {} if vlan is None else {"uplink": {"interface": uplink, "switch": "sw1", "port": GI[0]}}
    settings = ContainerNetworkSettings.model_validate(
        {
            "vlan": vlan,
            "driver": driver or {"driver": "bridge"},
            "runtime": runtime,
            "subnet": f"{base}0/24",
            "pool": f"{base}0/24",
            "gateway": f"{base}1",
            "dns": ["10.0.0.53"],
            "hosts": {
                "h1": {"range": {"first": f"{base}32", "last": f"{base}63"}, "number": 1, **uplinks},
                "h2": {"range": {"first": f"{base}64", "last": f"{base}95"}, "number": 2, **uplinks},
            },
        }
    )
    network.container_networks[name] = ContainerNetwork("net", name, settings)
    return network.container_networks[name]


def attach(hosted: ContainerNetwork, name: str, *, host: str = "h1", image: str | None = "nginx:1.27") -> None:
    number = 32 + len(hosted.containers) + (32 if host == "h2" else 0)
    address = f"{hosted.settings.subnet.network_address + number}"
    mac = f"02:00:00:00:00:{number:02x}"
    hosted.containers[name] = Container.model_validate({"host": host, "address": address, "mac": mac, "image": image})


def vms(network: Network, name: str, **settings: Any) -> VmNetwork:
    network.vm_networks[name] = VmNetwork("net", name, VmNetworkSettings.model_validate(settings))
    return network.vm_networks[name]


def only(side: HostSide) -> HostContainerNetwork:
    (found,) = side.container_networks
    return found


def test_a_host_has_its_own_range_and_its_own_containers(network: Network) -> None:
    apps = containers(network, "apps")
    attach(apps, "proxy")
    attach(apps, "cache", image=None)
    attach(apps, "shop", host="h2")
    found = only(host_side(network, "web"))
    assert (found.name, found.runtime, found.interface, found.vlan) == ("apps", "podman", "br-vlan100", 100)
    assert (found.subnet, found.gateway) == (IPv4Network("10.0.100.0/24"), IPv4Address("10.0.100.1"))
    assert found.range == AddressRange.parse("10.0.100.32-10.0.100.63")
    assert found.dns == (IPv4Address("10.0.0.53"),)
    assert found.containers == (
        HostContainer("cache", IPv4Address("10.0.100.33"), "02:00:00:00:00:21", None, "podman"),
        HostContainer("proxy", IPv4Address("10.0.100.32"), "02:00:00:00:00:20", "nginx:1.27", "podman"),
    )
    other = only(host_side(network, "db"))
    assert [container.name for container in other.containers] == ["shop"]
    assert other.range == AddressRange.parse("10.0.100.64-10.0.100.95")


def test_macvlan_hangs_on_the_interface_of_its_vlan(network: Network) -> None:
    containers(network, "apps", driver="macvlan")
    assert only(host_side(network, "web")).interface == "vlan100"


def test_macvlan_hangs_on_its_own_cards_interface_where_two_cards_bring_the_vlan(network: Network) -> None:
    containers(network, "apps", driver="macvlan")
    containers(network, "more", driver="macvlan", uplink="eno2")
    assert [each.interface for each in host_side(network, "web").container_networks] == ["eno1.100", "eno2.100"]


def test_macvlan_hangs_on_the_bridge_that_the_interface_of_its_vlan_is_in(network: Network) -> None:
    containers(network, "apps", driver="macvlan")
    uplink = {"interface": "eno1", "switch": "sw1", "port": GI[0]}
    vms(network, "vms", hypervisor={"hypervisor": "libvirt"}, kind={"type": "bridged"}, vlan=100, hosts={"h1": uplink})
    side = host_side(network, "web")
    assert [(bridge.name, bridge.port) for bridge in side.bridges] == [("br-vlan100", "vlan100")]
    assert only(side).interface == "br-vlan100"
    assert only(host_side(network, "db")).interface == "vlan100"


def test_macvlan_without_a_vlan_hangs_on_the_card_that_it_names(network: Network) -> None:
    containers(network, "apps", vlan=None, driver="macvlan", parent="eno2")
    assert only(host_side(network, "web")).interface == "eno2"


def test_an_overlay_hangs_on_nothing_unless_its_tunnel_is_ours(network: Network) -> None:
    near = containers(network, "near", vlan=None, runtime="docker", driver="overlay")
    far = containers(network, "far", vlan=None, runtime="docker", driver="overlay", vxlan=4097)
    dark = containers(network, "dark", vlan=None, runtime="docker", driver="overlay", vxlan=4098, encrypted=True)
    found = container_networks_of(network.devices["h1"], [dark, far, near], ())
    assert [(each.name, each.interface) for each in found] == [("dark", None), ("far", "br-far"), ("near", None)]


@pytest.mark.parametrize(("runtime", "why"), [("podman", "podman has nothing for that"), ("docker", "docker would")])
def test_containers_on_a_vlan_cannot_be_kept_from_one_another_by_a_bridge(
    network: Network, runtime: str, why: str
) -> None:
    containers(network, "apps", runtime=runtime, driver="bridge", inter_container=False)
    with pytest.raises(RuleViolated, match=f"web: containers of apps cannot be kept.*{why}.*macvlan with mode private"):
        host_side(network, "web")


def test_docker_keeps_containers_of_an_inner_network_from_one_another_unless_it_bridges_a_vlan(
    network: Network,
) -> None:
    containers(network, "inner", vlan=None, runtime="docker", driver="bridge", inter_container=False)
    assert only(host_side(network, "web")).name == "inner"
    containers(network, "apps", runtime="docker")
    with pytest.raises(RuleViolated, match="containers of inner cannot be kept"):
        host_side(network, "web")


def test_a_host_starts_containers_by_one_runtime(network: Network) -> None:
    attach(containers(network, "apps"), "proxy")
    more = containers(network, "more", vlan=200, runtime="docker")
    attach(more, "cache", image=None)
    assert len(host_side(network, "web").container_networks) == 2
    attach(more, "shop")
    with pytest.raises(RuleViolated, match=r"web would start shop by docker and proxy by podman.*one runtime"):
        host_side(network, "web")


def test_a_container_in_two_networks_has_one_image(network: Network) -> None:
    attach(containers(network, "apps"), "proxy")
    more = containers(network, "more", vlan=200)
    attach(more, "proxy")
    assert len(host_side(network, "web").container_networks) == 2
    attach(more, "proxy", image="caddy:2")
    with pytest.raises(RuleViolated, match="proxy is in two networks with two images, nginx:1\\.27 and caddy:2"):
        host_side(network, "web")


def test_a_vm_network_has_its_bridge_its_card_and_the_machines_of_the_host(network: Network) -> None:
    uplink = {"interface": "eno1", "switch": "sw1", "port": GI[0]}
    made = vms(
        network,
        "vms",
        hypervisor={"hypervisor": "libvirt"},
        kind={"type": "bridged"},
        vlan=100,
        bandwidth={"inbound_mbps": 10},
        hosts={"h1": uplink, "h2": uplink},
    )
    made.vms["ci"] = Vm.model_validate({"host": "h1", "mac": "52:54:00:00:00:01", "address": "10.0.100.200"})
    made.vms["old"] = Vm.model_validate({"host": "h2", "mac": "52:54:00:00:00:02"})
    (found,) = host_side(network, "web").vm_networks
    assert (found.name, found.bridge, found.uplink, found.vlan) == ("vms", "br-vlan100", "eno1", 100)
    assert found.bandwidth.inbound_mbps == 10
    assert found.vms == (HostVm("ci", "52:54:00:00:00:01", IPv4Address("10.0.100.200")),)


def test_a_network_behind_the_host_has_no_bridge_of_ours(network: Network) -> None:
    kind = {"type": "nat", "subnet": "192.168.122.0/24"}
    vms(network, "build", hypervisor={"hypervisor": "libvirt"}, kind=kind, gateway="192.168.122.1", hosts={"h1": None})
    side = host_side(network, "web")
    (found,) = side.vm_networks
    assert (found.bridge, found.uplink, found.gateway) == (None, None, IPv4Address("192.168.122.1"))
    assert side.bridges == ()

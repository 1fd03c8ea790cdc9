"""The host side: cards, VLAN interfaces and bridges of a server, from the networks that stand on it."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

import pytest

from cimnet_nornir.application.host_parts import HostBridge, HostCard, HostInterface, HostVlan, HostVxlan
from cimnet_nornir.application.host_routing import routes_by
from cimnet_nornir.application.host_side import host_side, host_sides
from cimnet_nornir.application.topology_document import topology_document
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, VmNetwork
from cimnet_nornir.domain.hosting.values import Container, ContainerNetworkSettings, Vm, VmNetworkSettings
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.values import Endpoint, HostInterfaceConfiguration, OspfProcess, StaticRoute
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import DeviceNotFound, InvalidValue, RuleViolated

CISCO = e.DeviceDetails(vendor="cisco", platform="iosxe")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
GI = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 4))


def linked() -> Network:
    """A switch and a host with two cables to it."""
    working = Working(Network("net"))
    commands: tuple[c.Command, ...] = (
        c.CreateNetwork(name="net"),
        c.AddSwitch(device="sw1", name="core", details=CISCO, ports=GI),
        c.AddHost(device="h1", name="web", details=NIXOS, ports=("eno1", "eno2")),
        *(
            c.ConnectLink(a=Endpoint(device="h1", port=card), b=Endpoint(device="sw1", port=port))
            for card, port in zip(("eno1", "eno2"), GI, strict=False)
        ),
        c.CreateVlan(device="sw1", vlan=100, name="lab"),
        c.CreateVlan(device="sw1", vlan=200),
    )
    for command in commands:
        working.execute(command)
    return working.network


def containers(
    network: Network, name: str, *, vlan: int | None = None, uplink: str = "eno1", driver: Any = None
) -> ContainerNetwork:
    """Put a container network on h1."""
    subnet = f"10.0.{vlan or 7}.0/24" if (vlan or 7) < 256 else "10.1.0.0/24"
    base = subnet.removesuffix("0/24")
    share: dict[str, Any] = {"range": {"first": f"{base}32", "last": f"{base}63"}, "number": 1}
    if vlan is not None:
        share["uplink"] = {"interface": uplink, "switch": "sw1", "port": GI[0]}
    settings = ContainerNetworkSettings.model_validate(
        {
            "vlan": vlan,
            "driver": driver or {"driver": "bridge"},
            "runtime": "podman",
            "subnet": subnet,
            "pool": subnet,
            "gateway": f"{base}1",
            "dns": ["10.0.0.53"],
            "hosts": {"h1": share},
        }
    )
    network.container_networks[name] = ContainerNetwork("net", name, settings)
    return network.container_networks[name]


def vms(network: Network, name: str, **settings: Any) -> VmNetwork:
    uplink = {"interface": "eno1", "switch": "sw1", "port": GI[0]}
    fields = {"hypervisor": {"hypervisor": "libvirt"}, "hosts": {"h1": uplink}, **settings}
    network.vm_networks[name] = VmNetwork("net", name, VmNetworkSettings.model_validate(fields))
    return network.vm_networks[name]


def test_a_host_has_its_cards_by_the_cables_in_them() -> None:
    (side,) = host_sides(linked())
    assert (side.network, side.name) == ("net", "web")
    assert side.cards == (HostCard("eno1", "core", GI[0]), HostCard("eno2", "core", GI[1]))
    assert (side.vlans, side.bridges) == ((), ())


def test_a_network_on_a_vlan_is_a_bridge_with_the_vlan_and_no_address() -> None:
    network = linked()
    containers(network, "apps", vlan=100)
    side = host_side(network, "WEB")
    assert side.vlans == (HostVlan(100, "eno1", "vlan100"),)
    assert side.bridges == (HostBridge("br-vlan100", "vlan100", (), None, ("apps",)),)


def test_networks_of_one_vlan_share_its_bridge_with_the_least_mtu() -> None:
    network = linked()
    containers(network, "apps", vlan=100, driver={"driver": "bridge", "mtu": 1400})
    containers(network, "more", vlan=100, driver={"driver": "bridge", "mtu": 1300})
    vms(network, "machines", vlan=100, kind={"type": "bridged"})
    side = host_side(network, "web")
    assert side.bridges == (HostBridge("br-vlan100", "vlan100", (), 1300, ("apps", "more", "machines")),)


def test_a_network_without_a_vlan_has_the_host_as_its_gateway() -> None:
    network = linked()
    containers(network, "local")
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.name, bridge.port, [str(address) for address in bridge.addresses]) == (
        "br-local",
        None,
        ["10.0.7.1/24"],
    )


def managed_at(address: str) -> Network:
    """The switch and the host, which is reached at that address."""
    network = linked()
    host = network.devices["h1"]
    host.details = host.details.model_copy(update={"management": IPv4Address(address)})
    return network


def test_a_host_managed_in_the_subnet_of_a_vlan_has_its_address_on_the_bridge() -> None:
    network = managed_at("10.0.100.10")
    containers(network, "apps", vlan=100)
    containers(network, "others", vlan=200)
    on_100, on_200 = host_side(network, "web").bridges
    assert (on_100.name, on_100.addresses, on_100.gateway) == (
        "br-vlan100",
        (IPv4Interface("10.0.100.10/24"),),
        IPv4Address("10.0.100.1"),
    )
    assert (on_200.name, on_200.addresses, on_200.gateway) == ("br-vlan200", (), None)


@pytest.mark.parametrize("address", ["10.0.101.10", "10.0.100.1"])
def test_a_bridge_has_no_address_from_elsewhere_and_never_that_of_the_gateway(address: str) -> None:
    network = managed_at(address)
    containers(network, "apps", vlan=100)
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.addresses, bridge.gateway) == ((), None)


def test_a_management_address_is_on_one_bridge_though_two_are_on_its_vlan() -> None:
    network = managed_at("10.0.100.10")
    containers(network, "apps", vlan=100)
    containers(network, "more", vlan=100, uplink="eno2", driver={"driver": "bridge", "name": "br-more"})
    assert [(bridge.name, len(bridge.addresses)) for bridge in host_side(network, "web").bridges] == [
        ("br-more", 0),
        ("br-vlan100", 1),
    ]


@pytest.mark.parametrize("gateway", ["10.0.100.1", None])
def test_a_host_is_managed_on_the_vlan_of_virtual_machines_too(gateway: str | None) -> None:
    network = managed_at("10.0.100.10")
    vms(network, "machines", vlan=100, kind={"type": "bridged"}, subnet="10.0.100.0/24", gateway=gateway)
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.addresses, bridge.gateway) == (
        (IPv4Interface("10.0.100.10/24"),),
        None if gateway is None else IPv4Address(gateway),
    )


def test_a_network_behind_the_host_keeps_its_gateway_though_the_host_is_managed_in_its_subnet() -> None:
    network = managed_at("10.0.7.20")
    containers(network, "local")
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.addresses, bridge.gateway) == ((IPv4Interface("10.0.7.1/24"),), None)


def test_a_vlan_by_two_cards_is_two_interfaces() -> None:
    network = linked()
    containers(network, "apps", vlan=100)
    containers(network, "more", vlan=100, uplink="eno2", driver={"driver": "bridge", "name": "br-more"})
    side = host_side(network, "web")
    assert side.vlans == (HostVlan(100, "eno1", "eno1.100"), HostVlan(100, "eno2", "eno2.100"))
    assert [(bridge.name, bridge.port) for bridge in side.bridges] == [
        ("br-more", "eno2.100"),
        ("br-vlan100", "eno1.100"),
    ]


def test_what_makes_no_bridge_has_none() -> None:
    network = linked()
    containers(network, "mac", vlan=100, driver={"driver": "macvlan"})
    containers(network, "tunnel", driver={"driver": "overlay"})
    vms(network, "nat", kind={"type": "nat", "subnet": "192.168.122.0/24"}, subnet="192.168.122.0/24")
    vcenter = {"hypervisor": "vmware", "vcenter": "vc1", "datacenter": "dc1"}
    vms(network, "esx", vlan=200, hypervisor=vcenter, kind={"type": "bridged"})
    side = host_side(network, "web")
    assert side.bridges == ()
    assert [vlan.name for vlan in side.vlans] == ["vlan100", "vlan200"]


def overlay(network: Network, *managements: str | None, encrypted: bool = False) -> None:
    """An overlay with an id on h1, which is called web, and others."""
    hosts = {"h1": network.devices["h1"]}
    for number in range(2, len(managements) + 1):
        hosts[f"h{number}"] = replace(hosts["h1"], id=f"h{number}", name=f"db{number}")
    network.devices.update(hosts)
    for host, address in zip(hosts.values(), managements, strict=True):
        management = None if address is None else IPv4Address(address)
        host.details = host.details.model_copy(update={"management": management})
    tunnel = containers(network, "tunnel", driver={"driver": "overlay", "vxlan": 7, "encrypted": encrypted})
    share = tunnel.settings.hosts["h1"]
    tunnel.settings = tunnel.settings.model_copy(update={"hosts": dict.fromkeys(hosts, share)})


def test_an_overlay_with_an_id_is_a_tunnel_to_the_other_hosts() -> None:
    network = linked()
    overlay(network, "192.0.2.1", "192.0.2.3", "192.0.2.2")
    remotes = (IPv4Address("192.0.2.2"), IPv4Address("192.0.2.3"))
    side = host_side(network, "web")
    assert side.vxlans == (HostVxlan("vx7", 7, "br-tunnel", IPv4Address("192.0.2.1"), remotes),)
    assert side.bridges == (HostBridge("br-tunnel", None, (), 1450, ("tunnel",)),)
    # The gateway is on the first of the hosts by name, for all of them.
    gateways = {name: host_side(network, name).bridges[0].addresses for name in ("db2", "db3", "web")}
    assert gateways == {"db2": (IPv4Interface("10.0.7.1/24"),), "db3": (), "web": ()}


def test_an_encrypted_overlay_is_left_to_its_runtime() -> None:
    network = linked()
    overlay(network, "192.0.2.1", "192.0.2.2", encrypted=True)
    side = host_side(network, "web")
    assert (side.vxlans, side.bridges) == ((), ())


def test_a_tunnel_needs_an_address_of_every_host() -> None:
    network = linked()
    overlay(network, "192.0.2.1", None)
    with pytest.raises(
        RuleViolated, match="db2 has no management address, to which the other hosts of the overlay"
    ) as caught:
        host_side(network, "web")
    assert caught.value.subject == "h2"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            {"vlan": 100, "driver": {"driver": "bridge", "name": "br-x"}},
            {"vlan": 200, "driver": {"driver": "bridge", "name": "br-x"}},
            "web: a, b share the bridge br-x and are not on one VLAN",
        ),
        (
            {"vlan": 100},
            {"vlan": 100, "driver": {"driver": "bridge", "name": "br-x"}},
            "web vlan100 cannot be in two bridges, br-vlan100 and br-x",
        ),
        ({"vlan": 100}, {"vlan": 100, "uplink": "eno2"}, "share the bridge br-vlan100"),
    ],
)
def test_what_would_join_vlans_or_close_a_loop_is_refused(first: Any, second: Any, words: str) -> None:
    network = linked()
    containers(network, "a", **first)
    containers(network, "b", **second)
    with pytest.raises(RuleViolated, match=words) as caught:
        host_sides(network)
    assert caught.value.subject == "h1"


def test_a_name_too_long_for_linux_is_refused() -> None:
    network = linked()
    containers(network, "a-very-long-name")
    with pytest.raises(RuleViolated, match="br-a-very-long-name is too long for Linux: at most 15"):
        host_sides(network)


def test_only_hosts_have_a_host_side() -> None:
    with pytest.raises(InvalidValue, match="core is a switch, not a host"):
        host_side(linked(), "core")
    with pytest.raises(DeviceNotFound, match="no host 'db'"):
        host_side(linked(), "db")


def test_the_document_has_all_of_the_network() -> None:
    network = linked()
    apps = containers(network, "apps", vlan=100)
    web1 = {"host": "h1", "address": "10.0.100.33", "mac": "02:00:00:00:00:01"}
    apps.containers["web1"] = Container.model_validate(web1)
    machines = vms(network, "machines", vlan=100, kind={"type": "bridged"}, subnet="10.0.100.0/24")
    machines.vms["ci"] = Vm.model_validate({"host": "h1", "mac": "02:00:00:00:00:02"})
    document: Any = topology_document(network)
    assert list(document) == ["network", "devices", "links", "vlans", "hosts", "containerNetworks", "vmNetworks"]
    assert document["devices"]["web"]["kind"] == "host"
    assert document["devices"]["core"]["ports"] == GI
    assert document["links"][0] == ({"device": "web", "port": "eno1"}, {"device": "core", "port": GI[0]})
    assert document["vlans"]["100"] == {
        "name": "lab",
        "switches": {"core": {"svi": (), "tagged": (), "untagged": ()}},
    }
    assert document["hosts"]["web"] == {
        "cards": {"eno1": {"device": "core", "port": GI[0]}, "eno2": {"device": "core", "port": GI[1]}},
        "bonds": {},
        "vlans": {"vlan100": {"id": 100, "uplink": "eno1"}},
        "bridges": {
            "br-vlan100": {"port": "vlan100", "addresses": (), "mtu": None, "networks": ("apps", "machines")},
        },
        "vlanAware": False,
        "interfaces": {},
    }
    assert document["containerNetworks"]["apps"] == {
        "vlan": 100,
        "driver": "bridge",
        "runtime": "podman",
        "bridge": "br-vlan100",
        "subnet": "10.0.100.0/24",
        "gateway": "10.0.100.1",
        "dns": ("10.0.0.53",),
        "hosts": {"web": {"range": {"first": "10.0.100.32", "last": "10.0.100.63"}, "uplink": "eno1"}},
        "containers": {
            "web1": {
                "host": "web",
                "address": "10.0.100.33",
                "mac": "02:00:00:00:00:01",
                "image": None,
                "runtime": "podman",
            }
        },
    }
    assert document["vmNetworks"]["machines"]["vms"] == {
        "ci": {"host": "web", "address": None, "mac": "02:00:00:00:00:02"}
    }
    assert document["vmNetworks"]["machines"]["hosts"] == {"web": {"uplink": "eno1"}}


# --- what the host has for itself -------------------------------------------------------------------------------------


def own(*addresses: str, **more: Any) -> HostInterfaceConfiguration:
    return HostInterfaceConfiguration.model_validate({"addresses": addresses, **more})


def static(prefix: str, next_hop: str) -> StaticRoute:
    return StaticRoute.model_validate({"prefix": prefix, "next_hop": next_hop})


def test_a_host_has_its_own_addresses_and_what_it_routes_by() -> None:
    network = linked()
    host = network.devices["h1"]
    host.interfaces = {
        "lo": own("10.255.0.9/32", ospf={"area": 0, "passive": True}),
        "eno2": own("192.0.2.10/24", gateway="192.0.2.1", mtu=9000, description="to core", ospf={"area": 0}),
    }
    host.routing, host.ospf = True, {1: OspfProcess(router_id=IPv4Address("10.255.0.9"))}
    host.routes = (static("198.51.100.0/24", "192.0.2.7"), static("172.16.0.0/12", "192.0.2.7"))
    host.details = host.details.model_copy(update={"bridges": "vlan-aware"})
    side = host_side(network, "web")
    card = HostInterface("eno2", (IPv4Interface("192.0.2.10/24"),), IPv4Address("192.0.2.1"), 9000, "to core")
    assert side.interfaces == (card, HostInterface("lo", (IPv4Interface("10.255.0.9/32"),)))
    assert side.vlan_aware
    assert side.routing is not None
    assert (side.routing.forwards, side.routing.daemons) == (True, ("ospfd",))
    assert [name for name, _ in side.routing.ospf_interfaces] == ["eno2", "lo"]
    assert [str(route.prefix) for route in side.routing.routes] == ["172.16.0.0/12", "198.51.100.0/24"]


def test_a_host_without_anything_of_its_own_is_as_before() -> None:
    side = host_side(linked(), "web")
    assert (side.interfaces, side.routing, side.vlan_aware) == ((), None, False)


def test_the_default_route_that_a_host_is_told_to_have_goes_before_that_of_its_bridge() -> None:
    network = managed_at("10.0.100.10")
    containers(network, "apps", vlan=100)
    network.devices["h1"].interfaces = {"eno2": own("192.0.2.10/24", gateway="192.0.2.1")}
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.addresses, bridge.gateway) == ((IPv4Interface("10.0.100.10/24"),), None)


def test_a_management_address_that_a_card_has_is_on_no_bridge() -> None:
    network = managed_at("10.0.100.10")
    containers(network, "apps", vlan=100)
    network.devices["h1"].interfaces = {"eno2": own("10.0.100.10/24")}
    (bridge,) = host_side(network, "web").bridges
    assert (bridge.addresses, bridge.gateway) == ((), None)


def test_a_static_route_leaves_by_a_card_or_a_bridge_or_is_refused() -> None:
    network = managed_at("10.0.100.10")
    containers(network, "apps", vlan=100)
    host = network.devices["h1"]
    host.interfaces = {"eno2": own("192.0.2.10/24")}
    host.routes = (static("198.51.100.0/24", "10.0.100.7"), static("172.16.0.0/12", "192.0.2.7"))
    side = host_side(network, "web")
    addresses = [*(bridge.addresses for bridge in side.bridges), *(card.addresses for card in side.interfaces)]
    by = [[str(each.prefix) for each in routes_by(side, part)] for part in addresses]
    assert by == [["198.51.100.0/24"], ["172.16.0.0/12"]]
    host.routes = (static("198.51.100.0/24", "203.0.113.1"),)
    with pytest.raises(RuleViolated, match=r"web: no interface leads to 203\.0\.113\.1, the next hop of 198\.51\.100"):
        host_side(network, "web")
    host.routing, host.bgp = True, BgpRouter(as_number=65001)
    assert host_side(network, "web").routing is not None


def test_the_topology_tells_the_addresses_of_hosts() -> None:
    network = linked()
    network.devices["h1"].interfaces = {"eno2": own("192.0.2.10/24", gateway="192.0.2.1")}
    hosts = topology_document(network)["hosts"]
    assert isinstance(hosts, dict)
    assert hosts["web"]["interfaces"] == {
        "eno2": {"addresses": ("192.0.2.10/24",), "gateway": "192.0.2.1", "mtu": None}
    }

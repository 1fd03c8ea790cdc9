"""What hosts have for themselves: addresses, gateways and routes, and how they meet the rest of a network."""

from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.values import ContainerNetworkWish, HostWish
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.restoring import commands_to, desired_of
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.validation.device_rules import management_address, next_hop
from cimnet_nornir.domain.validation.link_rules import link_subnet, ospf_area, ospf_one_sided
from cimnet_nornir.domain.validation.lock_out import lock_out
from cimnet_nornir.domain.validation.view import NetworkView
from cimnet_nornir.domain.values import (
    Endpoint,
    HostInterfaceConfiguration,
    OspfProcess,
    RoutedInterface,
    StaticRoute,
)
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import CimnetError, DuplicateIpAddress, RuleViolated

CISCO = e.DeviceDetails(vendor="cisco", platform="iosxe")
NIXOS = e.DeviceDetails(vendor="nixos", platform="nixos")
GI = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 4))
OSPF = {"process": 1, "area": 0}


def configuration(*addresses: str, **more: Any) -> HostInterfaceConfiguration:
    return HostInterfaceConfiguration.model_validate({"addresses": addresses, **more})


def own(interface: str, *addresses: str, **more: Any) -> c.ConfigureHostInterface:
    return c.ConfigureHostInterface(device="h1", interface=interface, configuration=configuration(*addresses, **more))


def port(number: int, *addresses: str, **more: Any) -> c.ConfigureRouterInterface:
    routed = RoutedInterface.model_validate({"addresses": addresses, **more})
    return c.ConfigureRouterInterface(device="sw1", interface=GI[number - 1], configuration=routed)


def route(prefix: str, next_hop: str) -> c.AddStaticRoute:
    return c.AddStaticRoute(device="h1", route=StaticRoute.model_validate({"prefix": prefix, "next_hop": next_hop}))


def ospf(device: str, router_id: str, process: int = 1) -> c.ConfigureOspf:
    return c.ConfigureOspf(device=device, process=OspfProcess(process=process, router_id=IPv4Address(router_id)))


def containers(name: str = "web", *, uplink: str | None = None, **more: Any) -> c.CreateContainerNetwork:
    wish = ContainerNetworkWish.model_validate({"hosts": {"h1": HostWish(uplink=uplink)}, **more})
    return c.CreateContainerNetwork(name=name, wish=wish)


SVI = c.ConfigureRouterInterface(
    device="sw1",
    interface="Vlan100",
    configuration=RoutedInterface.model_validate({"addresses": ["10.0.100.1/24"]}),
)
LINKED: tuple[c.Command, ...] = (
    c.CreateNetwork(name="net"),
    c.AddSwitch(device="sw1", name="core", details=CISCO, ports=GI, routing=True),
    c.AddHost(device="h1", name="srv1", details=NIXOS, ports=("eno1", "eno2")),
    c.ConnectLink(a=Endpoint(device="h1", port="eno1"), b=Endpoint(device="sw1", port=GI[0])),
    c.ConnectLink(a=Endpoint(device="h1", port="eno2"), b=Endpoint(device="sw1", port=GI[1])),
    c.CreateVlan(device="sw1", vlan=100, name="servers"),
    SVI,
)


def after(*commands: c.Command, network: Network | None = None) -> Network:
    """A switch and a host with two cables to it, after these commands as one request."""
    start = network if network is not None else after_each(LINKED)
    working = Working(copy_of(start))
    for command in commands:
        working.execute(command)
    working.finish()
    return working.network


def after_each(commands: tuple[c.Command, ...]) -> Network:
    working = Working(Network("net"))
    for command in commands:
        working.execute(command)
    working.finish()
    return working.network


def host(network: Network) -> Device:
    return network.devices["h1"]


def refused(*commands: c.Command, network: Network | None = None) -> CimnetError:
    with pytest.raises(CimnetError) as caught:
        after(*commands, network=network)
    return caught.value


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"access_group_in": "EDGE"}, "a host has no access lists"),
        ({"enabled": False}, "cards of a host are not shut"),
        ({"mtu": 67}, "greater than or equal to 68"),
        ({"ospf": OSPF}, "OSPF runs on an interface that has an address"),
        ({"description": "a\nb"}, "one line of printable characters"),
    ],
)
def test_a_host_has_no_interface_of_this_kind(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        configuration(**fields)


# --- one host ---------------------------------------------------------------------------------------------------------


def test_an_address_of_a_host_is_nobody_elses() -> None:
    error = refused(own("eno2", "10.0.100.1/24"))
    assert isinstance(error, DuplicateIpAddress)
    assert error.message == "10.0.100.1 is on core Vlan100 and on srv1 eno2"


def test_a_host_has_one_default_gateway() -> None:
    first = own("eno1", "192.0.2.10/24", gateway="192.0.2.1")
    error = refused(first, own("eno2", "198.51.100.10/24", gateway="198.51.100.1"))
    assert (type(error), error.subject) == (RuleViolated, "srv1 eno2")
    assert "srv1 has two default routes, the gateway 192.0.2.1 of eno1 and the gateway 198.51.100.1 of eno2" in str(
        error
    )


def test_a_default_route_and_a_gateway_are_one_too_many() -> None:
    error = refused(route("0.0.0.0/0", "192.0.2.7"), own("eno1", "192.0.2.10/24", gateway="192.0.2.1"))
    assert error.subject == "srv1 eno1"
    assert "a static one via 192.0.2.7 and the gateway 192.0.2.1 of eno1" in str(error)


def test_several_static_default_routes_are_one_with_several_next_hops() -> None:
    network = after(own("eno1", "192.0.2.10/24"), route("0.0.0.0/0", "192.0.2.7"), route("0.0.0.0/0", "192.0.2.8"))
    assert len(host(network).routes) == 2


def test_a_host_runs_one_ospf_process_and_a_switch_several() -> None:
    routing = c.EnableRouting(device="h1")
    error = refused(routing, ospf("h1", "10.0.0.1"), ospf("h1", "10.0.0.1", 2))
    assert (type(error), error.subject) == (RuleViolated, "srv1 ospf 2")
    assert len(after(ospf("sw1", "10.0.0.2"), ospf("sw1", "10.0.0.2", 2)).devices["sw1"].ospf) == 2


def test_a_host_says_its_router_id_and_is_in_no_vrf() -> None:
    routing = c.EnableRouting(device="h1")
    error = refused(routing, c.ConfigureOspf(device="h1", process=OspfProcess()))
    assert (type(error), error.subject) == (RuleViolated, "1")
    assert "without a router id" in error.message
    process = OspfProcess(router_id=IPv4Address("10.0.0.1"), vrf="blue")
    assert "in a VRF" in refused(routing, c.ConfigureOspf(device="h1", process=process)).message
    assert after(c.ConfigureOspf(device="sw1", process=OspfProcess())).devices["sw1"].ospf[1].router_id is None


def test_two_cards_of_a_host_have_no_subnet_in_common() -> None:
    error = refused(own("eno1", "192.0.2.10/24"), own("eno2", "192.0.2.11/25"))
    assert "192.0.2.0/25 on srv1 eno2 overlaps 192.0.2.0/24 on eno1" in str(error)


def test_a_card_with_an_address_is_not_removed() -> None:
    network = after(own("eno2", "192.0.2.10/24"))
    error = refused(c.RemovePorts(device="h1", ports=("eno2",)), network=network)
    assert "srv1 eno2 is configured; reset it first" in str(error)


# --- beside container and VM networks ---------------------------------------------------------------------------------


def test_a_vlan_comes_by_the_card_that_has_no_address() -> None:
    network = after(own("eno1", "192.0.2.10/24"))
    network = after(containers(vlan=100), network=network)
    uplink = network.container_networks["web"].uplinks["h1"]
    assert (uplink.interface, uplink.port) == ("eno2", GI[1])


def test_a_card_that_has_an_address_brings_no_vlan() -> None:
    network = after(own("eno1", "192.0.2.10/24"))
    error = refused(containers(vlan=100, uplink="eno1"), network=network)
    assert "srv1 eno1 has an address of the host's own and brings no VLAN 100" in str(error)


def test_a_card_that_brings_a_vlan_gets_no_address_but_may_have_an_mtu() -> None:
    network = after(containers(vlan=100, uplink="eno1"))
    error = refused(own("eno1", "192.0.2.10/24"), network=network)
    assert (type(error), error.subject) == (RuleViolated, "srv1 eno1")
    assert "srv1 eno1 brings the VLAN of the container network web and cannot have an address" in str(error)
    assert host(after(own("eno1", mtu=9000), network=network)).interfaces["eno1"] == configuration(mtu=9000)


def test_a_card_is_in_no_subnet_that_is_behind_the_host() -> None:
    network = after(containers(subnet="172.20.0.0/24"))
    error = refused(own("eno2", "172.20.0.9/16"), network=network)
    assert "172.20.0.0/16 of srv1 eno2 overlaps 172.20.0.0/24 of the container network web" in str(error)
    error = refused(containers(subnet="192.0.2.0/25"), network=after(own("eno2", "192.0.2.200/24")))
    assert error.subject == "srv1 eno2"


# --- back and forth ---------------------------------------------------------------------------------------------------


def routing_host() -> Network:
    """The host routes by OSPF and BGP, with a gateway, a route and a loopback."""
    return after(
        c.ChangeDeviceDetails(device="h1", details=NIXOS.model_copy(update={"bridges": "vlan-aware"})),
        c.EnableRouting(device="h1"),
        ospf("h1", "10.255.0.9"),
        own("lo", "10.255.0.9/32", ospf=OSPF | {"passive": True}),
        own("eno2", "192.0.2.10/24", gateway="192.0.2.1", mtu=9000, ospf=OSPF, description="to core"),
        route("198.51.100.0/24", "192.0.2.7"),
        c.ConfigureBgp(
            device="h1",
            router=BgpRouter.model_validate(
                {
                    "as_number": 65001,
                    "neighbors": [{"address": "192.0.2.1", "remote_as": 65002, "update_source": "lo"}],
                }
            ),
        ),
    )


def test_a_host_that_routes_is_made_by_its_own_wish_and_taken_back() -> None:
    before, made = after(), routing_host()
    assert commands_between(made, desired_of(made), prune=True) == ()
    assert host(after(*commands_to(before, made), network=before)) == host(made)
    assert host(after(*commands_to(made, before), network=made)) == host(before)
    new = after(*commands_between(Network("net"), desired_of(made)), network=Network("net"))
    assert host(new) == host(made)


def test_what_a_wish_leaves_out_of_a_host_stays_unless_it_is_pruned() -> None:
    made = routing_host()
    devices = tuple(
        replace(device, interfaces={}, ospf={}, bgp=None, routes=(), routing=None) if device.id == "h1" else device
        for device in desired_of(made).devices
    )
    wish = DesiredNetwork("net", devices, frozenset(made.links))
    assert commands_between(made, wish) == ()
    bare = host(after(*commands_between(made, wish, prune=True), network=made))
    assert (bare.interfaces, bare.routing, bare.ospf, bare.bgp, bare.routes) == ({}, False, {}, None, ())


# --- findings ---------------------------------------------------------------------------------------------------------


def findings(rule: Any, network: Network) -> list[tuple[str, str]]:
    return [(found.device, found.path) for found in rule.check(NetworkView(network))]


def test_both_ends_of_a_link_to_a_host_are_in_one_subnet_and_one_area() -> None:
    network = after(
        c.EnableRouting(device="h1"),
        ospf("h1", "10.255.0.9"),
        ospf("sw1", "10.255.0.1"),
        own("eno2", "192.0.2.10/24", ospf=OSPF),
        port(2, "192.0.2.1/24", ospf=OSPF),
    )
    assert findings(link_subnet, network) == findings(ospf_area, network) == findings(ospf_one_sided, network) == []
    other = after(port(2, "198.51.100.1/24", ospf=OSPF | {"area": 7}), network=network)
    assert findings(link_subnet, other) == findings(ospf_area, other) == [("srv1", "eno2")]
    silent = after(port(2, "192.0.2.1/24"), network=network)
    assert findings(ospf_one_sided, silent) == [("srv1", "eno2")]


def test_a_host_is_managed_by_a_bridge_or_a_card() -> None:
    managed = NIXOS.model_copy(update={"management": IPv4Address("10.0.100.9")})
    network = after(
        own("eno2", "192.0.2.10/24"),
        c.ChangeDeviceDetails(device="h1", details=managed),
        route("198.51.100.0/24", "10.0.100.1"),
    )
    assert findings(management_address, network) == []
    (found,) = next_hop.check(NetworkView(network))
    assert found.severity == "warning"


def test_a_static_route_of_a_host_needs_a_subnet_that_it_is_in() -> None:
    network = after(own("eno2", "192.0.2.10/24"), route("198.51.100.0/24", "192.0.2.7"))
    assert findings(next_hop, network) == []
    assert findings(next_hop, after(route("203.0.113.0/24", "10.9.9.9"), network=network)) == [
        ("srv1", "route 203.0.113.0/24")
    ]


def test_a_gateway_that_goes_cuts_a_host_off_and_a_default_route_in_its_place_does_not() -> None:
    before = after(own("eno2", "192.0.2.10/24", gateway="192.0.2.1"))
    without = after(own("eno2", "192.0.2.10/24"), network=before)
    instead = after(route("0.0.0.0/0", "192.0.2.1"), network=without)

    def cut(now: Network) -> list[str]:
        return [found.device for found in lock_out.check_change(NetworkView(before), NetworkView(now))]

    assert (cut(without), cut(instead)) == (["srv1"], [])

"""From the present intent to the desired one: which commands, and that none is refused on the way."""

from collections.abc import Sequence
from typing import Any

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork, commands_between
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
)
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import AlreadyExists, NotFound, RuleViolated

DETAILS = DeviceDetails(vendor="cisco", platform="ios")
GI1, GI2, GI3 = (f"GigabitEthernet0/{number}" for number in (1, 2, 3))
ACCESS_10 = PortConfiguration(switching=AccessMode(vlan=10))
TRUNK = PortConfiguration(switching=TrunkMode(native_vlan=10))


def switch(identity: str = "s1", **fields: Any) -> DesiredDevice:
    given: dict[str, Any] = {"ports": (GI1, GI2), "routing": True, "name": identity} | fields
    return DesiredDevice(id=identity, kind=DeviceKind.SWITCH, details=DETAILS, **given)


def router(identity: str = "r1", **fields: Any) -> DesiredDevice:
    given: dict[str, Any] = {"ports": (GI1, GI2), "name": identity} | fields
    return DesiredDevice(id=identity, kind=DeviceKind.ROUTER, details=DETAILS, **given)


def routed(*addresses: str, ospf: int | None = None) -> RoutedInterface:
    fields: dict[str, Any] = {"addresses": addresses}
    return RoutedInterface.model_validate(fields | ({"ospf": {"process": ospf, "area": 0}} if ospf else {}))


def ospf(process: int) -> OspfProcess:
    return OspfProcess.model_validate({"process": process, "router_id": "192.0.2.1"})


def route(next_hop: str, **more: Any) -> StaticRoute:
    return StaticRoute.model_validate({"prefix": "0.0.0.0/0", "next_hop": next_hop, **more})


def network(*devices: DesiredDevice, links: Sequence[tuple[str, str, str, str]] = ()) -> DesiredNetwork:
    return DesiredNetwork("net", devices, frozenset(Link((a, p), (b, q)) for a, p, b, q in links))


def reach(desired: DesiredNetwork, start: Network | None = None, *, prune: bool = True) -> Network:
    working = Working(start or Network("net"))
    for command in commands_between(working.network, desired, prune=prune):
        working.execute(command)
    working.finish()
    assert commands_between(working.network, desired, prune=prune) == ()
    return working.network


def kinds(commands: Sequence[c.Command]) -> list[str]:
    return [type(command).__name__ for command in commands]


L3: dict[str, Any] = {"vlans": {10: None}}
CHANGES: dict[str, tuple[DesiredNetwork, DesiredNetwork]] = {
    "a switch port becomes routed": (
        network(switch(**L3, switch_ports={GI1: ACCESS_10})),
        network(switch(**L3, interfaces={GI1: routed("192.0.2.1/24")})),
    ),
    "a routed port with sub-interfaces becomes switched": (
        network(switch(**L3, interfaces={GI1: routed(), f"{GI1}.5": routed("192.0.2.1/24")})),
        network(switch(**L3, switch_ports={GI1: ACCESS_10})),
    ),
    "a switch port becomes routed with sub-interfaces, told in reverse order": (
        network(switch(**L3, switch_ports={GI1: ACCESS_10})),
        network(switch(**L3, interfaces={f"{GI1}.5": routed("192.0.2.1/24"), GI1: routed()})),
    ),
    "an address moves to another interface": (
        network(router(interfaces={GI1: routed("192.0.2.1/24")})),
        network(router(interfaces={GI1: routed(), GI2: routed("192.0.2.1/24")})),
    ),
    "addresses are exchanged between devices": (
        network(
            router(interfaces={GI1: routed("192.0.2.1/24")}), router("r2", interfaces={GI1: routed("192.0.2.2/24")})
        ),
        network(
            router(interfaces={GI1: routed("192.0.2.2/24")}), router("r2", interfaces={GI1: routed("192.0.2.1/24")})
        ),
    ),
    "host names are exchanged": (
        network(router(name="one"), router("r2", name="two")),
        network(router(name="two"), router("r2", name="one")),
    ),
    "a VLAN goes with its access port, its trunk and its SVI": (
        network(switch(**L3, switch_ports={GI1: ACCESS_10, GI2: TRUNK}, interfaces={"Vlan10": routed("192.0.2.1/24")})),
        network(switch(switch_ports={GI2: PortConfiguration(switching=TrunkMode())})),
    ),
    "a device goes with its links": (
        network(router(), router("r2"), router("r3"), links=[("r1", GI1, "r2", GI1), ("r2", GI2, "r3", GI1)]),
        network(router(), router("r3"), links=[("r1", GI1, "r3", GI1)]),
    ),
    "a configured port goes": (
        network(
            switch(**L3, switch_ports={GI1: ACCESS_10}, interfaces={GI2: routed("192.0.2.1/24")}),
            router("r2"),
            links=[("r2", GI1, "s1", GI2)],
        ),
        network(switch(ports=()), router("r2")),
    ),
    "a port goes that only has sub-interfaces": (
        network(router(interfaces={f"{GI1}.5": routed("192.0.2.1/24")})),
        network(router(ports=(GI2,))),
    ),
    "an OSPF process is replaced": (
        network(router(ospf={1: ospf(1)}, interfaces={GI1: routed("192.0.2.1/24", ospf=1)})),
        network(router(ospf={2: ospf(2)}, interfaces={GI1: routed("192.0.2.1/24", ospf=2)})),
    ),
    "the default route changes": (
        network(router(routes=(route("192.0.2.1"), route("192.0.2.2", distance=200)))),
        network(router(routes=(route("192.0.2.3"), route("192.0.2.2", distance=100)))),
    ),
    "a cable is moved": (
        network(router(), router("r2"), router("r3"), links=[("r1", GI1, "r2", GI1)]),
        network(router(), router("r2"), router("r3"), links=[("r1", GI1, "r3", GI1)]),
    ),
    "a switch stops routing": (
        network(switch(ospf={1: ospf(1)}, interfaces={"Loopback0": routed("192.0.2.1/32", ospf=1)})),
        network(switch(routing=False)),
    ),
    "a switch stops routing because nothing says that it does": (network(switch()), network(switch(routing=None))),
    "a device of another kind takes an id over, with its cable": (
        network(switch("x", **L3, switch_ports={GI1: ACCESS_10}), router("r2"), links=[("r2", GI1, "x", GI1)]),
        network(router("x"), router("r2"), links=[("r2", GI1, "x", GI1)]),
    ),
    "spanning tree goes back to what it is by itself": (
        network(switch(spanning_tree=SpanningTree(mode="mst", priorities={1: 4096}))),
        network(switch()),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_step_of_a_change_is_refused(change: str) -> None:
    before, after = CHANGES[change]
    reached = reach(after, reach(before))
    assert reached == ordered_like(reached, reach(after))
    back = reach(before, reached)
    assert back == ordered_like(back, reach(before))


def ordered_like(reached: Network, fresh: Network) -> Network:
    """The fresh network with ports and routes in the order of the reached one: their order has no meaning."""
    for identity, device in fresh.devices.items():
        other = reached.devices[identity]
        assert sorted(device.ports) == sorted(other.ports)
        device.ports = other.ports
        assert sorted(map(str, device.routes)) == sorted(map(str, other.routes))
        device.routes = other.routes
    return fresh


def test_a_new_network_is_created_with_its_devices_before_their_configuration_and_links() -> None:
    desired = network(switch(**L3, switch_ports={GI1: ACCESS_10}), router("r2"), links=[("r2", GI1, "s1", GI1)])
    assert kinds(commands_between(Network("net"), desired)) == [
        "CreateNetwork",
        "AddSwitch",
        "AddRouter",
        "CreateVlan",
        "ConfigurePort",
        "ConnectLink",
    ]


def test_a_renamed_device_is_the_same_device() -> None:
    present = reach(network(router(name="one")))
    commands = commands_between(present, network(router(name="uno")), prune=True)
    assert commands == (c.RenameDevice(device="r1", name="uno"),)


def test_what_is_not_named_stays_without_pruning() -> None:
    full = network(
        switch(
            **L3,
            switch_ports={GI1: ACCESS_10},
            interfaces={"Vlan10": routed("192.0.2.1/24")},
            ospf={1: ospf(1)},
            routes=(route("192.0.2.9"),),
            spanning_tree=SpanningTree(mode="mst"),
        ),
        router("r2"),
        links=[("r2", GI1, "s1", GI1)],
    )
    present = reach(full)
    assert commands_between(present, network(switch(ports=(), routing=None))) == ()
    assert commands_between(present, network()) == ()


def test_the_routes_of_a_named_prefix_are_taken_as_a_whole() -> None:
    present = reach(network(router(routes=(route("192.0.2.1"), route("192.0.2.2", distance=200)))))
    commands = commands_between(present, network(router(routes=(route("192.0.2.3"),))))
    assert kinds(commands) == ["RemoveStaticRoute", "RemoveStaticRoute", "AddStaticRoute"]


def test_only_the_cable_in_the_way_is_unplugged_without_pruning() -> None:
    links = [("r1", GI1, "r2", GI1), ("r1", GI2, "r3", GI2)]
    present = reach(network(router(), router("r2"), router("r3"), links=links))
    wanted = network(router(), router("r3"), links=[("r1", GI1, "r3", GI1)])
    reached = reach(wanted, present, prune=False)
    assert reached.links == {Link(("r1", GI1), ("r3", GI1)), Link(("r1", GI2), ("r3", GI2))}


def test_a_port_changes_between_switched_and_routed_without_pruning() -> None:
    sub = {GI1: routed(), f"{GI1}.5": routed("192.0.2.1/24")}
    present = reach(network(switch(**L3, interfaces=sub)))
    reached = reach(network(switch(**L3, switch_ports={GI1: ACCESS_10})), present, prune=False)
    assert reached.devices["s1"].interfaces == {}
    again = reach(network(switch(**L3, interfaces=sub)), reached, prune=False)
    assert again.devices["s1"].switch_ports == {}


def test_routing_that_is_needed_is_not_switched_off_where_nothing_is_said() -> None:
    loopback = {"Loopback0": routed("192.0.2.1/32")}
    present = reach(network(switch(interfaces=loopback)))
    assert commands_between(present, network(switch(routing=None, interfaces=loopback)), prune=True) == ()


def test_a_switch_that_starts_to_route_is_told_so_first() -> None:
    present = reach(network(switch(routing=False)))
    commands = commands_between(present, network(switch(interfaces={GI1: routed("192.0.2.1/24")})))
    assert kinds(commands) == ["EnableRouting", "ConfigureRouterInterface"]


def test_a_device_does_not_change_its_kind_without_pruning() -> None:
    present = reach(network(switch("x")))
    with pytest.raises(RuleViolated, match="is a switch and cannot become a router") as refused:
        commands_between(present, network(router("x")))
    assert refused.value.subject == "x"


def test_two_devices_with_one_id_are_refused() -> None:
    with pytest.raises(AlreadyExists, match="two devices have the id 'x'") as refused:
        commands_between(Network("net"), network(router("x"), switch("x")))
    assert refused.value.subject == "x"


def test_a_link_to_a_port_that_is_pruned_is_refused_rather_than_lost() -> None:
    links = [("r1", GI1, "r2", GI1)]
    present = reach(network(router(), router("r2"), links=links))
    with pytest.raises(NotFound, match="r1 has no port GigabitEthernet0/1"):
        reach(network(router(ports=(GI2,)), router("r2"), links=links), present)


def test_a_port_of_a_new_name_is_added() -> None:
    present = reach(network(router()))
    commands = commands_between(present, network(router(ports=(GI1, GI2, GI3))))
    assert commands == (c.AddPorts(device="r1", ports=(GI3,)),)

"""Islands: users of a VLAN that do not reach one another although cables join them."""

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, TrunkMode
from cimnet_nornir.domain.vlan_continuity import Islands, islands
from cimnet_nornir.domain.working import Working

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
LEFT, RIGHT, DESK = (f"GigabitEthernet0/{number}" for number in (1, 2, 3))
LINKS = (Link(("sw1", RIGHT), ("sw2", LEFT)), Link(("sw2", RIGHT), ("sw3", LEFT)))


def change(network: Network, *commands: c.Command) -> Network:
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()
    return working.network


def port(device: str, name: str, configuration: PortConfiguration) -> c.ConfigurePort:
    return c.ConfigurePort(device=device, port=name, configuration=configuration)


def trunk(*allowed: int, native: int = 1) -> PortConfiguration:
    return PortConfiguration(switching=TrunkMode(native_vlan=native, allowed=frozenset(allowed)))


def chain(*desks: str, vlan: int = 10) -> Network:
    """sw1 - sw2 - sw3 by trunks that carry VLAN 10 and 20, and a desk in the VLAN on some of them."""
    names = ("sw1", "sw2", "sw3")
    made: list[c.Command] = [c.CreateNetwork(name="net")]
    made += [c.AddSwitch(device=name, name=name, details=DETAILS, ports=(LEFT, RIGHT, DESK)) for name in names]
    made += [c.CreateVlan(device=name, vlan=each) for name in names for each in (10, 20)]
    made += [c.ConnectLink(a=_endpoint(link.a), b=_endpoint(link.b)) for link in LINKS]
    made += [port(*end, trunk(10, 20)) for link in LINKS for end in (link.a, link.b)]
    made += [port(name, DESK, PortConfiguration(switching=AccessMode(vlan=vlan))) for name in desks]
    return change(Network("net"), *made)


def _endpoint(end: tuple[str, str]) -> Endpoint:
    return Endpoint(device=end[0], port=end[1])


def test_a_vlan_that_reaches_all_who_use_it_is_whole() -> None:
    network = chain("sw1", "sw3")
    assert islands(network) == ()


def test_users_that_a_trunk_parts_are_islands() -> None:
    network = change(chain("sw1", "sw3"), port("sw2", RIGHT, trunk(20)))
    assert islands(network) == (Islands(10, (("sw1", "sw2"), ("sw3",))),)
    assert islands(network, (20,)) == ()


def test_a_switch_that_has_the_vlan_and_does_not_use_it_is_no_island() -> None:
    network = change(chain("sw1"), port("sw2", RIGHT, trunk(20)))
    assert islands(network) == ()


def test_a_switch_on_the_way_without_the_vlan_parts_it() -> None:
    network = change(chain("sw1", "sw3"), c.RemoveVlan(device="sw2", vlan=10))
    assert islands(network) == (Islands(10, (("sw1",), ("sw3",))),)


def test_parts_with_no_cable_between_them_are_no_islands() -> None:
    network = change(chain("sw1", "sw3"), c.DisconnectLink(a=_endpoint(LINKS[1].a), b=_endpoint(LINKS[1].b)))
    assert islands(network) == ()


def test_native_vlans_that_differ_do_not_join() -> None:
    network = chain("sw1", "sw3", vlan=20)
    assert islands(network) == ()
    change(network, port("sw2", RIGHT, trunk(10, 20, native=20)))
    # What sw2 sends untagged from VLAN 20 arrives in VLAN 1 of sw3.
    assert islands(network) == (Islands(20, (("sw1", "sw2"), ("sw3",))),)

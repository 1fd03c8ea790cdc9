"""Validation over networks of any size: sound ones have no findings; and spanning tree leaves no ring and no island."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Interface

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.spanning_tree import Cable, spanning_tree
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    TrunkMode,
)

REGISTRY = Registry(STANDARD_RULES)
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 25))


def sound(sites: int, switches: int, vlans: tuple[int, ...]) -> Network:
    """Sites in a row, joined by OSPF, each a root that routes with access switches at it and VLANs of its own."""
    network = Network("net", created=True)
    trunk = PortConfiguration(switching=TrunkMode(native_vlan=999, allowed=frozenset(vlans)))
    for site in range(sites):
        root = _root(site, vlans)
        network.devices[root.id] = root
        for number in range(switches):
            access = _switch(f"s{site}-a{number}", vlans)
            access.switch_ports = {PORTS[0]: trunk} | {
                port: PortConfiguration(switching=AccessMode(vlan=vlan))
                for port, vlan in zip(PORTS[1:], vlans, strict=False)
            }
            root.switch_ports[PORTS[number]] = trunk
            network.devices[access.id] = access
            network.links.add(_link(root.id, PORTS[number], access.id, PORTS[0]))
    for site in range(sites - 1):
        _join(network, site)
    return network


def _switch(name: str, vlans: Iterable[int], **features: object) -> Device:
    details = DeviceDetails(vendor="cisco", platform="ios")
    known = {**dict.fromkeys(vlans), 999: None}
    return Device("net", name, name, DeviceKind.SWITCH, details, PORTS, vlans=known, **features)  # type: ignore[arg-type] # as the caller says


def _root(site: int, vlans: tuple[int, ...]) -> Device:
    svis = {
        f"Vlan{vlan}": RoutedInterface(
            addresses=(IPv4Interface(f"10.{site}.{number}.1/24"),), ospf=OspfInterface(area=0, passive=True)
        )
        for number, vlan in enumerate(vlans)
    }
    loopback = RoutedInterface(
        addresses=(IPv4Interface(f"10.255.0.{site}/32"),), ospf=OspfInterface(area=0, passive=True)
    )
    return _switch(
        f"s{site}",
        vlans,
        routing=True,
        spanning_tree=SpanningTree(priorities=dict.fromkeys((*vlans, 999), 4096)),
        interfaces={**svis, "Loopback0": loopback},
        ospf={1: OspfProcess(router_id=IPv4Address(f"10.255.0.{site}"))},
    )


def _join(network: Network, site: int) -> None:
    for offset, (port, last) in enumerate(((PORTS[22], 0), (PORTS[23], 1))):
        address = IPv4Interface(f"10.254.{site}.{last}/31")
        routed = RoutedInterface(addresses=(address,), ospf=OspfInterface(area=0, point_to_point=True))
        network.devices[f"s{site + offset}"].interfaces[port] = routed
    network.links.add(_link(f"s{site}", PORTS[22], f"s{site + 1}", PORTS[23]))


def _link(one: str, port: str, other: str, other_port: str) -> Link:
    a, b = sorted(((one, port), (other, other_port)))
    return Link(a, b)


SITES = st.integers(1, 4)
SWITCHES = st.integers(1, 5)
VLANS = st.lists(st.integers(2, 998), min_size=1, max_size=5, unique=True).map(tuple)


@given(SITES, SWITCHES, VLANS)
@settings(max_examples=25)
def test_a_sound_network_has_no_findings(sites: int, switches: int, vlans: tuple[int, ...]) -> None:
    assert REGISTRY.check(NetworkView(sound(sites, switches, vlans))) == ()


@given(SITES, SWITCHES, VLANS, st.data())
@settings(max_examples=25)
def test_what_a_change_adds_is_what_the_way_back_takes_away(
    sites: int, switches: int, vlans: tuple[int, ...], data: st.DataObject
) -> None:
    before = sound(sites, switches, vlans)
    after = copy_of(before)
    assert REGISTRY.check_change(NetworkView(before), NetworkView(after)) == ()
    for _ in range(data.draw(st.integers(1, 4))):
        _disturb(after, data)
    found = REGISTRY.check(NetworkView(after))
    told = REGISTRY.check_change(NetworkView(before), NetworkView(after))
    assert set(found) <= set(told)
    assert REGISTRY.check(NetworkView(before)) == ()
    back = REGISTRY.check_change(NetworkView(after), NetworkView(before))
    assert {finding.severity for finding in back} <= {"warning"}


def _disturb(network: Network, data: st.DataObject) -> None:
    """Take something away, or shut it."""
    device = network.devices[data.draw(st.sampled_from(sorted(network.devices)))]
    match data.draw(st.sampled_from(("link", "vlan", "interface", "port", "device"))):
        case "link" if network.links:
            network.links.discard(data.draw(st.sampled_from(sorted(network.links))))
        case "vlan" if device.vlans:
            device.vlans.pop(data.draw(st.sampled_from(sorted(device.vlans))))
        case "interface" if device.interfaces:
            device.interfaces.pop(data.draw(st.sampled_from(sorted(device.interfaces))))
        case "port" if device.switch_ports:
            name = data.draw(st.sampled_from(sorted(device.switch_ports)))
            device.switch_ports[name] = device.switch_ports[name].model_copy(update={"enabled": False})
        case "device" if len(network.devices) > 1:
            del network.devices[device.id]
        case _:
            pass


@given(SITES, SWITCHES, VLANS)
@settings(max_examples=10)
def test_a_copy_is_equal_and_apart(sites: int, switches: int, vlans: tuple[int, ...]) -> None:
    network = sound(sites, switches, vlans)
    copied = copy_of(network)
    assert copied == network
    for device in copied.devices.values():
        device.vlans.clear()
        device.interfaces.clear()
    copied.links.clear()
    copied.devices.pop("s0")
    assert network == sound(sites, switches, vlans)


@st.composite
def bridges(draw: st.DrawFn) -> tuple[dict[str, int], list[Cable]]:
    """Bridges with a root among them, all joined, with some cables more."""
    count = draw(st.integers(2, 7))
    names = [f"b{number}" for number in range(count)]
    steps = draw(st.lists(st.integers(1, 15), min_size=count - 1, max_size=count - 1))
    priorities = {names[0]: 0, **{name: 4096 * step for name, step in zip(names[1:], steps, strict=True)}}
    pairs = [(names[draw(st.integers(0, index - 1))], names[index]) for index in range(1, count)]
    pairs += draw(
        st.lists(st.tuples(*(st.sampled_from(names),) * 2).filter(lambda pair: pair[0] != pair[1]), max_size=6)
    )
    cables = [Cable((a, f"GigabitEthernet0/{n}"), (b, f"GigabitEthernet1/{n}")) for n, (a, b) in enumerate(pairs)]
    return priorities, cables


@given(bridges())
def test_what_does_not_block_joins_all_switches_without_a_ring(found: tuple[dict[str, int], list[Cable]]) -> None:
    priorities, cables = found
    tree = spanning_tree(priorities, priorities, cables)
    assert tree.root == "b0"
    forwarding = [cable for cable in cables if not {cable.a, cable.b} & tree.blocking]
    reached, todo = {tree.root}, [tree.root]
    while todo:
        here = todo.pop()
        for cable in forwarding:
            for near, far in cable.ends():
                if near[0] == here and far[0] not in reached:
                    reached.add(far[0])
                    todo.append(far[0])
    assert reached == set(priorities)
    if not tree.open:
        assert len(forwarding) == len(priorities) - 1

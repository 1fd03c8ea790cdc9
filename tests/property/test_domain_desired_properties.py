"""Any desired network is reached from any other, exactly, without a step being refused."""

from copy import deepcopy
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from cimnet_nornir.domain.access_list_parts import AclAddress
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.keys import unique_keys
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.streams import device_stream
from cimnet_nornir.domain.values import (
    AccessMode,
    Bond,
    DeviceKind,
    OspfInterface,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
)
from cimnet_nornir.domain.working import Working

IDS = ("d1", "d2", "d3")
NAMES = ("one", "two", "three", "four")
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(4))
VLANS = (10, 20, 30)
PROCESSES = (1, 2)
SITES = st.sampled_from(("", "north", "south"))


@st.composite
def networks(draw: DrawFn) -> DesiredNetwork:
    """Small consistent networks over few names, so that two of them have much in common and much in the way."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True))
    names = draw(st.permutations(NAMES))
    # Every address is drawn from one shuffled pool of /30s, so that it moves between interfaces and devices.
    pool = list(draw(st.permutations([IPv4Interface(f"10.0.0.{4 * block + 1}/30") for block in range(12)])))
    devices = tuple(draw(devices_of(identity, name, pool)) for identity, name in zip(ids, names, strict=False))
    return DesiredNetwork("net", devices, draw(cabling(devices)))


@st.composite
def cabling(draw: DrawFn, devices: tuple[DesiredDevice, ...]) -> frozenset[Link]:
    ends = list(draw(st.permutations([(device.id, port) for device in devices for port in device.ports])))
    pairs = [sorted(pair) for pair in zip(ends[::2], ends[1::2], strict=False) if pair[0][0] != pair[1][0]]
    return frozenset(Link(a, b) for a, b in pairs[: draw(st.integers(0, 3))])


@st.composite
def devices_of(draw: DrawFn, identity: str, name: str, pool: list[IPv4Interface]) -> DesiredDevice:
    kind = draw(st.sampled_from(DeviceKind))
    if kind is DeviceKind.HOST:
        return draw(hosts(identity, name))
    switches = kind is DeviceKind.SWITCH
    routing = draw(st.booleans()) if switches else None
    routes_packets = routing is not False
    ports = tuple(draw(st.lists(st.sampled_from(PORTS), unique=True)))
    vlans = draw(st.dictionaries(st.sampled_from(VLANS), st.sampled_from((None, "users", "voice")))) if switches else {}
    switched = draw(st.lists(st.sampled_from(ports), unique=True)) if switches and ports else []
    others = [port for port in ports if port not in switched] if switches else []
    channels = draw(port_channels(others))
    members = {port for channel in channels.values() for port in channel.members}
    free = [port for port in ports if port not in switched and port not in members] if routes_packets else []
    configured = {port: draw(switch_ports(tuple(vlans))) for port in switched}
    if 1 in channels and draw(st.booleans()):
        configured["Port-channel1"] = draw(switch_ports(tuple(vlans)))
    ospf = {number: draw(processes(number)) for number in draw(chosen(PROCESSES if routes_packets else ()))}
    filters = {acl.name: acl for acl in draw(st.lists(access_lists(), unique_by=lambda acl: acl.name))}
    layer_3 = {
        name: draw(interfaces(pool, tuple(ospf), tuple(filters)))
        for name in draw(layer_3_names(free, tuple(vlans), routes_packets))
        if name.partition(".")[0] not in configured
    }
    return DesiredDevice(
        id=identity,
        name=name,
        kind=kind,
        details=DeviceDetails(vendor="cisco", platform="ios", site=draw(SITES)),
        ports=ports,
        routing=routing,
        vlans=vlans,
        switch_ports=configured,
        port_channels=channels,
        spanning_tree=draw(trees()) if switches else None,
        interfaces=layer_3,
        ospf=ospf,
        routes=draw(routes()) if routes_packets else (),
        bgp=draw(bgp_routers(tuple(layer_3))) if routes_packets else None,
        eigrp=draw(eigrp_processes(tuple(layer_3))) if routes_packets else {},
        access_lists=filters,
    )


@st.composite
def hosts(draw: DrawFn, identity: str, name: str) -> DesiredDevice:
    details = DeviceDetails(vendor="nixos", platform="nixos", site=draw(SITES))
    ports = tuple(draw(st.lists(st.sampled_from(("eno1", "eth0", "enp1s0f1")), unique=True)))
    bonded = tuple(draw(st.lists(st.sampled_from(ports), unique=True))) if ports else ()
    bonds = {draw(st.sampled_from(("bond0", "bond1"))): Bond(members=bonded)} if bonded else {}
    return DesiredDevice(id=identity, name=name, kind=DeviceKind.HOST, details=details, ports=ports, bonds=bonds)


@st.composite
def port_channels(draw: DrawFn, ports: list[str]) -> dict[int, PortChannel]:
    """Ports in two port-channels or in none."""
    where = {port: draw(st.sampled_from((0, 1, 2))) for port in ports}
    mode = draw(st.sampled_from(("active", "on")))
    return {
        number: PortChannel.model_validate({"members": members, "mode": mode})
        for number in (1, 2)
        if (members := tuple(port for port, taken in where.items() if taken == number))
    }


def chosen(items: tuple[int, ...]) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(items), unique=True) if items else st.just([])


@st.composite
def layer_3_names(draw: DrawFn, free: list[str], vlans: tuple[int, ...], routes_packets: bool) -> list[str]:
    names = [f"Vlan{vlan}" for vlan in draw(chosen(vlans))]
    if not routes_packets:
        return names
    names += draw(st.sampled_from(([], ["Loopback0"], ["Port-channel1", "Port-channel1.7"])))
    for port in draw(st.lists(st.sampled_from(free), unique=True)) if free else ():
        names += draw(st.sampled_from(([port], [f"{port}.5", port], [port, f"{port}.5", f"{port}.6"])))
    return names


@st.composite
def switch_ports(draw: DrawFn, vlans: tuple[int, ...]) -> PortConfiguration:
    vlan = st.sampled_from((1, *vlans))
    access = st.builds(AccessMode, vlan=vlan)
    trunk = st.builds(TrunkMode, native_vlan=vlan, allowed=st.none() | st.frozensets(st.sampled_from(VLANS)))
    return PortConfiguration(enabled=draw(st.booleans()), switching=draw(st.none() | access | trunk))


@st.composite
def trees(draw: DrawFn) -> SpanningTree | None:
    if draw(st.booleans()):
        return None
    priorities = draw(st.dictionaries(st.sampled_from(VLANS), st.sampled_from((0, 4096)), max_size=2))
    return SpanningTree(mode=draw(st.sampled_from(("pvst", "rapid-pvst", "mst"))), priorities=priorities)


@st.composite
def interfaces(
    draw: DrawFn, pool: list[IPv4Interface], processes: tuple[int, ...], filters: tuple[str, ...]
) -> RoutedInterface:
    addresses = tuple(pool.pop() for _ in range(min(len(pool), draw(st.integers(0, 2)))))
    runs = addresses and processes and draw(st.booleans())
    ospf = OspfInterface(process=draw(st.sampled_from(processes)), area=draw(st.integers(0, 1))) if runs else None
    group = st.sampled_from((None, *filters))
    return RoutedInterface(
        enabled=draw(st.booleans()),
        addresses=addresses,
        ospf=ospf,
        access_group_in=draw(group),
        access_group_out=draw(group),
    )


@st.composite
def access_lists(draw: DrawFn) -> AccessList:
    """Few names, so that a list changes its entries, its kind, and who uses it."""
    name = draw(st.sampled_from(("EDGE", "CORE", "10")))
    kind = "standard" if name == "10" else draw(st.sampled_from(("standard", "extended")))
    source = AclAddress.model_validate(draw(st.sampled_from(("any", "10.0.0.0/8"))))
    rule = AclRule(sequence=10, action=draw(st.sampled_from(("permit", "deny"))), source=source)
    remarks = draw(st.sampled_from(((), (AclRemark(sequence=5, text="x"),))))
    return AccessList(name=name, kind=kind, entries=(*remarks, rule))


@st.composite
def bgp_routers(draw: DrawFn, names: tuple[str, ...]) -> BgpRouter | None:
    neighbor = st.builds(
        BgpNeighbor,
        address=st.sampled_from((IPv4Address("203.0.113.1"), IPv4Address("203.0.113.2"))),
        remote_as=st.integers(1, 2),
        update_source=st.sampled_from((None, *names)),
    )
    neighbors = st.lists(neighbor, max_size=2, unique_by=lambda item: item.address).map(tuple)
    return draw(st.none() | st.builds(BgpRouter, as_number=st.integers(1, 2), neighbors=neighbors))


@st.composite
def eigrp_processes(draw: DrawFn, names: tuple[str, ...]) -> dict[int, EigrpProcess]:
    passive = st.lists(st.sampled_from(names), unique=True).map(tuple) if names else st.just(())
    numbers = draw(st.lists(st.integers(1, 2), unique=True))
    return {number: EigrpProcess(as_number=number, passive_interfaces=draw(passive)) for number in numbers}


@st.composite
def processes(draw: DrawFn, number: int) -> OspfProcess:
    return OspfProcess(process=number, router_id=IPv4Address(f"10.9.9.{draw(st.integers(1, 2))}"))


@st.composite
def routes(draw: DrawFn) -> tuple[StaticRoute, ...]:
    prefixes = st.sampled_from((IPv4Network("0.0.0.0/0"), IPv4Network("198.51.100.0/24")))
    hops = st.sampled_from((IPv4Address("203.0.113.1"), IPv4Address("203.0.113.2")))
    one = st.builds(StaticRoute, prefix=prefixes, next_hop=hops, distance=st.sampled_from((1, 200)))
    return tuple(draw(st.lists(one, max_size=3, unique_by=lambda route: (route.prefix, route.next_hop))))


def change(network: Network, desired: DesiredNetwork, *, prune: bool) -> Working:
    working = Working(network)
    for command in commands_between(network, desired, prune=prune):
        working.execute(command)
    working.finish()
    return working


def described(device: Device) -> DesiredDevice:
    """What a device is, in the words in which it was wanted; the order of ports and routes means nothing."""
    return DesiredDevice(
        id=device.id,
        name=device.name,
        kind=device.kind,
        details=device.details,
        ports=tuple(sorted(device.ports)),
        routing=device.routing if device.switches else None,
        vlans=device.vlans,
        switch_ports=device.switch_ports,
        spanning_tree=device.spanning_tree if device.switches else None,
        interfaces=device.interfaces,
        ospf=device.ospf,
        routes=tuple(sorted(device.routes, key=str)),
        bgp=device.bgp,
        eigrp=device.eigrp,
        access_lists=device.access_lists,
        port_channels=device.port_channels,
        bonds=device.bonds,
    )


def expected(wanted: DesiredDevice) -> DesiredDevice:
    return DesiredDevice(
        id=wanted.id,
        name=wanted.name,
        kind=wanted.kind,
        details=wanted.details,
        ports=tuple(sorted(wanted.ports)),
        routing=wanted.routing,
        vlans=wanted.vlans,
        switch_ports=wanted.switch_ports,
        spanning_tree=(wanted.spanning_tree or SpanningTree()) if wanted.kind is DeviceKind.SWITCH else None,
        interfaces=wanted.interfaces,
        ospf=wanted.ospf,
        routes=tuple(sorted(wanted.routes, key=str)),
        bgp=wanted.bgp,
        eigrp=wanted.eigrp,
        access_lists=wanted.access_lists,
        port_channels=wanted.port_channels,
        bonds=wanted.bonds,
    )


def keys(network: Network) -> dict[str, str]:
    return {
        key: device_stream(network.name, device.id)
        for device in network.devices.values()
        for key in unique_keys(device)
    }


@given(networks(), networks())
@settings(max_examples=150, deadline=None)
def test_pruning_reaches_the_desired_network_exactly_from_any_other(
    start: DesiredNetwork, goal: DesiredNetwork
) -> None:
    network = change(Network("net"), start, prune=True).network
    change(network, goal, prune=True)
    assert {device.id: described(device) for device in network.devices.values()} == {
        wanted.id: expected(wanted) for wanted in goal.devices
    }
    assert network.links == goal.links
    assert commands_between(network, goal, prune=True) == ()


@given(networks(), networks())
@settings(max_examples=100, deadline=None)
def test_claims_and_releases_take_the_table_of_keys_along(start: DesiredNetwork, goal: DesiredNetwork) -> None:
    network = change(Network("net"), start, prune=True).network
    table = keys(network)
    working = change(network, goal, prune=True)
    claims, releases = working.claims(), working.releases()
    assert all(table[key] == owner for key, owner in releases.items())
    for key in releases:
        del table[key]
    assert not table.keys() & claims.keys()
    assert {**table, **claims} == keys(network)


@given(networks(), networks())
@settings(max_examples=100, deadline=None)
def test_the_collected_events_alone_tell_what_became_of_each_device(
    start: DesiredNetwork, goal: DesiredNetwork
) -> None:
    network = change(Network("net"), start, prune=True).network
    folded = deepcopy(network.devices)
    for stream, event in change(network, goal, prune=True).events:
        if stream.startswith("device:"):
            identity = stream.rpartition("/")[2]
            device = evolve(folded.get(identity), type(event).model_validate_json(event.model_dump_json()))  # type: ignore[arg-type]  # the stream says that it is a device's
            folded[identity] = device
    assert {identity: device for identity, device in folded.items() if not device.removed} == network.devices


@given(networks(), st.data())
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_not_named_goes_without_pruning(start: DesiredNetwork, data: st.DataObject) -> None:
    network = change(Network("net"), start, prune=True).network
    before = deepcopy(network)
    named = (
        data.draw(st.lists(st.sampled_from(start.devices), unique_by=lambda device: device.id)) if start.devices else []
    )
    bare = tuple(DesiredDevice(device.id, device.name, device.kind, device.details) for device in named)
    assert commands_between(network, DesiredNetwork("net", bare)) == ()
    change(network, DesiredNetwork("net", start.devices, start.links), prune=False)
    assert network == before

"""A dumped network is read back as it was."""

import json
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cimnet_nornir.definition import check_definition
from cimnet_nornir.definition.dump import dump_definition, fold_interfaces
from cimnet_nornir.definition.schema import json_schema
from cimnet_nornir.definition.yaml_text import compose, resolve
from cimnet_nornir.domain.access_list_names import kind_by_number
from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork, commands_between
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.hosting.wishes import DesiredContainerNetwork, DesiredVmNetwork
from cimnet_nornir.domain.interfaces import expand_interfaces
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    AccessMode,
    Bond,
    DeviceKind,
    Endpoint,
    HostInterfaceConfiguration,
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

TEXTS = st.text(min_size=1, max_size=20).filter(str.isprintable).map(str.strip).filter(bool)
DESCRIPTIONS = st.none() | st.sampled_from(["no", "~", "a: b", "# x", "- x", "1.0", "'", '"', "\\n", "{", "*a"]) | TEXTS
LABELS = st.just("") | st.sampled_from(["hq", "9300", "on"]) | TEXTS
NAMES = st.none() | st.sampled_from(["users", "10", "no", "a.b", "null", "1e5"])
SCHEMA = Draft202012Validator(json_schema())
VLANS = (10, 11, 12, 20, 99)
PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 9))


@st.composite
def switch_ports(draw: st.DrawFn, vlans: list[int]) -> PortConfiguration:
    known = st.sampled_from([1, *vlans])
    trunks = st.builds(
        TrunkMode, native_vlan=known, allowed=st.none() | st.frozensets(st.integers(1, 4094), max_size=3)
    )
    switching = draw(st.none() | st.builds(AccessMode, vlan=known) | trunks)
    flags = {name: draw(st.booleans()) for name in ("enabled", "portfast", "bpduguard")}
    return PortConfiguration(description=draw(DESCRIPTIONS), switching=switching, **flags)


PREFIXES = st.integers(0, 9).map(lambda number: IPv4Network(f"172.{number}.0.0/{16 + number}"))
NETWORKS = st.lists(PREFIXES, unique=True, max_size=2).map(tuple)
FILTER_ADDRESSES = st.sampled_from(["any", "10.0.0.1", "0.0.0.0", "10.0.0.0/8", "10.0.1.0 0.0.254.255"])
FILTER_PORTS = st.none() | st.sampled_from([0, 443, "gt 1023", "lt 20", "range 1 9"]).map(AclPorts.model_validate)
REMARKS = st.from_regex(r"[!-;A-~]([ -;A-~]{0,40}[!-;A-~])?", fullmatch=True)


@st.composite
def access_lists(draw: st.DrawFn) -> dict[str, AccessList]:
    found = {}
    for name in draw(st.lists(st.sampled_from(["EDGE", "no", "10", "110", "x.y"]), unique=True, max_size=2)):
        kind = kind_by_number(name) or draw(st.sampled_from(["standard", "extended"]))
        addresses = FILTER_ADDRESSES.map(AclAddress.model_validate)
        fields = {"sequence": st.just(1), "action": st.sampled_from(["permit", "deny"]), "log": st.booleans()}
        if kind == "standard":
            rule = st.builds(AclRule, source=addresses, **fields)
        else:
            rule = st.builds(
                AclRule,
                protocol=st.just("tcp"),
                source=addresses,
                source_ports=FILTER_PORTS,
                destination=addresses,
                destination_ports=FILTER_PORTS,
                established=st.booleans(),
                **fields,
            ) | st.builds(AclRule, protocol=st.sampled_from(["ip", "0", "112", "ospf"]), **fields)
        rules = draw(st.lists(rule, min_size=1, max_size=3, unique=True))
        entries = [*rules, *(AclRemark(sequence=1, text=text) for text in draw(st.lists(REMARKS, max_size=1)))]
        numbers = sorted(draw(st.sets(st.integers(1, 99), min_size=len(entries), max_size=len(entries))))
        pairs = zip(entries, draw(st.sampled_from([numbers, [10, 20, 30, 40][: len(entries)]])), strict=True)
        numbered = tuple(entry.model_copy(update={"sequence": number}) for entry, number in pairs)
        found[name] = AccessList(name=name, kind=kind, entries=numbered)
    return found


@st.composite
def bgp_routers(draw: st.DrawFn, interfaces: list[str]) -> BgpRouter | None:
    neighbor = st.builds(
        BgpNeighbor,
        address=st.integers(1, 9).map(lambda number: IPv4Address(f"198.51.100.{number}")),
        remote_as=st.integers(2, 2**32 - 1),
        description=DESCRIPTIONS,
        update_source=st.none() | st.sampled_from(interfaces) if interfaces else st.none(),
        next_hop_self=st.booleans(),
        ebgp_multihop=st.none() | st.integers(1, 255),
    )
    neighbors = st.lists(neighbor, max_size=2, unique_by=lambda item: item.address).map(tuple)
    router = st.builds(
        BgpRouter,
        as_number=st.just(1),
        router_id=st.none() | st.ip_addresses(v=4),
        neighbors=neighbors,
        networks=NETWORKS,
    )
    return draw(st.none() | router)


@st.composite
def eigrp_processes(draw: st.DrawFn, interfaces: list[str]) -> dict[int, EigrpProcess]:
    passive = st.lists(st.sampled_from(interfaces), unique=True).map(tuple) if interfaces else st.just(())
    process = st.builds(
        EigrpProcess,
        as_number=st.just(1),
        router_id=st.none() | st.ip_addresses(v=4),
        networks=NETWORKS,
        passive_interfaces=passive,
    )
    numbers = draw(st.lists(st.integers(1, 65535), unique=True, max_size=2))
    return {number: draw(process).model_copy(update={"as_number": number}) for number in numbers}


@st.composite
def routed_interfaces(draw: st.DrawFn, subnet: int, processes: list[int], filters: list[str]) -> RoutedInterface:
    count = draw(st.integers(0, 2))
    addresses = tuple(IPv4Interface((int(IPv4Address("10.0.0.1")) + (subnet * 4 + n) * 256, 24)) for n in range(count))
    runs = st.builds(
        OspfInterface,
        process=st.sampled_from(processes or [1]),
        area=st.integers(0, 2**32 - 1),
        cost=st.none() | st.integers(1, 65535),
        passive=st.booleans(),
        point_to_point=st.booleans(),
    )
    ospf = draw(st.none() | runs) if count and processes else None
    enabled = draw(st.booleans())
    group = st.sampled_from([None, *filters])
    return RoutedInterface(
        description=draw(DESCRIPTIONS),
        enabled=enabled,
        addresses=addresses,
        ospf=ospf,
        access_group_in=draw(group),
        access_group_out=draw(group),
    )


@st.composite
def devices(draw: st.DrawFn, index: int) -> DesiredDevice:
    kind = draw(st.sampled_from([DeviceKind.ROUTER, DeviceKind.SWITCH]))
    switch = kind is DeviceKind.SWITCH
    routes = not switch or draw(st.booleans())
    vlans = draw(st.dictionaries(st.sampled_from(VLANS), NAMES)) if switch else {}
    processes = draw(st.lists(st.integers(1, 3), unique=True, max_size=2)) if routes else []
    ports = draw(st.lists(st.sampled_from(PORTS), unique=True))
    routed = [*(f"Vlan{vlan}" for vlan in vlans), *(("Loopback0", "Loopback1") if routes else ())]
    if routes:
        routed += draw(st.lists(st.sampled_from(ports), unique=True)) if ports else []
    switched = [port for port in ports if port not in routed and switch and draw(st.booleans())]
    others = [port for port in ports if port not in routed and port not in switched] if switch else []
    channels = draw(port_channels(others))
    configured = {port: draw(switch_ports(list(vlans))) for port in switched}
    for number in channels:
        if routes and draw(st.booleans()):
            routed.append(f"Port-channel{number}")
        elif draw(st.booleans()):
            configured[f"Port-channel{number}"] = draw(switch_ports(list(vlans)))
    process = st.builds(OspfProcess, router_id=st.ip_addresses(v=4), default_originate=st.booleans())
    route = st.builds(
        StaticRoute,
        prefix=st.integers(0, 20).map(lambda n: IPv4Network(f"172.16.{n}.0/24")),
        next_hop=st.integers(1, 9).map(lambda n: IPv4Address(f"192.0.2.{n}")),
        distance=st.integers(1, 255),
        name=NAMES,
    )
    unique_routes = st.lists(route, max_size=3, unique_by=lambda item: (item.prefix, item.next_hop))
    filters = draw(access_lists())
    tree = st.builds(
        SpanningTree,
        mode=st.sampled_from(["pvst", "rapid-pvst", "mst"]),
        priorities=st.dictionaries(st.sampled_from(VLANS), st.integers(0, 15).map(lambda step: step * 4096)),
    )
    return DesiredDevice(
        id=draw(st.sampled_from([f"id{index}", f"dev{index}", f"10.{index}"])),
        name=draw(st.sampled_from([f"dev{index}", f"SW-{index}"])),
        kind=kind,
        details=DeviceDetails(
            vendor="cisco",
            platform=draw(st.sampled_from(["ios", "iosxe"])),
            model=draw(LABELS),
            role=draw(LABELS),
            site=draw(LABELS),
            management=draw(st.sampled_from([None, IPv4Address(f"192.168.0.{index + 1}")])),
        ),
        ports=tuple(ports),
        routing=routes if switch else None,
        vlans=vlans,
        switch_ports=configured,
        port_channels=channels,
        spanning_tree=draw(tree) if switch else None,
        interfaces={
            name: draw(routed_interfaces(index * 20 + number, processes, list(filters)))
            for number, name in enumerate(routed)
        },
        ospf={number: draw(process).model_copy(update={"process": number}) for number in processes},
        routes=tuple(draw(unique_routes)) if routes else (),
        bgp=draw(bgp_routers(routed)) if routes else None,
        eigrp=draw(eigrp_processes(routed)) if routes else {},
        access_lists=filters,
    )


@st.composite
def hosts(draw: st.DrawFn, index: int) -> DesiredDevice:
    vendor, platform = draw(st.sampled_from([("nixos", "nixos"), ("vmware", "esxi"), ("microsoft", "hyper-v")]))
    details = DeviceDetails(
        vendor=vendor,
        platform=platform,
        site=draw(LABELS),
        role=draw(LABELS),
        bridges=draw(st.sampled_from([None, "vlan-aware"])),
    )
    name = draw(st.sampled_from([f"srv{index}", f"h-{index}"]))
    ports = tuple(draw(st.lists(st.sampled_from(["eno1", "eno2", "no", "1e3"]), unique=True, min_size=1)))
    mode = draw(st.sampled_from(["802.3ad", "active-backup", "balance-xor"]))
    # The first card may bring VLANs, itself or in a bond: it has no address then.
    members = draw(st.sampled_from([(), ports, ports[1:]]))
    bond = draw(st.sampled_from(["bond0", "no-1"]))
    bonds = {bond: Bond.model_validate({"members": members, "mode": mode})} if members else {}
    routing = draw(st.booleans())
    process = OspfProcess(process=draw(st.integers(1, 9)), router_id=IPv4Address("10.255.9.9"))
    processes = [process.process] if routing and draw(st.booleans()) else []
    own = ("lo",) if members == ports else (*(bonds or ports[1:]), "lo")
    interfaces = {card: draw(own_interfaces(index * 20 + number, processes)) for number, card in enumerate(own)}
    device = DesiredDevice(f"srv{index}", name, DeviceKind.HOST, details, ports, routing=routing, bonds=bonds)
    bgp = BgpRouter(as_number=7, networks=(IPv4Network("10.9.0.0/16"),))
    return replace(
        device,
        interfaces={card: it for card, it in interfaces.items() if draw(st.booleans())},
        ospf=dict.fromkeys(processes, process),
        bgp=draw(st.sampled_from([None, bgp])) if routing else None,
        routes=draw(st.sampled_from([(), (StaticRoute(prefix="172.16.0.0/12", next_hop="10.99.0.1"),)])),
    )


@st.composite
def own_interfaces(draw: st.DrawFn, subnet: int, processes: list[int]) -> HostInterfaceConfiguration:
    """As routers have them, without what hosts do not have; one of the cards at most leads to all else."""
    routed = draw(routed_interfaces(subnet, processes, []))
    addresses = routed.addresses
    gateway = addresses[0].ip + 1 if addresses and subnet % 20 == 0 and draw(st.booleans()) else None
    return HostInterfaceConfiguration(
        description=routed.description,
        addresses=addresses,
        ospf=routed.ospf,
        gateway=gateway,
        mtu=draw(st.none() | st.integers(68, 65535)),
    )


@st.composite
def port_channels(draw: st.DrawFn, ports: list[str]) -> dict[int, PortChannel]:
    where = {port: draw(st.sampled_from((0, 1, 128))) for port in ports}
    mode = draw(st.sampled_from(("active", "passive", "on")))
    return {
        number: PortChannel.model_validate({"members": members, "mode": mode})
        for number in (1, 128)
        if (members := tuple(port for port, taken in where.items() if taken == number))
    }


DRIVERS = st.one_of(
    st.builds(
        h.Bridge, name=st.sampled_from([None, "br0"]), inter_container=st.booleans(), mtu=st.sampled_from([None, 9000])
    ),
    st.builds(h.Macvlan, mode=st.sampled_from(["bridge", "vepa"])),
)


@st.composite
def container_networks(draw: st.DrawFn, host: str, vlan: int) -> DesiredContainerNetwork:
    container = st.builds(h.ContainerWish, host=st.just(host), image=st.sampled_from([None, "nginx:1.27"]))
    wish = h.ContainerNetworkWish(
        vlan=vlan,
        driver=draw(DRIVERS),
        runtime=draw(st.sampled_from(["docker", "podman"])),
        subnet=IPv4Network("172.20.0.0/24"),
        dns=draw(st.sampled_from([(), (IPv4Address("192.0.2.53"),)])),
        hosts={host: h.HostWish()},
    )
    members = draw(st.dictionaries(st.sampled_from(["web", "db", "no"]), container))
    return DesiredContainerNetwork(draw(st.sampled_from(["web", "on", "1"])), wish, members)


@st.composite
def vm_networks(draw: st.DrawFn, host: DesiredDevice) -> DesiredVmNetwork:
    hypervisor: h.Hypervisor = h.Libvirt(uri=draw(st.sampled_from(["qemu:///system", "qemu+ssh://a@b/system"])))
    if host.details.vendor == "vmware":
        hypervisor = h.VMware(vcenter="vc.example.net", datacenter="a: b")
    elif host.details.vendor == "microsoft":
        hypervisor = h.HyperV(host=host.name)
    nat = h.Nat(subnet=IPv4Network("192.168.122.0/24"), dhcp=h.AddressRange.parse("192.168.122.5-192.168.122.9"))
    kinds: list[h.VmNetworkKind] = [
        h.Internal(),
        h.Bridged(bridge="br7"),
        *([nat] if host.details.vendor != "vmware" else []),
    ]
    megabits = st.sampled_from([None, 1, 1000])
    wish = h.VmNetworkWish(
        hypervisor=hypervisor,
        kind=draw(st.sampled_from(kinds)),
        bandwidth=h.Bandwidth(inbound_mbps=draw(megabits), outbound_mbps=draw(megabits)),
        hosts={host.id: None},
    )
    machine = st.builds(h.VmWish, host=st.just(host.id), mac=st.sampled_from([None, "52:54:00:00:00:01"]))
    return DesiredVmNetwork("vms", wish, draw(st.dictionaries(st.sampled_from(["a"]), machine)))


@st.composite
def hosted(draw: st.DrawFn, wanted: tuple[DesiredDevice, ...], host: DesiredDevice) -> DesiredNetwork:
    """A host on a switch of the network that has a port left, with a container network where the switch has a VLAN."""
    taken = tuple(device for device in wanted if device.kind is DeviceKind.SWITCH and device.vlans)
    if not taken or host.details.vendor != "nixos":
        return DesiredNetwork("", vm_networks=(draw(vm_networks(host)),))
    switch = Endpoint(device=taken[0].id, port="GigabitEthernet9/0/1")
    link = Link.between(Endpoint(device=host.id, port=host.ports[0]), switch)
    containers = draw(container_networks(host.id, draw(st.sampled_from(sorted(taken[0].vlans)))))
    return DesiredNetwork("", (), frozenset({link}), (containers,), (draw(vm_networks(host)),))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    wanted = tuple(draw(devices(index)) for index in range(draw(st.integers(0, 3))))
    host = draw(hosts(9))
    more = draw(hosted(wanted, host)) if draw(st.booleans()) else DesiredNetwork("")
    if more.links:
        wanted = tuple(
            replace(device, ports=(*device.ports, "GigabitEthernet9/0/1"))
            if device.kind is DeviceKind.SWITCH
            else device
            for device in wanted
        )
    ends = [[Endpoint(device=device.id, port=port) for port in device.ports] for device in wanted]
    links = {Link.between(a, b) for one, other in pairwise(ends) for a, b in zip(one[::2], other[1::2], strict=False)}
    name = draw(st.sampled_from(["campus", "10", "no"]))
    working = Working(Network(name))
    everything = (*wanted, host) if more.vm_networks else wanted
    desired = DesiredNetwork(name, everything, frozenset(links) | more.links, more.container_networks, more.vm_networks)
    for command in commands_between(Network(name), desired):
        working.execute(command)
    working.finish()
    return working.network


@given(networks())
@settings(max_examples=60, deadline=None)
def test_a_dumped_network_needs_no_command_when_read_back(network: Network) -> None:
    text = dump_definition(network)
    ids = {device.name: device.id for device in network.devices.values()}
    for known in (ids, {}):
        definition, problems = check_definition(text, file="dump", ids=known)
        assert problems == (), text
        assert definition is not None
        assert commands_between(network, definition.desired, prune=True) == (), text


@given(networks())
@settings(max_examples=25, deadline=None)
def test_a_dumped_network_is_valid_by_the_json_schema(network: Network) -> None:
    root, _ = compose(dump_definition(network), file="dump")
    assert root is not None
    errors = [error.message for error in SCHEMA.iter_errors(json.loads(json.dumps(root.data)))]
    assert errors == []


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_definition_or_has_a_problem_with_a_line(text: str) -> None:
    definition, problems = check_definition(text, file="f")
    assert (definition is None) == bool(problems)
    assert all(problem.line >= 1 and "\n" not in str(problem) for problem in problems)


@given(
    st.lists(
        st.sampled_from(
            ["network: n", "devices:", "  r1:", "    ports: Gi0/0", "\t", "- a", "[", "}", "'", "a: &x", "*x", ":"]
        )
    )
)
@settings(max_examples=200, deadline=None)
def test_lines_in_any_order_are_a_definition_or_have_a_problem_with_a_line(lines: list[str]) -> None:
    definition, problems = check_definition("\n".join(lines), file="f")
    assert (definition is None) == bool(problems)
    assert all(1 <= problem.line <= len(lines) + 1 for problem in problems)


@given(st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_scalar_is_read_as_the_value_it_shows(value: float | None) -> None:
    assert resolve(json.dumps(value)) == value


@given(st.lists(st.sampled_from([*PORTS, "Vlan1", "Vlan2", "Gi0/0.1"]), unique=True))
def test_folded_names_expand_to_the_same_names(names: list[str]) -> None:
    canonical = [expand_interfaces(name)[0] for name in names]
    folded = fold_interfaces(canonical)
    assert [name for part in folded for name in expand_interfaces(part)] == canonical


@given(st.dictionaries(TEXTS, st.lists(st.integers() | st.booleans() | TEXTS, max_size=3), max_size=3))
@settings(deadline=None)
def test_json_is_yaml(data: dict[str, list[object]]) -> None:
    root, problems = compose(json.dumps(data, ensure_ascii=False), file="f")
    assert problems == ()
    assert root is not None
    assert root.data == data


@given(st.text(), st.sampled_from(["network", "vlans", "port_profiles", "devices", "links", "defaults"]))
@settings(max_examples=100, deadline=None)
def test_a_problem_is_one_line_whatever_stands_in_the_file(text: str, field: str) -> None:
    written = json.dumps({"network": "n", field: {text: {text: [text]}}}, ensure_ascii=False)
    _, problems = check_definition(written, file="f")
    assert problems
    assert all(str(problem).isprintable() for problem in problems)

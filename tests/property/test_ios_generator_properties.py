"""Whatever the intent, the rendered configuration can be typed into a device and says just what the intent says."""

import re
from ipaddress import IPv4Address, IPv4Interface

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.interfaces import parse_vlan_list
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    TrunkMode,
)
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.device_values import wrapped_vlan_list
from cimnet_nornir.ios.generator import IosGenerator

GENERATOR = IosGenerator(TemplateBundle.load())
VLANS = st.integers(1, 4094)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", fullmatch=True)
DESCRIPTIONS = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40)
MODES = st.one_of(
    st.none(),
    st.builds(AccessMode, vlan=VLANS),
    st.builds(TrunkMode, native_vlan=VLANS, allowed=st.none() | st.frozensets(VLANS, max_size=200)),
)
PORTS = st.builds(
    PortConfiguration,
    description=st.none() | DESCRIPTIONS,
    enabled=st.booleans(),
    switching=MODES,
    portfast=st.booleans(),
    bpduguard=st.booleans(),
)
ADDRESSES = st.builds(
    lambda number, prefix: IPv4Interface((number, prefix)), st.integers(1, 2**32 - 1), st.integers(1, 32)
)
INTERFACES = st.builds(
    RoutedInterface,
    description=st.none() | DESCRIPTIONS,
    enabled=st.booleans(),
    addresses=st.lists(ADDRESSES, max_size=3).map(tuple),
)
UNICAST = st.integers(1, 2**24).map(lambda number: IPv4Address("10.0.0.0") + number)
NETWORKS = st.lists(ADDRESSES.map(lambda address: address.network), unique=True, max_size=4).map(tuple)
BGP = st.builds(
    BgpRouter,
    as_number=st.just(65001),
    router_id=st.none() | UNICAST,
    neighbors=st.lists(
        st.builds(
            BgpNeighbor,
            address=UNICAST,
            remote_as=st.integers(65002, 2**32 - 1),
            description=st.none() | DESCRIPTIONS,
            next_hop_self=st.booleans(),
            ebgp_multihop=st.none() | st.integers(1, 255),
        ),
        max_size=4,
        unique_by=lambda neighbor: neighbor.address,
    ).map(tuple),
    networks=NETWORKS,
)
EIGRP = st.builds(EigrpProcess, as_number=st.just(100), networks=NETWORKS)
FILTER_ADDRESSES = st.builds(AclAddress, address=UNICAST, wildcard=st.integers(0, 2**32 - 1).map(IPv4Address))
RULES = st.builds(
    AclRule,
    sequence=st.just(1),
    action=st.sampled_from(("permit", "deny")),
    protocol=st.just("tcp"),
    source=FILTER_ADDRESSES,
    source_ports=st.none() | st.integers(0, 65535).map(AclPorts.model_validate),
    destination=FILTER_ADDRESSES,
    destination_ports=st.none()
    | st.builds(AclPorts, operator=st.just("range"), port=st.just(1), last=st.integers(2, 9)),
    established=st.booleans(),
    log=st.booleans(),
)


@st.composite
def access_lists(draw: st.DrawFn) -> dict[str, AccessList]:
    found = {}
    for name in draw(st.sets(st.sampled_from(("EDGE", "110", "x" * 63)))):
        rules = draw(st.lists(RULES, unique=True, min_size=1, max_size=4))
        entries = tuple(rule.model_copy(update={"sequence": number}) for number, rule in enumerate(rules, start=1))
        remark = AclRemark(sequence=9, text="x" * draw(st.integers(1, 100)))
        found[name] = AccessList(name=name, kind="extended", entries=(*entries, remark))
    return found


DEVICES = st.builds(
    Device,
    network=st.just("campus"),
    id=NAMES,
    name=st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,10}", fullmatch=True),
    kind=st.sampled_from([DeviceKind.ROUTER, DeviceKind.SWITCH]),
    details=st.just(DeviceDetails(vendor="cisco", platform="ios", model="WS-C3750X-48T-S")),
    routing=st.booleans(),
    vlans=st.dictionaries(st.integers(2, 1001), st.none() | NAMES, max_size=5),
    switch_ports=st.dictionaries(st.integers(1, 48).map("GigabitEthernet1/0/{}".format), PORTS, max_size=4),
    spanning_tree=st.builds(
        SpanningTree, priorities=st.dictionaries(VLANS, st.integers(0, 15).map(lambda step: step * 4096), max_size=40)
    ),
    interfaces=st.dictionaries(VLANS.map("Vlan{}".format), INTERFACES, max_size=3),
    bgp=st.none() | BGP,
    eigrp=st.dictionaries(st.just(100), EIGRP),
    access_lists=access_lists(),
)


def render(device: Device) -> str:
    return GENERATOR.generate(device, Network("campus"))


@given(DEVICES)
@settings(max_examples=60, deadline=None)
def test_every_line_can_be_typed(device: Device) -> None:
    text = render(device)
    assert text.endswith("!\n")
    for line in text.removesuffix("\n").split("\n"):
        assert line.strip()
        assert line == line.rstrip()
        assert line.isprintable()
        assert len(line) <= 255


@given(DEVICES)
@settings(max_examples=60, deadline=None)
def test_each_interface_of_the_intent_has_one_section(device: Device) -> None:
    sections = re.findall(r"^interface (\S+)$", render(device), re.MULTILINE)
    assert sorted(sections) == sorted({*device.switch_ports, *device.interfaces})


@given(st.frozensets(VLANS))
@settings(max_examples=60, deadline=None)
def test_the_lines_of_a_trunk_together_allow_what_the_intent_allows(allowed: frozenset[int]) -> None:
    device = Device("campus", "s", "s", DeviceKind.SWITCH, DeviceDetails(vendor="cisco", platform="ios"))
    device.switch_ports["GigabitEthernet0/1"] = PortConfiguration(switching=TrunkMode(allowed=allowed))
    lines = re.findall(r"^ switchport trunk allowed vlan (add )?(\S+)$", render(device), re.MULTILINE)
    assert [bool(add) for add, _ in lines] == [False] + [True] * (len(lines) - 1)
    told = frozenset[int]().union(*(parse_vlan_list(vlans) for _, vlans in lines if vlans != "none"))
    assert told == allowed


@given(st.frozensets(VLANS, min_size=1), st.text("abc ", min_size=1, max_size=60))
@settings(deadline=None)
def test_the_pieces_of_a_list_fit_their_lines_and_lose_nothing(vlans: frozenset[int], before: str) -> None:
    pieces = wrapped_vlan_list(vlans, before)
    assert all(len(before + piece) <= 254 for piece in pieces)
    assert frozenset[int]().union(*map(parse_vlan_list, pieces)) == vlans


@given(DEVICES)
@settings(max_examples=40, deadline=None)
def test_each_process_and_access_list_of_the_intent_has_one_section_and_each_entry_a_line(device: Device) -> None:
    text = render(device)
    assert len(re.findall(r"^router bgp ", text, re.MULTILINE)) == (device.bgp is not None)
    assert re.findall(r"^router eigrp (\d+)$", text, re.MULTILINE) == [str(number) for number in device.eigrp]
    assert sorted(re.findall(r"^ip access-list \S+ (\S+)$", text, re.MULTILINE)) == sorted(device.access_lists)
    entries = re.findall(r"^ (?:permit|deny|remark) .+$", text, re.MULTILINE)
    assert len(entries) == sum(len(acl.entries) for acl in device.access_lists.values())
    peers = device.bgp.neighbors if device.bgp else ()
    assert len(re.findall(r"^  neighbor \S+ activate$", text, re.MULTILINE)) == len(peers)


@given(DEVICES)
@settings(max_examples=30, deadline=None)
def test_rendering_is_a_function_of_intent_and_bundle(device: Device) -> None:
    stored = TemplateBundle.from_files(GENERATOR.bundle.files())
    assert IosGenerator(stored).generate(device, Network("campus")) == render(device)

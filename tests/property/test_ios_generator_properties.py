"""Whatever the intent, the rendered configuration can be typed into a device and says just what the intent says."""

import re
from ipaddress import IPv4Interface

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.interfaces import parse_vlan_list
from cimnet_nornir.domain.network import Network
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
@settings(max_examples=30, deadline=None)
def test_rendering_is_a_function_of_intent_and_bundle(device: Device) -> None:
    stored = TemplateBundle.from_files(GENERATOR.bundle.files())
    assert IosGenerator(stored).generate(device, Network("campus")) == render(device)

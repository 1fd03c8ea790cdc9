"""Value objects: what is taken, what is refused, and in what form it is kept."""

from ipaddress import IPv4Address, IPv4Interface
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from cimnet_nornir.domain.events import DeviceDetails, HostKeyPinned
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.platforms import check_platform
from cimnet_nornir.domain.streams import (
    backup_stream,
    deployment_stream,
    device_prefix,
    device_stream,
    ignored_stream,
    network_stream,
    observation_stream,
    push_stream,
    request_stream,
)
from cimnet_nornir.domain.values import (
    AccessMode,
    BridgePriority,
    CreatableVlanId,
    Description,
    DeviceKind,
    Endpoint,
    HostName,
    Identifier,
    InterfaceName,
    MacAddress,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
    VlanId,
    VlanName,
    VlanSet,
    port_name,
)
from cimnet_nornir.errors import InvalidValue

TAKEN: list[tuple[Any, object, object]] = [
    (VlanId, 1, 1),
    (VlanId, 4094, 4094),
    (VlanId, "10", 10),
    (VlanId, 1002, 1002),
    (CreatableVlanId, 2, 2),
    (CreatableVlanId, 1001, 1001),
    (CreatableVlanId, 1006, 1006),
    (VlanSet, "10,20-22", frozenset({10, 20, 21, 22})),
    (VlanSet, [10, 20], frozenset({10, 20})),
    (VlanSet, 10, frozenset({10})),
    (VlanSet, "none", frozenset()),
    (VlanName, "users", "users"),
    (HostName, "r", "r"),
    (HostName, "core-sw-01", "core-sw-01"),
    (HostName, "a" * 63, "a" * 63),
    (Identifier, "1.site_a-b", "1.site_a-b"),
    (Description, "  uplink to core, 10G  ", "uplink to core, 10G"),
    (Description, "Büro Süd", "Büro Süd"),
    (InterfaceName, "gi0/1", "GigabitEthernet0/1"),
    (MacAddress, "00:11:22:AA:bb:cc", "0011.22aa.bbcc"),
    (MacAddress, "00-11-22-aa-bb-cc", "0011.22aa.bbcc"),
    (MacAddress, "0011.22aa.bbcc", "0011.22aa.bbcc"),
    (BridgePriority, 0, 0),
    (BridgePriority, 61440, 61440),
]
REFUSED: list[tuple[Any, object]] = [
    (VlanId, 0),
    (VlanId, 4095),
    (VlanId, True),
    (VlanId, "ten"),
    (CreatableVlanId, 1),
    (CreatableVlanId, 1002),
    (CreatableVlanId, 1005),
    (CreatableVlanId, 4095),
    (CreatableVlanId, True),
    (VlanSet, "10,"),
    (VlanSet, [0]),
    (VlanSet, True),
    (VlanSet, "10 20"),
    (VlanName, "v" * 33),
    (VlanName, "two words"),
    (VlanName, "users\nend"),
    (HostName, ""),
    (HostName, "1st"),
    (HostName, "sw_"),
    (HostName, "sw-"),
    (HostName, "a" * 64),
    (HostName, "sw1\n"),
    (HostName, "sw1 reload"),
    (Identifier, ""),
    (Identifier, "-x"),
    (Identifier, "a/b"),
    (Identifier, "a:b"),
    (Identifier, "a\n"),
    (Identifier, "a" * 64),
    (Description, ""),
    (Description, "   "),
    (Description, "one\ntwo"),
    (Description, "bell\x07"),
    (Description, "ctrl\x1a"),
    (Description, "tab\there"),
    (Description, "next\u2028line"),
    (Description, "x" * 241),
    (InterfaceName, "t1/1"),
    (MacAddress, "0011.2233.445"),
    (MacAddress, "0011.2233.44zz"),
    (BridgePriority, 4095),
    (BridgePriority, -4096),
    (BridgePriority, 65536),
]


@pytest.mark.parametrize(("kind", "written", "kept"), TAKEN)
def test_a_good_value_is_kept_in_its_one_form(kind: Any, written: object, kept: object) -> None:
    assert TypeAdapter(kind).validate_python(written) == kept


@pytest.mark.parametrize(("kind", "written"), REFUSED)
def test_a_bad_value_is_refused(kind: Any, written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(written)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RoutedInterface, {"ospf": {"area": 0}}),
        (RoutedInterface, {"addresses": ["192.0.2.1"]}),
        (RoutedInterface, {"addresses": [3232235777]}),
        (RoutedInterface, {"addresses": ["192.0.2.256/24"]}),
        (OspfInterface, {"area": -1}),
        (OspfInterface, {"area": 0, "cost": 0}),
        (OspfProcess, {"process": 0, "router_id": "192.0.2.1"}),
        (StaticRoute, {"prefix": "192.0.2.1/24", "next_hop": "192.0.2.1"}),
        (StaticRoute, {"prefix": "192.0.2.0/24", "next_hop": "192.0.2.1", "distance": 256}),
        (StaticRoute, {"prefix": "192.0.2.0/24", "next_hop": "192.0.2.1", "metric": 1}),
        (AccessMode, {"vlan": 0}),
        (TrunkMode, {"native_vlan": 4095}),
        (PortConfiguration, {"switching": {"mode": "dynamic"}}),
        (SpanningTree, {"mode": "rstp"}),
        (SpanningTree, {"priorities": {10: 4097}}),
        (DeviceDetails, {"vendor": "cisco", "platform": "ios", "site": "a\nb"}),
        (HostKeyPinned, {"environment": "lab", "key": "ssh-ed25519 A\n* ssh-rsa B", "fingerprint": "f"}),
    ],
)
def test_a_value_object_refuses_what_makes_no_sense(kind: type[BaseModel], fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(fields)


def test_an_address_without_its_prefix_is_told_how_to_write_it() -> None:
    with pytest.raises(ValidationError, match=r"'192\.0\.2\.1' lacks its prefix length; write it like 192\.0\.2\.1/24"):
        RoutedInterface.model_validate({"addresses": ["192.0.2.1"]})


def test_an_address_may_be_written_with_its_mask() -> None:
    interface = RoutedInterface.model_validate({"addresses": ["192.0.2.1/255.255.255.0"]})
    assert interface.addresses == (IPv4Interface("192.0.2.1/24"),)


def test_a_value_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PortConfiguration().enabled = False  # type: ignore[misc]  # that it raises is the point


@pytest.mark.parametrize("allowed", [None, frozenset(), frozenset({1, 2, 3, 9})])
def test_a_trunk_keeps_which_vlans_it_allows_through_json(allowed: frozenset[int] | None) -> None:
    trunk = TrunkMode(native_vlan=5, allowed=allowed)
    assert TrunkMode.model_validate_json(trunk.model_dump_json()) == trunk


def test_details_may_be_left_empty() -> None:
    assert DeviceDetails(vendor="cisco", platform="ios", site="").site == ""


@pytest.mark.parametrize(
    ("kind", "vendor", "platform", "subject", "words"),
    [
        (DeviceKind.ROUTER, "juniper", "junos", "vendor", "vendor 'juniper' is not known; known: cisco"),
        (DeviceKind.SWITCH, "cisco", "nxos", "platform", "platform 'nxos' of cisco is not known; known: ios, iosxe"),
        (DeviceKind.SWITCH, "nixos", "nixos", "vendor", "vendor 'nixos' is not known; known: cisco"),
        (DeviceKind.HOST, "cisco", "ios", "vendor", "vendor 'cisco' of a host is not known; known: microsoft, nixos"),
        (DeviceKind.HOST, "vmware", "workstation", "platform", "platform 'workstation' of vmware is not known"),
    ],
)
def test_a_platform_that_cannot_be_configured_is_refused_by_name(
    kind: DeviceKind, vendor: str, platform: str, subject: str, words: str
) -> None:
    with pytest.raises(InvalidValue, match=words) as refused:
        check_platform(kind, vendor, platform)
    assert refused.value.subject == subject


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        (DeviceKind.HOST, "eth0", "eth0"),
        (DeviceKind.HOST, "enp1s0f0", "enp1s0f0"),
        (DeviceKind.HOST, "br-vlan4094", "br-vlan4094"),
        (DeviceKind.SWITCH, "eth0", "Ethernet0"),
        (DeviceKind.ROUTER, "gi0/1", "GigabitEthernet0/1"),
    ],
)
def test_a_port_is_read_as_the_kind_of_its_device_names_ports(kind: DeviceKind, written: str, name: str) -> None:
    assert port_name(kind, written) == name


@pytest.mark.parametrize("text", ["", ".", "..", "-x", "a b", "a/b", "eth0:1", "sixteen-letters1", "ü0", "a\n"])
def test_a_name_that_linux_does_not_take_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="no interface name of a Linux host") as refused:
        port_name(DeviceKind.HOST, text)
    assert refused.value.subject == "interface"


def test_a_link_is_the_same_from_both_ends() -> None:
    one = Endpoint(device="b", port="GigabitEthernet0/1")
    other = Endpoint(device="a", port="GigabitEthernet0/2")
    link = Link.between(one, other)
    assert link == Link.between(other, one) == Link(("a", "GigabitEthernet0/2"), ("b", "GigabitEthernet0/1"))
    assert link.other_end("a", "GigabitEthernet0/2") == ("b", "GigabitEthernet0/1")
    assert link.other_end("b", "GigabitEthernet0/1") == ("a", "GigabitEthernet0/2")
    assert str(one) == "b GigabitEthernet0/1"


def test_streams_are_named_by_what_they_are_about() -> None:
    identity = UUID(int=7)
    assert network_stream("n") == "network:n"
    assert device_stream("n", "d") == "device:n/d"
    assert device_stream("n", "d").startswith(device_prefix("n"))
    assert request_stream(identity) == f"request:{identity}"
    assert push_stream(identity, "d") == f"{deployment_stream(identity)}/d"
    assert observation_stream("lab", "n", "d") == "observed:lab:n/d"
    assert ignored_stream("lab", "n", "d") == "ignored:lab:n/d"
    assert backup_stream("lab", "n", "d") == "backup:lab:n/d"


def test_an_unknown_device_has_no_links() -> None:
    assert Network("n").links_of("sw1") == ()
    assert Network("n").device_named("sw1") is None


def test_a_management_address_is_an_address() -> None:
    details = DeviceDetails.model_validate({"vendor": "cisco", "platform": "ios", "management": "192.0.2.9"})
    assert details.management == IPv4Address("192.0.2.9")

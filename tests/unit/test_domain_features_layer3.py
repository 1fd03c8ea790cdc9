"""Settings of layer-3 interfaces: what they refuse by themselves, and what of them must fit the rest of the device."""

from ipaddress import IPv4Interface
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.decide_features import refuse_misfit_features
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.first_hop import Authentication, Hsrp, HsrpInterface, Tracked, Vrrp
from cimnet_nornir.domain.features.interfaces import (
    AccessGroup,
    DhcpClient,
    Dot1q,
    Ethernet,
    InterfaceTimers,
    IpOptions,
    Unnumbered,
    tagged_at,
)
from cimnet_nornir.domain.features.ipv6 import AdvertisedPrefix, Ipv6, Ipv6Address
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.nat import NatDestination, NatDynamic, NatPool, NatStatic, NatTimeouts, PortTimeout
from cimnet_nornir.domain.features.services import GlobalOption
from cimnet_nornir.domain.features.switching import ChannelGroup
from cimnet_nornir.domain.features.tunnels import Tunnel
from cimnet_nornir.domain.features.vrf import Vrf, VrfDefinition
from cimnet_nornir.domain.features.vrrp_v3 import VrrpV3
from cimnet_nornir.domain.keys import addresses_of
from cimnet_nornir.domain.tables import refuse_overlaps, vrf_of
from cimnet_nornir.domain.values import DeviceKind, RoutedInterface
from cimnet_nornir.errors import CimnetError, NotFound, PortNotFound, RuleViolated

INSIDE, OUTSIDE, BARE = (f"GigabitEthernet0/{number}" for number in range(3))
TAGGED, UNTAGGED = f"{BARE}.10", f"{BARE}.20"


def routed(address: str) -> RoutedInterface:
    return RoutedInterface(addresses=(IPv4Interface(address),))


def router(*settings: Setting, **interfaces: RoutedInterface) -> Device:
    device = Device(
        "net",
        "r1",
        "r1",
        DeviceKind.ROUTER,
        DeviceDetails(vendor="cisco", platform="ios"),
        (INSIDE, OUTSIDE, BARE),
        routing=True,
        interfaces={
            INSIDE: routed("192.0.2.1/24"),
            OUTSIDE: routed("203.0.113.1/24"),
            BARE: RoutedInterface(),
            TAGGED: RoutedInterface(),
            UNTAGGED: RoutedInterface(),
            "Loopback0": routed("198.51.100.1/32"),
            "Tunnel1": RoutedInterface(),
            **interfaces,
        },
    )
    device.features = {setting.identity: setting for setting in settings}
    return device


RED = VrfDefinition(name="RED", rd="65000:1", families={"ipv4": None})


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ((IpOptions(interface="Gi9/9", proxy_arp=False),), PortNotFound, "has no interface GigabitEthernet9/9"),
        ((RED, RED.model_copy(update={"name": "BLUE"})), RuleViolated, "65000:1 in VRF BLUE too"),
        ((Ethernet(interface=TAGGED, speed=100),), RuleViolated, "said of ports of the hardware"),
        ((Dot1q(interface=BARE, vlan=5),), RuleViolated, "said of sub-interfaces"),
        ((Dot1q(interface=UNTAGGED, vlan=10),), RuleViolated, f"10 is that of {TAGGED} already"),
        ((DhcpClient(interface=INSIDE),), RuleViolated, "takes the place of addresses"),
        ((Unnumbered(interface=INSIDE, address_of="Lo0"),), RuleViolated, "takes the place of addresses"),
        ((Unnumbered(interface=BARE, address_of="Lo9"),), PortNotFound, "the address of Loopback9"),
        ((Unnumbered(interface=BARE, address_of=BARE),), RuleViolated, "the address of another interface"),
        ((Vrf(interface=INSIDE, name="RED"),), RuleViolated, "RED is not defined"),
        ((RED, Vrf(interface=INSIDE, name="RED", form="ip vrf")), RuleViolated, "defined by 'vrf definition'"),
        (
            (VrfDefinition(name="RED", families={"ipv6": None}), Vrf(interface=INSIDE, name="RED")),
            RuleViolated,
            "does not carry IPv4",
        ),
        (
            (RED, Vrf(interface=INSIDE, name="RED"), Ipv6Address(interface=INSIDE, address="2001:db8::1/64")),
            RuleViolated,
            "does not carry IPv6",
        ),
        ((RED, Vrf(interface=BARE, name="RED"), Ipv6(interface=BARE, enabled=True)), RuleViolated, "not carry IPv6"),
        ((Hsrp(interface=INSIDE, group=300),), RuleViolated, "groups above 255 need version 2"),
        ((Hsrp(interface=INSIDE, group=3, ipv6=("autoconfig",)),), RuleViolated, "IPv6 needs version 2"),
        (
            (ChannelGroup(interface=BARE, number=1, mode="active"),),
            RuleViolated,
            "Port-channel1, which is no interface",
        ),
        ((Tunnel(interface=INSIDE, destination="198.51.100.9"),), RuleViolated, "said of tunnels"),
        ((Tunnel(interface="Tunnel1", source="Gi7/7"),), PortNotFound, "begins at GigabitEthernet7/7"),
        ((NatDynamic(name="INSIDE", pool="OFFICE"),), NotFound, "no pool OFFICE"),
        ((NatDynamic(name="INSIDE", interface="Gi7/7", overload=True),), PortNotFound, "GigabitEthernet7/7"),
        (
            (NatStatic(local="10.0.0.1", to="203.0.113.5"), NatStatic(local="10.0.0.1", to="203.0.113.6")),
            RuleViolated,
            "translates 10.0.0.1 already",
        ),
    ],
)
def test_what_does_not_fit_the_device_is_refused(
    settings: tuple[Setting, ...], error: type[CimnetError], words: str
) -> None:
    with pytest.raises(error, match=words):
        refuse_misfit_features(router(*settings))


@pytest.mark.parametrize(
    "settings",
    [
        (Dot1q(interface=TAGGED, vlan=20), Dot1q(interface=UNTAGGED, vlan=10, native=True)),
        (Dot1q(interface=UNTAGGED, vlan=10, second=7),),
        (HsrpInterface(interface=INSIDE, version=2), Hsrp(interface=INSIDE, group=300, ipv6=("autoconfig",))),
        (RED, Vrf(interface=INSIDE, name="RED")),
        (
            NatStatic(local="10.0.0.1", to="203.0.113.5", route_map="A", extendable=True),
            NatStatic(local="10.0.0.1", to="203.0.113.6", route_map="B", extendable=True),
        ),
        (NatPool(name="P", first="203.0.113.5", last="203.0.113.6", prefix_length=24), NatDynamic(name="1", pool="P")),
        (AccessGroup(interface=INSIDE, direction="in", access_list="ANY"),),
    ],
)
def test_what_fits_is_taken(settings: tuple[Setting, ...]) -> None:
    refuse_misfit_features(router(*settings))


def test_an_access_group_is_said_once() -> None:
    device = router(AccessGroup(interface=INSIDE, direction="in", access_list="ANY"))
    device.interfaces[INSIDE] = RoutedInterface(access_group_in="WEB")
    with pytest.raises(RuleViolated, match="the interface has WEB there"):
        refuse_misfit_features(device)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (InterfaceTimers, {"interface": INSIDE, "carrier_delay": 2, "carrier_delay_msec": 5}, "seconds or in milli"),
        (Dot1q, {"interface": TAGGED, "native": True}, "belong to a VLAN"),
        (Ipv6Address, {"interface": INSIDE, "address": "2001:db8::1"}, "lacks its prefix length"),
        (Ipv6, {"interface": INSIDE, "link_local": "2001:db8::1"}, "no link-local address"),
        (AdvertisedPrefix, {"prefix": "2001:db8::/64", "valid": 60}, "both times or with none"),
        (Authentication, {"text": "env:A", "md5": "env:B"}, "one of them"),
        (Authentication, {"text": "env:A", "timeout": 3}, "belongs to a key of MD5"),
        (Authentication, {"md5": "hunter2"}, "by reference"),
        (Tracked, {"object": 1, "shutdown": True, "decrement": 20}, "takes nothing from the priority"),
        (Hsrp, {"interface": INSIDE, "group": 1, "preempt_delay_minimum": 5}, "needs preempt"),
        (Hsrp, {"interface": INSIDE, "group": 1, "hello": 3}, "a hello time and a hold time"),
        (Hsrp, {"interface": INSIDE, "group": 1, "hello": "soon", "hold": 3}, "no time"),
        (Hsrp, {"interface": INSIDE, "group": 1, "secondary": ["192.0.2.9"]}, "need a first one"),
        (Vrrp, {"interface": INSIDE, "group": 1, "preempt": False, "preempt_delay_minimum": 5}, "needs preempt"),
        (Vrrp, {"interface": INSIDE, "group": 1, "track": [{"object": "Gi0/0"}]}, "tracks objects"),
        (Vrrp, {"interface": INSIDE, "group": 1, "learn": True, "advertise": 3}, "told or learned"),
        (Tunnel, {"interface": "Tu1", "mode": "gre multipoint", "destination": "192.0.2.1"}, "no one destination"),
        (VrfDefinition, {"name": "RED", "rd": "red"}, "no route distinguisher"),
        (VrfDefinition, {"name": "RED", "import_map": "A"}, "maps belong to a family"),
        (VrfDefinition, {"name": "RED", "form": "ip vrf", "families": {"ipv4": None}}, "old form has no families"),
        (NatPool, {"name": "P", "first": "192.0.2.9", "last": "192.0.2.1", "prefix_length": 24}, "not behind"),
        (NatDynamic, {"name": "A", "pool": "P", "interface": "Gi0/0"}, "one of them"),
        (NatDynamic, {"name": "A", "interface": "Gi0/0"}, "say overload"),
        (NatStatic, {"local": "10.0.0.1"}, "one of them"),
        (NatStatic, {"local": "10.0.0.1", "to": "192.0.2.1", "to_port": 80}, "ports are a protocol"),
        (NatStatic, {"local": "10.0.0.0", "interface": "Gi0/0", "prefix_length": 24}, "a network becomes a network"),
    ],
)
def test_what_says_nothing_whole_is_refused(kind: type[Any], fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


class TestTables:
    def test_an_address_may_be_in_two_of_them(self) -> None:
        device = router(RED, Vrf(interface=OUTSIDE, name="RED"), **{OUTSIDE: routed("192.0.2.1/24")})
        refuse_overlaps(device)
        assert (vrf_of(device, OUTSIDE), vrf_of(device, INSIDE)) == ("RED", "")

    def test_but_once_in_each(self) -> None:
        settings = (RED, Vrf(interface=OUTSIDE, name="RED"), Vrf(interface=INSIDE, name="RED"))
        with pytest.raises(RuleViolated, match="overlaps"):
            refuse_overlaps(router(*settings, **{OUTSIDE: routed("192.0.2.1/24")}))

    def test_an_address_in_a_vrf_is_not_the_devices_alone(self) -> None:
        held = {place for place, _ in addresses_of(router(RED, Vrf(interface=OUTSIDE, name="RED")))}
        assert held == {f"r1 {INSIDE}", "r1 Loopback0"}


def test_a_sub_interface_is_tagged_by_its_number_unless_it_is_told() -> None:
    device = router(Dot1q(interface=UNTAGGED), Dot1q(interface=f"{BARE}.50000", vlan=30))
    device.interfaces[f"{BARE}.50000"] = RoutedInterface()
    assert tagged_at(device, BARE) == {10: TAGGED, 30: f"{BARE}.50000"}


def test_a_number_that_is_no_vlan_needs_a_tag() -> None:
    device = router()
    device.interfaces[f"{BARE}.50000"] = RoutedInterface()
    with pytest.raises(RuleViolated, match="1 to 4094; tell another"):
        refuse_misfit_features(device)


def test_a_pool_over_which_connections_are_spread_is_there_and_rotary() -> None:
    device = Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"))
    setting = NatDestination(access_list="10", pool="WEB")
    with pytest.raises(NotFound, match="names the pool WEB"):
        setting.check(device)
    pool = NatPool.model_validate({"name": "WEB", "first": "192.0.2.1", "last": "192.0.2.2", "prefix_length": 24})
    device.features[pool.identity] = pool
    with pytest.raises(RuleViolated, match="is no rotary one"):
        setting.check(device)


def test_a_port_has_one_timeout() -> None:
    ports = (PortTimeout(protocol="tcp", port=25, seconds=1), PortTimeout(protocol="tcp", port=25, seconds=2))
    with pytest.raises(ValidationError, match="stands here twice"):
        NatTimeouts(ports=ports)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "2001:db8::1"}, "addresses of ipv4 alone"),
        ({"address": "192.0.2.1", "preempt": False, "preempt_delay_minimum": 9}, "needs preempt"),
        ({"address": "fe80::1", "family": "ipv6", "version_2": True}, "knows no IPv6"),
        ({"address": "192.0.2.1", "track": [{"object": "gi0/1"}]}, "by their numbers"),
    ],
)
def test_what_does_not_fit_a_group_of_version_3_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        VrrpV3.model_validate({"interface": INSIDE, "group": 1, **fields})


def test_a_group_of_version_3_needs_that_version() -> None:
    device = Device("net", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), (INSIDE,))
    device.interfaces = {INSIDE: routed("192.0.2.2/24")}
    group = VrrpV3.model_validate({"interface": INSIDE, "group": 1, "address": "192.0.2.1"})
    with pytest.raises(RuleViolated, match="version 3 needs the global option"):
        group.check(device)
    option = GlobalOption(name="fhrp version vrrp", value="v3")
    device.features[option.identity] = option
    group.check(device)

"""Cables matched by subnets: what is plain becomes a link, what is not is told."""

from collections.abc import Iterator
from ipaddress import IPv4Interface

from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.subnet_links import match_subnets
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    PortConfiguration,
    RoutedInterface,
    TrunkMode,
)

PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(4))
G0, G1, G2, _ = PORTS


def device(name: str, *, ports: dict[str, PortConfiguration] | None = None, **interfaces: str) -> DesiredDevice:
    """A device with addresses by interface: G0, G0_10 (a sub-interface), Vlan10; "-" before one shuts it."""
    return DesiredDevice(
        name,
        name.upper(),
        DeviceKind.SWITCH if ports else DeviceKind.ROUTER,
        DeviceDetails(vendor="cisco", platform="ios"),
        ports=PORTS,
        switch_ports=ports or {},
        interfaces=dict(_interface(short, text) for short, text in interfaces.items()),
    )


def _interface(short: str, text: str) -> tuple[str, RoutedInterface]:
    name, _, tag = short.partition("_")
    full = PORTS[int(name[1:])] if name.startswith("G") else name
    address = IPv4Interface(text.removeprefix("-"))
    routed = RoutedInterface(addresses=(address,), enabled=not text.startswith("-"))
    return f"{full}.{tag}" if tag else full, routed


def pairs(*devices: DesiredDevice, taken: tuple[Link, ...] = ()) -> set[tuple[str, str]]:
    return set(_words(match_subnets(devices, taken).links))


def _words(links: frozenset[Link]) -> Iterator[tuple[str, str]]:
    return ((f"{link.a[0]} {link.a[1]}", f"{link.b[0]} {link.b[1]}") for link in links)


def doubts(*devices: DesiredDevice, taken: tuple[Link, ...] = ()) -> tuple[str, ...]:
    return match_subnets(devices, taken).doubts


def test_two_ports_that_are_alone_in_a_subnet_are_joined_whatever_its_length() -> None:
    for prefix in (24, 30, 31):
        one, other = device("a", G0=f"10.0.0.1/{prefix}"), device("b", G1=f"10.0.0.2/{prefix}")
        if prefix == 31:
            one = device("a", G0="10.0.0.3/31")
        assert pairs(other, one) == {(f"a {G0}", f"b {G1}")}


def test_different_subnets_loopbacks_tunnels_and_shut_ports_join_nobody() -> None:
    assert not pairs(device("a", G0="10.0.0.1/30"), device("b", G0="10.0.0.5/30"))
    assert not pairs(device("a", Loopback0="10.0.0.1/24"), device("b", Loopback0="10.0.0.2/24"))
    assert not pairs(device("a", Tunnel1="10.0.0.1/30"), device("b", Tunnel1="10.0.0.2/30"))
    assert not pairs(device("a", G0="10.0.0.1/30"), device("b", G0="-10.0.0.2/30"))
    assert not pairs(device("a", G0="10.0.0.1/24", G1="10.0.0.2/24"))


def test_three_in_a_subnet_are_told_of_and_not_joined() -> None:
    three = [device(name, G0=f"10.0.0.{number}/24") for number, name in enumerate("abc", 1)]
    assert not pairs(*three)
    assert doubts(*three) == (f"10.0.0.0/24: A {G0}, B {G0} and C {G0} are in it; something is between them",)


def test_many_in_a_subnet_are_counted() -> None:
    many = [device(f"r{number}", G0=f"10.0.0.{number}/24") for number in range(1, 8)]
    assert "and 4 more are in it" in doubts(*many)[0]


def test_two_with_one_address_are_told_of() -> None:
    assert doubts(device("a", G0="10.0.0.1/24"), device("b", G0="10.0.0.1/24")) == (
        f"10.0.0.0/24: A {G0} and B {G0} have one address, 10.0.0.1",
    )


def test_sub_interfaces_of_one_pair_of_ports_are_one_cable() -> None:
    one = device("a", G0_10="10.0.10.1/24", G0_20="10.0.20.1/24")
    other = device("b", G1_10="10.0.10.2/24", G1_20="10.0.20.2/24")
    assert pairs(one, other) == {(f"a {G0}", f"b {G1}")}


def test_a_port_that_would_have_two_cables_has_none() -> None:
    hub = device("a", G0_10="10.0.10.1/24", G0_20="10.0.20.1/24")
    found = match_subnets([hub, device("b", G0="10.0.10.2/24"), device("c", G0="10.0.20.2/24")])
    assert not found.links
    assert found.doubts == (
        f"10.0.10.0/24 and 10.0.20.0/24: a {G0} would be cabled to b {G0} and c {G0}; something is between them",
    )


def test_an_svi_is_behind_the_one_port_that_carries_its_vlan() -> None:
    ports = {
        G0: PortConfiguration(switching=AccessMode(vlan=10)),
        G1: PortConfiguration(switching=AccessMode(vlan=20)),
        G2: PortConfiguration(switching=TrunkMode(allowed=frozenset({20}))),
    }
    assert pairs(device("s", ports=ports, Vlan10="10.0.0.1/24"), device("r", G1="10.0.0.2/24")) == {
        (f"r {G1}", f"s {G0}")
    }


def test_an_svi_behind_several_ports_or_none_is_told_of() -> None:
    ports = {name: PortConfiguration(switching=TrunkMode()) for name in (G0, G1)}
    shut = {G0: PortConfiguration(switching=TrunkMode(), enabled=False)}
    for each in (ports, shut):
        switch, router = device("s", ports=each, Vlan10="10.0.0.1/24"), device("r", G1="10.0.0.2/24")
        assert not pairs(switch, router)
        assert doubts(switch, router) == (
            f"10.0.0.0/24: R {G1} and S Vlan10 are in it; the port behind S Vlan10 is not known",
        )


def test_ports_of_known_links_are_left_alone_and_what_they_explain_is_not_told() -> None:
    one, other = device("a", G0="10.0.0.1/30"), device("b", G1="10.0.0.2/30")
    taken = (Link(("a", G0), ("c", G0)),)
    assert not pairs(one, other, taken=taken)
    ports = {name: PortConfiguration(switching=TrunkMode()) for name in (G0, G1)}
    switches = [device(name, ports=ports, Vlan10=f"10.0.10.{number}/24") for number, name in enumerate("st", 1)]
    assert len(doubts(*switches)) == 1
    assert doubts(*switches, taken=(Link(("s", G0), ("t", G0)),)) == ()


def test_one_subnet_in_two_vrfs_is_two_subnets() -> None:
    devices = [device(name, G0="10.0.0.1/30") for name in "ac"] + [device(name, G1="10.0.0.2/30") for name in "bd"]
    assert not match_subnets(devices).links
    red = {("a", G0): "RED", ("b", G1): "RED"}
    assert set(_words(match_subnets(devices, tables=red).links)) == {
        (f"a {G0}", f"b {G1}"),
        (f"c {G0}", f"d {G1}"),
    }

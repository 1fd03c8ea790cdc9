"""Times validation of a large network: all rules over it, and all that a change of it adds.

    python benchmarks/validation.py [--sites 100] [--access 8] [--vlans 20]

A site is two distribution switches that route, and access switches at both of them: 1,000 devices as it stands.
"""

import argparse
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface

from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
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
from cimnet_nornir.ios.validate import IOS_RULES

PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 49))
NATIVE, MANAGEMENT = 999, 99
DESK = PortConfiguration(switching=AccessMode(vlan=10))
OSPF = OspfInterface(area=0, passive=True)
ROUNDS = 3


def network(sites: int, access: int, vlans: int) -> Network:
    """A network of many sites without findings."""
    made = Network("bench", created=True)
    ids = range(10, 10 + vlans)
    for site in range(sites):
        roots = [distribution(site, number, ids, access) for number in (1, 2)]
        made.devices.update({root.id: root for root in roots})
        made.links.add(Link((roots[0].id, PORTS[46]), (roots[1].id, PORTS[46])))
        for number in range(access):
            device = access_switch(site, number, ids)
            made.devices[device.id] = device
            for up, root in zip(PORTS[46:], roots, strict=True):
                made.links.add(Link((device.id, up), (root.id, PORTS[number])))
    return made


def switch(name: str, role: str, ids: range, management: IPv4Address) -> Device:
    details = DeviceDetails(vendor="cisco", platform="ios", role=role, management=management)
    device = Device("bench", name, name, DeviceKind.SWITCH, details, PORTS)
    device.vlans = {vlan: f"v{vlan}" for vlan in (*ids, MANAGEMENT, NATIVE)}
    return device


def trunk(ids: range) -> PortConfiguration:
    return PortConfiguration(switching=TrunkMode(native_vlan=NATIVE, allowed=frozenset({*ids, MANAGEMENT})))


def address(site: int, subnet: int, host: int) -> IPv4Interface:
    return IPv4Interface((int(IPv4Address("10.0.0.0")) + (site * 64 + subnet) * 256 + host, 24))


def distribution(site: int, number: int, ids: range, access: int) -> Device:
    managed = address(site, 63, number)
    device = switch(f"s{site}-dist{number}", "distribution", ids, managed.ip)
    device.routing = True
    device.spanning_tree = SpanningTree(mode="rapid-pvst", priorities=dict.fromkeys(device.vlans, 4096 * number))
    subnets = {f"Vlan{vlan}": address(site, index, number) for index, vlan in enumerate(ids)}
    for name, own in (subnets | {f"Vlan{MANAGEMENT}": managed}).items():
        device.interfaces[name] = RoutedInterface(addresses=(own,), ospf=OSPF)
    device.ospf = {1: OspfProcess(router_id=IPv4Address(int(IPv4Address("10.255.0.0")) + site * 4 + number))}
    device.switch_ports = dict.fromkeys((*PORTS[:access], PORTS[46]), trunk(ids))
    return device


def access_switch(site: int, number: int, ids: range) -> Device:
    managed = address(site, 63, 11 + number)
    device = switch(f"s{site}-acc{number}", "access", ids, managed.ip)
    device.spanning_tree = SpanningTree(mode="rapid-pvst")
    device.interfaces = {f"Vlan{MANAGEMENT}": RoutedInterface(addresses=(managed,))}
    device.switch_ports = dict.fromkeys(PORTS[:44], DESK) | dict.fromkeys(PORTS[46:], trunk(ids))
    return device


def timed(what: str, work: Callable[[], int]) -> None:
    """Print the best of some rounds, in milliseconds."""
    best, found = float("inf"), 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    print(f"{what:40} {best * 1000:8.0f} ms, {found} findings")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("--sites", 100), ("--access", 8), ("--vlans", 20)):
        parser.add_argument(name, type=int, default=usual)
    options = parser.parse_args()
    before = network(options.sites, options.access, options.vlans)
    after = copy_of(before)
    for device in list(after.devices.values())[:: options.access + 2]:
        device.spanning_tree = SpanningTree(mode="rapid-pvst")
    registry = Registry(STANDARD_RULES).including(IOS_RULES)
    print(f"{len(before.devices)} devices, {len(before.links)} links, {len(registry.rules)} rules")
    timed("all rules over the network", lambda: len(registry.check(NetworkView(before))))
    timed("a change at each site", lambda: len(registry.check_change(NetworkView(before), NetworkView(after))))


if __name__ == "__main__":
    main()

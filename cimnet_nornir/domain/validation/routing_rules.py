"""Rules about routing over a whole network."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, rule
from cimnet_nornir.domain.validation.view import NetworkView


@rule("duplicate-router-id", "error", "Two routers have one router id.")
def duplicate_router_id(network: NetworkView) -> Iterator[Problem]:
    """Two routers of one id do not become neighbours, and spoil the database of the area (RFC 2328, C.1)."""
    owners: dict[IPv4Address, list[tuple[Device, int]]] = {}
    for device in network.devices.values():
        for number, process in sorted(device.ospf.items()):
            owners.setdefault(process.router_id, []).append((device, number))
    for router_id, users in owners.items():
        for device, number in users if len(users) > 1 else ():
            others = sorted({other.name for other, _ in users} - {device.name})
            if others:
                message = f"the router id {router_id} is that of {', '.join(others)} too"
                yield Problem(device.name, f"OSPF {number}", message, "a router id of its own, such as its loopback's")


ROUTING_RULES: tuple[AnyRule, ...] = (duplicate_router_id,)

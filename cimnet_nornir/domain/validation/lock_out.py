"""The rule that keeps people from sawing off the branch they sit on: a change that cuts the way to a device."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.management_access import access_cut
from cimnet_nornir.domain.validation.rules import AnyRule, change_rule
from cimnet_nornir.domain.validation.segments import Attached, Parts, attached, by_segment
from cimnet_nornir.domain.validation.view import NetworkView, Placed

CORE_ROLES = frozenset({"core"})
_EVERYWHERE = IPv4Network("0.0.0.0/0")


@change_rule("lock-out", "error", "The change cuts the way by which a device is managed.")
def lock_out(before: NetworkView, after: NetworkView) -> Iterator[Problem]:
    """Looked at from the management address: its interface, its VLAN to the core, SSH to it, the default route."""
    for identity, device in before.devices.items():
        if identity in after.devices:
            yield from _cut(before, after, device, after.devices[identity])


def _cut(before: NetworkView, after: NetworkView, was: Device, now: Device) -> Iterator[Problem]:
    old = _managed_at(before, was)
    if old is not None and old.up:
        yield from _address_cut(before, after, old, now)
    if _has_default(was) and not _has_default(now) and not _learns_routes(now):
        message = f"the default route of {now.name} goes, and no routing protocol brings another"
        yield Problem(now.name, f"route {_EVERYWHERE}", message, "another default route in its place")


def _address_cut(before: NetworkView, after: NetworkView, old: Placed, now: Device) -> Iterator[Problem]:
    address = now.details.management or old.address.ip
    new = _managed_at(after, now) or _holder(after, now, old)
    if new is None:
        message = f"{old.interface} loses {address}, the address by which {now.name} is managed"
        yield Problem(now.name, old.interface, message, "the address on another interface that is up")
    elif not new.up:
        message = f"{new.interface} is shut, and has {address}, the address by which {now.name} is managed"
        yield Problem(now.name, new.interface, message, "the interface enabled")
    elif _reaches_core(before, old) and not _reaches_core(after, new):
        message = f"no way is left from {new.interface} with {address}, by which {now.name} is managed, to the core"
        right = "its VLAN carried on the trunks, and its links enabled, up to a router"
        yield Problem(now.name, new.interface, message, right)
    else:
        yield from access_cut(before, after, old, new)


def _managed_at(network: NetworkView, device: Device) -> Placed | None:
    """The management address of a device where it stands on an interface of it; an enabled one first."""
    found = [
        each for each in network.remember(_managed).get(device.id, ()) if each.address.ip == device.details.management
    ]
    return max(found, key=lambda each: each.up, default=None)


def _managed(network: NetworkView) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = {}
    for placed in network.addresses:
        if placed.address.ip == placed.device.details.management:
            found.setdefault(placed.device.id, []).append(placed)
    return found


def _holder(network: NetworkView, device: Device, old: Placed) -> Placed | None:
    """Where the address stands by which the device was managed, if nobody says by which it is now."""
    if device.details.management is not None:
        return None
    own = (each for each in network.addresses if each.device.id == device.id)
    return next((each for each in own if each.address.ip == old.address.ip), None)


# --- the way to the core ----------------------------------------------------------------------------------------------


def _reaches_core(network: NetworkView, managed: Placed) -> bool:
    """Whether routers lead from a management address to a device of the core; to any other router without a core."""
    routers, cores = network.remember(_routers), network.remember(_cores)
    start = {managed.device.id} if managed.device.routes_packets else _first_hops(network, managed)
    if cores:
        return bool({routers.part(router) for router in start} & {routers.part(core) for core in cores})
    return any(_has_company(network, router) for router in start) if managed.device.routes_packets else bool(start)


def _first_hops(network: NetworkView, managed: Placed) -> set[str]:
    """The routers in the segment and subnet of an address, by their ids."""
    item = network.remember(_places).get((managed.device.id, managed.interface))
    near = network.remember(by_segment).get(item.segment, ()) if item is not None else ()
    return {
        other.placed.device.id
        for other in near
        if other.placed.device.routes_packets and other.placed.subnet.overlaps(managed.subnet)
    }


def _has_company(network: NetworkView, router: str) -> bool:
    return network.remember(_company)[network.remember(_routers).part(router)] > 1


def _company(network: NetworkView) -> Counter[str]:
    """How many routers there are in each part."""
    routers = network.remember(_routers)
    return Counter(routers.part(router) for router in _routing(network))


def _places(network: NetworkView) -> dict[tuple[str, str], Attached]:
    return {(item.placed.device.id, item.placed.interface): item for item in network.remember(attached)}


def _routers(network: NetworkView) -> Parts:
    """The routing devices, joined where they have addresses of one subnet in one segment."""
    parts = Parts()
    first: dict[object, str] = {}
    for segment, items in network.remember(by_segment).items():
        for item in items:
            if item.placed.device.routes_packets:
                parts.join(
                    first.setdefault((segment, item.placed.subnet), item.placed.device.id), item.placed.device.id
                )
    return parts


def _cores(network: NetworkView) -> tuple[str, ...]:
    return tuple(each for each in _routing(network) if network.devices[each].details.role.lower() in CORE_ROLES)


def _routing(network: NetworkView) -> tuple[str, ...]:
    return tuple(device.id for device in network.devices.values() if device.routes_packets)


def _has_default(device: Device) -> bool:
    return bool(device.default_gateways) or any(route.prefix == _EVERYWHERE for route in device.routes)


def _learns_routes(device: Device) -> bool:
    return bool(device.ospf or device.eigrp or device.bgp is not None)


LOCK_OUT_RULES: tuple[AnyRule, ...] = (lock_out,)

"""BGP, EIGRP and access lists of a device as the values that templates print."""

from collections.abc import Callable
from ipaddress import IPv4Network

from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclEntry, AclRemark, AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.bgp import BgpProcess
from cimnet_nornir.domain.routing_values import BgpNeighbor, EigrpProcess
from cimnet_nornir.ios.acl_entries import canonical_entry
from cimnet_nornir.ios.network_lines import is_classful
from cimnet_nornir.ios.template_values import (
    AccessListValues,
    BgpNeighborValues,
    BgpValues,
    EigrpValues,
    NetworkValues,
)

Line = Callable[[str, str], str]
Order = Callable[[str], tuple[int, str, tuple[int, ...]]]


def bgp_values(device: Device, line: Line) -> BgpValues | None:
    """The BGP process, neighbours and networks in the order of their addresses, as IOS shows them."""
    router = device.bgp
    if router is None:
        return None
    neighbors = sorted(router.neighbors, key=lambda neighbor: neighbor.address)
    return BgpValues(
        as_number=router.as_number,
        router_id=str(router.router_id or ""),
        log_changes=_log_changes(device),
        neighbors=tuple(_neighbor(neighbor, line) for neighbor in neighbors),
        networks=tuple(_network(network, str(network.netmask)) for network in sorted(router.networks)),
    )


def _log_changes(device: Device) -> str:
    """What the process says of logging its neighbours' changes: it does, unless a setting says otherwise."""
    process = device.features.get(BgpProcess.FEATURE)
    said = process.log_neighbor_changes if isinstance(process, BgpProcess) else True
    if said is None:
        return ""
    return "bgp log-neighbor-changes" if said else "no bgp log-neighbor-changes"


def _neighbor(neighbor: BgpNeighbor, line: Line) -> BgpNeighborValues:
    return BgpNeighborValues(
        address=str(neighbor.address),
        remote_as=neighbor.remote_as,
        description=line("description", neighbor.description or ""),
        update_source=neighbor.update_source or "",
        next_hop_self=neighbor.next_hop_self,
        ebgp_multihop=neighbor.ebgp_multihop or 0,
    )


def eigrp_values(device: Device, order: Order) -> tuple[EigrpValues, ...]:
    """The EIGRP processes by number; `order` sorts interfaces."""
    return tuple(_process(device.eigrp[number], order) for number in sorted(device.eigrp))


def _process(process: EigrpProcess, order: Order) -> EigrpValues:
    return EigrpValues(
        as_number=process.as_number,
        router_id=str(process.router_id or ""),
        networks=tuple(_network(network, str(network.hostmask)) for network in sorted(process.networks)),
        passive=tuple(sorted(process.passive_interfaces, key=order)),
    )


def _network(network: IPv4Network, mask: str) -> NetworkValues:
    return NetworkValues(str(network.network_address), "" if is_classful(network) else mask)


# --- access lists -----------------------------------------------------------------------------------------------------


def access_list_values(device: Device, line: Line) -> tuple[AccessListValues, ...]:
    """The access lists: numbered ones by number, then named ones.

    Sequence numbers order the entries and are not told to the device, which numbers them itself: classic IOS neither
    shows them nor keeps them over a restart.
    """
    lists = sorted(device.access_lists.values(), key=_list_order)
    return tuple(
        AccessListValues(line("name", acl.name), acl.kind, tuple(_entry(acl, entry, line) for entry in acl.entries))
        for acl in lists
    )


def _list_order(acl: AccessList) -> tuple[int, int, str]:
    return (0, int(acl.name), "") if acl.name.isdecimal() else (1, 0, acl.name)


def _entry(acl: AccessList, entry: AclEntry, line: Line) -> str:
    if isinstance(entry, AclRemark):
        return line("remark", f"remark {entry.text}")
    standard = acl.kind == "standard"
    words = _standard(entry) if standard else _extended(entry)
    return canonical_entry(" ".join(word for word in words if word), standard=standard)


def _standard(rule: AclRule) -> tuple[str, ...]:
    return (rule.action, _address(rule.source), "log" if rule.log else "")


def _extended(rule: AclRule) -> tuple[str, ...]:
    return (
        rule.action,
        _group(rule.service_group) or rule.protocol,
        _group(rule.source_group) or _address(rule.source),
        _ports(rule.source_ports),
        _group(rule.destination_group) or _address(rule.destination),
        _ports(rule.destination_ports),
        rule.message or "",
        *_options(rule),
    )


def _group(name: str | None) -> str:
    return f"object-group {name}" if name else ""


def _options(rule: AclRule) -> tuple[str, ...]:
    said = (("dscp", rule.dscp), ("precedence", rule.precedence), ("tos", rule.tos), ("time-range", rule.time_range))
    return (
        "established" if rule.established else "",
        "fragments" if rule.fragments else "",
        *(f"{name} {value}" for name, value in said if value),
        "log" if rule.log else "",
        "log-input" if rule.log_input else "",
    )


def _address(address: AclAddress) -> str:
    return "any" if address.is_any else f"{address.address} {address.wildcard}"


def _ports(ports: AclPorts | None) -> str:
    return "" if ports is None else str(ports)

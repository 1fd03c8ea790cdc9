"""BGP, EIGRP and access lists of the present intent as they are written in a definition file: plain data."""

from collections.abc import Mapping

from cimnet_nornir.domain.access_list_names import kind_by_number
from cimnet_nornir.domain.access_list_parts import ANY_PROTOCOL, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclEntry, AclRemark, AclRule
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess

Fields = Mapping[str, object]
_STEP = 10


def _said(fields: Fields) -> dict[str, object]:
    """The fields without what says nothing; 0 is a number like others."""
    return {name: value for name, value in fields.items() if not (value is None or value is False or value in ("", []))}


def bgp_fields(router: BgpRouter) -> Fields:
    """A BGP process."""
    return _said(
        {
            "asn": router.as_number,
            "router_id": str(router.router_id or ""),
            "neighbors": [_neighbor(neighbor) for neighbor in router.neighbors],
            "networks": [str(network) for network in router.networks],
        }
    )


def _neighbor(neighbor: BgpNeighbor) -> Fields:
    return _said(
        {
            "address": str(neighbor.address),
            "remote_as": neighbor.remote_as,
            "description": neighbor.description,
            "update_source": neighbor.update_source,
            "next_hop_self": neighbor.next_hop_self,
            "ebgp_multihop": neighbor.ebgp_multihop,
        }
    )


def eigrp_fields(process: EigrpProcess) -> Fields:
    """An EIGRP process."""
    return _said(
        {
            "asn": process.as_number,
            "router_id": str(process.router_id or ""),
            "networks": [str(network) for network in process.networks],
            "passive": list(process.passive_interfaces),
        }
    )


def list_fields(acl: AccessList) -> Fields:
    """An access list without its name."""
    entries: list[Fields] = []
    last = 0
    for entry in acl.entries:
        sequence = {} if entry.sequence == last + _STEP else {"sequence": entry.sequence}
        entries.append({**sequence, **_entry(entry)})
        last = entry.sequence
    understood = kind_by_number(acl.name) or "extended"
    return {**({} if acl.kind == understood else {"kind": acl.kind}), "entries": entries}


def _entry(entry: AclEntry) -> Fields:
    return {"remark": entry.text} if isinstance(entry, AclRemark) else _rule(entry)


def _rule(rule: AclRule) -> Fields:
    protocol = rule.protocol if rule.protocol != ANY_PROTOCOL else None
    return _said(
        {
            "action": rule.action,
            "protocol": int(protocol) if protocol and protocol.isdecimal() else protocol,
            "source": None if rule.source.is_any else str(rule.source),
            "source_port": _ports(rule.source_ports),
            "destination": None if rule.destination.is_any else str(rule.destination),
            "destination_port": _ports(rule.destination_ports),
            "established": rule.established,
            "log": rule.log,
            "message": rule.message,
            "fragments": rule.fragments,
            "dscp": rule.dscp,
            "precedence": rule.precedence,
            "tos": rule.tos,
            "time_range": rule.time_range,
            "log_input": rule.log_input,
            "service_group": rule.service_group,
            "source_group": rule.source_group,
            "destination_group": rule.destination_group,
        }
    )


def _ports(ports: AclPorts | None) -> object:
    """One port as its number, others in words."""
    if ports is None:
        return None
    return ports.port if ports.operator == "eq" and not ports.more else str(ports)

"""Access lists of a configuration, for IPv4 and for IPv6."""

import re
from typing import Any

from pydantic import ValidationError

from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.features.access_lists import Ipv6AccessList
from cimnet_nornir.domain.features.object_groups import NetworkObjectGroup, ServiceObjectGroup
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.acl_names import PORTS
from cimnet_nornir.ios.acl_parts import EntryParts, entry_parts
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node, sections

Fields = dict[str, Any]
_HEADER = re.compile(r"ip access-list (?P<kind>standard|extended) (?P<name>\S+)")
_STANDARD = re.compile(r"(?P<action>permit|deny) (?P<source>\S+(?: \d\S+)?)(?P<log> log)?")
_IPV6_ENTRY = re.compile(r"sequence (?P<sequence>\d+) (?P<entry>.+)")
_STEP = 10
_GROUP = "object-group "
_OBJECT_GROUP = re.compile(r"object-group (?P<kind>network|service) (?P<name>\S+)")


def read(config: Config, draft: Draft) -> None:
    """Take in access lists; one with an entry that is not understood is left out whole."""
    for node in sections(config, "ip access-list "):
        acl = _ipv4(node)
        if acl is not None:
            draft.device.access_lists[acl.name] = acl
    for node in sections(config, _GROUP):
        _object_group(node, draft)
    for node in sections(config, "ipv6 access-list "):
        entries = [_ipv6_entry(child.text) for child in node.children]
        if None not in entries:
            draft.add(Ipv6AccessList, name=node.text.removeprefix("ipv6 access-list "), entries=tuple(entries))


def _object_group(node: Node, draft: Draft) -> None:
    match = _OBJECT_GROUP.fullmatch(node.text)
    if match is None:
        return
    said = Said.of(node.children)
    groups = said.each("group-object")
    rest = [t for t in said.lines if not t.startswith(("description ", "group-object "))]
    told: Fields = {"name": match["name"], "description": said.after("description")}
    if match["kind"] == "network":
        draft.add(NetworkObjectGroup, **told, members=tuple(map(_member, rest)), network_groups=groups)
    else:
        draft.add(ServiceObjectGroup, **told, services=tuple(map(_numbered, rest)), service_groups=groups)


def _member(text: str) -> str:
    """A member as intent has it: a range with a dash, a network with a slash."""
    range_of = text.removeprefix("range ")
    return range_of.replace(" ", "-") if range_of != text else text.removeprefix("host ").replace(" ", "/")


def _numbered(text: str) -> str:
    """A service with its ports by their numbers."""
    protocol, _, ports = text.partition(" ")
    return f"{protocol} {_ports(ports, protocol) or ''}".rstrip()


def _ipv4(node: Node) -> AccessList | None:
    header = _HEADER.fullmatch(node.text)
    if header is None:
        return None
    read_entry = _standard if header["kind"] == "standard" else _extended
    entries = []
    for number, child in enumerate(node.children, start=1):
        fields = _remark(child.text) or read_entry(child.text)
        if fields is None:
            return None
        entries.append({"sequence": number * _STEP, **fields})
    try:
        return AccessList.model_validate({**header.groupdict(), "entries": tuple(entries)})
    except (ValidationError, InvalidValue):
        return None


def _remark(text: str) -> Fields | None:
    return {"action": "remark", "text": text.removeprefix("remark ")} if text.startswith("remark ") else None


def _standard(text: str) -> Fields | None:
    match = _STANDARD.fullmatch(text)
    if match is None:
        return None
    return {"action": match["action"], "source": match["source"], "log": bool(match["log"])}


def _extended(text: str) -> Fields | None:
    parts = entry_parts(text)
    if parts is None or "reflect" in parts.options:
        return None
    found = {
        **_common(parts),
        "source_ports": _ports(parts.source_ports, parts.protocol),
        "destination_ports": _ports(parts.destination_ports, parts.protocol),
    }
    for place, field in (
        ("protocol", "service_group"),
        ("source", "source_group"),
        ("destination", "destination_group"),
    ):
        if str(found[place]).startswith(_GROUP):
            found[field] = str(found.pop(place)).removeprefix(_GROUP)
    return found


def _common(parts: EntryParts) -> Fields:
    flags = {name.replace("-", "_"): True for name, value in parts.options.items() if not value}
    valued = {name.replace("-", "_"): value for name, value in parts.options.items() if value}
    return {
        "action": parts.action,
        "protocol": parts.protocol,
        "source": parts.source,
        "destination": parts.destination,
        **({"message": parts.message} if parts.message else {}),
        **flags,
        **valued,
    }


def _ports(text: str, protocol: str) -> str | None:
    """Ports by their numbers."""
    if not text:
        return None
    numbers = {name: number for number, name in PORTS.get(protocol, {}).items()}
    return " ".join(numbers.get(word, word) for word in text.split(" "))


def _ipv6_entry(text: str) -> Fields | None:
    match = _IPV6_ENTRY.fullmatch(text)
    if match is None:
        return None
    if match["entry"].startswith("remark "):
        return {"sequence": match["sequence"], "remark": match["entry"].removeprefix("remark ")}
    parts = entry_parts(match["entry"], ipv6=True)
    if parts is None:
        return None
    ports = {"source_port": _ports(parts.source_ports, parts.protocol)}
    ports["destination_port"] = _ports(parts.destination_ports, parts.protocol)
    return {"sequence": match["sequence"], **_common(parts), **ports}

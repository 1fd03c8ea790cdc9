"""Names that one part of a configuration gives to a list or a map, and by which other parts ask for it.

Intent has them in typed fields; in lines that were adopted word for word they are found by the words around them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from cimnet_nornir.domain.access_lists import AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.qos import ClassMap

LIST, MAP, PREFIXES = "access list", "route map", "prefix list"
IPV6_LIST, IPV6_PREFIXES = "IPv6 access list", "IPv6 prefix list"
COMMUNITIES, PATHS = "community list", "AS path list"
CLASS, POLICY = "class map", "policy map"
NETWORKS, SERVICES = "network object group", "service object group"
# Every policy has this class by itself.
_BUILT_IN = "class-default"

# Features whose settings are such things, and the field that names them.
_DEFINING = {
    "route-map": (MAP, "name"),
    "prefix-list": (PREFIXES, "name"),
    "ipv6-prefix-list": (IPV6_PREFIXES, "name"),
    "ipv6-access-list": (IPV6_LIST, "name"),
    "community-list": (COMMUNITIES, "name"),
    "as-path-list": (PATHS, "number"),
    "class-map": (CLASS, "name"),
    "policy-map": (POLICY, "name"),
    "network-object-group": (NETWORKS, "name"),
    "service-object-group": (SERVICES, "name"),
}
# The fields of settings that name one, by the way to the field; the first that matches tells the kind.
_FIELDS = tuple(
    (re.compile(rf"(?:.+\.)?(?:{pattern})"), kind)
    for pattern, kind in (
        (r"\w*ipv6_prefix_list\w*", IPV6_PREFIXES),
        (r"\w*prefix_list\w*", PREFIXES),
        (r"\w*route_map\w*|(?:suppress|attribute|unsuppress|table|import|export)_map", MAP),
        (r"ipv6_(?:access_list|access_in|access_out|traffic_filter)\w*", IPV6_LIST),
        (r"access_(?:in|out)\.name|\w*access_(?:list|group|class)(?:_in|_out)?|distribute_list(?:_in|_out)?", LIST),
        (r"match\.(?:next_hop|route_source)|access\.(?:peer|serve|serve_only|query_only)", LIST),
        (r"match\.community|set\.delete_communities", COMMUNITIES),
        (r"match\.as_path|filter_list(?:_in|_out)?", PATHS),
        (r"classes\.name", CLASS),
        (r"policy|classes\.service_policy", POLICY),
        (r"network_groups", NETWORKS),
        (r"service_groups", SERVICES),
    )
)
# Lines of adopted blocks that define one …
_DEFINED = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?:ip )?access-list (?:(?:standard|extended) )?(?P<names>\S+).*", LIST),
        (r"ipv6 access-list (?:(?:standard|extended) )?(?P<names>\S+).*", IPV6_LIST),
        (r"ip prefix-list (?P<names>\S+) .*", PREFIXES),
        (r"ipv6 prefix-list (?P<names>\S+) .*", IPV6_PREFIXES),
        (r"route-map (?P<names>\S+)(?: (?:permit|deny) \d+)?", MAP),
        (r"ip community-list (?:(?:standard|expanded) )?(?P<names>\S+) .*", COMMUNITIES),
        (r"ip as-path access-list (?P<names>\d+) .*", PATHS),
        (r"class-map (?:match-\S+ )?(?P<names>\S+)", CLASS),
        (r"policy-map (?P<names>\S+)", POLICY),
        (r"object-group network (?P<names>\S+)", NETWORKS),
        (r"object-group service (?P<names>\S+)", SERVICES),
    )
)
# … and those that ask for one.
_ASKED = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r".*\broute-map (?P<names>\S+)(?: (?:in|out))?", MAP),
        (r"(?:import|export)(?: ipv4 unicast(?: \d+)?)? map (?P<names>\S+)", MAP),
        (r"match ip (?:address|next-hop|route-source) prefix-list (?P<names>\S+(?: \S+)*)", PREFIXES),
        (r"match ipv6 address prefix-list (?P<names>\S+(?: \S+)*)", IPV6_PREFIXES),
        (r"match ip (?:address|next-hop|route-source) (?!prefix-list )(?P<names>\S+(?: \S+)*)", LIST),
        (r"match ipv6 address (?!prefix-list )(?P<names>\S+(?: \S+)*)", IPV6_LIST),
        (r"match community (?P<names>\S+(?: (?!exact-match)\S+)*)(?: exact-match)?", COMMUNITIES),
        (r"match as-path (?P<names>\S+(?: \S+)*)", PATHS),
        (r"neighbor \S+ prefix-list (?P<names>\S+) (?:in|out)", PREFIXES),
        (r"neighbor \S+ filter-list (?P<names>\S+) (?:in|out)", PATHS),
        (r"(?:neighbor \S+ )?distribute-list (?!prefix |route-map )(?P<names>\S+) (?:in|out).*", LIST),
        (r"(?:ip )?access-(?:group|class) (?:name )?(?P<names>\S+)(?: (?:in|out)(?: vrf-also)?)?", LIST),
        (r"match (?:not )?access-group (?:name )?(?P<names>\S+)", LIST),
        (r"match (?:not )?class-map (?P<names>\S+)", CLASS),
        (r"class (?!class-default)(?P<names>\S+)", CLASS),
        (r"service-policy (?:input |output )?(?P<names>\S+)", POLICY),
        (r"(?:\d+ )?(?:permit|deny) object-group (?P<names>\S+) .+", SERVICES),
        (r"(?:\d+ )?(?:permit|deny) (?:object-group )?\S+ object-group (?P<names>\S+) .+", NETWORKS),
        (r"(?:\d+ )?(?:permit|deny) .+ object-group (?P<names>\S+)", NETWORKS),
        (r"ipv6 traffic-filter (?P<names>\S+) (?:in|out)", IPV6_LIST),
        (r"ip nat (?:inside|outside) source list (?P<names>\S+) .*", LIST),
        (r"ntp access-group \S+ (?P<names>\S+).*", LIST),
        (r"snmp-server community \S+ (?:view \S+ )?(?:RO|RW)(?: ipv6 \S+)? (?P<names>(?!ipv6 )\S+)", LIST),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """The name of a list or map, with its kind: an access list and a route map of one name are two things."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Use:
    """A place in a device that asks for a list or map."""

    name: Name
    place: str


def defined(device: Device) -> dict[Name, str]:
    """The lists and maps of a device with the places where they are."""
    found = {Name(LIST, name): f"access list {name}" for name in device.access_lists}
    for setting in device.features.values():
        kind, field = _DEFINING.get(setting.FEATURE, ("", ""))
        if kind:
            name = Name(kind, str(getattr(setting, field)))
            found.setdefault(name, str(name))
        elif isinstance(setting, ConfigurationBlock):
            for name in _in_lines(_texts(setting), _DEFINED):
                found.setdefault(name, str(name))
    return found


def uses(device: Device) -> Iterator[Use]:
    """Every place of a device that asks for a list or map."""
    for interface, routed in device.interfaces.items():
        groups = (routed.access_group_in, routed.access_group_out)
        yield from (Use(Name(LIST, name), interface) for name in groups if name is not None)
    for acl in device.access_lists.values():
        for rule in acl.rules:
            yield from (Use(Name(kind, name), f"access list {acl.name}") for kind, name in _groups(rule))
    for setting in device.features.values():
        if isinstance(setting, ConfigurationBlock):
            yield from (Use(name, _place(setting)) for name in _in_lines(_texts(setting), _ASKED))
        else:
            place = getattr(setting, "interface", None) or setting.identity
            yield from (Use(name, str(place)) for name in _in_fields(setting, ""))
            yield from (Use(name, str(place)) for name in _in_lines(_matches(setting), _ASKED))


def _groups(rule: AclRule) -> Iterator[tuple[str, str]]:
    """The object groups of an entry of an access list."""
    sides = ((SERVICES, rule.service_group), (NETWORKS, rule.source_group), (NETWORKS, rule.destination_group))
    yield from ((kind, name) for kind, name in sides if name is not None)


def _matches(setting: Setting) -> tuple[str, ...]:
    """What a class map matches, as the lines that it stands for."""
    return tuple(f"match {text}" for text in setting.match) if isinstance(setting, ClassMap) else ()


def _in_fields(value: BaseModel, above: str) -> Iterator[Name]:
    for field, item in value:
        path = f"{above}{field}"
        for each in item if isinstance(item, tuple) else (item,):
            if isinstance(each, BaseModel):
                yield from _in_fields(each, f"{path}.")
            elif isinstance(each, str):
                kind = kind_of(path)
                if kind and each != _BUILT_IN:
                    yield Name(kind, each)


def kind_of(field: str) -> str:
    """What a field of a setting names, by the way to it ("match.access_list"); empty where that is none of these."""
    return next((kind for pattern, kind in _FIELDS if pattern.fullmatch(field)), "")


def _in_lines(lines: tuple[str, ...], table: tuple[tuple[re.Pattern[str], str], ...]) -> Iterator[Name]:
    for line in lines:
        for pattern, kind in table:
            match = pattern.fullmatch(line)
            if match is not None:
                yield from (Name(kind, name) for name in match["names"].split())


def _texts(block: ConfigurationBlock) -> tuple[str, ...]:
    """The single lines of a block; of a banner none."""
    return tuple(line.strip() for line in block.lines if "\n" not in line)


def _place(block: ConfigurationBlock) -> str:
    """Where an adopted block stands: its section, an interface by its name alone."""
    head = block.section[0] if block.section else block.lines[0].strip()
    return head.removeprefix("interface ")

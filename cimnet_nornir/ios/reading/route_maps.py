"""Route maps, and the lists of prefixes, communities and AS paths that they match."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cimnet_nornir.domain.features.prefix_lists import AsPathList, CommunityList, Ipv6PrefixList, PrefixList
from cimnet_nornir.domain.features.route_maps import RouteMapClause
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, sections

Fields = dict[str, Any]
_CLAUSE = re.compile(r"route-map (?P<name>\S+) (?P<action>permit|deny) (?P<sequence>\d+)")
_PREFIX = re.compile(
    r"(?P<family>ip|ipv6) prefix-list (?P<name>\S+) (?:description (?P<description>.+)|seq (?P<sequence>\d+)"
    r" (?P<action>permit|deny) (?P<prefix>\S+)(?: ge (?P<ge>\d+))?(?: le (?P<le>\d+))?)"
)
_COMMUNITY = re.compile(
    r"ip community-list (?:(?P<kind>standard|expanded) )?(?P<name>\S+)(?: seq (?P<sequence>\d+))?"
    r" (?P<action>permit|deny) (?P<values>.+)"
)
_AS_PATH = re.compile(r"ip as-path access-list (?P<number>\d+) (?P<action>permit|deny) (?P<expression>.+)")
_LAST_STANDARD = 99


def read(config: Config, draft: Draft) -> None:
    """Take in route maps and the lists that they use."""
    texts = tuple(node.text for node in config.nodes)
    _prefix_lists(texts, draft)
    _community_lists(texts, draft)
    _as_paths(texts, draft)
    for node in sections(config, "route-map "):
        match = _CLAUSE.fullmatch(node.text)
        if match is not None:
            draft.add(RouteMapClause, **match.groupdict(), **clause_fields(Said.of(node.children)))


def _told(fields: Mapping[str, str | None]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


def _prefix_lists(texts: Iterable[str], draft: Draft) -> None:
    found: dict[tuple[str, str], Fields] = {}
    for match in filter(None, map(_PREFIX.fullmatch, texts)):
        listed = found.setdefault((match["family"], match["name"]), {"entries": []})
        fields = _told(match.groupdict())
        if "description" in fields:
            listed["description"] = fields["description"]
        else:
            listed["entries"].append({name: value for name, value in fields.items() if name not in ("family", "name")})
    for (family, name), fields in found.items():
        entries = sorted(fields["entries"], key=lambda entry: int(entry["sequence"]))
        kind = PrefixList if family == "ip" else Ipv6PrefixList
        draft.add(kind, name=name, **{**fields, "entries": entries})


def _community_lists(texts: Iterable[str], draft: Draft) -> None:
    found: dict[tuple[str, str], list[Fields]] = {}
    for match in filter(None, map(_COMMUNITY.fullmatch, texts)):
        number = int(match["name"]) if match["name"].isdecimal() else None
        by_number = None if number is None else "standard" if number <= _LAST_STANDARD else "expanded"
        kind = match["kind"] or by_number or "standard"
        values = match["values"]
        what = {"communities": tuple(values.split(" "))} if kind == "standard" else {"expression": values}
        entry = {**_told({"sequence": match["sequence"]}), "action": match["action"], **what}
        found.setdefault((kind, match["name"]), []).append(entry)
    for (kind, name), entries in found.items():
        draft.add(CommunityList, name=name, kind=kind, entries=tuple(entries))


def _as_paths(texts: Iterable[str], draft: Draft) -> None:
    found: dict[str, list[Fields]] = {}
    for match in filter(None, map(_AS_PATH.fullmatch, texts)):
        entry = {"action": match["action"], "expression": match["expression"]}
        found.setdefault(match["number"], []).append(entry)
    for number, entries in found.items():
        draft.add(AsPathList, number=number, entries=tuple(entries))


_MATCHES = {
    "prefix_list": "ip address prefix-list", "next_hop_prefix_list": "ip next-hop prefix-list",
    "route_source_prefix_list": "ip route-source prefix-list", "ipv6_prefix_list": "ipv6 address prefix-list",
    "access_list": "ip address", "next_hop": "ip next-hop", "route_source": "ip route-source",
    "ipv6_access_list": "ipv6 address", "as_path": "as-path", "extcommunity": "extcommunity",
    "interface": "interface", "tag": "tag", "local_preference": "local-preference",
}  # fmt: skip
_SETS = {
    "metric": "metric", "metric_type": "metric-type", "local_preference": "local-preference", "weight": "weight",
    "tag": "tag", "origin": "origin", "site_of_origin": "extcommunity soo", "precedence": "ip precedence", "vrf": "vrf",
    "prepend_last_as": "as-path prepend last-as",
}  # fmt: skip
_LISTED = {
    "next_hop": "ip next-hop", "default_next_hop": "ip default next-hop", "ipv6_next_hop": "ipv6 next-hop",
    "interface": "interface",
}  # fmt: skip
_PEER_ADDRESS = "ip next-hop peer-address"


def clause_fields(said: Said) -> Fields:
    """What a clause matches and sets."""
    fields: Fields = _told({"description": said.after("description"), "goes_on": said.after("continue")})
    match, chosen = _match_fields(said), _set_fields(said)
    return fields | ({"match": match} if match else {}) | ({"set": chosen} if chosen else {})


def _match_fields(said: Said) -> Fields:
    fields: Fields = {}
    for name, words in _MATCHES.items():
        values = [text for text in said.each(f"match {words}") if not text.startswith("prefix-list ")]
        if values:
            fields[name] = tuple(values)
    named = " ".join(said.each("match community"))
    if named:
        exact = {"community_exact": True} if named.endswith(" exact-match") else {}
        fields |= {"community": tuple(named.replace(" exact-match", "").split(" ")), **exact}
    return fields | _told({"metric": said.after("match metric"), "route_type": said.after("match route-type")})


def _set_fields(said: Said) -> Fields:
    fields = _told({name: said.after(f"set {words}") for name, words in _SETS.items()})
    for name, words in _LISTED.items():
        values = said.after(f"set {words}")
        if values is not None and not values.startswith("peer-address"):
            fields[name] = tuple(values.split(" "))
    if said.has(f"set {_PEER_ADDRESS}"):
        fields["peer_address"] = True
    for name, flag, words in (
        ("community", "additive", "community"),
        ("route_targets", "route_targets_additive", "extcommunity rt"),
    ):
        values = said.after(f"set {words}")
        if values is not None:
            additive = values.endswith(" additive")
            fields |= {name: tuple(values.removesuffix(" additive").split(" ")), **({flag: True} if additive else {})}
    prepended = said.after("set as-path prepend")
    if prepended is not None and not prepended.startswith("last-as"):
        fields["prepend"] = tuple(prepended.split(" "))
    deleted = said.after("set comm-list")
    if deleted is not None:
        fields["delete_communities"] = deleted.removesuffix(" delete")
    return fields

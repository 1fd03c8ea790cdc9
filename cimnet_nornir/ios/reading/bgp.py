"""BGP of a configuration: the process, its neighbours and groups, its families."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from pydantic import ValidationError

from cimnet_nornir.domain.features.bgp import BgpFamily, BgpFamilyNeighbor, BgpPeer, BgpPeerGroup, BgpProcess
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.network_lines import classful_length
from cimnet_nornir.ios.reading.bgp_families import family_fields, policy_fields
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, Node, sections

_NEIGHBOR = re.compile(r"neighbor (?P<name>\S+) (?P<said>.+)")
_PLAIN_NETWORK = re.compile(r"(\d+\.\d+\.\d+\.\d+)(?: mask (\d+\.\d+\.\d+\.\d+))?")
_IPV4 = "ipv4"
# What the base says of a neighbour, beside its AS.
_BASE_LINE = re.compile(r"(?:remote-as|description|update-source|ebgp-multihop) .+|activate|next-hop-self")
Fields = dict[str, Any]


def read(config: Config, draft: Draft) -> None:
    """Take in the BGP process, if there is one."""
    for node in sections(config, "router bgp "):
        _read_process(node, draft)


def _read_process(node: Node, draft: Draft) -> None:
    families = {
        c.text.removeprefix("address-family "): c for c in node.children if c.text.startswith("address-family ")
    }
    said, ipv4 = Said.of(node.children), families.get(_IPV4, Node(""))
    peers, active = _peers(node), _peers(ipv4)
    base = {name: lines for name, lines in peers.items() if _is_plain(name, lines, active.get(name))}
    try:
        draft.device.bgp = BgpRouter(
            as_number=int(node.text.removeprefix("router bgp ")),
            router_id=IPv4Address(router_id) if (router_id := said.after("bgp router-id")) else None,
            neighbors=tuple(_neighbor(name, lines, active[name]) for name, lines in base.items()),
            networks=tuple(network for network, _ in _plain_networks(Said.of(ipv4.children))),
        )
    except (ValidationError, InvalidValue, ValueError):
        return  # its lines are adopted word for word
    process = process_fields(said)
    if process:
        draft.add(BgpProcess, **process)
    for name, lines in peers.items():
        if name not in base:
            _session(draft, name, lines)
    for family, section in families.items():
        _family(draft, family, section, frozenset(base) if family == _IPV4 else frozenset())


def _peers(node: Node) -> dict[str, Said]:
    """What is said of each neighbour and group in a section."""
    found: dict[str, list[str]] = {}
    for child in node.children:
        match = _NEIGHBOR.fullmatch(child.text)
        if match is not None:
            found.setdefault(match["name"], []).append(match["said"])
    return {name: Said(tuple(lines)) for name, lines in found.items()}


def _is_plain(name: str, session: Said, family: Said | None) -> bool:
    """Whether the base can say all of a neighbour: by IPv4, with its own AS, active for IPv4 unicast, and not more."""
    by_ipv4 = name[0].isdigit() and ":" not in name
    if not by_ipv4 or family is None or not session.begins("remote-as") or not family.has("activate"):
        return False
    return all(_BASE_LINE.fullmatch(line) for line in (*session.lines, *family.lines))


def _neighbor(name: str, session: Said, family: Said) -> BgpNeighbor:
    hops = session.after("ebgp-multihop")
    return BgpNeighbor(
        address=IPv4Address(name),
        remote_as=session.after("remote-as"),
        description=session.after("description"),
        update_source=session.after("update-source"),
        ebgp_multihop=int(hops) if hops else None,
        next_hop_self=family.has("next-hop-self"),
    )


def _plain_networks(said: Said) -> Iterator[tuple[IPv4Network, str]]:
    """The networks that are told without anything more, each with its text."""
    for text in said.each("network"):
        match = _PLAIN_NETWORK.fullmatch(text)
        if match is not None:
            length = match[2] or classful_length(IPv4Address(match[1]))
            yield IPv4Network(f"{match[1]}/{length}"), text


def process_fields(said: Said) -> Fields:
    """What is said of the whole process beside its router id."""
    fields: Fields = {}
    if not said.has("bgp log-neighbor-changes"):
        fields["log_neighbor_changes"] = False if said.has("no bgp log-neighbor-changes") else None
    for name in ("default ipv4-unicast", "enforce-first-as", "fast-external-fallover"):
        if said.has(f"no bgp {name}"):
            fields[_field(name)] = False
    for name in ("always-compare-med", "deterministic-med", "graceful-restart"):
        if said.has(f"bgp {name}"):
            fields[_field(name)] = True
    valued = {
        "cluster_id": "cluster-id",
        "confederation_identifier": "confederation identifier",
        "graceful_restart_restart_time": "graceful-restart restart-time",
        "graceful_restart_stalepath_time": "graceful-restart stalepath-time",
        "local_preference": "default local-preference",
        "maxas_limit": "maxas-limit",
    }
    fields |= {name: value for name, words in valued.items() if (value := said.after(f"bgp {words}")) is not None}
    listed = {"bestpath": said.each("bgp bestpath"), "confederation_peers": said.each("bgp confederation peers")}
    fields |= {name: values for name, values in listed.items() if values}
    return fields | _timers(said.after("timers bgp"))


def _field(words: str) -> str:
    return words.replace("-", "_").replace(" ", "_")


def _timers(text: str | None) -> Fields:
    if text is None:
        return {}
    keepalive, hold, *least = text.split(" ")
    return {"timers": {"keepalive": keepalive, "hold": hold, **({"least_hold": least[0]} if least else {})}}


_SESSION = {
    "remote_as": "remote-as", "description": "description", "ebgp_multihop": "ebgp-multihop",
    "ttl_security_hops": "ttl-security hops", "update_source": "update-source",
    "connection_mode": "transport connection-mode",
}  # fmt: skip


def session_fields(name: str, said: Said, draft: Draft) -> Fields:
    """What is said of a session."""
    fields: Fields = {key: value for key, words in _SESSION.items() if (value := said.after(words)) is not None}
    flags = {"shutdown": "shutdown", "fall_over": "fall-over", "bfd": "fall-over bfd"}
    flags["disable_connected_check"] = "disable-connected-check"
    fields |= {key: True for key, line in flags.items() if said.has(line)}
    local = said.after("local-as")
    if local is not None:
        number, _, options = local.partition(" ")
        fields |= {"local_as": number, **({"local_as_options": options} if options else {})}
    password = said.after("password")
    if password is not None:
        fields["password"] = draft.moved(password, f"bgp-neighbor-{name}")
    return fields | _timers(said.after("timers"))


def _session(draft: Draft, name: str, said: Said) -> None:
    fields = session_fields(name, said, draft)
    if not (name[0].isdigit() or ":" in name):
        draft.add(BgpPeerGroup, name=name, **fields)
        return
    group = said.after("peer-group")
    draft.add(BgpPeer, address=name, **fields, **({"peer_group": group} if group else {}))


def _family(draft: Draft, family: str, node: Node, base: frozenset[str]) -> None:
    """A family and its neighbours, without those of which the base says all."""
    said = Said.of(node.children)
    plain = {text for _, text in _plain_networks(said)} if family == _IPV4 else set()
    fields = family_fields(Said(tuple(line for line in said.lines if line.removeprefix("network ") not in plain)))
    if fields or family != _IPV4:
        draft.add(BgpFamily, family=family, **fields)
    for name, lines in _peers(node).items():
        if name in base:
            continue
        own = policy_fields(lines)
        if " vrf " in family:
            own |= session_fields(name, lines, draft)
            own |= {"peer_group": group} if (group := lines.after("peer-group")) else {}
            own |= {"group": True} if lines.has("peer-group") else {}
        draft.add(BgpFamilyNeighbor, family=family, neighbor=name, **own)

"""A configuration in the one form in which two of them are compared: no noise, one spelling, one node a thing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from cimnet_nornir.domain.interfaces import expand_interfaces, format_vlan_list, parse_vlan_list
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.aaa import as_aaa_shows, is_on, one_line, with_ports
from cimnet_nornir.ios.acl_entries import acl_node, group_members, ipv6_entries, numbered_list
from cimnet_nornir.ios.bgp_families import with_family
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.eigrp_families import without_repeats
from cimnet_nornir.ios.line_ranges import grouped, one_by_one
from cimnet_nornir.ios.options import in_order
from cimnet_nornir.ios.ospf_links import with_links
from cimnet_nornir.ios.policy_lines import split_policy
from cimnet_nornir.ios.private_vlans import parts_first
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.qos_lines import one_line_policers, rest_last, split_qos
from cimnet_nornir.ios.rules.model import TOP, How, Rule, compiled
from cimnet_nornir.ios.rules.table import opened_by, placed, rule_for
from cimnet_nornir.ios.service_lines import split_service
from cimnet_nornir.ios.spelling import spelled
from cimnet_nornir.ios.tree import Config, Node
from cimnet_nornir.ios.users import canonical_user, merged_user
from cimnet_nornir.ios.vlan_lists import joined

ALL_VLANS = frozenset(range(1, 4095))

# What a device or a transcript says around a configuration.
_NOISE = re.compile(
    r"building configuration\.\.\.|current configuration ?:.*|using \d+ out of \d+ bytes.*|end|version \S+"
    r"|ntp clock-period \d+|boot-(?:start|end)-marker|load for five secs.*|time source is .*"
    r"|\S+[#>] ?(?:sh\w* .*)?",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"switchport trunk allowed vlan (?:(?P<how>add|remove|except) )?(?P<vlans>[\d, -]+|all|none)")
# A line that stands for one line per member of a list: before, the list, after.
_SPLIT_VLANS = re.compile(
    r"(?P<before>vlan |spanning-tree (?:vlan|mst) )(?P<list>[\d,-]+)"
    r"(?P<after>(?: (?:(?:port-)?priority|hello-time|forward-time|max-age|cost)(?: \d+)?)?)"
)
_SPLIT_WORDS = re.compile(r"(?P<before>ip name-server (?:vrf \S+ )?)(?P<list>\S+(?: \S+)+)")
_BOTH_TARGETS = re.compile(r"(?P<no>no )?route-target (?:both )?(?P<target>\d\S*)")
# Processes that may be silent on interfaces.
_SILENT = ("router ospf", "router ospfv3", "router eigrp", "router rip")
# What a group takes from its priority where nobody says how much.
_TRACKS = re.compile(r"track \d+")
_UNEVEN = ("ip sla", "vlan")
_PREFIX_LIST = re.compile(r"(?P<list>(?:ip|ipv6) prefix-list \S+) (?P<seq>seq \d+ )?(?P<rest>(?:permit|deny) .+)")


def normalise(config: Config, profile: Profile) -> Config:
    """The configuration as it is compared; what is normal already comes back the same."""
    nodes = _numbered_prefixes(node for raw in config.nodes for node in _top(raw, profile))
    lines = Config(_level(one_by_one(nodes), TOP, profile))
    return Config(parts_first(grouped((as_aaa_shows(lines) if is_on(lines) else lines).nodes)))


def _top(raw: Node, profile: Profile) -> Iterator[Node]:
    if raw.children:
        yield from (one_line(Node(node.text, node.children or raw.children)) for node in _alone(raw.text, profile))
    else:
        yield from _alone(raw.text, profile)


@lru_cache(maxsize=32768)
def _alone(line: str, profile: Profile) -> tuple[Node, ...]:
    """What a line of the top level comes to by itself."""
    text = spelled(canonical_line(line), profile)
    if _NOISE.fullmatch(text):
        return ()
    numbered = numbered_list(text)
    if numbered is not None:
        return (Node(numbered[0], (Node(numbered[1]),)),)
    return tuple(Node(each) for each in split_line(canonical_user(text)))


# With what a line begins that may stand for several.
_LISTING = (
    *("vlan ", "spanning-tree vlan ", "spanning-tree mst ", "ip name-server ", "interface range ", "route-target "),
    *("snmp-server enable traps ", "delay ", "match ", "bgp confederation peers ", "neighbor ", "mls qos "),
)


def split_line(text: str) -> tuple[str, ...]:
    """The lines that a line with a list in it stands for."""
    return tuple(_split(text)) if text.removeprefix("no ").startswith(_LISTING) else (text,)


def _split(text: str) -> Iterator[str]:
    vlans = _SPLIT_VLANS.fullmatch(text)
    words = _SPLIT_WORDS.fullmatch(text)
    targets = _BOTH_TARGETS.fullmatch(text)
    parts = split_service(text) or split_qos(text)
    try:
        if vlans is not None:
            yield from (f"{vlans['before']}{i}{vlans['after']}" for i in _numbers(vlans["before"], vlans["list"]))
        elif text.startswith("interface range "):
            yield from (f"interface {name}" for name in expand_interfaces(text.removeprefix("interface range ")))
        elif targets is not None:
            yield from (f"{targets['no'] or ''}route-target {way} {targets['target']}" for way in ("export", "import"))
        elif parts:
            yield from parts
        elif words is not None and words["list"].split(" ")[0] != "vrf":
            yield from (words["before"] + word for word in words["list"].split(" "))
        else:
            yield from split_policy(text)
    except InvalidValue:
        yield text  # nonsense stays as it stands, for the device or a person to refuse


def _numbers(before: str, text: str) -> list[int]:
    """The numbers of a list. Instances of MST may be 0, which is no VLAN. Raises InvalidValue."""
    if not before.endswith("mst "):
        return sorted(parse_vlan_list(text))
    parts = [part for part in text.split(",") if part not in ("0", "0-0")]
    rest = ",".join(f"1-{part[2:]}" if part.startswith("0-") else part for part in parts)
    zero = [0] if re.search(r"(?<!\d)0(?!\d)", text) else []
    return [*zero, *(sorted(parse_vlan_list(rest)) if rest else [])]


def _numbered_prefixes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Entries of prefix lists get the numbers that a device would give them: five more than the highest so far."""
    highest: dict[str, int] = {}
    for node in nodes:
        match = _PREFIX_LIST.fullmatch(node.text)
        if match is None:
            yield node
            continue
        last = highest.get(match["list"], 0)
        number = int(match["seq"].split(" ")[1]) if match["seq"] else last + 5
        highest[match["list"]] = max(last, number)
        yield Node(f"{match['list']} seq {number} {match['rest']}")


def _together(rule: Rule, before: str, text: str) -> str:
    """What two lines of one setting come to: the later one, but where each says a part."""
    match rule.how:
        case How.LIST:
            return joined(rule, before, text)
        case How.USER:
            return merged_user(before, text)
        case _:
            return text


def _level(nodes: Iterable[Node], section: str, profile: Profile) -> tuple[Node, ...]:
    """The lines of a section: each setting once, its last value where its first stood; equal headers joined."""
    kept: dict[tuple[str, ...], Node] = {}
    for node in nodes:
        rule, identity = placed(section, node.text)
        said = in_order(rule, node.text)
        before = kept.get(identity)
        children = (before.children if before and before.text == said else ()) + node.children
        text = _together(rule, before.text if before else said, said)
        kept[identity] = node if (text, children) == (node.text, node.children) else Node(text, children)
    hidden = _hidden(section, profile)
    level = tuple(
        _section(node, section, profile)
        for node in _passive(kept.values(), section)
        if not (hidden and hidden.fullmatch(node.text))
    )
    return tuple(node for node in level if node.children or rule_for(section, node.text).how is not How.SHELL)


@lru_cache(maxsize=256)
def _hidden(section: str, profile: Profile) -> re.Pattern[str] | None:
    """What no device of the profile shows in a section; None where it shows all."""
    patterns = [pattern for kind, pattern in profile.hidden if kind == section]
    return compiled("|".join(patterns)) if patterns else None


def _passive(nodes: Iterable[Node], section: str) -> tuple[Node, ...]:
    """Lines of a process without those that repeat its default: `passive-interface X` where all are, and back."""
    lines = tuple(nodes)
    if section not in _SILENT:
        return lines
    by_default = any(node.text == "passive-interface default" for node in lines)
    said = r"passive-interface (?!default).+" if by_default else r"no passive-interface .+"
    return tuple(node for node in lines if not compiled(said).fullmatch(node.text))


# Most sections of a device are those of its neighbour, and of its last reading.
@lru_cache(maxsize=8192)
def _section(node: Node, section: str, profile: Profile) -> Node:
    kind = opened_by(section, node.text)
    if not node.children and kind != "router bgp":
        return node
    below = _lifted(node.children) if kind in _UNEVEN else node.children
    children = tuple(Node(line, child.children) for child in below for line in _lines(child.text, profile))
    match kind:
        case "acl":
            return acl_node(Node(node.text, children))
        case "aaa group" | "aaa server":
            children = tuple(with_ports(node.text, child) for child in children)
        case "vlan":
            default = f"name VLAN{int(node.text.removeprefix('vlan ')):04d}"
            children = tuple(child for child in children if child.text != default)
        case "router bgp":
            return Node(node.text, _level(with_family(children), kind, profile))
        case _:
            children = _as_one(kind)(children)
    return Node(node.text, _level(children, kind, profile))


# A switch says the same of port after port.
@lru_cache(maxsize=32768)
def _lines(text: str, profile: Profile) -> tuple[str, ...]:
    """The canonical lines that a line of a section stands for."""
    return split_line(spelled(canonical_line(text), profile))


def _as_one(kind: str) -> Callable[[tuple[Node, ...]], tuple[Node, ...]]:
    """What the lines of a section come to together, where some of them are about one thing."""
    together: Mapping[str, Callable[[tuple[Node, ...]], tuple[Node, ...]]] = {
        "ipv6 acl": ipv6_entries,
        "object-group": group_members,
        "interface": _folded_trunk,
        "router ospf": with_links,
        "eigrp family": without_repeats,
        "vrrp group": _watched,
        "policy-map": rest_last,
        "policy class": one_line_policers,
    }
    return together.get(kind, tuple)


def _watched(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Lines of a VRRP group, each tracked object with what it takes from the priority."""
    return tuple(Node(f"{each.text} decrement 10") if _TRACKS.fullmatch(each.text) else each for each in children)


def _lifted(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """The lines of a probe beside its type, where older images show them; newer ones show them below it.

    So it is with those of a private VLAN, which stand in further than its name.
    """
    return tuple(each for child in children for each in (Node(child.text), *child.children))


def _folded_trunk(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Lines that set, extend or cut the allowed VLANs as the one line they amount to, where the first of them stood."""
    allowed: frozenset[int] | None = None
    place: int | None = None
    rest: list[Node] = []
    for child in children:
        match = _ALLOWED.fullmatch(child.text)
        changed = _allowed(ALL_VLANS if allowed is None else allowed, match) if match else None
        if changed is None:
            rest.append(child)
        else:
            allowed, place = changed, len(rest) if place is None else place
    if allowed is not None and place is not None and allowed != ALL_VLANS:
        rest.insert(place, Node(allowed_line(allowed)))
    return tuple(rest)


def allowed_line(vlans: frozenset[int]) -> str:
    """The line that allows just these VLANs on a trunk."""
    return f"switchport trunk allowed vlan {format_vlan_list(vlans) or 'none'}"


def _allowed(before: frozenset[int], match: re.Match[str]) -> frozenset[int] | None:
    """The VLANs allowed after a line; None where its list is nonsense."""
    if match["vlans"] in ("all", "none"):
        return ALL_VLANS if match["vlans"] == "all" else frozenset()
    try:
        vlans = parse_vlan_list(match["vlans"])
    except InvalidValue:
        return None
    match match["how"]:
        case "add":
            return before | vlans
        case "remove":
            return before - vlans
        case "except":
            return ALL_VLANS - vlans
        case _:
            return vlans


def allowed_after(line: str, before: frozenset[int]) -> frozenset[int] | None:
    """The VLANs a trunk allows after a line typed on it; None where the line is not about them."""
    match = _ALLOWED.fullmatch(line)
    return None if match is None else _allowed(before, match)

"""Any BGP, route maps and lists: a simulated device takes what is planned, and what it then shows is read back."""

import os
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.access_lists import Ipv6AccessList, Ipv6Rule
from cimnet_nornir.domain.features.bgp import BgpFamily, BgpFamilyNeighbor, BgpPeer, BgpPeerGroup, BgpProcess
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.prefix_lists import (
    AsPathList,
    CommunityList,
    Ipv6PrefixList,
    PrefixList,
)
from cimnet_nornir.domain.features.route_maps import RouteMapClause
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter
from cimnet_nornir.domain.values import DeviceKind, RoutedInterface
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.reading import read_configuration
from cimnet_nornir.lab import device as lab
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, Platform
from cimnet_nornir.lab.storage import MemoryStorage

ENGINE = IosEngine(TemplateBundle.load())
GENERATOR = IosGenerator(TemplateBundle.load())
NETWORK = Network("campus", created=True)
PORT = "GigabitEthernet0/0"
QUICK = settings(max_examples=int(os.environ.get("IOS_EXAMPLES", "25")), deadline=None)

NAMES = st.sampled_from(("IN", "OUT", "NETS"))
ACTIONS = st.sampled_from(("permit", "deny"))
PREFIXES = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "172.16.0.0/16", "192.0.2.0/24", "192.0.2.64/26")
COMMUNITIES = ("65001:1", "65001:2", "0:5", "no-export")
GROUPS = ("INNER", "OUTER")
PEERS = ("192.0.2.2", "192.0.2.3", "192.0.2.130", "2001:db8::2")
FAMILIES = ("ipv4", "ipv6", "vpnv4", "ipv4 vrf RED")


def some(*values: Any) -> st.SearchStrategy[Any]:
    """One of the values, or nothing said."""
    return st.sampled_from((None, *values))


def told(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Fields without those that are None."""
    return st.fixed_dictionaries(fields).map(lambda found: {k: v for k, v in found.items() if v is not None})


def parts(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


FLAG = st.booleans()
SESSION = {
    "remote_as": some(65001, 65002, 65546),
    "description": some("provider", "no shutdown"),
    "shutdown": FLAG,
    "ebgp_multihop": some(2, 255),
    "update_source": some("Loopback0", PORT),
    "timers": some({"keepalive": 5, "hold": 15}, {"keepalive": 0, "hold": 0, "least_hold": 0}),
    "local_as": some(65009),
    "bfd": FLAG,
    "disable_connected_check": FLAG,
    "connection_mode": some("active", "passive"),
}
POLICY = {
    "send_community": some("standard", "extended", "both"),
    "next_hop_self": some("yes", "all"),
    "route_reflector_client": FLAG,
    "soft_reconfiguration": FLAG,
    "remove_private_as": some("yes", "all", "all replace-as"),
    "allowas_in": some(1, 3),
    "default_originate": FLAG,
    "default_originate_route_map": some("OUT"),
    "weight": some(0, 100),
    "maximum_prefix": some({"count": 10}, {"count": 10, "threshold": 80, "warning_only": True}),
    "advertise_additional_paths": some("all", "best 2"),
    "route_map_in": some("IN", "OUT"),
    "route_map_out": some("OUT"),
    "prefix_list_in": some("IN", "NETS"),
    "distribute_list_out": some("10", "NETS"),
    "filter_list_in": some("1"),
    "activate": some(True, False),
}


@st.composite
def bgp(draw: st.DrawFn) -> tuple[BgpRouter | None, list[Setting]]:
    if draw(st.integers(0, 5)) == 0:
        return None, []
    base = [BgpNeighbor(address=IPv4Address("192.0.2.200"), remote_as=65002)] if draw(FLAG) else []
    router = BgpRouter(
        as_number=draw(st.sampled_from((65001, 65546))),
        router_id=draw(some(IPv4Address("10.255.0.1"))),
        neighbors=tuple(base),
        networks=tuple(map(IPv4Network, draw(parts(*PREFIXES)))),
    )
    found: list[Setting] = [draw(processes())]
    groups = draw(parts(*GROUPS))
    found += [BgpPeerGroup.model_validate({"name": name, **draw(told(**SESSION))}) for name in groups]
    numbers = {item.name: item.remote_as for item in found if isinstance(item, BgpPeerGroup)}
    peers = draw(parts(*PEERS))
    found += [draw(neighbors(peer, numbers)) for peer in peers]
    for family in draw(parts(*FAMILIES)):
        if draw(FLAG):
            found.append(draw(families(family)))
        if " vrf " not in family:
            found += [draw(in_a_family(family, name)) for name in (*groups, *peers) if draw(FLAG)]
    return router, found


@st.composite
def processes(draw: st.DrawFn) -> BgpProcess:
    fields = told(
        log_neighbor_changes=FLAG,
        default_ipv4_unicast=FLAG,
        enforce_first_as=FLAG,
        deterministic_med=FLAG,
        bestpath=parts("as-path multipath-relax", "med confed", "med missing-as-worst", "compare-routerid"),
        cluster_id=some("10.0.0.1", 5),
        confederation_identifier=some(65100),
        confederation_peers=parts(65101, 65102, 65103),
        graceful_restart=FLAG,
        local_preference=some(200),
        timers=some({"keepalive": 5, "hold": 15}),
    )
    return BgpProcess.model_validate(draw(fields))


@st.composite
def neighbors(draw: st.DrawFn, peer: str, groups: dict[str, int | None]) -> BgpPeer:
    group = draw(some(*groups)) if groups else None
    fields = draw(told(**SESSION))
    if group is not None and groups[group] is not None:
        fields.pop("remote_as", None)
    else:
        fields.setdefault("remote_as", 65003)
    return BgpPeer.model_validate({"address": peer, "peer_group": group, **fields})


def _prefix(item: dict[str, Any]) -> str:
    return str(item["prefix"])


@st.composite
def families(draw: st.DrawFn, family: str) -> BgpFamily:
    ipv6 = family == "ipv6"
    networks = ("2001:db8::/32", "2001:db8:1::/48") if ipv6 else PREFIXES[1:]
    sources = told(source=st.sampled_from(("connected", "static", "ospf 1")), metric=some(0, 5), route_map=some("OUT"))
    network = told(prefix=st.sampled_from(networks), route_map=some("NETS"))
    aggregate = told(prefix=st.sampled_from(networks), as_set=FLAG, summary_only=FLAG)
    fields = told(
        networks=st.lists(network, unique_by=_prefix, max_size=2),
        aggregates=st.lists(aggregate, unique_by=_prefix, max_size=2),
        redistribute=st.lists(sources, unique_by=lambda item: item["source"], max_size=2),
        dampening=FLAG,
        maximum_paths=some(2, 4),
        maximum_paths_ibgp=some(2),
        additional_paths=some("send", "receive", "send receive"),
        additional_paths_select=some("all", "best 2"),
        default_information=FLAG,
        distance=some((20, 200, 200), (20, 200, 201)),
    )
    return BgpFamily.model_validate({"family": family, **draw(fields)})


@st.composite
def in_a_family(draw: st.DrawFn, family: str, name: str) -> BgpFamilyNeighbor:
    return BgpFamilyNeighbor.model_validate({"family": family, "neighbor": name, **draw(told(**POLICY))})


@st.composite
def prefix_lists(draw: st.DrawFn, name: str, *, ipv6: bool) -> Setting:
    prefixes = ("2001:DB8::/32", "::/0", "2001:DB8:1::/48") if ipv6 else PREFIXES[:4]
    bodies = st.tuples(ACTIONS, st.sampled_from(prefixes), some(24, 26) if not ipv6 else some(56, 64))
    entries = draw(st.lists(bodies, unique=True, min_size=1, max_size=4))
    numbers = sorted(draw(st.lists(st.sampled_from((5, 10, 15, 20, 30)), unique=True, min_size=4, max_size=4)))
    listed = [
        {"sequence": number, "action": action, "prefix": prefix, "le": most}
        for number, (action, prefix, most) in zip(numbers, entries, strict=False)
    ]
    kind = Ipv6PrefixList if ipv6 else PrefixList
    return kind.model_validate({"name": name, "description": draw(some("nets")), "entries": listed})


@st.composite
def community_lists(draw: st.DrawFn) -> CommunityList:
    name, kind = draw(st.sampled_from((("NORTH", "standard"), ("NORTH", "expanded"), ("5", "standard"))))
    values = COMMUNITIES if kind == "standard" else ("_1:", "_2:", ".*")
    chosen = draw(st.lists(st.tuples(ACTIONS, st.sampled_from(values)), unique=True, min_size=1, max_size=4))
    what = "communities" if kind == "standard" else "expression"
    entries = [{"action": action, what: [value] if kind == "standard" else value} for action, value in chosen]
    return CommunityList.model_validate({"name": name, "kind": kind, "entries": entries})


@st.composite
def as_path_lists(draw: st.DrawFn) -> AsPathList:
    bodies = st.tuples(ACTIONS, st.sampled_from(("_65002_", "^$", ".*")))
    entries = draw(st.lists(bodies, unique=True, min_size=1, max_size=4))
    listed = [{"action": action, "expression": expression} for action, expression in entries]
    return AsPathList.model_validate({"number": "1", "entries": listed})


@st.composite
def clauses(draw: st.DrawFn, name: str, sequence: int) -> RouteMapClause:
    match = told(
        access_list=parts("101", "WEB"),
        prefix_list=parts("NETS", "IN"),
        community=parts("1", "NORTH"),
        community_exact=FLAG,
        as_path=parts("1", "2"),
        interface=parts(PORT, "Loopback0"),
        tag=parts(1, 2, 3),
        metric=some(5),
        next_hop=parts("10"),
    )
    chosen = told(
        metric=some("50", "+5"),
        local_preference=some(0, 350),
        community=parts(*COMMUNITIES),
        additive=FLAG,
        prepend=some((65001,), (65001, 65001)),
        next_hop=parts(IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")),
        ipv6_next_hop=parts(IPv6Address("2001:db8::1")),
        weight=some(5),
        tag=some(9),
        origin=some("igp"),
        delete_communities=some("NORTH", "1"),
        precedence=some("critical"),
        route_targets=parts("65001:1"),
    )
    asked, done = draw(match), draw(chosen)
    asked["community_exact"] = bool(asked["community"]) and asked["community_exact"]
    done["additive"] = bool(done["community"]) and done["additive"]
    fields = draw(told(action=ACTIONS, description=some("to the provider"), goes_on=some(30, 40)))
    return RouteMapClause.model_validate({"name": name, "sequence": sequence, "match": asked, "set": done, **fields})


@st.composite
def ipv6_lists(draw: st.DrawFn) -> Ipv6AccessList:
    bodies: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
        (
            {"remark": "the web"},
            {"action": "permit", "protocol": "tcp", "destination": "2001:db8::80", "destination_port": 443},
            {"action": "permit", "protocol": "icmp", "message": "echo-request"},
            {"action": "deny", "protocol": "udp", "source_port": "gt 1023"},
            {"action": "permit", "source": "2001:db8::/32", "log": True},
        )
    )
    entries = draw(st.lists(bodies, unique_by=str, min_size=1, max_size=5))
    numbers = sorted(draw(st.lists(st.integers(1, 6), unique=True, min_size=5, max_size=5)))
    listed = [Ipv6Rule.model_validate({"sequence": n * 10, **body}) for n, body in zip(numbers, entries, strict=False)]
    return Ipv6AccessList(name="EDGE6", entries=tuple(listed))


@st.composite
def devices(draw: st.DrawFn, platform: str) -> Device:
    details = DeviceDetails(vendor="cisco", platform=platform)
    device = Device("campus", "r1", "r1", DeviceKind.ROUTER, details, (PORT,), routing=True)
    device.interfaces = {"Loopback0": RoutedInterface(), PORT: RoutedInterface()}
    device.bgp, found = draw(bgp())
    found += [draw(prefix_lists(name, ipv6=False)) for name in draw(parts("IN", "NETS"))]
    found += [draw(prefix_lists("NETS", ipv6=True))] if draw(FLAG) else []
    found += [draw(lists()) for lists in (community_lists, as_path_lists, ipv6_lists) if draw(FLAG)]
    found += [draw(clauses("OUT", sequence)) for sequence in draw(parts(10, 20, 30))]
    device.features = {setting.identity: setting for setting in found}
    return device


@st.composite
def changes(draw: st.DrawFn) -> tuple[Device, Device]:
    platform = draw(st.sampled_from(("ios", "iosxe")))
    return draw(devices(platform)), draw(devices(platform))


def boot(intent: Device) -> lab.Device:
    platform: Platform = "iosxe" if intent.details.platform == "iosxe" else "ios"
    declared = LabDevice("r1", platform, "router", intent.ports, startup="hostname r1\n")
    return lab.Device(declared, LabCredentials("admin", "admin"), MemoryStorage())


def carry_out(device: lab.Device, intent: Device, formerly: str | None = None) -> str:
    """Plan, type, compare again: nothing is refused, and nothing is left to do. The rendered configuration."""
    rendered = ENGINE.render(intent, NETWORK)
    comparison = ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly)
    session = Configuration(device)
    for line in comparison.commands:
        said = session.feed(line).text
        assert not judge(said, command=line).is_error, (line, said)
    assert ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly).commands == ()
    return rendered


@given(changes())
@QUICK
def test_a_device_takes_one_intent_after_another(pair: tuple[Device, Device]) -> None:
    first, second = pair
    for intent in pair:
        for setting in intent.features.values():
            setting.check(intent)
    device = boot(first)
    carry_out(device, second, carry_out(device, first))


@given(devices("ios") | devices("iosxe"))
@QUICK
def test_what_a_device_shows_of_it_is_read_back(intent: Device) -> None:
    device = boot(intent)
    carry_out(device, intent)
    shown = device.running_config()
    reading = read_configuration(shown, GENERATOR, name="x", details=intent.details, place="file:")
    assert (reading.left, reading.surplus) == ((), ())
    kinds = ("bgp-family", "bgp-peer-group", "route-map", "prefix-list", "ipv6-", "community-list", "as-path-list")
    meant = {known: told for known, told in intent.features.items() if known.startswith(kinds)}
    meant = {known: told for known, told in meant.items() if _says_something(told)}
    assert meant.keys() <= reading.device.features.keys()


def _says_something(setting: Setting) -> bool:
    """Whether it brings a line of its own to a device that has the rest."""
    plain = Device("", "x", "x", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"))
    plain.bgp = BgpRouter(as_number=1)
    headers = ("router bgp", " address-family", " exit-", " !", "!")
    return any(not line.startswith(headers) for line in GENERATOR.setting_lines(plain, setting).splitlines())

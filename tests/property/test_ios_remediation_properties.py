"""Any running and any intended configuration of the modelled kinds: what a remediation may and may not do."""

import os
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.normalise import ALL_VLANS, allowed_after, normalise
from cimnet_nornir.ios.profiles import L3SWITCH_IOS, L3SWITCH_IOSXE, ROUTER_IOS, Profile, interface_kind
from cimnet_nornir.ios.remediation import Remediation, apply_lines, diff_text, remediate
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import section_kind
from cimnet_nornir.ios.tree import Config, Node, find, parse_config, to_text, walk
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

VLANS = st.sampled_from([10, 20, 30, 40, 999])
WORDS = st.sampled_from(["alpha", "beta", "% Invalid input", "no shutdown"])
NETWORKS = tuple(f"10.{number}.0" for number in range(12))

# A configuration is large as examples go; the figure is what a quick run bears.
QUICK = settings(max_examples=int(os.environ.get("IOS_EXAMPLES", "25")), deadline=None)

Lines = list[str]


def _maybe(text: str) -> st.SearchStrategy[Lines]:
    return st.sampled_from([[], [text]])


def _joined(*parts: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
    return st.tuples(*parts).map(lambda lists: [line for lines in lists for line in lines])


ALLOWED: st.SearchStrategy[Lines] = st.one_of(
    st.just(["switchport trunk allowed vlan none"]),
    st.sets(VLANS, min_size=1).map(lambda ids: [f"switchport trunk allowed vlan {','.join(map(str, sorted(ids)))}"]),
    st.just([f"switchport trunk allowed vlan {','.join(map(str, range(2, 400, 2)))}"]),
    st.just([]),
)
ACCESS = _joined(st.just(["switchport mode access"]), VLANS.map(lambda vlan: [f"switchport access vlan {vlan}"]))
TRUNK = _joined(
    st.just(["switchport mode trunk"]), ALLOWED, st.one_of(VLANS.map(lambda v: [f"switchport trunk native vlan {v}"]))
)
PORT_EXTRAS = _joined(
    WORDS.map(lambda word: [f"description {word}"]),
    _maybe("shutdown"),
    _maybe("spanning-tree portfast"),
    _maybe("spanning-tree bpduguard enable"),
    _maybe("frobnicate on receipt"),
)


@st.composite
def _addresses(draw: st.DrawFn, networks: list[str]) -> Lines:
    """One primary address and perhaps secondary ones, of networks that no other interface has."""
    count = draw(st.integers(0, min(2, len(networks))))
    taken = [networks.pop() for _ in range(count)]
    return [
        f"ip address {network}.{draw(st.integers(1, 3))} 255.255.255.0{' secondary' if index else ''}"
        for index, network in enumerate(taken)
    ]


@st.composite
def _routed(draw: st.DrawFn, networks: list[str]) -> Lines:
    lines = draw(_addresses(networks))
    ospf = draw(st.sampled_from([[], ["ip ospf 1 area 0"], ["ip ospf 1 area 1", "ip ospf cost 10"]]))
    return lines + (ospf if lines else []) + draw(_maybe("shutdown")) + draw(_maybe("ip access-group EDGE in"))


@st.composite
def _interfaces(draw: st.DrawFn, profile: Profile) -> Lines:
    networks = list(draw(st.permutations(NETWORKS)))
    result: Lines = []
    for name in ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3"):
        if draw(st.booleans()):
            switched = profile.switches and draw(st.booleans())
            routed = _routed(networks).map(lambda lines: (["no switchport"] if profile.switches else []) + lines)
            lines = draw(_joined(st.one_of(ACCESS, TRUNK, st.just([])), PORT_EXTRAS) if switched else routed)
            result += [f"interface {name}", *(f" {line}" for line in lines)]
    for name in ("Loopback0", "Loopback1", *(("Vlan10", "Vlan20") if profile.switches else ())):
        if draw(st.booleans()):
            result += [f"interface {name}", *(f" {line}" for line in draw(_routed(networks)))]
    return result


@st.composite
def _routing(draw: st.DrawFn) -> Lines:
    result: Lines = []
    if draw(st.booleans()):
        passive = draw(st.sampled_from([[], ["passive-interface default", "no passive-interface Vlan10"],
                                        ["passive-interface Vlan10"], ["passive-interface Vlan20"]]))  # fmt: skip
        networks = draw(st.sets(st.sampled_from(NETWORKS), max_size=2))
        result += ["router ospf 1", f" router-id 10.255.0.{draw(st.integers(1, 2))}"]
        result += [f" {line}" for line in passive]
        result += [f" network {network}.0 0.0.0.255 area {draw(st.integers(0, 1))}" for network in sorted(networks)]
    for number in sorted(draw(st.sets(st.integers(1, 2)))):
        result += [f"router eigrp {number}", *draw(_maybe(" eigrp router-id 10.255.0.1"))]
        networks = draw(st.sets(st.sampled_from(["10.0.0.0", "10.0.0.0 0.0.0.255", "172.16.0.0", "10.1.0.1 0.0.0.0"])))
        result += [f" network {network}" for network in sorted(networks)]
        result += draw(_maybe(" passive-interface Loopback0")) + draw(_maybe(" passive-interface Loopback1"))
    for prefix in draw(st.sets(st.sampled_from(["0.0.0.0 0.0.0.0", "172.16.0.0 255.255.0.0"]))):
        result.append(f"ip route {prefix} 10.0.0.{draw(st.integers(1, 2))}{draw(st.sampled_from(['', ' 200']))}")
    if draw(st.booleans()):
        result += ["router bgp 65000", " bgp log-neighbor-changes"]
        peers = draw(st.sets(st.integers(1, 3)))
        for peer in sorted(peers):
            result += [f" neighbor 192.0.2.{peer} remote-as {65000 + draw(st.integers(1, 2))}"]
            result += [f" {line}" for line in draw(_maybe(f"neighbor 192.0.2.{peer} description peer"))]
            result += [f" {line}" for line in draw(_maybe(f"neighbor 192.0.2.{peer} update-source Loopback0"))]
            result += [f" {line}" for line in draw(_maybe(f"neighbor 192.0.2.{peer} ebgp-multihop 2"))]
        by_family = draw(st.booleans())
        own = [f"neighbor 192.0.2.{peer} next-hop-self" for peer in sorted(peers) if draw(st.booleans())]
        own += draw(_maybe("network 10.0.0.0 mask 255.255.255.0")) + draw(_maybe("network 10.0.0.0"))
        if by_family:
            result += [" address-family ipv4", *(f"  neighbor 192.0.2.{peer} activate" for peer in sorted(peers))]
        result += [f"{'  ' if by_family else ' '}{line}" for line in own]
        result += [" exit-address-family"] if by_family else []
    return result


STANDARD_ENTRIES = ["permit 10.0.0.1", "permit 10.1.0.0 0.0.255.255", "deny any", "remark peers", "deny 10.0.0.1 log"]
ENTRIES = ["permit tcp any any eq 443", "permit udp any any eq 53", "deny ip host 10.0.0.1 any", "deny ip any any",
           "permit icmp any any", "remark edge"]  # fmt: skip


@st.composite
def _globals(draw: st.DrawFn, profile: Profile) -> Lines:
    result = [f"hostname {draw(st.sampled_from(['r1', 'r2']))}"]
    if profile.switches:
        names = draw(st.permutations([" name a", " name b", " name c", "", ""]))
        for vlan, name in zip(sorted(draw(st.sets(VLANS))), names, strict=False):
            result += [f"vlan {vlan}", *([name] if name else [])]
            result += [f"spanning-tree vlan {vlan} priority {draw(st.sampled_from([4096, 32768]))}"]
        result += draw(_maybe("spanning-tree mode rapid-pvst"))
    if draw(st.booleans()):
        entries = draw(st.lists(st.sampled_from(ENTRIES), unique=True, min_size=1))
        result += ["ip access-list extended EDGE", *(f" {entry}" for entry in entries)]
    if draw(st.booleans()):
        result += [f"access-list 10 {entry}" for entry in draw(st.permutations(STANDARD_ENTRIES))[:3]]
    result += draw(st.sampled_from([[], ["banner motd ^C", "one", "", "interface two", "^C"], ["banner motd # x #"]]))
    result += draw(_maybe("ntp server 10.9.9.9")) + draw(_maybe("ip domain lookup source-interface nothing"))
    return result + draw(st.sampled_from([[], ["policy-map QOS", " class VOICE", "  priority percent 10"]]))


def _configs(profile: Profile) -> st.SearchStrategy[Config]:
    routing = ["ip routing"] if profile.switches else []
    parts = _joined(_globals(profile), st.just(routing), _interfaces(profile), _routing())
    return parts.map(lambda lines: normalise(parse_config("\n".join(lines)), profile))


PROFILES = (ROUTER_IOS, L3SWITCH_IOS, L3SWITCH_IOSXE)
PAIRS = st.sampled_from(PROFILES).flatmap(lambda p: st.tuples(st.just(p), _configs(p), _configs(p)))
Pair = tuple[Profile, Config, Config]


def _known(path: tuple[str, ...], remediation: Remediation, intended: Config) -> bool:
    """Whether a line beside intent is one that may stay: unmodelled, its header, a default, or a port put aside."""
    if any(other[: len(path)] == path for other in remediation.unmodelled):
        return True
    if rule_for(section_kind(path[:-1]), path[-1]).says_nothing(path[-1]):
        return True
    aside = path[0].startswith("interface ") and find(intended, path[:1]) is None
    return aside and (len(path) == 1 or path[1:] == ("shutdown",))


@given(PAIRS)
@QUICK
def test_running_and_remediation_make_what_is_intended(pair: Pair) -> None:
    profile, running, intended = pair
    remediation = remediate(running, intended, profile)
    after = apply_lines(running, remediation.lines(), profile)
    assert set(walk(intended)) <= set(walk(after))
    assert all(_known(path, remediation, intended) for path in set(walk(after)) - set(walk(intended)))
    assert remediate(after, intended, profile).lines() == ()


@given(PAIRS)
@QUICK
def test_the_way_back_makes_what_was_running(pair: Pair) -> None:
    profile, running, intended = pair
    after = apply_lines(running, remediate(running, intended, profile).lines(), profile)
    rollback = remediate(after, running, profile, formerly=intended)
    restored = apply_lines(after, rollback.lines(), profile)
    assert set(walk(running)) <= set(walk(restored))


@given(PAIRS)
@QUICK
def test_unmodelled_lines_survive_and_the_rest_is_explained(pair: Pair) -> None:
    profile, running, intended = pair
    remediation = remediate(running, intended, profile)
    after = apply_lines(running, remediation.lines(), profile)
    assert set(remediation.unmodelled) <= set(walk(after))
    for step in remediation.steps:
        assert find(intended if step.adds else running, step.explains) is not None


@given(PAIRS)
@QUICK
def test_no_line_is_ever_a_dangerous_one(pair: Pair) -> None:
    profile, running, intended = pair
    for line in remediate(running, intended, profile).lines():
        assert not line.startswith(("no switchport trunk allowed vlan", "default interface"))
        assert line not in ("no vlan 1", "no interface Vlan1")
        assert not (line.startswith("no interface ") and interface_kind(line.split(" ")[2]) == "physical")
        assert "remote-as" not in line or not line.startswith("no ")


@given(PAIRS)
@QUICK
def test_no_trunk_loses_a_vlan_that_it_is_to_keep(pair: Pair) -> None:
    profile, running, intended = pair
    steps = remediate(running, intended, profile).steps
    for node in running.nodes:
        wanted = find(intended, (node.text, "switchport mode trunk"))
        if wanted is None or find(running, (node.text, "switchport mode trunk")) is None:
            continue
        before, after = _allowed(running, node.text), _allowed(intended, node.text)
        commands = [step.command for step in steps if step.section == (node.text,)]
        states = accumulate(commands, lambda state, line: _next(line, state), initial=before)
        assert all(before & after <= state for state in states)


def _allowed(config: Config, header: str) -> frozenset[int]:
    section = find(config, (header,))
    lines = [child.text for child in section.children] if section else []
    return next((vlans for line in lines if (vlans := allowed_after(line, ALL_VLANS)) is not None), ALL_VLANS)


def _next(line: str, state: frozenset[int]) -> frozenset[int]:
    after = allowed_after(line, state)
    return state if after is None else after


@given(PAIRS)
@QUICK
def test_an_access_list_in_use_always_has_an_entry(pair: Pair) -> None:
    profile, running, intended = pair
    header = "ip access-list extended EDGE"
    before, after = find(running, (header,)), find(intended, (header,))
    if before is None or after is None or not all(any(_filters(c.text) for c in s.children) for s in (before, after)):
        return
    lines = remediate(running, intended, profile).lines()
    for end in [index + 1 for index, line in enumerate(lines) if line.startswith(("no permit", "no deny"))]:
        section = find(apply_lines(running, lines[:end], profile), (header,))
        assert section is not None
        assert any(_filters(child.text) for child in section.children)


def _filters(entry: str) -> bool:
    return not entry.startswith("remark")


@given(PAIRS)
@QUICK
def test_normal_stays_normal_and_text_comes_back_the_same(pair: Pair) -> None:
    profile, running, intended = pair
    assert normalise(running, profile) == running
    assert normalise(parse_config(to_text(running)), profile) == running
    assert (diff_text(running, intended) == "") == (set(walk(running)) == set(walk(intended)))


# A router, and a switch whose trunks need no encapsulation.
ON_A_DEVICE = st.sampled_from((ROUTER_IOS, L3SWITCH_IOSXE)).flatmap(
    lambda profile: st.tuples(st.just(profile), _configs(profile), _configs(profile))
)
BEYOND_THE_LAB = ("policy-map ", "ip domain lookup source", "frobnicate ")


def _for_a_device(config: Config) -> Config:
    """What the simulated device knows, and the process that its interfaces take part in."""
    nodes = [node for node in config.nodes if not node.text.startswith(BEYOND_THE_LAB)]
    if find(config, ("router ospf 1",)) is None:
        nodes.append(Node("router ospf 1", (Node("router-id 10.255.0.9"),)))
    return Config(
        tuple(
            Node(node.text, tuple(child for child in node.children if not child.text.startswith(BEYOND_THE_LAB)))
            for node in nodes
        )
    )


@given(ON_A_DEVICE)
@QUICK
def test_a_device_refuses_no_line_and_then_runs_what_is_intended(pair: Pair) -> None:
    profile, running, intended = (pair[0], _for_a_device(pair[1]), _for_a_device(pair[2]))
    declared = LabDevice(
        name="r1",
        platform="iosxe" if profile.platform == "iosxe" else "ios",
        kind="l3switch" if profile.switches else "router",
        interfaces=("GigabitEthernet1/0/1", "GigabitEthernet1/0/2", "GigabitEthernet1/0/3"),
        startup=to_text(running),
    )
    device = Device(declared, LabCredentials("admin", "admin"), MemoryStorage())
    remediation = remediate(_shown(device, profile), intended, profile)
    session = Configuration(device)
    waiting = None
    for line in remediation.text().splitlines():
        answer = waiting.then(line) if waiting else session.feed(line)
        waiting = answer.ask
        assert not judge(answer.text, command=line).is_error, f"{line}: {answer.text}"
    assert remediate(_shown(device, profile), intended, profile).lines() == ()


def _shown(device: Device, profile: Profile) -> Config:
    return normalise(parse_config(device.running_config()), profile)

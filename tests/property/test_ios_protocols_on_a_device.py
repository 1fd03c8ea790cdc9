"""Any BGP, EIGRP and access lists: a simulated device takes what is planned, and then runs what is intended."""

import os
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import DeviceKind, RoutedInterface
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.lab import device as lab
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

ENGINE = IosEngine(TemplateBundle.load())
NETWORK = Network("campus", created=True)
PORT = "GigabitEthernet0/0"
QUICK = settings(max_examples=int(os.environ.get("IOS_EXAMPLES", "25")), deadline=None)

LISTS = ("EDGE", "CORE", "10", "110")
PREFIXES = st.sampled_from(("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "192.0.2.0/24", "192.0.2.64/26"))
NETWORKS = st.lists(PREFIXES.map(IPv4Network), unique=True, max_size=4).map(tuple)
ADDRESSES = st.sampled_from(("any", "10.0.0.1", "10.0.0.0/24", "10.0.0.0 0.0.254.255", "0.0.0.0")).map(
    AclAddress.model_validate
)
PORTS = st.none() | st.sampled_from((80, "gt 1023", "lt 20", "range 53 80", 514)).map(AclPorts.model_validate)


@st.composite
def rules(draw: st.DrawFn, *, standard: bool) -> AclRule:
    action = draw(st.sampled_from(("permit", "deny")))
    if standard:
        return AclRule(sequence=1, action=action, source=draw(ADDRESSES), log=draw(st.booleans()))
    protocol = draw(st.sampled_from(("ip", "tcp", "udp", "icmp", "112")))
    ports = PORTS if protocol in ("tcp", "udp") else st.none()
    return AclRule(
        sequence=1,
        action=action,
        protocol=protocol,
        source=draw(ADDRESSES),
        source_ports=draw(ports),
        destination=draw(ADDRESSES),
        destination_ports=draw(ports),
        established=protocol == "tcp" and draw(st.booleans()),
        log=draw(st.booleans()),
    )


@st.composite
def access_lists(draw: st.DrawFn, name: str) -> AccessList:
    kinds = {"10": "standard", "110": "extended"}
    kind = kinds.get(name) or draw(st.sampled_from(("standard", "extended")))
    entries: list[AclRule | AclRemark] = list(
        draw(st.lists(rules(standard=kind == "standard"), min_size=1, max_size=5, unique=True))
    )
    for text in draw(st.lists(st.sampled_from(("web", "the rest")), unique=True)):
        entries.insert(draw(st.integers(0, len(entries))), AclRemark(sequence=1, text=text))
    numbered = (entry.model_copy(update={"sequence": number * 10}) for number, entry in enumerate(entries, start=1))
    return AccessList(name=name, kind=kind, entries=tuple(numbered))


@st.composite
def bgp_routers(draw: st.DrawFn) -> BgpRouter:
    own = draw(st.sampled_from((65001, 65546)))
    peers = draw(st.lists(st.integers(1, 4), unique=True, max_size=3))
    return BgpRouter(
        as_number=own,
        router_id=draw(st.sampled_from((None, IPv4Address("10.255.0.1"), IPv4Address("10.255.0.2")))),
        neighbors=tuple(draw(neighbors(peer, own)) for peer in peers),
        networks=draw(NETWORKS),
    )


@st.composite
def neighbors(draw: st.DrawFn, peer: int, own: int) -> BgpNeighbor:
    remote = draw(st.sampled_from((65001, 65002)))
    return BgpNeighbor(
        address=IPv4Address(f"203.0.113.{peer}"),
        remote_as=remote,
        description=draw(st.sampled_from((None, "provider", "no shutdown"))),
        update_source=draw(st.sampled_from((None, "Loopback0", PORT))),
        next_hop_self=draw(st.booleans()),
        ebgp_multihop=draw(st.sampled_from((None, 2, 255))) if remote != own else None,
    )


@st.composite
def eigrp_processes(draw: st.DrawFn, number: int) -> EigrpProcess:
    passive = draw(st.lists(st.sampled_from(("Loopback0", PORT)), unique=True))
    router_id = draw(st.sampled_from((None, IPv4Address("10.255.0.1"))))
    return EigrpProcess(
        as_number=number, router_id=router_id, networks=draw(NETWORKS), passive_interfaces=tuple(passive)
    )


@st.composite
def devices(draw: st.DrawFn, platform: str, *, switch: bool) -> Device:
    details = DeviceDetails(vendor="cisco", platform=platform)
    kind = DeviceKind.SWITCH if switch else DeviceKind.ROUTER
    device = Device("campus", "r1", "r1", kind, details, (PORT,), routing=True)
    lists = draw(st.lists(st.sampled_from(LISTS), unique=True))
    device.access_lists = {name: draw(access_lists(name)) for name in lists}
    group = st.sampled_from((None, *lists))
    for number, name in enumerate(("Loopback0", PORT)):
        device.interfaces[name] = RoutedInterface(
            addresses=(IPv4Interface(f"198.51.100.{number * 64 + 1}/26"),),
            access_group_in=draw(group),
            access_group_out=draw(group),
        )
    device.bgp = draw(st.none() | bgp_routers())
    device.eigrp = {number: draw(eigrp_processes(number)) for number in draw(st.sets(st.integers(1, 2)))}
    return device


@st.composite
def changes(draw: st.DrawFn) -> tuple[Device, Device]:
    platform, switch = draw(st.sampled_from((("ios", False), ("iosxe", False), ("iosxe", True))))
    return draw(devices(platform, switch=switch)), draw(devices(platform, switch=switch))


def boot(intent: Device) -> lab.Device:
    declared = LabDevice(
        name="r1",
        platform="iosxe" if intent.details.platform == "iosxe" else "ios",
        kind="l3switch" if intent.switches else "router",
        interfaces=intent.ports,
        startup="hostname r1\n",
    )
    return lab.Device(declared, LabCredentials("admin", "admin"), MemoryStorage())


def carry_out(device: lab.Device, intent: Device, formerly: str | None = None) -> str:
    """Plan, type, compare again: nothing is refused, and nothing is left to do. The rendered configuration."""
    rendered = ENGINE.render(intent, NETWORK)
    comparison = ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly)
    session = Configuration(device)
    for line in comparison.commands:
        assert not judge(session.feed(line).text, command=line).is_error, line
    assert ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly).commands == ()
    assert {change.path for change in comparison.changes if change.adds} <= {*ENGINE.paths(rendered)}
    return rendered


def protocol_headers(text: str) -> set[str]:
    """Processes and access lists in a configuration, in one form each."""
    words = (line.split() for line in text.splitlines())
    found = {" ".join(word[:3]) for word in words if word[:2] in (["router", "bgp"], ["router", "eigrp"])}
    for line in text.splitlines():
        if line.startswith("ip access-list "):
            found.add(f"access-list {line.split()[3]}")
        elif line.startswith("access-list "):
            found.add(f"access-list {line.split()[1]}")
    return found


@given(changes())
@QUICK
def test_a_device_takes_one_intent_after_another_and_keeps_nothing_of_the_first(pair: tuple[Device, Device]) -> None:
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    rendered = carry_out(device, second, formerly)
    assert protocol_headers(device.running_config()) == protocol_headers(rendered)


@given(changes())
@QUICK
def test_no_interface_ever_names_a_list_that_is_not_there(pair: tuple[Device, Device]) -> None:
    """But for a list that becomes one of the other kind, which people are told of."""
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    rendered = ENGINE.render(second, NETWORK)
    comparison = ENGINE.compare(second, device.running_config(), rendered, formerly=formerly)
    swapped = {
        name
        for name, acl in second.access_lists.items()
        if name in first.access_lists and first.access_lists[name].kind != acl.kind
    }
    assert all(any(f" {name}: " in text for text in comparison.warnings) for name in swapped)
    session = Configuration(device)
    for line in comparison.commands:
        session.feed(line)
        running = device.running_config()
        used = {text.split()[2] for text in running.splitlines() if text.startswith(" ip access-group ")}
        there = {header.split()[1] for header in protocol_headers(running) if header.startswith("access-list ")}
        assert used - there <= swapped

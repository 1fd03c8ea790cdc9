"""What no Linux server can have, whatever writes its configuration: names, ports and addresses that exclude others."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from cimnet_nornir.application.host_parts import HostBridge, HostInterface, HostSide
from cimnet_nornir.domain.hosting.values import Macvlan
from cimnet_nornir.errors import RuleViolated

# IFNAMSIZ of Linux is 16 with the zero at the end.
LONGEST_NAME = 15
# BR_MAX_PORTS of Linux is 1024, and port 0 is its own.
MOST_PORTS = 1023
# What the kernel (dev_valid_name) and systemd-networkd (ifname_valid) take, without what would be a pattern or an
# escape where a file of networkd is matched with interfaces.
_NAME = re.compile(r"(?!\.{1,2}\Z)(?!\d+\Z)[!-~]+")
# `all` and `default` are no interfaces where the kernel is told of them (sysctl); the others runtimes make themselves.
_RESERVED_INTERFACES = frozenset({"lo", "all", "default", "docker0", "docker_gwbridge", "podman0", "virbr0"})
_RESERVED_NETWORKS = {
    "docker": frozenset({"bridge", "host", "none", "ingress", "docker_gwbridge"}),
    "podman": frozenset({"bridge", "host", "none", "podman", "private", "pasta", "slirp4netns", "container", "ns"}),
}
_NOT_IN_NAMES = frozenset("/:%*?[]!\\")


def trunk_bridge(uplink: str) -> str:
    """The name of the one bridge of a trunk, where a server's bridges are VLAN-aware."""
    return f"br-{uplink}"


def uplinks_of(side: HostSide) -> tuple[str, ...]:
    """The network cards and bonds that carry VLANs."""
    return tuple(sorted({vlan.uplink for vlan in side.vlans}))


def members_of(side: HostSide) -> dict[str, str]:
    """The interfaces that are ports of a bridge, or members of a bond, with what they are in."""
    found = {bridge.port: bridge.name for bridge in side.bridges if bridge.port is not None}
    if side.vlan_aware:
        found |= {uplink: trunk_bridge(uplink) for uplink in uplinks_of(side)}
    found |= {vxlan.name: vxlan.bridge for vxlan in side.vxlans}
    return found | {member: bond.name for bond in side.bonds for member in bond.members}


def addressed(side: HostSide) -> tuple[HostBridge | HostInterface, ...]:
    """What can have addresses of the server's own."""
    return (*side.bridges, *side.interfaces)


def refuse_impossible(side: HostSide) -> None:
    """Raises RuleViolated for the first thing that no Linux server can have."""
    rules = (_names, _reserved, _bond_members, _members, _gateways, _default_routes, _crowds)
    for problem in chain.from_iterable(rule(side) for rule in rules):
        raise RuleViolated(f"{side.name}: {problem}", subject=side.name)


def _made(side: HostSide) -> Iterator[str]:
    """The names of the interfaces that the server is to make."""
    yield from (bond.name for bond in side.bonds)
    if side.vlan_aware:
        yield from (trunk_bridge(uplink) for uplink in uplinks_of(side))
    yield from (vlan.name for vlan in side.vlans)
    yield from (vxlan.name for vxlan in side.vxlans)
    yield from (bridge.name for bridge in side.bridges)


def _there(side: HostSide) -> set[str]:
    """The names of its network cards, as far as they are known."""
    cards = {card.name for card in side.cards} | {member for bond in side.bonds for member in bond.members}
    return cards | ({*uplinks_of(side)} - {bond.name for bond in side.bonds})


def _names(side: HostSide) -> Iterator[str]:
    made = Counter(_made(side))
    for name in sorted({*made, *_there(side), *(each.name for each in side.interfaces)}):
        if len(name) > LONGEST_NAME:
            yield f"the interface name {name} is too long for Linux: at most {LONGEST_NAME} characters"
        elif not _NAME.fullmatch(name) or _NOT_IN_NAMES & {*name}:
            yield f"{name!r} is no name of a Linux interface; write letters, digits, '_', '.' and '-'"
    for name, times in sorted(made.items()):
        if times > 1 or name in _there(side):
            yield f"two interfaces are named {name}; name a bridge of one's own (bridge: …), another VXLAN id or bond"


def _reserved(side: HostSide) -> Iterator[str]:
    """Names that the kernel or a runtime has for itself."""
    for name in sorted({*_made(side), *_there(side)} & _RESERVED_INTERFACES):
        yield f"{name} is a name that Linux, Docker, Podman or libvirt has for itself; take another"
    for network in side.container_networks:
        if network.name in _RESERVED_NETWORKS[network.runtime]:
            yield f"{network.name} is a network that {network.runtime} has by itself; name it otherwise"


def _bond_members(side: HostSide) -> Iterator[str]:
    members = Counter(member for bond in side.bonds for member in bond.members)
    yield from (f"{member} is in two bonds" for member, times in sorted(members.items()) if times > 1)
    bonds = {member: bond.name for bond in side.bonds for member in bond.members}
    for used in sorted({*uplinks_of(side), *(bridge.port or "" for bridge in side.bridges)} & {*bonds}):
        yield f"{used} is a member of {bonds[used]}; what is on it goes on {bonds[used]}"


def _members(side: HostSide) -> Iterator[str]:
    """A member hands all that it receives to its bridge or bond: an address on it would not be reached."""
    members = members_of(side)
    for interface in side.interfaces:
        if interface.addresses and interface.name in members:
            inside = members[interface.name]
            yield f"{interface.name} is in {inside} and can have no address; give it to {inside}, or a VLAN"
    for network in side.container_networks:
        if isinstance(network.driver, Macvlan) and network.interface in members:
            inside = members[network.interface]
            yield f"{network.interface} is in {inside} and cannot be the parent of the macvlan network {network.name}"


def _gateways(side: HostSide) -> Iterator[str]:
    """With the gateway's address the server would draw the traffic of the whole VLAN."""
    gateways = {each.gateway: each.vlan for each in side.container_networks if each.vlan is not None}
    gateways |= {each.gateway: each.vlan for each in side.vm_networks if each.vlan and each.gateway}
    for each in addressed(side):
        for address in each.addresses:
            if address.ip in gateways:
                yield f"{each.name} cannot have {address.ip}: that is the gateway of VLAN {gateways[address.ip]}"


def _default_routes(side: HostSide) -> Iterator[str]:
    found = [(each.name, each.gateway) for each in addressed(side) if each.gateway is not None]
    if len({gateway for _, gateway in found}) > 1:
        routes = ", ".join(f"{gateway} on {name}" for name, gateway in found)
        yield f"there are several default gateways ({routes}); keep one"


def _crowds(side: HostSide) -> Iterator[str]:
    for bridge in side.bridges:
        ports = _ports(side, bridge)
        if ports > MOST_PORTS:
            yield f"{bridge.name} would have {ports} ports; a bridge of Linux has at most {MOST_PORTS}"


def _ports(side: HostSide, bridge: HostBridge) -> int:
    def attached(users: Iterable[tuple[str | None, int]]) -> int:
        return sum(number for interface, number in users if interface == bridge.name)

    tunnels = attached((vxlan.bridge, 1) for vxlan in side.vxlans)
    # Those of a macvlan network are on what it hangs on, and no ports of it.
    users = (each for each in side.container_networks if not isinstance(each.driver, Macvlan))
    containers = attached((each.interface, len(each.containers)) for each in users)
    machines = attached((each.bridge, len(each.vms)) for each in side.vm_networks)
    return (bridge.port is not None) + tunnels + containers + machines

"""What a command on a container or VM network comes to: events of its own stream, and what switches have to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TypeVar

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork, HostingEvent, VmNetwork
from cimnet_nornir.domain.hosting.placement import Gateway, gateways
from cimnet_nornir.domain.hosting.requirements import require_usable_gateway
from cimnet_nornir.domain.hosting.trunks import carry, extend, give_up
from cimnet_nornir.domain.hosting.values import Extension, Uplink, usable
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import RuleViolated

_Hosted = TypeVar("_Hosted", ContainerNetwork, VmNetwork)
InUse = Callable[[Iterable[IPv4Address]], frozenset[IPv4Address]]
"""Of addresses, those that somebody in the network has."""


@dataclass(frozen=True, slots=True)
class Decided:
    """`events` go to the network's own stream, `assigned` to that of the whole network, `commands` to switches.

    `read` are the ids of devices that the decision stands on.
    """

    events: tuple[HostingEvent, ...] = ()
    assigned: tuple[e.HostsAssigned, ...] = ()
    commands: tuple[c.DeviceCommand, ...] = ()
    read: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Segment:
    """The layer-3 side of a network of hosts: its subnet, the part that addresses are given from, its gateway.

    `interfaces` are the layer-3 interfaces of its VLAN.
    """

    subnet: IPv4Network
    pool: IPv4Network
    gateway: IPv4Address
    interfaces: tuple[Gateway, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the layer-3 side of a network; `present` is the pool and gateway that it has."""

    name: str
    subnet: IPv4Network | None
    gateway: IPv4Address | None
    present: tuple[IPv4Network, IPv4Address] | None = None


def segment_of(network: Network, asked: Asked, vlan: int | None, switches: Iterable[str]) -> Segment:
    """The subnet and gateway of a network of hosts.

    On a VLAN they are those of the VLAN's nearest layer-3 interface. Where there is none yet, the subnet is the one
    asked for and the gateway its first address. Raises RuleViolated where there is no subnet, one that is not within
    the VLAN's, or a gateway that cannot be.
    """
    interfaces = gateways(network, switches, vlan) if vlan is not None else ()
    networks = tuple(dict.fromkeys(found.address.network for found in interfaces))
    pool = asked.subnet or (networks[0] if networks else asked.present[0] if asked.present else None)
    if pool is None:
        why = f"VLAN {vlan} has no layer-3 interface that routes yet" if vlan is not None else "it is on no VLAN"
        raise RuleViolated(f"the network {asked.name} needs a subnet, for {why}", subject=asked.name)
    subnet = next((other for other in networks if pool.subnet_of(other)), None if networks else pool)
    if subnet is None:
        raise RuleViolated(
            f"{pool} of the network {asked.name} is not within {networks[0]} of VLAN {vlan} ({interfaces[0].place})",
            subject=str(pool),
        )
    gateway = asked.gateway or _gateway(subnet, interfaces, asked)
    require_usable_gateway(network, asked.name, subnet, gateway)
    return Segment(subnet, pool, gateway, tuple(found for found in interfaces if found.address.network == subnet))


def _gateway(subnet: IPv4Network, interfaces: tuple[Gateway, ...], asked: Asked) -> IPv4Address:
    own = [found.address.ip for found in interfaces if found.address.network == subnet]
    present = asked.present[1] if asked.present is not None and asked.present[1] in subnet else None
    if own:
        return present if present in own and present is not None else own[0]
    return present or usable(subnet)[0]


def ports_of(
    network: Network, hosted: HostedNetwork | None, vlan: int | None, uplinks: dict[str, Uplink]
) -> tuple[tuple[c.DeviceCommand, ...], Extension]:
    """What switches have to do so that a VLAN reaches these hosts, and what was extended for it.

    `hosted` is the network as it is; its uplinks that are there no more give the VLAN up.
    """
    kept = hosted.uplinks if hosted is not None and hosted.settings.vlan == vlan else {}
    before = hosted.settings.extension if hosted is not None and hosted.settings.vlan == vlan else Extension()
    gone = [old for old in hosted.uplinks.values() if old not in uplinks.values() or not kept] if hosted else []
    given_up = [command for old in gone if hosted is not None for command in give_up(network, hosted, old)]
    if vlan is None or not uplinks:
        return tuple(given_up), Extension()
    left = {(item.device, item.port): item for item in given_up}
    carried = [carry(network, uplink, vlan, after=left) for _, uplink in sorted(uplinks.items())]
    onward, extension = extend(network, vlan, {uplink.switch for uplink in uplinks.values()}, before)
    return (*given_up, *carried, *onward), extension


def read_of(hosts: Iterable[str], uplinks: dict[str, Uplink], segment: Segment | None) -> frozenset[str]:
    """The devices that a decision stands on: hosts, their switches, and those that route for them."""
    routing = {found.device for found in segment.interfaces} if segment is not None else set()
    return frozenset({*hosts, *(uplink.switch for uplink in uplinks.values()), *routing})


def assigned(hosted: HostedNetwork) -> e.HostsAssigned:
    """The event that tells the whole network who carries a network of hosts."""
    settings = hosted.settings
    kind = "container network" if isinstance(hosted, ContainerNetwork) else "VM network"
    fields = {"kind": kind, "name": hosted.name, "hosts": tuple(sorted(settings.hosts)), "vlan": settings.vlan}
    return e.HostsAssigned.model_validate(fields)


def becoming(
    network: Network,
    present: _Hosted | None,
    wanted: _Hosted,
    segment: Segment | None,
    event: Callable[[_Hosted | None, _Hosted], HostingEvent],
) -> Decided:
    """What makes a network of hosts (None: there is none yet) the wanted one.

    The settings of `wanted` then tell what was extended; `event` tells the difference in the network's own stream.
    """
    commands, extension = ports_of(network, present, wanted.settings.vlan, wanted.uplinks)
    wanted.settings = wanted.settings.model_copy(update={"extension": extension})
    read = read_of(wanted.settings.hosts, wanted.uplinks, segment)
    if present is not None and wanted.settings == present.settings:
        return Decided(commands=commands, read=read)
    told = () if present is not None and _carried_alike(present, wanted) else (assigned(wanted),)
    return Decided((event(present, wanted),), told, commands, read)


def _carried_alike(one: HostedNetwork, other: HostedNetwork) -> bool:
    return (one.settings.vlan, set(one.settings.hosts), one.uplinks) == (
        other.settings.vlan,
        set(other.settings.hosts),
        other.uplinks,
    )

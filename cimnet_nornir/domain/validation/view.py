"""A network as rules look at it: what they look up is gathered once, when it is first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Interface, IPv4Network
from typing import TypeVar, cast

from cimnet_nornir.domain.bundles import logical_links
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.interfaces import tagged_at
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.routing_view import ospf_at
from cimnet_nornir.domain.tables import vrf_of
from cimnet_nornir.domain.values import AccessMode, OspfInterface, PortConfiguration, RoutedInterface, TrunkMode

Gathered = TypeVar("Gathered")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: a device, its port, and what the intent says of the port."""

    device: Device
    port: str

    @property
    def switched(self) -> PortConfiguration | None:
        """The port as a switch port; None where nobody configured it as one."""
        return self.device.switch_ports.get(self.port)

    @property
    def routed(self) -> RoutedInterface | None:
        """The port as a layer-3 interface."""
        return self.device.interfaces.get(self.port)

    @property
    def trunk(self) -> TrunkMode | None:
        mode = self.switched.switching if self.switched else None
        return mode if isinstance(mode, TrunkMode) else None

    @property
    def access(self) -> AccessMode | None:
        mode = self.switched.switching if self.switched else None
        return mode if isinstance(mode, AccessMode) else None

    @property
    def ospf(self) -> OspfInterface | None:
        return ospf_at(self.device, self.port)

    @property
    def configured(self) -> bool:
        """Whether the intent says anything of the port."""
        return self.switched is not None or self.routed is not None or bool(self.tags)

    @property
    def enabled(self) -> bool:
        """Whether the port is not shut; one that nobody speaks of is not."""
        told = self.switched or self.routed
        return told is None or told.enabled

    @property
    def tags(self) -> dict[int, str]:
        """The sub-interfaces of the port by the VLAN they are tagged with."""
        return tagged_at(self.device, self.port)

    def __str__(self) -> str:
        return f"{self.device.name} {self.port}"


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """The two ends of a link; `near` is the lesser one, at which findings are told unless the far one is at fault."""

    near: End
    far: End

    @property
    def both_ways(self) -> tuple[tuple[End, End], tuple[End, End]]:
        """Each end with the other."""
        return (self.near, self.far), (self.far, self.near)


@dataclass(frozen=True, slots=True)
class Placed:
    """An address on an interface; `up` tells whether the interface is enabled."""

    device: Device
    interface: str
    address: IPv4Interface
    up: bool

    @property
    def subnet(self) -> IPv4Network:
        return self.address.network

    def __str__(self) -> str:
        return f"{self.device.name} {self.interface}"


@dataclass(frozen=True, slots=True)
class PoolSubnet:
    """A subnet of an address pool; `kind` is "allocated" or "reserved", `vlan` the one that it was allocated for."""

    pool: str
    prefix: IPv4Network
    kind: str
    vlan: int | None = None


class NetworkView:
    """A network, read only. Rules share what is gathered here; `remember` keeps what one of them gathers for others.

    `subnets` are those of address pools, where they were looked up.
    """

    def __init__(self, network: Network, subnets: Iterable[PoolSubnet] = ()) -> None:
        self.network = network
        self.subnets = tuple(sorted(subnets, key=lambda each: int(each.prefix.network_address)))
        self._kept: dict[object, object] = {}

    @cached_property
    def devices(self) -> Mapping[str, Device]:
        """The devices by id, in the order of their ids."""
        return {name: self.network.devices[name] for name in sorted(self.network.devices)}

    @cached_property
    def links(self) -> tuple[LinkEnds, ...]:
        """The links whose devices are both there, in order; those of two bundles are one."""
        return tuple(ends for link in sorted(logical_links(self.network)) if (ends := self._ends(link)) is not None)

    @cached_property
    def linked(self) -> Mapping[str, tuple[tuple[End, End], ...]]:
        """By device id, each linked port of a device with the other end."""
        found: dict[str, list[tuple[End, End]]] = {}
        for link in self.links:
            for near, far in link.both_ways:
                found.setdefault(near.device.id, []).append((near, far))
        return {device: tuple(ends) for device, ends in found.items()}

    @cached_property
    def addresses(self) -> tuple[Placed, ...]:
        """Every address of every interface, device by device; those in a VRF are a matter of its own."""
        return tuple(
            Placed(device, name, address, interface.enabled)
            for device in self.devices.values()
            for name, interface in device.interfaces.items()
            if not vrf_of(device, name)
            for address in interface.addresses
        )

    def remember(self, gather: "Callable[[NetworkView], Gathered]") -> Gathered:
        """What a function makes of this view; called once, however many rules ask."""
        if gather not in self._kept:
            self._kept[gather] = gather(self)
        return cast("Gathered", self._kept[gather])

    def neighbours(self, device: Device) -> Iterator[tuple[End, End]]:
        """Each linked port of the device with the other end."""
        yield from self.linked.get(device.id, ())

    def _ends(self, link: Link) -> LinkEnds | None:
        near, far = self.network.devices.get(link.a[0]), self.network.devices.get(link.b[0])
        return None if near is None or far is None else LinkEnds(End(near, link.a[1]), End(far, link.b[1]))

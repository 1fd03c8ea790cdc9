"""What container and VM networks ask of switches, added to what somebody wants of these: nobody has to write it.

A definition says what it wants of a port; that the port is a trunk with a host's VLAN follows from the networks of the
host. Both hold at once, so that neither takes away what the other brings.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.bundles import has_port, logical_link
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import ContainerNetwork, HostedNetwork
from cimnet_nornir.domain.hosting.placement import cable, hosted_networks
from cimnet_nornir.domain.hosting.trunks import with_vlans
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortConfiguration, TrunkMode
from cimnet_nornir.errors import RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork

End = tuple[str, str]
Needs = Mapping[End, frozenset[int]]
"""The VLANs that ports, by device id and name, have to carry."""


@dataclass(frozen=True, slots=True)
class Cables:
    """The links of hosts with uplinks, as what they join: those that are there, and those that are to be there."""

    present: AbstractSet[Link]
    wanted: AbstractSet[Link]

    @classmethod
    def of(cls, network: Network, desired: "DesiredNetwork", *, prune: bool) -> "Cables":
        """Gathered once, for every uplink is asked about."""
        hosts = {host for hosted in hosted_networks(network) for host in hosted.uplinks}
        present = {link for host in hosts for link in network.links_of(host)}
        taken = frozenset(end for wanted in desired.links for end in (wanted.a, wanted.b))
        kept = {link for link in present if not prune and not taken & {link.a, link.b}}
        wanted = kept | {link for link in desired.links if hosts & {link.a[0], link.b[0]}}
        ends = {end[0] for link in present | wanted for end in (link.a, link.b)}
        now = {identity: network.devices[identity] for identity in ends if identity in network.devices}
        then: dict[str, Device | DesiredDevice] = {**now, **dict(_with_bundles(now, desired, prune=prune))}
        return cls({logical_link(now, link) for link in present}, {logical_link(then, link) for link in wanted})

    def keep(self, host: str, uplink: Uplink) -> bool:
        """Whether the cables of an uplink are there, and will be."""
        link = cable(host, uplink)
        return link in self.present and link in self.wanted


def _with_bundles(
    present: Mapping[str, Device], desired: "DesiredNetwork", *, prune: bool
) -> Iterator[tuple[str, "DesiredDevice"]]:
    """The named devices with the bundles that they will have."""
    for wanted in desired.devices:
        device = present.get(wanted.id)
        if device is None or prune:
            yield wanted.id, wanted
        else:
            channels = {**device.port_channels, **wanted.port_channels}
            yield wanted.id, replace(wanted, port_channels=channels, bonds={**device.bonds, **wanted.bonds})


def moved_networks(network: Network, desired: "DesiredNetwork", *, prune: bool) -> frozenset[str]:
    """The names of networks of hosts whose cables or gateway will be others, so that they have to follow."""
    addresses, cables = _gateway_changes(network, desired), Cables.of(network, desired, prune=prune)
    return frozenset(
        hosted.name
        for hosted in hosted_networks(network)
        if hosted.settings.gateway in addresses
        or any(not cables.keep(host, uplink) for host, uplink in hosted.uplinks.items())
    )


def _gateway_changes(network: Network, desired: "DesiredNetwork") -> frozenset[object]:
    """The addresses that interfaces of named devices have now and will not have."""
    found: set[object] = set()
    for wanted in desired.devices:
        device = network.devices.get(wanted.id) if hosted_networks(network) else None
        for name, routed in device.interfaces.items() if device is not None else ():
            new = wanted.interfaces.get(name)
            if new is not None and new != routed:
                found |= {address.ip for address in routed.addresses} - {address.ip for address in new.addresses}
    return frozenset(found)


def with_derived(network: Network, desired: "DesiredNetwork", *, prune: bool) -> "DesiredNetwork":
    """What is desired, and what the networks of hosts that stay need of the switches besides."""
    kept = [hosted for hosted in hosted_networks(network) if _is_kept(hosted, desired, prune=prune)]
    if not kept:
        return desired
    uplinks = _needs(
        (uplink.switch, uplink.port, vlan) for uplink, vlan in _staying(kept, Cables.of(network, desired, prune=prune))
    )
    trunks = _needs(_extended(kept))
    vlans = _needs(
        (name, "", hosted.settings.vlan or 0) for hosted in kept for name in hosted.settings.extension.switches
    )
    gone = _needs(
        (uplink.switch, uplink.port, hosted.settings.vlan or 0)
        for hosted in hosted_networks(network)
        if hosted not in kept
        for uplink in hosted.uplinks.values()
    )
    devices = tuple(
        _with(network.devices.get(wanted.id), wanted, (uplinks, trunks, vlans, gone)) for wanted in desired.devices
    )
    return replace(desired, devices=devices)


def _is_kept(hosted: HostedNetwork, desired: "DesiredNetwork", *, prune: bool) -> bool:
    """Whether it stays on its VLAN. With all its settings told again, all is told of the switches too."""
    wishes = desired.container_networks if isinstance(hosted, ContainerNetwork) else desired.vm_networks
    wish = next((wish for wish in wishes if wish.name == hosted.name), None)
    if wish is None:
        return not prune
    return wish.settings is None and wish.wish.vlan == hosted.settings.vlan


def _staying(kept: Iterable[HostedNetwork], cables: Cables) -> Iterator[tuple[Uplink, int]]:
    for hosted in kept:
        for host, uplink in hosted.uplinks.items():
            if hosted.settings.vlan is not None and cables.keep(host, uplink):
                yield uplink, hosted.settings.vlan


def _extended(kept: Iterable[HostedNetwork]) -> Iterator[tuple[str, str, int]]:
    for hosted in kept:
        for trunk in hosted.settings.extension.trunks:
            yield trunk.switch, trunk.port, hosted.settings.vlan or 0


def _needs(wanted: Iterable[tuple[str, str, int]]) -> Needs:
    found: dict[End, frozenset[int]] = {}
    for device, port, vlan in wanted:
        found[device, port] = found.get((device, port), frozenset()) | {vlan}
    return found


def _with(device: Device | None, wanted: "DesiredDevice", needs: tuple[Needs, Needs, Needs, Needs]) -> "DesiredDevice":
    if device is None or not device.switches or wanted.kind is not DeviceKind.SWITCH:
        return wanted
    uplinks, trunks, vlans, gone = needs
    ports = dict(wanted.switch_ports)
    for port, present in device.switch_ports.items():
        end = (device.id, port)
        if port in wanted.interfaces or (end not in uplinks and end not in trunks):
            continue
        if not has_port(wanted, wanted.ports, port):
            continue
        if port not in ports:
            ports[port] = present
        elif end in uplinks:
            ports[port] = _edge(device, port, ports[port], uplinks[end], gone.get(end, frozenset()))
        else:
            ports[port] = _allowing(ports[port], trunks[end])
    own = {vlan: device.vlans[vlan] for vlan in vlans.get((device.id, ""), ()) if vlan in device.vlans}
    return replace(wanted, switch_ports=ports, vlans={**own, **wanted.vlans})


def _edge(
    device: Device, port: str, wanted: PortConfiguration, vlans: frozenset[int], gone: frozenset[int]
) -> PortConfiguration:
    """The port as a trunk with the VLANs of its host; what the wish leaves open stays as it was chosen once.

    The VLANs of networks that go (`gone`) go from it too.
    """
    present = device.switch_ports[port].switching
    mode = wanted.switching
    left_open = mode is None or (isinstance(mode, AccessMode) and mode.vlan in vlans)
    if left_open and wanted.enabled and isinstance(present, TrunkMode) and vlans <= (present.allowed or vlans):
        allowed = None if present.allowed is None else present.allowed - (gone - vlans)
        return wanted.model_copy(update={"switching": present.model_copy(update={"allowed": allowed})})
    try:
        return with_vlans(device, port, wanted, vlans) or wanted
    except RuleViolated:
        # It cannot be: the wish is carried out as it is, and then refused for what it takes away.
        return wanted


def _allowing(wanted: PortConfiguration, vlans: frozenset[int]) -> PortConfiguration:
    mode = wanted.switching
    if not isinstance(mode, TrunkMode) or mode.allowed is None:
        return wanted
    return wanted.model_copy(update={"switching": mode.model_copy(update={"allowed": mode.allowed | vlans})})


def removed_ends(network: Network, commands: Iterable[c.HostingCommand]) -> frozenset[End]:
    """The switch ports of networks that commands remove."""
    removed = {command.name for command in commands if isinstance(command, _REMOVING)}
    return _ends(hosted for hosted in hosted_networks(network) if hosted.name in removed)


def left_ends(network: Network, desired: "DesiredNetwork", *, prune: bool) -> frozenset[End]:
    """The switch ports that hosts leave, so that their networks will give them up."""
    cables = Cables.of(network, desired, prune=prune)
    uplinks = (item for hosted in hosted_networks(network) for item in hosted.uplinks.items())
    return frozenset((uplink.switch, uplink.port) for host, uplink in uplinks if not cables.keep(host, uplink))


def _ends(networks: Iterable[HostedNetwork]) -> frozenset[End]:
    return frozenset((uplink.switch, uplink.port) for hosted in networks for uplink in hosted.uplinks.values())


def ports_again(desired: "DesiredNetwork", ends: frozenset[End]) -> Iterator[c.ConfigurePort]:
    """What is said of ports, once more after networks gave them up."""
    for wanted in desired.devices:
        for port, configuration in wanted.switch_ports.items():
            if (wanted.id, port) in ends:
                yield c.ConfigurePort(device=wanted.id, port=port, configuration=configuration)


_REMOVING = c.RemoveContainerNetwork | c.RemoveVmNetwork

"""Switch ports under hosts: how a port becomes a trunk that carries a VLAN, and what it is when the VLAN goes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.hosting.placement import hosted_networks, uplinks_at
from cimnet_nornir.domain.hosting.values import Extension, SwitchPort, Uplink
from cimnet_nornir.domain.layer2 import DEFAULT_VLAN
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.trunks import edge_port_with
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode
from cimnet_nornir.domain.vlans import commands_to_create

_NOTHING = PortConfiguration()


def with_vlan(switch: Device, port: str, present: PortConfiguration | None, vlan: int) -> PortConfiguration:
    """A switch port as a trunk that carries a VLAN tagged; a trunk keeps what it carries.

    A port that nobody configured, or one for hosts in that VLAN, gets the native VLAN that most trunks of the switch
    have, so that nothing that comes untagged gets into the VLAN. An access port of another VLAN has that as native one.
    Raises RuleViolated where the port is shut, or its native VLAN is the one to be carried.
    """
    base = present or _NOTHING
    mode = base.switching
    if mode is None or (isinstance(mode, AccessMode) and mode.vlan == vlan):
        native = _usual_native(switch, vlan)
        # What nobody configured was in VLAN 1 until now, and may be how the host itself is reached.
        kept = {DEFAULT_VLAN} if mode is None and native == DEFAULT_VLAN else set()
        base = base.model_copy(update={"switching": TrunkMode(native_vlan=native, allowed=frozenset(kept))})
    return edge_port_with(base, vlan, where=f"{switch.name} {port}")


def _usual_native(switch: Device, vlan: int) -> int:
    modes = (port.switching for port in switch.switch_ports.values())
    counted = Counter(mode.native_vlan for mode in modes if isinstance(mode, TrunkMode) and mode.native_vlan != vlan)
    return min(counted, key=lambda native: (-counted[native], native), default=DEFAULT_VLAN)


def with_vlans(
    switch: Device, port: str, present: PortConfiguration | None, vlans: Iterable[int]
) -> PortConfiguration | None:
    """The same for several VLANs; as it is where there are none."""
    for vlan in sorted(vlans):
        present = with_vlan(switch, port, present, vlan)
    return present


PortCommand = c.ConfigurePort | c.ResetPort


def carry(
    network: Network, uplink: Uplink, vlan: int, *, after: Mapping[tuple[str, str], PortCommand]
) -> c.ConfigurePort:
    """The command that makes a switch port carry a VLAN to its host, `after` commands for ports were carried out."""
    switch = network.devices[uplink.switch]
    present = switch.switch_ports.get(uplink.port)
    changed = after.get((uplink.switch, uplink.port))
    if changed is not None:
        present = changed.configuration if isinstance(changed, c.ConfigurePort) else None
    configuration = with_vlan(switch, uplink.port, present, vlan)
    return c.ConfigurePort(device=switch.id, port=uplink.port, configuration=configuration)


def give_up(network: Network, hosted: HostedNetwork, uplink: Uplink) -> Iterator[PortCommand]:
    """The command that takes a network's VLAN off a switch port: back to what it was, where nobody changed it since.

    None where the port or the VLAN is gone from there, or another network of the host still needs the VLAN.
    """
    switch, vlan = network.devices.get(uplink.switch), hosted.settings.vlan
    others = [other for other in hosted_networks(network) if other is not hosted]
    needed = {other.settings.vlan for other in others if any(uplinks_at((other,), uplink.switch, uplink.port))}
    present = switch.switch_ports.get(uplink.port) if switch is not None else None
    if switch is None or vlan is None or present is None or vlan in needed:
        return
    new = _without(switch, uplink, present, vlan, frozenset(other for other in needed if other is not None))
    if new is None:
        yield c.ResetPort(device=switch.id, port=uplink.port)
    elif new != present:
        yield c.ConfigurePort(device=switch.id, port=uplink.port, configuration=new)


def _without(
    switch: Device, uplink: Uplink, present: PortConfiguration, vlan: int, needed: frozenset[int]
) -> PortConfiguration | None:
    mode = present.switching
    if not isinstance(mode, TrunkMode) or mode.allowed is None or vlan not in mode.allowed:
        return present
    # The port itself does not count when its usual native VLAN is found again.
    rest = {name: port for name, port in switch.switch_ports.items() if name != uplink.port}
    around = replace(switch, switch_ports=rest)
    if _still_there(uplink.was, switch) and with_vlans(around, uplink.port, uplink.was, needed | {vlan}) == present:
        return with_vlans(around, uplink.port, uplink.was, needed)
    return present.model_copy(update={"switching": mode.model_copy(update={"allowed": mode.allowed - {vlan}})})


def _still_there(was: PortConfiguration | None, switch: Device) -> bool:
    """Whether what a port was can be said of it again: its VLAN may have gone since, and a shut port takes none."""
    if was is None:
        return True
    if not was.enabled:
        return False
    mode = was.switching
    vlan = mode.vlan if isinstance(mode, AccessMode) else mode.native_vlan if mode is not None else DEFAULT_VLAN
    return vlan == DEFAULT_VLAN or vlan in switch.vlans


def extend(
    network: Network, vlan: int, switches: Iterable[str], before: Extension
) -> tuple[tuple[c.DeviceCommand, ...], Extension]:
    """What carries a VLAN on from the hosts' switches to where it is in use, and what of that is only for these hosts.

    `before` is what was extended for them until now. Raises NoLayer2Path where no cables join two of the switches.
    """
    wanted = c.CreateVlanOnSwitches(vlan=vlan, switches=tuple(sorted(set(switches))))
    commands = commands_to_create(_unextended(network, vlan, before), wanted)
    trunks = (SwitchPort(switch=item.device, port=item.port) for item in commands if isinstance(item, c.ConfigurePort))
    created = (item.device for item in commands if isinstance(item, c.CreateVlan) and item.vlan == vlan)
    extension = Extension(trunks=tuple(trunks), switches=tuple(created))
    return commands_to_create(network, wanted), extension


def _unextended(network: Network, vlan: int, before: Extension) -> Network:
    """The network as if nothing had been extended."""
    if before == Extension():
        return network
    devices = dict(network.devices.items())
    for name in {*before.switches, *(trunk.switch for trunk in before.trunks)} & devices.keys():
        ports = dict(devices[name].switch_ports)
        for port in {trunk.port for trunk in before.trunks if trunk.switch == name} & ports.keys():
            ports[port] = _not_allowing(ports[port], vlan)
        vlans = {
            known: label for known, label in devices[name].vlans.items() if known != vlan or name not in before.switches
        }
        devices[name] = replace(devices[name], switch_ports=ports, vlans=vlans)
    return replace(network, devices=devices)


def _not_allowing(port: PortConfiguration, vlan: int) -> PortConfiguration:
    mode = port.switching
    if not isinstance(mode, TrunkMode) or mode.allowed is None:
        return port
    return port.model_copy(update={"switching": mode.model_copy(update={"allowed": mode.allowed - {vlan}})})

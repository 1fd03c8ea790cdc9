"""A device as it was read, cut down to what intent can have: what a rule of the domain refuses is left out of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from pydantic import ValidationError

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.decide_bundles import refuse_stray_members
from cimnet_nornir.domain.decide_protocols import refuse_stray_protocols
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.sharing import SharedAddresses
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.restoring import desired_device
from cimnet_nornir.domain.tables import vrf_of
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import CimnetError

# What is tried is tried by itself, whatever network it is for.
_ID, _NETWORK = "device", "trial"


def fitting(device: Device) -> Device:
    """The device without what its own rules refuse; addresses that stand on two of its interfaces are told as shared.

    A part is left out alone: of an interface whose access list is not there, the access group.
    """
    wanted = replace(desired_device(device), id=_ID, vlans=dict(_creatable(device)))
    working = Working(Network(_NETWORK, created=True))
    for command in commands_between(Network(_NETWORK, created=True), DesiredNetwork(_NETWORK, (wanted,))):
        _execute(working, command)
    found = working.network.devices[_ID]
    _settle(found)
    found.id, found.network = device.id, device.network
    return found


def _creatable(device: Device) -> Iterator[tuple[int, str | None]]:
    for vlan, name in device.vlans.items():
        if _tried(partial(c.CreateVlan, device=_ID, vlan=vlan, name=name)):
            yield vlan, name


def _tried(act: Callable[[], object]) -> bool:
    """Whether something is not refused."""
    try:
        act()
    except (CimnetError, ValidationError):
        return False
    return True


def _execute(working: Working, command: c.Command) -> None:
    """Carry out a command as whole as it is allowed."""
    for each in _lesser(command):
        if _tried(partial(working.execute, each)):
            return


def _lesser(command: c.Command) -> Iterator[c.Command]:
    """A command, and those that ask for ever less of the same."""
    yield command
    match command:
        case c.ConfigureRouterInterface(configuration=whole):
            for part in _lesser_interfaces(whole):
                yield command.model_copy(update={"configuration": part})
        case c.ConfigurePort(configuration=port):
            yield command.model_copy(update={"configuration": port.model_copy(update={"switching": None})})
        case _:
            return


def _lesser_interfaces(whole: RoutedInterface) -> Iterator[RoutedInterface]:
    for names in (
        ("access_group_in",),
        ("access_group_out",),
        ("access_group_in", "access_group_out"),
        ("ospf",),
        ("access_group_in", "access_group_out", "ospf"),
    ):
        yield whole.model_copy(update=dict.fromkeys(names))
    yield RoutedInterface(description=whole.description, enabled=whole.enabled)


# --- what holds over the whole device ---------------------------------------------------------------------------------


def _settle(device: Device) -> None:
    _share_overlaps(device)
    own = {address.ip for item in device.interfaces.values() for address in item.addresses}
    device.routes = tuple(route for route in device.routes if route.next_hop not in own)
    _drop_stray_protocols(device)
    if not _tried(partial(refuse_stray_members, device)):
        device.port_channels = {}
    for identity, setting in list(device.features.items()):
        if not _tried(partial(setting.check, device)):
            del device.features[identity]


def _share_overlaps(device: Device) -> None:
    """Tell of interfaces whose subnets overlap in one table: where one is shut, a device may have them so."""
    placed = [(name, address.network) for name, item in device.interfaces.items() for address in item.addresses]
    for index, (name, subnet) in enumerate(placed):
        for other, taken in placed[:index]:
            if other != name and subnet.overlaps(taken) and vrf_of(device, name) == vrf_of(device, other):
                for each in (name, other):
                    setting = SharedAddresses(interface=each)
                    device.features[setting.identity] = setting


def _drop_stray_protocols(device: Device) -> None:
    if _tried(partial(refuse_stray_protocols, device)):
        return
    bgp, eigrp, ospf = device.bgp, device.eigrp, device.ospf
    device.bgp, device.eigrp, device.ospf = None, {}, {}
    for number, routing in ospf.items():
        device.ospf[number] = routing
        if not _tried(partial(refuse_stray_protocols, device)):
            del device.ospf[number]
    for number, process in eigrp.items():
        device.eigrp[number] = process
        if not _tried(partial(refuse_stray_protocols, device)):
            del device.eigrp[number]
    device.bgp = bgp
    if not _tried(partial(refuse_stray_protocols, device)):
        device.bgp = None

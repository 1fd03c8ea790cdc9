"""What can be asked of a device besides its configuration."""

from cimnet_nornir.domain.events.devices import DeviceDetails
from cimnet_nornir.domain.values import HostName, Identifier, InterfaceName, Line, Value


class ForDevice(Value):
    """Base of what is asked of one device; `device` is its id."""

    device: Identifier


class AddRouter(ForDevice):
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()


class AddSwitch(ForDevice):
    name: HostName
    details: DeviceDetails
    ports: tuple[InterfaceName, ...] = ()
    routing: bool = False


class RenameDevice(ForDevice):
    name: HostName


class ChangeDeviceDetails(ForDevice):
    details: DeviceDetails


class AddPorts(ForDevice):
    ports: tuple[InterfaceName, ...]


class RemovePorts(ForDevice):
    ports: tuple[InterfaceName, ...]


class EnableRouting(ForDevice):
    pass


class DisableRouting(ForDevice):
    pass


class RemoveDevice(ForDevice):
    pass


class PinHostKey(ForDevice):
    environment: Identifier
    key: Line
    fingerprint: Line

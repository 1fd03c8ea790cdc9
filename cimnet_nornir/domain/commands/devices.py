"""What can be asked of a device besides its configuration."""

from cimnet_nornir.domain.events.devices import DeviceDetails
from cimnet_nornir.domain.values import (
    HostInterfaceConfiguration,
    HostName,
    Identifier,
    InterfaceName,
    Line,
    LinuxInterfaceName,
    PortName,
    Value,
)


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


class AddHost(ForDevice):
    """`ports` are its network cards by their Linux names."""

    name: HostName
    details: DeviceDetails
    ports: tuple[LinuxInterfaceName, ...] = ()


class RenameDevice(ForDevice):
    name: HostName


class ChangeDeviceDetails(ForDevice):
    details: DeviceDetails


class AddPorts(ForDevice):
    ports: tuple[PortName, ...]


class RemovePorts(ForDevice):
    ports: tuple[PortName, ...]


class EnableRouting(ForDevice):
    pass


class DisableRouting(ForDevice):
    pass


class ConfigureHostInterface(ForDevice):
    interface: LinuxInterfaceName
    configuration: HostInterfaceConfiguration


class RemoveHostInterface(ForDevice):
    interface: LinuxInterfaceName


class RemoveDevice(ForDevice):
    pass


class PinHostKey(ForDevice):
    environment: Identifier
    key: Line
    fingerprint: Line

"""What can be asked of ports that are one: port-channels of switches, bonds of hosts."""

from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.values import Bond, LinuxInterfaceName, PortChannel, PortChannelNumber


class ConfigurePortChannel(ForDevice):
    number: PortChannelNumber
    channel: PortChannel


class RemovePortChannel(ForDevice):
    number: PortChannelNumber


class ConfigureBond(ForDevice):
    name: LinuxInterfaceName
    bond: Bond


class RemoveBond(ForDevice):
    name: LinuxInterfaceName

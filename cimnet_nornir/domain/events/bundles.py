"""What happened to the intent for ports that are one: port-channels of switches, bonds of hosts."""

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Bond, LinuxInterfaceName, PortChannel, PortChannelNumber


class PortChannelConfigured(Event):
    """Of a switch; what the ports do as one tells `PortConfigured` of its name, "Port-channel1"."""

    number: PortChannelNumber
    channel: PortChannel


class PortChannelRemoved(Event):
    number: PortChannelNumber


class BondConfigured(Event):
    """Of a host."""

    name: LinuxInterfaceName
    bond: Bond


class BondRemoved(Event):
    name: LinuxInterfaceName


EVENTS: tuple[type[Event], ...] = (PortChannelConfigured, PortChannelRemoved, BondConfigured, BondRemoved)

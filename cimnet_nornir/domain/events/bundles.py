"""What happened to the intent for ports that are one: port-channels of switches, bonds of hosts."""

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Bond, LinuxInterfaceName, PortChannel, PortChannelNumber


class PortChannelConfigured(Event):
    """Ports of a switch are one; what they do as one is told by `PortConfigured` of its name, "Port-channel1"."""

    number: PortChannelNumber
    channel: PortChannel


class PortChannelRemoved(Event):
    """The ports of a port-channel are ports by themselves again."""

    number: PortChannelNumber


class BondConfigured(Event):
    """Network cards of a host are one."""

    name: LinuxInterfaceName
    bond: Bond


class BondRemoved(Event):
    """The network cards of a bond are cards by themselves again."""

    name: LinuxInterfaceName


EVENTS: tuple[type[Event], ...] = (PortChannelConfigured, PortChannelRemoved, BondConfigured, BondRemoved)

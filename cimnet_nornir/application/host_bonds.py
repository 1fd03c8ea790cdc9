"""The bonds of a server: its network cards that are one towards a port-channel."""

from cimnet_nornir.application.host_parts import HostBond
from cimnet_nornir.domain.device import Device


def bonds_of(host: Device) -> tuple[HostBond, ...]:
    """The bonds of a host, by their names."""
    return tuple(HostBond(name, bond.members, bond.mode) for name, bond in sorted(host.bonds.items()))

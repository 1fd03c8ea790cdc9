"""The bonds of a server: its network cards that are one towards a port-channel."""

from cimnet_nornir.application.host_parts import HostBond
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network


def bonds_of(network: Network, host: Device) -> tuple[HostBond, ...]:  # noqa: ARG001 - as all parts of a host side are asked for
    """The bonds of a host, by their names."""
    return tuple(HostBond(name, bond.members, bond.mode) for name, bond in sorted(host.bonds.items()))

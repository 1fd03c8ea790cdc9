"""The addresses that a server has for itself, and what it routes."""

from cimnet_nornir.application.host_parts import HostInterface, HostRouting
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network


def interfaces_of(network: Network, host: Device) -> tuple[HostInterface, ...]:  # noqa: ARG001 - the domain has none yet
    """The interfaces with addresses of the host's own, by their names."""
    return ()


def routing_of(network: Network, host: Device) -> HostRouting | None:  # noqa: ARG001 - the domain has none yet
    """What the host tells its routing neighbours; None where it has none."""
    return None

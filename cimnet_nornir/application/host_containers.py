"""The container and VM networks that stand on a server."""

from collections.abc import Sequence

from cimnet_nornir.application.host_parts import HostContainerNetwork, HostVlan, HostVmNetwork
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.networks import HostedNetwork


def container_networks_of(
    host: Device,  # noqa: ARG001 - the domain has none yet
    hosted: Sequence[HostedNetwork],  # noqa: ARG001 - the domain has none yet
    vlans: Sequence[HostVlan],  # noqa: ARG001 - the domain has none yet
) -> tuple[HostContainerNetwork, ...]:
    """The container networks of a host, by their names."""
    return ()


def vm_networks_of(host: Device, hosted: Sequence[HostedNetwork]) -> tuple[HostVmNetwork, ...]:  # noqa: ARG001 - the domain has none yet
    """The VM networks of a host, by their names."""
    return ()

"""Where servers meet the network: the switch ports behind which containers and virtual machines are on a VLAN."""

from typing import NamedTuple

from cimnet_nornir.domain.hosting.networks import HostedNetwork
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.validation.view import NetworkView


class HostUplink(NamedTuple):
    """A host's way (its id) into the VLAN of a network of `kind` "container" or "VM"."""

    kind: str
    name: str
    vlan: int
    host: str
    uplink: Uplink


def uplinks(network: NetworkView) -> tuple[HostUplink, ...]:
    """The uplinks of all networks that are on a VLAN, in order."""
    found: list[tuple[str, HostedNetwork]] = []
    found += [("container", each) for _, each in sorted(network.network.container_networks.items())]
    found += [("VM", each) for _, each in sorted(network.network.vm_networks.items())]
    return tuple(
        HostUplink(kind, each.name, each.settings.vlan, host, uplink)
        for kind, each in found
        for host, uplink in sorted(each.uplinks.items())
        if each.settings.vlan is not None
    )

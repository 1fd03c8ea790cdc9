"""The kinds of container and VM networks that a host can have, for generators: they see no domain."""

from cimnet_nornir.domain.hosting.values import (
    AddressRange,
    Bandwidth,
    Bridge,
    Bridged,
    HyperV,
    Internal,
    Libvirt,
    Macvlan,
    Nat,
    Overlay,
    VMware,
)

__all__ = [
    "AddressRange",
    "Bandwidth",
    "Bridge",
    "Bridged",
    "HyperV",
    "Internal",
    "Libvirt",
    "Macvlan",
    "Nat",
    "Overlay",
    "VMware",
]

"""Networks of routing protocols as IOS shows them: without host bits, and without the mask that their class implies."""

from ipaddress import IPv4Address
from typing import Final

_CLASSES: Final = ((1, "0.0.0.0"), (128, "255.0.0.0"), (192, "255.255.0.0"), (224, "255.255.255.0"))  # noqa: S104 - a mask
_ALL: Final = 0xFFFFFFFF


def inverted(mask: str) -> str:
    """The wildcard of a mask, and the mask of a wildcard."""
    return str(IPv4Address(int(IPv4Address(mask)) ^ _ALL))


def class_mask(network: str) -> str:
    """The mask that the class of an address implies; that of 0.0.0.0 leaves everything open."""
    address = IPv4Address(network)
    if int(address) == 0:
        return str(address)
    first = int(address) >> 24
    return next((mask for bound, mask in _CLASSES if first < bound), "255.255.255.255")


def without_host_bits(network: str, wildcard: str) -> str:
    """The network with what the wildcard leaves open at 0."""
    return str(IPv4Address(int(IPv4Address(network)) & ~int(IPv4Address(wildcard)) & _ALL))

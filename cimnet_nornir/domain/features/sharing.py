"""Addresses that a device shares with others: anycast, a VRF, or found so when its configuration was imported."""

from typing import ClassVar

from cimnet_nornir.domain.features.model import InterfaceSetting


class SharedAddresses(InterfaceSetting):
    """The addresses and subnets of an interface may be those of others too.

    Without it no address stands on two devices, and no subnet on two interfaces of one. Nothing is rendered for it.
    """

    FEATURE: ClassVar[str] = "shared-addresses"

"""What happened to an address pool: its subnets and their addresses."""

from cimnet_nornir.domain.addressing.fields import Address, Owner, Prefix
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Label, VlanId


class PoolCreated(Event):
    """Subnets are allocated out of `prefix` from now on."""

    network: Identifier
    pool: Identifier
    prefix: Prefix
    purpose: Label = ""


class PoolRemoved(Event):
    """The pool is gone; nothing of it was allocated any more."""


class SubnetAllocated(Event):
    """The prefix is in use, and its addresses can be assigned; `gateway` is kept for the router of the subnet."""

    subnet: Prefix
    name: Identifier | None = None
    vlan: VlanId | None = None
    purpose: Label = ""
    owner: Label = ""
    gateway: Address | None = None


class SubnetReserved(Event):
    """The prefix is held back: it is not allocated, and no address of it is assigned."""

    subnet: Prefix
    name: Identifier | None = None
    purpose: Label = ""
    owner: Label = ""


class SubnetReleased(Event):
    """The prefix is free again, whether it was allocated or reserved."""

    subnet: Prefix


class AddressAssigned(Event):
    """The address belongs to the owner: "interface r1 Vlan10", "container web1", "vm db"."""

    subnet: Prefix
    address: Address
    owner: Owner


class AddressReleased(Event):
    subnet: Prefix
    address: Address


EVENTS: tuple[type[Event], ...] = (
    PoolCreated,
    PoolRemoved,
    SubnetAllocated,
    SubnetReserved,
    SubnetReleased,
    AddressAssigned,
    AddressReleased,
)

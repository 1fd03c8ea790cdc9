"""What can be asked of an address pool."""

from typing import Annotated

from pydantic import Field, model_validator

from cimnet_nornir.domain.addressing.fields import Address, Owner, Prefix
from cimnet_nornir.domain.values import Identifier, Label, Value, VlanId
from cimnet_nornir.errors import InvalidValue


class ForPool(Value):
    """Base of what is asked of one pool."""

    pool: Identifier


class CreatePool(ForPool):
    prefix: Prefix
    purpose: Label = ""


class RemovePool(ForPool):
    """Refused while anything of the pool is allocated or reserved."""


class AllocateSubnet(ForPool):
    """The first free subnet of that `length` by address, or the one that `subnet` asks for.

    The gateway is the first address a host can have, unless `gateway` names another; with `routed` False there is none.
    """

    length: Annotated[int, Field(ge=0, le=128)] | None = None
    subnet: Prefix | None = None
    name: Identifier | None = None
    vlan: VlanId | None = None
    purpose: Label = ""
    owner: Label = ""
    gateway: Address | None = None
    routed: bool = True

    @model_validator(mode="after")
    def _one_of_both(self) -> "AllocateSubnet":
        if (self.length is None) == (self.subnet is None):
            raise InvalidValue("a subnet is asked for by its length or by itself, one of both", subject="subnet")
        if self.gateway is not None and not self.routed:
            raise InvalidValue(f"a subnet without gateway cannot have the gateway {self.gateway}", subject="gateway")
        return self


class ReserveSubnet(ForPool):
    subnet: Prefix
    name: Identifier | None = None
    purpose: Label = ""
    owner: Label = ""


class ReleaseSubnet(ForPool):
    """Refused while addresses of the subnet are assigned."""

    subnet: Prefix


class AssignAddress(ForPool):
    """The asked-for address, or the next free one of the subnet, for its owner."""

    subnet: Prefix
    owner: Owner
    address: Address | None = None


class ReleaseAddress(ForPool):
    subnet: Prefix
    address: Address


PoolCommand = CreatePool | RemovePool | AllocateSubnet | ReserveSubnet | ReleaseSubnet | AssignAddress | ReleaseAddress

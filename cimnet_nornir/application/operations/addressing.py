"""The facade's addressing: pools, subnets out of them, and addresses of subnets for interfaces, containers and VMs."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from cimnet_nornir.application.addressing import AddressPools, PoolView, SubnetView, only
from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.operations.asking import asked
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.fields import parse_prefix
from cimnet_nornir.domain.addressing.pool import Utilisation
from cimnet_nornir.domain.interfaces import canonical_interface
from cimnet_nornir.errors import DeviceNotFound, NoAvailableAddress, NoAvailableSubnet

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


class Addressing(Core):
    """Which subnets and addresses of the network are taken, by whom, and which one is the next.

    A subnet is meant by its prefix, or by the name it was given. Every change is a request and its events; whatever the
    rules or the store refuse leaves nothing behind. All of it may be called by any number of threads and programs.
    """

    _address_pools: AddressPools | None = None

    @property
    def address_pools(self) -> AddressPools:
        """The pools themselves, for commands of one's own."""
        with self._lock:
            if self._address_pools is None:
                self._address_pools = AddressPools(self.store, self.network_name)
            return self._address_pools

    def create_pool(self, pool: str, prefix: str | Network, *, purpose: str = "") -> ChangeResult:
        """A pool of that prefix, out of which subnets are allocated.

        Raises PoolAlreadyExists, SubnetOverlap where another pool has some of it, NotFound where there is no network.
        """
        return self._ask("create_pool", asked(c.CreatePool, pool=pool, prefix=prefix, purpose=purpose))

    def remove_pool(self, pool: str) -> ChangeResult:
        """The pool is gone. Raises PoolNotFound, and RuleViolated where it still has subnets."""
        return self._ask("remove_pool", asked(c.RemovePool, pool=pool))

    def allocate_subnet(
        self,
        pool: str,
        length: int | None = None,
        *,
        subnet: str | Network | None = None,
        name: str | None = None,
        vlan: int | None = None,
        purpose: str = "",
        owner: str = "",
        gateway: str | Address | None = None,
        routed: bool = True,
    ) -> Network:
        """The first free subnet of that prefix length by address, or the one that is asked for; it is allocated then.

        What devices use already is not handed out. The gateway is the subnet's first address (`.1` of a /24) unless
        told otherwise; with `routed` False there is none. Raises PoolNotFound, NoAvailableSubnet, SubnetOverlap.
        """
        command = asked(
            c.AllocateSubnet,
            pool=pool,
            length=length,
            subnet=subnet,
            name=name,
            vlan=vlan,
            purpose=purpose,
            owner=owner,
            gateway=gateway,
            routed=routed,
        )
        event = only(self._ask("allocate_subnet", command), e.SubnetAllocated)
        if event is None:
            raise NoAvailableSubnet(f"nothing was allocated of the pool {pool!r}", subject=pool)
        return event.subnet

    def reserve_subnet(
        self, pool: str, subnet: str | Network, *, name: str | None = None, purpose: str = "", owner: str = ""
    ) -> ChangeResult:
        """The subnet is held back: it is not allocated. Raises PoolNotFound, SubnetOverlap."""
        command = asked(c.ReserveSubnet, pool=pool, subnet=subnet, name=name, purpose=purpose, owner=owner)
        return self._ask("reserve_subnet", command)

    def release_subnet(self, subnet: str | Network) -> ChangeResult:
        """The subnet is free again. Raises SubnetNotFound, and SubnetInUse with the list of who has its addresses."""
        pool, prefix = self.address_pools.locate(str(subnet))
        return self._ask("release_subnet", asked(c.ReleaseSubnet, pool=pool, subnet=prefix))

    def assign_address(self, subnet: str | Network, owner: str, *, address: str | Address | None = None) -> Address:
        """The asked-for address of an allocated subnet, or its next free one, for an owner; it is assigned then.

        An owner is a text: "container web1", "vm db", "interface r1 Vlan10" (only an interface can have the gateway's
        address). Nobody else gets the address, no device either. Raises SubnetNotFound, DuplicateIpAddress,
        NoAvailableAddress, DeviceNotFound.
        """
        pool, prefix = self.address_pools.locate(str(subnet))
        command = asked(c.AssignAddress, pool=pool, subnet=prefix, owner=self._owner(owner), address=address)
        event = only(self._ask("assign_address", command), e.AddressAssigned)
        given = event.address if event is not None else command.address
        if given is None:
            raise NoAvailableAddress(f"no address of {prefix} was assigned", subject=str(prefix))
        return given

    def release_address(self, subnet: str | Network, address: str | Address) -> ChangeResult:
        """The address is free again. Raises SubnetNotFound, and NotFound where it is nobody's."""
        pool, prefix = self.address_pools.locate(str(subnet))
        return self._ask("release_address", asked(c.ReleaseAddress, pool=pool, subnet=prefix, address=address))

    def utilisation(self, pool: str, at: int | None = None) -> Utilisation:
        """How much of a pool is in use, now or as of a position. Raises PoolNotFound."""
        return self.address_pools.pool(pool, at).utilisation()

    def pools(self, at: int | None = None) -> tuple[PoolView, ...]:
        """The pools with their utilisation, in the order of their prefixes."""
        return self.address_pools.pools(at)

    def subnets(
        self,
        pool: str | None = None,
        *,
        first: int | None = None,
        after: str | Network | None = None,
        at: int | None = None,
    ) -> tuple[SubnetView, ...]:
        """The subnets of a pool or of all, by prefix: at most `first` of them, those behind the prefix `after`."""
        behind = None if after is None else parse_prefix(str(after))
        return self.address_pools.subnets(pool, first=first, after=behind, at=at)

    def subnet(self, subnet: str | Network, at: int | None = None) -> SubnetView:
        """A subnet with its addresses and their owners. Raises SubnetNotFound."""
        return self.address_pools.subnet(str(subnet), at)

    def _ask(self, name: str, command: c.PoolCommand) -> ChangeResult:
        return self.address_pools.ask(self.actor, command, name=name)

    def _owner(self, owner: str) -> str:
        """The owner in the form in which it is compared: an interface by its device's id and its full name."""
        kind, _, rest = owner.strip().partition(" ")
        name, _, interface = rest.strip().partition(" ")
        if kind != "interface":
            return owner
        device = self.network().device_named(name)
        if device is None:
            raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
        return f"interface {device.id} {canonical_interface(interface)}"

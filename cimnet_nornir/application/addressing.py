"""Address pools of a network: what can be asked of them, and what they say when they are read."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.pool_desk import Answer, Asked, PoolDesk
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere
from cimnet_nornir.domain.addressing.fields import parse_prefix
from cimnet_nornir.domain.addressing.intervals import IPAddress, IPNetwork, is_inside
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent, Utilisation
from cimnet_nornir.domain.addressing.subnet import Subnet
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.streams import network_stream
from cimnet_nornir.errors import InvalidValue, NotFound, PoolNotFound, SubnetNotFound
from cimnet_nornir.projections.addresses_in_use import AddressesInUse, load_addresses_in_use
from cimnet_nornir.projections.pools import load_pool, pool_names
from cimnet_nornir.store.port import EventStore

Happened = TypeVar("Happened", bound=Event)


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool as it is read: its prefix, what it is for, and how much of it is in use."""

    name: str
    prefix: IPNetwork
    purpose: str
    utilisation: Utilisation


@dataclass(frozen=True, slots=True)
class SubnetView:
    """A subnet as it is read; `capacity` is how many addresses hosts can have, the gateway included."""

    pool: str
    prefix: IPNetwork
    kind: str
    name: str | None
    vlan: int | None
    purpose: str
    owner: str
    gateway: IPAddress | None
    capacity: int
    addresses: tuple[tuple[IPAddress, str], ...]


class AddressPools:
    """The address pools of one network, for any number of threads.

    What was read once is kept, and only what happened since is read the next time.
    """

    def __init__(self, store: EventStore, network: str) -> None:
        self._store = store
        self._network = network
        self._guard = threading.Lock()
        self._desks: dict[str, PoolDesk] = {}
        self._in_use: AddressesInUse | None = None

    # --- asking -------------------------------------------------------------------------------------------------------

    def ask(self, actor: Actor, command: c.PoolCommand, *, name: str) -> ChangeResult:
        """Carry a command out as one request: recorded with its events, or refused.

        Raises a DomainError where a rule refuses, ConcurrencyConflict where others kept being faster to the deadline.
        """
        arguments = command.model_dump(mode="json", exclude_defaults=True)
        return self.carry_out(Asked(actor, command, name, arguments))

    def carry_out(self, asked: Asked) -> ChangeResult:
        """Carry a request out that says itself what its events come from; else like `ask`."""
        if isinstance(asked.command, c.CreatePool):
            self._require_network()
        return self._desk(asked.command.pool).carry_out(asked)

    def preview(self, command: c.PoolCommand) -> tuple[PoolEvent, ...]:
        """The events that a command would make now; nothing is recorded. Raises what refuses it."""
        present = load_pool(self._store, self._network, command.pool).pool
        elsewhere = self._elsewhere(isinstance(command, c.CreatePool))
        return decide_pool(self._network, present, command, elsewhere=elsewhere)

    def _require_network(self) -> None:
        stream = network_stream(self._network)
        if stream not in self._store.versions(stream):
            raise NotFound(f"there is no network {self._network!r} yet; declare or create it", subject=self._network)

    def _desk(self, pool: str) -> PoolDesk:
        with self._guard:
            return self._desks.setdefault(pool, PoolDesk(self._store, self._network, pool, self._elsewhere))

    def _elsewhere(self, pools: bool) -> Elsewhere:  # noqa: FBT001 - a callback's only argument
        with self._guard:
            if self._in_use is None:
                self._in_use = load_addresses_in_use(self._store, self._network)
            else:
                self._in_use.refresh(self._store)
            found = self._in_use.elsewhere()
        return found.beside({pool.name: pool.prefix for pool in self._present()}) if pools else found

    # --- reading ------------------------------------------------------------------------------------------------------

    def _present(self, at: int | None = None) -> Iterator[Pool]:
        for name in pool_names(self._store, self._network, until=at):
            pool = load_pool(self._store, self._network, name, until=at).present
            if pool is not None:
                yield pool

    def pools(self, at: int | None = None) -> tuple[PoolView, ...]:
        """The pools with their utilisation, in the order of their prefixes."""
        found = sorted(self._present(at), key=lambda pool: _order(pool.prefix))
        return tuple(PoolView(pool.name, pool.prefix, pool.purpose, pool.utilisation()) for pool in found)

    def pool(self, name: str, at: int | None = None) -> Pool:
        """One pool. Raises PoolNotFound."""
        pool = load_pool(self._store, self._network, name, until=at).present
        if pool is None:
            raise PoolNotFound(f"there is no pool {name!r}; cimnet address pool list shows them", subject=name)
        return pool

    def subnets(
        self,
        pool: str | None = None,
        *,
        first: int | None = None,
        after: IPNetwork | None = None,
        at: int | None = None,
    ) -> tuple[SubnetView, ...]:
        """The subnets of a pool or of all, in the order of their prefixes: at most `first`, behind the one `after`."""
        pools = tuple(self._present(at)) if pool is None else (self.pool(pool, at),)
        everything = ((each.name, subnet) for each in pools for subnet in each.subnets.values())
        least = None if after is None else _order(after)
        wanted = [(name, subnet) for name, subnet in everything if least is None or _order(subnet.prefix) > least]
        wanted.sort(key=lambda item: _order(item[1].prefix))
        return tuple(_subnet_view(name, subnet) for name, subnet in wanted[:first])

    def subnet(self, text: str, at: int | None = None) -> SubnetView:
        """The subnet of that prefix, or of that name. Raises PoolNotFound or SubnetNotFound."""
        pool, prefix = self.locate(text, at)
        return _subnet_view(pool, self.pool(pool, at).subnets[prefix])

    def locate(self, text: str, at: int | None = None) -> tuple[str, IPNetwork]:
        """The pool and the prefix of the subnet that a person means by its prefix or its name.

        Raises PoolNotFound where no pool holds the prefix, SubnetNotFound where there is no such subnet, InvalidValue
        where subnets of several pools have the name.
        """
        return self._by_prefix(parse_prefix(text), at) if "/" in text else self._by_name(text, at)

    def _by_prefix(self, prefix: IPNetwork, at: int | None) -> tuple[str, IPNetwork]:
        for name, holds in self._each(lambda pool: (is_inside(prefix, pool.prefix), prefix in pool.subnets), at):
            if holds[0]:
                if not holds[1]:
                    raise SubnetNotFound(f"the pool {name!r} has no subnet {prefix}", subject=str(prefix))
                return name, prefix
        raise PoolNotFound(f"{prefix} is in no pool; cimnet address pool list shows them", subject=str(prefix))

    def _by_name(self, name: str, at: int | None) -> tuple[str, IPNetwork]:
        asked_all = self._each(lambda pool: pool.names.get(name), at)
        found = [(pool, prefix) for pool, prefix in asked_all if prefix is not None]
        if not found:
            raise SubnetNotFound(f"no pool has a subnet {name!r}; cimnet address list shows them", subject=name)
        if len(found) > 1:
            places = ", ".join(f"{prefix} of {pool}" for pool, prefix in found)
            raise InvalidValue(f"several subnets are called {name!r}: {places}; name the prefix", subject=name)
        return found[0]

    def _each(self, ask: Callable[[Pool], Answer], at: int | None) -> Iterator[tuple[str, Answer]]:
        """What each pool answers; now, the pools at hand are asked, to which only what happened since is read."""
        if at is not None:
            yield from ((pool.name, ask(pool)) for pool in self._present(at))
            return
        for name in pool_names(self._store, self._network):
            answers = self._desk(name).read(lambda pool: () if pool is None else (ask(pool),))
            yield from ((name, answer) for answer in answers)


def _order(prefix: IPNetwork) -> tuple[int, int, int]:
    return prefix.version, int(prefix.network_address), prefix.prefixlen


def _subnet_view(pool: str, subnet: Subnet) -> SubnetView:
    return SubnetView(
        pool=pool,
        prefix=subnet.prefix,
        kind=subnet.kind,
        name=subnet.name,
        vlan=subnet.vlan,
        purpose=subnet.purpose,
        owner=subnet.owner,
        gateway=subnet.gateway,
        capacity=subnet.capacity(),
        addresses=subnet.sorted_addresses(),
    )


def only(result: ChangeResult, kind: type[Happened]) -> Happened | None:
    """The one event of that kind that a request made; None where it made none."""
    return next((stored.event for stored in result.events if isinstance(stored.event, kind)), None)

"""Address pools at a moment, folded from their events.

Persisted as a row for a pool with its free space, one for each subnet and one for each name of a subnet: an allocation
reads the pool's row and what happened since, never the history, and none of the other subnets. A moment in the past is
folded from the beginning.
"""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar, cast, get_args

from pydantic import TypeAdapter

from cimnet_nornir.domain.addressing.fields import parse_prefix
from cimnet_nornir.domain.addressing.intervals import IPNetwork, Space
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent, evolve_pool
from cimnet_nornir.domain.addressing.subnet import Subnet
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.streams import pool_prefix, pool_stream
from cimnet_nornir.errors import ConcurrencyConflict, StoreUnavailable
from cimnet_nornir.store.port import EventStore, ProjectionRow

# The number is raised when the fold or the shape of the rows changes; rows of other names are left unread.
PROJECTION = "pools-1"
POOL_TYPES = frozenset(kind.__name__ for kind in get_args(PoolEvent))
# Rows are written again after so many new events: a write costs a flush, folding a few events costs little.
_SAVE_AFTER = 100

Key = TypeVar("Key")
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Head:
    """A pool's row: all but its subnets, and the version of its stream."""

    version: int
    prefix: IPNetwork
    blocks: dict[int, list[int]]
    purpose: str
    removed: bool
    count: int
    reserved: int
    assigned: int


@cache
def _adapters() -> tuple[TypeAdapter[_Head], TypeAdapter[Subnet]]:
    # Built on first use: pydantic takes a moment to compile them, and most commands never do.
    return TypeAdapter(_Head), TypeAdapter(Subnet)


@dataclass(slots=True)
class _Rows:
    """The rows of one pool as of a position, which moves on with the fold."""

    store: EventStore
    base: str
    position: int = 0

    @property
    def head(self) -> str:
        """The key of the pool's own row."""
        return f"{self.base}pool"

    def read(self, key: str) -> ProjectionRow | None:
        """One row; ConcurrencyConflict where the rows have been carried on beyond what is folded here."""
        rows = self.store.load_rows(PROJECTION, keys=(key, self.head))
        self._require(rows)
        return rows.get(key)

    def read_all(self, prefix: str) -> dict[str, ProjectionRow]:
        """All rows whose key begins so; ConcurrencyConflict as with one."""
        rows = self.store.load_rows(PROJECTION, self.base)
        self._require(rows)
        return {key: row for key, row in rows.items() if key.startswith(prefix)}

    def _require(self, rows: dict[str, ProjectionRow]) -> None:
        if self.head in rows and rows[self.head].position > self.position:
            raise ConcurrencyConflict(
                f"the rows of {self.base} are ahead of position {self.position}", subject=self.base.rstrip("/")
            )


@dataclass(frozen=True, slots=True)
class _Form(Generic[Key, Kept]):
    """How a kind of row is written: its key within the pool, which sorts by address, and its bytes."""

    kind: str
    key: Callable[[Key], str]
    of_key: Callable[[str], Key]
    dump: Callable[[Kept], bytes]
    load: Callable[[bytes], Kept]


class KeptRows(MutableMapping[Key, Kept]):
    """What rows hold, each read when somebody asks for it; whoever goes through all has all read at once.

    `changed` is what differs from the rows, None for what is gone. Not for several threads.
    """

    def __init__(self, rows: _Rows, form: _Form[Key, Kept]) -> None:
        self._rows = rows
        self._form = form
        self._read: dict[Key, Kept | None] = {}
        self._complete = rows.position == 0
        self.changed: dict[Key, Kept | None] = {}

    def __getitem__(self, key: Key) -> Kept:
        if key not in self._read and not self._complete:
            row = self._rows.read(self._name(key))
            self._read[key] = None if row is None else self._form.load(row.state)
        found = self._read.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: Key, kept: Kept) -> None:
        self._read[key] = self.changed[key] = kept

    def __delitem__(self, key: Key) -> None:
        self._read[key] = self.changed[key] = None

    def __iter__(self) -> Iterator[Key]:
        self._load_all()
        return iter([key for key, kept in self._read.items() if kept is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def rows(self) -> tuple[dict[str, bytes], list[str]]:
        """The rows to write, and the keys of those to drop."""
        written = {self._name(key): self._form.dump(kept) for key, kept in self.changed.items() if kept is not None}
        return written, [self._name(key) for key, kept in self.changed.items() if kept is None]

    def _load_all(self) -> None:
        if self._complete:
            return
        prefix = f"{self._rows.base}{self._form.kind}/"
        for name, row in self._rows.read_all(prefix).items():
            key = self._form.of_key(name.removeprefix(prefix))
            if key not in self._read:
                self._read[key] = self._form.load(row.state)
        self._complete = True

    def _name(self, key: Key) -> str:
        return f"{self._rows.base}{self._form.kind}/{self._form.key(key)}"


def _subnets() -> _Form[IPNetwork, Subnet]:
    adapter = _adapters()[1]
    return _Form("subnet", str, parse_prefix, adapter.dump_json, adapter.validate_json)


def _names() -> _Form[str, IPNetwork]:
    return _Form("name", str, str, lambda prefix: str(prefix).encode(), lambda state: parse_prefix(state.decode()))


@dataclass(slots=True)
class KeptPool:
    """A pool as of a version of its stream; `pool` is None before it was created, and where it never was."""

    store: EventStore
    network: str
    name: str
    rows: _Rows
    subnets: KeptRows[IPNetwork, Subnet]
    names: KeptRows[str, IPNetwork]
    pool: Pool | None = None
    version: int = 0
    saved: tuple[int, int] = field(default=(0, 0))
    """Version and position up to which rows were kept when they were read or written here last."""

    @property
    def present(self) -> Pool | None:
        """The pool, unless it was removed."""
        return None if self.pool is None or self.pool.removed else self.pool

    def apply(self, stored: StoredEvent) -> None:
        """Fold the next event of the stream."""
        self.evolve(cast("PoolEvent", stored.event))
        self.version, self.rows.position = stored.version, stored.position

    def evolve(self, event: PoolEvent) -> None:
        """Apply an event that is not stored yet: for decisions on top of one another."""
        pool = evolve_pool(self.pool, event)
        if self.pool is None:
            pool.subnets, pool.names = self.subnets, self.names
        self.pool = pool

    def refresh(self) -> None:
        """Fold what was appended since, and keep rows where that is much.

        Raises ConcurrencyConflict where somebody else's rows have overtaken: load afresh.
        """
        for stored in self.store.read_stream(pool_stream(self.network, self.name), after=self.version):
            self.apply(stored)
        if self.version - self.saved[0] >= _SAVE_AFTER:
            self.save()

    def save(self) -> None:
        """Keep what changed as rows; nothing where somebody else has carried them on meanwhile."""
        if self.pool is None:
            return
        written, gone = self.subnets.rows()
        names, gone_names = self.names.rows()
        states = {**written, **names, self.rows.head: _adapters()[0].dump_json(_head(self.pool, self.version))}
        rows = {key: ProjectionRow(self.rows.position, state) for key, state in states.items()}
        try:
            self.store.save_rows(PROJECTION, rows, drop=(*gone, *gone_names), expected=(self.rows.head, self.saved[1]))
        except ConcurrencyConflict:
            self.saved = _saved(self.store, self.rows.head)
        except StoreUnavailable:
            # It is folded again by whoever reads next: a store that cannot be written is no reason to refuse.
            return
        else:
            self.saved = (self.version, self.rows.position)
            self.subnets.changed.clear()
            self.names.changed.clear()


def _saved(store: EventStore, key: str) -> tuple[int, int]:
    """The version and the position of the rows that somebody else has written."""
    row = store.load_rows(PROJECTION, keys=(key,)).get(key)
    return (0, 0) if row is None else (_adapters()[0].validate_json(row.state).version, row.position)


def _head(pool: Pool, version: int) -> _Head:
    return _Head(
        version,
        pool.prefix,
        pool.space.blocks,
        pool.purpose,
        pool.removed,
        pool.count,
        pool.reserved,
        pool.assigned,
    )


def load_pool(store: EventStore, network: str, name: str, *, until: int | None = None) -> KeptPool:
    """The pool now, or as of the position `until` (inclusive)."""
    if until is not None:
        view = _view(store, network, name, 0)
        for stored in store.read_stream(pool_stream(network, name), until=until):
            view.apply(stored)
        return view
    while True:
        view = open_pool(store, network, name)
        # Who is overtaken once begins again at the rows that overtook.
        with suppress(ConcurrencyConflict):
            view.refresh()
            return view


def open_pool(store: EventStore, network: str, name: str) -> KeptPool:
    """The pool as its rows were kept last; what happened since is still to be folded (`refresh`)."""
    base = f"{network}/{name}/"
    row = store.load_rows(PROJECTION, keys=(f"{base}pool",)).get(f"{base}pool")
    if row is None:
        return _view(store, network, name, 0)
    view = _view(store, network, name, row.position)
    head = _adapters()[0].validate_json(row.state)
    view.pool = Pool(
        network,
        name,
        head.prefix,
        Space(head.prefix, head.blocks),
        head.purpose,
        head.removed,
        head.count,
        head.reserved,
        head.assigned,
        view.subnets,
        view.names,
    )
    view.version, view.saved = head.version, (head.version, row.position)
    return view


def _view(store: EventStore, network: str, name: str, position: int) -> KeptPool:
    rows = _Rows(store, f"{network}/{name}/", position)
    return KeptPool(store, network, name, rows, KeptRows(rows, _subnets()), KeptRows(rows, _names()))


def pool_names(store: EventStore, network: str, *, until: int | None = None) -> tuple[str, ...]:
    """The names of all pools that a network ever had, as of a position; sorted."""
    prefix = pool_prefix(network)
    return tuple(sorted(stream.removeprefix(prefix) for stream in store.versions(prefix, until=until)))

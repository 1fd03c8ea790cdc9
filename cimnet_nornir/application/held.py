"""Unique keys that somebody else holds: who that is in people's words, and who asked for them."""

from collections.abc import Iterator, Mapping

from cimnet_nornir.domain.addressing.fields import parse_address
from cimnet_nornir.domain.addressing.intervals import IPAddress
from cimnet_nornir.domain.keys import unique_keys
from cimnet_nornir.domain.streams import device_prefix, pool_prefix
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import AlreadyExists, DomainError, DuplicateIpAddress, ReservationConflict, RuleViolated
from cimnet_nornir.projections.pools import load_pool, pool_names
from cimnet_nornir.store.port import EventStore

_ADDRESS = "address:"
_HOLDERS: Mapping[str, str] = {
    "device": "the device",
    "pool": "the address pool",
    "container-network": "the container network",
    "vm-network": "the VM network",
}


def refuse_given_out(store: EventStore, working: Working) -> None:
    """Refuse a change that wants an address which an address pool has given to somebody else.

    Raises DuplicateIpAddress with who wants it as its subject: "HOST INTERFACE", or a network of hosts and a name.
    """
    addresses = {key: holder for key, holder in working.held.items() if key.startswith(_ADDRESS)}
    if not addresses:
        return
    claims, released = working.claims(), working.releases()
    for key, holder in addresses.items():
        if holder != claims.get(key) and key not in released:
            address, place = _value(key), wanted_by(working, key)
            for pool, owner in _given_out(store, working.network.name, address, holder):
                to = f" (to {owner})" if owner else ""
                raise DuplicateIpAddress(
                    f"{address} is given out by the address pool {pool}{to}; {place} cannot have it", subject=place
                )


def _given_out(store: EventStore, network: str, address: str, holder: str) -> Iterator[tuple[str, str]]:
    """The pool that has given an address out, with its owner there: also to an interface that has it not yet."""
    prefix, wanted = pool_prefix(network), parse_address(address)
    named = (holder.removeprefix(prefix),) if holder.startswith(prefix) else pool_names(store, network)
    for name in named:
        owner = _owner(store, network, name, wanted)
        if owner or holder.startswith(prefix):
            yield name, owner


def _owner(store: EventStore, network: str, name: str, address: IPAddress) -> str:
    pool = load_pool(store, network, name).present
    if pool is None or address not in pool.prefix:
        return ""
    found = (subnet.addresses.get(address, "") for subnet in pool.subnets.values() if address in subnet.prefix)
    return next(found, "")


def wanted_by(working: Working, key: str) -> str:
    """Who wants a key: "HOST INTERFACE", a host name, or a network of hosts and a name; empty where nobody does."""
    prefix, stream = device_prefix(working.network.name), working.claims().get(key, "")
    device = working.network.devices.get(stream.removeprefix(prefix)) if stream.startswith(prefix) else None
    return (unique_keys(device) if device is not None else working.hosted.places()).get(key, "")


def as_refusal(conflict: ReservationConflict, working: Working) -> DomainError:
    """The refusal that a held key stands for, with who wanted it as its subject."""
    kind = conflict.subject.partition(":")[0]
    value = _value(conflict.subject)
    refusal, what = {
        "name": (AlreadyExists, f"the name {value!r}"),
        "address": (DuplicateIpAddress, value),
        "range": (RuleViolated, f"the range of addresses {value}"),
    }.get(kind, (RuleViolated, conflict.subject))
    return refusal(
        f"{what} is held by {holder_words(conflict.owner)}", subject=wanted_by(working, conflict.subject) or value
    )


def holder_words(stream: str) -> str:
    """What a holder is called: "the container network web" for `container-network:campus/web`."""
    kind, _, rest = stream.partition(":")
    return f"{_HOLDERS[kind]} {rest.partition('/')[2]}" if kind in _HOLDERS else stream


def _value(key: str) -> str:
    return key.rpartition("/")[2]

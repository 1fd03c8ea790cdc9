"""Attaching a container to its network: the address that it asks for or the next one, and a MAC address that stays."""

from ipaddress import IPv4Address
from itertools import islice

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.decided import Decided, InUse
from cimnet_nornir.domain.hosting.networks import ContainerNetwork
from cimnet_nornir.domain.hosting.requirements import label
from cimnet_nornir.domain.hosting.values import Container, ContainerWish, HostShare, derived_mac
from cimnet_nornir.errors import AlreadyExists, DuplicateIpAddress, NoAvailableAddress, NotFound, RuleViolated

# So many addresses are asked about at once when the next free one is looked for.
_AT_ONCE = 64


def attach_container(present: ContainerNetwork, command: c.AttachContainer, in_use: InUse) -> Decided:
    wish, name = command.wish, command.container
    there = present.containers.get(name)
    if there is not None:
        if satisfies(there, wish):
            return Decided()
        raise AlreadyExists(f"{label(present)} has a container {name} already; detach it first", subject=name)
    share = present.settings.hosts.get(wish.host)
    if share is None:
        raise NotFound(
            f"{label(present)} is not on the host {wish.host}; it is on {', '.join(present.settings.hosts)}",
            subject=wish.host,
        )
    if wish.runtime not in (None, present.settings.runtime):
        raise RuleViolated(f"{label(present)} is one of {present.settings.runtime}, not {wish.runtime}", subject=name)
    address = _next_address(present, share, in_use) if wish.address is None else _asked(present, command, share, in_use)
    event = e.ContainerAttached(
        container=name,
        host=wish.host,
        address=address,
        mac=_mac(present, name),
        image=wish.image,
        runtime=wish.runtime,
    )
    return Decided((event,), read=frozenset({wish.host}))


def satisfies(container: Container, wish: ContainerWish) -> bool:
    """Whether an attached container is what is asked; an address that is not asked for may be any."""
    said = (wish.host, wish.address or container.address, wish.image, wish.runtime)
    return said == (container.host, container.address, container.image, container.runtime)


def _asked(present: ContainerNetwork, command: c.AttachContainer, share: HostShare, in_use: InUse) -> IPv4Address:
    wish, address = command.wish, command.wish.address
    subject = f"{present.name} {command.container}"
    if address is None or address not in share.range or address == present.settings.gateway:
        raise RuleViolated(
            f"{address} is not in the range of {wish.host} in {label(present)}: {share.range}", subject=subject
        )
    if in_use((address,)):
        own = next((name for name, other in present.containers.items() if other.address == address), None)
        by = f" by its container {own}" if own else ""
        raise DuplicateIpAddress(f"{address} in {label(present)} is taken{by}", subject=subject)
    return address


def _next_address(present: ContainerNetwork, share: HostShare, in_use: InUse) -> IPv4Address:
    own = {container.address for container in present.containers.values()} | {present.settings.gateway}
    candidates = (address for address in share.range.addresses() if address not in own)
    while some := tuple(islice(candidates, _AT_ONCE)):
        taken = in_use(some)
        free = next((address for address in some if address not in taken), None)
        if free is not None:
            return free
    raise NoAvailableAddress(f"{share.range} of {label(present)} has no free address left", subject=str(share.range))


def _mac(present: ContainerNetwork, name: str) -> str:
    """The same for the same names; where two names should ever give one, the later gets the next."""
    taken = {container.mac for container in present.containers.values()}
    tries = (derived_mac(present.network, "container", present.name, name, str(n)) for n in range(len(taken) + 1))
    return next(mac for mac in tries if mac not in taken)

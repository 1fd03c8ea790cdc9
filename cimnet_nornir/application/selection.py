"""Which hosts a command is about: names as arguments, patterns as limits, as Ansible's users know them."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial

from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.projections.inventory import HostView


def choose(hosts: Sequence[HostView], names: Sequence[str], limits: Sequence[str]) -> tuple[str, ...]:
    """The names of the hosts that are named and that the limits let pass, in the inventory's order.

    A limit is a host name, a glob, `group:NAME`, or one of these after `!` to leave it out; several may be joined by
    commas. Without any that lets in, all are in. Raises NotFound for a name or limit that fits no host.
    """
    known = {host.name: host for host in hosts} | {host.device: host for host in hosts}
    named = {_known(known, name).name for name in names} or {host.name for host in hosts}
    patterns = [part.strip() for limit in limits for part in limit.split(",") if part.strip()]
    let_in = [_matcher(hosts, pattern) for pattern in patterns if not pattern.startswith("!")]
    keep_out = [_matcher(hosts, pattern[1:]) for pattern in patterns if pattern.startswith("!")]
    chosen = tuple(
        host.name
        for host in hosts
        if host.name in named
        and (not let_in or any(lets_in(host) for lets_in in let_in))
        and not any(keeps_out(host) for keeps_out in keep_out)
    )
    if not chosen and hosts:
        raise NotFound(f"no host is left by {' '.join((*names, *limits))}", subject="limit")
    return chosen


def without_servers(
    hosts: Sequence[HostView], names: Sequence[str], manages: Callable[[str], bool] = lambda _: False
) -> tuple[HostView, ...]:
    """The hosts that run IOS, and those servers that are managed, which `manages` tells by their ids.

    Raises InvalidInput where a name is that of another server: such commands are not about it.
    """
    alone = {host.device: host.name for host in hosts if host.is_server and not manages(host.device)}
    # A name goes before an id that is the same.
    servers = {**alone, **{name: name for name in alone.values()}}
    for name in names:
        if name in servers:
            raise InvalidInput(
                f"{servers[name]} is a host: there is no IOS configuration for it;"
                f" cimnet nix generate {servers[name]} shows what it is to be, and named under hosts in"
                " inventory/config.yaml it is deployed to",
                subject=name,
            )
    return tuple(host for host in hosts if host.device not in alone)


def _known(known: dict[str, HostView], name: str) -> HostView:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; cimnet inventory lists them"
        raise NotFound(f"there is no device {name!r}{hint}", subject=name)
    return known[name]


def _matcher(hosts: Sequence[HostView], pattern: str) -> Callable[[HostView], bool]:
    if hosts and not any(fits(pattern, host) for host in hosts):
        raise NotFound(f"--limit {pattern}: no host or group fits; cimnet inventory lists them", subject=pattern)
    return partial(fits, pattern)


def fits(pattern: str, host: HostView) -> bool:
    """Whether a pattern without `!` lets a host in: its name, its id, a glob, or `group:NAME`."""
    if pattern.startswith("group:"):
        return any(fnmatchcase(group, pattern.removeprefix("group:")) for group in host.groups)
    return fnmatchcase(host.name, pattern) or host.device == pattern


def is_chosen(host: HostView, patterns: Sequence[str]) -> bool:
    """Whether patterns as limits take them let a host pass: no pattern lets all pass."""
    let_in = [pattern for pattern in patterns if not pattern.startswith("!")]
    kept_out = any(fits(pattern[1:], host) for pattern in patterns if pattern.startswith("!"))
    return not kept_out and (not let_in or any(fits(pattern, host) for pattern in let_in))

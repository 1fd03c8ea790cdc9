"""What is worth an event among the ports of a device: another condition, or errors that began to rise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cimnet_nornir.application.observations import PortState
from cimnet_nornir.application.observing import condition_of, digest_of, errors_of, ports_data
from cimnet_nornir.domain.events import PortChange, PortCondition, PortStatisticsRecorded
from cimnet_nornir.domain.interfaces import interface_sort_key

Ports = Sequence[PortState]


@dataclass(frozen=True, slots=True)
class Whose:
    """The device whose ports they are, in the environment in which it was asked."""

    network: str
    device: str
    environment: str


def decide_ports(
    whose: Whose, known: Mapping[str, PortCondition], ports: Ports, before: Sequence[Ports]
) -> PortStatisticsRecorded | None:
    """The event that these ports are worth, given the conditions that events tell; None where nothing is new.

    `before` are the readings before this one, the latest first; two are looked at.
    """
    changed = tuple(_changes(known, ports))
    rising = tuple(_began_to_rise(ports, before))
    if not changed and not rising:
        return None
    conditions = [condition_of(port) for port in ports]
    return PortStatisticsRecorded(
        network=whose.network,
        device=whose.device,
        environment=whose.environment,
        digest=digest_of(ports_data(ports)),
        up=conditions.count("up"),
        down=conditions.count("down"),
        disabled=conditions.count("disabled"),
        errors=sum(map(errors_of, ports)),
        changed=changed,
        rising=rising,
    )


def _changes(known: Mapping[str, PortCondition], ports: Ports) -> Iterator[PortChange]:
    now = {port.name: condition_of(port) for port in ports}
    for name in sorted(known.keys() | now.keys(), key=interface_sort_key):
        if known.get(name) != now.get(name):
            yield PortChange(port=name, old=known.get(name), new=now.get(name))


def _began_to_rise(ports: Ports, before: Sequence[Ports]) -> Iterator[str]:
    """The ports whose errors rose since the last reading, and had not between the two before."""
    if not before:
        return
    rose_already = _rising(before[0], before[1]) if len(before) > 1 else frozenset()
    yield from sorted(_rising(ports, before[0]) - rose_already, key=interface_sort_key)


def _rising(later: Ports, earlier: Ports) -> frozenset[str]:
    """The ports that counted errors between two readings; one that counts from 0 again was reset."""
    then = {port.name: errors_of(port) for port in earlier}
    return frozenset(
        port.name
        for port in later
        if port.name in then and (errors_of(port) > then[port.name] or 0 < errors_of(port) < then[port.name])
    )

"""The cabling of a network as it was observed, now or as of a position."""

from collections.abc import Iterable, Mapping

from cimnet_nornir.application.cabling import Cable, Listening, Verdict, cables
from cimnet_nornir.application.device_status import moment_of
from cimnet_nornir.application.observing import latest_neighbors, latest_summaries
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import PortCondition
from cimnet_nornir.domain.network import Link
from cimnet_nornir.projections.observed import load_observed


def network_cabling(service: NetworkService, at: int | None = None) -> tuple[Cable, ...]:
    """Every declared link and everything heard besides, with verdicts. Raises NotFound where there is no network.

    What a device heard that does not answer any more is not counted.
    """
    network, until = service.outline(at), moment_of(service, at)
    here = (service.store, service.environment, service.network_name, until)
    known = load_observed(service.store, service.network_name, service.environment, until=at)
    answers = {device: item.ports for device, item in known.items() if item.reachability == "up"}
    neighbors, summaries = latest_neighbors(*here), latest_summaries(*here)
    return cables(
        network,
        Listening(
            # A server, which tells of no ports, tells of no neighbours either.
            {device: heard for device, heard in neighbors.items() if device in answers and (heard or answers[device])},
            {device: _up(ports) for device, ports in answers.items()},
            {host.device: host.name for host in service.hosts(at)},
            {device: summary.facts.hostname for device, (_, summary) in summaries.items()},
        ),
    )


def cabling_by_link(service: NetworkService, at: int | None = None) -> Mapping[Link, Verdict]:
    """The verdict of each declared link."""
    return {Link(cable.a, cable.b): cable.verdict for cable in network_cabling(service, at) if cable.declared}


def of_devices(found: Iterable[Cable], devices: frozenset[str]) -> tuple[Cable, ...]:
    """The cables with an end at one of the devices."""
    return tuple(cable for cable in found if {cable.a[0], cable.b[0]} & devices)


def _up(ports: Mapping[str, PortCondition]) -> frozenset[str]:
    return frozenset(name for name, condition in ports.items() if condition == "up")

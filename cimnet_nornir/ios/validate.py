"""Findings: what the domain allows in an intent and what still will not work, or hardly can be meant."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios.findings import Finding
from cimnet_nornir.ios.validate_devices import DEVICE_RULES
from cimnet_nornir.ios.validate_links import LINK_RULES, link_ends
from cimnet_nornir.ios.validate_network import NETWORK_RULES, NetworkIndex

__all__ = ["Finding", "device_findings", "network_findings"]

Subject = TypeVar("Subject")


def device_findings(device: Device, network: Network) -> tuple[Finding, ...]:
    """What is found in a device, in the links that end at it, and about it in the whole; in a fixed order."""
    links = (link_ends(network, link, device.id) for link in network.links_of(device.id))
    whole = _apply(NETWORK_RULES, (NetworkIndex.of(network),))
    return (
        *_apply(DEVICE_RULES, (device,)),
        *_apply(LINK_RULES, (ends for ends in links if ends is not None)),
        *(finding for finding in whole if finding.device == device.name),
    )


def network_findings(network: Network) -> tuple[Finding, ...]:
    """What is found in a whole network, each link looked at once; device by device, then the links, then the whole."""
    links = (link_ends(network, link, link.a[0]) for link in sorted(network.links))
    return (
        *_apply(DEVICE_RULES, (network.devices[name] for name in sorted(network.devices))),
        *_apply(LINK_RULES, (ends for ends in links if ends is not None)),
        *_apply(NETWORK_RULES, (NetworkIndex.of(network),)),
    )


def _apply(rules: Iterable[Callable[[Subject], Iterable[Finding]]], subjects: Iterable[Subject]) -> Iterator[Finding]:
    return (finding for subject in subjects for rule in rules for finding in rule(subject))

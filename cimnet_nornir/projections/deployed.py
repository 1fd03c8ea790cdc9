"""The network as the devices of an environment are known to run it: each as of the intent it was given or made of."""

from collections.abc import Iterable, Mapping
from typing import cast

from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.events.requests import ChangeRequested
from cimnet_nornir.domain.network import Network, NetworkEvent, evolve_network
from cimnet_nornir.domain.streams import device_prefix, device_stream, network_stream
from cimnet_nornir.projections.applied import load_applied
from cimnet_nornir.projections.intent import INTENT_TYPES, Intent
from cimnet_nornir.store.port import EventStore

# For so many moments it is asked at once which streams had which version; each such question reads an index.
_MOMENTS = 8


def load_deployed(store: EventStore, present: Intent, environment: str) -> Network:
    """The devices as of the intent that each is known to run, and the links as of the latest of these moments.

    A device that was never pushed to, and whose configuration was never taken in, is not there. Devices that have not
    changed since are those of `present`, which must not be changed by whoever reads them.
    """
    name = present.network.name
    applied = _taken_in(store, name)
    for identity, each in load_applied(store, name, environment).items():
        applied[identity] = max(each.intent, applied.get(identity, 0))
    network = Network(name)
    if not applied:
        return network
    # Hosts, and the networks behind them, are not pushed to as switches are: they are as they are.
    network.devices.update({device.id: device for device in present.network.devices.values() if device.is_host})
    network.container_networks = present.network.container_networks
    network.vm_networks = present.network.vm_networks
    last = max(applied.values())
    for stored in store.read_stream(network_stream(name), until=last):
        if stored.type in INTENT_TYPES:
            evolve_network(network, cast("NetworkEvent", stored.event))
    unchanged = _unchanged(store, present, applied)
    for identity, position in applied.items():
        device = present.network.devices[identity] if identity in unchanged else _then(store, name, identity, position)
        if device is not None and not device.removed:
            network.devices[identity] = device
    return network


def _taken_in(store: EventStore, network: str) -> dict[str, int]:
    """By device id the position at which its intent was last made of what it runs."""
    beginning = device_prefix(network)
    found: dict[str, int] = {}
    for request in store.read_all(types=("ChangeRequested",)):
        if isinstance(request.event, ChangeRequested) and request.event.command == "import":
            for stored in store.by_correlation(request.correlation_id):
                if stored.aggregate_id.startswith(beginning):
                    found[stored.aggregate_id.removeprefix(beginning)] = stored.position
    return found


def _unchanged(store: EventStore, present: Intent, applied: Mapping[str, int]) -> frozenset[str]:
    """The devices that are there and have had no event since they were pushed to."""
    moments: dict[int, list[str]] = {}
    for identity, position in applied.items():
        if identity in present.network.devices:
            moments.setdefault(position, []).append(identity)
    many = sorted(moments, key=lambda position: len(moments[position]), reverse=True)[:_MOMENTS]
    found: set[str] = set()
    for position in many:
        found |= _same_version(store, present, position, moments[position])
    return frozenset(found)


def _same_version(store: EventStore, present: Intent, position: int, devices: Iterable[str]) -> set[str]:
    name = present.network.name
    if position >= present.position:
        return set(devices)
    then = store.versions(device_prefix(name), until=position)
    streams = {identity: device_stream(name, identity) for identity in devices}
    return {identity for identity, stream in streams.items() if then.get(stream) == present.versions.get(stream)}


def _then(store: EventStore, network: str, identity: str, position: int) -> Device | None:
    device: Device | None = None
    for stored in store.read_stream(device_stream(network, identity), until=position):
        if stored.type in INTENT_TYPES:
            device = evolve(device, stored.event)  # type: ignore[arg-type] # of a type that the set names
    return device

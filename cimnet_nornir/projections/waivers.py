"""The waivers of a network, folded from their own stream, which stays short."""

from typing import cast

from cimnet_nornir.domain.streams import waivers_stream
from cimnet_nornir.domain.waivers import Key, Waiver, WaiverEvent, evolve_waivers
from cimnet_nornir.store.port import EventStore


def load_waivers(store: EventStore, network: str, *, until: int | None = None) -> tuple[dict[Key, Waiver], int]:
    """The waivers by what they are for, now or as of a position, and the version of their stream."""
    waivers: dict[Key, Waiver] = {}
    version = 0
    for stored in store.read_stream(waivers_stream(network), until=until):
        evolve_waivers(waivers, cast("WaiverEvent", stored.event))
        version = stored.version
    return waivers, version

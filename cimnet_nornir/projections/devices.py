"""Devices of a network that are read from their rows when somebody asks for them, and no sooner."""

from collections.abc import (
    Callable,
    Collection,
    ItemsView,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    ValuesView,
)
from itertools import islice
from typing import cast

from cimnet_nornir.domain.device import Device, DeviceEvent, evolve
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import DeviceRemoved

Fetch = Callable[[Collection[str]], Mapping[str, Device]]
"""Gives the devices of those ids as they were when the mapping was made."""


class KeptDevices(MutableMapping[str, Device]):
    """Device ids to devices, in the order of the ids; a program that touches two devices decodes two.

    Whatever reads all values has all of them fetched at once. Not for several threads.
    """

    def __init__(self, ids: Iterable[str], fetch: Fetch) -> None:
        self._ids = dict.fromkeys(ids)
        self._fetch = fetch
        self._loaded: dict[str, Device] = {}
        self._later: dict[str, list[DeviceEvent]] = {}

    def __getitem__(self, identity: str) -> Device:
        if identity not in self._loaded:
            if identity not in self._ids:
                raise KeyError(identity)
            # Whoever asks for one after another gets ever more at once: few queries, and at most twice what was needed.
            others = (name for name in self._ids if name not in self._loaded)
            self.load((identity, *islice(others, len(self._loaded))))
        return self._loaded[identity]

    def __setitem__(self, identity: str, device: Device) -> None:
        self._ids[identity] = None
        self._later.pop(identity, None)
        self._loaded[identity] = device

    def __delitem__(self, identity: str) -> None:
        del self._ids[identity]
        self._later.pop(identity, None)
        self._loaded.pop(identity, None)

    def __contains__(self, identity: object) -> bool:
        return identity in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def values(self) -> ValuesView[Device]:
        self.load(self._ids)
        return super().values()

    def items(self) -> ItemsView[str, Device]:
        self.load(self._ids)
        return super().items()

    def load(self, identities: Iterable[str]) -> None:
        """Fetches what is not at hand of these devices, with the events that were left for later."""
        missing = [name for name in identities if name in self._ids and name not in self._loaded]
        for name, device in self._fetch(missing).items() if missing else ():
            for event in self._later.pop(name, ()):
                evolve(device, event)
            self._loaded[name] = device

    def take_in(self, identity: str, stored: StoredEvent) -> bool:
        """Keeps an event of a device that nobody has asked for until somebody does; whether it could."""
        if identity not in self._ids or identity in self._loaded:
            return False
        if isinstance(stored.event, DeviceRemoved):
            del self[identity]
        else:
            self._later.setdefault(identity, []).append(cast("DeviceEvent", stored.event))
        return True

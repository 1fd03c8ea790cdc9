"""Equal values of many devices kept once: most ports of a network are configured like some other."""

from collections.abc import Hashable
from dataclasses import fields

from pydantic import BaseModel

from cimnet_nornir.domain.device import Device


class Sharing:
    """Lets the devices it is shown hold one object for equal texts and values. Values are immutable, so nobody notices.

    It keeps what it has seen; let go of it when the devices have been loaded.
    """

    def __init__(self) -> None:
        self._seen: dict[Hashable, object] = {}

    def share(self, device: Device) -> None:
        """Replaces the texts and values in the device's fields by the first that were equal to them."""
        for item in fields(device):
            value = getattr(device, item.name)
            if isinstance(value, dict):
                setattr(device, item.name, {self._one(key): self._one(each) for key, each in value.items()})
            elif isinstance(value, tuple):
                setattr(device, item.name, self._same(tuple(map(self._one, value))))
            else:
                setattr(device, item.name, self._one(value))

    def _one(self, value: object) -> object:
        """The first that was equal; numbers are left alone, as some of them equal truth values."""
        return self._same(value) if isinstance(value, str | BaseModel) and isinstance(value, Hashable) else value

    def _same(self, value: Hashable) -> object:
        try:
            return self._seen.setdefault((type(value), value), value)
        except TypeError:  # it holds something that can change
            return value

"""The links of a lab, and what comes through them: which ports are up, who is at the other end."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from cimnet_nornir.lab.spec import LabLink

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

End = tuple[str, str]
T = TypeVar("T")


class Topology:
    """The cables between the devices of a lab."""

    def __init__(self, devices: "Mapping[str, Device]", links: Iterable[LabLink]) -> None:
        self.devices = devices
        ends: dict[End, End] = {}
        for link in links:
            ends[link.a] = link.b
            ends[link.b] = link.a
        self.ends = MappingProxyType(ends)
        self._memory: dict[object, object] = {}

    def forget(self) -> None:
        """Something in the lab changed: what was computed before may be wrong."""
        self._memory.clear()

    def remembered(self, key: object, compute: Callable[[], T]) -> T:
        """What `compute` returned for `key` since anything in the lab changed last."""
        if key not in self._memory:
            self._memory[key] = compute()
        return cast("T", self._memory[key])

    def peer(self, device: str, interface: str) -> "tuple[Device, str] | None":
        """The device and interface at the other end of a cable."""
        end = self.ends.get((device, interface))
        return (self.devices[end[0]], end[1]) if end else None

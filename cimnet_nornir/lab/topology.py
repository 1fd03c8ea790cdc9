"""The links of a lab, and what comes through them: which ports are up, who is at the other end."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cimnet_nornir.lab.spec import LabLink

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

End = tuple[str, str]


class Topology:
    """The cables between the devices of a lab."""

    def __init__(self, devices: "Mapping[str, Device]", links: Iterable[LabLink]) -> None:
        self.devices = devices
        ends: dict[End, End] = {}
        for link in links:
            ends[link.a] = link.b
            ends[link.b] = link.a
        self.ends = MappingProxyType(ends)

    def peer(self, device: str, interface: str) -> "tuple[Device, str] | None":
        """The device and interface at the other end of a cable."""
        end = self.ends.get((device, interface))
        return (self.devices[end[0]], end[1]) if end else None

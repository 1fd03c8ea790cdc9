"""Devices in memory that say how they are: their ports count, go down and come back, and a device may be silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState, SeenNeighbor
from cimnet_nornir.application.ports import Progress
from cimnet_nornir.errors import DeviceError


@dataclass
class MemoryDevice:
    """A device: its ports by name, what it hears, and the error by which it does not answer."""

    ports: dict[str, PortState] = field(default_factory=dict)
    neighbors: tuple[SeenNeighbor, ...] = ()
    facts: DeviceFacts = field(default_factory=DeviceFacts)
    silent: DeviceError | None = None

    def set(self, port: str, **fields: object) -> None:
        """Change what a port says; it is up where nothing else was said."""
        known = self.ports.get(port, PortState(name=port, enabled=True, up=True))
        self.ports[port] = known.model_copy(update=fields)


@dataclass
class MemoryDevices:
    """The DevicePort's collect, over devices in memory; `now` is the moment at which they answer."""

    devices: dict[str, MemoryDevice]
    now: datetime

    def collect(
        self, devices: Sequence[str], *, method: str = "netmiko", progress: Progress | None = None
    ) -> Mapping[str, Observed | DeviceError]:
        found: dict[str, Observed | DeviceError] = {}
        for name in (name for name in devices if name in self.devices):
            device = self.devices[name]
            if progress is not None:
                progress(name, "started")
            found[name] = device.silent or Observed(
                device=name,
                at=self.now,
                facts=device.facts,
                ports=tuple(device.ports.values()),
                neighbors=device.neighbors,
            )
            if progress is not None:
                progress(name, "failed" if device.silent else "done")
        return found

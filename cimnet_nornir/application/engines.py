"""Which configuration engine is whose: the one place where that is decided by the kind of a device."""

import hashlib
from dataclasses import dataclass

from cimnet_nornir.application.platform_engines import PlatformEngines
from cimnet_nornir.application.ports import ConfigurationEngine
from cimnet_nornir.domain.device import Device


@dataclass(frozen=True, slots=True)
class Engines:
    """The engine of routers and switches, and that of hosts, which is None where no host is deployed to."""

    devices: ConfigurationEngine
    hosts: ConfigurationEngine | None = None

    def of(self, device: Device) -> ConfigurationEngine:
        """The engine of a device; what asks that of switches about a host is told that there is none for it.

        Raises RenderError where no driver serves its platform.
        """
        if device.is_host and self.hosts is not None:
            return self.hosts
        if isinstance(self.devices, PlatformEngines) and not device.is_host:
            return self.devices.of(device)
        return self.devices

    @property
    def templates(self) -> str:
        """The digest of all that renders: the same digest renders the same texts."""
        if self.hosts is None:
            return self.devices.templates
        both = f"{self.devices.templates} {self.hosts.templates}"
        return "sha256:" + hashlib.sha256(both.encode()).hexdigest()

"""Recording a device of a project: the session, and what of it is replaced before it is written."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.bootstrap.wiring import open_devices

if TYPE_CHECKING:
    from cimnet_nornir.ios.recording import Recording


def record_device(
    settings: Settings, service: NetworkService, name: str, commands_text: str | None = None
) -> "Recording":
    """A scrubbed recording of a device, by host name or id; `commands_text` replaces the list of commands.

    Raises InvalidInput for a command that may do more than read, DeviceNotFound, and a DeviceError.
    """
    from cimnet_nornir.ios.recording import COMMANDS, commands_from, scrubbed

    commands = COMMANDS if commands_text is None else commands_from(commands_text)
    (device,) = service.devices([name])
    with open_devices(settings, service) as devices:
        known = _known(service, str(devices.nornir.inventory.hosts[device.name].username or ""))
        recording = devices.record(device.id, commands)
    return scrubbed(recording, secrets.token_bytes(32), known)


def _known(service: NetworkService, user: str) -> Mapping[str, tuple[str, ...]]:
    """Names that the project itself knows: its hosts, and who logs in."""
    network = service.network()
    names = {word for device in network.devices.values() for word in (device.name, device.id)}
    return {"host": tuple(sorted(names)), "user": (user,), "domain": (network.name,)}

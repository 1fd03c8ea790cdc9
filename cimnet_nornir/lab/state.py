"""What is known about a lab that is up; no SSH library is needed to read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cimnet_nornir.lab.spec import LabCredentials

# Files in a lab's state folder: where it is controlled, who holds it, what it consists of.
STATE_FILE: Final = "lab.json"
LOCK_FILE: Final = "lab.lock"
SPEC_FILE: Final = "spec.json"
# The private key that lets into the lab's hosts, of mode 0600.
HOST_LOGIN_FILE: Final = "host_login_key"


@dataclass(frozen=True, slots=True)
class LabEndpoint:
    """Where a device listens: its own public host key as an OpenSSH line, whether it is up, and its faults in words."""

    name: str
    host: str
    port: int
    host_key: str
    up: bool
    fault: str


@dataclass(frozen=True, slots=True)
class LabState:
    """A lab that is up: its process, since when (UTC), what its devices accept, where they and its NixOS hosts are."""

    pid: int
    started: datetime
    credentials: LabCredentials
    devices: Mapping[str, LabEndpoint]
    hosts: Mapping[str, LabEndpoint]

    @property
    def host_keys(self) -> Mapping[str, str]:
        """The SSH host key of each device and host."""
        return {name: item.host_key for name, item in (*self.devices.items(), *self.hosts.items())}

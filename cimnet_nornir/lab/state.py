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
    """A lab that is up: its process, since when (UTC), what its devices accept, and where they are."""

    pid: int
    started: datetime
    credentials: LabCredentials
    devices: Mapping[str, LabEndpoint]

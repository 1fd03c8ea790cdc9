"""A finding: what is wrong in an intent, where, and how much it matters."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """An error will not work as intended; a warning works but hardly can be meant.

    `device` is a host name, `where` the interface, VLAN or process in it.
    """

    severity: Severity
    device: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.device} {self.where}: {self.message}"


def error(device: str, where: str, message: str) -> Finding:
    return Finding("error", device, where, message)


def warning(device: str, where: str, message: str) -> Finding:
    return Finding("warning", device, where, message)

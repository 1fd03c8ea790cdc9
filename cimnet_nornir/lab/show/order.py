"""The order in which `show` commands list interfaces."""

from typing import TYPE_CHECKING

from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.names import type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def interface_lines(device: "Device") -> list[Line]:
    """The interfaces in the order of `show`: SVIs, then ports, then what is neither."""
    lines = [line for line in device.running if line.key[0] == "interface"]
    return sorted(lines, key=lambda line: (_group(line.key[1]), line.order))


def _group(name: str) -> int:
    kind = type_of(name)
    return 0 if kind.name == "Vlan" else 1 if kind.physical else 2

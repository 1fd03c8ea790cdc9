"""Faults that a simulated host can be given, for trying what a deployment must survive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cimnet_nornir.errors import InvalidInput

# What the programs of the host are told of; each lasts until `clear`.
PROGRAM_FAULTS: Final = (
    "fail-build",
    "hang-build",
    "fail-activation",
    "hang-activation",
    "unreachable-after-activation",
    "failed-unit",
    "no-systemd",
)
# What the lab's server does by itself. `power` happens once.
SERVER_FAULTS: Final = ("down", "up", "hang", "host-key", "power", "clear")
HOST_FAULTS: Final = (*SERVER_FAULTS, *PROGRAM_FAULTS)


@dataclass(frozen=True, slots=True)
class HostFaults:
    """What is wrong with a host at the moment; `programs` are the faults that its own programs act by."""

    down: bool = False
    hang: bool = False
    host_key: bool = False
    programs: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The faults in words, as they are given; empty where there is none."""
        words = ("down" if self.down else "", "hang" if self.hang else "", "host-key" if self.host_key else "")
        return ", ".join(word for word in (*words, *self.programs) if word)


def with_host_fault(faults: HostFaults, fault: str) -> HostFaults:
    """The faults after one more was set; `power` is none that stays. Raises InvalidInput for an unknown one."""
    if fault in PROGRAM_FAULTS:
        return replace(faults, programs=(*(one for one in faults.programs if one != fault), fault))
    if fault not in SERVER_FAULTS:
        raise InvalidInput(f"a host of the lab has no fault {fault!r}; it has {', '.join(HOST_FAULTS)}", subject=fault)
    return _BY_SERVER[fault](faults)


_BY_SERVER: Final[Mapping[str, Callable[[HostFaults], HostFaults]]] = {
    "clear": lambda _: HostFaults(),
    "up": lambda faults: replace(faults, down=False),
    "down": lambda faults: replace(faults, down=True),
    "hang": lambda faults: replace(faults, hang=True),
    "host-key": lambda faults: replace(faults, host_key=True),
    "power": lambda faults: faults,
}

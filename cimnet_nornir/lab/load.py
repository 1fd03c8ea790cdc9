"""How busy a device is and how much memory it uses: a function of its name and of the time since it was started."""

import hashlib
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

# What `show processes cpu` looks back on, in steps of five seconds.
_MINUTE: Final = 12
_FIVE_MINUTES: Final = 60
_STEP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Busy:
    """The load of the processor in percent: over five seconds (of it in interrupts), one minute and five minutes."""

    five_seconds: int
    interrupts: int
    minute: int
    five_minutes: int


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of memory, in bytes."""

    name: str
    head: str
    total: int
    used: int

    @property
    def free(self) -> int:
        """What is not used."""
        return self.total - self.used


def busy(device: "Device") -> Busy:
    """How busy the device is; as much as its fault `load` says where it has that."""
    told = device.faults.load
    if told is not None:
        return Busy(told, min(told, told // 20), told, told)
    step = int((device.clock() - device.booted).total_seconds() / _STEP_SECONDS)
    past = [_at(device.declared.name, each) for each in range(max(0, step - _FIVE_MINUTES + 1), step + 1)]
    return Busy(past[-1], past[-1] // 10, round(fmean(past[-_MINUTE:])), round(fmean(past)))


@cache
def _draw(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=4).digest()


def _at(name: str, step: int) -> int:
    usual = 2 + _draw(name)[0] % 9
    swing = hashlib.blake2b(f"{name} {step}".encode(), digest_size=1).digest()[0] % 7
    return max(1, usual + swing - 3)


def memory(device: "Device") -> tuple[Pool, Pool]:
    """The pools that every image shows: the processor's, and that of packets."""
    draw = _draw(device.declared.name)
    step = int((device.clock() - device.booted).total_seconds() / _STEP_SECONDS)
    moved = hashlib.blake2b(f"{device.declared.name} {step}".encode(), digest_size=2).digest()
    modern = "iosxe" in device.profile.features
    total = 1_452_128_204 if modern else 342_094_324
    used = total * (20 + draw[1] % 25) // 100 + 4 * int.from_bytes(moved)
    packets = Pool("lsmpi_io", "7F4E5BC1A8", 6_295_128, 6_294_304) if modern else Pool("I/O", "D000000", *_IO)
    return Pool("Processor", "7F4E5C7048" if modern else "29CC4E0", total, used), packets


_IO: Final = (33_554_432, 11_865_728)

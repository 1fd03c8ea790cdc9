"""Waves of a rollout: which hosts go together, and whether the next wave may begin after one."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

from cimnet_nornir.errors import InvalidInput

_WHOLE = Fraction(1)
_AMOUNT = re.compile(r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?) ?(?P<percent>%?)")
_RIGHT_WAVES = "right would be 10%,50%,100% or 1,5,100%"
_RIGHT_FAILURES = "right would be 2 (hosts, of all waves), 25% or 0.25 (of the hosts of a wave)"


@dataclass(frozen=True, slots=True)
class Amount:
    """So many hosts, or (`is_share`) such a share of them, of which 1 is all."""

    value: Fraction
    is_share: bool = False

    def of(self, total: int) -> int:
        """The number of hosts out of `total`, rounded up: a share of something is never nothing."""
        return min(total, ceil(self.value * total) if self.is_share else int(self.value))

    def __str__(self) -> str:
        return f"{float(self.value * 100):g}%" if self.is_share else str(self.value)


@dataclass(frozen=True, slots=True)
class Waves:
    """How many hosts are done at the end of each wave, the canaries not counted; after the last step come all others.

    Without steps all hosts are one wave.
    """

    steps: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """How many hosts may fail before a rollout stops: a share of each wave, or a number over all waves; none at first.

    A share counts in each wave by itself: a good first wave is no excuse for a bad second one.
    """

    most: Amount = Amount(Fraction(0))

    def holds(self, *, failed: int, hosts: int, failed_in_all: int) -> bool:
        """Whether the failures of a wave of so many hosts are few enough to go on."""
        if self.most.is_share:
            return failed <= self.most.value * hosts
        return failed_in_all <= self.most.value


@dataclass(frozen=True, slots=True)
class Wave:
    """The hosts, by name, that go together; `number` counts from 1."""

    number: int
    of: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveDecision:
    """What was decided after a wave: whether to go on, and why; `failed` are those of its `hosts` that failed."""

    number: int
    of: int
    hosts: tuple[str, ...]
    failed: tuple[str, ...]
    go_on: bool
    reason: str

    @property
    def decision(self) -> Literal["continue", "stop"]:
        """The decision in one word, as events tell it."""
        return "continue" if self.go_on else "stop"

    def __str__(self) -> str:
        return f"wave {self.number} of {self.of}: {self.reason}: {self.decision}"


def parse_waves(text: str) -> Waves:
    """Waves as people write them: "10%,50%,100%" (shares of all hosts that are done then), "1,5,100%" (numbers).

    They grow from one to the next; a last wave of all others is added where it is left out. Raises InvalidInput.
    """
    steps = tuple(_step(part.strip(), text) for part in text.split(","))
    for one, other in pairwise(steps):
        # A share and a number are compared when the number of hosts is known: a wave that brings none is left out.
        if one.is_share and one.value == _WHOLE:
            raise InvalidInput(f"waves {text!r}: nothing is left after 100%; {_RIGHT_WAVES}", subject="waves")
        if one.is_share == other.is_share and other.value <= one.value:
            raise InvalidInput(
                f"waves {text!r}: each wave brings more hosts than the one before, {other} does not; {_RIGHT_WAVES}",
                subject="waves",
            )
    return Waves(steps)


def parse_max_failures(text: str) -> FailureLimit:
    """A limit as people write it: "2" hosts over all waves, "25%" or "0.25" of each wave. Raises InvalidInput."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(f"failures {text!r}: a number or a share is wanted; {_RIGHT_FAILURES}", subject="failures")
    is_share = bool(found["percent"]) or "." in found["number"]
    value = Fraction(found["number"]) / (100 if found["percent"] else 1)
    if is_share and value > _WHOLE:
        raise InvalidInput(f"failures {text!r}: no more than all can fail; {_RIGHT_FAILURES}", subject="failures")
    return FailureLimit(Amount(value, is_share))


def _step(part: str, text: str) -> Amount:
    found = _AMOUNT.fullmatch(part)
    amount = None
    if found is not None and found["percent"]:
        amount = Amount(Fraction(found["number"]) / 100, is_share=True)
    elif found is not None and "." not in found["number"]:
        amount = Amount(Fraction(found["number"]))
    if amount is None or not amount.value or (amount.is_share and amount.value > _WHOLE):
        raise InvalidInput(
            f"waves {text!r}: {part!r} is neither a number of hosts nor a share up to 100%; {_RIGHT_WAVES}",
            subject="waves",
        )
    return amount


def split(hosts: Sequence[str], waves: Waves, canaries: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The hosts wave by wave, in their order, each once and no wave empty; canaries are a first wave of their own.

    Steps count the hosts beside the canaries. Few hosts make fewer waves: of 2 hosts, 10%,50%,100% makes 1 and 1.
    Raises InvalidInput for a canary that is none of the hosts.
    """
    known = dict.fromkeys(hosts)
    for canary in canaries:
        if canary not in known:
            raise InvalidInput(
                f"canary {canary!r} is none of the hosts of this run; name one of them, by its host name",
                subject="canary",
            )
    first = tuple(host for host in known if host in set(canaries))
    others = [host for host in known if host not in set(canaries)]
    found = [first]
    done = 0
    for step in (*waves.steps, Amount(_WHOLE, is_share=True)):
        until = step.of(len(others))
        found.append(tuple(others[done:until]))
        done = max(done, until)
    return tuple(wave for wave in found if wave)


def numbered(waves: Sequence[Sequence[str]]) -> tuple[Wave, ...]:
    """The waves with their numbers."""
    return tuple(Wave(number, len(waves), tuple(hosts)) for number, hosts in enumerate(waves, 1))


def decide(wave: Wave, failed: Collection[str], limit: FailureLimit) -> WaveDecision:
    """Whether to go on after a wave; `failed` names the hosts that failed in it and in those before it."""
    here = tuple(host for host in wave.hosts if host in failed)
    go_on = limit.holds(failed=len(here), hosts=len(wave.hosts), failed_in_all=len(failed))
    reason = f"{len(here) or 'none'} of {len(wave.hosts)} failed"
    if len(failed) > len(here):
        reason += f", {len(failed)} in all"
    if failed and limit.most.value:
        reason += f", at most {limit.most} may"
    return WaveDecision(wave.number, wave.of, wave.hosts, here, go_on, reason)


def interrupted(wave: Wave, failed: Collection[str], done: int) -> WaveDecision:
    """The decision after a wave in which somebody interrupted the rollout, `done` of its hosts being done."""
    here = tuple(host for host in wave.hosts if host in failed)
    reason = f"interrupted when {done} of {len(wave.hosts)} were done, {len(here) or 'none'} of them failed"
    return WaveDecision(wave.number, wave.of, wave.hosts, here, go_on=False, reason=reason)

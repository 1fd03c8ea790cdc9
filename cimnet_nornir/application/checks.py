"""Checks before and after a change: which there are for a host, and how they are run over its session."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from cimnet_nornir.application.check_parts import (
    EVERY,
    WITHIN,
    Ask,
    CheckedDevice,
    CheckReader,
    HostCheck,
    Memory,
    OwnCheck,
)
from cimnet_nornir.application.selection import fits, is_chosen
from cimnet_nornir.domain.checks import CheckResult, DeclaredCheck, Moment, When, failures
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import OspfProcess
from cimnet_nornir.errors import CommandRejected, DeviceError, SettingsError
from cimnet_nornir.projections.inventory import HostView

__all__ = [
    "Ask",
    "CheckReader",
    "CheckResult",
    "CheckSet",
    "CheckedDevice",
    "HostCheck",
    "Memory",
    "Moment",
    "OwnCheck",
    "When",
    "failures",
    "names_of",
    "run_checks",
]


def _nobody(_: str) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class CheckSet:
    """The checks of a project: declared ones, which `reader` reads, and those in Python."""

    declared: tuple[DeclaredCheck, ...] = ()
    own: tuple[OwnCheck, ...] = ()
    reader: CheckReader | None = None

    def for_host(self, host: HostView, known_as: Callable[[str], Collection[str]] = _nobody) -> tuple[HostCheck, ...]:
        """The checks that are about a host; none for a server, which is nobody's switch or router.

        `known_as` gives the names and addresses of a device by its host name, as `names_of` does: by them a neighbour
        is known that a protocol shows by its address. Raises SettingsError where nothing reads declared checks.
        """
        if host.is_server:
            return ()
        declared = (self._declared(check, host, known_as) for check in self.declared if is_chosen(host, check.hosts))
        own = (_own(check, host) for check in self.own if is_chosen(host, tuple(check.hosts)))
        return (*declared, *own)

    def idle(self, hosts: Iterable[HostView]) -> tuple[str, ...]:
        """Patterns that fit none of the hosts, each with its check: most often somebody mistyped a name."""
        known = tuple(hosts)
        return tuple(
            f"{text}: no host or group fits {pattern}"
            for text, patterns in self._patterns()
            for pattern in patterns
            if not any(fits(pattern.removeprefix("!"), host) for host in known)
        )

    def _patterns(self) -> Iterable[tuple[str, Sequence[str]]]:
        yield from ((check.text, check.hosts) for check in self.declared)
        yield from ((check.id, check.hosts) for check in self.own)

    def _declared(self, check: DeclaredCheck, host: HostView, known_as: Callable[[str], Collection[str]]) -> HostCheck:
        if self.reader is None:
            raise SettingsError("these checks were made without what reads the devices' answers", subject="checks")
        return HostCheck(
            text=check.text,
            when=check.when,
            host=host,
            run=partial(_read, self.reader, check, known_as(check.other) if check.other else ()),
            within=check.within,
            every=check.every,
            reason=check.reason or "",
            shares=True,
            compares=check.compares,
        )


def _own(check: OwnCheck, host: HostView) -> HostCheck:
    within, every = getattr(check, "within", WITHIN), getattr(check, "every", EVERY)
    return HostCheck(check.id, check.when, host, check.run, within, every)


def _read(reader: CheckReader, check: DeclaredCheck, known_as: Collection[str], device: CheckedDevice) -> Iterable[str]:
    """Run a declared check: one that compares only remembers before the change."""
    answer = device.ask(reader.command_of(check))
    if check.compares and device.when == "before":
        wrong = reader.refusal(answer)
        device.before.update({} if wrong else reader.remembered(check, answer))
    else:
        wrong = reader.wrong_with(check, answer, known_as=known_as, before=device.before)
    return (wrong,) if wrong else ()


def names_of(network: Network, name: str) -> frozenset[str]:
    """What protocols may show a device of the network as, in lower case: its name, its addresses, its router ids."""
    device = network.device_named(name)
    if device is None:
        return frozenset()
    addresses = {str(address.ip) for each in device.interfaces.values() for address in each.addresses}
    routers: list[OspfProcess | EigrpProcess | BgpRouter] = [*device.ospf.values(), *device.eigrp.values()]
    routers += [device.bgp] if device.bgp else []
    ids = (device.details.management, *(router.router_id for router in routers))
    return frozenset({device.name.lower(), *addresses, *(str(each) for each in ids if each is not None)})


def run_checks(
    checks: Iterable[HostCheck],
    ask: Ask,
    *,
    when: Moment,
    memory: Memory | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[CheckResult, ...]:
    """Run the checks of a host that belong to the moment, and say what came of each, in their order.

    After a change a check that fails is tried again until its time is over; before one it is run once. `memory` is
    filled before the change and given again after it; without it, checks that compare are left out. One that fails does
    not stop the others; where the session broke, the others are failures that say so. Raises nothing of a device's.
    """
    chosen = [check for check in checks if check.is_run(when) and (memory is not None or not check.compares)]
    run = _Run(ask, when, {} if memory is None else memory, clock, sleep)
    # Counters are compared when all else has settled.
    results = {False: run.results([check for check in chosen if not check.compares])}
    results[True] = run.results([check for check in chosen if check.compares])
    told = {compares: iter(some) for compares, some in results.items()}
    return tuple(next(told[check.compares]) for check in chosen)


@dataclass(slots=True)
class _Run:
    """Checks being run over one session. `broken` is why it answers no more, `answers` what it said in this round."""

    session: Ask
    when: Moment
    memory: Memory
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    broken: DeviceError | None = None
    answers: dict[str, str] = field(default_factory=dict)

    def results(self, checks: Sequence[HostCheck]) -> tuple[CheckResult, ...]:
        started = self.clock()
        done: dict[int, CheckResult] = {}
        pending = dict(enumerate(checks))
        while pending:
            self.answers.clear()
            done |= {place: self._result(check, started) for place, check in pending.items()}
            passed = self.clock() - started
            pending = {
                place: check
                for place, check in pending.items()
                if not done[place].ok and self._is_tried_again(check, passed)
            }
            if pending:
                self.sleep(min(check.every for check in pending.values()))
        return tuple(done[place] for place in range(len(checks)))

    def _is_tried_again(self, check: HostCheck, passed: float) -> bool:
        return self.when == "after" and self.broken is None and passed < check.within

    def _result(self, check: HostCheck, started: float) -> CheckResult:
        problems = (f"not run: {self.broken.message}",) if self.broken is not None else self._problems(check)
        wrong = "; ".join(problems)
        said = f"{wrong} ({check.reason})" if wrong and check.reason else wrong
        return CheckResult(check=check.text, ok=not wrong, said=said, seconds=round(self.clock() - started, 3))

    def _problems(self, check: HostCheck) -> tuple[str, ...]:
        host = check.host
        device = CheckedDevice(
            name=host.name,
            id=host.device,
            facts=host.facts,
            ask=self._shared if check.shares else self._ask,
            when=self.when,
            before=self.memory.setdefault(check.text, {}),
        )
        try:
            return tuple(check.run(device))
        except DeviceError as error:
            return (error.message,)

    def _ask(self, command: str) -> str:
        if self.broken is not None:
            raise self.broken
        try:
            return self.session(command)
        except CommandRejected:
            # The device did not want this; it answers to the next.
            raise
        except DeviceError as error:
            self.broken = error
            raise

    def _shared(self, command: str) -> str:
        if command not in self.answers:
            self.answers[command] = self._ask(command)
        return self.answers[command]

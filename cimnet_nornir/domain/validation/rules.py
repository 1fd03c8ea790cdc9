"""Rules of validation: what one is, how a function becomes one, and the registry that runs them all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar, runtime_checkable

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Finding, Problem, Severity
from cimnet_nornir.domain.validation.view import LinkEnds, NetworkView
from cimnet_nornir.errors import AlreadyExists

Stock = TypeVar("Stock")


@runtime_checkable
class ValidationRule(Protocol):
    """A rule over a network as it is.

    `id` is short, stable and unique ("duplicate-address"): waivers name it. `description` is one sentence that says
    what the rule finds. `severity` is that of its findings, unless one says otherwise.
    """

    @property
    def id(self) -> str: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def description(self) -> str: ...

    def check(self, network: NetworkView) -> Iterable[Finding]:
        """What it finds. A function of the network alone: no input or output, no clock, nothing random."""
        ...


@runtime_checkable
class ChangeRule(Protocol):
    """A rule over a change: the network before it and after. A network that did not exist before is empty there."""

    @property
    def id(self) -> str: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def description(self) -> str: ...

    def check_change(self, before: NetworkView, after: NetworkView) -> Iterable[Finding]:
        """What the change does that it should not, or that whoever makes it should know."""
        ...


AnyRule = ValidationRule | ChangeRule


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """A ValidationRule made of a function."""

    id: str
    severity: Severity
    description: str
    find: Callable[[NetworkView], Iterable[Problem]]

    def check(self, network: NetworkView) -> Iterator[Finding]:
        return (problem.of(self.id, self.severity) for problem in self.find(network))


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """A ChangeRule made of a function."""

    id: str
    severity: Severity
    description: str
    find: Callable[[NetworkView, NetworkView], Iterable[Problem]]

    def check_change(self, before: NetworkView, after: NetworkView) -> Iterator[Finding]:
        return (problem.of(self.id, self.severity) for problem in self.find(before, after))


NetworkFunction = Callable[[NetworkView], Iterable[Problem]]
DeviceFunction = Callable[[Device], Iterable[Problem]]
LinkFunction = Callable[[LinkEnds], Iterable[Problem]]
ChangeFunction = Callable[[NetworkView, NetworkView], Iterable[Problem]]


def rule(identity: str, severity: Severity, description: str) -> Callable[[NetworkFunction], NetworkRule]:
    """Make a rule of a function that looks at a network and yields problems."""
    return lambda find: NetworkRule(identity, severity, description, find)


def device_rule(identity: str, severity: Severity, description: str) -> Callable[[DeviceFunction], NetworkRule]:
    """Make a rule of a function that looks at one device by itself."""

    def made(find: DeviceFunction) -> NetworkRule:
        def each(network: NetworkView) -> Iterator[Problem]:
            return (problem for device in network.devices.values() for problem in find(device))

        return NetworkRule(identity, severity, description, each)

    return made


def link_rule(identity: str, severity: Severity, description: str) -> Callable[[LinkFunction], NetworkRule]:
    """Make a rule of a function that looks at the two ends of one link."""

    def made(find: LinkFunction) -> NetworkRule:
        def each(network: NetworkView) -> Iterator[Problem]:
            return (problem for ends in network.links for problem in find(ends))

        return NetworkRule(identity, severity, description, each)

    return made


def change_rule(identity: str, severity: Severity, description: str) -> Callable[[ChangeFunction], TransitionRule]:
    """Make a rule of a function that looks at a network before and after a change."""
    return lambda find: TransitionRule(identity, severity, description, find)


@dataclass(frozen=True, slots=True)
class Registry:
    """The rules that are in force, in the order in which they look. Raises AlreadyExists where two have one id."""

    rules: tuple[AnyRule, ...] = ()

    def __post_init__(self) -> None:
        for identity, times in Counter(each.id for each in self.rules).items():
            if times > 1:
                raise AlreadyExists(f"two rules have the id {identity!r}; give one another id", subject=identity)

    def including(self, rules: Iterable[AnyRule]) -> "Registry":
        """These rules, and more. Raises AlreadyExists where an id is taken."""
        return Registry((*self.rules, *rules))

    def named(self, identity: str) -> AnyRule | None:
        """The rule of that id."""
        return next((each for each in self.rules if each.id == identity), None)

    def check(self, network: NetworkView) -> tuple[Finding, ...]:
        """All that is found in a network, rule by rule."""
        found = (each.check(network) for each in self.rules if isinstance(each, ValidationRule))
        return tuple(finding for findings in found for finding in findings)

    def check_change(self, before: NetworkView, after: NetworkView) -> tuple[Finding, ...]:
        """What a change adds to what there was to find before, and what is to be said of the change itself."""
        found = (each.check_change(before, after) for each in self.rules if isinstance(each, ChangeRule))
        return (
            *added(before, self.check(before), self.check(after), after),
            *(finding for findings in found for finding in findings),
        )


def added(
    before: NetworkView, earlier: Iterable[Finding], later: Iterable[Finding], after: NetworkView
) -> tuple[Finding, ...]:
    """The later findings that were not there earlier, a renamed device being the same one.

    A finding whose words alone have changed (another list of VLANs at the same trunk) is the same one.
    """
    renamed = {
        old.name: after.devices[identity].name for identity, old in before.devices.items() if identity in after.devices
    }
    known = [replace(finding, device=renamed.get(finding.device, finding.device)) for finding in earlier]
    same = Counter(known)
    fresh = [finding for finding in later if not _take(same, finding)]
    moved = Counter(finding.key for finding in same.elements())
    return tuple(finding for finding in fresh if not _take(moved, finding.key))


def _take(stock: Counter[Stock], item: Stock) -> bool:
    """Take one of the item out of the stock; whether there was one."""
    if stock[item] < 1:
        return False
    stock[item] -= 1
    return True

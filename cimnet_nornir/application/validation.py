"""What validation of intent comes to: findings with the waivers that cover them, and the refusal of added errors."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.interfaces import interface_sort_key
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import Finding, NetworkView, Registry
from cimnet_nornir.domain.waivers import Waiver, waiver_of
from cimnet_nornir.errors import ValidationRefused

__all__ = [
    "Admission",
    "CheckReport",
    "Finding",
    "Judged",
    "Judgement",
    "RuleText",
    "WaiverText",
    "accepted",
    "alike",
    "counting",
    "covered",
    "finding_line",
    "likewise",
    "merged",
    "refuse_errors",
]

# So many devices are named where one rule finds the same on more.
_MOST_NAMED = 5

Found = TypeVar("Found")
Describe = Callable[[Finding], str]
"""How a finding is told in a refusal."""


@dataclass(frozen=True, slots=True)
class WaiverText:
    """A waiver as reports name it: by host name, where it is for one device."""

    rule: str
    device: str
    path: str
    reason: str
    expires: date
    expired: bool


@dataclass(frozen=True, slots=True)
class Judged(Generic[Found]):
    """A finding, of validation or of audit, with the waiver that is in force for it; None where it counts."""

    finding: Found
    waiver: WaiverText | None = None


def counting(judged: Iterable[Judged[Found]]) -> tuple[Found, ...]:
    """The findings that no waiver covers."""
    return tuple(item.finding for item in judged if item.waiver is None)


def covered(judged: Iterable[Judged[Found]]) -> tuple[Judged[Found], ...]:
    """The findings that a waiver covers."""
    return tuple(item for item in judged if item.waiver is not None)


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as reports name it."""

    id: str
    severity: str
    description: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a network, worst first. `at` is the position it was looked at, None for now.

    `expired` are waivers that cover findings no more because their day has gone by; `rules` all rules that looked.
    """

    network: str
    at: int | None
    findings: tuple[Judged[Finding], ...]
    expired: tuple[WaiverText, ...]
    rules: tuple[RuleText, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that no waiver covers."""
        return counting(self.findings)

    @property
    def waived(self) -> tuple[Judged[Finding], ...]:
        """The findings that a waiver covers."""
        return covered(self.findings)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The waivers of a network as of a day."""

    waivers: tuple[Waiver, ...]
    today: date

    def judge(self, findings: Iterable[Finding], *networks: Network) -> tuple[Judged[Finding], ...]:
        """Each finding with its waiver, worst first; the networks know the devices that findings name."""
        return self.judge_as(sorted(findings, key=order), lambda finding: finding, *networks)

    def judge_as(
        self, findings: Iterable[Found], as_finding: Callable[[Found], Finding], *networks: Network
    ) -> tuple[Judged[Found], ...]:
        """The same for findings of another kind, in their order; `as_finding` tells one as waivers name it."""
        ids = {device.name: device.id for network in networks for device in network.devices.values()}
        names = _names(networks)
        judged = []
        for found in findings:
            finding = as_finding(found)
            waiver = waiver_of(finding, ids.get(finding.device, ""), self.waivers, self.today)
            judged.append(Judged(found, self._text(waiver, names) if waiver else None))
        return tuple(judged)

    def texts(self, *networks: Network) -> tuple[WaiverText, ...]:
        """All waivers, as reports name them."""
        names = _names(networks)
        return tuple(self._text(each, names) for each in sorted(self.waivers, key=lambda each: each.key))

    def _text(self, waiver: Waiver, names: Mapping[str, str]) -> WaiverText:
        device = names.get(waiver.device, waiver.device)
        return WaiverText(waiver.rule, device, waiver.path, waiver.reason, waiver.expires, waiver.expired(self.today))


def _names(networks: Iterable[Network]) -> dict[str, str]:
    return {device.id: device.name for network in networks for device in network.devices.values()}


def finding_line(finding: Finding) -> str:
    """A finding in one line, without its severity."""
    place = " ".join(part for part in (finding.device, finding.path) if part)
    right = f"; right would be: {finding.right}" if finding.right else ""
    return f"{place}: {finding.message}{right} [{finding.rule}]".removeprefix(": ")


def order(finding: Finding) -> tuple[object, ...]:
    """Errors first; then device by device, rule by rule, and interfaces as a person would order them."""
    return finding.severity, finding.device, finding.rule, finding.message, interface_sort_key(finding.path)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of one device that differ in their place alone as one, whose path names all places."""
    groups: dict[Finding, list[str]] = {}
    for finding in sorted(findings, key=order):
        groups.setdefault(replace(finding, path=""), []).append(finding.path)
    return tuple(replace(finding, path=", ".join(dict.fromkeys(paths))) for finding, paths in groups.items())


def alike(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """Merged findings, in their order, each alone; but those of a rule on one VLAN together where they are many."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in merged(findings):
        about = finding.path if finding.path.startswith("VLAN ") else finding
        groups.setdefault((finding.severity, finding.rule, about), []).append(finding)
    many = [tuple(group) for group in groups.values() if len(group) > _MOST_NAMED]
    few = [(finding,) for group in groups.values() if len(group) <= _MOST_NAMED for finding in group]
    return tuple(sorted((*many, *few), key=lambda group: order(group[0])))


def likewise(group: Sequence[Finding]) -> str:
    """The devices of a group without its first finding's, as `sw2, sw3, sw4, sw5 … and 995 more`."""
    devices = tuple(dict.fromkeys(finding.device for finding in group[1:]))
    named = devices[: _MOST_NAMED - 1]
    more = len(devices) - len(named)
    return ", ".join(named) + (f" … and {more} more" if more else "")


def accepted(errors: bool) -> dict[str, bool]:  # noqa: FBT001 - the one thing it is about
    """What the request's arguments say where errors were accepted."""
    return {"accept_errors": True} if errors else {}


def refuse_errors(findings: Sequence[Finding], *, accepted: bool, describe: Describe = finding_line) -> None:
    """Raise ValidationRefused where errors are among the findings, unless whoever asked accepts them."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if accepted or not errors:
        return
    count = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    raise ValidationRefused(
        f"the change adds {count}; mend what is named, waive it (cimnet waiver grant), or say --accept-errors",
        subject=errors[0].device,
        problems=[describe(finding) for finding in merged(errors)],
    )


@dataclass(slots=True)
class Admission:
    """Lets a change through, or refuses it: what it adds is worked out between `begin` and `end`.

    `findings` are what the change adds and no waiver covers, once it has ended.
    """

    registry: Registry
    judgement: Judgement
    accepted: bool = False
    describe: Describe = finding_line
    findings: tuple[Finding, ...] = ()
    _before: Network = field(default_factory=lambda: Network(""))

    def begin(self, network: Network) -> None:
        """Remember the network as it is before the change."""
        self._before = copy_of(network)

    def end(self, network: Network) -> None:
        """Look at the network after the change. Raises ValidationRefused where it adds errors."""
        found = self.registry.check_change(NetworkView(self._before), NetworkView(network))
        judged = self.judgement.judge(found, self._before, network)
        self.findings = counting(judged)
        refuse_errors(self.findings, accepted=self.accepted, describe=self.describe)

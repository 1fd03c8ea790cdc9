"""Audit of configurations: which rules look at which device, what they find, and what people let be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cimnet_nornir.application.audit_parts import Auditor
from cimnet_nornir.application.plan import Unread
from cimnet_nornir.application.planning import unread_device
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.selection import is_chosen
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import Judged, WaiverText, counting, covered
from cimnet_nornir.domain.audit import BROKEN, AuditFinding, RuleAbout
from cimnet_nornir.errors import ConfigurationError, DeviceError
from cimnet_nornir.projections.inventory import HostView

__all__ = ["AuditFinding", "AuditReport", "Audited", "Auditor", "RuleAbout", "audit_devices", "audit_file"]


Audited = Judged[AuditFinding]
"""A finding of audit with the waiver that is in force for it."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was found in some configurations, worst first.

    `looked_at` are the devices or files, `unread` those devices whose configuration could not be had, `rules` all rules
    that look at one of them; `expired` are waivers that cover findings no more.
    """

    findings: tuple[Audited, ...]
    looked_at: tuple[str, ...]
    rules: tuple[RuleAbout, ...]
    unread: tuple[Unread, ...] = ()
    expired: tuple[WaiverText, ...] = ()

    @property
    def open(self) -> tuple[AuditFinding, ...]:
        """The findings that no waiver covers."""
        return counting(self.findings)

    @property
    def waived(self) -> tuple[Audited, ...]:
        """The findings that a waiver covers."""
        return covered(self.findings)

    def only(self, severity: str) -> "AuditReport":
        """The same with the findings and rules of one severity."""
        kept = tuple(item for item in self.findings if item.finding.severity == severity)
        rules = tuple(rule for rule in self.rules if rule.severity == severity)
        return AuditReport(kept, self.looked_at, rules, self.unread, self.expired)


def audit_devices(
    service: NetworkService, auditor: Auditor, texts: Mapping[str, ReadResult], *, at: int | None = None
) -> AuditReport:
    """What is found in the configurations of devices, running or intended, by host name; waivers count.

    A configuration that cannot be read is told of among the unread. `at` is the moment that the texts are of.
    """
    hosts = {host.name: host for host in service.hosts(at)}
    findings: list[AuditFinding] = list(auditor.general())
    unread: list[Unread] = []
    judgement, network = service.judgement(at), service.network(at)
    for name, text in texts.items():
        try:
            findings += _found(auditor, hosts[name], text)
        except (DeviceError, ConfigurationError) as error:
            unread.append(unread_device(network.devices[hosts[name].device], error))
    judged = judgement.judge_as(_sorted(findings), lambda each: each.finding, network)
    known = frozenset(rule.id for rule in auditor.rules)
    expired = tuple(each for each in judgement.texts(network) if each.expired and each.rule in known)
    rules = _looking(auditor, [hosts[name] for name in texts])
    return AuditReport(judged, tuple(texts), rules, tuple(unread), expired)


def audit_file(auditor: Auditor, text: str, name: str) -> AuditReport:
    """What is found in a configuration of which nothing is known but its text; no waiver counts.

    Rules for roles or sites do not look at it. `name` is how it is named where it does not name itself. Raises
    ConfigurationError where it cannot be read.
    """
    device, groups = auditor.known(text, name)
    host = HostView(device, device, "", None, groups, {"kind": "router"}, None)
    findings = (*auditor.general(), *_found(auditor, host, text))
    return AuditReport(tuple(map(Judged, _sorted(findings))), (name,), _looking(auditor, [host]))


def joined(reports: Sequence[AuditReport]) -> AuditReport:
    """Several reports, of a file each, as one."""
    findings = {item: None for report in reports for item in report.findings}
    rules = {rule: None for report in reports for rule in report.rules}
    order = sorted(findings, key=lambda item: item.finding)
    return AuditReport(tuple(order), tuple(name for report in reports for name in report.looked_at), tuple(rules))


def _found(auditor: Auditor, host: HostView, text: ReadResult) -> tuple[AuditFinding, ...]:
    if isinstance(text, DeviceError):
        raise text
    chosen = frozenset(rule.id for rule in auditor.rules if is_chosen(host, rule.hosts))
    return auditor.audit(text, device=host.name, groups=host.groups, rules=chosen)


def _looking(auditor: Auditor, hosts: Collection[HostView]) -> tuple[RuleAbout, ...]:
    rules = (rule for rule in auditor.rules if rule.id != BROKEN)
    return tuple(rule for rule in rules if any(is_chosen(host, rule.hosts) for host in hosts))


def _sorted(findings: Iterable[AuditFinding]) -> list[AuditFinding]:
    return sorted(dict.fromkeys(findings))

"""A definition file checked before it is declared: what would be found, with the place in the file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cimnet_nornir.application.changes import preview
from cimnet_nornir.application.declaring import DefinitionFile
from cimnet_nornir.application.selection import choose
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import CheckReport, Finding
from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.desired import commands_between
from cimnet_nornir.projections.inventory import hosts_of


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The report of a definition that is not declared, and where its findings stand in the file."""

    report: CheckReport
    definition: DefinitionFile

    def place(self, finding: Finding) -> str:
        """`FILE:LINE` of what the finding is about; the beginning of the file at worst."""
        return self.definition.place(finding)


def check_file(
    service: NetworkService, definition: DefinitionFile, *, new: bool = False, limit: Sequence[str] = ()
) -> FileCheck:
    """What would be found if the file was declared; `new` leaves out what is found in the present intent already.

    `limit` chooses hosts as --limit does, of those that would be there. Raises DefinitionError where a rule of the
    domain refuses the file, NotFound where the limit chooses none.
    """
    intent = service.intent()
    before = copy_of(intent.network)
    with definition.located():
        desired = definition.definition.desired
        working = preview(service.store, intent, lambda network: commands_between(network, desired))
    report = service.check_change(before, working.network, new=new)
    if limit:
        hosts = hosts_of(working.network, service.environment)
        report = limited(report, frozenset(choose(hosts, (), limit)))
    return FileCheck(report, definition)


def limited(report: CheckReport, hosts: frozenset[str]) -> CheckReport:
    """The report with the findings that concern these hosts."""
    return replace(report, findings=tuple(item for item in report.findings if item.finding.concerns(hosts)))

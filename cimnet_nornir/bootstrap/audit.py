"""The rules of audit in force: packaged ones, those of a project's `inventory/audit/`, and its own in Python."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from cimnet_nornir.bootstrap.own_code import Place, gather
from cimnet_nornir.bootstrap.own_rules import Guarded, id_of, wrong_with
from cimnet_nornir.definition.audit import read_audit
from cimnet_nornir.domain.audit import BROKEN, AuditFile
from cimnet_nornir.errors import DefinitionError
from cimnet_nornir.ios.audit import (
    AnyAuditRule,
    AuditedConfiguration,
    IosAuditor,
    Problem,
    declared,
    with_severity,
)
from cimnet_nornir.ios.audit.packaged import FOLDER as PACKAGED
from cimnet_nornir.ios.audit.packaged import FUNCTIONS

GROUP = "cimnet_nornir.audit"
FOLDER = "audit"
FILES = Path("inventory", "audit")


class GuardedAuditRule(Guarded[AnyAuditRule]):
    """A rule of audit of the user's own."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        return self.rule.reason

    @property
    def source(self) -> str:
        return self.rule.source

    @property
    def hosts(self) -> tuple[str, ...]:
        hosts: object = self.rule.hosts
        return (hosts,) if isinstance(hosts, str) else tuple(self.rule.hosts)

    def audit(self, configuration: AuditedConfiguration) -> Iterator[Problem]:
        return self.guarded(
            lambda: self.rule.audit(configuration),
            Problem,
            lambda words: Problem(configuration, said=words, broken=True),
        )


def load_auditor(project: Path | None = None, files: Sequence[Path] = ()) -> IosAuditor:
    """What audits configurations: by the packaged rules, by a project's, where one is given, and by those of files.

    Raises DefinitionError where a file of rules is wrong, or names a rule that is not there.
    """
    packaged = _packaged()
    own = sorted((project / FILES).glob("*.yaml")) if project is not None else []
    read = [(path, read_audit(path)) for path in (*own, *files)]
    rules = _joined(packaged, read)
    if project is None:
        return IosAuditor(_settled(rules, read))
    gathered = gather(_PLACE, project, rules)
    python = [GuardedAuditRule(rule, origin) for rule, origin in gathered.found]
    return IosAuditor(_settled((*rules, *python), read), tuple(gathered.problems))


def packaged_rules() -> tuple[AnyAuditRule, ...]:
    """The rules that come with the package, by their ids."""
    return tuple(sorted(_packaged(), key=lambda rule: rule.id))


def _packaged() -> tuple[AnyAuditRule, ...]:
    files = (read_audit(path) for path in sorted(PACKAGED.glob("*.yaml")))
    return (*(rule for file in files for rule in _declared(file)), *FUNCTIONS)


def _declared(file: AuditFile) -> Iterator[AnyAuditRule]:
    return (declared(rule, source=file.source) for rule in file.rules)


def _joined(packaged: tuple[AnyAuditRule, ...], files: Iterable[tuple[Path, AuditFile]]) -> tuple[AnyAuditRule, ...]:
    """The packaged rules and those of files; one of the same id takes the place of a packaged one."""
    given = {rule.id: "" for rule in packaged}
    found = {rule.id: rule for rule in packaged}
    for path, file in files:
        for rule in _declared(file):
            if given.get(rule.id) or rule.id == BROKEN:
                where = given.get(rule.id) or "the package"
                raise DefinitionError(f"there is a rule {rule.id!r} already, in {where}", file=str(path), line=1)
            given[rule.id], found[rule.id] = str(path), rule
    return tuple(found.values())


def _settled(rules: tuple[AnyAuditRule, ...], files: Sequence[tuple[Path, AuditFile]]) -> tuple[AnyAuditRule, ...]:
    """The rules without those that a file leaves out, with the severities that one tells anew."""
    for path, file in files:
        for pattern in (*file.without, *file.severities):
            if not any(fnmatchcase(rule.id, pattern) for rule in rules):
                words = f"there is no rule {pattern!r}; cimnet audit --list tells them"
                raise DefinitionError(words, file=str(path), line=1)
    severities = {identity: severity for _, file in files for identity, severity in file.severities.items()}
    kept = (rule for rule in rules if not any(_leaves_out(file, rule) for _, file in files))
    return tuple(with_severity(rule, severities[rule.id]) if rule.id in severities else rule for rule in kept)


def _leaves_out(file: AuditFile, rule: AnyAuditRule) -> bool:
    """Whether a file leaves a rule out; what it holds itself it does not, so that `*` leaves only that."""
    own = any(each.id == rule.id for each in file.rules)
    return not own and any(fnmatchcase(rule.id, pattern) for pattern in file.without)


def _is_rule(found: object) -> bool:
    return isinstance(found, AnyAuditRule)


_PLACE: Place[AnyAuditRule] = Place(
    kind="audit rule",
    folder=FOLDER,
    group=GROUP,
    is_one=_is_rule,
    wrong_with=wrong_with,
    id_of=id_of,
    example="audit_rule in cimnet_nornir.ios.audit",
    reserved=frozenset({BROKEN}),
)

"""The checks of a project: declared in `inventory/checks.yaml`, and in Python in `checks/` and from entry points."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from cimnet_nornir.application.check_parts import EVERY, WITHIN, CheckedDevice, OwnCheck
from cimnet_nornir.application.checks import CheckSet, When
from cimnet_nornir.bootstrap.own_code import Place, gather, said
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.errors import DeviceError

GROUP = "cimnet_nornir.checks"
FOLDER = "checks"
BROKEN = "broken-check"
FILE = "checks.yaml"


@dataclass(frozen=True, slots=True)
class GuardedCheck:
    """A check of the user's own: where it fails by itself, that is what is wrong, in one line."""

    check: OwnCheck
    source: str

    @property
    def id(self) -> str:
        return str(self.check.id)

    @property
    def when(self) -> When:
        return self.check.when

    @property
    def hosts(self) -> tuple[str, ...]:
        return _patterns(self.check.hosts)

    @property
    def within(self) -> float:
        return float(getattr(self.check, "within", WITHIN))

    @property
    def every(self) -> float:
        return float(getattr(self.check, "every", EVERY))

    def run(self, device: CheckedDevice) -> Iterator[str]:
        try:
            yield from _lines(self.check.run(device))
        except DeviceError:
            # The device is to blame, and whoever runs the checks has to know.
            raise
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            yield f"{self.source}: the check failed by itself: {said(error, self.source)}"


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """Fails on every host where a check could not be loaded: what was to be looked at was not."""

    problems: tuple[str, ...]
    id: str = BROKEN
    when: When = "both"
    hosts: tuple[str, ...] = ()
    within: float = 0.0

    def run(self, device: CheckedDevice) -> Iterable[str]:  # noqa: ARG002 - what every check is given
        return self.problems


def project_checks(settings: Settings) -> CheckSet:
    """The checks of a project. Raises DefinitionError where the file that declares them is wrong."""
    from cimnet_nornir.definition.checks import read_checks
    from cimnet_nornir.ios.checks import IosChecks

    gathered = gather(_PLACE, settings.project)
    broken = (BrokenCheck(tuple(gathered.problems)),) if gathered.problems else ()
    own = tuple(GuardedCheck(check, source) for check, source in gathered.found)
    return CheckSet(read_checks(settings.project / "inventory" / FILE), (*own, *broken), IosChecks())


def _lines(found: Iterable[object] | None) -> Iterator[str]:
    """What a check says, a line each; one that only returns says nothing."""
    for line in (found,) if isinstance(found, str) else found or ():
        if not isinstance(line, str):
            raise TypeError(f"a check yields texts, not {type(line).__name__}")
        yield " ".join(line.split())


def _patterns(hosts: object) -> tuple[str, ...]:
    return (hosts,) if isinstance(hosts, str) else tuple(str(each) for each in _listed(hosts) or ())


def _listed(hosts: object) -> Iterable[object] | None:
    return hosts if isinstance(hosts, list | tuple | set | frozenset) else None


def _is_check(found: object) -> bool:
    return isinstance(found, OwnCheck)


def _wrong_with(check: OwnCheck) -> str:
    if check.when not in get_args(When):
        return f"the check {check.id} has the moment {check.when!r}; it is before, after or both"
    if not isinstance(check.hosts, str) and _listed(check.hosts) is None:
        return f"the check {check.id} has the hosts {check.hosts!r}; they are a list of patterns, empty for all"
    times = [getattr(check, name, 1) for name in ("within", "every")]
    if not all(isinstance(each, int | float) and each >= 0 for each in times):
        return f"the check {check.id} has times that are no numbers of seconds"
    return ""


def _id_of(check: OwnCheck) -> object:
    return check.id


_PLACE: Place[OwnCheck] = Place(
    kind="check",
    folder=FOLDER,
    group=GROUP,
    is_one=_is_check,
    wrong_with=_wrong_with,
    id_of=_id_of,
    example="OwnCheck in cimnet_nornir.application.check_parts",
    reserved=frozenset({BROKEN}),
)

"""Drift taken back: plans of what was applied, whatever is intended meanwhile and waits."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cimnet_nornir.application.drift import DeviceDrift, DriftReport
from cimnet_nornir.application.drift_lines import line_words, places_of
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import Finding
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.errors import ConfigurationError, InvalidInput
from cimnet_nornir.projections.applied import load_applied

_ALL = "ignore that, too, or say --with-ignored"


class AppliedService(NetworkService):
    """The service as it takes devices back to what was applied to them: a planner that is given goes before intent."""

    _as_applied: Planner | None = None

    @classmethod
    def of(cls, service: NetworkService, planner: Planner) -> "AppliedService":
        """The same service with that planner."""
        same = cls(service.store, service.network_name, **service.parts())
        same._as_applied = planner
        return same

    def planner(self) -> Planner:
        return self._as_applied or super().planner()

    def admit(self, hosts: Collection[str], *, accept_errors: bool = False) -> tuple[Finding, ...]:  # noqa: ARG002 - as declared there
        """Nothing of what is intended meanwhile is brought, so nothing of it is refused."""
        return ()


@dataclass(frozen=True, slots=True)
class Reversal:
    """A plan that takes drift back, with the service to carry it out by."""

    service: NetworkService
    plan: Plan


def reversals(
    service: NetworkService, report: DriftReport, readings: Mapping[str, ReadResult], *, with_ignored: bool = False
) -> Iterator[Reversal]:
    """Plans that take back what drifted, and bring nothing that waits; ignored lines stay unless they are to go, too.

    Devices on which nothing waits and nothing is ignored are in the first, by the present intent; those on which
    something is ignored in the next; each of the others is taken to what was applied to it last, a plan for each moment
    of that. Raises InvalidInput for a host on which changes wait or something is ignored, ConfigurationError.
    """
    drifted = [item for item in report.devices if item.lines] if with_ignored else list(report.drifted)
    left = {item.plan.device: tuple(places_of(each.line for each in item.ignored)) for item in drifted if item.ignored}
    left = {} if with_ignored else left
    plain = [item.plan for item in drifted if not item.pending and item.plan.device not in left]
    if plain:
        yield Reversal(service, report.plan.model_copy(update={"devices": tuple(plain), "unread": ()}))
    beside = {item.plan.device: item for item in drifted if not item.pending and item.plan.device in left}
    if beside:
        found = _leaving(service, service.planner(), beside, left, readings)
        for planned in found.plan.devices:
            _require_rest(planned, beside[planned.device])
        yield found
    known = load_applied(service.store, service.network_name, service.environment)
    waiting: dict[int, list[str]] = {}
    for item in drifted:
        if item.pending:
            waiting.setdefault(known[item.plan.device].intent, []).append(item.plan.device)
    for position, devices in sorted(waiting.items()):
        yield _to_applied(service, position, devices, left, readings)


def _to_applied(
    service: NetworkService,
    position: int,
    devices: Collection[str],
    left: Mapping[str, Collection[Path]],
    readings: Mapping[str, ReadResult],
) -> Reversal:
    planner = service.planner_at(position)
    _refuse_hosts(planner, devices, "changes wait for it")
    texts = {device: text for device in devices if (text := planner.formerly(device)) is not None}
    return _leaving(service, replace(planner, pinned=texts, blames=service.planner().blames), devices, left, readings)


def _leaving(
    service: NetworkService,
    planner: Planner,
    devices: Collection[str],
    left: Mapping[str, Collection[Path]],
    readings: Mapping[str, ReadResult],
) -> Reversal:
    """A plan by a planner that leaves places as they run. Raises InvalidInput where one cannot be left."""
    _refuse_hosts(planner, [device for device in devices if device in left], "some of it is ignored")
    # What was seen is planned anew: another planner would take it for its own.
    service = AppliedService.of(service, replace(planner, left=left, _seen={}))
    plan = service.plan_from({device: readings[device] for device in devices})
    for unread in plan.unread:
        raise ConfigurationError(f"{unread.reason}; {_ALL}", subject=unread.name)
    return Reversal(service, plan)


def _require_rest(planned: DevicePlan, drift: DeviceDrift) -> None:
    """Raise InvalidInput where something cannot go back while what is ignored stays, as two values of one setting."""
    stays = {each.line for each in drift.ignored}
    sent = {item.path for item in planned.carries}
    for line in drift.lines:
        if line not in stays and line.path not in sent:
            words = f"{planned.name}: {line_words(line)} does not go back while what is ignored stays"
            raise InvalidInput(f"{words}; {_ALL}", subject=planned.name)


def _refuse_hosts(planner: Planner, devices: Iterable[str], why: str) -> None:
    for device in map(planner.device, devices):
        if device.is_host:
            words = f"{device.name}: {why}, and a host is not taken back beside that"
            raise InvalidInput(f"{words}; cimnet apply --limit {device.name}", subject=device.name)

"""Drift taken back: plans of what was applied, whatever is intended meanwhile and waits."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from cimnet_nornir.application.drift import DeviceDrift, DriftReport
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import Finding
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.projections.applied import Applied, load_applied


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


def reversals(service: NetworkService, report: DriftReport, readings: Mapping[str, ReadResult]) -> Iterator[Reversal]:
    """Plans that take back what drifted, and bring nothing that waits.

    Devices on which nothing waits are in the first, by the present intent; each of the others is taken to what was
    applied to it last, a plan for each moment of that. Raises InvalidInput for a host on which changes wait.
    """
    plain = [item for item in report.drifted if not item.pending]
    if plain:
        chosen = tuple(item.plan for item in plain)
        yield Reversal(service, report.plan.model_copy(update={"devices": chosen, "unread": ()}))
    known = load_applied(service.store, service.network_name, service.environment)
    waiting: dict[int, list[DeviceDrift]] = {}
    for item in report.drifted:
        if item.pending:
            waiting.setdefault(known[item.plan.device].intent, []).append(item)
    for position, items in sorted(waiting.items()):
        yield _to_applied(service, position, {item.plan.device: known[item.plan.device] for item in items}, readings)


def _to_applied(
    service: NetworkService, position: int, devices: Mapping[str, Applied], readings: Mapping[str, ReadResult]
) -> Reversal:
    planner = service.planner_at(position)
    for device in devices:
        if planner.device(device).is_host:
            name = planner.device(device).name
            words = (
                f"{name}: changes wait for it, and a host is not taken back beside them; cimnet apply --limit {name}"
            )
            raise InvalidInput(words, subject=name)
    texts = {device: text for device in devices if (text := planner.formerly(device)) is not None}
    pinned = AppliedService.of(service, replace(planner, pinned=texts, blames=service.planner().blames))
    return Reversal(pinned, pinned.plan_from({device: readings[device] for device in devices}))

"""Plans that wait to be looked at, approved and carried out: files in a folder, named by their digests."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import AwareDatetime

from cimnet_nornir.application.approval import Approval, approvers
from cimnet_nornir.application.deployment_list import DeploymentBook
from cimnet_nornir.application.plan import Plan, read_plan, write_plan
from cimnet_nornir.application.plan_words import count
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import DeploymentStarted
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import ApprovalMissing, InvalidInput, NotFound, SettingsError

_PREFIX = "sha256:"
_DIGITS = frozenset("0123456789abcdef")
_LEAST_DIGITS = 8
_MOST_LISTED = 100


class PlanApproval(Value):
    """Who approved a plan, and whether that counts now; `problem` says why it does not."""

    signer: str
    fingerprint: str
    at: AwareDatetime
    note: str | None
    valid: bool
    problem: str


class KeptPlan(Value):
    """A plan that is kept: `approved` says whether it may be carried out from the page, as far as approvals go.

    `required` are as many as the page wants: one, or what the project wants if that is more. `carried_out` is the last
    deployment of it; `stale` tells that the intent has moved on since.
    """

    digest: str
    created: AwareDatetime
    author: str
    position: int
    environment: str
    devices: int
    changes: int
    unread: int
    approvals: tuple[PlanApproval, ...]
    required: int
    approved: bool
    carried_out: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class PlanFolder:
    """The folder; `cimnet show`, `approve` and `apply` take its files as any others."""

    path: Path

    def keep(self, plan: Plan) -> Path:
        """Write a plan, and return its file. Raises SettingsError where the folder cannot be written."""
        file = self.file_of(plan.digest)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_plan(plan, file)
        except OSError as error:
            raise SettingsError(f"{file}: {error.strerror}", subject=str(file)) from error
        return file

    def all(self) -> tuple[Plan, ...]:
        """The plans that are kept, the newest first; a file that is none any more is left out."""
        found = (_readable(file) for file in self._files())
        return tuple(sorted((plan for plan in found if plan), key=lambda plan: plan.created, reverse=True))

    def get(self, digest: str) -> Plan:
        """The plan of that digest, or that begins so. Raises NotFound, InvalidInput."""
        text = digest.removeprefix(_PREFIX)
        if len(text) < _LEAST_DIGITS or not _DIGITS.issuperset(text):
            raise InvalidInput(f"a plan is named by {_LEAST_DIGITS} or more digits of its digest", subject=digest)
        files = [file for file in self._files() if file.stem.startswith(text)]
        if not files:
            raise NotFound(f"there is no plan {digest} in {self.path.name}", subject=digest)
        if len(files) > 1:
            raise InvalidInput(f"{digest} begins several plans; give more of it", subject=digest)
        return read_plan(files[0])

    def file_of(self, digest: str) -> Path:
        """Where the plan of that digest is kept."""
        return self.path / f"{digest.removeprefix(_PREFIX)}.json"

    def _files(self) -> tuple[Path, ...]:
        return tuple(self.path.glob("*.json")) if self.path.is_dir() else ()


def kept_plans(service: NetworkService, folder: PlanFolder) -> tuple[KeptPlan, ...]:
    """The plans of this network and environment that are kept, the newest first, with their approvals as they count."""
    here = (service.network_name, service.environment)
    plans = [plan for plan in folder.all() if (plan.network, plan.environment) == here][:_MOST_LISTED]
    deployed = _deployed(service) if plans else {}
    position = service.intent().position if plans else 0
    return tuple(_kept(service, plan, deployed.get(plan.digest), position) for plan in plans)


def kept_plan(service: NetworkService, plan: Plan) -> KeptPlan:
    """How a plan stands."""
    return _kept(service, plan, _deployed(service).get(plan.digest), service.intent().position)


def require_signed(service: NetworkService, plan: Plan, file: Path) -> None:
    """Raise ApprovalMissing where nobody approved the plan, or fewer people did than the project wants.

    Whoever sits at a terminal is asked; a page asks nobody, so that it takes another's signature in any case.
    """
    people, wanted = approvers(service.approvals(plan)), max(1, service.approval.policy.required)
    if len(people) < wanted:
        by = ", ".join(signer.principal for signer in people) or "nobody"
        raise ApprovalMissing(
            f"the plan wants {count(wanted, 'approval')}, and was approved by {by};"
            f" have it signed: cimnet approve {'/'.join(file.parts[-3:])}",
            subject=plan.digest,
        )


def carried_out(service: NetworkService, plan: Plan) -> str | None:
    """The deployment that brought all of a plan to its devices; None where there is none, or it brought a part."""
    identity = _deployed(service).get(plan.digest)
    if identity is None:
        return None
    pushes = DeploymentBook(service).view(identity).pushes
    done = all(change.device in pushes and pushes[change.device].outcome == "applied" for change in plan.changes)
    return identity if done else None


def _kept(service: NetworkService, plan: Plan, deployment: str | None, position: int) -> KeptPlan:
    given, required = service.approvals(plan), service.approval.policy.required
    return KeptPlan(
        digest=plan.digest,
        created=plan.created,
        author=plan.author,
        position=plan.position,
        environment=plan.environment,
        devices=len(plan.devices),
        changes=len(plan.changes),
        unread=len(plan.unread),
        approvals=tuple(map(_approval, given)),
        required=max(1, required),
        approved=len(approvers(given)) >= max(1, required),
        carried_out=deployment,
        stale=plan.position < position,
    )


def _approval(given: Approval) -> PlanApproval:
    return PlanApproval(
        signer=given.signer.principal,
        fingerprint=given.signer.fingerprint,
        at=given.at,
        note=given.note,
        valid=given.counts,
        problem=given.problem,
    )


def _deployed(service: NetworkService) -> dict[str, str]:
    """By digest of a plan the last deployment that carried it out."""
    started = service.store.read_all(types=("DeploymentStarted",))
    return {
        stored.event.plan: str(stored.correlation_id)
        for stored in started
        if isinstance(stored.event, DeploymentStarted)
    }


def _readable(file: Path) -> Plan | None:
    try:
        changed = file.stat()
        return _read(file, changed.st_mtime_ns, changed.st_size)
    except (OSError, InvalidInput):
        # Somebody else's file, or one that is written just now: it is none of the plans.
        return None


@lru_cache(maxsize=_MOST_LISTED)
def _read(file: Path, changed: int, size: int) -> Plan:  # noqa: ARG001 - part of what it is kept by
    return read_plan(file)

"""Plans: those that wait, one of them, a new one, and one that is carried out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, Field

from cimnet_nornir.application.plan_folder import PlanFolder, kept_plan, kept_plans
from cimnet_nornir.application.plan_requests import PlanRequest, carry_out, plan_kept, refuse_plan
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import NotFound
from cimnet_nornir.reports.events import plan_json
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import Document, JobAnswer, JobDocument, JobsAnswer, PlanAnswer, PlansAnswer
from cimnet_nornir.web.jobs import Job, Tell
from cimnet_nornir.web.reading import CHANGES, REFUSALS, caller_of, dashboard_of, one_line

router = APIRouter(tags=["plans"], responses=REFUSALS)
Digest = Annotated[str, Path(max_length=80, description="Its digest, or eight or more of its first digits.")]
Reason = Annotated[
    str | None,
    Field(default=None, max_length=500, description="Why: kept with every event."),
    AfterValidator(one_line),
]
Names = Annotated[tuple[str, ...], Field(default=(), max_length=100)]


class NewPlan(Document):
    """Which devices to plan, by patterns as --limit takes them; without any, all."""

    limit: Names
    reason: Reason


class Apply(Document):
    """How to carry a plan out; what is not said is as the project's settings say."""

    transaction: bool | None = None
    canary: Names
    waves: Annotated[str, Field(max_length=200)] = ""
    max_failures: Annotated[str, Field(max_length=20)] = ""
    reason: Reason


@router.get("/plans", response_model=PlansAnswer)
def plans(request: Request) -> PlansAnswer:
    """The plans that are kept, the newest first."""
    dashboard = dashboard_of(request)
    return PlansAnswer(plans=list(kept_plans(dashboard.service, _folder(dashboard))))


@router.get("/plans/{digest}", response_model=PlanAnswer)
def plan(request: Request, digest: Digest) -> PlanAnswer:
    """A plan with all that it would send, and how it stands."""
    dashboard = dashboard_of(request)
    found = _folder(dashboard).get(digest)
    return PlanAnswer(state=kept_plan(dashboard.service, found), plan=plan_json(found))


@router.post("/plans", status_code=202, response_model=JobAnswer, responses=CHANGES)
def new_plan(request: Request, asked: NewPlan) -> Response:
    """Read the devices and plan what is to be sent to them; the plan is kept, nothing is sent."""
    dashboard = dashboard_of(request)
    service, actor = _acting(request, dashboard, asked.reason)
    # What is wrong with the request itself is said at once.
    PlanRequest(asked.limit).names(service, lambda _: None)

    def work(tell: Tell) -> Mapping[str, str]:
        with dashboard.open_devices(service) as devices:
            made = plan_kept(service, devices, PlanRequest(asked.limit), _folder(dashboard), tell)
        return {"digest": made.digest}

    return _started(dashboard.jobs.start("plan", actor, work))


@router.post("/plans/{digest}/apply", status_code=202, response_model=JobAnswer, responses=CHANGES)
def apply(request: Request, digest: Digest, asked: Apply) -> Response:
    """Carry out a plan that somebody else has approved."""
    dashboard = dashboard_of(request)
    service, actor = _acting(request, dashboard, asked.reason)
    folder = _folder(dashboard)
    found, options = folder.get(digest), _options(dashboard.push, asked)
    refuse_plan(service, found, options, folder.file_of(found.digest))

    def work(tell: Tell) -> Mapping[str, str]:
        with dashboard.open_devices(service) as devices:
            deployment = carry_out(service, devices, found, options, tell)
        return {"deployment": str(deployment.id)}

    return _started(dashboard.jobs.start("apply", actor, work))


@router.get("/jobs", response_model=JobsAnswer)
def jobs(request: Request) -> JobsAnswer:
    """What was started through the API since the server runs, the newest first."""
    return JobsAnswer(jobs=[_document(job) for job in dashboard_of(request).jobs.all()])


@router.get("/jobs/{identity}", response_model=JobDocument)
def job(request: Request, identity: Annotated[str, Path(max_length=64)]) -> JobDocument:
    """How a job stands, and what it said."""
    found = dashboard_of(request).jobs.get(identity)
    if found is None:
        raise NotFound(f"there is no job {identity}; they are forgotten when the server ends", subject=identity)
    return _document(found)


def _folder(dashboard: Dashboard) -> PlanFolder:
    return PlanFolder(dashboard.plans)


def _acting(request: Request, dashboard: Dashboard, reason: str | None) -> tuple[NetworkService, str]:
    """The service as whoever asks, and the name of that."""
    caller = caller_of(request)
    if caller is None:
        raise TypeError("a change came through without its caller")
    return dashboard.service.acting(reason=reason, name=caller.name), caller.name


def _options(settings: PushOptions, asked: Apply) -> PushOptions:
    given = asked.model_dump(exclude={"reason"}, exclude_none=True)
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value not in ("", ())}
    return replace(settings, **chosen)


def _started(job: Job) -> Response:
    return JSONResponse({"job": job.id}, 202, headers={"location": f"/api/v1/jobs/{job.id}"})


def _document(job: Job) -> JobDocument:
    return JobDocument(
        id=job.id,
        kind=job.kind,
        actor=job.actor,
        state=job.state,
        started=job.started,
        finished=job.finished,
        told=list(job.told),
        result=dict(job.result),
    )

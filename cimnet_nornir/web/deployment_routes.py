"""Deployments: the last ones, and one with what it did to each device, as it goes on."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from cimnet_nornir.application.deployment_list import DeploymentPage
from cimnet_nornir.web.documents import DeploymentsAnswer
from cimnet_nornir.web.event_routes import names_at
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of, running_tag

router = APIRouter(tags=["deployments"], responses=REFUSALS | UNCHANGED)
Identity = Annotated[str, Path(max_length=64, description="Its id, or the beginning of it.")]


@router.get("/deployments", response_model=DeploymentsAnswer)
def deployments(request: Request, at: At = None, first: Annotated[int, Query(ge=1, le=500)] = 20) -> Response:
    """The newest deployments of the environment."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> DeploymentsAnswer:
        lines = dashboard.deployments.lines(first=first, at=moment.at)
        return DeploymentsAnswer(position=moment.position, deployments=list(lines))

    return answer(request, at, make, also=running_tag(dashboard))


@router.get("/deployments/{identity}", response_model=DeploymentPage)
def deployment(request: Request, identity: Identity, at: At = None) -> Response:
    """One deployment with all its devices."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> DeploymentPage:
        return dashboard.deployments.page(identity, names_at(dashboard, moment), moment.at)

    return answer(request, at, make, also=running_tag(dashboard))

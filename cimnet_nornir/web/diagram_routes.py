"""What happened as Mermaid diagrams: a deployment in its sequence, a chain of causes."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, Response

from cimnet_nornir.application.diagrams import cause_chain, deployment_diagram
from cimnet_nornir.application.history import trace
from cimnet_nornir.application.moments import find_event
from cimnet_nornir.web.event_routes import names_at
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

router = APIRouter(tags=["diagrams"], responses=REFUSALS | UNCHANGED)
Identity = Annotated[str, Path(max_length=64, description="Its number, its id, or the beginning of that.")]


@router.get("/events/{identity}/mermaid", response_class=PlainTextResponse)
def chain_diagram(request: Request, identity: Identity, at: At = None) -> Response:
    """The chain of causes of an event as a Mermaid flowchart."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> str:
        return cause_chain(trace(dashboard.service.store, identity, until=moment.at))

    return answer(request, at, make, text=True)


@router.get("/deployments/{identity}/mermaid", response_class=PlainTextResponse)
def sequence_diagram(request: Request, identity: Identity, at: At = None) -> Response:
    """A deployment as a Mermaid sequence diagram; the id of any event of it does."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> str:
        store = dashboard.service.store
        deployment = find_event(store, identity).correlation_id
        return deployment_diagram(store, deployment, names=names_at(dashboard, moment), until=moment.at)

    return answer(request, at, make, text=True)

"""The context graph, whole or in parts, and the network as Mermaid text."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import PlainTextResponse, Response

from cimnet_nornir.application.cabling_of import network_cabling
from cimnet_nornir.application.graph_overlay import with_observations
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import GraphAnswer
from cimnet_nornir.web.network_routes import statuses_at
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

router = APIRouter(tags=["graph"], responses=REFUSALS | UNCHANGED)
Vlan = Annotated[int | None, Query(ge=1, le=4094, description="Only what belongs to this VLAN.")]
Site = Annotated[str | None, Query(max_length=200, description="Only what is at this site.")]
Around = Annotated[str | None, Query(max_length=200, description="Only what is in reach of this thing.")]
Depth = Annotated[int, Query(ge=0, le=50, description="Of how many links.")]


@router.get("/graph", response_model=GraphAnswer)
def graph(
    request: Request, at: At = None, vlan: Vlan = None, site: Site = None, around: Around = None, depth: Depth = 1
) -> Response:
    """The context graph, each device with its health, each cable with what is heard of it."""
    dashboard = dashboard_of(request)
    part = {"vlan": vlan, "site": site, "around": around}

    def make(moment: Moment) -> GraphAnswer:
        found = _document(dashboard, moment, depth, {name: value for name, value in part.items() if value is not None})
        health = {f"device:{key}": status.health for key, status in statuses_at(dashboard, moment).items()}
        # Where nothing is declared yet, there is nothing to lay it over.
        cables = network_cabling(dashboard.service, moment.at) if found["nodes"] else ()
        seen = with_observations(found, health, cables)
        return GraphAnswer(position=moment.position, nodes=seen["nodes"], edges=seen["edges"])

    return answer(request, at, make)


@router.get("/mermaid/{view}", response_class=PlainTextResponse)
def mermaid(
    request: Request,
    view: Annotated[Literal["topology", "vlans", "hosts"], Path()],
    at: At = None,
    vlan: Vlan = None,
    site: Site = None,
) -> Response:
    """The network as a Mermaid diagram; large ones are folded by site."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> str:
        service = dashboard.service
        # A view of one VLAN takes its part itself.
        chosen = service.selected_graph(moment.at, vlan=None if view == "vlans" else vlan, site=site)
        statuses = {key: status.health for key, status in statuses_at(dashboard, moment).items()}
        return service.graph_text(chosen, "mermaid", view=view, vlan=vlan, statuses=statuses)

    return answer(request, at, make, text=True)


def _document(dashboard: Dashboard, moment: Moment, depth: int, part: Mapping[str, Any]) -> dict[str, Any]:
    """Nodes and edges; the whole of the present is kept up to date, and not made anew."""
    service = dashboard.service
    if moment.at is None and not part:
        return dashboard.graph().document()
    return service.graph_document(service.selected_graph(moment.at, depth=depth, **part))

"""What other programs watch the server by: whether it is well, and figures for Prometheus."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cimnet_nornir.web.documents import Health
from cimnet_nornir.web.metrics import CONTENT_TYPE, metrics_text
from cimnet_nornir.web.network_routes import statuses_at
from cimnet_nornir.web.reading import REFUSALS, dashboard_of, moment_of

router = APIRouter(tags=["service"], responses=REFUSALS)


@router.get("/healthz", response_model=Health)
def health(request: Request) -> Health:
    """Whether the store can be read, and how many events the stream is behind."""
    dashboard = dashboard_of(request)
    head = dashboard.service.store.head()
    return Health(status="ok", position=head, lag=max(0, head - dashboard.broadcast.position))


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request) -> Response:
    """Figures in the text format of Prometheus."""
    dashboard = dashboard_of(request)
    statuses = statuses_at(dashboard, moment_of(dashboard, None))
    text = metrics_text(dashboard.service, statuses=statuses, collection=dashboard.rounds.runs)
    return Response(text, headers={"content-type": CONTENT_TYPE})

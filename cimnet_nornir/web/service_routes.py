"""What other programs watch the server by: whether it is well, and figures for Prometheus."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cimnet_nornir.web.documents import Health
from cimnet_nornir.web.reading import REFUSALS, dashboard_of

router = APIRouter(tags=["service"], responses=REFUSALS)


@router.get("/healthz", response_model=Health)
def health(request: Request) -> Health:
    """Whether the store can be read, and how many events the stream is behind."""
    dashboard = dashboard_of(request)
    head = dashboard.service.store.head()
    return Health(status="ok", position=head, lag=max(0, head - dashboard.broadcast.position))


@router.get("/metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Figures in the text format of Prometheus."""
    from prometheus_client import CONTENT_TYPE_LATEST

    from cimnet_nornir.web.metrics import metrics_text

    return Response(metrics_text(dashboard_of(request).service), media_type=CONTENT_TYPE_LATEST)

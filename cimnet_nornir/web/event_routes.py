"""What happened: events by pages, one event, and the chain of causes it belongs to."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from cimnet_nornir.application.telling import EventFilter, ToldPage, names_of_devices, told_page
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

router = APIRouter(tags=["events"], responses=REFUSALS | UNCHANGED)

Word = Annotated[str, Query(max_length=200)]
First = Annotated[int, Query(ge=1, le=500, description="How many.")]
After = Annotated[int | None, Query(ge=1, description="Only events older than this one.")]


def names_at(dashboard: Dashboard, moment: Moment) -> dict[str, str]:
    """The host names of the devices by id; worked out once for the answers of one moment."""
    tag = f"{moment.at} {moment.tag}"
    return dashboard.latest("names", tag, lambda: names_of_devices(dashboard.service, moment.at))


@router.get("/events", response_model=ToldPage)
def events(
    request: Request,
    at: At = None,
    first: First = 50,
    after: After = None,
    type: Word = "",  # noqa: A002 - the word of the API
    device: Word = "",
    correlation: Word = "",
    text: Word = "",
) -> Response:
    """Events, the newest first; `next` is the `after` with which older ones follow."""
    dashboard = dashboard_of(request)
    wanted = EventFilter(type, device, correlation, text)

    def make(moment: Moment) -> ToldPage:
        names = names_at(dashboard, moment)
        return told_page(dashboard.service, wanted, names, first=first, after=after, until=moment.at)

    return answer(request, at, make)

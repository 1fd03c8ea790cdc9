"""What happened: events by pages, one event, and the chain of causes it belongs to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from cimnet_nornir.application.history import Node, Trace, trace
from cimnet_nornir.application.moments import find_event
from cimnet_nornir.application.telling import EventFilter, ToldPage, told, told_page
from cimnet_nornir.errors import NotFound
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import CarriedBy, EventAnswer, TraceAnswer, TraceNode
from cimnet_nornir.web.network_routes import statuses_at
from cimnet_nornir.web.reading import LAST, REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

if TYPE_CHECKING:
    from cimnet_nornir.domain.envelope import StoredEvent

router = APIRouter(tags=["events"], responses=REFUSALS | UNCHANGED)

Type = Annotated[str, Query(max_length=200, description="Only of this type, such as VlanCreated.")]
Device = Annotated[str, Query(max_length=200, description="Only about this device, by host name or id.")]
Chain = Annotated[str, Query(max_length=200, description="Only of this chain of causes: its correlation id.")]
Text = Annotated[str, Query(max_length=200, description="Only those with this in their words, actor or reason.")]
First = Annotated[int, Query(ge=1, le=500, description="How many.")]
Identity = Annotated[str, Path(max_length=64, description="Its number, its id, or the beginning of that.")]
After = Annotated[int | None, Query(ge=1, le=LAST, description="Only events older than this one.")]


def names_at(dashboard: Dashboard, moment: Moment) -> dict[str, str]:
    """The host names of the devices by id; their states have them, which other answers of the moment stand on too."""
    return {device: status.name for device, status in statuses_at(dashboard, moment).items()}


@router.get("/events", response_model=ToldPage)
def events(
    request: Request,
    at: At = None,
    first: First = 50,
    after: After = None,
    type: Type = "",  # noqa: A002 - the word of the API
    device: Device = "",
    correlation: Chain = "",
    text: Text = "",
) -> Response:
    """Events, the newest first; `next` is the `after` with which older ones follow."""
    dashboard = dashboard_of(request)
    wanted = EventFilter(type, device, correlation, text)

    def make(moment: Moment) -> ToldPage:
        names = names_at(dashboard, moment)
        return told_page(dashboard.service, wanted, names, first=first, after=after, until=moment.at)

    return answer(request, at, make)


@router.get("/events/{identity}", response_model=EventAnswer)
def event(request: Request, identity: Identity, at: At = None) -> Response:
    """An event with all that it says."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> EventAnswer:
        found = find_event(dashboard.service.store, identity)
        if found.position > moment.position:
            raise NotFound(f"event {found.position} had not happened at that moment", subject=identity)
        return _whole(found, names_at(dashboard, moment))

    return answer(request, at, make)


@router.get("/events/{identity}/trace", response_model=TraceAnswer)
def chain(request: Request, identity: Identity, at: At = None) -> Response:
    """The chain of causes that an event belongs to, from the request to each device."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> TraceAnswer:
        found = trace(dashboard.service.store, identity, until=moment.at)
        return _trace(found, names_at(dashboard, moment))

    return answer(request, at, make)


def _whole(stored: "StoredEvent", names: Mapping[str, str]) -> EventAnswer:
    return EventAnswer(**_fields(stored, names))


def _fields(stored: "StoredEvent", names: Mapping[str, str]) -> dict[str, Any]:
    envelope = dict(told(stored, names))
    data = stored.event.model_dump(mode="json")
    return {**envelope, "version": stored.version, "timestamp": stored.timestamp, "data": data}


def _trace(found: Trace, names: Mapping[str, str]) -> TraceAnswer:
    carried_by = [
        CarriedBy(
            request=_whole(item.request, names),
            push=_whole(item.push, names),
            result=_whole(item.result, names) if item.result else None,
        )
        for item in found.carried_by
    ]
    return TraceAnswer(
        focus=str(found.focus.event_id),
        chain=_node(found.root, names),
        carries=[_whole(stored, names) for stored in found.carries],
        carried_by=carried_by,
        undoes=[_whole(stored, names) for stored in found.undoes],
        undone_by=[_whole(stored, names) for stored in found.undone_by],
    )


def _node(node: Node, names: Mapping[str, str]) -> TraceNode:
    return TraceNode(**_fields(node.event, names), caused=[_node(child, names) for child in node.caused])

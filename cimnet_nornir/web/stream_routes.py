"""Events as they happen, by server-sent events: each once and in order, resumed after the last one a client had."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from cimnet_nornir.application.follow_log import events_after
from cimnet_nornir.web.broadcast import Listener, Message
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.problems import problem
from cimnet_nornir.web.reading import REFUSALS, dashboard_of

router = APIRouter(tags=["events"], responses=REFUSALS)

KEEP_ALIVE_SECONDS = 15.0
_AT_ONCE = 500
_RETRY = b"retry: 2000\n\n"
_KEEP_ALIVE = b": keep-alive\n\n"


@router.get("/stream", response_class=StreamingResponse)
async def stream(
    request: Request,
    after: Annotated[int | None, Query(ge=0, description="Begin after this event; else with what comes now.")] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """What happens, as it happens; `Last-Event-ID` (or `after`) resumes after an event."""
    dashboard = dashboard_of(request)
    if dashboard.broadcast.full:
        return problem(503, "TooManyClients", "as many clients as can be watch already; try again later")
    resumed = int(last_event_id) if last_event_id is not None and last_event_id.isdecimal() else after
    return StreamingResponse(_frames(dashboard, resumed), media_type="text/event-stream")


async def _frames(dashboard: Dashboard, after: int | None) -> AsyncIterator[bytes]:
    yield _RETRY
    broadcast, sent = dashboard.broadcast, after
    if sent is not None:
        # All but the last of it without holding up what comes meanwhile.
        async for message in _missed(dashboard, sent):
            sent = message.position
            yield message.frame
    listener = broadcast.listen()
    try:
        if sent is not None:
            async for message in _missed(dashboard, sent):
                sent = message.position
                yield message.frame
        async for frame in _live(listener, sent or 0):
            yield frame
    finally:
        broadcast.leave(listener)


async def _missed(dashboard: Dashboard, after: int) -> AsyncIterator[Message]:
    """What was appended since; the store is read beside the loop."""
    narrate = dashboard.broadcast.narrator.messages
    while found := await asyncio.to_thread(events_after, dashboard.service, after, most=_AT_ONCE):
        for message in await asyncio.to_thread(narrate, found):
            yield message
        after = found[-1].position


async def _live(listener: Listener, sent: int) -> AsyncIterator[bytes]:
    """What is handed to the client until it is let go; what it had already is left out."""
    while True:
        try:
            message = await asyncio.wait_for(listener.queue.get(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            yield _KEEP_ALIVE
            continue
        if message is None:
            return
        if message.position == 0 or message.position > sent:
            yield message.frame

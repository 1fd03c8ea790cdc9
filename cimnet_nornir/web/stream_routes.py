"""Events as they happen, by server-sent events: each once and in order, resumed after the last one a client had."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from cimnet_nornir.web.broadcast import Broadcast, Listener, Page
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.problems import problem
from cimnet_nornir.web.reading import REFUSALS, dashboard_of

router = APIRouter(tags=["events"], responses=REFUSALS)

KEEP_ALIVE_SECONDS = 15.0
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
        # All but the last of it before what comes meanwhile is waiting, too.
        async for page in _missed(broadcast, sent):
            sent = page.last
            yield page.frames
    listener = broadcast.listen()
    try:
        if sent is not None:
            async for page in _missed(broadcast, sent):
                sent = page.last
                yield page.frames
        async for frames in _live(listener, sent or 0):
            yield frames
    finally:
        broadcast.leave(listener)


async def _missed(broadcast: Broadcast, after: int) -> AsyncIterator[Page]:
    """What was appended since, page by page; the store is read beside the loop."""
    while page := await asyncio.to_thread(broadcast.page, after):
        yield page
        after = page.last


async def _live(listener: Listener, sent: int) -> AsyncIterator[bytes]:
    """What is handed to the client until it is let go; what it had already is left out."""
    while True:
        try:
            messages = await asyncio.wait_for(listener.take(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            yield _KEEP_ALIVE
            continue
        if not messages:
            return
        yield b"".join(message.frame for message in messages if message.position == 0 or message.position > sent)

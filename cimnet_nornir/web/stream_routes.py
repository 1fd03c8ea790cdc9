"""Events as they happen, by server-sent events: each once and in order, resumed after the last one a client had."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from cimnet_nornir.web.broadcast import Broadcast, Listener, Page
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.problems import problem
from cimnet_nornir.web.reading import LAST, REFUSALS, dashboard_of
from cimnet_nornir.web.tokens import LOGGED_IN

router = APIRouter(tags=["events"], responses=REFUSALS)

KEEP_ALIVE_SECONDS = 15.0
_RETRY = b"retry: 2000\n\n"
_KEEP_ALIVE = b": keep-alive\n\n"


@router.get("/stream", response_class=StreamingResponse)
async def stream(
    request: Request,
    after: Annotated[
        int | None, Query(ge=0, le=LAST, description="Begin after this event; else with what comes now.")
    ] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """What happens, as it happens; `Last-Event-ID` (or `after`) resumes after an event.

    It ends with the session that it was opened with.
    """
    dashboard = dashboard_of(request)
    if dashboard.broadcast.full:
        return problem(503, "TooManyClients", "as many clients as can be watch already; try again later")
    resumed = min(int(last_event_id), LAST) if last_event_id is not None and last_event_id.isdecimal() else after
    frames = _frames(dashboard, resumed, lambda: _is_welcome(request, dashboard))
    return StreamingResponse(frames, media_type="text/event-stream")


def _is_welcome(request: Request, dashboard: Dashboard) -> bool:
    """Whether the session that the stream was opened with goes on; a token has none, nor has who needs neither."""
    session = request.scope.get(LOGGED_IN)
    return session is None or dashboard.sessions.get(request.cookies.get(dashboard.cookie, "")) is session


async def _frames(dashboard: Dashboard, after: int | None, is_welcome: Callable[[], bool]) -> AsyncIterator[bytes]:
    broadcast, sent = dashboard.broadcast, after
    if sent is not None and sent > await asyncio.to_thread(dashboard.service.store.head):
        # It is of another log: nothing would come before this one is as long.
        sent = None
    if sent is not None:
        yield _RETRY
        # All but the last of it before what comes meanwhile is waiting, too.
        async for page in _missed(broadcast, sent):
            sent = page.last
            yield page.frames
    listener = broadcast.listen()
    try:
        if sent is None:
            # Whoever hears this misses nothing that comes after it.
            yield _RETRY
        else:
            async for page in _missed(broadcast, sent):
                sent = page.last
                yield page.frames
        async for frames in _live(listener, sent or 0):
            if not is_welcome():
                return
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

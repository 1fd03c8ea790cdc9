"""A line in the log for each request: what was asked, by whom, and how it was answered; nothing secret."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cimnet_nornir.application.logs import log
from cimnet_nornir.web.tokens import CALLER, Holder


class AccessLog:
    """Logs requests when they have been answered; the query is left out, since anybody may write anything there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            _tell(scope, status, time.monotonic() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    caller, client = scope.get(CALLER), scope.get("client")
    log(
        f"{scope['method']} {scope['path']} {status}",
        event="Request",
        level=logging.DEBUG,
        method=scope["method"],
        path=scope["path"],
        status=status,
        milliseconds=round(seconds * 1000, 1),
        client=client[0] if client else "",
        actor=caller.name if isinstance(caller, Holder) else "",
    )

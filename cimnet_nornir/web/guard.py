"""What every request passes first: the host it names, who asks, and whether that is enough for what is asked."""

import logging
from dataclasses import dataclass

from fastapi import HTTPException, Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cimnet_nornir.application.logs import log
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.page_routes import LOGIN, LOGIN_FILES, file_answer
from cimnet_nornir.web.problems import bug_line, problem
from cimnet_nornir.web.sessions import Session
from cimnet_nornir.web.tokens import CALLER, LOGGED_IN, Holder

MOST_BYTES = 8 * 1024 * 1024
SESSION = "/api/v1/session"
_HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_READS = frozenset({"GET", "HEAD"})
# What a proxy adds: then the request comes from another machine, whatever address it came from last.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: by a token in the request, or by the session of a browser."""

    holder: Holder
    session: Session | None = None


class Guard:
    """Refuses what may not be before any route is asked; whatever goes wrong there is one line, never a traceback."""

    def __init__(self, app: ASGIApp, dashboard: Dashboard) -> None:
        self._app = app
        self._dashboard = dashboard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            answer = self._refusal(request) or self._app
            await answer(_as_get(scope), _limited(receive), send)
        except Exception as error:  # noqa: BLE001 - whoever asked was told; the others are served on
            log(bug_line(error), event="WebError", level=logging.ERROR, path=scope["path"])

    def _refusal(self, request: Request) -> Response | None:
        """Why a request goes no further; None where it does, with its caller noted."""
        if not self._is_known_host(request):
            said = "the server is not called by that name; dashboard: names in inventory/config.yaml lists others"
            return problem(421, "Misdirected", said, subject=request.headers.get("host", ""))
        if _is_foreign(request):
            return problem(403, "Forbidden", "another site's page may not ask this")
        caller = self._caller(request)
        if isinstance(caller, Response):
            return caller
        if caller is not None:
            request.scope[CALLER], request.scope[LOGGED_IN] = caller.holder, caller.session
        if request.method in _READS:
            return self._reading(request, caller)
        return self._changing(request, caller)

    def _is_known_host(self, request: Request) -> bool:
        """Whether the request names this server: a page of another name that leads here could read what it likes.

        On other addresses each request has a token, which such a page has not.
        """
        listen = self._dashboard.listen
        name = _host_of(request)
        return not listen.loopback or name in _HERE or name in (listen.host, *self._dashboard.names)

    def _caller(self, request: Request) -> Caller | Response | None:
        """Who asks; None where nobody says, or why the token is refused."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind:
            return self._holder(request, token.strip() if kind.lower() == "bearer" else "")
        session = self._dashboard.sessions.get(request.cookies.get(self._dashboard.cookie, ""))
        return None if session is None else Caller(session.holder, session)

    def _holder(self, request: Request, token: str) -> Caller | Response:
        found = holder_of(self._dashboard, request, token)
        return found if isinstance(found, Response) else Caller(found)

    def _reading(self, request: Request, caller: Caller | None) -> Response | None:
        if caller is not None or not self._is_from_elsewhere(request) or request.url.path in LOGIN_FILES:
            return None
        if request.url.path.startswith(("/api/", "/static/", "/healthz", "/metrics")):
            return _needs_token()
        return file_answer(request, LOGIN, status=401)

    def _is_from_elsewhere(self, request: Request) -> bool:
        """Whether it may come from another machine: by the address that is listened on, or through a proxy."""
        through = any(name in request.headers for name in _FORWARDED)
        called = _host_of(request)
        own = called in _HERE or called == self._dashboard.listen.host
        return not self._dashboard.listen.loopback or through or not own

    def _changing(self, request: Request, caller: Caller | None) -> Response | None:
        logs_in = request.url.path == SESSION and request.method == "POST"
        if (logs_in or (caller is not None and caller.session is not None)) and not _is_same_origin(request):
            return problem(403, "Forbidden", "another site's page may change nothing here")
        if logs_in:
            return None
        if caller is None:
            return _needs_token()
        if caller.session is not None and not caller.session.confirms(request.headers.get("x-csrf-token", "")):
            return problem(403, "Forbidden", "X-CSRF-Token is missing or wrong; GET /api/v1/session tells it")
        if caller.holder.may != "change" and request.url.path != SESSION:
            return problem(403, "Forbidden", f"the token of {caller.holder.name} is for reading only")
        return None


def holder_of(dashboard: Dashboard, request: Request, token: str) -> Holder | Response:
    """Whose token it is, or why it is refused; who tries too many is not looked at for a minute."""
    address = request.client.host if request.client else ""
    if dashboard.failures.too_many(address):
        answer = problem(429, "TooManyAttempts", "too many wrong tokens came from there; try again in a minute")
        answer.headers["retry-after"] = "60"
        return answer
    found = dashboard.tokens.holder_of(token)
    if found is None:
        dashboard.failures.add(address, token)
        log("a token was refused", event="TokenRefused", client=address)
        return _needs_token("the token is not one that is known here")
    return found


def _needs_token(said: str = "this needs a token: Authorization: Bearer TOKEN, or POST /api/v1/session") -> Response:
    answer = problem(401, "TokenMissing", said)
    answer.headers["www-authenticate"] = 'Bearer realm="cimnet"'
    return answer


def _host_of(request: Request) -> str:
    """The name that the request calls the server by, without its port."""
    host = request.headers.get("host", "").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_foreign(request: Request) -> bool:
    """Whether a browser says that another site's page asks the API; following a link to a page is no such thing."""
    elsewhere = request.headers.get("sec-fetch-site", "") == "cross-site"
    return elsewhere and (request.headers.get("sec-fetch-mode") != "navigate" or request.method not in _READS)


def _is_same_origin(request: Request) -> bool:
    """Whether a change comes from a page of this server, as far as the browser tells."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == request.headers.get("host", "").lower()


def _as_get(scope: Scope) -> Scope:
    """A request for the head of an answer as one for all of it, whose body the server leaves out; no stream."""
    asks_head = scope["method"] == "HEAD" and not scope["path"].endswith("/stream")
    return {**scope, "method": "GET"} if asks_head else scope


def _limited(receive: Receive) -> Receive:
    """The request's body, up to so many bytes."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise HTTPException(413, f"a request has at most {MOST_BYTES // 1024 // 1024} MiB")
        return message

    return receiving

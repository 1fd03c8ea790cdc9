"""Logging in with a browser: the token becomes a cookie that no script can read."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from cimnet_nornir.application.logs import log
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import Document, ProblemAnswer, SessionAnswer
from cimnet_nornir.web.guard import holder_of
from cimnet_nornir.web.reading import REFUSALS, caller_of, dashboard_of
from cimnet_nornir.web.sessions import SECONDS, Session
from cimnet_nornir.web.tokens import LOGGED_IN

router = APIRouter(tags=["session"], responses=REFUSALS)
_TOO_MANY = {"model": ProblemAnswer, "description": "Too many wrong tokens came from there; Retry-After says when."}


class Login(Document):
    """The token of somebody who may read or change."""

    token: str = Field(min_length=1, max_length=1000)


@router.get("/session", response_model=SessionAnswer)
def session(request: Request) -> SessionAnswer:
    """Who the caller is, and what is shown with changes (X-CSRF-Token)."""
    caller, known = caller_of(request), request.scope.get(LOGGED_IN)
    csrf = known.csrf if isinstance(known, Session) else None
    return SessionAnswer(actor=caller.name if caller else None, may=caller.may if caller else None, csrf=csrf)


@router.post("/session", response_model=SessionAnswer, responses={429: _TOO_MANY})
def log_in(request: Request, login: Login) -> Response:
    """Log in: sets the cookie of a session of twelve hours."""
    dashboard = dashboard_of(request)
    holder = holder_of(dashboard, request, login.token)
    if isinstance(holder, Response):
        return holder
    _end(request, dashboard)
    name, begun = dashboard.sessions.begin(holder)
    log(f"{holder.name} logged in", event="LoggedIn", actor=holder.name)
    answer = JSONResponse(SessionAnswer(actor=holder.name, may=holder.may, csrf=begun.csrf).model_dump())
    _set_cookie(dashboard, answer, name, SECONDS)
    return answer


@router.delete("/session", status_code=204)
def log_out(request: Request) -> Response:
    """Log out."""
    dashboard = dashboard_of(request)
    _end(request, dashboard)
    answer = Response(status_code=204)
    _set_cookie(dashboard, answer, "", 0)
    return answer


def _end(request: Request, dashboard: Dashboard) -> None:
    dashboard.sessions.end(request.cookies.get(dashboard.cookie, ""))


def _set_cookie(dashboard: Dashboard, answer: Response, value: str, seconds: int) -> None:
    secure = dashboard.listen.secure
    answer.set_cookie(
        dashboard.cookie, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict"
    )

"""How routes answer: of a moment, once for all who ask, with the event number as the tag."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import ProblemAnswer
from cimnet_nornir.web.tokens import CALLER, Holder

At = Annotated[
    str | None,
    Query(max_length=64, description="As of then: an event number, an event id, or a time (ISO 8601)."),
]
LAST = 2**63 - 1
"""The highest number that an event can have: that of a 64-bit column."""
REFUSALS: dict[int | str, dict[str, object]] = {
    400: {"model": ProblemAnswer, "description": "What was asked cannot be."},
    401: {"model": ProblemAnswer, "description": "A token is needed."},
    404: {"model": ProblemAnswer, "description": "There is no such thing."},
    503: {"model": ProblemAnswer, "description": "The store, or a device, cannot be reached."},
}
CHANGES: dict[int | str, dict[str, object]] = {
    403: {"model": ProblemAnswer, "description": "The token is for reading, or X-CSRF-Token is missing or wrong."},
    409: {"model": ProblemAnswer, "description": "As things stand that cannot be done."},
    422: {"model": ProblemAnswer, "description": "Validation finds errors in it, or it has not the right form."},
}
UNCHANGED: dict[int | str, dict[str, object]] = {304: {"description": "As If-None-Match knows it."}}


class Moment(NamedTuple):
    """What is asked about: a position of the past, or the present (`at` is None), and the event it is told as of.

    `tag` is the ETag: the event number, and more where something of the present is told by no event.
    """

    at: int | None
    position: int
    tag: str


def one_line(reason: str | None) -> str | None:
    """A reason as it may be recorded: it stands in lines of terminals and logs. Raises ValueError."""
    if reason is not None and not reason.isprintable():
        raise ValueError("a reason is one line of printable characters")
    return reason


def dashboard_of(request: Request) -> Dashboard:
    """The network that the server shows."""
    found = request.app.state.dashboard
    if not isinstance(found, Dashboard):
        raise TypeError("the application was made without its dashboard")
    return found


def caller_of(request: Request) -> Holder | None:
    """Who asks, where a token or a session tells."""
    found = request.scope.get(CALLER)
    return found if isinstance(found, Holder) else None


def moment_of(dashboard: Dashboard, at: str | None) -> Moment:
    """The moment that is asked about. Raises InvalidInput, NotFound.

    The number of the present is read first: what comes while an answer is made is in it, and asked for once more.
    """
    position = dashboard.service.position(at)
    if position is not None:
        return Moment(position, position, f'"{position}"')
    head = dashboard.service.store.head()
    beside = dashboard.beside.tag()
    return Moment(None, head, f'"{head}.{beside}"' if beside else f'"{head}"')


def answer(
    request: Request, at: str | None, make: Callable[[Moment], BaseModel | str], *, also: str = "", text: bool = False
) -> Response:
    """The answer to a question about a moment: not made where the caller has it, and made once for all callers.

    `also` tells answers apart that are not the same for all.
    """
    dashboard = dashboard_of(request)
    moment = moment_of(dashboard, at)
    if also:
        moment = moment._replace(tag=f'{moment.tag[:-1]}.{also}"')
    if _is_known(request, moment.tag):
        return Response(status_code=304, headers={"etag": moment.tag})
    question = f"{request.url.path}?{request.url.query} {moment.at} {also}"
    body = dashboard.answers.get(question, moment.tag, lambda: _bytes(make(moment)))
    headers = {"etag": moment.tag, "vary": "Accept-Encoding"}
    packed = body.packed if "gzip" in request.headers.get("accept-encoding", "") else b""
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(packed or body.raw, headers=headers, media_type="text/plain" if text else "application/json")


def running_tag(dashboard: Dashboard) -> str:
    """Tells answers apart by what is carried on: that a process died is told by no event."""
    return ".".join(identity[:8] for identity in dashboard.deployments.running())


def _bytes(made: BaseModel | str) -> bytes:
    return (made if isinstance(made, str) else made.model_dump_json()).encode()


def _is_known(request: Request, tag: str) -> bool:
    known = (part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(","))
    return any(part in (tag, "*") for part in known)

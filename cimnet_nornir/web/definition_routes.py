"""The intent as one document: read it, and put another in its place; only what differs is recorded."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator

from cimnet_nornir.application.changes import ChangeResult, stored_intent
from cimnet_nornir.application.declaring import DefinitionFile, definition_text, read_definition
from cimnet_nornir.application.describe import describe, subject_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import finding_line
from cimnet_nornir.errors import ConcurrencyConflict
from cimnet_nornir.web.documents import DeclaredAnswer, ProblemAnswer
from cimnet_nornir.web.problems import problem
from cimnet_nornir.web.reading import CHANGES, REFUSALS, UNCHANGED, At, caller_of, dashboard_of, one_line

router = APIRouter(tags=["definition"], responses=REFUSALS)
_FILE = Path("definition")
_LONGEST = 20
_YAML = "application/yaml"
_CONDITIONS: dict[int | str, dict[str, object]] = {
    412: {"model": ProblemAnswer, "description": "It was changed since the caller read it."},
    428: {"model": ProblemAnswer, "description": "If-Match is missing."},
}
_MISSING = 'If-Match: "NUMBER" with the ETag of GET /api/v1/definition says what was changed; it is missing'


@router.get("/definition", response_class=Response, responses=UNCHANGED | {200: {"content": {_YAML: {}}}})
def definition(request: Request, at: At = None) -> Response:
    """The intent as a definition file. Its ETag is the last event of intent: pushes to devices do not change it."""
    dashboard = dashboard_of(request)
    service = dashboard.service
    until = service.position(at)
    tag = f'"{service.intent(until).position}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    text = definition_text(service, until)
    return Response(text, headers={"etag": tag}, media_type=_YAML)


@router.put(
    "/definition",
    response_model=DeclaredAnswer,
    responses=CHANGES | _CONDITIONS,
    openapi_extra={"requestBody": {"required": True, "content": {_YAML: {}, "application/json": {}}}},
)
async def declare(
    request: Request,
    if_match: Annotated[str | None, Header(max_length=100)] = None,
    dry_run: Annotated[bool, Query(description="Tell what would be recorded, and record nothing.")] = False,
    prune: Annotated[bool, Query(description="Remove what the document leaves out.")] = False,
    reason: Annotated[
        str | None, Query(max_length=500, description="Why: kept with every event."), AfterValidator(one_line)
    ] = None,
) -> Response:
    """Record what differs between the document (YAML or JSON) and the intent, if nobody has changed that since."""
    expected = _expected(if_match)
    if expected is None and not dry_run:
        return problem(428, "PreconditionRequired", _MISSING, subject="If-Match")
    text = (await request.body()).decode(errors="replace")
    caller, dashboard = caller_of(request), dashboard_of(request)
    service = dashboard.service.acting(reason=reason, name=caller.name if caller else None)
    return await run_in_threadpool(_declared, service, text, expected, dry_run=dry_run, prune=prune)


def _declared(service: NetworkService, text: str, expected: int | None, *, dry_run: bool, prune: bool) -> Response:
    try:
        _require_match(service, expected)
        found, problems = read_definition(service, text, _FILE)
        if found is None:
            said = [item.message for item in problems]
            return problem(400, "DefinitionError", said[0], subject=problems[0].field, problems=said)
        if dry_run:
            return _previewed(service, found, prune=prune)
        return _recorded(service, found.declare(service, prune=prune, expected=expected))
    except ConcurrencyConflict as conflict:
        return problem(412, "PreconditionFailed", conflict.message, subject=conflict.subject)


def _require_match(service: NetworkService, expected: int | None) -> None:
    """Raise ConcurrencyConflict where the caller knows another intent than there is; one of any event since will do."""
    if expected is not None and not 0 <= expected <= service.store.head():
        raise ConcurrencyConflict("If-Match names no event; GET /api/v1/definition tells the ETag", subject="If-Match")
    service.require_unmoved(expected)


def _previewed(service: NetworkService, found: DefinitionFile, *, prune: bool) -> Response:
    preview = found.preview(service, prune=prune)
    changes = [f"{subject_of(stream)}: {describe(event)}" for stream, event in preview.events]
    return _answer(service, None, changes, [found.line(finding) for finding in preview.findings])


def _recorded(service: NetworkService, result: ChangeResult) -> Response:
    changes = [f"{subject_of(item.aggregate_id)}: {describe(item.event)}" for item in stored_intent(result)]
    request = str(result.correlation_id) if result.correlation_id else None
    return _answer(service, request, changes, [finding_line(finding) for finding in result.findings])


def _answer(service: NetworkService, request: str | None, changes: list[str], findings: list[str]) -> Response:
    position = service.intent().position
    content = DeclaredAnswer(
        request=request, events=len(changes), position=position, changes=changes, findings=findings
    )
    return JSONResponse(content.model_dump(), headers={"etag": f'"{position}"'})


def _expected(if_match: str | None) -> int | None:
    """The event number of an If-Match; a tag that is none matches no event."""
    if if_match is None:
        return None
    text = if_match.strip().removeprefix("W/").strip('"').partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST else -1

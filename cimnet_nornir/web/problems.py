"""Errors as JSON answers: one line each, with the status that fits; never a traceback."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from cimnet_nornir.errors import (
    AlreadyExists,
    CimnetError,
    ConcurrencyConflict,
    DeviceError,
    DomainError,
    InvalidInput,
    LeaseHeld,
    NotFound,
    SettingsError,
    StoreError,
    ValidationRefused,
)

# The first that fits counts.
_STATUSES: tuple[tuple[type[CimnetError], int], ...] = (
    (NotFound, 404),
    (AlreadyExists, 409),
    (ValidationRefused, 422),
    (DomainError, 409),
    (SettingsError, 409),
    (InvalidInput, 400),
    (LeaseHeld, 409),
    (ConcurrencyConflict, 409),
    (StoreError, 503),
    (DeviceError, 503),
)
_KINDS = {
    400: "InvalidInput",
    401: "TokenMissing",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    412: "PreconditionFailed",
    413: "TooLarge",
    428: "PreconditionRequired",
    429: "TooManyAttempts",
}
_NO_DOCUMENT = "a JSON object is wanted, with Content-Type: application/json"


def problem(status: int, kind: str, message: str, *, subject: str = "", **more: object) -> JSONResponse:
    """An error as every route answers it."""
    content = {"error": {"kind": kind, "message": message, "subject": subject, **more}}
    return JSONResponse(content, status, headers={"cache-control": "no-store"})


def status_of(error: CimnetError) -> int:
    """The HTTP status that an error means."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


def refused(request: Request, error: Exception) -> Response:
    """What a use case refuses."""
    if not isinstance(error, CimnetError):
        raise error
    more = {"problems": list(error.problems)} if isinstance(error, ValidationRefused) else {}
    return problem(status_of(error), type(error).__name__, error.message, subject=error.subject, **more)


def bug(request: Request, error: Exception) -> Response:
    """What nobody thought of: a line that names it."""
    return problem(500, type(error).__name__, bug_line(error))


def bug_line(error: Exception) -> str:
    """A bug in one line."""
    return f"this is a bug: {type(error).__name__}: {' '.join(str(error).split())}"


def unfit(request: Request, error: Exception) -> Response:
    """A request that has not the form of the API."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    # What clients send without a type is read as a text: of that the framework says nothing that helps.
    said = _NO_DOCUMENT if where == "body" else first["msg"]
    return problem(422, "InvalidInput", f"{where}: {said}", subject=where)


def missing(request: Request, error: Exception) -> Response:
    """What the framework refuses: a path or method that there is none of."""
    if not isinstance(error, HTTPException):
        raise error
    said = f"there is nothing at {request.url.path}" if error.status_code == 404 else str(error.detail)
    return problem(error.status_code, _KINDS.get(error.status_code, "Refused"), said)

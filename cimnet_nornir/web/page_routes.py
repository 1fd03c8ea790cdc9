"""The page itself: files of the package, each with a tag of its content; paths of the page lead to the page."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cimnet_nornir.web.answers import Body, body_of
from cimnet_nornir.web.problems import problem

STATIC = Path(__file__).parent / "static"
_LOGIN = Path(__file__).parent / "login"
LOGIN = _LOGIN / "login.html"
LOGIN_FILES = {f"/login/{name}": _LOGIN / name for name in ("login.css", "login.js")}
"""All that is shown to whoever has no token where one is needed."""
router = APIRouter(include_in_schema=False)

# What a browser takes by its type must not depend on what the machine's tables say.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


@router.get("/static/{path:path}")
def static(request: Request, path: str) -> Response:
    """A file of the page."""
    found = STATIC / path
    if not _is_inside(found):
        return problem(404, "NotFound", f"there is no file {path}", subject=path)
    return file_answer(request, found)


@router.get("/login/{name}")
def login(request: Request, name: str) -> Response:
    """What belongs to the page that asks for a token."""
    found = LOGIN_FILES.get(f"/login/{name}")
    return file_answer(request, found) if found else problem(404, "NotFound", f"there is no file {name}", subject=name)


@router.get("/")
@router.get("/{path:path}")
def page(request: Request, path: str = "") -> Response:
    """The page; what it shows at its paths it knows itself."""
    if path.startswith("api/") or "." in path.rpartition("/")[2]:
        return problem(404, "NotFound", f"there is nothing at /{path}", subject=path)
    return file_answer(request, STATIC / "index.html")


def file_answer(request: Request, path: Path, *, status: int = 200) -> Response:
    """A file as it is, or as packed, where the browser has not the same already."""
    changed = path.stat()
    tag, body = _content(path, changed.st_mtime_ns, changed.st_size)
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = body.packed if "gzip" in request.headers.get("accept-encoding", "") else b""
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(packed or body.raw, status, headers=headers, media_type=kind)


def _is_inside(path: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(STATIC.resolve())
    except OSError:
        # No file has a name so long.
        return False


@cache
def _content(path: Path, changed: int, size: int) -> tuple[str, Body]:
    raw = path.read_bytes()
    return f'"{hashlib.sha256(raw).hexdigest()[:32]}"', body_of(raw)

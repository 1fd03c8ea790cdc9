"""The application: all routes over one network, behind what guards them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from cimnet_nornir import __version__
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.web import event_routes, network_routes, page_routes, problems, stream_routes
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.headers import SecurityHeaders

API = "/api/v1"
_ROUTES = (network_routes, event_routes, stream_routes)


def create_app(dashboard: Dashboard) -> ASGIApp:
    """The whole of what is served; the follower of the log begins and ends with it."""
    return SecurityHeaders(create_api(dashboard), secure=dashboard.listen.secure)


def create_api(dashboard: Dashboard) -> FastAPI:
    """The routes, with their description, and nothing that guards them."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        dashboard.broadcast.start()
        yield
        dashboard.broadcast.stop()

    app = FastAPI(
        title="cimnet_nornir",
        version=__version__,
        summary="A network's history as its source of truth.",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        lifespan=running,
    )
    app.state.dashboard = dashboard
    for module in _ROUTES:
        app.include_router(module.router, prefix=API)
    app.include_router(page_routes.router)
    app.add_exception_handler(CimnetError, problems.refused)
    app.add_exception_handler(RequestValidationError, problems.unfit)
    app.add_exception_handler(HTTPException, problems.missing)
    return app

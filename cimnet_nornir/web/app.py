"""The application: all routes over one network, behind what guards them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from cimnet_nornir import __version__
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.web import (
    definition_routes,
    deployment_routes,
    device_routes,
    diagram_routes,
    event_routes,
    graph_routes,
    network_routes,
    page_routes,
    plan_routes,
    problems,
    service_routes,
    session_routes,
    stream_routes,
)
from cimnet_nornir.web.access import AccessLog
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.guard import Guard
from cimnet_nornir.web.headers import SecurityHeaders

API = "/api/v1"
_ROUTES = (
    network_routes,
    graph_routes,
    device_routes,
    event_routes,
    stream_routes,
    deployment_routes,
    diagram_routes,
    plan_routes,
    definition_routes,
    session_routes,
)


def create_app(dashboard: Dashboard) -> ASGIApp:
    """The whole of what is served, from the outside in; the follower of the log begins and ends with it."""
    guarded = Guard(create_api(dashboard), dashboard)
    return AccessLog(SecurityHeaders(guarded))


def create_api(dashboard: Dashboard | None = None) -> FastAPI:
    """The routes, with their description, and nothing that guards them; the description needs no network."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        if dashboard is not None:
            dashboard.broadcast.start()
        yield

    app = FastAPI(
        title="cimnet_nornir",
        version=__version__,
        summary="A network's history as its source of truth.",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        lifespan=running,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.dashboard = dashboard
    for module in _ROUTES:
        app.include_router(module.router, prefix=API)
    app.include_router(service_routes.router)
    app.include_router(page_routes.router)
    app.add_exception_handler(CimnetError, problems.refused)
    app.add_exception_handler(RequestValidationError, problems.unfit)
    app.add_exception_handler(HTTPException, problems.missing)
    app.add_exception_handler(Exception, problems.bug)
    return app

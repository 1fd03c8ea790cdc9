"""Serves the application until it is told to stop, and lets go of everybody who watches."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

from cimnet_nornir.errors import SettingsError, StoreUnavailable
from cimnet_nornir.web.app import create_app
from cimnet_nornir.web.context import Dashboard

_GRACE_SECONDS = 5
_MOST_CONNECTIONS = 1_000


class Server(uvicorn.Server):
    """A server whose clients' streams end when it stops: it waits for them before anything else is told."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the rest."""
        self._ending()
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises SettingsError where that cannot be."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=512)
    except OSError as error:
        said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise SettingsError(
            f"cannot listen on {host}:{port}: {said}; choose another: --listen", subject="listen"
        ) from error


def server_of(dashboard: Dashboard, *, cert: Path | None = None, key: Path | None = None) -> Server:
    """The server over a network. Raises SettingsError where the certificate and its key cannot be used."""
    # Its lines have the query, where somebody may have written a token; ours have not.
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("uvicorn", "asyncio"):
        # What they say of clients that went away is no error; where nobody listens, Python would write it to stderr.
        logging.getLogger(name).addHandler(logging.NullHandler())
    config = uvicorn.Config(
        create_app(dashboard),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
        ssl_certfile=cert,
        ssl_keyfile=key,
        lifespan="on",
        ws="none",
    )
    try:
        config.load()
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{cert}, {key}: no certificate with its key can be read: {error}", subject="tls"
        ) from error
    return Server(config, dashboard.broadcast.stop)


def serve(dashboard: Dashboard, server: Server, listening: socket.socket, stopping: Callable[[], bool]) -> None:
    """Serve until that is to stop, and work off what is asked for on this thread; all is closed when it returns.

    A KeyboardInterrupt, which a running rollout takes for itself, has `stopping` be true from then on.
    """
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="server", daemon=True)
    thread.start()
    dashboard.rounds.start()
    try:
        # It ended by itself where it could not begin.
        dashboard.jobs.work_off(lambda: thread.is_alive() and not stopping())
    finally:
        dashboard.jobs.end()
        dashboard.rounds.stop()
        server.should_exit = True
        thread.join()
        dashboard.broadcast.join()
        dashboard.rounds.join()
    if not (server.started or stopping()):
        raise StoreUnavailable("the server could not begin: the event log cannot be followed", subject="store")

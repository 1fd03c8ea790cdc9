"""A PostgreSQL server of our own, and a dashboard over real HTTP, for the tests that want one."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import SMALL
from tests.web import TOKENS, Web, project, served

ServerUser = str | None


def _server_user() -> ServerUser:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _make_cluster(folder: Path, user: ServerUser) -> None:
    if user is not None:
        shutil.chown(folder, user)
    subprocess.run(
        ["initdb", "--auth=trust", "--username=cimnet", "--encoding=UTF8", "--no-sync", "-D", folder / "data"],
        user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _start(folder: Path, user: ServerUser) -> subprocess.Popen[bytes]:
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=100")
    options = [option for setting in settings for option in ("-c", setting)]
    return subprocess.Popen(
        ["postgres", "-D", folder / "data", *options], user=user, cwd=folder, stderr=subprocess.DEVNULL
    )


class PostgresServer:
    """A server that listens on a socket in its folder only; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.url = f"postgresql:///postgres?host={folder}&user=cimnet"
        self._folder = folder
        self._user = _server_user()
        _make_cluster(folder, self._user)
        self.start()

    def start(self) -> None:
        import psycopg

        self._process = _start(self._folder, self._user)
        _wait(self._process, lambda: psycopg.connect(self.url).close(), psycopg.OperationalError)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: it does not wait for clients
        self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def stoppable_postgresql() -> Iterator[PostgresServer]:
    """The server; a test that stops it starts it again."""
    if not shutil.which("postgres") or not shutil.which("initdb"):
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with tempfile.TemporaryDirectory(prefix="cimnet-pg-") as name:
        server = PostgresServer(Path(name))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql_server(stoppable_postgresql: PostgresServer) -> str:
    """The URL of a database on a server that listens on a socket in a temporary folder only."""
    return stoppable_postgresql.url


def _wait(server: subprocess.Popen[bytes], connect: Callable[[], object], refused: type[Exception]) -> None:
    for _ in range(300):
        try:
            connect()
        except refused:
            if server.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    pytest.fail("the PostgreSQL server did not start")


_numbers = count(1)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A schema of its own for one test."""
    import psycopg

    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    yield f"{postgresql_server}&options=-csearch_path%3D{name}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, of each kind in turn."""
    match request.param:
        case "memory":
            return "memory:"
        case "sqlite":
            return f"sqlite:///{tmp_path}/events.db"
        case _:
            return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the settings of a web project refer to."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)


@pytest.fixture
def folder(tmp_path: Path, tokens: None) -> Path:
    """A web project with three devices."""
    return project(tmp_path, *SMALL)


@pytest.fixture
def web(folder: Path) -> Iterator[Web]:
    """Its dashboard, on loopback."""
    with served(folder) as found:
        yield found

"""A PostgreSQL server of our own for the tests that want one."""

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

ServerUser = str | None


def _server_user() -> ServerUser:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _start(folder: Path, user: ServerUser) -> subprocess.Popen[bytes]:
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        ["initdb", "--auth=trust", "--username=cimnet", "--encoding=UTF8", "--no-sync", "-D", data],
        user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=100")
    options = [option for setting in settings for option in ("-c", setting)]
    return subprocess.Popen(["postgres", "-D", data, *options], user=user, cwd=folder, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a database on a server that listens on a socket in a temporary folder only."""
    if not shutil.which("postgres") or not shutil.which("initdb"):
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with tempfile.TemporaryDirectory(prefix="cimnet-pg-") as name:
        server = _start(Path(name), _server_user())
        try:
            url = f"postgresql:///postgres?host={name}&user=cimnet"
            _wait(server, lambda: psycopg.connect(url).close(), psycopg.OperationalError)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: it does not wait for clients
            server.wait(timeout=30)


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

"""The dashboard of a project over real HTTP, and a client for it: what the tests of the web stand on."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import load_settings, open_dashboard, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.serving import bind, serve, server_of

CONFIG = """\
inventory:
  plugin: CimnetInventory
  options:
    network: net
    environment: lab
    dashboard:
      tokens:
        ana: {token: "env:ANA_TOKEN", may: change}
        prometheus: {token: "env:PROMETHEUS_TOKEN", may: read}
"""
CHANGE = "a-token-for-changes"
READ = "a-token-for-reading"
TOKENS = {"ANA_TOKEN": CHANGE, "PROMETHEUS_TOKEN": READ}
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The one line that says what is wrong."""
        message = self.json["error"]["message"]
        assert isinstance(message, str)
        assert "\n" not in message
        return message


@dataclass(frozen=True, slots=True)
class Web:
    """A server that runs, and how to ask it."""

    dashboard: Dashboard
    service: NetworkService
    port: int

    def ask(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own; a body that is no text goes as JSON."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if content is not None and not isinstance(content, str | bytes):
            content = json.dumps(content)
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=content, headers=sent)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            # A stream has no end.
            endless = named.get("content-type", "").startswith("text/event-stream")
            with answer:
                return Answer(answer.status, named, b"" if endless else answer.read())
        finally:
            connection.close()

    def get(self, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, token=token, headers=headers)

    def stream(self, after: int | None = None, *, headers: Mapping[str, str] | None = None) -> "Stream":
        """A client of the stream; it resumes after an event, where one is given."""
        return Stream(self.port, after, headers)


class Stream:
    """A client that watches, as a browser does: it knows the last event it had."""

    def __init__(self, port: int, after: int | None = None, headers: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        resuming = {} if after is None else {"Last-Event-ID": str(after)}
        self._connection.request("GET", f"{API}/stream", headers={**(headers or {}), **resuming})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.getheader("Content-Type", "").startswith("text/event-stream")
        # Then it is listened to.
        assert self._read_frame() == ["retry: 2000"]

    def frames(self) -> Iterator[tuple[str, str, Any]]:
        """Id, kind and data of each message, until the server ends the stream."""
        while (lines := self._read_frame()) is not None:
            fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
            if "data" in fields:
                yield fields.get("id", ""), fields["event"], json.loads(fields["data"])

    def positions(self, last: int) -> list[int]:
        """The numbers of the events up to one."""
        found = []
        for _, kind, data in self.frames():
            if kind == "event":
                found.append(data["position"])
                if data["position"] >= last:
                    break
        return found

    def close(self) -> None:
        self._answer.close()
        self._connection.close()

    def _read_frame(self) -> list[str] | None:
        lines: list[str] = []
        while True:
            line = self._answer.readline().decode()
            if not line:
                return None
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n"))


def project(folder: Path, *commands: c.Command, config: str = CONFIG) -> Path:
    """A project whose network came of those commands."""
    (folder / "inventory").mkdir(parents=True, exist_ok=True)
    (folder / "inventory" / "config.yaml").write_text(config, encoding="utf-8")
    if commands:
        service = open_service(load_settings(folder))
        service.execute(*commands)
        service.store.close()
    return folder


@contextmanager
def served(folder: Path, *, listen: str = "127.0.0.1:0") -> Iterator[Web]:
    """The dashboard of a project, served as `cimnet dashboard` does; jobs are worked off beside it."""
    settings = load_settings(folder)
    service = open_service(settings)
    try:
        dashboard = open_dashboard(settings, service, listen=listen)
        with bind(dashboard.listen.host, dashboard.listen.port) as listening:
            server = server_of(dashboard)
            stop = threading.Event()
            runs = threading.Thread(target=serve, args=(dashboard, server, listening, stop.is_set))
            runs.start()
            try:
                web = Web(dashboard, service, listening.getsockname()[1])
                assert web.ask("GET", "/healthz", token=READ).status == 200
                yield web
            finally:
                stop.set()
                runs.join()
    finally:
        service.store.close()

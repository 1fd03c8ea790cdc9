"""What the web server refuses, to whom, and what it says to the browser with every answer."""

import hmac
import logging
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.bootstrap import load_settings, open_dashboard, open_service
from cimnet_nornir.bootstrap.dashboard import is_loopback
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.values import AccessMode, PortConfiguration
from cimnet_nornir.errors import SettingsError
from cimnet_nornir.web.app import create_api
from cimnet_nornir.web.guard import MOST_BYTES
from cimnet_nornir.web.headers import HEADERS
from cimnet_nornir.web.sessions import Failures
from cimnet_nornir.web.tokens import Tokens
from tests.conftest import PORTS
from tests.web import API, CHANGE, CONFIG, READ, Web, project, served

pytestmark = pytest.mark.usefixtures("tokens")

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def outside(folder: Path) -> Iterator[Web]:
    """On all addresses."""
    with served(folder, listen="0.0.0.0:0") as found:
        yield found


def routes(*methods: str) -> list[tuple[str, str]]:
    """Every route of the description with those methods, its parameters filled in."""
    paths: dict[str, dict[str, Any]] = create_api().openapi()["paths"]
    filled = {path: re.sub(r"\{[a-z]+\}", "sw1", path) for path in paths}
    return [(method.upper(), filled[path]) for path, item in paths.items() for method in item if method in methods]


CHANGES = [(method, path) for method, path in routes("post", "put", "patch", "delete")]
NO_LOGIN = [item for item in CHANGES if item[1] != f"{API}/session"]
PLACES = [
    *(path for _, path in routes("get")),
    "/",
    "/device/sw1",
    "/static/index.html",
    "/static/vendor/cytoscape.min.js",
    f"{API}/openapi.json",
    "/nothing/here",
]


def test_there_are_changes_to_refuse() -> None:
    assert {method for method, _ in CHANGES} == {"POST", "PUT", "DELETE"}
    assert len(NO_LOGIN) >= 3


@pytest.mark.parametrize(("method", "path"), NO_LOGIN)
def test_without_a_token_nothing_is_changed(web: Web, method: str, path: str) -> None:
    before = web.service.store.head()
    answer = web.ask(method, path, {})
    assert answer.status == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="cimnet"'
    assert answer.error.startswith("this needs a token")
    assert web.service.store.head() == before
    assert web.dashboard.jobs.all() == ()


@pytest.mark.parametrize(("method", "path"), NO_LOGIN)
def test_a_token_for_reading_changes_nothing(web: Web, method: str, path: str) -> None:
    answer = web.ask(method, path, {}, token=READ)
    assert answer.status == 403
    assert answer.error == "the token of prometheus is for reading only"


@pytest.mark.parametrize("path", PLACES)
def test_on_other_addresses_every_request_needs_a_token(outside: Web, path: str) -> None:
    answer = outside.get(path)
    assert answer.status == 401
    assert outside.get(path, token="a-token-that-nobody-has").status == 401
    assert b"sw1" not in answer.body
    assert outside.get(path, token=READ).status != 401


def test_on_other_addresses_a_browser_is_asked_for_the_token(outside: Web) -> None:
    page = outside.get("/device/sw1", headers={"Accept": "text/html"})
    assert (page.status, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
    named = re.findall(rb'(?:href|src)="([^"]+)"', page.body)
    assert named == [b"data:,", b"/login/login.css", b"/login/login.js"]
    assert {outside.get(path.decode()).status for path in named[1:]} == {200}
    assert outside.get("/login/login.html").status == 401
    login = outside.ask("POST", f"{API}/session", {"token": READ})
    cookie = {"Cookie": login.headers["set-cookie"].partition(";")[0]}
    assert outside.get(f"{API}/network", headers=cookie).json["actor"] == "prometheus"
    assert b"cimnet" in outside.get("/", headers=cookie).body


def test_other_addresses_are_not_served_where_nobody_has_a_token(folder: Path) -> None:
    project(folder, config=CONFIG.partition("    dashboard:")[0])
    settings = load_settings(folder)
    service = open_service(settings)
    try:
        with pytest.raises(SettingsError, match=r"^0\.0\.0\.0 is not loopback, and nobody has a token to read there; "):
            open_dashboard(settings, service, listen="0.0.0.0:0")
        assert open_dashboard(settings, service, listen="[::1]:0").listen.loopback
    finally:
        service.store.close()


def test_localhost_is_loopback_only_where_the_machine_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = ["127.0.0.1", "::1"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", (address, 0)) for address in addresses]
    )
    assert is_loopback("localhost")
    addresses.append("192.0.2.1")
    assert not is_loopback("localhost")
    assert not is_loopback("noc.example.net")


def test_a_name_of_the_server_is_the_same_in_either_case(folder: Path) -> None:
    project(folder, config=CONFIG.replace("dashboard:\n", "dashboard:\n      names: [NOC.Example.net]\n"))
    with served(folder) as web:
        assert web.get(f"{API}/network", headers={"Host": "noc.example.NET"}, token=READ).status == 200


def test_a_token_is_compared_with_all_whichever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    compare = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append(len(one))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    found = Tokens({name: (f"token of {name}", "read") for name in ("first", "second", "third")})
    for guess, holder in (("token of first", "first"), ("token of third", "third"), ("t", None), ("x" * 999, None)):
        compared.clear()
        known = found.holder_of(guess)
        assert (known.name if known else None) == holder
        # Digests of one length: neither the token's nor the guess's shows.
        assert compared == [32, 32, 32]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", f"{API}/network", 200),
        ("GET", f"{API}/devices/nobody", 404),
        ("GET", f"{API}/events?first=0", 422),
        ("GET", "/static/nothing.js", 404),
        ("PUT", f"{API}/definition", 401),
        ("DELETE", f"{API}/network", 401),
        ("POST", f"{API}/session", 422),
    ],
)
def test_the_headers_are_on_every_answer(web: Web, method: str, path: str, status: int) -> None:
    answer = web.ask(method, path, {} if method == "POST" else None)
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert "server" not in answer.headers
    assert answer.headers["cache-control"] in ("no-store", "no-cache")


def test_a_page_of_another_name_that_leads_here_reads_nothing(web: Web) -> None:
    answer = web.get(f"{API}/network", headers={"Host": f"evil.example:{web.port}"})
    assert answer.status == 421
    assert "the server is not called by that name" in answer.error
    for name in ("localhost", "127.0.0.1", "[::1]"):
        assert web.get(f"{API}/network", headers={"Host": f"{name}:{web.port}"}).status == 200


def test_what_comes_through_a_proxy_comes_from_elsewhere(folder: Path) -> None:
    project(folder, config=CONFIG.replace("dashboard:\n", "dashboard:\n      names: [noc.example.net]\n"))
    with served(folder) as web:
        for headers in ({"Host": "noc.example.net"}, {"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}):
            assert web.get(f"{API}/network", headers=headers).status == 401
            assert web.get(f"{API}/network", headers=headers, token=READ).status == 200


def test_another_sites_page_asks_in_vain(web: Web) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert web.get(f"{API}/network", headers=elsewhere).status == 403
    assert web.ask("POST", f"{API}/session", {"token": CHANGE}, headers=elsewhere).status == 403
    # A link to the page is followed.
    assert web.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 200
    assert "access-control-allow-origin" not in web.get(f"{API}/network", headers={"Origin": "http://evil"}).headers


def logged_in(web: Web) -> dict[str, str]:
    """The headers of the page of a browser that is logged in."""
    login = web.ask("POST", f"{API}/session", {"token": CHANGE})
    assert login.json["actor"] == "ana"
    assert login.json["may"] == "change"
    return {"Cookie": login.headers["set-cookie"].partition(";")[0], "X-CSRF-Token": login.json["csrf"]}


def test_a_browser_that_is_logged_in_proves_each_change(web: Web) -> None:
    proved = logged_in(web)
    path = f"{API}/definition?dry_run=true"
    text = web.get(f"{API}/definition").body
    assert web.ask("PUT", path, text, headers=proved).status == 200
    assert web.ask("PUT", path, text, headers={"Cookie": proved["Cookie"]}).status == 403
    assert web.ask("PUT", path, text, headers={**proved, "X-CSRF-Token": "guessed"}).status == 403
    assert web.ask("PUT", path, text, headers={**proved, "Origin": "http://evil.example"}).status == 403
    assert web.ask("PUT", path, text, headers={**proved, "Sec-Fetch-Site": "same-site"}).status == 403
    assert web.ask("PUT", path, text, headers={**proved, "Origin": "http://["}).status == 403
    assert web.ask("PUT", path, text, headers={**proved, "Origin": "null"}).status == 403
    own = {**proved, "Origin": f"http://127.0.0.1:{web.port}", "Sec-Fetch-Site": "same-origin"}
    assert web.ask("PUT", path, text, headers=own).status == 200
    assert web.get(f"{API}/session", headers=proved).json["csrf"] == proved["X-CSRF-Token"]


def test_the_cookie_is_for_this_server_alone_and_ends_with_the_logout(web: Web) -> None:
    login = web.ask("POST", f"{API}/session", {"token": CHANGE})
    name, *attributes = login.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Max-Age=43200"} == set(attributes)
    assert CHANGE not in login.headers["set-cookie"]
    proved = {"Cookie": name, "X-CSRF-Token": login.json["csrf"]}
    assert web.ask("DELETE", f"{API}/session", headers={"Cookie": name}).status == 403
    assert web.ask("DELETE", f"{API}/session", headers=proved).status == 204
    assert web.get(f"{API}/session", headers=proved).json == {"actor": None, "may": None, "csrf": None}
    assert web.ask("PUT", f"{API}/definition", "", headers=proved).status == 401


def test_who_tries_tokens_is_not_looked_at_for_a_minute(web: Web) -> None:
    now = [1000.0]
    web.dashboard.failures = Failures(clock=lambda: now[0])
    for number in range(10):
        answer = web.ask("POST", f"{API}/session", {"token": f"guess number {number}"})
        assert (answer.status, answer.error) == (401, "the token is not one that is known here")
    for token in (CHANGE, "another guess"):
        assert web.ask("POST", f"{API}/session", {"token": token}).status == 429
        assert web.get(f"{API}/network", token=token).headers["retry-after"] == "60"
    assert web.get(f"{API}/network").status == 200
    now[0] += 61
    assert web.ask("POST", f"{API}/session", {"token": CHANGE}).status == 200


def test_a_program_with_an_old_token_shuts_nobody_out(web: Web) -> None:
    for _ in range(30):
        assert web.get("/metrics", token="the-token-of-last-year").status == 401
    assert web.get("/metrics", token=READ).status == 200
    assert web.ask("POST", f"{API}/session", {"token": CHANGE}).status == 200


def test_a_request_that_is_too_large_is_refused(web: Web) -> None:
    body = b"#" * (MOST_BYTES + 1)
    answer = web.ask("PUT", f"{API}/definition?dry_run=true", body, token=CHANGE)
    assert (answer.status, answer.error) == (413, "a request has at most 8 MiB")


def test_what_a_device_or_a_person_wrote_stays_text(web: Web) -> None:
    desk = PortConfiguration(switching=AccessMode(vlan=10), description=HOSTILE)
    web.service.acting(reason=HOSTILE, name=HOSTILE).execute(
        c.ConfigurePort(device="sw1", port=PORTS[0], configuration=desk)
    )
    for path in (
        "/devices/sw1",
        "/devices/sw1/configuration",
        "/events?first=5",
        "/stream?after=1",
        f"/events?text={HOSTILE}",
    ):
        if path.startswith("/stream"):
            kinds = {data["reason"] for _, _, data in _some(web.stream(after=1), web.service.store.head())}
            assert HOSTILE in kinds
            continue
        answer = web.get(f"{API}{path.replace(' ', '%20').replace('<', '%3C').replace('>', '%3E')}")
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert HOSTILE in str(answer.json)
    missing = web.get(f"{API}/devices/%3Cscript%3E")
    assert (missing.status, missing.headers["content-type"]) == (404, "application/json")


def _some(stream: Any, last: int) -> list[Any]:
    found = []
    for frame in stream.frames():
        found.append(frame)
        if frame[2]["position"] >= last:
            break
    stream.close()
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/static/js",
        "/app.py",
        "/static/%00",
        f"/static/{'a' * 5000}",
    ],
)
def test_only_the_files_of_the_page_are_served(web: Web, path: str) -> None:
    assert web.get(path).status == 404


def test_no_token_is_ever_logged(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logged_in(web)
    web.get(f"{API}/network", token=CHANGE)
    web.get(f"{API}/network?token={CHANGE}")
    web.get(f"{API}/network", token="a-guess-that-is-wrong")
    web.ask("POST", f"{API}/session", {"token": READ, "more": 1})
    text = caplog.text + repr([vars(record) for record in caplog.records])
    assert "GET /api/v1/network 200" in text
    for secret in (CHANGE, READ, "a-guess-that-is-wrong"):
        assert secret not in text


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("{token: hunter2hunter2hunter2}", "this is no reference to a secret"),
        ("{token: 'env:MISSING_TOKEN'}", "the token of ana is not set (env:MISSING_TOKEN)"),
        ("{token: 'env:SHORT_TOKEN'}", "the token of ana is too short; one is made by: openssl rand -hex 32"),
        ("{token: 'env:PROMETHEUS_TOKEN'}", "two holders have the same token"),
        ("{token: 'env:ANA_TOKEN', may: everything}", "ana may read or change, not 'everything'"),
        ("hunter2hunter2hunter2", "ana is like {token: env:NAME, may: read}"),
    ],
)
def test_a_token_that_cannot_be_is_told_in_one_line_without_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str, said: str
) -> None:
    monkeypatch.setenv("SHORT_TOKEN", "hunter2")
    project(folder, config=re.sub(r"ana: .*", f"ana: {setting}", CONFIG))
    with pytest.raises(SettingsError) as refused, served(folder):
        pass
    assert said in refused.value.message
    assert "hunter2" not in refused.value.message
    assert "\n" not in refused.value.message

"""The dashboard over a lab: plans made and carried out through the API, and `cimnet dashboard` as a process."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.web import API, CHANGE, READ, TOKENS, Web, served

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

SETTINGS = """\
    environment: lab
    approval: {required: 1}
    dashboard:
      tokens:
        ana: {token: "env:ANA_TOKEN", may: change}
        prometheus: {token: "env:PROMETHEUS_TOKEN", may: read}
"""
SECONDS = 60
needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="openssh-client is not installed")


@pytest.fixture
def project(small: "Project", monkeypatch: pytest.MonkeyPatch) -> "Project":
    """The small project with tokens; one approval is required."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    config = small.folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("    environment: lab\n", SETTINGS), encoding="utf-8")
    return small


@pytest.fixture
def bob(project: "Project", tmp_path: Path) -> Path:
    """The key of bob, who may sign."""
    key = tmp_path / "bob"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bob", "-f", key], check=True)
    signer = f"bob@example.net {Path(f'{key}.pub').read_text(encoding='utf-8')}"
    (project.folder / "inventory" / "allowed_signers").write_text(signer, encoding="utf-8")
    return key


@pytest.fixture
def web(project: "Project", lab: RunningLab) -> Iterator[Web]:
    with served(project.folder) as found:
        yield found


def finished(web: Web, job: str) -> Any:
    """A job when it came to its end."""
    until = time.monotonic() + SECONDS
    while (found := web.get(f"{API}/jobs/{job}").json)["state"] == "running":
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def planned(web: Web, **asked: object) -> str:
    """The digest of a plan that is made now."""
    answer = web.ask("POST", f"{API}/plans", asked, token=CHANGE)
    assert answer.status == 202, answer.body
    assert answer.headers["location"] == f"{API}/jobs/{answer.json['job']}"
    job = finished(web, answer.json["job"])
    assert job["state"] == "done", job
    return str(job["result"]["digest"])


@needs_ssh
def test_a_plan_is_carried_out_once_somebody_else_has_signed_it(
    project: "Project", lab: RunningLab, web: Web, bob: Path
) -> None:
    digest = planned(web, reason="CHG-9")
    file = project.folder / ".cimnet" / "plans" / f"{digest.removeprefix('sha256:')}.json"
    assert file.stat().st_mode & 0o777 == 0o600
    (listed,) = web.get(f"{API}/plans").json["plans"]
    assert (listed["digest"], listed["author"], listed["approved"], listed["changes"]) == (digest, "ana", False, 3)
    refused = web.ask("POST", f"{API}/plans/{digest}/apply", {}, token=CHANGE)
    assert (refused.status, refused.json["error"]["kind"]) == (409, "ApprovalMissing")
    assert refused.error.endswith(f"have it signed: cimnet approve .cimnet/plans/{file.name}")
    assert project.events("DeploymentStarted") == []
    project.ok("approve", str(file), "--key", str(bob), "--yes")
    stream = web.stream(after=web.service.store.head())
    answer = web.ask("POST", f"{API}/plans/{digest}/apply", {"reason": "CHG-9"}, token=CHANGE)
    job = finished(web, answer.json["job"])
    assert job["state"] == "done", job
    (started,) = project.events("DeploymentStarted")
    assert (started["actor"], started["reason"], started["data"]["plan"]) == ("ana", "CHG-9", digest)
    assert "vlan 10" in lab.running_config("sw1")
    told(stream, job["id"])
    page = web.get(f"{API}/deployments/{job['result']['deployment']}").json
    assert page["deployment"]["counts"] == {"applied": 3}
    assert all(device["carries"] and device["seconds"] is not None for device in page["devices"])
    assert web.get(f"{API}/plans/{digest}").json["state"]["carried_out"] == job["result"]["deployment"]
    assert {device["lifecycle"] for device in web.get(f"{API}/devices").json["devices"]} == {"active"}
    again = web.ask("POST", f"{API}/plans/{digest}/apply", {}, token=CHANGE)
    carried_out = job["result"]["deployment"][:8]
    assert (again.status, again.error) == (409, f"the plan was carried out in deployment {carried_out}: plan again")


def told(stream: Any, job: str) -> None:
    """What whoever watches was told of it: events and the job's progress, to the end of both."""
    seen: list[str] = []
    for _, kind, data in stream.frames():
        seen.append(data["type"] if kind == "event" else data["state"])
        assert kind == "event" or data["id"] == job
        if {"done", "DeploymentFinished"} <= set(seen):
            break
    stream.close()
    assert {"running", "DeploymentStarted", "PushStarted", "SwitchConfigurationApplied"} <= set(seen)


@needs_ssh
def test_no_project_carries_out_unsigned_plans_from_a_page(project: "Project", lab: RunningLab, bob: Path) -> None:
    config = project.folder / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("required: 1", "required: 0"), encoding="utf-8")
    with served(project.folder) as web:
        digest = planned(web)
        refused = web.ask("POST", f"{API}/plans/{digest}/apply", {}, token=CHANGE)
        assert "the plan wants 1 approval, and was approved by nobody" in refused.error


def test_what_cannot_be_planned_is_told_at_once(project: "Project", web: Web) -> None:
    answer = web.ask("POST", f"{API}/plans", {"limit": ["sw9"]}, token=CHANGE)
    assert (answer.status, answer.error) == (404, "--limit sw9: no host or group fits; cimnet inventory lists them")
    assert web.ask("POST", f"{API}/plans", {"limits": ["sw1"]}, token=CHANGE).status == 422
    assert web.get(f"{API}/jobs").json == {"jobs": []}


def test_without_a_lab_a_job_says_so(project: "Project") -> None:
    with served(project.folder) as web:
        answer = web.ask("POST", f"{API}/plans", {}, token=CHANGE)
        job = finished(web, answer.json["job"])
        assert (job["state"], job["told"]) == ("failed", ["no lab is up; start one: cimnet lab up"])


def test_one_job_runs_at_a_time(project: "Project", lab: RunningLab, web: Web) -> None:
    answers = [web.ask("POST", f"{API}/plans", {}, token=CHANGE) for _ in range(5)]
    refused = [answer for answer in answers if answer.status != 202]
    assert answers[0].status == 202
    assert all(answer.status == 409 and "ana has a job running (plan" in answer.error for answer in refused)
    assert {finished(web, answer.json["job"])["state"] for answer in answers if answer.status == 202} == {"done"}


def test_devices_are_asked_again_and_again(project: "Project", lab: RunningLab) -> None:
    config = project.folder / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("dashboard:\n", "dashboard:\n      collect: 1\n"))
    with served(project.folder) as web:
        until = time.monotonic() + SECONDS
        while {item["health"] for item in web.get(f"{API}/devices").json["devices"]} != {"ok"}:
            assert time.monotonic() < until
            time.sleep(0.1)
        stream = web.stream()
        assert any(kind == "status" for _, kind, _ in stream.frames())
        stream.close()
        assert all(item["facts"]["uptime"] is not None for item in web.get(f"{API}/devices").json["devices"])
        runs = web.dashboard.rounds.runs
        assert runs is not None
        assert runs.runs >= 1


# --- the process ------------------------------------------------------------------------------------------------------


def started(project: "Project", *arguments: str) -> "tuple[subprocess.Popen[str], int]":
    """`cimnet dashboard` in a process, and its port."""
    process = project.start("dashboard", "--listen", "127.0.0.1:0", *arguments)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:"), process.communicate()
    return process, int(url.rstrip("/").rpartition(":")[2])


def at_port(port: int) -> Web:
    """A client of a server in another process, which answers by now."""
    web = Web(dashboard=None, service=None, port=port)  # type: ignore[arg-type] # only its port is asked
    assert web.get("/healthz").status == 200
    return web


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_cleanly_though_somebody_watches(project: "Project", number: signal.Signals) -> None:
    process, port = started(project, "-v", "--log", "json")
    watching = at_port(port).stream()
    process.send_signal(number)
    out, err = process.communicate(timeout=SECONDS)
    assert list(watching.frames()) == []
    watching.close()
    assert (process.returncode, out) == (0, "")
    lines = err.splitlines()
    assert (lines[0], lines[-1]) == ("Ctrl-C ends it", "stopped")
    assert all(line.startswith("{") and '"event": "Request"' in line for line in lines[1:-1])
    assert "Traceback" not in err


@needs_ssh
def test_ctrl_c_lets_a_push_finish(project: "Project", lab: RunningLab, bob: Path) -> None:
    lab.fault("sw1", "slow", milliseconds=300)
    process, port = started(project)
    web = at_port(port)
    digest = planned(web)
    file = project.folder / ".cimnet" / "plans" / f"{digest.removeprefix('sha256:')}.json"
    project.ok("approve", str(file), "--key", str(bob), "--yes")
    answer = web.ask("POST", f"{API}/plans/{digest}/apply", {}, token=CHANGE)
    assert answer.status == 202, answer.body
    until = time.monotonic() + SECONDS
    while not project.events("PushStarted"):
        assert time.monotonic() < until
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=2 * SECONDS)
    assert process.returncode == 0, err
    assert "stopping: what is under way is finished or taken back first" in err
    begun = {event["data"]["device"] for event in project.events("PushStarted")}
    ended = {
        event["data"]["device"] for event in project.events("SwitchConfigurationApplied", "RouterConfigurationApplied")
    }
    assert begun <= ended
    assert len(project.events("DeploymentFinished")) == 1


def test_it_says_where_it_listens_as_json_and_collects_with_a_reason(project: "Project", lab: RunningLab) -> None:
    arguments = ("--listen", "127.0.0.1:0", "--collect", "1", "--reason", "CHG-12", "--log", "json", "--json")
    process = project.start("dashboard", *arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    said = json.loads(process.stdout.readline())
    assert (said["format"], list(said)) == ("cimnet.dashboard/1", ["format", "url"])
    at_port(int(said["url"].rstrip("/").rpartition(":")[2]))
    assert any('"event": "Collected"' in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (0, "")
    requests = [event for event in project.events() if event["data"].get("command") == "status"]
    assert {event["reason"] for event in requests} == {"CHG-12"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--limit", "sw1"), "the dashboard shows the whole network, and filters on the page; leave --limit out"),
        (("--reason", "CHG-12"), "--reason is for --collect: changes from the page have reasons of their own"),
        (("--collect", "x"), "Invalid value for '--collect': 'x': seconds, from 0"),
        (("--collect", "-1"), "Invalid value for '--collect': '-1': seconds, from 0"),
    ],
)
def test_what_it_does_not_take_is_told_in_a_line(project: "Project", arguments: tuple[str, ...], said: str) -> None:
    ran = project.ok("dashboard", *arguments, status=1)
    assert ran.err == f"cimnet: error: {said} (see cimnet dashboard --help)\n"


def test_a_port_in_use_is_told_in_a_line(project: "Project") -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = project.ok("dashboard", "--listen", f"127.0.0.1:{port}", status=1)
    said = f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another: --listen"
    assert ran.err == f"cimnet: error: {said}\n"


@pytest.mark.parametrize("listen", ["8350", "localhost", "localhost:http", "::1:8350", "127.0.0.1:99999", "[::1:1"])
def test_an_address_that_is_none_is_told_in_a_line(project: "Project", listen: str) -> None:
    ran = project.ok("dashboard", "--listen", listen, status=1)
    assert f"listen is HOST:PORT like 127.0.0.1:8350 or [::1]:8350, not '{listen}'" in ran.err


def test_without_the_packages_of_the_web_it_says_how_to_get_them(project: "Project") -> None:
    program = "import sys; sys.modules['fastapi'] = None; from cimnet_nornir.cli import main; main()"
    command = [sys.executable, "-c", program, "--project", str(project.folder), "dashboard"]
    ran = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    said = "cimnet: error: the dashboard needs more packages: pip install 'cimnet-nornir[web]'\n"
    assert (ran.returncode, ran.stderr) == (1, said)


def test_by_tls_the_cookie_is_for_tls_alone(project: "Project", tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    cert, key = tmp_path / "noc.crt", tmp_path / "noc.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([openssl, *made, "-keyout", key, "-out", cert, *subject], check=True, capture_output=True)
    process = project.start("dashboard", "--listen", "127.0.0.1:0", "--tls-cert", str(cert), "--tls-key", str(key))
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("https://127.0.0.1:")
    answer = _by_tls(int(url.rstrip("/").rpartition(":")[2]), cert)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    cookie = answer.getheader("Set-Cookie") or ""
    assert cookie.startswith("__Host-cimnet=")
    assert "; Secure" in cookie


def _by_tls(port: int, cert: Path) -> http.client.HTTPResponse:
    import ssl

    context = ssl.create_default_context(cafile=str(cert))
    until = time.monotonic() + SECONDS
    while True:
        connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=SECONDS)
        try:
            body, headers = f'{{"token": "{READ}"}}', {"Content-Type": "application/json"}
            connection.request("POST", f"{API}/session", body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except ConnectionError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return answer
        finally:
            connection.close()


def test_a_key_that_is_not_the_certificates_is_told_in_a_line(project: "Project", tmp_path: Path) -> None:
    (tmp_path / "noc.crt").write_text("no certificate", encoding="utf-8")
    files = ("--tls-cert", str(tmp_path / "noc.crt"), "--tls-key", str(tmp_path / "noc.crt"))
    ran = project.ok("dashboard", "--listen", "127.0.0.1:0", *files, status=1)
    assert "no certificate with its key can be read" in ran.err
    assert project.ok("dashboard", "--tls-cert", str(tmp_path / "noc.crt"), status=1).err.count("go together") == 1

"""A real Prometheus asks a real dashboard of a network whose devices are simulated, by the configuration we ship."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.promtool import promtool

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"
PATIENCE = 60.0
TOKEN = "a-token-for-reading-the-metrics"


def get(url: str, token: str = "") -> bytes:
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(request, timeout=PATIENCE) as answer:
        return bytes(answer.read())


def eventually(ask: Callable[[], Any], what: str) -> Any:
    """The first answer that says something."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if answer := ask():
                return answer
        except OSError:
            # It does not listen yet.
            pass
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Ends the process with the block, and reads what it still says."""
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.fixture
def dashboard(small: "Project", lab: RunningLab) -> Iterator[str]:
    """Where a dashboard listens, which collects every second and wants a token that may read."""
    config = small.folder / "inventory" / "config.yaml"
    tokens = "dashboard: {tokens: {prometheus: {token: 'file:prometheus.token', may: read}}}"
    config.write_text(config.read_text().replace("environment: lab\n", f"environment: lab\n    {tokens}\n"))
    token = small.folder / "prometheus.token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    port = free_port()
    process = small.start("dashboard", "--listen", f"127.0.0.1:{port}", "--collect", "1", "--log", "json")
    with running(process):
        eventually(lambda: get(f"http://127.0.0.1:{port}/healthz"), "a dashboard")
        yield f"127.0.0.1:{port}"


def test_promtool_takes_what_a_network_at_work_gives(small: "Project", lab: RunningLab, dashboard: str) -> None:
    small.ok("apply", "--yes")
    lab.fault("sw2", "down")
    text = eventually(
        lambda: b'cimnet_device_up{device="sw2"} 0' in (said := get(f"http://{dashboard}/metrics")) and said,
        "a device that is down",
    )
    assert promtool("check", "metrics", text=text) == ""
    lines = text.decode().splitlines()
    for line in (
        'cimnet_device_up{device="sw1"} 1.0',
        'cimnet_devices{health="unreachable"} 1.0',
        'cimnet_deployments_total{outcome="applied"} 1.0',
        'cimnet_pushes_total{outcome="applied"} 3.0',
    ):
        assert line in lines
    assert any(line.startswith('cimnet_device_memory_used_bytes{device="sw1"} ') for line in lines)
    assert any(line.startswith('cimnet_device_ports{device="sw1",state="up"} ') for line in lines)


def test_prometheus_scrapes_it_by_the_shipped_configuration_and_the_rules_see_what_is_wrong(
    small: "Project", lab: RunningLab, dashboard: str, tmp_path: Path
) -> None:
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("no prometheus is installed (Debian: prometheus)")
    small.ok("apply", "--yes")
    lab.fault("sw2", "down")
    (tmp_path / "cimnet-alerts.yaml").write_text((MONITORING / "cimnet-alerts.yaml").read_text())
    shipped = (MONITORING / "prometheus.yml").read_text()
    adapted = shipped.replace("/etc/prometheus/cimnet.token", str(small.folder / "prometheus.token"))
    adapted = adapted.replace("127.0.0.1:8350", dashboard).replace("scrape_interval: 30s", "scrape_interval: 1s")
    (tmp_path / "prometheus.yml").write_text(f"global: {{evaluation_interval: 1s, scrape_timeout: 1s}}\n{adapted}")
    listen = f"127.0.0.1:{free_port()}"
    options = ("--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={listen}")
    pipe = subprocess.DEVNULL
    process = subprocess.Popen([program, *options], cwd=tmp_path, stdout=pipe, stderr=pipe, text=True)

    def value_of(query: str) -> str:
        found = json.loads(get(f"http://{listen}/api/v1/query?query={quote(query)}"))["data"]["result"]
        return found[0]["value"][1] if found else ""

    def alerts() -> dict[str, str]:
        found = json.loads(get(f"http://{listen}/api/v1/alerts"))["data"]["alerts"]
        return {f"{item['labels']['alertname']} {item['labels'].get('device', '')}": item["state"] for item in found}

    with running(process):
        eventually(lambda: value_of('up{job="cimnet"}') == "1", "a scrape that went well")
        eventually(lambda: value_of('cimnet_device_up{device="sw2"}') == "0", "sw2 down")
        assert value_of('cimnet_deployments_total{outcome="applied"}') == "1"
        eventually(lambda: alerts().get("CimnetDeviceUnreachable sw2") == "pending", "the alert for sw2")
        assert set(alerts()) == {"CimnetDeviceUnreachable sw2"}


def test_the_log_of_the_dashboard_is_json_a_line_with_the_ids_of_each_chain(small: "Project", lab: RunningLab) -> None:
    process = small.start("dashboard", "--listen", f"127.0.0.1:{free_port()}", "--collect", "1", "--log", "json")
    try:
        eventually(lambda: small.events("SwitchStatusChanged"), "devices that were seen")
    finally:
        process.terminate()
        _, err = process.communicate(timeout=PATIENCE)
    logged = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    seen = {item["device"]: item for item in logged if item["event"] == "SwitchStatusChanged"}
    (event,) = [event for event in small.events("SwitchStatusChanged") if event["data"]["device"] == "sw1"]
    assert seen["sw1"]["correlation_id"] == event["correlation_id"]
    assert seen["sw1"]["position"] == event["position"]
    assert seen["sw1"]["message"] == "up in lab"

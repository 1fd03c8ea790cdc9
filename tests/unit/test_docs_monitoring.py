"""What docs/monitoring ships for Prometheus and Grafana: it fits what is exported, and the rules do what they say."""

import json
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cimnet_nornir.application.metrics import CollectionRuns
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.web.metrics import metrics_text
from tests.promtool import promtool
from tests.unit.test_web_metrics import ACC1, SEEN, samples

DOCS = Path(__file__).parents[2] / "docs"
MONITORING = DOCS / "monitoring"
ALERTS = MONITORING / "cimnet-alerts.yaml"
_NAME = re.compile(r"\bcimnet_[a-z_]+")


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def alerts() -> list[dict[str, Any]]:
    return [rule for group in read_yaml(ALERTS)["groups"] for rule in group["rules"]]


def dashboard() -> Any:
    return json.loads((MONITORING / "grafana-dashboard.json").read_text(encoding="utf-8"))


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def asked_by_the_dashboard() -> Iterator[str]:
    yield from (target["expr"] for panel in panels() for target in panel["targets"])
    for variable in dashboard()["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"].removeprefix("label_values(").rpartition(",")[0]


@pytest.fixture
def exported(small: NetworkService) -> set[str]:
    """The names of all samples that a dashboard with a collector gives."""
    small.store.checkpoint()
    text = metrics_text(small, statuses={"acc1": ACC1}, collection=CollectionRuns(1, 0, 2.5, SEEN))
    return {name.partition("{")[0] for name in samples(text)}


def test_prometheus_takes_the_rules_and_the_scrape_configuration() -> None:
    assert f"{len(alerts())} rules found" in promtool("check", "rules", str(ALERTS))
    promtool("check", "config", "--syntax-only", str(MONITORING / "prometheus.yml"))


def test_each_alert_fires_when_it_should_and_not_before() -> None:
    promtool("test", "rules", "cimnet-alerts-test.yaml", folder=MONITORING)
    tested = read_yaml(MONITORING / "cimnet-alerts-test.yaml")["tests"]
    assert [test["name"] for test in tested] == [rule["alert"] for rule in alerts()]
    for test in tested:
        quiet, fires = test["alert_rule_test"]
        assert (quiet["alertname"], fires["alertname"]) == (test["name"], test["name"])
        assert quiet["exp_alerts"] == []
        assert fires["exp_alerts"]


def test_a_rule_that_is_wrong_does_not_pass(tmp_path: Path) -> None:
    shutil.copytree(MONITORING, tmp_path / "monitoring")
    rules = tmp_path / "monitoring" / ALERTS.name
    rules.write_text(rules.read_text().replace("cimnet_device_up == 0", "cimnet_device_up == 1"))
    with pytest.raises(AssertionError, match="CimnetDeviceUnreachable"):
        promtool("test", "rules", "cimnet-alerts-test.yaml", folder=tmp_path / "monitoring")


def test_each_alert_says_what_to_do() -> None:
    for rule in alerts():
        assert rule["annotations"].keys() == {"summary", "description", "runbook"}, rule["alert"]
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert (DOCS / rule["annotations"]["runbook"]).is_file(), rule["annotations"]["runbook"]


def test_only_metrics_that_are_exported_are_asked_for(exported: set[str]) -> None:
    asked = [*asked_by_the_dashboard(), *(rule["expr"] for rule in alerts())]
    names = {name for expression in asked for name in _NAME.findall(expression)}
    assert len(names) > 30
    assert names - exported == set()


def test_every_metric_is_shown_on_the_dashboard(exported: set[str]) -> None:
    shown = {name for expression in asked_by_the_dashboard() for name in _NAME.findall(expression)}
    # A histogram is shown by its buckets.
    assert {name for name in exported if not name.endswith(("_sum", "_count"))} - shown == set()


def test_prometheus_understands_what_the_dashboard_asks(tmp_path: Path) -> None:
    plain = [re.sub(r"\$__rate_interval", "5m", expression) for expression in asked_by_the_dashboard()]
    rules = [{"record": f"asked:{number}", "expr": expression} for number, expression in enumerate(plain)]
    (tmp_path / "asked.yaml").write_text(json.dumps({"groups": [{"name": "asked", "rules": rules}]}))
    assert f"{len(plain)} rules found" in promtool("check", "rules", str(tmp_path / "asked.yaml"))


def test_the_dashboard_can_be_put_on_any_grafana() -> None:
    found = dashboard()
    assert found["schemaVersion"] >= 39
    assert next(variable["name"] for variable in found["templating"]["list"]) == "datasource"
    sources = {json.dumps(panel["datasource"], sort_keys=True) for panel in panels()}
    assert sources == {'{"type": "prometheus", "uid": "${datasource}"}'}
    numbers = [panel["id"] for panel in found["panels"]]
    assert len(set(numbers)) == len(numbers)
    assert [panel["title"] for panel in panels() if not panel["description"]] == []


def test_no_panel_lies_over_another() -> None:
    places = [(panel["title"], panel["gridPos"]) for panel in dashboard()["panels"]]
    assert [title for title, place in places if place["x"] + place["w"] > 24] == []
    assert [(one, other) for (one, a), (other, b) in combinations(places, 2) if _overlap(a, b)] == []


def _overlap(a: dict[str, int], b: dict[str, int]) -> bool:
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    below = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
    return not (beside or below)

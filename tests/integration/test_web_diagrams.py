"""Diagrams of the API: what is answered is Mermaid, and the real one draws it."""

from pathlib import Path

import pytest

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.bootstrap import load_settings, open_service
from tests.browser import Mermaid
from tests.web import API, Web

pytestmark = pytest.mark.usefixtures("tokens")


def deploy(folder: Path) -> str:
    """A deployment to a device that refuses what it is told; the id."""
    service = open_service(load_settings(folder))
    try:
        plan = service.plan_from({"sw1": "hostname sw1\n"})
        with service.deployment(plan) as deployment:
            for change in plan.changes:
                deployment.push_started(change)
                deployment.record(PushOutcome(change, "rejected", 0.1, reason="<script>alert(1)</script>; #1"))
        return str(deployment.id)
    finally:
        service.store.close()


def test_a_chain_of_causes_and_a_deployment_are_drawn(folder: Path, web: Web, mermaid: Mermaid) -> None:
    deployment = deploy(folder)
    chain = web.get(f"{API}/events/1/mermaid")
    assert chain.headers["content-type"].startswith("text/plain")
    assert any("VLAN 10 (users) created" in each for each in mermaid.render(chain.body.decode(), ".nodeLabel").shown)
    sequence = web.get(f"{API}/deployments/{deployment}/mermaid").body.decode()
    assert "rejected: <script>alert(1)</script>; #1" in mermaid.render(sequence, "text").shown


@pytest.mark.parametrize("view", ["topology", "vlans", "hosts"])
def test_the_network_is_drawn(web: Web, mermaid: Mermaid, view: str) -> None:
    mermaid.render(web.get(f"{API}/mermaid/{view}").body.decode())


def test_what_is_no_deployment_is_not_found(web: Web) -> None:
    answer = web.get(f"{API}/deployments/1/mermaid")
    assert (answer.status, answer.json["error"]["kind"]) == (404, "NotFound")

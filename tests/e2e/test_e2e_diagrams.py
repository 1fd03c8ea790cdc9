"""Diagrams of what really happened: each is taken by the real Mermaid."""

from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.browser import Mermaid

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow

APPLY = ("apply", "--yes", "--json")


def sequence(project: "Project", mermaid: Mermaid, deployment: str) -> tuple[str, tuple[str, ...]]:
    """The diagram of a deployment, and the texts in its picture."""
    text = project.ok("trace", deployment, "--sequence").out
    return text, mermaid.render(text, "text").shown


def test_a_transaction_that_is_taken_back_shows_who_held_what_and_who_was_brought_back(
    small: "Project", settled: RunningLab, mermaid: Mermaid
) -> None:
    settled.fault("sw2", "reject", pattern="^name guests")
    ran = small.ok(*APPLY, "--transaction", "--reason", "CHG-7 <guests>; [x]", status=3)
    text, shown = sequence(small, mermaid, ran.json["deployment"])
    assert "CHG-7 <guests>; [x]" in shown
    assert {"ann", "cimnet", "r1", "sw1", "sw2"} <= set(shown)
    assert shown.count("revert timer armed, 5 min") == 3
    assert any(each.startswith("transaction: taken back on 2 devices, since sw2") for each in shown)
    assert any(each.startswith("rejected: ") for each in shown)
    assert sum(each.startswith("taken back: ") for each in shown) == 2
    assert shown.count("brought back by revert timer") == 3
    assert "vlan 20" in shown
    assert any(each.startswith("deployment finished in") for each in shown)
    # Each device was given back.
    assert text.count("->>+") == text.count("--x-") == 3


def test_a_deployment_that_is_kept_shows_the_confirmation(
    small: "Project", settled: RunningLab, mermaid: Mermaid
) -> None:
    ran = small.ok(*APPLY)
    _, shown = sequence(small, mermaid, ran.json["deployment"])
    assert shown.count("confirmed, its timer is stopped") == 3
    assert sum("read back, saved" in each for each in shown) == 3


def test_what_could_not_be_reached_was_sent_nothing(small: "Project", settled: RunningLab, mermaid: Mermaid) -> None:
    small.ok("plan", "-o", str(small.folder / "plan.json"))
    settled.fault("sw2", "down")
    ran = small.ok("apply", str(small.folder / "plan.json"), "--yes", "--json", status=4)
    _, shown = sequence(small, mermaid, ran.json["deployment"])
    assert sum(each.startswith("nothing sent, unreachable") for each in shown) == 1
    assert sum("read back, saved" in each for each in shown) == 2


def test_a_push_shows_how_it_was_settled_later_and_not_before_that(
    small: "Project", lab: RunningLab, mermaid: Mermaid
) -> None:
    lab.fault("sw1", "reject", pattern="^write mem")
    ran = small.ok(*APPLY, "--limit", "sw1", status=3)
    before = small.ok("history", "--first", "1", "--json").json["events"][0]["position"]
    lab.fault("sw1", "clear")
    small.ok("recover")
    _, shown = sequence(small, mermaid, ran.json["deployment"])
    assert any(each.startswith("not saved: ") for each in shown)
    assert "recovery by ann, found applied: keep" in shown
    assert "push settled: applied" in shown
    then = small.ok("trace", ran.json["deployment"], "--sequence", "--at", str(before)).out
    assert "push settled" not in then
    mermaid.parse(then)


def test_many_devices_are_folded_by_what_they_came_to(twenty: tuple["Project", RunningLab], mermaid: Mermaid) -> None:
    project, _ = twenty
    (started,) = project.events("DeploymentStarted")[:1]
    text, shown = sequence(project, mermaid, started["correlation_id"])
    assert "20 devices: applied" in shown
    assert "participant sw01" not in text
    assert any(each.startswith("applied, read back on 20 devices") for each in shown)


def test_the_chain_of_a_deployment_and_of_intent_are_flowcharts(
    small: "Project", settled: RunningLab, mermaid: Mermaid
) -> None:
    ran = small.ok(*APPLY, "--reason", 'CHG-8 "quoted" #1')
    chain = small.ok("trace", ran.json["deployment"], "--mermaid").out
    shown = mermaid.render(chain, ".nodeLabel, .edgeLabel .edgeLabel").shown
    assert any('CHG-8 "quoted" #1' in each for each in shown)
    assert any("push started in lab" in each for each in shown)
    assert "brings to devices" in shown
    created = small.events("VlanCreated")[-1]
    intent = small.ok("trace", str(created["position"]), "--mermaid").out
    shown = mermaid.render(intent, ".nodeLabel, .edgeLabel .edgeLabel").shown
    assert any("VLAN 20 (guests) created" in each for each in shown)
    assert "was brought to devices by" in shown
    assert ":::focus" in intent


def test_what_is_no_deployment_has_no_sequence(small: "Project") -> None:
    ran = small.ok("trace", "1", "--sequence", status=1)
    assert "is no deployment; cimnet history --type DeploymentStarted lists them" in ran.err
    assert ran.err.count("\n") == 1


def test_the_example_with_its_server_is_drawn(campus: "Project", mermaid: Mermaid) -> None:
    for started in campus.events("DeploymentStarted"):
        _, shown = sequence(campus, mermaid, started["correlation_id"])
        assert {"acc1", "dist1", "r1"} & set(shown)
    for request in campus.events("ChangeRequested"):
        mermaid.render(campus.ok("trace", request["event_id"], "--mermaid").out)

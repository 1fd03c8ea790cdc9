"""Chains of causes and deployments as Mermaid: all that happened is told, many things as one, nothing of it happens."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from cimnet_nornir.application.diagrams import cause_chain, deployment_diagram
from cimnet_nornir.application.history import trace
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import NotFound
from cimnet_nornir.projections.mermaid.text import seen
from cimnet_nornir.store import EventStore
from tests.browser import Mermaid
from tests.hostile_texts import WORDS

ServiceMaker = Callable[..., NetworkService]
Told = Callable[[int], PushOutcome | None]
CISCO = DeviceDetails(vendor="cisco", platform="ios", role="access", site="hq")
MANY = 40
NODES = ".nodeLabel"


def switches(service: NetworkService, number: int) -> None:
    """So many switches with a VLAN, in one request."""
    added = (c.AddSwitch(device=f"sw{each}", name=f"sw{each}", details=CISCO, ports=()) for each in range(number))
    vlans = (c.CreateVlan(device=f"sw{each}", vlan=10) for each in range(number))
    service.execute(c.CreateNetwork(name=service.network_name), *added, *vlans, command="declare")


def deploy(service: NetworkService, *outcomes: str, reason: str = "") -> UUID:
    """A deployment to all devices, in turn with these outcomes; one that is "not started" is sent nothing."""
    plan = service.plan_from({host.device: f"hostname {host.name}\n" for host in service.hosts()})
    with service.deployment(plan) as deployment:
        for number, change in enumerate(plan.changes):
            outcome = outcomes[number % len(outcomes)]
            if outcome not in ("unreachable", "not started"):
                deployment.push_started(change)
            deployment.record(PushOutcome(change, outcome, 0.1, reason=reason, sent=change.commands))
    return deployment.id


def test_a_chain_shows_who_asked_and_what_came_of_it(small: NetworkService, mermaid: Mermaid) -> None:
    deployment = deploy(small, "applied")
    shown = mermaid.render(cause_chain(trace(small.store, "1")), NODES).shown
    assert any(each.startswith("asked for: declarerequest") and each.endswith("CHG-1") for each in shown)
    assert any(each.startswith("VLAN 10 (users) createdsw1, event") for each in shown)
    assert any(each.startswith(f"deployment {str(deployment)[:8]}ann, ") for each in shown)
    assert sum("applied by netmiko in lab, read back" in each for each in shown) == 2, "the third needs nothing"


def test_an_event_shows_the_way_to_it_and_how_much_more_there_is(small: NetworkService, mermaid: Mermaid) -> None:
    (created,) = small.store.read_all(types=("VlanCreated",))
    text = cause_chain(trace(small.store, str(created.position)))
    shown = mermaid.render(text, NODES).shown
    assert "… 2 more SwitchAdded" in shown
    assert text.count(":::focus") == 1
    assert sum("created" in each for each in shown) == 1


def test_a_long_chain_is_folded_and_says_so(service: NetworkService, mermaid: Mermaid) -> None:
    switches(service, 300)
    deploy(service, "applied", "rejected")
    for fold in (None, 10_000, 1):
        text = cause_chain(trace(service.store, "1"), fold=fold)
        shown = mermaid.render(text, NODES).shown if fold is None else ()
        assert 'title: "' in text
        assert "events left out; cimnet trace ID --all lists them" in text
        assert "more SwitchAdded" in text
        mermaid.parse(text)
        assert fold is not None or "… 295 more VlanCreated" in shown
    deployment = next(iter(service.store.read_all(types=("DeploymentStarted",))))
    mermaid.parse(cause_chain(trace(service.store, str(deployment.position))))


def test_what_takes_back_is_shown_on_both_sides(small: NetworkService, mermaid: Mermaid) -> None:
    result = small.execute(c.CreateVlan(device="sw1", vlan=30, name="lab"))
    created = next(stored for stored in result.events if stored.type == "VlanCreated")
    small.undo(str(created.event_id))
    before = cause_chain(trace(small.store, str(created.position)))
    assert "was taken back by" in mermaid.render(before, ".edgeLabel .edgeLabel").shown
    (restored,) = small.store.read_all(types=("IntentRestored",))
    after = cause_chain(trace(small.store, str(restored.position)))
    assert "takes back" in mermaid.render(after, ".edgeLabel .edgeLabel").shown


def test_a_deployment_tells_each_device_apart_up_to_a_dozen(service: NetworkService, mermaid: Mermaid) -> None:
    switches(service, 12)
    deployment = deploy(service, "applied", "rejected", "unreachable", reason="no such line")
    shown = mermaid.render(deployment_diagram(service.store, deployment, names={"sw0": "core"}), "text").shown
    assert {"ann", "core", "sw11"} <= set(shown)
    assert shown.count("rejected: no such line") == 4
    assert shown.count("nothing sent, unreachable: no such line") == 4


def test_more_devices_are_folded_by_what_they_came_to(service: NetworkService, mermaid: Mermaid) -> None:
    switches(service, MANY)
    deployment = deploy(service, "applied", "rejected", "not started", "in doubt", reason="x")
    text = deployment_diagram(service.store, deployment)
    shown = mermaid.render(text, "text").shown
    outcomes = ("applied", "rejected", "not started", "in doubt")
    assert {f"{MANY // 4} devices: {outcome}" for outcome in outcomes} <= set(shown)
    assert "… 5 more" in shown
    assert "participant d1" not in text
    every = deployment_diagram(service.store, deployment, fold=MANY)
    assert every.count("  participant d") == MANY
    mermaid.parse(every)


def test_a_deployment_that_is_under_way_says_so(service: NetworkService, mermaid: Mermaid) -> None:
    switches(service, MANY)
    deployment = deploy(service, "applied")
    finished = next(iter(service.store.read_all(types=("DeploymentFinished",)))).position
    for fold in (None, MANY):
        text = deployment_diagram(service.store, deployment, until=finished - 1, fold=fold)
        assert "not finished: cimnet recover settles what is in doubt" in text
        mermaid.parse(text)


def test_what_people_and_devices_write_is_shown_and_does_nothing(
    store: EventStore, service_of: ServiceMaker, mermaid: Mermaid
) -> None:
    words = [word.replace("\ud800", "").replace("\x00", "") for word in WORDS]
    for number in range(0, len(words), 40):
        text = " ".join(words[number : number + 40])
        service = service_of(store, network=f"net{number}", actor=seen(text)[:60], reason=text)
        switches(service, 2)
        deployment = deploy(service, "applied", "rejected", reason=text)
        sequence = deployment_diagram(store, deployment, names={"sw0": text, "sw1": "end"})
        shown = [" ".join(each.split()) for each in mermaid.render(sequence, "text").shown]
        # Both names stand above and below.
        assert shown.count(seen(text)) >= 2
        mermaid.render(cause_chain(trace(store, str(deployment))))


def test_what_is_no_deployment_is_said_to_be_none(small: NetworkService) -> None:
    with pytest.raises(NotFound, match="is no deployment; cimnet history --type DeploymentStarted lists them"):
        deployment_diagram(small.store, uuid4())

"""What happened, told: pages of the log, chains of causes, and the story behind each line."""

from collections.abc import Callable

import pytest

from cimnet_nornir.application.blaming import BlamedLine, blame_lines
from cimnet_nornir.application.history import Node, device_of, known_type, page, trace
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import EVENT_TYPES
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import InvalidInput, NotFound
from cimnet_nornir.ios.engine import IosEngine

ServiceMaker = Callable[..., NetworkService]


def deploy(service: NetworkService, device: str = "sw1", running: str = "", outcome: str = "applied") -> str:
    """A deployment to one device; returns its id."""
    plan = service.plan_from({device: running or f"hostname {device}\n"})
    with service.deployment(plan) as deployment:
        for change in plan.changes:
            deployment.push_started(change)
            if outcome:
                deployment.record(PushOutcome(change, outcome, 0.1, sent=change.commands))
    return str(deployment.id)


def types(node: Node) -> list[object]:
    """A tree of types: the event's own, then those it caused."""
    return [node.event.type, *(types(child) for child in node.caused)]


def test_a_chain_is_a_tree_from_its_request(small: NetworkService) -> None:
    result = small.execute(c.CreateVlan(device="sw1", vlan=20), c.CreateVlan(device="sw2", vlan=20))
    found = trace(small.store, str(result.events[1].position))
    assert types(found.root) == ["ChangeRequested", ["VlanCreated"], ["VlanCreated"]]
    assert found.focus == result.events[1]
    assert (found.carries, found.carried_by) == ((), ())


def test_a_deployment_names_the_requests_it_carried(small: NetworkService) -> None:
    first = next(small.store.read_all())
    second = small.execute(c.CreateVlan(device="sw1", vlan=20)).events[0]
    deployment = deploy(small)
    found = trace(small.store, deployment[:8])
    assert types(found.root) == [
        "ChangeRequested",
        ["DeploymentStarted", ["PushStarted", ["SwitchConfigurationApplied"]], ["DeploymentFinished"]],
    ]
    assert found.carries == (first, second)


def test_an_event_of_intent_names_what_brought_it_to_devices(small: NetworkService) -> None:
    created = small.execute(c.CreateVlan(device="sw1", vlan=20)).events[1]
    deployment = deploy(small)
    (carrier,) = trace(small.store, str(created.event_id)).carried_by
    assert str(carrier.request.event_id) == deployment
    assert carrier.push.type == "PushStarted"
    assert carrier.result is not None
    assert carrier.result.type == "SwitchConfigurationApplied"


def test_a_push_without_an_outcome_carries_too(small: NetworkService) -> None:
    created = small.execute(c.CreateVlan(device="sw1", vlan=20)).events[1]
    deploy(small, outcome="")
    (carrier,) = trace(small.store, str(created.event_id)).carried_by
    assert carrier.result is None


def test_what_was_not_asked_for_together_is_not_told_together(small: NetworkService) -> None:
    deploy(small, "sw2")
    request = small.execute(c.CreateVlan(device="sw1", vlan=20)).events[0]
    assert trace(small.store, str(request.event_id)).carried_by == ()
    with pytest.raises(NotFound):
        trace(small.store, "99999")


def lines(found: tuple[BlamedLine, ...]) -> dict[str, BlamedLine]:
    return {line.line: line for line in found}


def test_each_line_has_its_event_and_its_deployment(small: NetworkService) -> None:
    deployment = deploy(small)
    created = small.execute(c.CreateVlan(device="sw1", vlan=20, name="voice")).events[1]
    found = lines(blame_lines(small, "sw1"))
    assert found["vlan 20"].origin == created
    assert found["vlan 20"].pushed is None
    old = found["vlan 10"]
    assert old.origin is not None
    assert (old.origin.type, old.origin.actor, old.origin.reason) == ("VlanCreated", "ann", "CHG-1")
    assert old.pushed is not None
    assert str(old.pushed.correlation_id) == deployment
    assert found["  name voice"].path == ("vlan 20", "name voice")


def test_lines_are_found_by_a_word_in_them_or_in_their_section(small: NetworkService) -> None:
    found = blame_lines(small, "sw1", text="ETHERNET0/1")
    assert found[0].line == "interface GigabitEthernet0/1"
    assert "  description desk" in lines(found)
    assert {line.path[0] for line in found} == {"interface GigabitEthernet0/1"}
    with pytest.raises(NotFound, match="no line of sw1's configuration contains 'nowhere'"):
        blame_lines(small, "sw1", text="nowhere")
    with pytest.raises(NotFound, match="there is no device 'sw9'"):
        blame_lines(small, "sw9")


def test_blame_of_the_past_knows_neither_later_lines_nor_later_pushes(small: NetworkService) -> None:
    head = small.store.head()
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    deploy(small)
    found = lines(blame_lines(small, "sw1", at=head))
    assert "vlan 20" not in found
    assert found["vlan 10"].pushed is None


@pytest.mark.parametrize("past", [False, True])
def test_for_the_lines_of_one_device_no_other_is_rendered(
    small: NetworkService, monkeypatch: pytest.MonkeyPatch, *, past: bool
) -> None:
    small.blame()
    rendered: list[str] = []
    render = IosEngine.render

    def noted(engine: IosEngine, device: Device, network: Network) -> str:
        rendered.append(device.name)
        return render(engine, device, network)

    monkeypatch.setattr(IosEngine, "render", noted)
    found = blame_lines(small, "SW1", at=small.store.head() if past else None)
    assert "vlan 10" in lines(found)
    assert set(rendered) == {"sw1"}


@pytest.mark.parametrize(
    ("outcome", "pushed"), [("applied", True), ("not saved", True), ("rejected", False), ("", False)]
)
def test_only_what_a_device_runs_was_brought(small: NetworkService, outcome: str, pushed: bool) -> None:
    deploy(small, outcome=outcome)
    assert (lines(blame_lines(small, "sw1"))["vlan 10"].pushed is not None) is pushed


def test_a_line_that_was_taken_away_and_is_intended_again_is_not_brought_yet(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    deploy(small)
    small.execute(c.ResetPort(device="sw1", port="GigabitEthernet0/1"), c.RemoveVlan(device="sw1", vlan=10))
    deploy(small, running=text)
    created = small.execute(c.CreateVlan(device="sw1", vlan=10, name="users")).events[1]
    found = lines(blame_lines(small, "sw1"))["vlan 10"]
    assert found.origin == created
    assert found.pushed is None


def test_pushes_of_another_environment_or_network_are_not_told(small: NetworkService, service_of: ServiceMaker) -> None:
    other = service_of(small.store, network="other")
    details = small.network().devices["r1"].details
    other.execute(c.CreateNetwork(name="other"), c.AddSwitch(device="sw1", name="sw1", details=details))
    other.execute(c.CreateVlan(device="sw1", vlan=10, name="users"))
    deploy(other)
    deploy(service_of(small.store, environment="real"))
    assert lines(blame_lines(small, "sw1"))["vlan 10"].pushed is None
    assert lines(blame_lines(other, "sw1"))["vlan 10"].pushed is not None


# --- pages ------------------------------------------------------------------------------------------------------------


def positions(service: NetworkService, **asked: object) -> list[int]:
    return [stored.position for stored in page(service.store, first=int(str(asked.pop("first", 3))), **asked)]  # type: ignore[arg-type] # names as page has them


def test_the_log_is_read_by_pages_newest_first(small: NetworkService) -> None:
    head = small.store.head()
    assert positions(small) == [head, head - 1, head - 2]
    assert positions(small, after=str(head - 2)) == [head - 3, head - 4, head - 5]
    everything = [stored.position for stored in page(small.store, first=1000)]
    assert everything == list(range(head, 0, -1))
    assert positions(small, after="1") == []
    assert positions(small, until=0) == []


def test_a_page_of_the_past_ends_there(small: NetworkService) -> None:
    assert positions(small, until=5) == [5, 4, 3]
    assert positions(small, until=5, after="3") == [2, 1]
    assert positions(small, until=3, after="6") == [3, 2, 1]


def test_a_page_keeps_to_types_and_to_a_device(small: NetworkService) -> None:
    types = {stored.type for stored in page(small.store, first=9, types=["VlanCreated", "SwitchAdded"])}
    assert types == {"VlanCreated", "SwitchAdded"}
    deploy(small)
    about = page(small.store, first=50, about="sw1")
    assert {stored.aggregate_id.rpartition("/")[2] for stored in about} == {"sw1"}
    assert {"SwitchAdded", "PushStarted", "SwitchConfigurationApplied"} <= {stored.type for stored in about}
    assert {stored.type for stored in page(small.store, first=50, about="net")} == {"NetworkCreated", "LinkConnected"}


def test_a_device_that_was_removed_has_a_history(small: NetworkService) -> None:
    head = small.store.head()
    small.execute(c.RenameDevice(device="sw1", name="acc1"))
    assert device_of(small, "acc1") == device_of(small, "sw1") == "sw1"
    small.execute(c.RemoveDevice(device="sw1"))
    assert device_of(small, "sw1") == "sw1"
    assert page(small.store, first=1, about="sw1")[0].type == "DeviceRemoved"
    with pytest.raises(NotFound, match="there is no device 'acc1'"):
        device_of(small, "acc1")
    with pytest.raises(NotFound, match="there is no device 'sw'"):
        device_of(small, "sw")
    assert device_of(small, "sw1", head) == "sw1"


def test_a_type_that_is_not_known_is_refused_with_the_nearest() -> None:
    assert [known_type(name) for name in EVENT_TYPES] == list(EVENT_TYPES)
    with pytest.raises(InvalidInput, match=r"there is no event type 'VlanCreate'; did you mean VlanCreated\?"):
        known_type("VlanCreate")
    with pytest.raises(InvalidInput, match=r"there is no event type 'zzz'$"):
        known_type("zzz")


def test_a_line_that_nobody_owns_is_shown_with_the_event_that_saw_it(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    plan = small.plan_from({"sw1": "hostname sw1\n"})
    with small.deployment(plan) as deployment:
        deployment.push_started(plan.changes[0])
        deployment.record(PushOutcome(plan.changes[0], "applied", 0.1, running=f"{text}ntp server 192.0.2.9\n"))
    found = lines(blame_lines(small, "sw1"))["ntp server 192.0.2.9"]
    assert (found.origin, found.pushed) == (None, None)
    assert found.seen is not None
    assert found.seen.type == "SwitchConfigurationApplied"


def test_a_line_that_needed_no_command_came_with_the_deployment_that_verified_it(small: NetworkService) -> None:
    deployment = deploy(small)
    found = lines(blame_lines(small, "sw1"))["hostname sw1"]
    assert found.pushed is not None
    assert str(found.pushed.correlation_id) == deployment

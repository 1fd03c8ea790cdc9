"""How changes of intent are recorded: one append, a request at its head, decided afresh on conflict."""

import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Interface
from uuid import UUID

import pytest

from cimnet_nornir.application import changes
from cimnet_nornir.application.actors import default_actor
from cimnet_nornir.application.changes import change, stored_intent
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import ChangeRequested
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_stream
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.errors import (
    AlreadyExists,
    CimnetError,
    ConcurrencyConflict,
    DuplicateIpAddress,
    NotFound,
    RuleViolated,
)
from cimnet_nornir.store import EventStore

ServiceMaker = Callable[..., NetworkService]
VLAN = c.CreateVlan(device="sw1", vlan=20, name="voice")


def address(device: str, port: str, text: str) -> c.ConfigureRouterInterface:
    return c.ConfigureRouterInterface(
        device=device, interface=port, configuration=RoutedInterface(addresses=(IPv4Interface(text),))
    )


def test_a_change_is_one_append_with_its_request_first(small: NetworkService) -> None:
    before = small.store.head()
    result = small.execute(VLAN, c.CreateVlan(device="sw2", vlan=20), command="try", arguments={"why": "a test"})
    events = tuple(small.store.read_all(after=before))
    assert events == result.events
    assert [event.type for event in events] == ["ChangeRequested", "VlanCreated", "VlanCreated"]
    request = events[0]
    assert request.event == ChangeRequested(command="try", arguments={"why": "a test"})
    assert request.caused_itself
    assert request.event_id == result.correlation_id


def test_all_events_of_a_change_share_correlation_cause_actor_and_reason(small: NetworkService) -> None:
    result = small.execute(VLAN, c.CreateVlan(device="sw2", vlan=20))
    assert {event.correlation_id for event in result.events} == {result.correlation_id}
    assert {event.causation_id for event in result.events} == {result.correlation_id}
    assert {(event.actor, event.reason) for event in result.events} == {("ann", "CHG-1")}
    assert [event.type for event in stored_intent(result)] == ["VlanCreated", "VlanCreated"]


def test_nothing_is_recorded_where_nothing_differs(small: NetworkService) -> None:
    before = small.store.head()
    result = small.execute(c.RenameDevice(device="sw1", name="sw1"))
    assert (result.correlation_id, result.events) == (None, ())
    assert small.store.head() == before


def test_nothing_is_recorded_where_a_rule_refuses_the_last_command(small: NetworkService) -> None:
    before = small.store.head()
    with pytest.raises(NotFound):
        small.execute(VLAN, c.RemoveVlan(device="sw1", vlan=77))
    assert small.store.head() == before
    assert 20 not in small.network().devices["sw1"].vlans


def test_an_address_twice_is_refused_by_name(small: NetworkService) -> None:
    before = small.store.head()
    with pytest.raises(DuplicateIpAddress, match=r"192\.0\.2\.1 is on r1 GigabitEthernet0/1 and on r1 Gi"):
        small.execute(address("r1", "GigabitEthernet0/2", "192.0.2.1/24"))
    with pytest.raises(RuleViolated, match="overlaps"):
        small.execute(address("r1", "GigabitEthernet0/2", "192.0.2.2/24"))
    assert small.store.head() == before


def test_acting_for_a_reason_changes_nothing_else(small: NetworkService) -> None:
    result = small.acting(reason="INC-7").execute(VLAN)
    assert {(event.actor, event.reason) for event in result.events} == {("ann", "INC-7")}
    assert small.actor.reason == "CHG-1"


def test_two_writers_at_once_make_one_vlan(small: NetworkService) -> None:
    """Both decide on the same state: the later one decides again, and is refused."""
    meeting = threading.Barrier(2)
    outcomes: list[object] = []

    def write() -> None:
        first = True

        def decide(network: Network) -> Sequence[c.Command]:
            nonlocal first
            if first:
                first = False
                meeting.wait(10)
            return (VLAN,)

        try:
            outcomes.append(change(small.store, small.actor, "net", decide, command="race", arguments={}))
        except CimnetError as error:
            outcomes.append(error)

    run_both(write)
    created = [event for event in small.store.read_all(types=["VlanCreated"]) if "20" in event.event.model_dump_json()]
    assert len(created) == 1
    assert len(outcomes) == 2
    assert sum(isinstance(outcome, AlreadyExists) for outcome in outcomes) == 1


def test_two_writers_at_once_cannot_both_have_an_address(small: NetworkService) -> None:
    small.execute(
        c.AddRouter(
            device="r2", name="r2", details=small.network().devices["r1"].details, ports=("GigabitEthernet0/1",)
        )
    )
    meeting = threading.Barrier(2)
    outcomes: list[object] = []
    waiting = ["r1 GigabitEthernet0/2", "r2 GigabitEthernet0/1"]

    def write() -> None:
        device, port = waiting.pop().split()
        first = True

        def decide(network: Network) -> Sequence[c.Command]:
            nonlocal first
            if first:
                first = False
                meeting.wait(10)
            return (address(device, port, "198.51.100.1/24"),)

        try:
            outcomes.append(change(small.store, small.actor, "net", decide, command="race", arguments={}))
        except CimnetError as error:
            outcomes.append(error)

    run_both(write)
    holders = [
        device.name
        for device in small.network().devices.values()
        for routed in device.interfaces.values()
        if IPv4Interface("198.51.100.1/24") in routed.addresses
    ]
    assert len(holders) == 1
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, CimnetError)] == [DuplicateIpAddress]


def run_both(target: Callable[[], None]) -> None:
    threads = [threading.Thread(target=target) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_change_is_decided_afresh_after_a_conflict(small: NetworkService, service_of: ServiceMaker) -> None:
    """Somebody else is faster, twice: the decision sees what they did."""
    other = service_of(small.store, actor="bob")
    seen: list[set[int]] = []

    def decide(network: Network) -> Sequence[c.Command]:
        vlans = set(network.devices["sw1"].vlans)
        seen.append(vlans)
        if len(seen) <= 2:
            other.execute(c.CreateVlan(device="sw1", vlan=100 + len(seen)))
        return (c.CreateVlan(device="sw1", vlan=max(vlans) + 1),)

    result = small.change(decide, command="next", arguments={})
    assert seen == [{10}, {10, 101}, {10, 101, 102}]
    assert [event.event.model_dump()["vlan"] for event in stored_intent(result)] == [103]


def test_who_is_always_too_late_is_told_so_at_the_deadline(
    small: NetworkService, service_of: ServiceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_DEADLINE_SECONDS", 0.05)
    other = service_of(small.store, actor="bob")
    numbers = iter(range(100, 4000))
    began = time.monotonic()

    def decide(network: Network) -> Sequence[c.Command]:
        other.execute(c.CreateVlan(device="sw1", vlan=next(numbers)))
        return (VLAN,)

    with pytest.raises(ConcurrencyConflict):
        small.change(decide, command="late", arguments={})
    assert time.monotonic() - began < 5
    assert 20 not in small.network().devices["sw1"].vlans


@pytest.mark.parametrize(
    ("key", "refusal", "words", "subject"),
    [
        ("address:net/198.51.100.9", DuplicateIpAddress, "198.51.100.9 is held", "r9 GigabitEthernet0/1"),
        ("name:net/r9", AlreadyExists, "the name 'r9' is held", "r9"),
    ],
)
def test_a_key_that_another_holds_is_refused_as_the_rule_it_stands_for(
    small: NetworkService,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    refusal: type[CimnetError],
    words: str,
    subject: str,
) -> None:
    """A reservation that no event of intent shows: what a writer in between leaves to the one that comes too late."""
    monkeypatch.setattr(changes, "_DEADLINE_SECONDS", 0.05)
    chain, request = changes.open_request(small.actor, "reserve", {})
    assert chain.correlation_id == request.event_id
    small.store.append(Append(events=(request,), read={request.aggregate_id: 0}, claim={key: "device:net/ghost"}))
    before = small.store.head()
    details = small.network().devices["r1"].details
    with pytest.raises(refusal, match=f"^{words} by the device ghost$") as caught:
        small.execute(
            c.AddRouter(device="r9", name="r9", details=details, ports=("GigabitEthernet0/1",)),
            address("r9", "GigabitEthernet0/1", "198.51.100.9/24"),
        )
    assert caught.value.subject == subject
    assert small.store.head() == before


def test_names_and_addresses_are_reserved_and_given_back(small: NetworkService) -> None:
    owner = device_stream("net", "r1")
    assert small.store.owner_of("name:net/r1") == owner
    assert small.store.owner_of("address:net/192.0.2.1") == owner
    small.execute(c.RemoveDevice(device="r1"))
    assert small.store.owner_of("name:net/r1") is None
    assert small.store.owner_of("address:net/192.0.2.1") is None


def test_every_cause_is_a_stored_event(small: NetworkService, store: EventStore) -> None:
    small.execute(VLAN)
    known = {event.event_id for event in store.read_all()}
    assert {event.causation_id for event in store.read_all()} <= known
    assert store.verify().ok


def test_the_actor_is_whoever_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_ACTOR", "carla")
    actor = default_actor(reason="INC-1")
    assert (actor.name, actor.reason) == ("carla", "INC-1")
    assert actor.clock().utcoffset() is not None
    assert isinstance(actor.new_id(), UUID)
    assert actor.new_id() != actor.new_id()


def test_the_actor_is_whoever_is_logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CIMNET_ACTOR", raising=False)
    monkeypatch.setenv("LOGNAME", "dora")
    assert default_actor().name == "dora"

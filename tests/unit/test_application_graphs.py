"""The graph as the facade gives it: one that follows the log, and answers without networkx in the hands of callers."""

import threading
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES
from cimnet_nornir.errors import NotFound
from cimnet_nornir.store import open_store


@pytest.fixture
def service() -> Iterator[NetworkService]:
    store = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
    service = NetworkService(store)
    service.create_network("net", "10.0.0.0/16")
    service.add_router("r1", ports=2)
    service.add_switch("sw1", ports=4)
    service.connect("r1 GigabitEthernet0/0/0", "sw1 GigabitEthernet1/0/1")
    yield service
    store.close()


def parts(document: dict[str, object]) -> dict[str, object]:
    return {name: document[name] for name in ("nodes", "edges")}


def test_a_follower_takes_in_what_is_new_and_says_whether_it_is_ours(service: NetworkService) -> None:
    follower = service.graph_follower()
    assert follower.document() == parts(service.graph_document(service.context_graph()))
    assert not follower.catch_up()
    service.create_vlan(10, "users")
    service.add_switch("sw2", ports=4)
    assert follower.catch_up()
    assert follower.document() == parts(service.graph_document(service.context_graph()))
    assert follower.position == service.intent().position
    other = NetworkService(service.store, "other")
    other.create_network("other", "10.1.0.0/16")
    other.add_switch("elsewhere", ports=2)
    assert not follower.catch_up()
    assert all("elsewhere" not in node["id"] for node in follower.document()["nodes"])


def test_a_follower_gives_a_part_of_its_graph_as_the_facade_does(service: NetworkService) -> None:
    follower = service.graph_follower()
    service.create_vlan(10, "users")
    service.add_switch("sw2", ports=4)
    follower.catch_up()
    assert follower.document(vlan=10) == parts(service.graph_document(service.selected_graph(vlan=10)))
    assert follower.document(around="r1") == parts(service.graph_document(service.selected_graph(around="r1")))
    assert len(follower.document(around="r1", depth=0)["nodes"]) < len(follower.document()["nodes"])


def test_a_follower_stops_where_it_is_told(service: NetworkService) -> None:
    follower = service.graph_follower()
    service.add_switch("sw2", ports=4)
    then = service.store.head()
    service.add_switch("sw3", ports=4)
    assert follower.catch_up(until=then)
    assert follower.document() == parts(service.graph_document(service.context_graph(then)))
    assert {node["label"] for node in follower.document()["nodes"]} == {"r1", "sw1", "sw2"}


def test_threads_that_ask_see_whole_graphs(service: NetworkService) -> None:
    """Every edge has both its ends, whenever it is looked at."""
    follower, done, problems = service.graph_follower(), threading.Event(), list[str]()

    def ask() -> None:
        while not done.is_set():
            follower.catch_up()
            document = follower.document()
            nodes = {node["id"] for node in document["nodes"]}
            problems.extend(edge["key"] for edge in document["edges"] if not {edge["source"], edge["target"]} <= nodes)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 12):
        service.add_switch(f"sw{number}", ports=2)
        service.connect(f"sw{number} GigabitEthernet1/0/1", f"sw{number - 1} GigabitEthernet1/0/2")
    done.set()
    for thread in threads:
        thread.join()
    follower.catch_up()
    assert problems == []
    assert follower.document() == parts(service.graph_document(service.context_graph()))


def test_answers_are_plain_values(service: NetworkService) -> None:
    service.create_vlan(10, "users")
    ways = service.path("sw1", "r1")
    assert (ways.count, ways.ways[0].devices) == (1, ("sw1", "r1"))
    assert service.impact("r1").devices == ("sw1",)
    assert [each.subject for each in service.weak_points()] == ["r1", "r1 Gi0/0/0 - sw1 Gi1/0/1"]
    assert service.loops() == ()
    assert service.vlan_reach(10).parts[0].switches == ("sw1",)
    assert service.neighbours("sw1").links[0].neighbour == "r1"
    assert asdict(service.path("sw1", "r1"))["ways"][0]["hops"][0]["links"][0]["speed"] == 1000


def test_every_answer_can_be_of_the_past(service: NetworkService) -> None:
    before = service.store.head()
    service.add_switch("sw2", ports=4)
    service.connect("sw2 GigabitEthernet1/0/1", "sw1 GigabitEthernet1/0/2")
    assert service.impact("r1", at=before).devices == ("sw1",)
    assert service.impact("r1").devices == ("sw1", "sw2")
    assert service.selected_graph(before).graph["position"] == before
    with pytest.raises(NotFound, match="nothing called 'sw2'"):
        service.path("sw2", "r1", at=before)

"""The screen of `cimnet watch` over time: when it looks again, and what it says while the store is away."""

import time
from collections.abc import Iterator
from typing import Any, cast

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.watching import News, Watching
from cimnet_nornir.cli.watch_live import Scene
from cimnet_nornir.domain import commands as c
from cimnet_nornir.errors import StoreUnavailable
from cimnet_nornir.store import EventStore
from cimnet_nornir.store.following import Batch


class AwayStore:
    """A store that cannot be reached while it is `away`."""

    def __init__(self, inner: EventStore) -> None:
        self.inner = inner
        self.away = False

    def __getattr__(self, name: str) -> Any:
        if self.away:
            raise StoreUnavailable("no route to the database", subject="store")
        return getattr(self.inner, name)


@pytest.fixture
def away(small: NetworkService) -> Iterator[AwayStore]:
    """The small network's store, which can be away."""
    store = AwayStore(small.store)
    small.store = cast("EventStore", store)
    yield store
    store.away = False


@pytest.fixture
def scene(small: NetworkService, away: AwayStore) -> Scene:
    watching = Watching(small)
    return Scene(watching, watching.look())


def later(seconds: float) -> float:
    return time.monotonic() + seconds


def test_nothing_is_looked_at_again_while_nothing_happens(scene: Scene) -> None:
    assert not scene.look_again(News(), later(5))


def test_what_devices_say_is_looked_at_now_and_then(scene: Scene) -> None:
    assert scene.look_again(News(), later(11))


def test_what_is_appended_is_seen_at_once(small: NetworkService, scene: Scene) -> None:
    before = scene.view.position
    small.execute(c.CreateVlan(device="sw1", vlan=30, name="printers"))
    news, head = News(), small.store.head()
    news.put(Batch(head, tuple(small.store.read_all(after=before, until=head))))
    assert scene.look_again(news, later(1))
    assert scene.view.position == head
    assert scene.view.events[-1].type == "VlanCreated"


def test_a_store_that_is_away_is_told_and_waited_for(scene: Scene, away: AwayStore) -> None:
    seen = scene.view.devices
    away.away = True
    assert scene.look_again(News(), later(11))
    assert scene.state == "store not reached"
    assert scene.seen().devices == seen
    away.away = False
    assert scene.look_again(News(), later(30))
    assert scene.state == "live"


def test_names_of_before_do_while_the_store_is_away(small: NetworkService, scene: Scene, away: AwayStore) -> None:
    before = scene.view.position
    small.execute(c.RenameDevice(device="sw1", name="access-1"))
    news, head = News(), small.store.head()
    news.put(Batch(head, tuple(small.store.read_all(after=before, until=head))))
    away.away = True
    assert scene.look_again(news, later(1))
    assert scene.watching.names["sw1"] == "sw1"
    away.away = False
    assert scene.look_again(News(), later(30))
    assert [status.name for status in scene.view.devices] == ["access-1", "r1", "sw2"]
    assert scene.watching.names["sw1"] == "access-1"


def test_how_long_ago_things_were_goes_on(scene: Scene) -> None:
    assert scene.seen().at > scene.view.at


def test_an_error_that_nothing_can_be_done_about_ends_it(scene: Scene) -> None:
    news = News()
    news.put(StoreUnavailable("gone for good", subject="store"))
    with pytest.raises(StoreUnavailable, match="gone for good"):
        scene.look_again(news, later(1))

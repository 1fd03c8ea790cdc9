"""The rows that keep the inventory: which are read, which are written again."""

from collections.abc import Callable, Mapping

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.values import StaticRoute
from cimnet_nornir.projections import hosts as projection
from cimnet_nornir.projections.hosts import load_hosts
from cimnet_nornir.projections.intent import load_intent
from cimnet_nornir.projections.inventory import HostView, hosts_of
from cimnet_nornir.store import EventStore, ProjectionRow

ServiceMaker = Callable[..., NetworkService]


def kept(store: EventStore) -> dict[str, ProjectionRow]:
    return store.load_rows(projection.PROJECTION)


def by_name(hosts: tuple[HostView, ...]) -> Mapping[str, HostView]:
    return {host.name: host for host in hosts}


def test_an_empty_store_has_no_hosts_and_keeps_none(store: EventStore) -> None:
    assert load_hosts(store, "net", "lab", save_after=0) == ()
    assert kept(store) == {}


def test_rows_are_kept_once_there_are_enough_new_events(small: NetworkService) -> None:
    expected = hosts_of(load_intent(small.store, "net").network, "lab")
    assert load_hosts(small.store, "net", "lab") == expected
    assert kept(small.store) == {}
    assert load_hosts(small.store, "net", "lab", save_after=6) == expected
    assert {key for key in kept(small.store) if ":" not in key} == {"net/sw1", "net/sw2", "net/r1"}
    assert load_hosts(small.store, "net", "lab") == expected


def test_only_touched_hosts_are_written_again_and_their_neighbours(small: NetworkService) -> None:
    load_hosts(small.store, "net", "lab", save_after=1)
    before = kept(small.store)
    small.execute(c.RenameDevice(device="r1", name="core1"))
    hosts = by_name(load_hosts(small.store, "net", "lab", save_after=1))
    assert hosts["sw1"].facts["neighbours"] == {"GigabitEthernet0/4": "core1 GigabitEthernet0/1"}
    after = kept(small.store)
    assert {key for key in after if after[key] != before[key]} == {"net/:position", "net/r1", "net/sw1"}


def test_a_default_route_is_told_when_it_comes_and_goes(small: NetworkService) -> None:
    route = StaticRoute.model_validate({"prefix": "0.0.0.0/0", "next_hop": "192.0.2.254"})
    other = StaticRoute.model_validate({"prefix": "10.0.0.0/8", "next_hop": "192.0.2.254"})
    told = []
    for command in (
        c.AddStaticRoute(device="r1", route=other),
        c.AddStaticRoute(device="r1", route=route),
        c.RemoveStaticRoute(device="r1", route=route),
    ):
        load_hosts(small.store, "net", "lab", save_after=1)
        small.execute(command)
        told.append(by_name(load_hosts(small.store, "net", "lab"))["r1"].facts["default_route"])
    assert told == [False, True, False]


def test_the_hosts_of_another_network_cost_no_rows(small: NetworkService, service_of: ServiceMaker) -> None:
    load_hosts(small.store, "net", "lab", save_after=1)
    before = kept(small.store)
    service_of(small.store, network="net2").execute(c.CreateNetwork(name="net2"))
    assert len(load_hosts(small.store, "net", "lab", save_after=1)) == 3
    assert kept(small.store) == before


def test_a_key_is_told_in_the_environment_where_it_was_pinned(small: NetworkService, service_of: ServiceMaker) -> None:
    small.execute(c.PinHostKey(device="sw1", environment="real", key="ssh-ed25519 AAAA", fingerprint="SHA256:A"))
    load_hosts(small.store, "net", "lab", save_after=1)
    assert by_name(small.hosts())["sw1"].host_key is None
    assert by_name(service_of(small.store, environment="real").hosts())["sw1"].host_key == "ssh-ed25519 AAAA"


def test_one_who_was_overtaken_leaves_the_rows_alone(small: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it reads, somebody else carries the rows on."""
    load_hosts(small.store, "net", "lab", save_after=1)
    small.execute(c.RemoveDevice(device="sw2"))
    original = projection._touched

    def slowly(*arguments: object) -> object:
        monkeypatch.setattr(projection, "_touched", original)
        small.execute(c.RenameDevice(device="sw1", name="access1"))
        load_hosts(small.store, "net", "lab", save_after=1)
        return original(*arguments)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(projection, "_touched", slowly)
    assert set(by_name(load_hosts(small.store, "net", "lab", save_after=1))) == {"sw1", "r1"}
    rows = kept(small.store)
    assert set(by_name(load_hosts(small.store, "net", "lab"))) == {"access1", "r1"}
    assert kept(small.store) == rows

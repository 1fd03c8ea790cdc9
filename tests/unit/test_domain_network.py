"""The links of a network, by the devices at their ends."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from pydantic import TypeAdapter

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.network import Link, Network, evolve_network
from cimnet_nornir.domain.values import Endpoint

AB = Link(("a", "Gi0/1"), ("b", "Gi0/1"))
AC = Link(("a", "Gi0/2"), ("c", "Gi0/1"))
BC = Link(("b", "Gi0/2"), ("c", "Gi0/2"))


@pytest.fixture
def network() -> Network:
    """a is linked to b and c; somebody has asked for its links."""
    made = Network("net", links={AC, AB})
    assert made.links_of("a") == (AB, AC)
    return made


def test_links_are_found_at_both_ends_in_their_order(network: Network) -> None:
    assert [network.links_of(device) for device in "bcd"] == [(AB,), (AC,), ()]


def test_links_that_come_and_go_by_events_are_found(network: Network) -> None:
    b, c = (Endpoint(device=link[0], port="GigabitEthernet0/2") for link in (BC.a, BC.b))
    there = Link.between(b, c)
    for _ in range(2):
        evolve_network(network, e.LinkConnected(a=c, b=b))
        assert network.links_of("b") == (AB, there)
    for _ in range(2):
        evolve_network(network, e.LinkDisconnected(a=b, b=c))
        assert network.links_of("b") == (AB,)
    assert network.links == {AB, AC}


def test_links_that_are_another_set_or_have_grown_are_found(network: Network) -> None:
    network.links = {AC, BC}
    assert (network.links_of("a"), network.links_of("b")) == ((AC,), (BC,))
    network.links.add(AB)
    assert network.links_of("a") == (AB, AC)


@pytest.mark.parametrize("copied", [copy_of, deepcopy])
def test_a_copy_has_links_of_its_own(network: Network, copied: Callable[[Network], Network]) -> None:
    copy = copied(network)
    assert copy == network
    copy.connect(BC)
    copy.disconnect(AB)
    assert (copy.links_of("b"), network.links_of("b")) == ((BC,), (AB,))
    network.disconnect(AC)
    assert (copy.links_of("c"), network.links_of("c")) == ((AC, BC), ())


def test_what_was_asked_changes_neither_equality_nor_rows(network: Network) -> None:
    fresh = Network("net", links={AB, AC})
    assert network == fresh
    rows = TypeAdapter(Network)
    assert "index" not in rows.dump_json(network).decode()
    assert rows.validate_json(rows.dump_json(network)) == fresh

"""Spanning tree over declared cables: root and blocked ports, and what is not known without MAC addresses."""

import pytest

from cimnet_nornir.domain.spanning_tree import Cable, Port, Tree, port_cost, spanning_tree


def port(text: str) -> Port:
    switch, number = text.split(":")
    return switch, f"GigabitEthernet0/{number}" if number.isdecimal() else number


def cables(*texts: str) -> tuple[Cable, ...]:
    pairs = (text.split(" ") for text in texts)
    return tuple(Cable(port(a), port(b)) for a, b in pairs)


def tree(links: tuple[Cable, ...], **priorities: int) -> Tree:
    return spanning_tree(priorities, priorities, links)


TRIANGLE = cables("a:1 b:1", "b:2 c:1", "a:2 c:2")


def test_the_lowest_priority_is_root_and_the_worst_port_of_a_ring_blocks() -> None:
    found = tree(TRIANGLE, a=4096, b=8192, c=32768)
    assert found == Tree("a", blocking=frozenset({port("c:1")}))


def test_switches_that_share_the_lowest_priority_leave_the_root_open() -> None:
    found = tree(TRIANGLE, a=8192, b=8192, c=32768)
    assert (found.root, found.rivals, found.blocking) == (None, ("a", "b"), frozenset())


def test_a_ring_whose_last_link_joins_equals_leaves_open_which_end_blocks() -> None:
    found = tree(TRIANGLE, a=4096, b=32768, c=32768)
    assert (found.root, found.blocking) == ("a", frozenset())
    assert found.open == {TRIANGLE[1]}


def test_of_two_links_to_one_switch_the_one_at_its_lower_port_forwards() -> None:
    found = tree(cables("a:1 b:7", "a:2 b:3"), a=4096, b=32768)
    assert found.blocking == {port("b:3")}
    # IOS tells 10 from 2 by number.
    assert tree(cables("a:10 b:1", "a:2 b:2"), a=4096, b=32768).blocking == {port("b:1")}


def test_two_equal_ways_over_equal_switches_are_left_open() -> None:
    links = cables("a:1 b:1", "a:2 c:1", "b:2 d:1", "c:2 d:2")
    found = tree(links, a=4096, b=32768, c=32768, d=61440)
    assert found.open == {links[2], links[3]}
    assert tree(links, a=4096, b=8192, c=32768, d=61440).blocking == {port("d:2")}


def test_a_faster_way_is_taken_although_it_is_longer() -> None:
    links = cables("a:FastEthernet0/1 c:FastEthernet0/1", "a:1 b:1", "b:2 c:2")
    assert tree(links, a=4096, b=8192, c=32768).blocking == {port("c:FastEthernet0/1")}


def test_one_switch_is_its_own_root() -> None:
    assert tree((), a=32768) == Tree("a")


@pytest.mark.parametrize(
    ("name", "cost"), [("FastEthernet0/1", 19), ("TenGigabitEthernet1/1/1", 2), ("Port-channel1", 4)]
)
def test_a_port_costs_by_its_type(name: str, cost: int) -> None:
    assert port_cost(name) == cost

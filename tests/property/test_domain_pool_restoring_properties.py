"""Whatever happened to an address pool, the last thing that happened can be taken back."""

from copy import deepcopy
from ipaddress import IPv4Address, IPv4Network

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.pool import Pool, evolve_pool
from cimnet_nornir.domain.addressing.restoring import command_back, place_of, pool_contents, stands_in_the_way
from cimnet_nornir.domain.contents import differences
from cimnet_nornir.errors import DomainError

SUBNETS = [IPv4Network(f"10.0.{number}.0/24") for number in range(2)] + [IPv4Network("10.0.0.0/23")]
subnet = st.sampled_from(SUBNETS)
names = st.sampled_from((None, "web", "db"))
addresses = st.integers(1, 3).map(lambda number: IPv4Address(f"10.0.0.{number}"))
COMMANDS: st.SearchStrategy[c.PoolCommand] = st.one_of(
    st.builds(c.CreatePool, pool=st.just("p"), prefix=st.just(IPv4Network("10.0.0.0/16")), purpose=names.map(str)),
    st.builds(c.RemovePool, pool=st.just("p")),
    st.builds(c.AllocateSubnet, pool=st.just("p"), length=st.just(24), name=names, vlan=st.sampled_from((None, 10))),
    st.builds(c.AllocateSubnet, pool=st.just("p"), subnet=subnet, name=names, routed=st.booleans()),
    st.builds(c.ReserveSubnet, pool=st.just("p"), subnet=subnet, name=names, owner=names.map(str)),
    st.builds(c.ReleaseSubnet, pool=st.just("p"), subnet=subnet),
    st.builds(
        c.AssignAddress,
        pool=st.just("p"),
        subnet=subnet,
        owner=st.sampled_from(("vm a", "vm b")),
        address=st.none() | addresses,
    ),
    st.builds(c.ReleaseAddress, pool=st.just("p"), subnet=subnet, address=addresses),
)


def moments(commands: list[c.PoolCommand]) -> tuple[list[Pool | None], list[tuple[object, ...]]]:
    """The pool before and after each command that was not refused, and the place that each changed."""
    found: list[Pool | None] = [None]
    places: list[tuple[object, ...]] = []
    for command in (c.CreatePool(pool="p", prefix=IPv4Network("10.0.0.0/16")), *commands):
        pool = deepcopy(found[-1])
        try:
            events = decide_pool("net", pool, command)
        except DomainError:
            continue
        for event in events:
            pool = evolve_pool(pool, event)
            found.append(deepcopy(pool))
            places.append(place_of(event))
    return found, places


histories = st.lists(COMMANDS, min_size=3, max_size=25)


@given(histories)
@settings(max_examples=200)
def test_an_event_changes_its_one_place_alone(commands: list[c.PoolCommand]) -> None:
    pools, places = moments(commands)
    for before, after, place in zip(pools, pools[1:], places, strict=False):
        assert differences(pool_contents(before), pool_contents(after)) == (place,)


@given(histories)
@settings(max_examples=200)
def test_the_last_change_of_a_pool_is_taken_back_exactly(commands: list[c.PoolCommand]) -> None:
    pools, places = moments(commands)
    before, now = pools[-2], deepcopy(pools[-1])
    for event in decide_pool("net", now, command_back("p", before, now, places[-1])):
        now = evolve_pool(now, event)
    assert pool_contents(now) == pool_contents(before)


@given(histories, st.integers(0, 100))
@settings(max_examples=200)
def test_what_keeps_an_older_change_from_being_taken_back_is_known(commands: list[c.PoolCommand], number: int) -> None:
    pools, places = moments(commands)
    index = number % len(places)
    place, before, after, now = places[index], pools[index], pools[index + 1], pools[-1]
    present = pool_contents(now)
    if place not in present or present.get(place) != pool_contents(after).get(place):
        return
    try:
        decide_pool("net", now, command_back("p", before, now, place))
    except DomainError:
        assert any(stands_in_the_way(place, other) for other in present)

"""Whatever the hosts and waves: every host once, waves as promised; whatever the links: the path stays."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.application.order import Topology, distances, farthest_first
from cimnet_nornir.application.waves import parse_waves, split

SHARES = st.lists(st.integers(1, 100), min_size=1, max_size=5, unique=True).map(
    lambda shares: [f"{share}%" for share in sorted(shares)]
)
NUMBERS = st.lists(st.integers(1, 60), max_size=4, unique=True).map(lambda numbers: [str(n) for n in sorted(numbers)])
STEPS = SHARES | st.builds(lambda numbers, shares: [*numbers, *shares], NUMBERS, SHARES)
KEYS = [f"d{number}" for number in range(10)]
LINKS = st.sets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=25)


@given(count=st.integers(0, 50), steps=STEPS, canaries=st.sets(st.integers(0, 49), max_size=4))
def test_every_host_is_in_one_wave_and_canaries_come_first(count: int, steps: list[str], canaries: set[int]) -> None:
    hosts = [f"h{number:02}" for number in range(count)]
    named = [f"h{number:02}" for number in sorted(canaries) if number < count]
    waves = split(hosts, parse_waves(",".join(steps)), named)
    assert sorted(host for wave in waves for host in wave) == hosts
    assert all(waves)
    assert not named or waves[0] == tuple(named)
    rest = [host for wave in waves for host in wave if host not in named]
    assert rest == [host for host in hosts if host not in named]


@given(count=st.integers(1, 500), shares=SHARES)
def test_after_each_wave_its_share_is_done(count: int, shares: list[str]) -> None:
    done = list(accumulate(len(wave) for wave in split([str(n) for n in range(count)], parse_waves(",".join(shares)))))
    for share in shares:
        wanted = int(share.removesuffix("%")) * count / 100
        # Rounded up to whole hosts, at the end of some wave.
        assert any(wanted <= reached < wanted + 1 for reached in done)
    assert done[-1] == count


@given(links=LINKS, servers=st.sets(st.sampled_from(KEYS), max_size=3), operator=st.sampled_from(KEYS))
def test_whoever_is_pushed_to_has_a_path_of_devices_that_were_not_yet(
    links: set[tuple[str, str]], servers: set[str], operator: str
) -> None:
    neighbours: dict[str, set[str]] = {key: set() for key in KEYS}
    for one, other in links:
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    away = distances(Topology(neighbours, servers=servers), operator)
    order = farthest_first({key: away.get(key) for key in KEYS})
    assert sorted(key for group in order for key in group) == sorted(KEYS)
    untouched = set(KEYS)
    for group in order:
        assert list(group) == sorted(group)
        # Nobody of the group is on the way to another of it.
        untouched -= set(group)
        for key in group:
            if key not in away:
                assert not (neighbours[key] & away.keys()) - (servers - {operator})
            elif away[key]:
                nearer = {near for near in neighbours[key] & away.keys() if away[near] == away[key] - 1}
                assert (nearer - (servers - {operator})) & untouched

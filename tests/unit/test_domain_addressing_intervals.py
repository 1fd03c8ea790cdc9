"""The free space of a prefix: what is found first, and what becomes of it when it is taken and given back."""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from cimnet_nornir.domain.addressing.intervals import IPNetwork, Space, is_inside, overlap
from cimnet_nornir.errors import InvalidValue


def space(prefix: str, *taken: str) -> Space:
    made = Space.empty(ip_network(prefix))
    for each in taken:
        made.take(ip_network(each))
    return made


@pytest.mark.parametrize(
    ("pool", "taken", "length", "expected"),
    [
        ("10.0.0.0/8", [], 24, "10.0.0.0/24"),
        ("10.0.0.0/8", [], 8, "10.0.0.0/8"),
        ("10.0.0.0/8", ["10.0.0.0/24"], 24, "10.0.1.0/24"),
        ("10.0.0.0/8", ["10.0.0.0/24"], 23, "10.0.2.0/23"),
        ("10.0.0.0/8", ["10.0.0.0/24", "10.0.2.0/23"], 24, "10.0.1.0/24"),
        ("10.0.0.0/8", ["10.0.0.0/24"], 8, None),
        ("10.0.0.0/8", [], 7, None),
        ("10.0.0.0/8", [], 33, None),
        ("10.0.0.0/31", ["10.0.0.0/32"], 32, "10.0.0.1/32"),
        ("10.0.0.0/31", ["10.0.0.0/32", "10.0.0.1/32"], 32, None),
        ("2001:db8::/32", ["2001:db8::/64"], 64, "2001:db8:0:1::/64"),
        ("2001:db8::/32", ["2001:db8::/64"], 33, "2001:db8:8000::/33"),
        ("::/0", ["::/1"], 128, "8000::/128"),
    ],
)
def test_the_first_free_prefix_by_address_is_found(
    pool: str, taken: list[str], length: int, expected: str | None
) -> None:
    found = space(pool, *taken).find(length)
    assert found == (None if expected is None else ip_network(expected))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("10.0.0.0", "10.0.1.0/24"),
        ("9.0.0.0", "10.0.1.0/24"),
        ("10.0.1.0", "10.0.1.0/24"),
        ("10.0.1.1", "10.0.2.0/24"),
        ("10.0.3.0", "10.0.3.0/24"),
        ("10.0.4.0", "10.0.5.0/24"),
        ("10.0.5.1", None),
        ("11.0.0.0", None),
    ],
)
def test_what_is_found_begins_at_an_address_or_behind_it(after: str, expected: str | None) -> None:
    found = space("10.0.0.0/21", "10.0.0.0/24", "10.0.4.0/24", "10.0.6.0/23").find(24, after=ip_address(after))
    assert found == (None if expected is None else ip_network(expected))


def test_what_was_given_back_is_one_block_again() -> None:
    made = space("10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/24", "10.0.1.0/24")
    assert made.free_addresses() == 2**24 - 2**16 - 2**9
    assert made.largest() == 9
    for prefix in ("10.0.1.0/24", "10.1.0.0/16", "10.0.0.0/24"):
        made.give(ip_network(prefix))
    assert made == space("10.0.0.0/8")


def test_nothing_is_free_of_a_full_prefix() -> None:
    full = space("10.0.0.0/30", "10.0.0.0/30")
    assert (full.free_addresses(), full.largest(), full.find(32)) == (0, None, None)


@pytest.mark.parametrize("prefix", ["10.0.0.0/24", "10.0.0.0/25", "10.0.0.0/16", "11.0.0.0/24", "::/64", "0.0.0.0/0"])
def test_what_is_not_free_as_a_whole_cannot_be_taken(prefix: str) -> None:
    made = space("10.0.0.0/8", "10.0.0.0/24")
    with pytest.raises(InvalidValue, match=r"is not free in 10\.0\.0\.0/8") as refused:
        made.take(ip_network(prefix))
    assert refused.value.subject == prefix
    assert made == space("10.0.0.0/8", "10.0.0.0/24")


@pytest.mark.parametrize("prefix", ["10.0.1.0/24", "10.0.0.0/16", "10.0.2.0/32", "11.0.0.0/24", "0.0.0.0/0"])
def test_what_is_not_taken_cannot_be_given_back(prefix: str) -> None:
    made = space("10.0.0.0/8", "10.0.0.0/24")
    with pytest.raises(InvalidValue, match="is not taken"):
        made.give(ip_network(prefix))
    assert made == space("10.0.0.0/8", "10.0.0.0/24")


def test_space_is_the_same_after_it_was_kept() -> None:
    made = space("2001:db8::/32", "2001:db8::/64", "2001:db8:ffff::/48")
    assert Space.restored(made.prefix, made.blocks) == made


def test_a_full_pool_in_order_is_next_to_nothing() -> None:
    made = space("10.0.0.0/8")
    for number in range(5_000):
        made.take(IPv4Network((int(IPv4Address("10.0.0.0")) + number * 256, 24)))
    assert sum(map(len, made.blocks.values())) < 24


@pytest.mark.parametrize(
    ("one", "other", "inside", "overlapping"),
    [
        (ip_network("10.0.0.0/24"), ip_network("10.0.0.0/8"), True, True),
        (ip_network("10.0.0.0/8"), ip_network("10.0.0.0/24"), False, True),
        (ip_network("10.0.0.0/24"), ip_network("10.0.1.0/24"), False, False),
        (IPv6Network("::/0"), IPv4Network("0.0.0.0/0"), False, False),
    ],
)
def test_prefixes_are_inside_others_or_overlap(
    one: IPNetwork, other: IPNetwork, inside: bool, overlapping: bool
) -> None:
    assert (is_inside(one, other), overlap(one, other), overlap(other, one)) == (inside, overlapping, overlapping)

"""Many devices in few words: names in ranges, and devices of which the same is to be said."""

import pytest

from cimnet_nornir.application.likeness import Alike, alike, without_own
from cimnet_nornir.application.name_ranges import folded_names, name_ranges


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["sw001", "sw002", "sw003"], "sw001-sw003"),
        (["sw3", "sw1", "sw2", "core"], "core, sw1-sw3"),
        (["sw1", "sw2"], "sw1, sw2"),
        (["sw8", "sw9", "sw10", "sw11"], "sw8-sw11"),
        (["sw08", "sw09", "sw10"], "sw08-sw10"),
        (["sw8", "sw09", "sw10"], "sw8, sw09, sw10"),
        (["b1-sw1", "b1-sw2", "b1-sw3", "b2-sw1"], "b1-sw1 to b1-sw3, b2-sw1"),
        (["sw1a", "sw2a", "sw3a", "sw4b"], "sw1a-sw3a, sw4b"),
        (["10.0.0.9", "10.0.0.10", "10.0.0.11"], "10.0.0.9-10.0.0.11"),
        (["sw1", "sw1", "sw3"], "sw1, sw3"),
        ([], ""),
    ],
)
def test_names_that_count_up_are_a_range(names: list[str], said: str) -> None:
    assert folded_names(names) == said


def test_a_number_that_is_missing_ends_a_range() -> None:
    assert name_ranges(f"sw{number}" for number in (*range(1, 5), *range(6, 9))) == ("sw1-sw4", "sw6-sw8")


def names_of(texts: dict[str, str]) -> list[tuple[str, ...]]:
    return [group.names for group in alike(texts)]


def test_devices_are_alike_but_for_their_own_names_and_addresses() -> None:
    texts = {f"sw{n}": f"+ hostname sw{n}\n+ ip address 10.0.0.{n} 255.255.255.0" for n in (1, 2, 3)}
    assert alike(texts) == (Alike(("sw1", "sw2", "sw3"), {"10.0.0.1": ("10.0.0.1", "10.0.0.2", "10.0.0.3")}),)


def test_where_some_share_an_address_the_others_are_shown_apart() -> None:
    """One device with another NTP server is what a reviewer looks for."""
    texts = {f"sw{n}": f"+ ntp server 192.0.2.{9 if n == 3 else 1}\n+ ip address 10.0.0.{n}" for n in range(1, 6)}
    assert names_of(texts) == [("sw1", "sw2", "sw4", "sw5"), ("sw3",)]


def test_of_two_devices_none_has_an_address_of_its_own() -> None:
    assert names_of({"r1": "ntp server 192.0.2.1", "r2": "ntp server 192.0.2.2"}) == [("r1",), ("r2",)]
    assert names_of({"r1": "ntp server 192.0.2.1", "r2": "ntp server 192.0.2.1"}) == [("r1", "r2")]


def test_an_address_that_is_another_in_another_place_is_not_hidden() -> None:
    gateways = {"sw1": "10.0.0.1", "sw2": "10.0.0.7", "sw3": "10.0.0.8"}
    texts = {f"sw{n}": f"ip address 10.0.0.{n}\ngateway {gateways[f'sw{n}']}" for n in (1, 2, 3)}
    assert names_of(texts) == [("sw1",), ("sw2",), ("sw3",)]


def test_a_name_of_digits_hides_no_number() -> None:
    assert names_of({"10": "vlan 10", "20": "vlan 20", "30": "vlan 30"}) == [("10",), ("20",), ("30",)]


def test_a_name_within_another_word_is_not_the_devices_own() -> None:
    assert names_of({"sw1": "description sw10", "sw2": "description sw20"}) == [("sw1",), ("sw2",)]
    assert names_of({"sw1": "description to sw2", "sw2": "description to sw1"}) == [("sw1",), ("sw2",)]


@pytest.mark.parametrize("text", ["2001:db8::{n}", "2001:db8:0:0:0:0:0:{n}", "::{n}", "10.1.{n}.1"])
def test_addresses_of_both_versions_are_known(text: str) -> None:
    texts = {f"sw{n}": f"ipv6 address {text.format(n=n)}/64 eui-64" for n in (1, 2, 3)}
    assert len(alike(texts)) == 1


@pytest.mark.parametrize(
    "text", ["vlan {n}", "community 65000:{n}", "mac 00:11:22:33:44:0{n}", "oid 1.3.6.1.4.1.{n}", "version 15.{n}"]
)
def test_other_numbers_tell_devices_apart(text: str) -> None:
    assert len(alike({f"sw{n}": text.format(n=n) for n in (1, 2, 3)})) == 3


def test_groups_stand_in_the_order_of_their_first() -> None:
    texts = {"c": "one", "b": "two", "a": "one"}
    assert names_of(texts) == [("c", "a"), ("b",)]


def test_what_is_said_of_two_devices_is_the_same_without_their_own() -> None:
    assert without_own("sw1", "sw1 reaches 10.0.0.1") == without_own("sw2", "sw2 reaches 10.0.0.2")
    assert without_own("sw1", "sw1 has VLAN 10") != without_own("sw2", "sw2 has VLAN 20")

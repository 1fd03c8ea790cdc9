"""Waves: how they are written, how hosts are split into them, and when a rollout stops."""

from collections.abc import Sequence

import pytest

from cimnet_nornir.application.waves import (
    FailureLimit,
    Wave,
    Waves,
    decide,
    interrupted,
    numbered,
    parse_max_failures,
    parse_waves,
    split,
)
from cimnet_nornir.errors import InvalidInput


def hosts(count: int) -> list[str]:
    return [f"h{number:03}" for number in range(count)]


def sizes(count: int, text: str, canaries: Sequence[str] = ()) -> list[int]:
    return [len(wave) for wave in split(hosts(count), parse_waves(text), canaries)]


@pytest.mark.parametrize(
    ("count", "text", "expected"),
    [
        (100, "10%,50%,100%", [10, 40, 50]),
        (100, "10%,50%", [10, 40, 50]),
        (100, "1,5,100%", [1, 4, 95]),
        (100, " 1 , 10 % ", [1, 9, 90]),
        (100, "2.5%,100%", [3, 97]),
        (3, "10%,50%,100%", [1, 1, 1]),
        (2, "10%,50%,100%", [1, 1]),
        (1, "10%,50%,100%", [1]),
        (0, "10%,50%,100%", []),
        (4, "1,5", [1, 3]),
        (5, "3,10%", [3, 2]),
        (7, "100%", [7]),
    ],
)
def test_hosts_are_split_by_shares_or_numbers_and_no_wave_is_empty(count: int, text: str, expected: list[int]) -> None:
    assert sizes(count, text) == expected


def test_hosts_keep_their_order_and_without_steps_they_are_one_wave() -> None:
    assert split(["b", "a", "c"], parse_waves("1,2")) == (("b",), ("a",), ("c",))
    assert split(["b", "a", "c"], Waves()) == (("b", "a", "c"),)


def test_canaries_are_a_first_wave_of_their_own_which_steps_do_not_count() -> None:
    assert sizes(11, "10%,50%,100%", ["h010"]) == [1, 1, 4, 5]
    assert split(["a", "b", "c"], parse_waves("1"), ["c", "b", "c"]) == (("b", "c"), ("a",))
    assert split(["a"], parse_waves("50%"), ["a"]) == (("a",),)


def test_a_canary_that_is_none_of_the_hosts_is_told() -> None:
    with pytest.raises(InvalidInput, match=r"canary 'acc9' is none of the hosts of this run; name one") as refused:
        split(["acc1"], Waves(), ["acc9"])
    assert refused.value.subject == "canary"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'' is neither a number of hosts nor a share"),
        ("ten", "'ten' is neither"),
        ("10%,,50%", "'' is neither"),
        ("0%,50%", "'0%' is neither"),
        ("0", "'0' is neither"),
        ("-1", "'-1' is neither"),
        ("1.5", "'1.5' is neither"),
        ("101%", "'101%' is neither"),
        ("\N{ARABIC-INDIC DIGIT ONE}%", "is neither"),
        ("9" * 5000, "is neither"),
        ("50%,10%", "brings more hosts than the one before, 10% does not"),
        ("5,5", "5 does not"),
        ("100%,100%", "nothing is left after 100%"),
        ("100%,5", "nothing is left after 100%"),
    ],
)
def test_waves_that_cannot_be_are_told_in_one_line_with_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_waves(text)
    assert words in refused.value.message
    assert refused.value.message.endswith("right would be 10%,50%,100% or 1,5,100%")
    assert "\n" not in refused.value.message
    assert refused.value.subject == "waves"


@pytest.mark.parametrize("text", ["", "some", "-1", "101%", "1.5", "1e-3", "True"])
def test_a_limit_that_cannot_be_is_told_in_one_line_with_what_would_be_right(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"right would be 2 \(hosts, of all waves\), 25% or 0\.25"):
        parse_max_failures(text)


WAVES = numbered([["a"], ["b", "c", "d", "e"], ["f"]])


@pytest.mark.parametrize(
    ("limit", "failed", "go_on", "reason"),
    [
        ("0", [], True, "none of 4 failed"),
        ("0", ["c"], False, "1 of 4 failed"),
        ("0", ["a"], False, "none of 4 failed, 1 in all"),
        ("1", ["c"], True, "1 of 4 failed, at most 1 may"),
        ("1", ["a", "c"], False, "1 of 4 failed, 2 in all, at most 1 may"),
        ("25%", ["c"], True, "1 of 4 failed, at most 25% may"),
        ("25%", ["a", "c"], True, "1 of 4 failed, 2 in all, at most 25% may"),
        ("0.25", ["b", "c"], False, "2 of 4 failed, at most 25% may"),
        ("24.9%", ["c"], False, "1 of 4 failed, at most 24.9% may"),
        ("100%", ["b", "c", "d", "e"], True, "4 of 4 failed, at most 100% may"),
        ("1.0", ["b", "c", "d", "e"], True, "4 of 4 failed, at most 100% may"),
    ],
)
def test_a_rollout_goes_on_while_no_more_fail_than_may(limit: str, failed: list[str], go_on: bool, reason: str) -> None:
    decision = decide(WAVES[1], failed, parse_max_failures(limit))
    assert (decision.go_on, decision.reason) == (go_on, reason)
    assert (decision.number, decision.of, decision.hosts) == (2, 3, ("b", "c", "d", "e"))
    assert decision.failed == tuple(name for name in failed if name != "a")
    assert str(decision) == f"wave 2 of 3: {reason}: {decision.decision}"
    assert decision.decision == ("continue" if go_on else "stop")


def test_any_failure_stops_unless_told_otherwise() -> None:
    assert not decide(Wave(1, 1, ("a",)), ["a"], FailureLimit()).go_on


def test_a_wave_that_was_interrupted_says_how_far_it_came() -> None:
    decision = interrupted(WAVES[1], ["a", "c"], 2)
    assert not decision.go_on
    assert decision.failed == ("c",)
    assert decision.reason == "interrupted when 2 of 4 were done, 1 of them failed"

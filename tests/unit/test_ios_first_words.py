"""A line is tried against the patterns that it could match, which is never fewer than those that it does match."""

from pathlib import Path

import pytest

from cimnet_nornir.ios.first_words import by_first_word, first_words
from cimnet_nornir.ios.rules.model import TOP, UNKNOWN, Rule, compiled
from cimnet_nornir.ios.rules.table import rule_for, rules_in

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"ip route (?P<key>\S+) .+", {"ip"}),
        (r"(?:no )?(?P<key>cdp enable|lldp transmit)", {"cdp", "lldp"}),
        (r"(?P<head>(?P<key>ip|ipv6) prefix-list \S+) .+", {"ip", "ipv6"}),
        (r"ip(?:v6)? address .+", {"ip", "ipv6"}),
        (r"archive(?: \S+)?", {"archive"}),
        (r"no shutdown|logging on", {"shutdown", "logging"}),
        (r"(?:(?:tacacs|radius)-server|ntp) .+", {"tacacs-server", "radius-server", "ntp"}),
        (r"name [(|] x|vlan 1", {"name", "vlan"}),
        (r"Tunnel source .+", {"tunnel"}),
        (r"no", {"no"}),
    ],
)
def test_the_first_words_of_a_pattern_are_told(pattern: str, words: set[str]) -> None:
    assert first_words(pattern) == frozenset(words)


@pytest.mark.parametrize(
    "pattern",
    [r"\S+ x", r"ip\b.*", r"ips? x", r"ip ?x", r"(?:a|b)+ x", r"(?:address )?[a-z]+ x", r"no .+", r"(?!ip)x", ""],
)
def test_where_the_first_word_is_not_clear_any_line_is_tried(pattern: str) -> None:
    assert first_words(pattern) is None
    assert by_first_word([(pattern, "it")])("whatever comes") == ("it",)


def test_what_a_line_could_match_comes_in_the_order_of_the_patterns() -> None:
    named = [(r"vlan \d+", 1), (r"\S+ 7", 2), (r"(?:no )?(?:vlan|ip) .+", 3), (r"ip x", 4)]
    candidates = by_first_word(named)
    assert candidates("no vlan 7") == candidates("VLAN\nx") == (1, 2, 3)
    assert candidates("ip 7") == (2, 3, 4)
    assert candidates("ntp 7") == (2,)


def test_every_line_of_the_golden_cases_has_the_rule_that_trying_all_of_them_finds() -> None:
    lines = {line.strip() for file in GOLDEN.rglob("running.cfg") for line in file.read_text().splitlines()} - {""}
    found = [(section, line, rule_for(section, line)) for section in (TOP, "interface", "line") for line in lines]
    assert sum(rule is not UNKNOWN for _, _, rule in found) > 500
    assert [line for section, line, rule in found if rule is not _tried(section, line)] == []


def _tried(section: str, line: str) -> Rule:
    matching = (rule for rule in rules_in(section) if compiled(rule.pattern).fullmatch(line))
    return next(matching, UNKNOWN)

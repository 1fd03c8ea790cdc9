"""Lists that change are empty at no moment: what uses an empty list lets everything through."""

import re
from pathlib import Path

import pytest

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import ROUTER_IOSXE
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.tree import Config, parse_config, walk
from cimnet_nornir.lab.configure import Configuration
from tests.lab_typing import lab_device

GOLDEN = Path(__file__).parents[1] / "golden" / "remediation"
CASES = (
    "lists_are_never_empty",
    "lists_without_numbers_keep_their_order",
    "prefix_list_entries_move",
    "ipv6_access_list_changes",
)
ENTRY = re.compile(
    r"(?P<list>(?:ip|ipv6) prefix-list \S+|ip as-path access-list \S+|ip community-list (?:\w+ )?\S+) "
    r"(?:seq \d+ )?(?:permit|deny) .+"
)


OF_IPV6 = re.compile(r"(?:sequence \d+ )?(?:permit|deny) ")


def lists(config: Config) -> set[str]:
    """The lists that have an entry."""
    named = {match["list"] for path in walk(config) if (match := ENTRY.fullmatch(path[0]))}
    of_ipv6 = {path[0] for path in walk(config) if len(path) > 1 and OF_IPV6.match(path[1])}
    return named | of_ipv6


@pytest.mark.parametrize("name", CASES)
def test_a_list_that_stays_has_an_entry_after_every_line(name: str) -> None:
    device = lab_device(ROUTER_IOSXE, (GOLDEN / name / "running.cfg").read_text(), ())
    intended = normalise(parse_config((GOLDEN / name / "intended.cfg").read_text()), ROUTER_IOSXE)
    running = normalise(parse_config(device.running_config()), ROUTER_IOSXE)
    staying = lists(running) & lists(intended)
    assert staying
    configuration = Configuration(device)
    for line in remediate(running, intended, ROUTER_IOSXE).lines():
        configuration.feed(line)
        assert staying <= lists(parse_config(device.running_config())), line


def test_a_list_that_keeps_an_entry_needs_no_guard() -> None:
    texts = (
        f"ip prefix-list A seq 5 permit 10.0.0.0/8\nip prefix-list A seq 10 permit {prefix}\n"
        for prefix in ("192.0.2.0/24", "198.51.100.0/24")
    )
    running, intended = (normalise(parse_config(text), ROUTER_IOSXE) for text in texts)
    assert remediate(running, intended, ROUTER_IOSXE).lines() == (
        "no ip prefix-list A seq 10",
        "ip prefix-list A seq 10 permit 198.51.100.0/24",
    )

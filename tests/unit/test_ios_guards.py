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


def _both(*texts: str) -> tuple[Config, Config]:
    running, intended = (normalise(parse_config(text), ROUTER_IOSXE) for text in texts)
    return running, intended


SAME_NAME = "the device has one of another kind by that name, and takes no second one; name this one otherwise"


def test_a_guard_has_a_number_that_there_is() -> None:
    entry = "ip prefix-list A seq 4294967294 permit {}.0.0.0/8\n"
    lines = remediate(*_both(entry.format(10), entry.format(11)), ROUTER_IOSXE).lines()
    assert lines[0] == "ip prefix-list A seq 4294967293 deny 255.255.255.255/32"


@pytest.mark.parametrize(
    ("before", "after", "warnings"),
    [
        (
            "route-map R deny 20\n",
            "route-map R permit 10\n match tag 7\nroute-map R deny 20\n",
            ("route-map R permit 10: it matches everything until its matches are typed",),
        ),
        ("", "route-map R permit 10\n match tag 7\n", ()),
        (
            "router bgp 1\n neighbor 192.0.2.2 remote-as 2\n neighbor 192.0.2.2 distribute-list 10 in\n",
            "router bgp 1\n neighbor 192.0.2.2 remote-as 2\n neighbor 192.0.2.2 prefix-list A in\n",
            ("no neighbor 192.0.2.2 distribute-list … in: for a moment, or for good, it lets every prefix through",),
        ),
        (
            "object-group network G\n host 192.0.2.1\n",
            "object-group service G\n tcp eq www\n",
            (f"object-group G: {SAME_NAME}",),
        ),
    ],
)
def test_the_plan_tells_what_no_order_of_lines_can_help(before: str, after: str, warnings: tuple[str, ...]) -> None:
    assert remediate(*_both(before, after), ROUTER_IOSXE).warnings == warnings


def test_a_class_map_changes_although_a_policy_that_goes_too_names_it() -> None:
    policy = "policy-map P\n class V\n  priority percent 10\n"
    running, intended = _both(
        f"class-map match-any V\n match dscp ef\n{policy}", "class-map match-all V\n match dscp ef\n"
    )
    assert remediate(running, intended, ROUTER_IOSXE, formerly=running).lines() == (
        *("policy-map P", "no class V", "exit", "no class-map match-any V", "class-map match-all V", "match dscp ef"),
        *("exit", "no policy-map P"),
    )
    told = "class map V cannot change while policy-map P, which is not intended, names it"
    assert remediate(running, intended, ROUTER_IOSXE).warnings == (told,)


def _unicast(*lines: str) -> str:
    neighbours = "".join(f" neighbor 192.0.2.{number} remote-as 2\n" for number in (2, 3, 4))
    return f"router bgp 1\n{neighbours} address-family ipv4\n" + "".join(f"  neighbor 192.0.2.{x}\n" for x in lines)


def test_of_many_neighbours_each_is_without_its_filter_for_one_line_only() -> None:
    active = ("2 activate", "3 activate")
    filters = ("2 distribute-list S in", "3 distribute-list S in", "4 distribute-list S in")
    before = _unicast(*active, "4 activate", *filters)
    after = _unicast(*active, "2 prefix-list A in", "3 prefix-list A in")
    assert remediate(*_both(before, after), ROUTER_IOSXE).lines()[2:-1] == (
        "no neighbor 192.0.2.2 distribute-list S in",
        "neighbor 192.0.2.2 prefix-list A in",
        "no neighbor 192.0.2.3 distribute-list S in",
        "neighbor 192.0.2.3 prefix-list A in",
        "no neighbor 192.0.2.4 activate",
        "no neighbor 192.0.2.4 distribute-list S in",
    )

"""What lines of access lists, prefix lists, community lists and route maps do on a simulated device."""

import pytest

from tests.unit.test_lab_services import Configured

LIST = "ip access-list extended WEB"


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ("permit icmp any any 8", "permit icmp any any echo"),
        ("permit icmp any any 3 13", "permit icmp any any administratively-prohibited"),
        ("permit icmp any any 40 2", "permit icmp any any 40 2"),
        ("deny ip any any fragments", "deny ip any any fragments"),
        (
            "permit tcp any eq 80 443 any gt 1023 established log",
            "permit tcp any eq www 443 any gt 1023 established log",
        ),
        ("permit ip any 10.0.0.1 0.0.0.0 dscp 46", "permit ip any host 10.0.0.1 dscp ef"),
        ("permit ip any any precedence 5", "permit ip any any precedence critical"),
        ("permit tcp any any eq 22 time-range WORK", "permit tcp any any eq 22 time-range WORK"),
        ("permit 88 any any", "permit eigrp any any"),
        ("permit tcp any any neq 179", "permit tcp any any neq bgp"),
        ("permit tcp any any reflect OUT", "permit tcp any any reflect OUT"),
        ("evaluate OUT", "evaluate OUT"),
        ("deny udp any range 137 netbios-ss any", "deny udp any range netbios-ns netbios-ss any"),
    ],
)
def test_an_entry_is_shown_by_names(entry: str, shown: str) -> None:
    configured = Configured("router", LIST, entry)
    assert configured.said == ""
    assert configured.block(LIST)[1:] == [f" {shown}"]
    assert LIST not in configured.type(f"no {entry}").device.running_config() or configured.block(LIST)[1:] == []


@pytest.mark.parametrize(
    "entry", ["permit tcp any any eq", "permit ip any", "permit icmp any any 300", "permit ip any any bogus"]
)
def test_what_is_no_entry_is_refused(entry: str) -> None:
    configured = Configured("router", LIST, entry)
    assert "% In" in configured.said
    assert configured.block(LIST)[1:] == []


def test_classic_ios_shows_the_numbers_of_ipv6_entries_where_they_are_unusual() -> None:
    header = "ipv6 access-list EDGE"
    configured = Configured(
        "router", header, "permit tcp any host 2001:db8::1 eq 80", "sequence 15 deny ipv6 any any log"
    )
    configured.type("remark the rest")
    assert configured.block(header)[1:] == [
        " permit tcp any host 2001:DB8::1 eq www",
        " sequence 15 deny ipv6 any any log",
        " remark the rest",
    ]
    assert configured.type("no sequence 15").block(header)[1:] == [
        " permit tcp any host 2001:DB8::1 eq www",
        " sequence 25 remark the rest",
    ]
    assert configured.type("sequence 10 deny ipv6 any any").said == "% Duplicate sequence number"


def test_ios_xe_shows_every_number_of_an_ipv6_list() -> None:
    configured = Configured("router", "ipv6 access-list EDGE", "permit ipv6 2001:db8::/32 any", platform="iosxe")
    assert configured.block("ipv6 access-list EDGE")[1:] == [" sequence 10 permit ipv6 2001:DB8::/32 any"]


def test_entries_of_a_prefix_list_are_numbered_and_unique() -> None:
    configured = Configured(
        "router", "ip prefix-list NETS permit 10.1.2.3/8 le 24", "ip prefix-list NETS deny 0.0.0.0/0"
    )
    assert configured.has("ip prefix-list NETS seq 5 permit 10.0.0.0/8 le 24")
    assert configured.has("ip prefix-list NETS seq 10 deny 0.0.0.0/0")
    assert configured.type("ip prefix-list NETS seq 5 permit 172.16.0.0/12").said.startswith(
        "% Insertion failed - seq #"
    )
    assert configured.type("ip prefix-list NETS seq 20 deny 0.0.0.0/0").said.startswith("% Insertion failed - prefix")
    assert configured.type("ip prefix-list NETS permit 10.0.0.0/8 ge 4").said.startswith("% Invalid prefix range")
    configured.type("no ip prefix-list NETS seq 5")
    assert not configured.has("ip prefix-list NETS seq 5 permit 10.0.0.0/8 le 24")
    assert not configured.type("no ip prefix-list NETS").has("ip prefix-list NETS seq 10 deny 0.0.0.0/0")


def test_ipv6_has_prefix_lists_too() -> None:
    configured = Configured("router", "ipv6 prefix-list NETS permit 2001:db8::/32 le 48")
    assert configured.has("ipv6 prefix-list NETS seq 5 permit 2001:DB8::/32 le 48")


def test_lists_of_paths_and_communities_keep_their_order() -> None:
    configured = Configured(
        "router",
        "ip as-path access-list 1 deny _65002_",
        "ip as-path access-list 1 permit .*",
        "ip community-list expanded NORTH permit _1:",
        "ip community-list 7 permit 65001:1 no-export",
        "no ip as-path access-list 1 permit .*",
    )
    assert configured.has("ip as-path access-list 1 deny _65002_")
    assert not configured.has("ip as-path access-list 1 permit .*")
    assert configured.has("ip community-list expanded NORTH permit _1:")
    assert configured.has("ip community-list 7 permit 65001:1 no-export")


def test_a_second_match_extends_the_first() -> None:
    configured = Configured("router", "route-map OUT permit 10", "match ip address 101", "match ip address 102")
    configured.type("match ip address prefix-list A", "match ip address prefix-list B", "no match ip address 101")
    assert configured.block("route-map OUT permit 10")[1:] == [
        " match ip address 102",
        " match ip address prefix-list A B",
    ]
    assert configured.type("no match ip address 102", "no match ip address prefix-list A B").block(
        "route-map OUT permit 10"
    ) == ["route-map OUT permit 10"]


def test_a_clause_changes_its_action_and_keeps_its_lines() -> None:
    configured = Configured(
        "router", "route-map OUT permit 10", "set metric 50", "route-map OUT deny 10", "set metric +5"
    )
    assert configured.block("route-map OUT deny 10")[1:] == [" set metric +5"]
    assert not configured.has("route-map OUT permit 10")


def test_next_hops_add_up() -> None:
    configured = Configured("router", "route-map PBR permit 10", "set ip next-hop 10.0.0.1", "set ip next-hop 10.0.0.2")
    assert configured.has(" set ip next-hop 10.0.0.1 10.0.0.2")
    assert configured.type("no set ip next-hop 10.0.0.1").has(" set ip next-hop 10.0.0.2")


@pytest.mark.parametrize(
    "line",
    [
        "set community 1:2 additive",
        "set as-path prepend 65001 65001",
        "set comm-list NORTH delete",
        "set origin igp",
        "set ip precedence critical",
        "set extcommunity rt 65001:1 additive",
        "match community NORTH exact-match",
        "match interface GigabitEthernet0/0",
        "match tag 5 6",
        "continue 20",
        "description for the provider",
    ],
)
def test_a_clause_takes_the_line_and_gives_it_back(line: str) -> None:
    configured = Configured("router", "route-map OUT permit 10", line)
    assert configured.said == ""
    assert configured.block("route-map OUT permit 10")[1:] == [f" {line}"]
    assert configured.type(f"no {line}").block("route-map OUT permit 10")[1:] == []

"""What lines about BGP do on a simulated device."""

import pytest

from tests.unit.test_lab_services import Configured

PROCESS = (
    "router bgp 65001",
    "neighbor INNER peer-group",
    "neighbor INNER remote-as 65001",
    "neighbor INNER update-source lo0",
    "neighbor OUTER peer-group",
)


def test_a_member_takes_its_as_from_its_group() -> None:
    configured = Configured(
        "router", *PROCESS, "neighbor 10.0.0.2 remote-as 65001", "neighbor 10.0.0.2 peer-group INNER"
    )
    assert configured.said == ""
    assert configured.has(" neighbor 10.0.0.2 peer-group INNER")
    assert not configured.has(" neighbor 10.0.0.2 remote-as 65001")
    assert configured.type("neighbor 10.0.0.2 remote-as 65001").said.startswith("% Peer-group member cannot override")


def test_a_member_of_a_group_without_an_as_needs_its_own() -> None:
    configured = Configured("router", *PROCESS, "neighbor 10.0.0.3 peer-group OUTER")
    assert configured.said == "% Specify remote-as or peer-group commands first"
    configured.type("neighbor 10.0.0.3 remote-as 65002", "neighbor 10.0.0.3 peer-group OUTER")
    assert configured.said == ""
    assert configured.has(" neighbor 10.0.0.3 remote-as 65002")


def test_a_neighbour_leaves_one_group_before_it_joins_another() -> None:
    configured = Configured("router", *PROCESS, "neighbor 10.0.0.2 peer-group INNER")
    assert configured.type("neighbor 10.0.0.2 peer-group OUTER").said.startswith("% Cannot change the peer-group")
    assert configured.type("neighbor 10.0.0.4 peer-group NONE").said == "% Configure the peer-group first"


def test_the_members_go_with_their_group() -> None:
    lines = ("neighbor 10.0.0.2 peer-group INNER", "address-family ipv4", "neighbor 10.0.0.2 next-hop-self")
    configured = Configured("router", *PROCESS, *lines, "no neighbor INNER peer-group")
    assert not any("10.0.0.2" in line or "INNER" in line for line in configured.block("router bgp 65001"))


def test_communities_that_were_sent_go_on_being_sent() -> None:
    configured = Configured("router", *PROCESS, "neighbor INNER send-community both", "neighbor INNER send-community")
    assert configured.has(" neighbor INNER send-community both")
    assert configured.type("no neighbor INNER send-community").has(" neighbor INNER send-community extended")
    assert not configured.type("no neighbor INNER send-community extended").has(
        " neighbor INNER send-community extended"
    )


def test_options_of_redistribution_add_up_and_go_one_by_one() -> None:
    configured = Configured(
        "router", "router bgp 65001", "redistribute ospf 1 route-map OUT", "redistribute ospf 1 metric 5"
    )
    assert configured.has(" redistribute ospf 1 metric 5 route-map OUT")
    configured.type("redistribute ospf 1 match internal external")
    assert configured.has(" redistribute ospf 1 metric 5 match internal external 1 external 2 route-map OUT")
    configured.type("no redistribute ospf 1 route-map OUT", "no redistribute ospf 1 match internal")
    assert configured.has(" redistribute ospf 1 metric 5")
    assert not configured.type("no redistribute ospf 1").has(" redistribute ospf 1 metric 5")


def test_a_direction_has_one_kind_of_list() -> None:
    configured = Configured(
        "router", *PROCESS, "neighbor INNER prefix-list A in", "neighbor INNER distribute-list 10 in"
    )
    assert configured.said.startswith("% Prefix-list and distribute-list")
    assert configured.type("neighbor INNER distribute-list 10 out").said == ""


@pytest.mark.parametrize("family", ["ipv6", "vpnv4", "ipv4 vrf RED", "ipv4 multicast"])
def test_with_the_first_family_ipv4_has_one_too(family: str) -> None:
    configured = Configured(
        "router", "router bgp 65001", "neighbor 10.0.0.2 remote-as 2", "network 10.0.0.0", f"address-family {family}"
    )
    assert configured.session.prompt == "R1(config-router-af)#"
    assert configured.block("router bgp 65001")[2:] == [
        " neighbor 10.0.0.2 remote-as 2",
        " address-family ipv4",
        "  network 10.0.0.0",
        "  neighbor 10.0.0.2 activate",
        " exit-address-family",
        f" address-family {family}",
        " exit-address-family",
    ]


def test_neighbours_of_a_vrf_are_others() -> None:
    lines = ("neighbor 10.0.0.2 remote-as 2", "address-family ipv4 vrf RED", "neighbor 10.0.0.2 remote-as 3")
    configured = Configured("router", "router bgp 65001", *lines, "neighbor 10.0.0.2 as-override")
    assert configured.has("  neighbor 10.0.0.2 remote-as 3")
    assert configured.has("  neighbor 10.0.0.2 as-override")
    configured.type("no neighbor 10.0.0.2")
    assert configured.has(" neighbor 10.0.0.2 remote-as 2")
    assert not configured.has("  neighbor 10.0.0.2 remote-as 3")


def test_ipv6_is_shown_in_capitals() -> None:
    configured = Configured(
        "router",
        "router bgp 65001",
        "neighbor 2001:db8:0::2 remote-as 2",
        "address-family ipv6 unicast",
        "neighbor 2001:db8::2 activate",
        "network 2001:db8:1::/48",
    )
    assert configured.said == ""
    assert configured.has(" neighbor 2001:DB8::2 remote-as 2")
    assert configured.has("  network 2001:DB8:1::/48")
    assert configured.has("  neighbor 2001:DB8::2 activate")


def test_ases_of_a_confederation_add_up() -> None:
    configured = Configured("router", "router bgp 65001", "bgp confederation peers 65003 65002")
    configured.type("bgp confederation peers 65004", "no bgp confederation peers 65002")
    assert configured.has(" bgp confederation peers 65003 65004")
    assert not configured.type("no bgp confederation peers 65003 65004").has(" bgp confederation peers 65003 65004")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("neighbor INNER ebgp-multihop", " neighbor INNER ebgp-multihop 255"),
        ("neighbor INNER fall-over bfd", " neighbor INNER fall-over bfd"),
        ("neighbor INNER local-as 65009 no-prepend replace-as", " neighbor INNER local-as 65009 no-prepend replace-as"),
        ("neighbor INNER maximum-prefix 100 80 warning-only", " neighbor INNER maximum-prefix 100 80 warning-only"),
        ("neighbor INNER timers 5 15", " neighbor INNER timers 5 15"),
        ("neighbor INNER remove-private-as all", " neighbor INNER remove-private-as all"),
        ("bgp dampening 15 750 2000 60", " bgp dampening 15 750 2000 60"),
        ("bgp bestpath med missing-as-worst", " bgp bestpath med missing-as-worst"),
        ("no bgp default ipv4-unicast", " no bgp default ipv4-unicast"),
        ("no bgp enforce-first-as", " no bgp enforce-first-as"),
        (
            "aggregate-address 10.0.0.0 255.0.0.0 as-set summary-only",
            " aggregate-address 10.0.0.0 255.0.0.0 as-set summary-only",
        ),
        ("maximum-paths eibgp 5", " maximum-paths eibgp 5"),
    ],
)
def test_lines_are_shown_as_ios_shows_them(line: str, shown: str) -> None:
    configured = Configured("router", *PROCESS, line)
    assert configured.said == ""
    assert configured.has(shown)


def test_kinds_of_paths_go_each_by_itself() -> None:
    configured = Configured("router", "router bgp 1", "maximum-paths 2", "maximum-paths ibgp 3", "no maximum-paths")
    assert configured.has(" maximum-paths ibgp 3")
    assert not configured.has(" maximum-paths 2")


def test_a_neighbour_that_is_not_active_says_so_where_others_are_by_themselves() -> None:
    lines = ("router bgp 1", "neighbor 10.0.0.2 remote-as 2", "address-family ipv4", "no neighbor 10.0.0.2 activate")
    configured = Configured("router", *lines)
    assert configured.has("  no neighbor 10.0.0.2 activate")
    assert configured.type("neighbor 10.0.0.2 activate").has("  neighbor 10.0.0.2 activate")
    quiet = Configured("router", "router bgp 1", "no bgp default ipv4-unicast", *lines[1:])
    assert not quiet.has("  no neighbor 10.0.0.2 activate")

"""What static routes, OSPF, EIGRP and RIP do on a simulated device: how lines are shown, what is refused."""

import pytest

from tests.unit.test_lab_configuration import Configured


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["ip route 10.0.0.0 255.0.0.0 null0 254 tag 5 name N"], "ip route 10.0.0.0 255.0.0.0 Null0 254 name N tag 5"),
        (["ip route 10.0.0.0 255.0.0.0 10.0.0.1 1"], "ip route 10.0.0.0 255.0.0.0 10.0.0.1"),
        (
            ["ip route 10.0.0.0 255.0.0.0 10.0.0.1 name N", "ip route 10.0.0.0 255.0.0.0 10.0.0.1 track 3"],
            "ip route 10.0.0.0 255.0.0.0 10.0.0.1 track 3",
        ),
        (["ipv6 route 2001:db8:0:0::/32 gi0/1 fe80::1 20"], "ipv6 route 2001:DB8::/32 GigabitEthernet0/1 FE80::1 20"),
    ],
)
def test_a_route_is_shown_as_it_was_typed_last(lines: list[str], shown: str) -> None:
    assert [line for line in Configured("router", *lines).device.running_config().split("\n") if " route " in line] == [
        shown
    ]


def test_a_route_goes_by_its_next_hop_whatever_options_are_named() -> None:
    router = Configured("router", "ip route 10.0.0.0 255.0.0.0 10.0.0.1 track 1", "ip route 10.0.0.0 255.0.0.0 Null0")
    router.type("no ip route 10.0.0.0 255.0.0.0 Null0 254 name N")
    assert router.has("ip route 10.0.0.0 255.0.0.0 10.0.0.1 track 1")
    assert not router.has("ip route 10.0.0.0 255.0.0.0 Null0")
    assert not router.type("no ip route 10.0.0.0 255.0.0.0").has("ip route 10.0.0.0 255.0.0.0 10.0.0.1 track 1")


def test_a_route_does_not_lead_to_the_device_itself() -> None:
    router = Configured("router", "interface Gi0/0", "ip address 10.0.0.1 255.255.255.0", "exit")
    assert router.type("ip route 10.9.0.0 255.255.0.0 10.0.0.1").said == "%Invalid next hop address (it's this router)"


def test_a_route_of_a_vrf_needs_the_vrf() -> None:
    assert Configured("router", "ip route vrf A 10.0.0.0 255.0.0.0 Null0").said == "% VRF A does not exist"
    assert Configured("router", "router ospf 1 vrf A").said.startswith("% VRF A does not exist")


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (
            ["redistribute static subnets metric 5", "redistribute static tag 7"],
            "redistribute static metric 5 subnets tag 7",
        ),
        (
            ["redistribute static subnets metric 5 route-map M", "no redistribute static route-map M"],
            "redistribute static metric 5 subnets",
        ),
        (["area 0.0.0.1 stub no-summary", "area 1 stub"], "area 0.0.0.1 stub no-summary"),
        (["area 1 stub no-summary", "no area 0.0.0.1 stub no-summary"], "area 1 stub"),
        (
            ["default-information originate always", "default-information originate metric 5"],
            "default-information originate always metric 5",
        ),
        (["max-metric router-lsa on-startup 300 include-stub"], "max-metric router-lsa include-stub on-startup 300"),
        (["no log-adjacency-changes"], "no log-adjacency-changes"),
        (["log-adjacency-changes detail"], "log-adjacency-changes detail"),
    ],
)
def test_options_of_ospf_are_set_and_taken_back_one_by_one(lines: list[str], shown: str) -> None:
    assert Configured("router", "router ospf 1", *lines).block("router ospf 1")[1:] == [f" {shown}"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["area 0 stub"], "% OSPF: Backbone can not be configured as stub area"),
        (["area 0.0.0.0 nssa"], "% OSPF: Backbone can not be configured as NSSA area"),
        (["area 1 stub", "area 0.0.0.1 nssa"], "% OSPF: Area is configured as stub area already"),
        (
            ["area 1 nssa", "area 1 virtual-link 1.1.1.1"],
            "% OSPF: Area 1 is a stub or nssa so virtual links are not allowed",
        ),
        (["area 1 virtual-link 1.1.1.1", "area 1 stub"], "% OSPF: Area 1 is used as a transit area for virtual links"),
        (["redistribute static"], "% Only classful networks will be redistributed"),
        (
            ["router-id 1.1.1.1", "router-id 2.2.2.2"],
            '% OSPF: Reload or use "clear ip ospf process" command, for this to take effect',
        ),
    ],
)
def test_ospf_says_what_is_wrong_with_a_line(lines: list[str], said: str) -> None:
    assert Configured("router", "router ospf 1", *lines).said == said


def test_a_router_id_is_that_of_one_process() -> None:
    router = Configured("router", "router ospf 1", "router-id 1.1.1.1", "router ospf 2", "router-id 1.1.1.1")
    assert router.said == "OSPF: router-id 1.1.1.1 is in use by ospf process 1"
    assert router.type("router ospf 1", "no router-id", "router ospf 2", "router-id 1.1.1.1").said == ""


def test_a_key_of_ospf_keeps_its_text_until_it_is_taken_back() -> None:
    router = Configured("router", "interface Gi0/0", "ip ospf message-digest-key 1 md5 one")
    assert router.type("ip ospf message-digest-key 1 md5 two").said == "OSPF: Key 1 already exists"
    router.type("no ip ospf message-digest-key 1", "ip ospf message-digest-key 1 md5 two")
    assert router.said == ""
    assert router.has(" ip ospf message-digest-key 1 md5 two")


def test_a_password_of_ospf_is_hidden_where_the_device_hides_passwords() -> None:
    router = Configured("router", "service password-encryption", "interface Gi0/0", "ip ospf authentication-key word")
    shown = next(line for line in router.block("interface GigabitEthernet0/0") if "authentication-key" in line)
    assert shown.startswith(" ip ospf authentication-key 7 ")
    assert "word" not in shown


def test_the_usual_timers_of_an_interface_are_not_shown() -> None:
    router = Configured("router", "interface Gi0/0", "ip ospf hello-interval 10", "ip hello-interval eigrp 100 5")
    assert router.block("interface GigabitEthernet0/0") == [
        "interface GigabitEthernet0/0",
        " no ip address",
        " shutdown",
    ]
    router.type("ip ospf network non-broadcast", "ip ospf hello-interval 10")
    assert router.has(" ip ospf hello-interval 10")


def test_eigrp_takes_back_a_redistribution_as_a_whole() -> None:
    router = Configured("router", "router eigrp 1", "redistribute static metric 1 2 3 4 5 route-map M")
    assert router.has(" redistribute static metric 1 2 3 4 5 route-map M")
    assert router.type("no redistribute static route-map M").block("router eigrp 1") == ["router eigrp 1"]


def test_a_stub_of_eigrp_tells_what_it_announces() -> None:
    assert Configured("router", "router eigrp 1", "eigrp stub").has(" eigrp stub connected summary")
    assert Configured("router", "router eigrp 1", "eigrp stub static connected").has(" eigrp stub connected static")
    assert "Invalid input" in Configured("router", "router eigrp 1", "eigrp stub receive-only static").said


def test_rip_knows_networks_by_their_class() -> None:
    router = Configured("router", "router rip", "version 2", "network 10.1.2.3", "no auto-summary")
    assert router.block("router rip") == ["router rip", " version 2", " network 10.0.0.0", " no auto-summary"]


def test_ospf_for_ipv6_needs_ipv6_and_has_one_form() -> None:
    router = Configured("router", "ipv6 router ospf 1")
    assert router.said == "% IPv6 routing not enabled"
    router.type("ipv6 unicast-routing", "interface Gi0/0", "ospfv3 1 ipv6 area 0")
    assert router.said == "% OSPFv3: IPV6 is not enabled on this interface"
    router.type("ipv6 enable", "ospfv3 1 ipv6 area 0")
    assert router.block("router ospfv3 1") == [
        "router ospfv3 1",
        " address-family ipv6 unicast",
        " exit-address-family",
    ]
    assert router.type("ipv6 router ospf 1").said == "% OSPFv3: Process 1 is already configured as router ospfv3"
    assert not router.type("no router ospfv3 1").has(" ospfv3 1 ipv6 area 0")

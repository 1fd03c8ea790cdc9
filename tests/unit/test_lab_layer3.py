"""What lines about VRFs, IPv6, sub-interfaces, tunnels, first-hop groups and NAT do on a simulated device."""

import pytest

from tests.unit.test_lab_services import Configured

INVALID = "% Invalid input detected at '^' marker."
RED = ("vrf definition RED", "rd 65000:1", "address-family ipv4", "exit-address-family")
VLAN_10 = ("interface gi0/0", "ip address 192.0.2.2 255.255.255.0")


class TestVrfs:
    def test_targets_of_both_ways_are_shown_in_two_lines(self) -> None:
        configured = Configured("router", "vrf definition RED", "route-target both 65000:1", "route-target 65000:2")
        assert configured.block("vrf definition RED") == [
            "vrf definition RED",
            " route-target export 65000:1",
            " route-target export 65000:2",
            " route-target import 65000:1",
            " route-target import 65000:2",
        ]

    def test_an_interface_that_joins_loses_its_addresses(self) -> None:
        configured = Configured("router", *RED, *VLAN_10, "ipv6 address 2001:db8::1/64", "vrf forwarding RED")
        assert configured.said.splitlines() == [
            "% Interface GigabitEthernet0/0 IPv4 disabled and address(es) removed due to enabling VRF RED",
            "% Interface GigabitEthernet0/0 IPv6 disabled and address(es) removed due to enabling VRF RED",
        ]
        assert " no ip address" in configured.block("interface GigabitEthernet0/0")

    def test_and_so_does_one_that_leaves(self) -> None:
        configured = Configured("router", *RED, "interface gi0/0", "vrf forwarding RED", *VLAN_10[1:])
        configured.type("no vrf forwarding")
        assert configured.said.endswith("removed due to disabling VRF RED")
        assert not configured.has(" ip address 192.0.2.2 255.255.255.0")

    def test_the_members_of_one_that_is_removed_lose_theirs(self) -> None:
        configured = Configured("router", *RED, "interface gi0/0", "vrf forwarding RED", *VLAN_10[1:])
        configured.type("no vrf definition RED")
        assert configured.said == "% IPv4 and IPv6 addresses from all interfaces in VRF RED have been removed"
        assert not configured.has(" vrf forwarding RED")

    def test_one_address_may_be_in_two_of_them(self) -> None:
        configured = Configured("router", *RED, *VLAN_10, "interface gi0/1", "vrf forwarding RED", *VLAN_10[1:])
        assert configured.said == ""

    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (("interface gi0/0", "vrf forwarding RED"), "%VRF RED does not exist or is not configured"),
            (
                ("vrf definition RED", "interface gi0/0", "vrf forwarding RED", "ip address 192.0.2.1 255.255.255.0"),
                "% GigabitEthernet0/0 is linked to a VRF. Enable IPv4 on that VRF first.",
            ),
            (
                (*RED, "interface gi0/0", "vrf forwarding RED", "ipv6 enable"),
                "% GigabitEthernet0/0 is linked to a VRF. Enable IPv6 on that VRF first.",
            ),
            ((*RED, "vrf definition RED", "rd 65000:2"), "%Cannot change RD; remove it first"),
            (
                (*RED, "vrf definition BLUE", "rd 65000:1"),
                "%Cannot set RD, check if it's unique: 65000:1 is in use",
            ),
        ],
    )
    def test_what_is_refused(self, lines: tuple[str, ...], said: str) -> None:
        assert Configured("router", *lines).said == said

    def test_the_old_form_is_shown_on_its_interfaces_too(self) -> None:
        configured = Configured("router", "ip vrf RED", "rd 65000:1", "interface gi0/0", "vrf forwarding RED")
        assert configured.has(" ip vrf forwarding RED")


class TestSubInterfaces:
    def test_a_vlan_is_at_one_of_them(self) -> None:
        configured = Configured(
            "router", "interface gi0/0.10", "encapsulation dot1q 10", "interface gi0/0.20", "encapsulation dot1q 10"
        )
        assert configured.said.startswith("%Configuration of multiple subinterfaces of the same main")
        assert configured.type("encapsulation dot1q 11 native").has(" encapsulation dot1Q 11 native")

    def test_without_its_tag_it_has_no_address(self) -> None:
        configured = Configured("router", "interface gi0/0.10", "encapsulation dot1q 10", *VLAN_10[1:])
        configured.type("no encapsulation dot1q 10")
        assert configured.block("interface GigabitEthernet0/0.10")[1:] == [" no ip address"]

    def test_a_router_has_them_on_a_port_channel(self) -> None:
        configured = Configured("router", "interface po1.10")
        assert configured.said.endswith(INVALID)
        configured.type("interface gi0/0", "channel-group 1", "interface po1.10", "encapsulation dot1q 10")
        assert configured.block("interface Port-channel1.10")[1] == " encapsulation dot1Q 10"


class TestIpv6:
    def test_addresses_are_shown_in_capitals(self) -> None:
        configured = Configured(
            "router", "interface gi0/0", "ipv6 address 2001:0db8:0::1/64", "ipv6 address fe80::1 link"
        )
        assert configured.block("interface GigabitEthernet0/0")[1:4] == [
            " no ip address",
            " ipv6 address 2001:DB8::1/64",
            " ipv6 address FE80::1 link-local",
        ]

    def test_networks_of_two_interfaces_do_not_overlap(self) -> None:
        configured = Configured("router", "interface gi0/0", "ipv6 address 2001:db8::1/64")
        configured.type("interface gi0/1", "ipv6 address 2001:db8::2/127")
        assert configured.said == (
            "%GigabitEthernet0/1: Error: 2001:DB8::2/127 is overlapping with 2001:DB8::/64 on GigabitEthernet0/0"
        )

    def test_a_link_local_address_is_one(self) -> None:
        configured = Configured("router", "interface gi0/0", "ipv6 address fe80::1 link", "ipv6 address fe80::2 link")
        assert not configured.has(" ipv6 address FE80::1 link-local")
        assert "is not a link-local address" in configured.type("ipv6 address 2001:db8::1 link-local").said


class TestBorrowedAddresses:
    def test_they_take_the_place_of_own_ones(self) -> None:
        configured = Configured("router", "interface lo0", *VLAN_10, "ip unnumbered lo0")
        assert configured.block("interface GigabitEthernet0/0")[1] == " ip unnumbered Loopback0"
        assert configured.type(*VLAN_10[1:]).block("interface GigabitEthernet0/0")[1] == f" {VLAN_10[1]}"

    def test_and_so_does_a_lease(self) -> None:
        configured = Configured("router", *VLAN_10, "ip address dhcp client-id gi0/1")
        assert configured.block("interface GigabitEthernet0/0")[1] == " ip address dhcp client-id GigabitEthernet0/1"


class TestTunnels:
    def test_they_are_shown_with_what_they_do_not_do_anyway(self) -> None:
        configured = Configured("router", "interface lo0", "interface tunnel 1", "tunnel mode gre ip", "keepalive")
        configured.type("tunnel source lo0", "tunnel destination 198.51.100.1", "tunnel key 7", "ip unnumbered lo0")
        assert configured.block("interface Tunnel1") == [
            "interface Tunnel1",
            " ip unnumbered Loopback0",
            " keepalive 10 3",
            " tunnel source Loopback0",
            " tunnel destination 198.51.100.1",
            " tunnel key 7",
        ]

    def test_one_to_many_has_no_one_end(self) -> None:
        configured = Configured("router", "interface tunnel 1", "tunnel destination 198.51.100.1")
        assert configured.type("tunnel mode gre multipoint").said.startswith("% Cannot set multipoint mode")


class TestFirstHop:
    def test_groups_are_shown_one_after_another(self) -> None:
        configured = Configured("router", *VLAN_10, "standby version 2", "standby 20 priority 90")
        configured.type("standby 20 ip 192.0.2.1", "standby 20 track 2 decrement 10", "standby 20 track 1 shutdown")
        configured.type("standby 3 preempt", "standby 3 ip 192.0.2.3", "standby 3 timers 3 10", "standby ip 192.0.2.4")
        assert configured.block("interface GigabitEthernet0/0")[2:-1] == [
            " standby version 2",
            " standby 0 ip 192.0.2.4",
            " standby 3 ip 192.0.2.3",
            " standby 3 preempt",
            " standby 20 ip 192.0.2.1",
            " standby 20 priority 90",
            " standby 20 track 1 shutdown",
            " standby 20 track 2",
        ]

    def test_version_1_has_256_groups(self) -> None:
        configured = Configured("router", *VLAN_10, "standby 256 ip 192.0.2.1")
        assert configured.said.endswith(INVALID)
        configured.type("standby version 2", "standby 256 ip 192.0.2.1", "no standby version")
        assert configured.said.startswith("% Version 1 does not support")

    def test_a_group_goes_by_one_line(self) -> None:
        configured = Configured("router", *VLAN_10, "standby 1 ip 192.0.2.1", "standby 1 priority 90")
        configured.type("standby 11 ip 192.0.2.11", "no standby 1")
        assert [line for line in configured.block("interface GigabitEthernet0/0") if "standby" in line] == [
            " standby 11 ip 192.0.2.11"
        ]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("standby 1 ip 198.51.100.1", "% Warning: address is not within a subnet on this interface"),
            ("standby 1 ip 192.0.2.2", "% Address cannot equal interface IP address"),
            ("vrrp 1 ip 192.0.2.2", ""),
            ("standby 1", "% Incomplete command."),
        ],
    )
    def test_addresses_are_checked(self, line: str, said: str) -> None:
        assert Configured("router", *VLAN_10, line).said == said

    def test_a_key_is_obscured_where_passwords_are(self) -> None:
        configured = Configured("router", *VLAN_10, "standby 1 authentication md5 key-string word")
        assert configured.has(" standby 1 authentication md5 key-string word")
        configured.type("service password-encryption", "interface gi0/0", "vrrp 1 authentication md5 key-string word")
        shown = [line for line in configured.block("interface GigabitEthernet0/0") if "vrrp" in line]
        assert shown[0].startswith(" vrrp 1 authentication md5 key-string 7 ")

    def test_vrrp_preempts_unless_it_is_told_not_to(self) -> None:
        configured = Configured("router", *VLAN_10, "vrrp 1 ip 192.0.2.1", "no vrrp 1 preempt")
        assert configured.has(" no vrrp 1 preempt")
        configured.type("vrrp 1 preempt")
        assert not any("preempt" in line for line in configured.block("interface GigabitEthernet0/0"))


class TestNat:
    POOL = "ip nat pool P 203.0.113.10 203.0.113.20 prefix-length 24"

    def test_a_pool_in_use_stays_as_it_is(self) -> None:
        configured = Configured("router", self.POOL, "ip nat inside source list 1 pool P overload", "no ip nat pool P")
        assert configured.said == "%Pool P in use, cannot destroy"
        configured.type("ip nat pool P 203.0.113.10 203.0.113.30 prefix-length 24")
        assert configured.said == "%Pool P in use, cannot redefine"
        configured.type("no ip nat inside source list 1 pool P overload", "no ip nat pool P")
        assert not any("ip nat" in line for line in configured.device.running_config().split("\n"))

    @pytest.mark.parametrize(
        ("line", "what"),
        [
            ("ip nat inside source list 1 pool P overload", "Dynamic mapping"),
            ("ip nat inside source static 10.0.0.1 203.0.113.1", "Static entry"),
        ],
    )
    def test_what_translates_goes_when_it_is_asked_for_twice(self, line: str, what: str) -> None:
        sides = ("interface gi0/0", "ip nat inside", "no shutdown", "interface gi0/1", "ip nat outside", "no shutdown")
        configured = Configured("router", self.POOL, line, *sides)
        assert configured.type(f"no {line}", "").said == f"%{what} in use, cannot remove"
        assert configured.has(line)
        assert not configured.type(f"no {line}", "yes").has(line)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("ip nat pool P 203.0.113.10 203.0.113.9 prefix-length 24", "%End address less than start address"),
            (
                "ip nat pool P 203.0.113.10 203.0.114.9 prefix-length 24",
                "%Start and end addresses on different subnets",
            ),
        ],
    )
    def test_pools_are_checked(self, line: str, said: str) -> None:
        assert Configured("router", line).said == said

    def test_what_ios_adds_is_shown(self) -> None:
        configured = Configured("router", "ip nat inside source list 1 interface gi0/0")
        assert configured.has("ip nat inside source list 1 interface GigabitEthernet0/0 overload")
        configured.type("ip nat inside source static tcp 10.0.0.1 80 203.0.113.1 8080")
        assert configured.has("ip nat inside source static tcp 10.0.0.1 80 203.0.113.1 8080 extendable")

    @pytest.mark.parametrize("line", ["10.0.0.2 203.0.113.1", "10.0.0.1 203.0.113.2"])
    def test_an_address_is_translated_once(self, line: str) -> None:
        configured = Configured("router", "ip nat inside source static 10.0.0.1 203.0.113.1")
        configured.type(f"ip nat inside source static {line}")
        assert configured.said == "% similar static entry (10.0.0.1 -> 203.0.113.1) already exists"

    def test_the_usual_times_are_not_shown(self) -> None:
        configured = Configured("router", "ip nat translation udp-timeout 60", "ip nat translation udp-timeout 300")
        configured.type("ip nat translation max-entries 100", "ip nat translation max-entries all-vrf 10")
        assert [line for line in configured.device.running_config().split("\n") if "ip nat" in line] == [
            "ip nat translation max-entries 100",
            "ip nat translation max-entries all-vrf 10",
        ]


def test_a_switch_takes_a_duplex_for_a_fixed_speed_only() -> None:
    configured = Configured("switch", "interface gi0/1", "duplex full")
    assert configured.said == "Duplex will not be set until speed is set to non-auto value"
    assert configured.type("speed 100", "duplex full").has(" duplex full")


def test_a_second_policy_is_refused_while_the_first_is_attached() -> None:
    policies = ("policy-map A", "policy-map B", "interface gi0/0")
    configured = Configured("router", *policies, "service-policy output A", "service-policy output B")
    assert configured.said == "Policy map A is already attached"
    assert configured.type("no service-policy output A", "service-policy output B").has(" service-policy output B")

"""What lines about addresses, routing, access lists, terminals, secrets and banners do on a simulated device."""

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import DeviceKind, LabCredentials, LabDevice, Platform, VtpMode
from cimnet_nornir.lab.storage import MemoryStorage


def device(
    kind: DeviceKind = "switch", platform: Platform = "ios", *, startup: str = "", vtp_mode: VtpMode = "transparent"
) -> Device:
    ports = tuple(f"GigabitEthernet0/{number}" for number in (range(3) if kind == "router" else range(1, 5)))
    declared = LabDevice("R1", platform, kind, ports, startup=startup, vtp_mode=vtp_mode)
    return Device(declared, LabCredentials("admin", "word"), MemoryStorage())


class Configured:
    """A device in configuration mode, and what it said to the last line."""

    def __init__(self, kind: DeviceKind, *lines: str, platform: Platform = "ios", vtp_mode: VtpMode = "transparent"):
        self.device = device(kind, platform, vtp_mode=vtp_mode)
        self.session = Session(self.device, "admin")
        self.session.feed("configure terminal")
        self.said = ""
        self.type(*lines)

    def type(self, *lines: str) -> "Configured":
        for line in lines:
            self.said = self.session.feed(line).text.rstrip("\n")
        return self

    def block(self, first: str) -> list[str]:
        """The lines of the running configuration from `first` to the next `!`."""
        lines = self.device.running_config().split("\n")
        start = lines.index(first)
        return lines[start : lines.index("!", start)]

    def has(self, line: str) -> bool:
        return line in self.device.running_config().split("\n")


class TestAddresses:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("ip address 10.0.0.0 255.255.255.0", "Bad mask /24 for address 10.0.0.0"),
            ("ip address 10.0.0.255 255.255.255.0", "Bad mask /24 for address 10.0.0.255"),
            ("ip address 10.0.0.1 255.0.255.0", "Bad mask 0xFF00FF00 for address 10.0.0.1"),
            ("ip address 10.0.0.1 0.0.0.0", "Bad mask 0x0 for address 10.0.0.1"),
            ("ip address 10.0.0.0 255.255.255.254", ""),
        ],
    )
    def test_masks_are_checked(self, line: str, said: str) -> None:
        assert Configured("router", "interface gi0/0", line).said == said

    def test_networks_of_two_interfaces_do_not_overlap(self) -> None:
        configured = Configured(
            "l3switch", "interface vlan 20", "ip address 10.0.0.1 255.255.255.0", "interface vlan 30"
        )
        assert configured.type("ip address 10.0.0.129 255.255.255.128").said == "% 10.0.0.128 overlaps with Vlan20"

    def test_secondary_addresses_add_and_are_removed_singly(self) -> None:
        configured = Configured(
            "router",
            "interface gi0/0",
            "ip address 10.0.0.1 255.255.255.0",
            "ip address 10.0.1.1 255.255.255.0 secondary",
            "ip address 10.0.0.2 255.255.255.0",
        )
        assert configured.block("interface GigabitEthernet0/0")[1:3] == [
            " ip address 10.0.1.1 255.255.255.0 secondary",
            " ip address 10.0.0.2 255.255.255.0",
        ]
        assert (
            configured.type("no ip address 10.0.0.2 255.255.255.0").said
            == "Must delete secondary before deleting primary"
        )
        assert configured.type("no ip address 10.0.1.1 255.255.255.0 secondary").said == ""
        assert configured.type("no ip address 10.9.9.9 255.255.255.0").said == "Invalid address"
        assert configured.type("no ip address").block("interface GigabitEthernet0/0")[1:] == [
            " no ip address",
            " shutdown",
        ]

    def test_no_ip_address_takes_the_secondary_ones_too(self) -> None:
        lines = ["ip address 10.0.0.1 255.255.255.0", "ip address 10.0.1.1 255.255.255.0 secondary", "no ip address"]
        configured = Configured("router", "interface gi0/0", *lines)
        assert configured.block("interface GigabitEthernet0/0")[1] == " no ip address"

    def test_the_caret_of_an_address_stands_under_the_wrong_octet(self) -> None:
        said = Configured("router", "interface gi0/0", "ip address 10.0.0.300 255.255.255.0").said
        assert said.split("\n")[0].index("^") == len("R1(config-if)#ip address 10.0.0.")

    def test_a_static_route_has_its_host_bits_clear(self) -> None:
        assert Configured("router", "ip route 10.0.0.1 255.0.0.0 10.1.1.1").said == "%Inconsistent address and mask"

    def test_helpers_add(self) -> None:
        configured = Configured("router", "interface gi0/0", "ip helper-address 10.0.0.1", "ip helper-address 10.0.0.2")
        assert configured.type("no ip helper-address 10.0.0.1").has(" ip helper-address 10.0.0.2")
        assert not configured.type("no ip helper-address").has(" ip helper-address 10.0.0.2")


class TestRoutingProtocols:
    def test_ospf_on_a_switch_needs_routing(self) -> None:
        configured = Configured("l3switch", "router ospf 1")
        assert configured.said == "IP routing not enabled"
        assert configured.type("ip routing", "router ospf 1").session.prompt == "R1(config-router)#"

    def test_an_interface_in_an_area_starts_the_process(self) -> None:
        configured = Configured("router", "interface gi0/0", "ip ospf 7 area 0")
        assert configured.has("router ospf 7")
        assert not configured.type("no router ospf 7").has(" ip ospf 7 area 0")

    def test_passive_default_has_exceptions(self) -> None:
        configured = Configured("router", "router ospf 1", "passive-interface gi0/0", "passive-interface default")
        configured.type("no passive-interface gi0/1")
        assert configured.block("router ospf 1")[1:] == [
            " passive-interface default",
            " no passive-interface GigabitEthernet0/1",
        ]
        configured.type("passive-interface gi0/1")
        assert configured.block("router ospf 1")[1:] == [" passive-interface default"]
        configured.type("no passive-interface default", "passive-interface gi0/2", "no passive-interface gi0/2")
        assert configured.block("router ospf 1")[1:] == []

    def test_networks_lose_their_host_bits(self) -> None:
        configured = Configured(
            "router", "router ospf 1", "network 10.0.0.77 0.0.0.255 area 0.0.0.1", "router-id 1.1.1.1"
        )
        assert configured.block("router ospf 1")[1:] == [
            " router-id 1.1.1.1",
            " network 10.0.0.0 0.0.0.255 area 0.0.0.1",
        ]

    def test_a_network_is_removed_however_it_was_written(self) -> None:
        configured = Configured(
            "router", "router ospf 1", "network 10.0.0.0 0.0.0.255 area 0", "no network 10.0.0.9 0.0.0.255 area 0"
        )
        assert configured.block("router ospf 1")[1:] == []

    def test_a_default_reference_bandwidth_is_not_shown(self) -> None:
        assert (
            Configured("router", "router ospf 1", "auto-cost reference-bandwidth 100").block("router ospf 1")[1:] == []
        )

    def test_the_reference_bandwidth_warns(self) -> None:
        configured = Configured("router", "router ospf 1", "auto-cost reference-bandwidth 10000")
        assert configured.said.startswith("% OSPF: Reference bandwidth is changed.")
        assert "Reference bandwidth" in configured.type("no auto-cost reference-bandwidth").said
        assert configured.block("router ospf 1")[1:] == []

    def test_bgp_keeps_neighbours_and_families(self) -> None:
        configured = Configured(
            "router",
            "router bgp 65001",
            "neighbor 10.0.0.2 remote-as 65002",
            "neighbor 10.0.0.2 description the other side",
            "address-family ipv4",
            "neighbor 10.0.0.2 activate",
            "network 10.1.0.0 mask 255.255.0.0",
            "exit-address-family",
        )
        assert configured.said == ""
        assert configured.session.prompt == "R1(config-router)#"
        assert configured.block("router bgp 65001")[1:] == [
            " bgp log-neighbor-changes",
            " neighbor 10.0.0.2 remote-as 65002",
            " neighbor 10.0.0.2 description the other side",
            " address-family ipv4",
            "  network 10.1.0.0 mask 255.255.0.0",
            "  neighbor 10.0.0.2 activate",
            " exit-address-family",
        ]
        configured.type("no neighbor 10.0.0.2 remote-as 65002")
        assert not configured.has("  neighbor 10.0.0.2 activate")

    def test_what_belongs_to_ipv4_moves_into_its_family(self) -> None:
        lines = [
            "router bgp 65001",
            "neighbor 10.0.0.3 remote-as 65001",
            "neighbor 10.0.0.3 next-hop-self",
            "neighbor 10.0.0.2 remote-as 65002",
            "neighbor 10.0.0.2 update-source lo0",
            "neighbor 10.0.0.2 ebgp-multihop 2",
            "network 10.1.0.0 mask 255.255.0.0",
            "network 10.0.0.0 mask 255.0.0.0",
        ]
        configured = Configured("router", *lines)
        assert configured.block("router bgp 65001")[1:] == [
            " bgp log-neighbor-changes",
            " network 10.0.0.0",
            " network 10.1.0.0 mask 255.255.0.0",
            " neighbor 10.0.0.2 remote-as 65002",
            " neighbor 10.0.0.2 ebgp-multihop 2",
            " neighbor 10.0.0.2 update-source Loopback0",
            " neighbor 10.0.0.3 remote-as 65001",
            " neighbor 10.0.0.3 next-hop-self",
        ]
        configured.type("address-family ipv4 unicast", "no network 10.0.0.0", "exit-address-family")
        configured.type("neighbor 10.0.0.9 remote-as 65009", "network 192.0.2.0", "no neighbor 10.0.0.3 next-hop-self")
        configured.type("maximum-paths 2", "auto-summary", "no auto-summary")
        assert configured.said == ""
        assert configured.block("router bgp 65001")[7:] == [
            " address-family ipv4",
            "  network 10.1.0.0 mask 255.255.0.0",
            "  network 192.0.2.0",
            "  neighbor 10.0.0.2 activate",
            "  neighbor 10.0.0.3 activate",
            "  neighbor 10.0.0.9 activate",
            "  maximum-paths 2",
            " exit-address-family",
        ]
        configured.type("no neighbor 10.0.0.2", "no network 192.0.2.0", "no address-family ipv4")
        assert configured.block("router bgp 65001")[2:] == [
            " neighbor 10.0.0.3 remote-as 65001",
            " neighbor 10.0.0.9 remote-as 65009",
        ]

    def test_a_neighbour_is_not_the_device_itself(self) -> None:
        lines = ["interface lo0", "ip address 10.0.0.1 255.255.255.255", "router bgp 65001"]
        configured = Configured("router", *lines, "neighbor 10.0.0.1 remote-as 65002")
        assert configured.said == "% Cannot configure the local system as neighbor"

    @pytest.mark.parametrize("process", ["router bgp 1", "router eigrp 1"])
    def test_a_switch_that_does_not_route_runs_no_protocol(self, process: str) -> None:
        assert Configured("l3switch", process).said == "IP routing not enabled"
        assert Configured("l3switch", "ip routing", process).said == ""

    def test_eigrp_shows_networks_by_their_class(self) -> None:
        lines = [
            "router eigrp 100",
            "eigrp router-id 10.0.0.1",
            "passive-interface lo0",
            "network 172.16.0.0 0.0.255.255",
            "network 10.1.0.7 0.0.0.255",
            "network 0.0.0.0 255.255.255.255",
            "network 192.0.2.1 0.0.0.0",
        ]
        configured = Configured("router", *lines)
        assert configured.said == ""
        assert configured.block("router eigrp 100")[1:] == [
            " network 0.0.0.0",
            " network 10.1.0.0 0.0.0.255",
            " network 172.16.0.0",
            " network 192.0.2.1 0.0.0.0",
            " passive-interface Loopback0",
            " eigrp router-id 10.0.0.1",
        ]
        configured.type("no network 172.16.0.0", "no network 0.0.0.0", "no passive-interface lo0", "no eigrp router-id")
        assert configured.block("router eigrp 100")[1:] == [" network 10.1.0.0 0.0.0.255", " network 192.0.2.1 0.0.0.0"]
        assert not configured.type("no router eigrp 100").has("router eigrp 100")

    def test_bgp_wants_the_neighbours_number_first_and_is_one(self) -> None:
        configured = Configured("router", "router bgp 65001", "neighbor 10.0.0.2 weight 5")
        assert configured.said == "% Specify remote-as or peer-group commands first"
        assert configured.type("router bgp 65002").said == "BGP is already running; AS is 65001"


class TestAccessLists:
    def test_entries_are_numbered_by_ten(self) -> None:
        lines = [
            "ip access-list extended WEB",
            "permit tcp any host 10.0.0.1 eq 80",
            "remark rest",
            "deny ip any any log",
        ]
        configured = Configured("router", *lines, "15 permit udp any any eq 123", "exit", "do show access-lists WEB")
        assert configured.said.split("\n") == [
            "Extended IP access list WEB",
            "    10 permit tcp any host 10.0.0.1 eq www",
            "    15 permit udp any any eq ntp",
            "    20 deny ip any any log",
        ]

    def test_entries_are_numbered_anew_and_remarks_stay_where_they_are(self) -> None:
        lines = [
            "ip access-list extended WEB",
            "remark web",
            "permit tcp any any eq 80",
            "remark rest",
            "deny ip any any",
        ]
        configured = Configured("router", *lines, "ip access-list resequence WEB 100 5", "ip access-list extended WEB")
        configured.type("102 permit tcp any any eq 443", "no deny ip any any", "no remark web", "permit 1 any any")
        assert configured.said == ""
        shown = [" permit tcp any any eq www", " remark rest", " permit tcp any any eq 443", " permit icmp any any"]
        assert configured.block("ip access-list extended WEB")[1:] == shown
        assert configured.type("ip access-list resequence NONE 1 1").said == "% Access list does not exist"

    def test_xe_numbers_remarks_and_shows_a_numbered_list_as_a_section(self) -> None:
        lines = ["ip access-list standard 10", "remark peers", "permit 10.0.0.1 0.0.0.0"]
        configured = Configured("router", *lines, "ip access-list resequence 10 5 5", platform="iosxe")
        assert configured.block("ip access-list standard 10")[1:] == [" 5 remark peers", " 10 permit 10.0.0.1"]

    def test_xe_shows_the_numbers(self) -> None:
        configured = Configured("router", "ip access-list standard A", "permit host 10.0.0.1", platform="iosxe")
        assert configured.block("ip access-list standard A")[1:] == [" 10 permit 10.0.0.1"]

    def test_entries_go_by_number_and_by_text(self) -> None:
        lines = ["ip access-list standard A", "permit 10.0.0.1", "permit 10.0.0.2", "permit 10.0.0.3", "no 10"]
        configured = Configured("router", *lines, "no permit 10.0.0.2")
        assert configured.block("ip access-list standard A")[1:] == [" permit 10.0.0.3"]

    def test_the_same_entry_twice_is_one(self) -> None:
        configured = Configured("router", "ip access-list standard A", "permit any", "permit any", "10 deny any")
        assert configured.said == "% Duplicate sequence number"
        assert configured.block("ip access-list standard A")[1:] == [" permit any"]

    def test_a_name_is_of_one_kind(self) -> None:
        configured = Configured("router", "ip access-list standard A", "ip access-list extended A")
        assert configured.said == "% A named standard IP access list with this name already exists"

    def test_numbered_lists_are_shown_line_by_line(self) -> None:
        lines = [
            "access-list 10 permit 10.0.0.0 0.0.0.255",
            "access-list 10 remark all else",
            "access-list 10 deny any",
        ]
        configured = Configured("switch", *lines, "access-list 101 permit ip 0.0.0.0 255.255.255.255 10.0.0.1 0.0.0.0")
        assert [line for line in lines if not configured.has(line)] == []
        assert configured.has("access-list 101 permit ip any host 10.0.0.1")


class TestLines:
    def test_the_sixteen_terminals_are_shown_in_two_groups(self) -> None:
        configured = Configured("switch", "line vty 0 15", "transport input ssh telnet", "exec-timeout 5")
        expected = [" exec-timeout 5 0", " transport input telnet ssh"]
        assert configured.block("line vty 0 4")[1:] == expected
        assert configured.block("line vty 5 15")[1:] == expected

    @pytest.mark.parametrize(
        ("kind", "line", "number"),
        [
            ("router", "line vty 3", 5),
            ("switch", "line vty 3", 4),
            ("router", "line aux 0", 1),
            ("switch", "line con 0", 0),
        ],
    )
    def test_one_that_asks_for_a_password_that_is_not_there_says_so(
        self, kind: DeviceKind, line: str, number: int
    ) -> None:
        configured = Configured(kind, line, "login")
        assert configured.said == f"% Login disabled on line {number}, until 'password' is set"
        assert configured.type("password word", "login").said == ""

    def test_one_that_differs_parts_its_group(self) -> None:
        configured = Configured("switch", "line vty 2", "login local")
        assert configured.block("line vty 0 1")[1:] == []
        assert configured.block("line vty 2")[1:] == [" login local"]
        assert configured.block("line vty 3 4")[1:] == []

    def test_the_first_five_stay(self) -> None:
        configured = Configured("switch", "no line vty 0 4")
        assert configured.said == "% Can't delete last 5 VTY lines"
        assert not configured.type("no line vty 5").has("line vty 5 15")

    def test_a_protocol_it_does_not_know_is_invalid(self) -> None:
        assert "% Invalid" in Configured("switch", "line vty 0 4", "transport input pigeon").said
        assert "% Invalid" in Configured("switch", "line vty 4 0").said

    def test_the_console_takes_lines(self) -> None:
        configured = Configured("switch", "line console 0", "logging synchronous")
        assert configured.block("line con 0")[1:] == [" logging synchronous"]


class TestSecrets:
    def test_no_secret_is_shown(self) -> None:
        configured = Configured(
            "switch",
            "service password-encryption",
            "username bob privilege 15 secret very-private",
            "enable secret more-private",
            "enable password other-private",
            "username eve password third-private",
            "line con 0",
            "password fourth-private",
        )
        text = configured.device.running_config()
        assert "private" not in text
        assert "username bob privilege 15 secret 9 $9$" in text
        assert "enable secret 9 $9$" in text

    def test_configured_users_may_log_in(self) -> None:
        configured = Configured("switch", "username bob privilege 15 secret one", "username eve password two")
        accepts = configured.device.accepts
        assert [accepts("bob", "one"), accepts("bob", "two"), accepts("eve", "two"), accepts("nobody", "")] == [
            True,
            False,
            True,
            False,
        ]
        assert [configured.device.level_of("bob"), configured.device.level_of("eve")] == [15, 1]
        again = device(startup=configured.device.running_config())
        assert again.accepts("bob", "one")

    def test_the_algorithm_may_be_chosen(self) -> None:
        configured = Configured(
            "switch", "username bob algorithm-type scrypt secret one", "enable algorithm-type sha256 secret two"
        )
        assert configured.device.accepts("bob", "one")
        assert configured.device.accepts_enable("two")

    def test_a_stored_secret_is_taken_as_it_is(self) -> None:
        configured = Configured("switch", "username bob secret 5 $1$abcd$0123456789", "enable secret word")
        assert configured.has("username bob secret 5 $1$abcd$0123456789")
        assert not configured.device.accepts("bob", "$1$abcd$0123456789")
        assert configured.device.accepts_enable("word")

    def test_a_user_is_removed_after_a_question(self) -> None:
        configured = Configured("switch", "username bob secret one", "no username bob")
        assert configured.session.asking
        assert not configured.type("y").device.accepts("bob", "one")
        assert configured.type("no username bob").said == ""

    def test_keys_want_a_domain_and_ask_for_their_size(self) -> None:
        configured = Configured("switch", "crypto key generate rsa")
        assert configured.said == "% Please define a domain-name first."
        configured.type("ip domain-name x.example", "crypto key generate rsa")
        assert configured.said.startswith("The name for the keys will be: R1.x.example")
        assert configured.type("2048").said.startswith("% Generating 2048 bit RSA keys")
        assert "% A decimal number" in configured.type("crypto key generate rsa", "9").said
        assert "Generating 1024" in configured.type("crypto key generate rsa modulus 1024").said
        assert "All keys will be removed" in configured.type("crypto key zeroize rsa").said
        assert configured.type("yes").session.prompt == "R1(config)#"


class TestBanners:
    def test_several_lines_go_on_to_the_delimiter(self) -> None:
        configured = Configured("switch", "banner motd #first", "second", "third#")
        assert configured.session.prompt == "R1(config)#"
        assert configured.block("banner motd ^Cfirst") == ["banner motd ^Cfirst", "second", "third^C"]

    def test_it_greets_after_a_reload(self) -> None:
        configured = Configured("switch", "banner motd ^C", "keep out", "^C")
        configured.device.save()
        configured.device.boot()
        assert "keep out" in Session(configured.device, "admin").greet().text

    def test_the_control_character_delimits(self) -> None:
        assert Configured("switch", "banner login \x03private\x03").has("banner login ^Cprivate^C")

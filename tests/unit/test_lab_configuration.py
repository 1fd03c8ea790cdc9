"""What configuration lines do on a simulated device: merge semantics, VLANs, interfaces, switch ports."""

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


@pytest.mark.parametrize(
    ("kind", "lines", "shown"),
    [
        ("switch", ["hostname A", "hostname B"], ["hostname B"]),
        (
            "switch",
            ["ntp server 1.1.1.1", "ntp server 2.2.2.2 prefer"],
            ["ntp server 1.1.1.1", "ntp server 2.2.2.2 prefer"],
        ),
        ("switch", ["ip domain-name a.example", "ip domain-name b.example"], ["ip domain-name b.example"]),
        ("switch", ["no ip domain-lookup"], ["no ip domain-lookup"]),
        ("switch", ["logging 10.0.0.1"], ["logging host 10.0.0.1"]),
        ("switch", ["snmp-server community word RO 10"], ["snmp-server community word RO 10"]),
        ("switch", ["ip default-gateway 10.0.0.1"], ["ip default-gateway 10.0.0.1"]),
        ("switch", ["service password-encryption"], ["service password-encryption"]),
        ("switch", ["no cdp run", "lldp run"], ["no cdp run", "lldp run"]),
        ("switch", ["ip ssh version 2", "ip scp server enable"], ["ip ssh version 2", "ip scp server enable"]),
        ("switch", ["spanning-tree mode rapid-pvst"], ["spanning-tree mode rapid-pvst"]),
        ("router", ["ip route 10.0.0.0 255.0.0.0 Null0 250"], ["ip route 10.0.0.0 255.0.0.0 Null0 250"]),
        ("router", ["ip route 0.0.0.0 0.0.0.0 10.0.0.1 name up"], ["ip route 0.0.0.0 0.0.0.0 10.0.0.1 name up"]),
        ("router", ["no ip routing"], ["no ip routing"]),
        ("l3switch", ["ip routing"], ["ip routing"]),
        ("switch", ["file prompt quiet"], ["file prompt quiet"]),
        ("router", ["route-map RM", "match ip address 10"], ["route-map RM permit 10", " match ip address 10"]),
        ("switch", ["archive", "path flash:a", "maximum 5"], ["archive", " path flash:a", " maximum 5"]),
        ("router", ["ip dhcp pool P", "network 10.0.0.0 /24"], ["ip dhcp pool P", " network 10.0.0.0 255.255.255.0"]),
    ],
)
def test_lines_are_kept_as_ios_shows_them(kind: DeviceKind, lines: list[str], shown: list[str]) -> None:
    configured = Configured(kind, *lines)
    assert configured.said == ""
    assert [line for line in shown if not configured.has(line)] == []


@pytest.mark.parametrize(
    ("lines", "gone"),
    [
        (["ntp server 1.1.1.1", "no ntp server 1.1.1.1"], "ntp server 1.1.1.1"),
        (["hostname OTHER", "no hostname"], "hostname OTHER"),
        (["cdp run", "no cdp run", "cdp run"], "no cdp run"),
        (["ip domain-name x.example", "no ip domain-name"], "ip domain-name x.example"),
        (["ip domain-name x.example", "no ip domain-name x.example"], "ip domain-name x.example"),
        (["snmp-server location here", "default snmp-server location"], "snmp-server location here"),
        (
            ["spanning-tree vlan 10 priority 4096", "no spanning-tree vlan 10 priority"],
            "spanning-tree vlan 10 priority 4096",
        ),
        (["banner motd #x#", "no banner motd"], "banner motd ^Cx^C"),
        (
            ["ip access-list standard A", "permit any", "exit", "no ip access-list standard A"],
            "ip access-list standard A",
        ),
        (["access-list 10 permit any", "no access-list 10"], "access-list 10 permit any"),
        (
            ["ip route 10.0.0.0 255.0.0.0 10.0.0.1", "no ip route 10.0.0.0 255.0.0.0"],
            "ip route 10.0.0.0 255.0.0.0 10.0.0.1",
        ),
    ],
)
def test_no_takes_a_line_back(lines: list[str], gone: str) -> None:
    configured = Configured("switch", *lines)
    assert configured.said == ""
    assert not configured.has(gone)


@pytest.mark.parametrize(("platform", "joint"), [("ios", "-"), ("iosxe", " ")])
def test_each_platform_writes_its_form_of_domain_lines_and_reads_both(platform: Platform, joint: str) -> None:
    for form in ("-", " "):
        configured = Configured(
            "switch", f"ip domain{form}name x.example", f"no ip domain{form}lookup", platform=platform
        )
        assert configured.has(f"ip domain{joint}name x.example")
        assert configured.has(f"no ip domain{joint}lookup")
        assert not configured.type(f"ip domain{form}lookup").has(f"no ip domain{joint}lookup")


def test_no_of_something_absent_is_accepted() -> None:
    assert Configured("switch", "no ntp server 9.9.9.9", "no vlan 77", "no ip access-list standard X").said == ""


class TestVlans:
    def test_vlans_without_a_name_stand_in_one_line(self) -> None:
        configured = Configured("switch", "vlan 10", "vlan 20", "name LAST", "vlan 11-13")
        assert configured.block("vlan 10-13") == ["vlan 10-13"]
        assert configured.block("vlan 20") == ["vlan 20", " name LAST"]

    def test_two_vlans_have_two_names(self) -> None:
        assert Configured("switch", "vlan 10,20", "name SAME").said.startswith(
            "VLAN #20 and #10 have an identical name"
        )

    def test_default_vlans_stay(self) -> None:
        configured = Configured("switch", "no vlan 1,1002")
        assert configured.said == "%Default VLAN 1 may not be deleted.\n%Default VLAN 1002 may not be deleted."
        assert not configured.has("vlan 1")

    def test_several_are_removed_at_once(self) -> None:
        configured = Configured("switch", "vlan 10,20,30", "no vlan 10,20")
        assert configured.has("vlan 30")

    def test_a_number_out_of_range_is_refused(self) -> None:
        assert "out of the range 1..4094" in Configured("switch", "vlan 5000").said

    def test_a_client_takes_none(self) -> None:
        configured = Configured("switch", "vtp mode client", "vlan 10")
        assert configured.said == "%VTP VLAN configuration not allowed when device is in CLIENT mode."
        assert configured.type("no vlan 10").said == configured.said

    def test_a_server_keeps_them_out_of_the_configuration_and_over_a_reload(self) -> None:
        configured = Configured("switch", "vlan 10", "name KEPT", vtp_mode="server")
        assert not configured.has("vlan 10")
        configured.device.boot()
        assert configured.type("do show vlan brief").said.count("KEPT") == 1
        assert "Extended VLAN(s) not allowed" in configured.type("vlan 2000").said

    def test_the_mode_of_vtp_is_told(self) -> None:
        assert Configured("switch", "vtp mode off").said == "Setting device to VTP Off mode for VLANS."
        assert Configured("switch", "no vtp mode").said == "Setting device to VTP SERVER mode for VLANS."

    def test_vlan_1_keeps_its_name(self) -> None:
        assert "may not have its name changed" in Configured("switch", "vlan 1", "name NEW").said


class TestInterfaces:
    def test_physical_ones_stay(self) -> None:
        configured = Configured("switch", "no interface Gi0/1")
        assert configured.said == "% Removal of physical interfaces is not permitted"

    @pytest.mark.parametrize("name", ["Loopback7", "Vlan20", "Port-channel3", "Tunnel1"])
    def test_virtual_ones_come_and_go(self, name: str) -> None:
        configured = Configured("l3switch", f"interface {name}")
        assert configured.has(f"interface {name}")
        assert not configured.type("exit", f"no interface {name}").has(f"interface {name}")

    @pytest.mark.parametrize(
        "name", ["Vlan0", "Vlan4095", "Port-channel0", "GigabitEthernet0/9", "FastEthernet0/1", "Gi0/9.10"]
    )
    def test_what_cannot_exist_is_invalid(self, name: str) -> None:
        assert Configured("l3switch", f"interface {name}").said.endswith("% Invalid input detected at '^' marker.")

    def test_a_router_has_no_svi(self) -> None:
        assert "% Invalid" in Configured("router", "interface Vlan10").said

    def test_ports_of_a_router_start_shut_down(self) -> None:
        configured = Configured("router")
        assert configured.block("interface GigabitEthernet0/0")[1:] == [" no ip address", " shutdown"]
        assert configured.type("interface gi 0/0", "no shutdown").block("interface GigabitEthernet0/0")[1:] == [
            " no ip address"
        ]

    def test_what_is_up_stays_up_over_a_reload(self) -> None:
        configured = Configured("router", "interface gi0/0", "no shutdown")
        configured.device.save()
        configured.device.boot()
        assert configured.block("interface GigabitEthernet0/0") == ["interface GigabitEthernet0/0", " no ip address"]

    def test_a_range_sets_all_of_them(self) -> None:
        configured = Configured("switch", "interface range gi0/1 - 2 , gi0/4", "description same")
        shown = [
            number
            for number in range(1, 5)
            if " description same" in configured.block(f"interface GigabitEthernet0/{number}")
        ]
        assert shown == [1, 2, 4]
        assert configured.session.prompt == "R1(config-if-range)#"

    @pytest.mark.parametrize("text", ["gi0/1-9", "nonsense", "gi0/3-1"])
    def test_a_range_with_a_port_too_many_is_invalid(self, text: str) -> None:
        assert "% Invalid" in Configured("switch", f"interface range {text}").said

    def test_the_defaults_come_back(self) -> None:
        configured = Configured("router", "interface gi0/0", "no shutdown", "description x", "default interface gi0/0")
        assert configured.said == "Interface GigabitEthernet0/0 set to default configuration"
        assert configured.block("interface GigabitEthernet0/0")[1:] == [" no ip address", " shutdown"]
        assert Configured("switch", "default interface range gi0/1-2").said.count("set to default") == 2
        assert "% Invalid" in Configured("switch", "default interface vlan 99").said

    def test_defaults_of_values_are_not_shown(self) -> None:
        lines = ["mtu 1500", "speed auto", "duplex auto", "switchport access vlan 1", "switchport mode dynamic auto"]
        assert Configured("switch", "interface gi0/1", *lines).block("interface GigabitEthernet0/1")[1:] == []

    def test_subinterfaces_need_a_tag_before_an_address(self) -> None:
        configured = Configured("router", "interface gi0/0.10", "ip address 10.0.0.1 255.255.255.0")
        assert configured.said.startswith("% Configuring IP routing on a LAN subinterface is only allowed")
        configured.type("encapsulation dot1q 10", "ip address 10.0.0.1 255.255.255.0")
        assert configured.block("interface GigabitEthernet0/0.10")[1:] == [
            " encapsulation dot1Q 10",
            " ip address 10.0.0.1 255.255.255.0",
        ]


class TestSwitchport:
    def test_a_missing_vlan_is_made(self) -> None:
        configured = Configured("switch", "interface gi0/1", "switchport access vlan 30")
        assert configured.said == "% Access VLAN does not exist. Creating vlan 30"
        assert configured.has("vlan 30")
        assert configured.type("switchport voice vlan 31").said == "% Voice VLAN does not exist. Creating vlan 31"

    @pytest.mark.parametrize(
        ("lines", "shown"),
        [
            (["10,20,30"], "10,20,30"),
            (["10,20", "add 21,22"], "10,20-22"),
            (["10-20", "remove 15"], "10-14,16-20"),
            (["except 2-4094"], "1"),
            (["none"], "none"),
            (["none", "add 5"], "5"),
            (["10", "all"], None),
            (["10", "20"], "20"),
        ],
    )
    def test_the_allowed_list_is_computed(self, lines: list[str], shown: str | None) -> None:
        configured = Configured(
            "switch", "interface gi0/1", *(f"switchport trunk allowed vlan {line}" for line in lines)
        )
        expected = [f" switchport trunk allowed vlan {shown}"] if shown else []
        assert configured.block("interface GigabitEthernet0/1")[1:] == expected

    def test_a_long_list_wraps_and_loads_again(self) -> None:
        many = ",".join(str(number) for number in range(2, 300, 2))
        configured = Configured("switch", "interface gi0/1", f"switchport trunk allowed vlan {many}")
        block = configured.block("interface GigabitEthernet0/1")[1:]
        assert len(block) > 1
        assert all(len(line) <= 256 for line in block)
        assert block[1].startswith(" switchport trunk allowed vlan add ")
        again = device(startup=configured.device.running_config())
        assert again.running_config() == configured.device.running_config()

    def test_no_allowed_list_lets_all_through(self) -> None:
        configured = Configured(
            "switch", "interface gi0/1", "switchport trunk allowed vlan 5", "no switchport trunk allowed vlan"
        )
        assert configured.block("interface GigabitEthernet0/1")[1:] == []

    def test_a_port_that_may_be_isl_wants_its_encapsulation_first(self) -> None:
        configured = Configured("l3switch", "interface gi0/1", "switchport mode trunk")
        assert configured.said.startswith("Command rejected: An interface whose trunk encapsulation is")
        assert configured.type("switchport trunk encapsulation dot1q", "switchport mode trunk").said == ""
        assert "% Invalid" in Configured("switch", "interface gi0/1", "switchport trunk encapsulation dot1q").said

    def test_nonegotiate_needs_a_fixed_mode(self) -> None:
        configured = Configured("switch", "interface gi0/1", "switchport nonegotiate")
        assert configured.said == "Command rejected: Conflict between 'nonegotiate' and 'dynamic' status."
        assert configured.type("switchport mode trunk", "switchport nonegotiate").said == ""

    def test_a_port_becomes_routed_and_back(self) -> None:
        configured = Configured("l3switch", "interface gi0/1", "ip address 10.0.0.1 255.255.255.0")
        assert "% Invalid" in configured.said
        configured.type("no switchport", "ip address 10.0.0.1 255.255.255.0")
        assert configured.block("interface GigabitEthernet0/1")[1:] == [
            " no switchport",
            " ip address 10.0.0.1 255.255.255.0",
        ]
        assert configured.type("switchport").block("interface GigabitEthernet0/1")[1:] == []

    def test_a_channel_takes_over_its_first_ports_settings(self) -> None:
        configured = Configured("switch", "interface gi0/1", "switchport mode trunk", "channel-group 2 mode active")
        assert configured.said == "Creating a port-channel interface Port-channel 2"
        assert configured.block("interface Port-channel2")[1:] == [" switchport mode trunk"]
        assert configured.type("no channel-group").block("interface GigabitEthernet0/1")[1:] == [
            " switchport mode trunk"
        ]

    def test_portfast_warns(self) -> None:
        configured = Configured("switch", "interface gi0/1", "spanning-tree portfast")
        assert configured.said.startswith(
            "%Warning: portfast should only be enabled on ports connected to a single\n host."
        )
        assert "%Portfast has been configured on GigabitEthernet0/1" in configured.said
        assert "%Portfast has been" not in configured.type("spanning-tree portfast trunk").said
        assert configured.type("spanning-tree portfast disable").said == ""
        assert configured.type("spanning-tree portfast default").said.startswith(
            "%Warning: this command enables portfast"
        )


class TestSpanningTree:
    def test_a_priority_is_a_multiple_of_4096(self) -> None:
        said = Configured("switch", "spanning-tree vlan 10 priority 5000").said
        assert said.startswith("% Bridge Priority must be in increments of 4096.\n% Allowed values are:")

    def test_vlans_of_one_priority_share_a_line(self) -> None:
        lines = [
            "spanning-tree vlan 10,20 priority 4096",
            "spanning-tree vlan 30 priority 4096",
            "spanning-tree vlan 20 root secondary",
        ]
        configured = Configured("switch", *lines)
        assert configured.has("spanning-tree vlan 10,30 priority 4096")
        assert configured.has("spanning-tree vlan 20 priority 28672")
        assert not configured.type("no spanning-tree vlan 10,30 priority").has("spanning-tree vlan 10,30 priority 4096")

    def test_mst_has_a_mode_of_its_own(self) -> None:
        configured = Configured("switch", "spanning-tree mst configuration", "name REGION", "instance 1 vlan 10-20")
        assert configured.session.prompt == "R1(config-mst)#"
        assert configured.block("spanning-tree mst configuration")[1:] == [" name REGION", " instance 1 vlan 10-20"]


@pytest.mark.parametrize("platform", ["ios", "iosxe"])
def test_a_full_configuration_loads_into_itself(platform: Platform) -> None:
    configured = Configured(
        "l3switch",
        "hostname FULL",
        "ip routing",
        "vlan 10,20",
        "vlan 30",
        "name THIRTY",
        "banner motd #two",
        "lines#",
        "interface gi0/1",
        "no switchport",
        "ip address 10.0.0.1 255.255.255.0",
        "ip address 10.0.1.1 255.255.255.0 secondary",
        "interface gi0/2",
        "channel-group 1 mode active",
        "interface vlan 10",
        "ip address 10.0.10.1 255.255.255.0",
        "ip ospf 1 area 0",
        "router ospf 1",
        "passive-interface default",
        "no passive-interface vlan 10",
        "ip access-list extended WEB",
        "permit tcp any any eq 443",
        "access-list 10 permit any",
        "ip route 0.0.0.0 0.0.0.0 10.0.0.254",
        "line vty 0 15",
        "login local",
        "username bob privilege 15 secret word",
        platform=platform,
    )
    again = device("l3switch", platform, startup=configured.device.running_config())
    assert again.rejected == ()
    assert again.running_config() == configured.device.running_config()

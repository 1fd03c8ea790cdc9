"""What the services of a simulated device make of lines: logging, NTP, SNMP, DHCP, probes, tracking, the archive."""

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

_PLACES = (
    "ntp ",
    "no logging ",
    "logging ",
    "snmp-server ",
    "ip dhcp ",
    "ip sla ",
    "track ",
    "archive",
    "ip tcp",
    "alias ",
    "cdp ",
)


def router() -> Device:
    declared = LabDevice("R1", "ios", "router", ("GigabitEthernet0/0", "GigabitEthernet0/1"))
    return Device(declared, LabCredentials("admin", "word"), MemoryStorage())


class Typed:
    """A router after some lines, what it said to each, and what its running configuration has of services."""

    def __init__(self, *lines: str) -> None:
        self.device = router()
        self.session = Session(self.device, "admin")
        self.session.feed("configure terminal")
        self.said = [self.session.feed(line).text.strip() for line in lines]

    @property
    def shown(self) -> list[str]:
        """The lines of services, with what stands below them."""
        found: list[str] = []
        ours = False
        for line in self.device.running_config().split("\n"):
            ours = line.startswith(_PLACES) or (ours and line.startswith(" "))
            found += [line] if ours else []
        return found


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            ["ntp server 192.0.2.1 prefer source gi0/0 key 3"],
            ["ntp server 192.0.2.1 key 3 source GigabitEthernet0/0 prefer"],
        ),
        (
            ["ntp server vrf M 192.0.2.1", "ntp server 192.0.2.1"],
            ["ntp server vrf M 192.0.2.1", "ntp server 192.0.2.1"],
        ),
        (["ntp server vrf M 192.0.2.1", "no ntp server 192.0.2.1"], ["ntp server vrf M 192.0.2.1"]),
        (["ntp server 192.0.2.1 version 4"], ["ntp server 192.0.2.1"]),
        (["ntp authentication-key 1 md5 0822455D0A16 7"], ["ntp authentication-key 1 md5 0822455D0A16 7"]),
        (["ntp trusted-key 1", "ntp trusted-key 4 - 6", "no ntp trusted-key 1"], ["ntp trusted-key 4 - 6"]),
        (["ntp max-associations 100"], []),
        (["logging trap 6", "logging trap 4"], ["logging trap warnings"]),
        (["logging trap 4", "logging trap informational"], []),
        (["no logging console"], ["no logging console"]),
        (["no logging console", "logging console"], []),
        (["logging buffered 16384 debugging"], ["logging buffered 16384"]),
        (["logging host 192.0.2.1 transport udp port 514"], ["logging host 192.0.2.1"]),
        (
            ["logging 192.0.2.1", "logging host 192.0.2.1 vrf M transport tcp port 1514"],
            ["logging host 192.0.2.1", "logging host 192.0.2.1 vrf M transport tcp port 1514"],
        ),
        (["logging host 192.0.2.1 transport tcp port 99", "logging 192.0.2.1", "no logging 192.0.2.1"], []),
        (["logging host 192.0.2.1 vrf M", "no logging host 192.0.2.1"], ["logging host 192.0.2.1 vrf M"]),
        (["logging facility local7"], []),
        (["snmp-server community word"], ["snmp-server community word RO"]),
        (["snmp-server community word view V rw 10"], ["snmp-server community word view V RW 10"]),
        (["snmp-server view V 1.3.6.1.2.1 included"], ["snmp-server view V mib-2 included"]),
        (["snmp-server view V iso included", "no snmp-server view V 1"], []),
        (["snmp-server view V iso included", "snmp-server view V mib-2 excluded", "no snmp-server view V"], []),
        (
            ["snmp-server host 192.0.2.1 traps version 2c word config bgp"],
            ["snmp-server host 192.0.2.1 version 2c word  config bgp"],
        ),
        (["snmp-server host 192.0.2.1 version 1 word udp-port 162"], ["snmp-server host 192.0.2.1 word"]),
        (["snmp-server host 192.0.2.1 version 2c word", "no snmp-server host 192.0.2.1 version 2c word"], []),
        (
            ["snmp-server enable traps snmp"],
            ["snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart"],
        ),
        (
            ["snmp-server enable traps snmp linkup", "snmp-server enable traps snmp authentication"],
            ["snmp-server enable traps snmp authentication linkup"],
        ),
        (
            ["snmp-server enable traps envmon", "no snmp-server enable traps envmon fan status"],
            ["snmp-server enable traps envmon shutdown supply temperature"],
        ),
        (["snmp-server enable traps", "no snmp-server enable traps"], []),
        (["snmp-server group G v3 priv read V access 10"], ["snmp-server group G v3 priv read V access 10"]),
        (["ip dhcp excluded-address 10.0.0.1 10.0.0.1"], ["ip dhcp excluded-address 10.0.0.1"]),
        (
            ["ip dhcp excluded-address 10.0.0.1 10.0.0.9", "no ip dhcp excluded-address 10.0.0.1"],
            ["ip dhcp excluded-address 10.0.0.1 10.0.0.9"],
        ),
        (
            ["ip dhcp pool P", "network 10.0.0.7 /29", "lease 1 0 0"],
            ["ip dhcp pool P", " network 10.0.0.0 255.255.255.248"],
        ),
        (["ip dhcp pool P", "lease 0 12"], ["ip dhcp pool P", " lease 0 12"]),
        (["ip dhcp pool P", "lease infinite"], ["ip dhcp pool P", " lease infinite"]),
        (
            ["ip dhcp pool P", "host 10.0.0.7 /24", "client-identifier 01AA.bbcc.ddee.ff"],
            ["ip dhcp pool P", " host 10.0.0.7 255.255.255.0", " client-identifier 01aa.bbcc.ddee.ff"],
        ),
        (["archive", "exit"], []),
        (["archive", "maximum 10"], []),
        (
            ["archive", "log config", "logging enable", "notify syslog", "path flash:a"],
            [
                "archive",
                " log config",
                "  logging enable",
                "  notify syslog contenttype plaintext",
                " path flash:a",
            ],
        ),
        (["ip tcp synwait-time 30"], []),
        (["alias exec s show ip route", "alias exec s show version"], ["alias exec s show version"]),
        (["cdp timer 60", "cdp holdtime 200"], ["cdp holdtime 200"]),
    ],
)
def test_services_are_kept_as_ios_shows_them(typed: list[str], shown: list[str]) -> None:
    configured = Typed(*typed)
    assert [text for text in configured.said if text] == []
    assert configured.shown == shown


@pytest.mark.parametrize(
    "lines",
    [
        ["ntp server 192.0.2.1 prefer prefer"],
        ["ntp server 192.0.2.1 key"],
        ["ntp server 192.0.2.1 version 9"],
        ["logging trap loud"],
        ["snmp-server enable traps snmp everything"],
        ["no archive"],
        ["archive", "no log config"],
        ["ip dhcp pool P", "network 10.0.0.0 255.0.255.0"],
        ["ip dhcp pool P", "network 10.0.0.0 /33"],
        ["ip dhcp pool P", "network 10.0.0.0 /24", "host 10.0.0.1 /24"],
        ["ip dhcp pool P", "host 10.0.0.1 /24", "network 10.0.0.0 /24"],
        ["ip dhcp pool P", "hardware-address 0011.2233.4455"],
        ["ip sla schedule 7 start-time now"],
        ["ip sla 7", "icmp-echo 192.0.2.1", "ip sla schedule 7 start-time soon"],
        ["track 7"],
        ["track 7 interface GigabitEthernet0/9 line-protocol"],
        ["track 7 ip sla 1", "track 7 list boolean and"],
    ],
)
def test_lines_that_a_device_refuses(lines: list[str]) -> None:
    configured = Typed(*lines)
    assert [text for text in configured.said[:-1] if text] == []
    assert configured.said[-1].startswith(("%", "^"))


def test_a_key_of_ntp_is_stored_as_type_7_with_the_type_at_the_end() -> None:
    (line,) = Typed("ntp authentication-key 1 md5 word").shown
    assert line.startswith("ntp authentication-key 1 md5 ")
    assert line.endswith(" 7")
    assert "word" not in line


PROBE = ("ip sla 7", "icmp-echo 192.0.2.1 source-interface gi0/0", "tag far", "frequency 10", "exit")
SHOWN = ["ip sla 7", " icmp-echo 192.0.2.1 source-interface GigabitEthernet0/0", "  tag far", "  frequency 10"]


class TestProbe:
    def test_its_details_stand_below_its_type(self) -> None:
        assert Typed(*PROBE).shown == SHOWN

    def test_a_second_visit_leads_to_the_details(self) -> None:
        configured = Typed(*PROBE, "ip sla 7", "frequency 20")
        assert configured.said[-1] == ""
        assert configured.shown == [*SHOWN[:-1], "  frequency 20"]

    def test_one_that_runs_cannot_be_changed(self) -> None:
        configured = Typed(*PROBE, "ip sla schedule 7 start-time now life forever", "ip sla 7")
        assert configured.said[-1].startswith("Entry already running and cannot be modified")
        assert configured.shown == [*SHOWN, "ip sla schedule 7 life forever start-time now"]

    def test_one_that_runs_cannot_be_scheduled_again(self) -> None:
        configured = Typed(*PROBE, *["ip sla schedule 7 life forever start-time now"] * 2)
        assert configured.said[-1].startswith("Entry already running")

    def test_with_it_its_schedule_goes(self) -> None:
        assert Typed(*PROBE, "ip sla schedule 7 life forever start-time now", "no ip sla 7").shown == []

    def test_an_hour_is_not_shown_as_its_life(self) -> None:
        assert (
            Typed(*PROBE, "ip sla schedule 7 start-time now life 3600").shown[-1] == "ip sla schedule 7 start-time now"
        )

    def test_its_timeout_is_not_below_its_threshold(self) -> None:
        configured = Typed(*PROBE, "ip sla 7", "timeout 400")
        assert configured.said[-1].startswith("%Illegal Value")
        configured = Typed(*PROBE, "ip sla 7", "threshold 300", "timeout 400")
        assert configured.said[-1] == ""

    def test_its_timeout_is_not_above_the_time_between_two(self) -> None:
        assert Typed(*PROBE, "ip sla 7", "timeout 20000").said[-1].startswith("%Illegal Value")

    def test_what_goes_without_saying_is_not_shown(self) -> None:
        typed = ("ip sla 8", "udp-jitter 192.0.2.1 5000 num-packets 10 interval 40", "timeout 5000")
        assert Typed(*typed).shown == ["ip sla 8", " udp-jitter 192.0.2.1 5000 interval 40"]


class TestTrack:
    def test_its_delays_are_kept_by_direction(self) -> None:
        configured = Typed("track 1 interface gi0/0 line-protocol", "delay up 5", "delay down 3")
        assert configured.shown == ["track 1 interface GigabitEthernet0/0 line-protocol", " delay down 3 up 5"]

    def test_a_state_goes_without_saying(self) -> None:
        assert Typed("track 1 ip sla 7 state").shown == ["track 1 ip sla 7"]

    def test_its_number_leads_into_it(self) -> None:
        configured = Typed("track 1 list boolean and", "object 2", "exit", "track 1", "object 3 not")
        assert configured.shown == ["track 1 list boolean and", " object 2", " object 3 not"]


class TestUsersOfSnmp:
    USER = "snmp-server user eve ops v3 auth sha word priv aes 128 other access 10"

    def test_no_configuration_shows_them(self) -> None:
        assert Typed(self.USER).shown == []

    def test_show_snmp_user_tells_them_without_their_secrets(self) -> None:
        configured = Typed(self.USER, "end")
        text = configured.session.feed("show snmp user").text
        assert "User name: eve" in text
        assert "Privacy Protocol: AES128" in text
        assert "word" not in text

    def test_they_outlive_a_reload_and_a_replaced_configuration(self) -> None:
        configured = Typed(self.USER, "end")
        configured.device.replace_running(configured.device.running_config())
        configured.device.boot()
        assert "User name: eve" in configured.session.feed("show snmp user").text

    def test_one_that_is_removed_is_gone(self) -> None:
        configured = Typed(self.USER, "no snmp-server user eve ops v3", "end")
        assert "eve" not in configured.session.feed("show snmp user").text

    def test_with_another_engine_all_of_them_go(self) -> None:
        configured = Typed(self.USER, "snmp-server engineID local 80000009030011", "end")
        assert "eve" not in configured.session.feed("show snmp user").text

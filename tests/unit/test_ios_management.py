"""What cuts the way by which a push arrives, and what only looks like it."""

from ipaddress import IPv4Address

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Comparison
from cimnet_nornir.domain.device import Device
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.ios.management import cuts_management
from cimnet_nornir.ios.tree import Config, parse_config

ADDRESS = "10.0.99.11"
SVI = f"interface Vlan99\n ip address {ADDRESS} 255.255.255.0\n"
TRUNK = "interface GigabitEthernet0/{}\n switchport trunk allowed vlan {}\n switchport mode trunk\n"
ACCESS = "interface GigabitEthernet0/{}\n switchport access vlan {}\n switchport mode access\n"
DEFAULT = "ip route 0.0.0.0 0.0.0.0 10.0.99.1\n"
OPEN = " no shutdown\n"


@pytest.fixture
def switch(small: NetworkService) -> Device:
    """A layer-3 switch that is managed at an address in VLAN 99."""
    device = small.network().devices["sw1"]
    device.routing = True
    device.details = device.details.model_copy(update={"management": IPv4Address(ADDRESS)})
    return device


@pytest.fixture
def router(small: NetworkService) -> Device:
    device = small.network().devices["r1"]
    device.details = device.details.model_copy(update={"management": IPv4Address(ADDRESS)})
    return device


def compared(engine: IosEngine, device: Device, running: str, intended: str, *, formerly: str = "") -> Comparison:
    head = "hostname sw1\n"
    return engine.compare(device, head + running, head + intended, formerly=head + (formerly or running))


def test_what_is_in_sync_cuts_nothing(engine: IosEngine, switch: Device) -> None:
    text = SVI + "vlan 99\n" + TRUNK.format(4, "99") + DEFAULT
    found = compared(engine, switch, text, text)
    assert (found.cuts, found.warnings) == ((), ())


def cuts(engine: IosEngine, device: Device, running: str, intended: str) -> tuple[str, ...]:
    found = compared(engine, device, running, intended)
    assert found.commands, "nothing is sent, so nothing is proved"
    assert all(found.warnings.count(words) == 1 for words in found.cuts)
    return found.cuts


SVI_10 = f"interface Vlan10\n ip address {ADDRESS} 255.255.255.0\n"
ELSEWHERE = "interface Vlan99\n ip address 10.0.99.77 255.255.255.0\n"
TWO_TRUNKS = TRUNK.format(3, "10,99") + TRUNK.format(4, "10,99")


@pytest.mark.parametrize(
    ("running", "intended", "said"),
    [
        (SVI, ELSEWHERE + OPEN, f"takes away {ADDRESS} (interface Vlan99)"),
        (SVI, SVI_10 + OPEN, f"moves {ADDRESS} from interface Vlan99 to interface Vlan10"),
        (SVI, SVI + " shutdown\n", "shuts interface Vlan99"),
        (f"vlan 99\n{SVI}", "vlan 10\n" + SVI.replace("99\n", "99\n shutdown\n", 1), "shuts interface Vlan99"),
    ],
)
def test_an_address_that_goes_moves_or_is_shut_cuts(
    engine: IosEngine, switch: Device, running: str, intended: str, said: str
) -> None:
    assert any(said in words for words in cuts(engine, switch, running, intended))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (TRUNK.format(4, "10,99"), TRUNK.format(4, "10"), "takes vlan 99 off GigabitEthernet0/4, and no trunk is left"),
        (TRUNK.format(4, "10,99"), TRUNK.format(4, "10,99") + " shutdown\n", "off GigabitEthernet0/4"),
        (TRUNK.format(4, "10,99"), ACCESS.format(4, 10), "off GigabitEthernet0/4"),
        (TWO_TRUNKS, TRUNK.format(3, "10") + TRUNK.format(4, "none"), "off GigabitEthernet0/3, GigabitEthernet0/4"),
        (
            TRUNK.format(4, "99") + ACCESS.format(1, 99),
            TRUNK.format(4, "10") + ACCESS.format(1, 99),
            "no trunk is left",
        ),
        (ACCESS.format(1, 99), ACCESS.format(1, 10), "takes vlan 99 off GigabitEthernet0/1, and no port is left"),
    ],
)
def test_the_vlan_of_the_address_must_leave_by_some_port(
    engine: IosEngine, switch: Device, before: str, after: str, said: str
) -> None:
    assert any(said in words for words in cuts(engine, switch, SVI + before, SVI + OPEN + after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TWO_TRUNKS, TRUNK.format(3, "10,99") + TRUNK.format(4, "10")),
        (TWO_TRUNKS, TRUNK.format(3, "10,99") + " shutdown\n" + TRUNK.format(4, "10,99")),
        (TRUNK.format(4, "10,99"), TRUNK.format(4, "20,99")),
        (TRUNK.format(4, "99") + ACCESS.format(1, 99), TRUNK.format(4, "99") + ACCESS.format(1, 10)),
        # It was not there before either.
        (TRUNK.format(4, "10"), TRUNK.format(4, "20")),
    ],
)
def test_a_vlan_that_still_leaves_by_another_port_is_no_alarm(
    engine: IosEngine, switch: Device, before: str, after: str
) -> None:
    assert cuts(engine, switch, SVI + before, SVI + OPEN + after) == ()


def test_a_bundle_that_is_left_alone_still_carries_the_vlan(engine: IosEngine, switch: Device) -> None:
    bundle = "interface Port-channel1\n switchport mode trunk\n"
    running, intended = SVI + ACCESS.format(1, 99), SVI + OPEN + ACCESS.format(1, 10)
    assert compared(engine, switch, bundle + running, intended, formerly=running).cuts == ()
    assert compared(engine, switch, running, intended).cuts != ()


MEMBER = TRUNK.replace("{}", "{0}", 1).replace("{}", "10,99") + " channel-group 1 mode {1}\n"
CHANNEL = "interface Port-channel1\n switchport trunk allowed vlan 10,99\n switchport mode trunk\n"
OF_TWO = CHANNEL + MEMBER.format(3, "active") + MEMBER.format(4, "active")


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        # The other end is none yet, or one still.
        (TWO_TRUNKS, OF_TWO, True),
        (OF_TWO, TWO_TRUNKS, True),
        (OF_TWO, OF_TWO.replace("active", "on"), True),
        # LACP is LACP, and one port that stays is enough.
        (OF_TWO, OF_TWO.replace("active", "passive"), False),
        (OF_TWO, CHANNEL + MEMBER.format(3, "active"), False),
        (OF_TWO, CHANNEL + MEMBER.format(3, "active") + MEMBER.format(4, "active") + " shutdown\n", False),
        (CHANNEL + MEMBER.format(3, "active"), OF_TWO, False),
        (TWO_TRUNKS, CHANNEL + MEMBER.format(3, "active") + TRUNK.format(4, "10,99"), False),
        (OF_TWO, OF_TWO.replace("10,99", "10"), True),
    ],
)
def test_the_last_trunk_that_becomes_a_port_channel_cuts_until_the_other_end_is_one(
    engine: IosEngine, switch: Device, before: str, after: str, cut: bool
) -> None:
    found = cuts(engine, switch, SVI + before, SVI + OPEN + after)
    assert bool(found) is cut, found


def test_the_vlan_itself_must_stay(switch: Device) -> None:
    trunk = TRUNK.format(4, "99")
    was = parse_config(f"vlan 99\n name mgmt\n{SVI}{trunk}")
    gone = parse_config(SVI + trunk)
    suspended = parse_config(f"vlan 99\n name mgmt\n state suspend\n{SVI}{trunk}")
    assert [words.partition(",")[0] for words in cuts_management(switch, was, gone)] == ["this removes vlan 99"]
    assert [*cuts_management(switch, was, suspended)] == [
        f"this takes vlan 99 out of service, by which {ADDRESS} of sw1 is reached"
    ]
    # Where VLANs are not shown at all, nothing is removed.
    assert [*cuts_management(switch, gone, gone)] == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ("interface GigabitEthernet0/1\n shutdown\n{}", "shuts interface GigabitEthernet0/1, over which"),
        ("interface GigabitEthernet0/1\n no shutdown\n{}", ""),
    ],
)
def test_a_sub_interface_needs_its_port(engine: IosEngine, router: Device, after: str, said: str) -> None:
    sub = f"interface GigabitEthernet0/1.99\n encapsulation dot1Q 99\n ip address {ADDRESS} 255.255.255.0\n"
    found = cuts(
        engine,
        router,
        "interface GigabitEthernet0/1\n no ip address\n" + sub + "ip route 10.9.0.0 255.255.0.0 10.0.99.1\n",
        after.format(sub + OPEN) + "ip route 10.8.0.0 255.255.0.0 10.0.99.1\n",
    )
    assert bool(found) is bool(said)
    assert all(said in words for words in found)


OTHER_DEFAULT = "ip route 0.0.0.0 0.0.0.0 10.0.99.2\n"
STATIC = "ip route 10.9.0.0 255.255.0.0 10.0.99.1\n"
OSPF = "router ospf 1\n router-id 1.1.1.1\n network 10.0.0.0 0.255.255.255 area 0\n"
USERS = "vlan 10\n name users\n"


@pytest.mark.parametrize(
    ("running", "intended", "said"),
    [
        (DEFAULT, USERS, "takes away the only default route (ip route 0.0.0.0 0.0.0.0 10.0.99.1)"),
        (DEFAULT + STATIC, STATIC, "takes away the only default route"),
        (STATIC, USERS, "takes away the only static route (ip route 10.9.0.0 255.255.0.0 10.0.99.1)"),
        (OSPF, USERS, "takes away router ospf 1, and leaves no route"),
        (DEFAULT, OTHER_DEFAULT, ""),
        (DEFAULT, OSPF, ""),
        (DEFAULT + STATIC, DEFAULT, ""),
        (OSPF + STATIC, OSPF, ""),
        ("", DEFAULT, ""),
    ],
)
def test_answers_must_find_back(engine: IosEngine, switch: Device, running: str, intended: str, said: str) -> None:
    found = cuts(engine, switch, running, intended)
    assert len(found) == bool(said)
    assert all(said in words for words in found)


def test_a_default_gateway_is_a_way_back(engine: IosEngine, switch: Device) -> None:
    gateway = parse_config("ip default-gateway 10.0.99.1\n")
    assert [*cuts_management(switch, gateway, parse_config(""))] == [
        "this takes away the only default gateway (ip default-gateway 10.0.99.1), by which answers find back"
    ]
    assert [*cuts_management(switch, gateway, parse_config(DEFAULT))] == []


# --- how one logs in --------------------------------------------------------------------------------------------------

VTY = "line vty 0 4\n login local\n transport input ssh\n"
ANN = "username ann privilege 15 secret 9 $9$abc\n"
BOB = "username bob privilege 15 secret 9 $9$def\n"
ACL = "ip access-list standard MGMT\n permit 10.0.50.0 0.0.0.255\n"
WIDER = ACL + " permit 10.0.60.0 0.0.0.255\n"
NARROW = "ip access-list standard MGMT\n permit host 10.0.50.7\n"
FILTERED = VTY + " access-class MGMT in\n"
WORD = " password 7 00071A150754\n"
CONSOLE = "line con 0\n"
AAA = "aaa new-model\naaa authentication login default group tacacs+ local\n"


@pytest.mark.parametrize(
    ("running", "intended", "said"),
    [
        (VTY, ACL + FILTERED, "line vty: access list MGMT lets fewer sources reach SSH"),
        (ACL + FILTERED, NARROW + FILTERED, "line vty: access list MGMT lets fewer sources reach SSH"),
        (ACL + FILTERED, ACL.replace("permit", "deny") + FILTERED, "line vty: access list MGMT lets no source reach"),
        (VTY, VTY.replace("ssh", "telnet"), "no virtual terminal takes SSH any more (transport input telnet)"),
        (VTY, VTY.replace("ssh", "none"), "no virtual terminal takes SSH any more"),
        (VTY, VTY.replace("login local", "login"), "line vty 0 4: login asks for a password, and none is set"),
        (VTY + WORD, VTY.replace("login local", "login"), "line vty 0 4: login asks for a password, and none is set"),
        (VTY + WORD, VTY.replace("login local", "login") + WORD, "line vty 0 4: login local becomes login"),
        (CONSOLE + " login local\n" + VTY, CONSOLE + " login\n" + VTY, "line con 0: login asks for a password"),
        (CONSOLE + WORD + " login\n" + VTY, CONSOLE + " login\n" + VTY, "line con 0: login asks for a password"),
        (VTY, AAA + VTY, "this switches AAA on"),
        (AAA + VTY, VTY, "this switches AAA off"),
        (AAA, AAA.replace(" local", ""), "the methods of AAA for logins (default) change to group tacacs+"),
        (AAA, AAA + "aaa authorization commands 15 default group tacacs+\n", "may be refused from then on"),
        (AAA, AAA + "aaa authentication enable default group tacacs+ enable\n", "AAA for enable change"),
        (VTY + ANN, VTY, "takes away every user that could log in (ann)"),
        (VTY + ANN, VTY + BOB, ""),
        (VTY + "enable secret 9 $9$abc\n", VTY, "takes away the enable secret"),
    ],
)
def test_whatever_keeps_the_next_login_out_cuts(
    engine: IosEngine, switch: Device, running: str, intended: str, said: str
) -> None:
    found = cuts(engine, switch, running, intended)
    assert len(found) == bool(said), found
    assert all(said in words for words in found)


@pytest.mark.parametrize(
    ("running", "intended"),
    [
        # The first lines of a new device.
        ("", ANN + ACL + FILTERED.replace("access-class MGMT in", "exec-timeout 5 0")),
        ("line vty 0 4\n login\n", ANN + VTY),
        ("no aaa new-model\nline vty 0 4\n login\n", ANN + AAA + VTY),
        (ACL + FILTERED, WIDER + FILTERED),
        (ACL + FILTERED, VTY),
        (ACL + FILTERED, ACL.replace("MGMT", "OTHER") + FILTERED.replace("MGMT", "OTHER")),
        (ACL, NARROW),
        (VTY, VTY.replace("ssh", "telnet ssh")),
        (VTY + "line vty 5 15\n login local\n transport input ssh\n", VTY + "line vty 5 15\n transport input none\n"),
        (VTY + ANN, VTY + ANN + BOB),
        (AAA, AAA + "aaa authentication login CONSOLE local\n"),
        ("line con 0\n login\n" + VTY, "line con 0\n login local\n" + VTY),
        (CONSOLE + WORD + " login\n" + VTY, CONSOLE + WORD + VTY),
    ],
)
def test_what_lets_the_next_login_in_is_no_alarm(
    engine: IosEngine, switch: Device, running: str, intended: str
) -> None:
    assert cuts(engine, switch, running, intended) == ()


def test_a_user_that_goes_while_others_stay_is_a_doubt_and_no_cut(engine: IosEngine, switch: Device) -> None:
    found = compared(engine, switch, VTY + ANN + BOB, VTY + BOB)
    assert found.cuts == ()
    assert any("takes away the user ann" in words for words in found.warnings)


FILTER = "ip access-list extended IN\n permit tcp 10.0.50.0 0.0.0.255 any eq 22\n permit udp any any\n"
FILTERED_SVI = SVI + " ip access-group IN in\n"


@pytest.mark.parametrize(
    ("running", "intended", "said"),
    [
        (SVI, FILTER + FILTERED_SVI + OPEN, "Vlan99: access list IN lets fewer sources reach SSH (tcp 22)"),
        (
            FILTER + FILTERED_SVI,
            FILTER.replace("eq 22", "eq www") + FILTERED_SVI + OPEN,
            "Vlan99: access list IN lets no source reach SSH (tcp 22) at 10.0.99.11",
        ),
        (FILTER + FILTERED_SVI, FILTER.replace("permit udp", "deny udp") + FILTERED_SVI + OPEN, ""),
        # What is not understood and changes may be anything.
        (
            FILTER + FILTERED_SVI,
            FILTER + " permit tcp any any eq 443 dscp ef\n" + FILTERED_SVI + OPEN,
            "Vlan99: access list IN filters what comes in, and changes",
        ),
    ],
)
def test_the_filter_of_the_management_interface_is_looked_through(
    engine: IosEngine, switch: Device, running: str, intended: str, said: str
) -> None:
    found = cuts(engine, switch, running, intended)
    assert len(found) == bool(said), found
    assert all(said in words for words in found)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("crypto key zeroize rsa", "removes the key of the SSH server"),
        ("no ip ssh", "switches SSH off"),
        ("ip ssh version 1", "version 1 of SSH alone"),
        ("ip ssh version 2", ""),
        ("no ip ssh time-out", ""),
        ("description no ip ssh", ""),
    ],
)
def test_lines_that_no_configuration_shows_are_known_by_themselves(switch: Device, command: str, said: str) -> None:
    found = [*cuts_management(switch, Config(), Config(), (command,))]
    assert len(found) == bool(said)
    assert all(said in words for words in found)


def test_a_device_that_is_reached_at_no_declared_address_still_keeps_its_login(
    engine: IosEngine, switch: Device
) -> None:
    switch.details = switch.details.model_copy(update={"management": None})
    assert cuts(engine, switch, SVI, ELSEWHERE + OPEN) == ()
    assert cuts(engine, switch, VTY, VTY.replace("ssh", "telnet")) != ()
    assert cuts(engine, switch, VTY, ACL + FILTERED) == ("line vty: access list MGMT lets fewer sources in by SSH",)


def test_a_vtp_client_is_told_to_refuse_its_vlans(engine: IosEngine, switch: Device) -> None:
    found = compared(engine, switch, "vtp mode client\n", "vtp mode client\nvlan 20\n name voice\n")
    assert any("sw1 is a VTP client and will refuse vlan 20" in words for words in found.warnings)
    assert found.cuts == ()
    becomes = compared(engine, switch, "vtp mode client\n", "vtp mode transparent\nvlan 20\n name voice\n")
    assert not any("VTP client" in words for words in becomes.warnings)


def test_another_table_cuts_the_way(router: Device) -> None:
    alone = f"interface GigabitEthernet0/1\n ip address {ADDRESS} 255.255.255.0\n"
    within = alone.replace(" ip address", " vrf forwarding MGMT\n ip address")
    was, now = parse_config(alone), parse_config(within)
    said = "this puts interface GigabitEthernet0/1 into another VRF, over which 10.0.99.11 of r1 is reached"
    assert [*cuts_management(router, was, now)] == [said]
    assert [*cuts_management(router, now, was)] == [said]
    assert [*cuts_management(router, now, now)] == []

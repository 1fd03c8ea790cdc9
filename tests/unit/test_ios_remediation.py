"""Single points of remediation that no golden folder shows: warnings, explanations, what is left alone, and text."""

import pytest

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import L3SWITCH_IOS, ROUTER_IOS, ROUTER_IOSXE, SWITCH_IOS, Profile
from cimnet_nornir.ios.remediation import Remediation, Step, apply_lines, diff_text, remediate
from cimnet_nornir.ios.rules.model import Owner, compiled
from cimnet_nornir.ios.rules.table import rules_in
from cimnet_nornir.ios.tree import Config, parse_config
from cimnet_nornir.ios.trunks import LONGEST_LINE

SECTIONS = ("top", "interface", "vlan", "router ospf", "router bgp", "bgp family", "vrf", "acl", "route-map", "line")


def _config(text: str, profile: Profile = L3SWITCH_IOS) -> Config:
    return normalise(parse_config(text), profile)


def _between(running: str, intended: str, profile: Profile = L3SWITCH_IOS) -> Remediation:
    return remediate(_config(running, profile), _config(intended, profile), profile)


def test_nothing_to_do_is_empty() -> None:
    nothing = _between("hostname a\n", "hostname a\n")
    assert nothing.is_empty
    assert (nothing.lines(), nothing.text(), nothing.warnings) == ((), "", ())


def test_each_step_says_which_line_it_brings_or_takes() -> None:
    steps = _between("vlan 10\ninterface Gi0/1\n description a\n shutdown\n", "interface Gi0/1\n description b\n").steps
    assert steps == (
        Step(
            ("interface GigabitEthernet0/1",), "description b", ("interface GigabitEthernet0/1", "description b"), True
        ),
        Step(("interface GigabitEthernet0/1",), "no shutdown", ("interface GigabitEthernet0/1", "shutdown"), False),
        Step((), "no vlan 10", ("vlan 10",), False),
    )


def test_a_delta_of_a_trunk_is_explained_by_the_intended_line() -> None:
    remediation = _between(
        "interface Gi0/1\n switchport trunk allowed vlan 10,20\n",
        "interface Gi0/1\n switchport trunk allowed vlan 10,30\n",
    )
    line = ("interface GigabitEthernet0/1", "switchport trunk allowed vlan 10,30")
    assert [(step.command, step.explains, step.adds) for step in remediation.steps] == [
        ("switchport trunk allowed vlan add 30", line, True),
        ("switchport trunk allowed vlan remove 20", line, True),
    ]


def test_a_banner_is_one_step_of_several_lines() -> None:
    remediation = _between("hostname a\n", "hostname a\nbanner motd ^C\none\n\ntwo\n^C\n")
    assert len(remediation.steps) == 1
    assert remediation.lines() == ("banner motd #\none\n\ntwo\n#",)


def test_no_line_is_longer_than_a_device_takes() -> None:
    many = ",".join(str(vlan) for vlan in range(2, 4000, 2))
    lines = _between(
        "", f"interface Port-channel1\n switchport mode trunk\n switchport trunk allowed vlan {many}\n"
    ).lines()
    assert max(len(line) for line in lines) <= LONGEST_LINE


def test_a_trunk_that_is_to_carry_nothing_says_none() -> None:
    remediation = _between("interface Gi0/1\n", "interface Gi0/1\n switchport trunk allowed vlan none\n")
    assert remediation.lines() == ("interface GigabitEthernet0/1", "switchport trunk allowed vlan none")


def test_more_entries_than_fit_between_two_numbers_get_a_wider_step() -> None:
    new = "".join(f" permit tcp any any eq {port}\n" for port in range(1000, 1025))
    running = "ip access-list extended A\n permit icmp any any\n deny ip any any\n"
    intended = f"ip access-list extended A\n permit icmp any any\n{new} deny ip any any\n"
    remediation = _between(running, intended, ROUTER_IOSXE)
    assert remediation.lines()[:3] == (
        "ip access-list resequence A 30 30",
        "ip access-list extended A",
        "31 permit tcp any any eq 1000",
    )
    assert apply_lines(_config(running), remediation.lines(), ROUTER_IOSXE) == _config(intended)


def test_a_neighbour_that_loses_its_as_number_to_a_group_keeps_it_and_somebody_is_told() -> None:
    running = "router bgp 1\n neighbor G peer-group\n neighbor 10.0.0.1 remote-as 2\n"
    intended = "router bgp 1\n neighbor G peer-group\n neighbor 10.0.0.1 peer-group G\n"
    remediation = _between(running, intended, ROUTER_IOS)
    assert remediation.lines() == ("router bgp 1", "neighbor 10.0.0.1 peer-group G")
    assert remediation.warnings == ("router bgp 1: neighbor 10.0.0.1 remote-as stays, since more would go with it",)


STANDARD = "ip access-list standard A\n"


@pytest.mark.parametrize(
    ("running", "intended", "same"),
    [
        (" permit 10.0.0.2\n permit 10.0.0.1\n", " permit 10.0.0.1\n permit 10.0.0.2\n", True),
        (" deny 10.0.0.2\n permit 10.0.0.1\n permit any\n", " permit 10.0.0.1\n deny 10.0.0.2\n permit any\n", True),
        (" permit any\n deny 10.0.0.2\n", " deny 10.0.0.2\n permit any\n", False),
        (" permit 10.0.0.0 0.0.0.3 log\n deny 10.0.0.2\n", " deny 10.0.0.2\n permit 10.0.0.0 0.0.0.3 log\n", False),
        (" remark x\n permit 10.0.0.2\n", " permit 10.0.0.2\n remark x\n", True),
        (" permit 10.0.0.2 smartlog\n permit 10.0.0.1\n", " permit 10.0.0.1\n permit 10.0.0.2 smartlog\n", False),
    ],
)
def test_a_device_may_show_entries_of_a_standard_list_in_another_order_that_decides_the_same(
    running: str, intended: str, same: bool
) -> None:
    remediation = _between(STANDARD + running, STANDARD + intended, ROUTER_IOSXE)
    assert remediation.is_empty is same


def test_whoever_still_uses_a_list_that_goes_is_named() -> None:
    former = "ip access-list standard 10\n permit any\nip access-list standard 11\n permit any\n"
    lines = "line vty 0 4\n access-class 10 in\nroute-map M permit 10\n match ip address 11\n"
    formerly = _config(former)
    remediation = remediate(_config(former + lines), _config("hostname r1\n"), ROUTER_IOSXE, formerly=formerly)
    assert "no ip access-list standard 10" in remediation.lines()
    assert "access list 10 goes, and line vty 0 4 / access-class 10 in then lets everything through" in (
        remediation.warnings
    )


def test_a_peer_group_goes_by_its_name() -> None:
    running = "router bgp 1\n neighbor G peer-group\n neighbor G remote-as 2\n"
    assert _between(running, "router bgp 1\n", ROUTER_IOS).lines() == ("router bgp 1", "no neighbor G peer-group")


def test_a_dangerous_removal_is_warned_of() -> None:
    warnings = _between("vlan 10\nrouter ospf 1\nip routing\n", "hostname a\n").warnings
    assert "no vlan 10: a port that is still in VLAN 10 goes down" in warnings
    assert "no router ospf 1: its neighbours and routes go" in warnings
    assert any(warning.startswith("no ip routing: the device stops routing") for warning in warnings)


@pytest.mark.parametrize("running", ["vlan 1\n name x\n", "vlan 1002-1005\n"])
def test_vlans_that_are_there_by_themselves_are_left_alone(running: str) -> None:
    remediation = _between(running, "", SWITCH_IOS)
    assert remediation.is_empty
    assert remediation.unmodelled


def test_a_port_that_carries_an_intended_subinterface_is_not_shut() -> None:
    remediation = _between(
        "interface Gi0/0\n description x\ninterface Gi0/0.10\n encapsulation dot1q 10\n",
        "interface Gi0/0.10\n encapsulation dot1q 10\n",
        ROUTER_IOS,
    )
    assert remediation.lines() == ("interface GigabitEthernet0/0", "no description")


def test_a_shown_default_is_no_difference() -> None:
    assert _between("spanning-tree mode pvst\ninterface Gi0/1\n duplex auto\n", "interface Gi0/1\n").is_empty
    assert _between("interface Gi0/1\n", "interface Gi0/1\n duplex auto\n").is_empty
    changed = _between("interface Gi0/1\n duplex full\n", "interface Gi0/1\n duplex auto\n")
    assert changed.lines() == ("interface GigabitEthernet0/1", "duplex auto")


def test_a_login_line_never_opens_to_everybody() -> None:
    lines = _between("line vty 0 4\n login local\n", "line vty 0 4\n transport input ssh\n").lines()
    assert lines == ("line vty 0 4", "transport input ssh", "login")


def test_an_address_that_cannot_be_read_does_not_stop_the_rest() -> None:
    remediation = _between("", "interface Gi0/1\n no switchport\n ip address 10.0.0.1 255.0.255.0\n")
    assert "ip address 10.0.0.1 255.0.255.0" in remediation.lines()


def test_an_interface_that_is_not_modelled_lets_go_of_no_address() -> None:
    running = "interface Tunnel1\n ip address 10.0.0.1 255.255.255.0\ninterface Gi0/0\n"
    intended = "interface Gi0/0\n ip address 10.0.0.2 255.255.255.0\n"
    remediation = _between(running, intended, ROUTER_IOS)
    assert remediation.lines() == ("interface GigabitEthernet0/0", "ip address 10.0.0.2 255.255.255.0")
    with pytest.raises(ConfigurationError, match="overlaps with interface Tunnel1"):
        apply_lines(_config(running, ROUTER_IOS), remediation.lines(), ROUTER_IOS)


def test_no_secret_shows_in_the_repr_of_a_remediation() -> None:
    remediation = _between("", "username a secret TOPSECRET\nline vty 0 4\n password TOPSECRET\n")
    assert len(remediation.steps) == 3
    assert "TOPSECRET" not in repr(remediation)


def test_a_difference_shows_what_goes_and_what_comes_below_its_section() -> None:
    running = _config("hostname a\ninterface Gi0/1\n description x\n shutdown\nvlan 10\n")
    intended = _config("hostname a\ninterface Gi0/1\n description y\n shutdown\nbanner motd ^C\nhello\n^C\n")
    assert diff_text(running, intended) == (
        "  interface GigabitEthernet0/1\n-  description x\n+  description y\n"
        "- vlan 10\n+ banner motd ^C\n+ hello\n+ ^C\n"
    )
    assert diff_text(running, running) == ""


@pytest.mark.parametrize("section", SECTIONS)
def test_every_rule_can_undo_every_line_that_it_knows_by_data(section: str) -> None:
    """The fields of `undo` and of `hazard` are groups of the pattern, and each pattern can be compiled."""
    for rule in rules_in(section):
        names = dict.fromkeys(compiled(rule.pattern).groupindex, "x")
        assert (rule.undo.format(**names) or rule.hazard.format(**names)) is not None
        assert not rule.single or rule.owner is not Owner.NOBODY

"""Lines of layer-3 interfaces: in the form in which IOS shows them, and what readers make of odd ones."""

import pytest

from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.ios.canonical import canonical_line
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.passwords import same_secret
from cimnet_nornir.ios.profiles import ROUTER_IOS
from cimnet_nornir.ios.reading import read_configuration
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.tree import parse_config
from tests.golden_features import GENERATOR


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("standby ip 192.0.2.1", "standby 0 ip 192.0.2.1"),
        ("no standby priority", "no standby 0 priority"),
        ("standby 1 authentication text word", "standby 1 authentication word"),
        ("standby 1 authentication md5 key-string word", "standby 1 authentication md5 key-string word"),
        ("standby 1 track 2 decrement 10", "standby 1 track 2"),
        ("standby version 2", "standby version 2"),
        ("standby delay minimum 5", "standby delay minimum 5"),
        ("vrrp 1 authentication word", "vrrp 1 authentication text word"),
        ("vrrp 1 track 2 decrement 20", "vrrp 1 track 2 decrement 20"),
        ("ipv6 address 2001:0db8::0001/64 eui-64", "ipv6 address 2001:DB8::1/64 eui-64"),
        ("ipv6 address autoconfig", "ipv6 address autoconfig"),
        ("no encapsulation dot1q 10 native", "no encapsulation dot1Q 10 native"),
        (
            "ip nat inside source list 1 interface gi0/0",
            "ip nat inside source list 1 interface GigabitEthernet0/0 overload",
        ),
        (
            "no ip nat inside source static tcp 10.0.0.1 80 interface gi0/0 80",
            "no ip nat inside source static tcp 10.0.0.1 80 interface GigabitEthernet0/0 80",
        ),
        (
            "ip nat inside source static tcp 10.0.0.1 80 203.0.113.1 80",
            "ip nat inside source static tcp 10.0.0.1 80 203.0.113.1 80 extendable",
        ),
        (
            "ip nat inside source static network 10.0.0.0 10.1.0.0 255.255.0.0",
            "ip nat inside source static network 10.0.0.0 10.1.0.0 /16",
        ),
        (
            "ip nat pool P 203.0.113.1 203.0.113.9 prefix-length 28 type rotary",
            "ip nat pool P 203.0.113.1 203.0.113.9 netmask 255.255.255.240 type rotary",
        ),
    ],
)
def test_lines_are_compared_as_a_device_shows_them(typed: str, shown: str) -> None:
    assert canonical_line(typed) == shown
    assert canonical_line(shown) == shown


def test_a_distinguisher_of_a_vrf_that_is_nobodys_stays_and_is_told() -> None:
    running = normalise(parse_config("vrf definition OLD\n rd 65000:1\n"), ROUTER_IOS)
    intended = normalise(parse_config("vrf definition NEW\n rd 65000:1\n"), ROUTER_IOS)
    found = remediate(running, intended, ROUTER_IOS)
    assert found.lines() == ("vrf definition NEW", "rd 65000:1")
    why = "vrf definition OLD has it, of which no intent says anything"
    assert found.warnings == (f"vrf definition NEW: the device will refuse rd 65000:1: {why}",)


def test_a_target_of_both_ways_is_two_lines() -> None:
    config = normalise(parse_config("vrf definition RED\n route-target both 65000:1\n"), ROUTER_IOS)
    assert [node.text for node in config.nodes[0].children] == [
        "route-target export 65000:1",
        "route-target import 65000:1",
    ]


@pytest.mark.parametrize(
    ("running", "intended", "same"),
    [
        ("md5 key-string 7 04590E1218244940440C16", "md5 key-string between-us", True),
        ("md5 key-string 7 04590E1218244940440C16 timeout 30", "md5 key-string between-us timeout 30", True),
        ("md5 key-string 7 04590E1218244940440C16 timeout 30", "md5 key-string between-us", False),
        ("md5 key-string 7 04590E1218244940440C16", "md5 key-string between-them", False),
    ],
)
def test_a_key_of_a_group_is_the_same_in_any_form(running: str, intended: str, same: bool) -> None:
    assert same_secret(f"standby 1 authentication {running}", f"standby 1 authentication {intended}") is same


def commands(running: str, intended: str, formerly: str = "") -> list[str]:
    trees = [normalise(parse_config(text), ROUTER_IOS) for text in (running, intended, formerly)]
    return list(remediate(trees[0], trees[1], ROUTER_IOS, formerly=trees[2] if formerly else None).lines())


SUB = "interface GigabitEthernet0/0.{0}\n encapsulation dot1Q {1}\n"


def test_a_sub_interface_that_gives_up_its_vlan_and_goes_does_so_by_one_line() -> None:
    assert commands(SUB.format(10, 10) + " ip address 192.0.2.1 255.255.255.0\n", SUB.format(20, 10)) == [
        "no interface GigabitEthernet0/0.10",
        "interface GigabitEthernet0/0.20",
        "encapsulation dot1Q 10",
    ]


def test_one_with_lines_that_nobody_knows_gives_up_its_tag_alone() -> None:
    found = commands(SUB.format(10, 10) + " xconnect 192.0.2.9 5 encapsulation mpls\n", SUB.format(20, 10))
    assert found[:2] == ["interface GigabitEthernet0/0.10", "no encapsulation dot1Q 10"]
    assert "no interface GigabitEthernet0/0.10" not in found


GROUP = "interface GigabitEthernet0/0\n standby {0} ip 192.0.2.1\n standby {0} priority 120\n"


def test_a_group_that_nobody_owns_stays() -> None:
    assert commands(GROUP.format(10), "interface GigabitEthernet0/0\n") == []


def test_a_group_that_intent_brought_goes_whole() -> None:
    found = commands(GROUP.format(10), "interface GigabitEthernet0/0\n", formerly=GROUP.format(10))
    assert found == ["interface GigabitEthernet0/0", "no standby 10"]


# --- reading ----------------------------------------------------------------------------------------------------------


def read(text: str) -> Reading:
    return read_configuration(
        f"hostname r1\n{text}",
        GENERATOR,
        name="r1",
        details=DeviceDetails(vendor="cisco", platform="ios"),
        place="file:secrets/",
    )


def adopted(reading: Reading) -> list[str]:
    return [line.path[-1] for line in reading.lines if line.how == "adopted"]


def test_an_interface_with_nothing_but_defaults_is_there() -> None:
    reading = read(
        "interface Ethernet0/0\n no ip address\n shutdown\n duplex auto\ninterface Ethernet0/1\n no shutdown\n"
    )
    told = {name: (item.enabled, item.addresses) for name, item in reading.device.interfaces.items()}
    assert told == {"Ethernet0/0": (False, ()), "Ethernet0/1": (True, ())}
    assert reading.device.ports == ("Ethernet0/0", "Ethernet0/1")
    assert adopted(reading) == []


def test_addresses_that_no_host_can_have_are_kept_as_they_are() -> None:
    lines = ("ip address 192.0.2.0 255.255.255.0", "ip address 192.0.2.1 255.0.255.0")
    reading = read("".join(f"interface Ethernet0/{number}\n {line}\n" for number, line in enumerate(lines)))
    assert [item.addresses for item in reading.device.interfaces.values()] == [(), ()]
    assert adopted(reading) == list(lines)
    assert (reading.left, reading.surplus) == ((), ())


def test_groups_that_the_version_does_not_have_are_kept_as_they_are() -> None:
    reading = read(
        "interface Ethernet0\n standby 300 ip 192.0.2.1\n standby 5000 ip 192.0.2.2\n standby 1 ip 192.0.2.3\n"
    )
    assert adopted(reading) == ["standby 300 ip 192.0.2.1", "standby 5000 ip 192.0.2.2"]
    assert "hsrp Ethernet0 1" in reading.device.features


def test_keys_are_moved_out() -> None:
    reading = read(
        "interface Ethernet0\n standby 1 authentication md5 key-string 7 04590E1218244940440C16 timeout 30\n"
    )
    assert list(reading.secrets.values()) == ["7 04590E1218244940440C16"]
    assert adopted(reading) == []


def test_a_vrf_of_the_other_form_is_not_taken_for_it() -> None:
    reading = read(
        "ip vrf RED\n rd 65000:1\ninterface Ethernet0\n vrf forwarding RED\n ip address 192.0.2.1 255.255.255.0\n"
    )
    assert "vrf Ethernet0" not in reading.device.features
    assert adopted(reading) == ["vrf forwarding RED"]
    assert (reading.left, reading.surplus) == ((), ())


def test_an_access_group_belongs_to_the_base_where_it_has_the_list() -> None:
    reading = read(
        "interface Ethernet0\n ip access-group WEB in\n ip access-group NONE out\n"
        "ip access-list extended WEB\n permit tcp any any eq 80\n"
    )
    assert reading.device.interfaces["Ethernet0"].access_group_in == "WEB"
    assert "access-group Ethernet0 out" in reading.device.features

"""Names of lists and maps: found in typed intent and in adopted lines, missed where they are not there."""

from collections.abc import Callable

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features import all_features
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.references import LIST, MAP, Name, defined, kind_of, uses
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.reference_rules import REFERENCE_RULES
from cimnet_nornir.domain.values import DeviceKind

Make = Callable[[str], Network]

ROUTER = """devices:
  r1:
    kind: router
    ports: Gi0/0-1
    access_lists: {{{name}: {{kind: standard, entries: [{{action: permit}}]}}}}
    interfaces: {{Gi0/0: {{address: 192.0.2.1/24{group}}}}}
"""


def adopted(*lines: str, section: tuple[str, ...] = ()) -> Device:
    device = Device("lan", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), routing=True)
    block = ConfigurationBlock(name="b", section=section, lines=lines)
    device.features[block.identity] = block
    return device


def told(*devices: Device) -> list[str]:
    network = Network("lan", created=True, devices={device.id: device for device in devices})
    found = Registry(REFERENCE_RULES).check(NetworkView(network))
    return [f"{finding.severity} {finding.path}: {finding.message}; {finding.right}" for finding in found]


def test_an_access_list_that_an_interface_uses_is_no_problem(network_of: Make) -> None:
    network = network_of(ROUTER.format(name="EDGE", group=", access_group_in: EDGE"))
    assert Registry(REFERENCE_RULES).check(NetworkView(network)) == ()


def test_an_access_list_that_nobody_uses_is_found(network_of: Make) -> None:
    network = network_of(ROUTER.format(name="EDGE", group=""))
    (finding,) = Registry(REFERENCE_RULES).check(NetworkView(network))
    assert str(finding) == "warning: r1 access list EDGE: nothing asks for the access list EDGE"


def test_what_adopted_lines_ask_for_and_nobody_has_is_found_with_what_comes_near() -> None:
    device = adopted(
        "route-map IMPORT permit 10", " match ip address prefix-list OURS", "ip prefix-list OUR seq 5 permit 10.0.0.0/8"
    )
    device.features |= adopted("neighbor 192.0.2.1 route-map IMPORTS in", section=("router bgp 65001",)).features
    (line,) = told(adopted("ip access-group EDGE in", section=("interface GigabitEthernet0/0",)))
    assert line.startswith("error GigabitEthernet0/0: it asks for the access list EDGE, which is not there; define the")
    assert "error router bgp 65001: it asks for the route map IMPORTS, which is not there" in told(device)[0]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("match ip address 10 EDGE", ["access list 10", "access list EDGE"]),
        ("match ip address prefix-list A B", ["prefix list A", "prefix list B"]),
        ("match community one two exact-match", ["community list one", "community list two"]),
        ("match as-path 5", ["AS path list 5"]),
        ("neighbor 10.0.0.1 route-map OUT out", ["route map OUT"]),
        ("neighbor 10.0.0.1 prefix-list P in", ["prefix list P"]),
        ("neighbor 10.0.0.1 distribute-list 7 in", ["access list 7"]),
        ("distribute-list prefix P in", []),
        ("redistribute connected route-map RM", ["route map RM"]),
        ("ip policy route-map PBR", ["route map PBR"]),
        ("ip access-group 101 out", ["access list 101"]),
        ("access-class VTY in vrf-also", ["access list VTY"]),
        ("ipv6 traffic-filter SIX in", ["IPv6 access list SIX"]),
        ("match access-group name CM", ["access list CM"]),
        ("ip nat inside source list 1 interface GigabitEthernet0/0 overload", ["access list 1"]),
        ("description ip access-group 101 in", []),
        ("network 10.0.0.0 mask 255.0.0.0", []),
    ],
)
def test_lines_that_ask_for_something_are_known(line: str, names: list[str]) -> None:
    assert [str(use.name) for use in uses(adopted(line))] == names


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("access-list 10 permit 10.0.0.0 0.255.255.255", "access list 10"),
        ("ip access-list extended EDGE", "access list EDGE"),
        ("ipv6 access-list SIX", "IPv6 access list SIX"),
        ("ip prefix-list P seq 5 permit 10.0.0.0/8", "prefix list P"),
        ("route-map RM permit 10", "route map RM"),
        ("route-map RM", "route map RM"),
        ("ip community-list expanded C permit _65001:", "community list C"),
        ("ip as-path access-list 5 permit ^$", "AS path list 5"),
    ],
)
def test_lines_that_define_something_are_known(line: str, name: str) -> None:
    assert [str(each) for each in defined(adopted(line))] == [name]


def test_one_name_of_two_kinds_is_two_things() -> None:
    device = adopted("route-map EDGE permit 10", " match ip address EDGE")
    assert Name(MAP, "EDGE") in defined(device)
    assert [use.name for use in uses(device)] == [Name(LIST, "EDGE")]
    assert len(told(device)) == 2


def test_no_line_of_a_banner_asks_for_anything() -> None:
    assert not list(uses(adopted("banner motd #\nip access-group 101 in\n#")))


def test_every_field_that_sounds_like_a_reference_is_one() -> None:
    """A new feature whose field is called otherwise would be missed by the rules in silence."""
    missed = [
        f"{setting.FEATURE}.{field}"
        for setting in all_features()
        for field in setting.model_fields
        if any(word in field for word in ("route_map", "prefix_list", "access_list", "access_class", "access_group"))
        and not kind_of(field)
        and field not in setting.KEY
        # "ipv4" or "ipv6" beside the name of a list.
        and not field.endswith("_family")
    ]
    assert missed == []

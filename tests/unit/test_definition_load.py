"""What a definition file means: the desired network that comes of it."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

import pytest

from cimnet_nornir.definition import Definition, check_definition, load_definition
from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
)

HEAD = """network: campus
defaults: {vendor: cisco, platform: ios, site: hq, model: C9300, kind: switch}
vlans: {10: users, 20: voice, 30: }
port_profiles:
  user-port: {description: desk, mode: access, vlan: 10, portfast: true}
  uplink: {native: 20, allowed: 10}
devices:
"""


def load(devices: str, ids: dict[str, str] | None = None) -> Definition:
    return load_definition(HEAD + devices, file="f.yaml", ids=ids or {})


def device(lines: str) -> DesiredDevice:
    (found,) = load(f"  d1:\n    routing: true\n    ports: Gi1/0/1-4\n{lines}\n").desired.devices
    return found


def port(written: str) -> PortConfiguration:
    return device(f"    interfaces: {{Gi1/0/1: {written}}}").switch_ports["GigabitEthernet1/0/1"]


def test_defaults_hold_where_a_device_says_nothing_else() -> None:
    one, other = load(
        "  a: {}\n  b: {kind: router, site: '', model: ISR, role: core, platform: iosxe}\n"
    ).desired.devices
    assert (one.kind, one.details.site, one.details.model, one.details.role) == (DeviceKind.SWITCH, "hq", "C9300", "")
    assert (other.kind, other.details.site, other.details.model) == (DeviceKind.ROUTER, "", "ISR")
    assert (other.details.role, other.details.platform, other.details.vendor) == ("core", "iosxe", "cisco")


def test_ports_of_ranges_and_lists_expand_to_full_names() -> None:
    (found,) = load("  a: {ports: [Gi1/0/1-2, 'Te1/1/1, Te1/1/3-4']}\n").desired.devices
    assert found.ports == (
        "GigabitEthernet1/0/1",
        "GigabitEthernet1/0/2",
        "TenGigabitEthernet1/1/1",
        "TenGigabitEthernet1/1/3",
        "TenGigabitEthernet1/1/4",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{}", PortConfiguration()),
        ("{enabled: false}", PortConfiguration(enabled=False)),
        ("{vlan: 10}", PortConfiguration(switching=AccessMode(vlan=10))),
        ("{vlan: 1, bpduguard: true}", PortConfiguration(switching=AccessMode(vlan=1), bpduguard=True)),
        ("{mode: trunk}", PortConfiguration(switching=TrunkMode())),
        ("{native: 20}", PortConfiguration(switching=TrunkMode(native_vlan=20))),
        ("{allowed: all}", PortConfiguration(switching=TrunkMode(allowed=None))),
        ("{allowed: none}", PortConfiguration(switching=TrunkMode(allowed=frozenset()))),
        ("{allowed: 10}", PortConfiguration(switching=TrunkMode(allowed=frozenset({10})))),
        ("{allowed: '10,20-22'}", PortConfiguration(switching=TrunkMode(allowed=frozenset({10, 20, 21, 22})))),
        ("{allowed: [10, 20-21]}", PortConfiguration(switching=TrunkMode(allowed=frozenset({10, 20, 21})))),
        (
            "{profile: user-port}",
            PortConfiguration(description="desk", switching=AccessMode(vlan=10), portfast=True),
        ),
        (
            "{profile: user-port, description: printer, vlan: 20, portfast: false}",
            PortConfiguration(description="printer", switching=AccessMode(vlan=20)),
        ),
        (
            "{profile: uplink, allowed: all}",
            PortConfiguration(switching=TrunkMode(native_vlan=20, allowed=None)),
        ),
    ],
)
def test_a_switch_port_is_what_its_fields_and_its_profile_say(written: str, meant: PortConfiguration) -> None:
    assert port(written) == meant


def test_a_range_of_ports_has_one_configuration() -> None:
    found = device("    interfaces:\n      Gi1/0/1-2,Gi1/0/4: {vlan: 10}")
    assert list(found.switch_ports) == [f"GigabitEthernet1/0/{number}" for number in (1, 2, 4)]
    assert set(found.switch_ports.values()) == {PortConfiguration(switching=AccessMode(vlan=10))}


def test_an_address_makes_a_routed_port_and_mode_routed_needs_none() -> None:
    found = device("    interfaces: {Gi1/0/1: {address: 10.0.0.1/24}, Gi1/0/2: {mode: routed, enabled: false}}")
    assert found.switch_ports == {}
    assert found.interfaces == {
        "GigabitEthernet1/0/1": RoutedInterface(addresses=(IPv4Interface("10.0.0.1/24"),)),
        "GigabitEthernet1/0/2": RoutedInterface(enabled=False),
    }


def test_an_svi_a_loopback_and_the_ports_of_a_router_are_routed_without_an_address() -> None:
    switch = device("    interfaces: {Vlan10: {description: users}, Loopback0: {}}")
    assert set(switch.interfaces) == {"Vlan10", "Loopback0"}
    (router,) = load("  r: {kind: router, ports: Gi0/0, interfaces: {Gi0/0: {enabled: false}}}\n").desired.devices
    assert router.interfaces == {"GigabitEthernet0/0": RoutedInterface(enabled=False)}


def test_the_first_of_several_addresses_is_the_primary_one() -> None:
    found = device("    interfaces: {Vlan10: {addresses: [10.0.1.1/24, 10.0.2.1/24]}}")
    assert found.interfaces["Vlan10"].addresses == (IPv4Interface("10.0.1.1/24"), IPv4Interface("10.0.2.1/24"))


def test_ospf_of_an_interface_is_the_only_process_of_the_device() -> None:
    found = device(
        "    ospf: {process: 7, router_id: 10.0.0.1, default_originate: true}\n"
        "    interfaces: {Vlan10: {address: 10.0.1.1/24, ospf: {area: 3, cost: 5, network: point-to-point}}}"
    )
    process = OspfProcess(process=7, router_id=IPv4Address("10.0.0.1"), default_originate=True)
    assert found.ospf == {7: process}
    assert found.interfaces["Vlan10"].ospf == OspfInterface(process=7, area=3, cost=5, point_to_point=True)


def test_ospf_of_an_interface_names_its_process_where_there_are_several() -> None:
    found = device(
        "    ospf: [{router_id: 10.0.0.1}, {process: 2, router_id: 10.0.0.2}]\n"
        "    interfaces: {Vlan10: {address: 10.0.1.1/24, ospf: {process: 2, area: 0, passive: true}}}"
    )
    assert found.interfaces["Vlan10"].ospf == OspfInterface(process=2, area=0, passive=True)


def test_static_routes_keep_their_order_and_an_empty_item_counts_as_left_out() -> None:
    found = device(
        "    routes:\n"
        "      - {to: 0.0.0.0/0, via: 1.1.1.1, distance: 5, name: x}\n"
        "      -\n"
        "      - {to: 10.0.0.0/8, via: 1.1.1.2}"
    )
    everywhere, private = IPv4Network("0.0.0.0/0"), IPv4Network("10.0.0.0/8")
    assert found.routes == (
        StaticRoute(prefix=everywhere, next_hop=IPv4Address("1.1.1.1"), distance=5, name="x"),
        StaticRoute(prefix=private, next_hop=IPv4Address("1.1.1.2")),
    )


def test_spanning_tree_priorities_are_by_vlan_lists_and_unsaid_means_left_alone() -> None:
    found = device("    spanning_tree: {mode: rapid-pvst, priority: {10: 4096, 20-21: 0, '30,40': 8192}}")
    assert found.spanning_tree == SpanningTree(
        mode="rapid-pvst", priorities={10: 4096, 20: 0, 21: 0, 30: 8192, 40: 8192}
    )
    assert device("").spanning_tree is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", {10: "users", 20: "voice", 30: None}),
        ("vlans: all", {10: "users", 20: "voice", 30: None}),
        ("vlans: none", {}),
        ("vlans: []", {}),
        ("vlans: [20, 30]", {20: "voice", 30: None}),
        ("vlans: 10,20", {10: "users", 20: "voice"}),
        ("vlans: {10: staff, 20: , 50: lab}", {10: "staff", 20: None, 50: "lab"}),
    ],
)
def test_a_switch_has_all_vlans_of_the_catalogue_or_those_it_names(written: str, meant: dict[int, str | None]) -> None:
    assert device(f"    {written}").vlans == meant


def test_a_router_has_no_vlans_and_nothing_to_say_about_routing() -> None:
    (found,) = load("  r: {kind: router, routing: true}\n").desired.devices
    assert (found.vlans, found.routing) == ({}, None)


def test_a_switch_that_says_nothing_about_routing_leaves_it_alone() -> None:
    one, other = load("  a: {}\n  b: {routing: false}\n").desired.devices
    assert (one.routing, other.routing) == (None, False)


def test_an_anchor_lets_devices_share_what_they_have_in_common() -> None:
    one, other = load(
        "  a: {ports: &p Gi1/0/1-2, interfaces: &i {Gi1/0/1: {vlan: 10}}}\n  b: {ports: *p, interfaces: *i}\n"
    ).desired.devices
    assert (one.ports, one.switch_ports) == (other.ports, other.switch_ports)


# --- identity and links -----------------------------------------------------------------------------------------------


def test_the_id_is_the_host_name_unless_one_is_given() -> None:
    assert [(found.id, found.name) for found in load("  a: {}\n  b: {id: x.1}\n").desired.devices] == [
        ("a", "a"),
        ("x.1", "b"),
    ]


def test_a_present_device_is_known_by_its_host_name_whatever_its_id() -> None:
    (found,) = load("  SW1: {}\n", ids={"sw1": "rack3"}).desired.devices
    assert (found.id, found.name) == ("rack3", "SW1")


def test_a_renamed_device_keeps_the_id_of_its_old_name() -> None:
    (found,) = load("  dist1: {renamed_from: SW1}\n", ids={"sw1": "rack3"}).desired.devices
    assert (found.id, found.name) == ("rack3", "dist1")


def test_a_renaming_that_is_done_already_is_no_problem() -> None:
    (found,) = load("  dist1: {renamed_from: sw1}\n", ids={"dist1": "rack3"}).desired.devices
    assert found.id == "rack3"


def test_renaming_a_device_that_is_not_there_names_one_that_is() -> None:
    _, problems = check_definition(HEAD + "  dist1: {renamed_from: sw2}\n", file="f", ids={"sw1": "a", "r1": "b"})
    assert [problem.problem for problem in problems] == [
        "there is no device 'sw2' (nor 'dist1') to rename; did you mean sw1?"
    ]


def test_links_join_device_ids_in_one_form_and_an_empty_item_counts_as_left_out() -> None:
    text = "  a: {id: z9, ports: Gi1/0/1}\n  b: {ports: Gi1/0/1}\nlinks:\n  - [a Gi1/0/1, b gig 1/0/1]\n  -\n"
    link = Link(("b", "GigabitEthernet1/0/1"), ("z9", "GigabitEthernet1/0/1"))
    assert load(text).desired.links == {link}


def test_a_link_may_go_to_a_present_device_that_the_file_leaves_out() -> None:
    text = "  a: {ports: Gi1/0/1}\nlinks:\n  - [a Gi1/0/1, old Gi0/0]\n"
    # How the kind of that device names its ports is known where it is.
    link = Link(("a", "GigabitEthernet1/0/1"), ("old-id", "Gi0/0"))
    assert load(text, ids={"old": "old-id"}).desired.links == {link}


# --- positions --------------------------------------------------------------------------------------------------------

PLACES = """  d1:
    id: rack1
    routing: true
    ports: Gi1/0/1-4
    interfaces:
      Gi1/0/1-2: {vlan: 10}
      Gi1/0/3: {native: 20}
      Vlan10: {address: 10.0.0.1/24}
    ospf: {router_id: 1.1.1.1}
  d2: {vlans: {50: lab}, vendor: cisco}
"""


@pytest.mark.parametrize(
    ("name", "subject", "line", "field"),
    [
        ("rack1", "rack1", 8, "devices.d1"),
        ("rack1", "d1", 8, "devices.d1"),
        ("d1", "", 8, "devices.d1"),
        ("rack1", "GigabitEthernet1/0/2", 13, "devices.d1.interfaces.Gi1/0/1-2"),
        ("rack1", "gi1/0/4", 11, "devices.d1.ports"),
        ("rack1", "d1 Vlan10", 15, "devices.d1.interfaces.Vlan10.address"),
        ("rack1", "10", 13, "devices.d1.interfaces.Gi1/0/1-2.vlan"),
        ("rack1", "20", 14, "devices.d1.interfaces.Gi1/0/3.native"),
        ("rack1", "30", 3, "vlans.30"),
        ("d2", "50", 17, "devices.d2.vlans.50"),
        ("d2", "60", 17, "devices.d2.vlans"),
        ("d2", "vendor", 17, "devices.d2.vendor"),
        ("d1", "vendor", 2, "defaults.vendor"),
        ("d1", "ospf", 16, "devices.d1.ospf"),
        ("d1", "something else", 8, "devices.d1"),
        ("nobody", "x", 1, ""),
        ("", "", 1, ""),
    ],
)
def test_a_subject_of_an_error_is_found_in_the_file(name: str, subject: str, line: int, field: str) -> None:
    assert load(PLACES).locate(name, subject) == (line, field)


def test_a_subject_is_found_by_its_host_too() -> None:
    positions = load(PLACES).positions
    assert (positions.of("rack1").line, positions.of("d1 Vlan10").column) == (8, 16)
    assert positions.of("campus") == positions.of("")

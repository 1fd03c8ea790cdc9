"""What is wrong with a definition file is all told, each problem with its line, its field and what would be right."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cimnet_nornir.definition import check_definition, load_definition, read_definition
from cimnet_nornir.errors import DefinitionError

HEAD = """network: campus
defaults: {vendor: cisco, platform: ios, kind: switch}
vlans: {10: users, 20: voice}
port_profiles: {user-port: {vlan: 10}, lost: {vlan: 30}}
devices:
"""


def problems_of(text: str, ids: Mapping[str, str] | None = None) -> list[tuple[int, str, str]]:
    definition, problems = check_definition(text, file="f.yaml", ids=ids or {})
    assert (definition is None) == bool(problems)
    return [(problem.line, problem.field, problem.problem) for problem in problems]


def only_problem(devices: str) -> tuple[int, str, str]:
    found = problems_of(HEAD + devices)
    assert len(found) == 1, found
    return found[0]


SYNTAX = (
    ("", 1, "", "the file is empty"),
    ("# a comment alone\n", 1, "", "the file is empty"),
    ("null", 1, "", "the file is empty"),
    ("- campus\n", 1, "", "a definition is a mapping; begin it with a line such as network: campus"),
    ("network: a: b", 1, "", "a ':' is too many here"),
    ("network: n\ndevices:\n\tr1: {}\n", 3, "", "indent with spaces only"),
    ("network: n\ndevices: {r1: {}\nlinks: []\n", 3, "", "',' or '}' is missing"),
    ("network: 'n\n", 2, "", "a quoted text is not closed"),
    ("network: n\n  devices: {}\n", 2, "", "a ':' is too many here"),
    ("network: n\nx: [a\n", 3, "", "',' or ']' is missing"),
    ("network: n\n links:\ndevices\n", 2, "", "a ':' is too many here"),
    ("network: \x07n\n", 1, "", "a character that YAML does not allow"),
    ("network: n\n---\nnetwork: m\n", 3, "", "a second document begins here"),
    ("network: *n\n", 1, "network", "the alias *n has no anchor &n before it"),
    ("network: !!binary n\n", 1, "network", "mean nothing here"),
    ("network: n\n<<: {a: b}\n", 2, "", "use port_profiles"),
    ("network: n\n? [a]\n: b\n", 2, "", "a field's name is a text or a number"),
    ("network: " + "[" * 50, 1, "network" + "[0]" * 30, "nested too deeply"),
    ("network: n\nnetwork: m\n", 2, "network", "network stands here twice; first in line 1"),
)


@pytest.mark.parametrize(("text", "line", "field", "message"), SYNTAX)
def test_text_that_is_no_definition_is_refused_with_its_line(text: str, line: int, field: str, message: str) -> None:
    found = problems_of(text)
    assert [(at, where) for at, where, _ in found[:1]] == [(line, field)]
    assert message in found[0][2]


def test_aliases_cannot_make_a_small_file_huge() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "the aliases make the file too large" in problems_of("\n".join(lines))[0][2]


FORM = (
    ("  s1: {colour: red}", "devices.s1.colour", "there is no field 'colour'"),
    ("  s1: {modell: x}", "devices.s1.modell", "there is no field 'modell'; did you mean model?"),
    ("  s1: {routing: yes}", "devices.s1.routing", "'yes' stands where true or false is expected"),
    ("  s1: {kind: swich}", "devices.s1.kind", "'swich' is none of 'router', 'switch' or 'host'"),
    ("  s1: {model: 9300}", "devices.s1.model", '9300 stands where a text is expected; put it in quotes: "9300"'),
    ("  s1: {management: 10.0.0.1/24}", "devices.s1.management", "leave the prefix length out"),
    ("  s1: {management: 10}", "devices.s1.management", "10 stands where a text such as 10.0.0.1 is expected"),
    ("  s1: []", "devices.s1", "a list stands where a mapping (field: value) is expected"),
    ("  s1:", "devices.s1", "nothing stands where a mapping (field: value) is expected"),
    ("  1s: {}", "devices.1s", "'1s' is no host name: a letter, then letters, digits, '-' and '_'"),
    ("  10: {}", "devices.10", '10 stands where a text is expected; put it in quotes: "10"'),
    ("  s1: {id: a b}", "devices.s1.id", "'a b' is no name"),
    ("  s1: {ports: Gi1/0/5-1}", "devices.s1.ports", "runs backwards"),
    ("  s1: {ports: {Gi1/0/1: }}", "devices.s1.ports", "stands where a text such as GigabitEthernet0/0-3"),
    ("  s1: {interfaces: []}", "devices.s1.interfaces", "a list stands where a mapping (name: value) is expected"),
    ("  s1: {interfaces: {Vlan10: {adress: 1}}}", "devices.s1.interfaces.Vlan10.adress", "did you mean address?"),
    ("  s1: {interfaces: {Vlan10: {vlan: '10'}}}", "devices.s1.interfaces.Vlan10.vlan", "leave the quotes out"),
    (
        "  s1: {interfaces: {Vlan10: {address: 10.0.0.1}}}",
        "devices.s1.interfaces.Vlan10.address",
        "'10.0.0.1' has no prefix length; write it like 10.0.0.1/24",
    ),
    (
        "  s1: {interfaces: {Vlan10: {address: 10.0.0.1/255.255.0.0}}}",
        "devices.s1.interfaces.Vlan10.address",
        "write the prefix length: 10.0.0.1/16",
    ),
    (
        "  s1: {interfaces: {Vlan10: {addresses: [10.0.0.1/24, x]}}}",
        "devices.s1.interfaces.Vlan10.addresses[1]",
        "'x' is no address with its prefix length, such as 10.0.0.1/24",
    ),
    (
        "  s1: {interfaces: {Vlan10: {address: 10.0.0.1/24, ospf: {area: 0, cost: 0}}}}",
        "devices.s1.interfaces.Vlan10.ospf.cost",
        "0 is too low; the lowest is 1",
    ),
    ("  s1: {routes: [{to: 0.0.0.0/0}]}", "devices.s1.routes[0].via", "via is missing"),
    ("  s1: {routes: {to: 0.0.0.0/0}}", "devices.s1.routes", "a mapping stands where a list is expected"),
    ("  s1: {routes: [{to: 10.0.0.1/8, via: 10.0.0.2}]}", "devices.s1.routes[0].to", "write the network: 10.0.0.0/8"),
    ("  s1: {vlans: 4095}", "devices.s1.vlans", "VLAN ids are 1 to 4094"),
    ("  s1: {vlans: 1-10}", "devices.s1.vlans", "VLAN 1 is there by itself"),
    ("  s1: {vlans: ten}", "devices.s1.vlans", "'ten' is no VLAN list; write it like 10,20,30-35"),
    ("  s1: {vlans: [[10]]}", "devices.s1.vlans", "VLANs are a number, a text such as 10,20-29"),
    ("  s1: {vlans: true}", "devices.s1.vlans", "VLANs are a number, a text such as 10,20-29"),
    ("  s1: {vlans: {10: ''}}", "devices.s1.vlans", "a VLAN's name is empty"),
    ("  s1: {vlans: {1002: x}}", "devices.s1.vlans.1002", "VLAN 1002 is there by itself"),
    (
        "  s1: {spanning_tree: {priority: {10: 100}}}",
        "devices.s1.spanning_tree.priority.10",
        "a spanning-tree priority is a multiple of 4096 from 0 to 61440, not 100",
    ),
    ("  s1: {spanning_tree: {priority: 4096}}", "devices.s1.spanning_tree.priority", "4096 stands where a mapping"),
    (
        "  s1: {spanning_tree: {priority: {'10,20': 0, 10: 4096}}}",
        "devices.s1.spanning_tree.priority",
        "VLAN 10 has two priorities here",
    ),
    ("  s1: {spanning_tree: {mode: stp}}", "devices.s1.spanning_tree.mode", "'stp' is none of 'pvst', 'rapid-pvst'"),
)
LINKS = (
    ("links: {a: b}", "links", "a mapping stands where a list is expected"),
    ("links: [s1 Gi1/0/1]", "links[0]", "a link is two ends: ["),
    ("links: [[s1 Gi1/0/1, s2]]", "links[0]", "'s2' is no end of a link; write host and port"),
    ("vlan: {}", "vlan", "there is no field 'vlan'; did you mean vlans?"),
)


@pytest.mark.parametrize(("devices", "field", "message"), FORM)
def test_a_wrong_form_in_a_device_is_refused_with_its_field(devices: str, field: str, message: str) -> None:
    found = only_problem(devices)
    assert found[:2] == (6, field)
    assert message in found[2]


@pytest.mark.parametrize(("line", "field", "message"), LINKS)
def test_a_wrong_form_outside_devices_is_refused_with_its_field(line: str, field: str, message: str) -> None:
    found = only_problem(line)
    assert found[:2] == (6, field)
    assert message in found[2]


PORTS = "  s1:\n    ports: Gi1/0/1-4\n    interfaces:\n      "
LAYER_3 = "  s1:\n    routing: true\n    ports: Gi1/0/1-4\n    ospf: {router_id: 1.1.1.1}\n    interfaces:\n      "
MEANING = (
    (PORTS + "Gi1/0/1: {profile: user_port}", 9, "Gi1/0/1.profile", "did you mean user-port?"),
    (PORTS + "Gi1/0/1: {mode: access}", 9, "Gi1/0/1.vlan", "an access port needs its VLAN; add vlan: ID"),
    (PORTS + "Gi1/0/1: {vlan: 30}", 9, "Gi1/0/1.vlan", "VLAN 30 is not in the catalogue (vlans: 10, 20)"),
    (PORTS + "Gi1/0/1: {profile: lost}", 9, "Gi1/0/1.profile", "VLAN 30 is not in the catalogue"),
    (PORTS + "Gi1/0/1: {native: 30}", 9, "Gi1/0/1.native", "VLAN 30 is not in the catalogue"),
    (PORTS + "Gi1/0/1: {mode: trunk, vlan: 10}", 9, "Gi1/0/1.vlan", "vlan does not go with mode trunk"),
    (PORTS + "Gi1/0/1: {vlan: 10, native: 20}", 9, "Gi1/0/1.native", "native does not go with mode access"),
    (PORTS + "Gi1/0/1: {vlan: 10, address: 10.0.0.1/24}", 9, "Gi1/0/1.address", "it belongs to mode routed"),
    (PORTS + "Gi1/0/9: {}", 9, "Gi1/0/9", "s1 has no port GigabitEthernet1/0/9; did you mean"),
    (PORTS + "Gi1/0/1-9: {vlan: 10}", 9, "Gi1/0/1-9", "s1 has no port GigabitEthernet1/0/5"),
    (PORTS + "panel1: {}", 9, "panel1", "'panel1' is no interface name"),
    (PORTS + "Gi1/0/1-3: {}\n      Gi1/0/3-4: {}", 10, "Gi1/0/3-4", "twice; it is in 'Gi1/0/1-3' (line 9) too"),
    (PORTS + "Gi1/0/1,Gi1/0/1: {}", 9, "Gi1/0/1,Gi1/0/1", "GigabitEthernet1/0/1 is configured twice"),
    (PORTS + "Loopback0: {address: 10.0.0.1/24}", 9, "Loopback0", "enable routing to give Loopback0 an address"),
    (PORTS + "Vlan30: {address: 10.0.0.1/24}", 9, "Vlan30", "VLAN 30 is not in the catalogue"),
    (PORTS + "Vlan10: {address: 10.0.0.1/24, portfast: true}", 9, "Vlan10.portfast", "it belongs to switch ports"),
    (LAYER_3 + "Vlan10: {address: 10.0.0.0/24}", 11, "Vlan10.address", "is the network address of its subnet"),
    (LAYER_3 + "Vlan10: {address: 10.0.0.255/24}", 11, "Vlan10.address", "is the broadcast address of its subnet"),
    (LAYER_3 + "Vlan10: {address: 10.0.0.1/24, addresses: [10.0.1.1/24]}", 11, "Vlan10.addresses", "say the same"),
    (LAYER_3 + "Vlan10: {ospf: {area: 0}}", 11, "Vlan10.ospf", "OSPF runs on an interface that has an address"),
    (
        LAYER_3 + "Vlan10: {address: 10.0.0.1/24, ospf: {area: 0, process: 2}}",
        11,
        "Vlan10.ospf",
        "s1 has no OSPF process 2; it has 1",
    ),
    (
        LAYER_3 + "Vlan10: {address: 10.0.0.1/24}\n      Gi1/0/1: {addresses: [10.0.0.2/25]}",
        12,
        "Gi1/0/1.addresses",
        "10.0.0.0/25 on s1 GigabitEthernet1/0/1 overlaps 10.0.0.0/24 on Vlan10",
    ),
    (
        LAYER_3 + "Vlan10: {address: 10.0.0.1/24}\n      Vlan20: {address: 10.0.0.1/24}",
        12,
        "Vlan20.address",
        "10.0.0.1 is on s1 Vlan10 and on s1 Vlan20 (line 11)",
    ),
)


@pytest.mark.parametrize(("devices", "line", "field", "message"), MEANING)
def test_an_interface_that_cannot_be_is_refused_with_its_line(
    devices: str, line: int, field: str, message: str
) -> None:
    found = only_problem(devices)
    assert found[:2] == (line, f"devices.s1.interfaces.{field}")
    assert message in found[2]


TWO_PROCESSES = "  r1: {kind: router, ospf: [{router_id: 1.1.1.1}, {process: 2, router_id: 1.1.1.2}], "
DEVICES = (
    ("  s1: {platform: junos}", "devices.s1.platform", "platform 'junos' of cisco is not known; known: ios, iosxe"),
    ("  s1: {vendor: other}", "devices.s1.vendor", "vendor 'other' is not known; known: cisco"),
    ("  s1: {ports: 'Gi0/1,Gi0/1'}", "devices.s1.ports", "the port GigabitEthernet0/1 is there already"),
    ("  s1: {ports: Vlan10}", "devices.s1.ports", "Vlan10 is no physical port"),
    ("  s1: {vlans: [10, 30]}", "devices.s1.vlans", "VLAN 30 is not in the catalogue (vlans)"),
    ("  s1: {ospf: {router_id: 1.1.1.1}}", "devices.s1.ospf", "enable routing first (routing: true)"),
    ("  s1: {routes: [{to: 0.0.0.0/0, via: 1.1.1.1}]}", "devices.s1.routes", "enable routing first (routing: true)"),
    ("  r1: {kind: router, vlans: [10]}", "devices.r1.vlans", "r1 is a router: it has no VLANs or switch ports"),
    ("  r1: {kind: router, vlans: all}", "devices.r1.vlans", "r1 is a router: it has no VLANs or switch ports"),
    ("  r1: {kind: router, spanning_tree: {mode: mst}}", "devices.r1.spanning_tree", "r1 is a router"),
    ("  r1: {kind: router, routing: false}", "devices.r1.routing", "a router routes anyway; leave routing out"),
    (
        "  r1: {kind: router, ports: Gi0/0, interfaces: {Gi0/0: {mode: access, vlan: 10}}}",
        "devices.r1.interfaces.Gi0/0",
        "r1 is a router: it has no VLANs or switch ports",
    ),
    (
        "  r1: {kind: router, ospf: [{router_id: 1.1.1.1}, {router_id: 1.1.1.2}]}",
        "devices.r1.ospf[1].process",
        "OSPF process 1 stands here twice",
    ),
    (
        "  r1: {kind: router, interfaces: {Loopback0: {address: 1.1.1.1/32, ospf: {area: 0}}}}",
        "devices.r1.interfaces.Loopback0.ospf",
        "r1 has no OSPF process; add ospf: {process: 1, router_id: …} to it",
    ),
    (
        TWO_PROCESSES + "interfaces: {Loopback0: {address: 1.1.1.1/32, ospf: {area: 0}}}}",
        "devices.r1.interfaces.Loopback0.ospf",
        "r1 has several OSPF processes; say which: process: 1 or 2",
    ),
    (
        "  r1: {kind: router, routes: [{to: 0.0.0.0/0, via: 1.1.1.1}, {to: 0.0.0.0/0, via: 1.1.1.1, name: x}]}",
        "devices.r1.routes[1]",
        "the route to 0.0.0.0/0 via 1.1.1.1 stands in line 6 already",
    ),
    ("  r1: {id: x, renamed_from: r0}", "devices.r1.renamed_from", "id says already which device it is"),
    ("  r1: {renamed_from: r0}", "devices.r1.renamed_from", "there is no device 'r0' (nor 'r1') to rename"),
    ("  r1: {}\n  R1: {}", "devices.R1", "R1 and r1 (line 6) are one host name"),
    ("  r1: {}\n  r2: {id: r1}", "devices.r2.id", "r2 and r1 (line 6) are one device by the id 'r1'"),
    ("  r1: {id: r2}\n  r2: {}", "devices.r2", "r2 and r1 (line 6) are one device by the id 'r2'; give r2 another id"),
    (
        "  r1: {management: 10.0.0.1}\n  r2: {management: 10.0.0.1}",
        "devices.r2.management",
        "10.0.0.1 is on r1 management and on r2 management (line 6)",
    ),
)


@pytest.mark.parametrize(("devices", "field", "message"), DEVICES)
def test_a_device_that_cannot_be_is_refused_with_its_field(devices: str, field: str, message: str) -> None:
    found = only_problem(devices)
    assert found[1] == field
    assert message in found[2]


def test_a_device_needs_its_kind_vendor_and_platform_from_itself_or_the_defaults() -> None:
    assert problems_of("network: n\ndevices:\n  s1: {}\n") == [
        (3, "devices.s1.kind", "kind is missing; write kind: router, kind: switch or kind: host"),
        (3, "devices.s1.platform", "platform is missing; add it here or to defaults"),
        (3, "devices.s1.vendor", "vendor is missing; add it here or to defaults"),
    ]


def test_a_wrong_default_is_one_problem_however_many_devices_have_it() -> None:
    text = HEAD.replace("platform: ios", "platform: iosx") + "  s1: {}\n  s2: {}\n"
    assert [(line, field) for line, field, _ in problems_of(text)] == [(2, "defaults.platform")]


CABLES = (
    HEAD
    + """  s1: {ports: Gi1/0/1-4}
  s2: {ports: Gi1/0/1-4}
links:
  - [s1 Gi1/0/1, s2 Gi1/0/1]
"""
)


@pytest.mark.parametrize(
    ("link", "field", "message"),
    [
        ("[s1 Gi1/0/1, s2 Gi1/0/2]", "links[1][0]", "s1 GigabitEthernet1/0/1 is linked in line 9 already"),
        ("[s1 Gi1/0/2, s3 Gi1/0/2]", "links[1][1]", "there is no device s3; known: s1, s2"),
        ("[s1 Gi1/0/2, s2 Gi1/0/8]", "links[1][1]", "s2 has no port GigabitEthernet1/0/8; did you mean"),
        ("[s1 Gi1/0/2, s2 panel1]", "links[1][1]", "'panel1' is no interface name"),
        ("[s1 Gi1/0/2, s2 Te9/9]", "links[1][1]", "s2 has no port TenGigabitEthernet9/9"),
        ("[s1 Gi1/0/2, s1 Gi1/0/3]", "links[1]", "a link joins two devices, not s1 with itself"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_its_line(link: str, field: str, message: str) -> None:
    (found,) = problems_of(f"{CABLES}  - {link}\n")
    assert found[:2] == (10, field)
    assert message in found[2]


def test_all_problems_of_a_file_are_found_in_one_go_in_the_order_of_the_file() -> None:
    text = HEAD + (
        "  s1:\n"
        "    colour: red\n"
        "    ports: Gi1/0/1-4\n"
        "    interfaces:\n"
        "      Gi1/0/1: {vlan: 30}\n"
        "      Gi1/0/2: {speed: 100}\n"
        "      Gi1/0/3: {vlan: 10}\n"
        "    spanning_tree: {priority: {10: 1}}\n"
        "  s2: {vlans: [x]}\n"
        "  s3: {ports: Gi1/0/1, management: x}\n"
        "links:\n"
        "  - [s1 Gi1/0/1]\n"
        "  - [s1 Gi1/0/1, s2 Gi1/0/1]\n"
        "  - [s1 Gi1/0/4, s3 Gi1/0/4]\n"
    )
    assert [(line, field) for line, field, _ in problems_of(text)] == [
        (7, "devices.s1.colour"),
        (10, "devices.s1.interfaces.Gi1/0/1.vlan"),
        (11, "devices.s1.interfaces.Gi1/0/2.speed"),
        (13, "devices.s1.spanning_tree.priority.10"),
        (14, "devices.s2.vlans"),
        (15, "devices.s3.management"),
        (17, "links[0]"),
        (19, "links[2][1]"),
    ]


def test_a_device_of_which_something_needed_is_wrong_makes_no_further_noise() -> None:
    devices = "  s1: {port: Gi1/0/1-4, interfaces: {Gi1/0/1: {vlan: 10}}}\n  s2: {ports: Gi0/0}\n"
    text = f"{HEAD}{devices}links:\n  - [s1 Gi1/0/1, s2 Gi0/0]\n"
    assert [field for _, field, _ in problems_of(text)] == ["devices.s1.port"]


def test_a_wrong_catalogue_makes_no_noise_at_the_ports() -> None:
    text = HEAD.replace("10: users", "10: a user") + "  s1: {ports: Gi1/0/1, interfaces: {Gi1/0/1: {vlan: 10}}}\n"
    assert [field for _, field, _ in problems_of(text)] == ["vlans.10"]


def test_every_overlap_and_duplicate_is_found_not_only_the_first() -> None:
    loopbacks = "".join(f"      Loopback{n}: {{address: 10.0.0.1/32}}\n" for n in range(4))
    text = HEAD + "  r1:\n    kind: router\n    interfaces:\n" + loopbacks
    assert [line for line, _, _ in problems_of(text)] == [10, 11, 12]


def test_loading_raises_the_first_problem_with_file_line_and_field() -> None:
    with pytest.raises(DefinitionError) as raised:
        load_definition(HEAD + "  s1: {modell: x}\n  s2: {modell: y}\n", file="net.yaml")
    error = raised.value
    assert (error.file, error.line, error.column, error.field) == ("net.yaml", 6, 8, "devices.s1.modell")
    assert str(error) == "net.yaml:6: devices.s1.modell: there is no field 'modell'; did you mean model?"


def test_a_file_that_is_not_there_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read: No such file"):
        read_definition(tmp_path / "no.yaml")


def test_a_file_in_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("network: n\n# Zürich\n".encode("latin-1"))
    with pytest.raises(DefinitionError, match=r"latin.yaml:2: the file is not UTF-8"):
        read_definition(path)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfnetwork: n\r\n")
    assert read_definition(path).desired.name == "n"

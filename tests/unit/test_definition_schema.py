"""The JSON Schema of definition files says what the loader says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cimnet_nornir.definition import check_definition
from cimnet_nornir.definition.model import NetworkFile
from cimnet_nornir.definition.schema import json_schema
from cimnet_nornir.definition.yaml_text import compose

EXAMPLE = Path(__file__).parents[2] / "inventory" / "network.yaml"
DEVICE = (
    "network: n\nvlans: {10: a, 20: b}\nport_profiles: {p: {vlan: 10}}\ndevices:\n  d: {vendor: cisco, platform: ios, "
)
SWITCH = DEVICE + "kind: switch, ports: Gi1/0/1-4, "
LAYER_3 = SWITCH + "routing: true, ospf: {router_id: 10.0.0.1}, "
PORT = SWITCH + "interfaces: {Gi1/0/1: {"
BGP = DEVICE + "kind: router, bgp: {asn: 65001, "
ENTRY = DEVICE + "kind: router, access_lists: {E: {kind: extended, entries: [{"
ROUTED = LAYER_3 + "interfaces: {Gi1/0/1: {"

ACCEPTED = (
    "network: n",
    "network: n\nlinks:\ndevices:\nvlans:\nport_profiles:\ndefaults:",
    "network: '10'",
    "network: n\nvlans: {10: users, 20: }",
    "network: n\ndefaults: {vendor: cisco, platform: iosxe, kind: switch, model: '9300', role: x, site: y}",
    SWITCH + "vlans: all}",
    SWITCH + "port_channels: {1: {members: Gi1/0/1-2}, 128: {members: [Gi1/0/3, Gi1/0/4], mode: passive}}}",
    SWITCH + "port_channels: , bonds: }",
    DEVICE + "kind: switch}\n  h: {kind: host, ports: [a, b, c], "
    "bonds: {bond0: {members: [a, b]}, bond1: {members: [c], mode: active-backup}}}",
    SWITCH + "vlans: none}",
    SWITCH + "vlans: }",
    SWITCH + "vlans: 10}",
    SWITCH + "vlans: '10,20'}",
    SWITCH + "vlans: []}",
    SWITCH + "vlans: [10, '20']}",
    SWITCH + "vlans: {10: other, 30: }}",
    SWITCH + "spanning_tree: {mode: mst, priority: {10: 4096, '20,30-40': 0}}}",
    SWITCH + "management: 10.0.0.1, id: x.y_z-1, role: ''}",
    DEVICE + "kind: router, ospf: [{router_id: 10.0.0.1}, {process: 2, router_id: 10.0.0.2}]}",
    DEVICE + "kind: router, ports: [Gi0/0-1, 'Te0/1/0, Te0/1/1']}",
    DEVICE + "kind: router, routes: [{to: 0.0.0.0/0, via: 10.0.0.1, distance: 250, name: x}, ]}",
    PORT + "}}}",
    PORT + "profile: p, description: x, enabled: false}}}",
    PORT + "mode: access, profile: p}}}",
    PORT + "vlan: 10, portfast: true, bpduguard: true}}}",
    PORT + "mode: trunk}}}",
    PORT + "native: 20, allowed: '10,20-4000'}}}",
    PORT + "mode: trunk, vlan: , allowed: all}}}",
    ROUTED + "mode: routed}}}",
    ROUTED + "address: 10.0.0.1/31, ospf: {area: 0, cost: 1, passive: true, network: point-to-point}}}}",
    ROUTED + "addresses: [10.0.0.1/24, 10.0.1.1/24], ospf: {process: 1, area: 4294967295}}}}",
    DEVICE + "kind: router, bgp: {asn: 65001}}",
    BGP + "router_id: 10.0.0.1, networks: [10.0.0.0/8], neighbors: [{address: 10.0.0.2, remote_as: '1.10'}]}}",
    BGP + "neighbors: [{address: 10.0.0.2, remote_as: 1, description: x, next_hop_self: true, ebgp_multihop: 255}]}}",
    DEVICE + "kind: router, eigrp: {asn: 1, networks: [10.0.0.0/8, 10.0.0.0 0.0.0.255], router_id: 10.0.0.1}}",
    DEVICE + "kind: router, eigrp: [{asn: 1}, {asn: 65535}]}",
    ENTRY + "action: permit}, {remark: x}, {sequence: 40, action: deny, log: true}]}}}",
    ENTRY + "action: permit, remark: , protocol: 6, source: any, source_port: 0, destination_port: range 1 2}]}}}",
    ENTRY + "action: deny, protocol: tcp, source: 10.0.0.0 0.0.1.255, destination: host 10.0.0.1, log: true}]}}}",
    DEVICE + "kind: router, access_lists: {10: {entries: [{action: permit, source: 10.0.0.0/8}]}}}",
    DEVICE + "kind: router, access_lists: {A: {kind: standard, entries: [{action: permit}]}}, "
    "interfaces: {Loopback0: {access_group_in: A}}}",
    DEVICE + "kind: router}\n  e: {vendor: cisco, platform: ios, kind: router, ports: Gi0/0}\n"
    "  f: {vendor: cisco, platform: ios, kind: router, ports: Gi0/0}\nlinks: [[e Gi0/0, f Gi0/0], ]",
)
REFUSED = (
    "[]",
    "text",
    "devices: {}",
    "network:",
    "network: 10",
    "network: a b",
    "network: n\nnetworks: m",
    "network: n\nvlans: [10]",
    "network: n\nvlans: {4095: x}",
    "network: n\nvlans: {1: x}",
    "network: n\nvlans: {1003: x}",
    "network: n\nvlans: {ten: x}",
    "network: n\nvlans: {10: a b}",
    "network: n\nvlans: {10: 5}",
    f"network: n\nvlans: {{10: {'x' * 33}}}",
    "network: n\ndefaults: {kind: firewall}",
    "network: n\ndefaults: {ports: Gi0/0}",
    "network: n\ndevices: {-r: {}}",
    "network: n\ndevices: {r 1: {}}",
    "network: n\ndevices: []",
    "network: n\nlinks: [a Gi0/0, b Gi0/0]",
    "network: n\nlinks: [[a Gi0/0]]",
    "network: n\nlinks: [[aGi0/0, b Gi0/0]]",
    SWITCH + "vlans: 4095}",
    SWITCH + "port_channels: {0: {members: Gi1/0/1}}}",
    SWITCH + "port_channels: {129: {members: Gi1/0/1}}}",
    SWITCH + "port_channels: {one: {members: Gi1/0/1}}}",
    SWITCH + "port_channels: {1: {}}}",
    SWITCH + "port_channels: {1: {members: Gi1/0/1, mode: lacp}}}",
    SWITCH + "port_channels: {1: {members: nothing}}}",
    DEVICE + "kind: host, ports: [a], bonds: {bond0: {members: a}}}",
    DEVICE + "kind: host, ports: [a], bonds: {bond0: {members: [a], mode: lacp}}}",
    DEVICE + "kind: host, ports: [a], bonds: {a name that is too long: {members: [a]}}}",
    SWITCH + "vlans: some}",
    SWITCH + "vlans: true}",
    SWITCH + "vlans: [[10]]}",
    SWITCH + "vlans: {10: ''}}",
    SWITCH + "spanning_tree: {mode: stp}}",
    SWITCH + "spanning_tree: {priority: {10: 4097}}}",
    SWITCH + "spanning_tree: {priority: {10: 65536}}}",
    SWITCH + "spanning_tree: {priority: {ten: 4096}}}",
    SWITCH + "routing: yes}",
    SWITCH + "routing: 'true'}",
    SWITCH + "management: 10.0.0.256}",
    SWITCH + "management: 10.0.0.1/24}",
    SWITCH + "model: 9300}",
    SWITCH + "colour: red}",
    SWITCH + "interfaces: {eth: {}}}",
    SWITCH + "interfaces: {Gi1/0/1: }}",
    DEVICE + "kind: router, ports: 5}",
    DEVICE + "kind: router, ports: ethernet}",
    DEVICE + "kind: router, ospf: {router_id: 1}}",
    DEVICE + "kind: router, ospf: {process: 0, router_id: 1.1.1.1}}",
    DEVICE + "kind: router, routes: [{to: 0.0.0.0/0}]}",
    DEVICE + "kind: router, routes: [{to: 0.0.0.0, via: 10.0.0.1}]}",
    DEVICE + "kind: router, routes: [{to: 0.0.0.0/0, via: 10.0.0.1, distance: 0}]}",
    DEVICE + "kind: router, bgp: {}}",
    DEVICE + "kind: router, bgp: {asn: 0}}",
    DEVICE + "kind: router, bgp: {asn: 1.1}}",
    DEVICE + "kind: router, bgp: {asn: '65001'}}",
    BGP + "neighbors: [{address: 10.0.0.2}]}}",
    BGP + "neighbors: [{address: 10.0.0.2, remote_as: 1, ebgp_multihop: 0}]}}",
    BGP + "neighbors: {address: 10.0.0.2, remote_as: 1}}}",
    BGP + "networks: [10.0.0.0]}}",
    DEVICE + "kind: router, eigrp: {asn: 65536}}",
    DEVICE + "kind: router, eigrp: {asn: 1, networks: [10.0.0.0]}}",
    DEVICE + "kind: router, access_lists: {E: {}}}",
    DEVICE + "kind: router, access_lists: {9E: {entries: [{action: permit}]}}}",
    ENTRY + "action: allow}]}}}",
    ENTRY + "protocol: tcp}]}}}",
    ENTRY + "action: permit, remark: x}]}}}",
    ENTRY + "remark: x, log: true}]}}}",
    ENTRY + "action: permit, protocol: http}]}}}",
    ENTRY + "action: permit, protocol: 256}]}}}",
    ENTRY + "action: permit, source: all}]}}}",
    ENTRY + "action: permit, source: 10}]}}}",
    ENTRY + "action: permit, protocol: tcp, source_port: ne 5}]}}}",
    ENTRY + "action: permit, protocol: tcp, source_port: 70000}]}}}",
    PORT + "mode: access, vlan: 10, access_group_in: E}}}",
    PORT + "mode: hybrid}}}",
    PORT + "mode: access}}}",
    PORT + "mode: access, vlan: 10, native: 20}}}",
    PORT + "mode: trunk, vlan: 10}}}",
    PORT + "vlan: 4095}}}",
    PORT + "vlan: '10'}}}",
    PORT + "allowed: 10-5000}}}",
    PORT + "enabled: 1}}}",
    PORT + "description: ''}}}",
    ROUTED + "mode: access, vlan: 10, address: 10.0.0.1/24}}}",
    ROUTED + "mode: routed, vlan: 10}}}",
    ROUTED + "address: 10.0.0.1}}}",
    ROUTED + "address: 10.0.0.1/33}}}",
    ROUTED + "address: 10.0.0.1/255.255.255.0}}}",
    ROUTED + "address: 10.0.0.1/24, addresses: [10.0.1.1/24]}}}",
    ROUTED + "ospf: {area: 0}}}}",
    ROUTED + "address: 10.0.0.1/24, ospf: {area: 0.0.0.0}}}}",
    ROUTED + "address: 10.0.0.1/24, ospf: {}}}}",
)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


def as_json(text: str) -> Any:
    """The file's data as JSON has it: names of fields are texts."""
    root, _ = compose(text, file="f")
    assert root is not None
    return json.loads(json.dumps(root.data))


def test_the_schema_is_valid_by_its_own_dialect() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_example_file_is_valid_by_the_schema(schema: Draft202012Validator) -> None:
    assert list(schema.iter_errors(as_json(EXAMPLE.read_text()))) == []


def test_every_field_has_a_description_and_an_example_that_is_valid() -> None:
    schema = json_schema()
    # What features are made of is described where they are.
    own = NetworkFile.model_json_schema()["$defs"]
    for part in (schema, *(schema["$defs"][name] for name in own)):
        assert part["additionalProperties"] is False
        for field in part["properties"].values():
            assert field["description"]
            assert field["examples"]
            for example in field["examples"]:
                Draft202012Validator({**field, "$defs": schema["$defs"]}).validate(example)


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_the_loader_accepts_is_valid_by_the_schema(schema: Draft202012Validator, text: str) -> None:
    definition, problems = check_definition(text, file="f")
    assert (definition is not None, problems) == (True, ())
    assert list(schema.iter_errors(as_json(text))) == []


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_loader_refuses_for_its_form_is_not_valid_by_the_schema(
    schema: Draft202012Validator, text: str
) -> None:
    definition, problems = check_definition(text, file="f")
    assert definition is None
    assert problems
    assert not schema.is_valid(as_json(text))

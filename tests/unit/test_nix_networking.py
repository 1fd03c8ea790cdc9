"""A host's networks by the options under `networking`."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface

import pytest

from cimnet_nornir.application.host_parts import (
    HostBond,
    HostBridge,
    HostCard,
    HostInterface,
    HostSide,
    HostVlan,
    HostVxlan,
)
from cimnet_nornir.errors import RuleViolated
from cimnet_nornir.nix import NixGenerator
from tests.nix_evaluation import evaluated

WEB = HostSide(
    "net",
    "web",
    (),
    vlans=(HostVlan(100, "bond0", "vlan100"), HostVlan(200, "bond0", "vlan200")),
    bridges=(
        HostBridge("br-local", None, (IPv4Interface("172.20.0.1/16"),)),
        HostBridge(
            "br-vlan100", "vlan100", (IPv4Interface("10.0.100.10/24"),), 1400, ("apps",), IPv4Address("10.0.100.1")
        ),
    ),
    bonds=(HostBond("bond0", ("eno1", "eno2")),),
    interfaces=(HostInterface("eno3", (IPv4Interface("198.51.100.0/31"),), mtu=9000),),
)


def test_the_style_says_the_same_in_other_options() -> None:
    settings = evaluated("module { }", module=NixGenerator("networking").module(WEB))
    assert settings == {
        "networking": {
            "useNetworkd": True,
            "bonds": {
                "bond0": {
                    "interfaces": ["eno1", "eno2"],
                    "driverOptions": {
                        "mode": "802.3ad",
                        "miimon": "100",
                        "xmit_hash_policy": "layer2+3",
                        "lacp_rate": "slow",
                    },
                }
            },
            "vlans": {
                "vlan100": {"id": 100, "interface": "bond0"},
                "vlan200": {"id": 200, "interface": "bond0"},
            },
            "bridges": {"br-local": {"interfaces": []}, "br-vlan100": {"interfaces": ["vlan100"]}},
            "interfaces": {
                **{name: {"useDHCP": False} for name in ("bond0", "eno1", "eno2", "vlan100", "vlan200")},
                "br-local": {
                    "useDHCP": False,
                    "ipv4": {"addresses": [{"address": "172.20.0.1", "prefixLength": 16}]},
                },
                "br-vlan100": {
                    "useDHCP": False,
                    "mtu": 1400,
                    "ipv4": {"addresses": [{"address": "10.0.100.10", "prefixLength": 24}]},
                },
                "eno3": {
                    "useDHCP": False,
                    "mtu": 9000,
                    "ipv4": {"addresses": [{"address": "198.51.100.0", "prefixLength": 31}]},
                },
            },
            "defaultGateway": {"address": "10.0.100.1", "interface": "br-vlan100"},
        }
    }


def test_a_bond_that_only_fails_over_has_no_policy() -> None:
    side = replace(WEB, bonds=(HostBond("bond0", ("eno1", "eno2"), "active-backup"),))
    options = evaluated("(module { }).networking.bonds.bond0", module=NixGenerator("networking").module(side))
    assert options["driverOptions"] == {"mode": "active-backup", "miimon": "100"}


def test_a_host_with_nothing_on_it_has_an_empty_module() -> None:
    bare = HostSide("net", "bare", (HostCard("eno1", "sw1", "Gi1/0/1"),), (), ())
    assert evaluated("module { }", module=NixGenerator("networking").module(bare)) == {}


def test_what_the_style_has_no_options_for_is_refused() -> None:
    generator = NixGenerator("networking")
    with pytest.raises(RuleViolated, match="web: the style networking has no VLAN-aware bridges; take the style"):
        generator.module(replace(WEB, vlan_aware=True))
    vxlan = HostVxlan("vx7", 7, "br-local", IPv4Address("192.0.2.1"))
    with pytest.raises(RuleViolated, match=r"web: the style networking has no VXLAN interfaces \(vx7\)"):
        generator.module(replace(WEB, vxlans=(vxlan,)))

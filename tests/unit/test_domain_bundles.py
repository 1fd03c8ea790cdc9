"""Port-channels and bonds: what they must be, and that a VLAN, an uplink and the rules see one link between two."""

import pytest
from pydantic import ValidationError

from cimnet_nornir.application.host_parts import HostBond
from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.application.topology_document import topology_document
from cimnet_nornir.definition import check_definition
from cimnet_nornir.definition.dump import dump_definition
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.contents import contents, differences, fork
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.hosting.values import Uplink
from cimnet_nornir.domain.layer2 import Layer2, carrying_ports
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.restoring import Blocked, commands_to, compensation
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import (
    Bond,
    Endpoint,
    HostInterfaceConfiguration,
    PortChannel,
    PortConfiguration,
    TrunkMode,
)
from cimnet_nornir.domain.vlan_continuity import islands
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import NetworkInUse, PortNotFound, RuleViolated

# dist routes for VLAN 100; two cables that are one lead to acc, and two more from there to a server.
FILE = """\
network: n
defaults: {vendor: cisco, platform: iosxe}
vlans: {100: servers}
devices:
  dist:
    kind: switch
    routing: true
    ports: Gi1/0/1-8
    port_channels: {1: {members: Gi1/0/1-2}}
    interfaces:
      Vlan100: {address: 10.0.100.1/24}
      Port-channel1: {allowed: 100}
  acc:
    kind: switch
    ports: Gi1/0/1-8
    port_channels:
      1: {members: Gi1/0/1-2, mode: passive}
      5: {members: Gi1/0/5-6}
    interfaces:
      Port-channel1: {allowed: 100}
      Gi1/0/1: {description: first of two}
  srv1:
    kind: host
    ports: [eno1, eno2, eno3]
    bonds: {bond0: {members: [eno1, eno2]}}
links:
  - [dist Gi1/0/1, acc Gi1/0/1]
  - [dist Gi1/0/2, acc Gi1/0/2]
  - [srv1 eno1, acc Gi1/0/5]
  - [srv1 eno2, acc Gi1/0/6]
"""
WEB = "container_networks:\n  web: {vlan: 100, hosts: [srv1], containers: [one]}\n"
FIRST, SECOND = "GigabitEthernet1/0/5", "GigabitEthernet1/0/6"


def desired(text: str) -> DesiredNetwork:
    definition, problems = check_definition(text, file="f")
    assert [str(problem) for problem in problems] == []
    assert definition is not None
    return definition.desired


def declared(text: str = FILE, network: Network | None = None, *, prune: bool = False) -> Network:
    working = Working(fork(network or Network("n")))
    for command in commands_between(working.network, desired(text), prune=prune):
        working.execute(command)
    working.finish()
    return working.network


def when(network: Network, *commands: c.Command) -> Network:
    working = Working(fork(network))
    for command in commands:
        working.execute(command)
    working.finish()
    return working.network


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in check_definition(text, file="f")[1]]


def findings(network: Network) -> list[str]:
    found = Registry(STANDARD_RULES).check(NetworkView(network))
    return [f"{item.rule}: {item.device} {item.path}: {item.message}" for item in found]


# --- what they must be ------------------------------------------------------------------------------------------------


def test_what_is_declared_is_there_and_needs_nothing_more() -> None:
    network = declared()
    assert network.devices["acc"].port_channels[1] == PortChannel(
        members=("GigabitEthernet1/0/2", "GigabitEthernet1/0/1"), mode="passive"
    )
    assert network.devices["srv1"].bonds["bond0"].members == ("eno1", "eno2")
    assert commands_between(network, desired(FILE), prune=True) == ()


def test_a_definition_that_was_written_out_is_the_same_network() -> None:
    network = declared(FILE + WEB)
    text = dump_definition(network)
    assert "port_channels: {1: {members: GigabitEthernet1/0/1-2, mode: passive}, 5: " in text
    assert "bonds: {bond0: {members: [eno1, eno2]}}" in text
    assert commands_between(network, desired(text), prune=True) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Gi1/0/5-6}", "Gi1/0/2-3}", "f:18: devices.acc.port_channels.5: acc GigabitEthernet1/0/2 is in Port-channel1"),
        ("Gi1/0/5-6}", "Gi1/0/9}", "f:18: devices.acc.port_channels.5: acc has no port GigabitEthernet1/0/9"),
        ("Gi1/0/5-6}", "[]}", "f:18: devices.acc.port_channels.5.members: it has no members"),
        ("Gi1/0/5-6}", "[Gi1/0/5, gi1/0/5]}", "GigabitEthernet1/0/5 is named twice"),
        ("Gi1/0/5-6}", "Gi1/0/1-24}", "has at most 16 members"),
        ("Gi1/0/5-6}", "Gi1/0/5, mode: lacp}", "'lacp' is none of 'active', 'passive', 'on'"),
        ("      5: {", "      129: {", "is too high; the highest is 128"),
        ("{description: first of two}", "{mode: trunk}", "f:17: devices.acc.port_channels.1: acc GigabitEthernet1/0/1"),
        ("{description: first of two}", "{portfast: true}", "has a mode of its own; say it of the port-channel"),
        ("      Gi1/0/1: {desc", "      Po7: {allowed: 100}\n      Gi1/0/1: {desc", "acc has no port-channel 7"),
        ("[eno1, eno2]}", "[eno1, eno9]}", "f:25: devices.srv1.bonds.bond0: srv1 has no port eno9"),
        ("bonds: {bond0: {", "bonds: {b1: {members: [eno1]}, bond0: {", "srv1 eno1 is in b1 and in bond0"),
        ("bonds: {bond0: ", "bonds: {eno3: ", "eno3 is a network card of srv1"),
        ("bonds: {bond0: ", "bonds: {lo: ", "lo is the loopback of srv1; name the bond otherwise"),
        (
            "    bonds: {bond0",
            "    interfaces: {eno1: {address: 192.0.2.5/24}}\n    bonds: {bond0",
            "f:26: devices.srv1.bonds.bond0: srv1 eno1 is in bond0 and can have no address; give it to bond0",
        ),
        ("bonds: {bond0: ", "bonds: {a name of no card: ", "is no interface name of a Linux host"),
        ("ports: [eno1", "port_channels: {1: {members: Gi1/0/1}}\n    ports: [eno1", "does not go with kind: host"),
        ("    port_channels: {1: ", "    bonds: {b: {members: [eno1]}}\n    port_channels: {1: ", "it has no bonds"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert old in FILE
    found = problems_of(FILE.replace(old, new, 1))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(("mode", "most"), [("on", 8), ("active", 16), ("passive", 16)])
def test_a_port_channel_has_as_many_ports_as_its_protocol_bears(mode: str, most: int) -> None:
    ports = [f"Gi1/0/{number}" for number in range(1, most + 2)]
    assert len(PortChannel.model_validate({"members": ports[:-1], "mode": mode}).members) == most
    with pytest.raises(ValidationError, match=f"at most {most} members"):
        PortChannel.model_validate({"members": ports, "mode": mode})


def test_a_port_that_is_a_member_does_not_go_and_is_not_routed() -> None:
    network = declared()
    with pytest.raises(RuleViolated, match="is in Port-channel5 and is no port any more"):
        when(network, c.RemovePorts(device="acc", ports=(FIRST,)))
    with pytest.raises(RuleViolated, match="is in Port-channel1 and is routed"):
        when(network, c.ConfigureRouterInterface.model_validate(ROUTED))


ROUTED = {"device": "dist", "interface": "Gi1/0/1", "configuration": {"addresses": ["192.0.2.1/30"]}}


def test_members_may_pass_from_one_port_channel_to_another_in_one_request() -> None:
    swapped = FILE.replace("Gi1/0/5-6", "Gi1/0/1-2", 1).replace(
        "members: Gi1/0/1-2, mode: passive", "members: Gi1/0/5-6"
    )
    swapped = swapped.replace("      Gi1/0/1: {description: first of two}\n", "")
    network = declared(swapped, declared(), prune=True)
    assert network.devices["acc"].port_channels[1].members == (FIRST, SECOND)


# --- one link ---------------------------------------------------------------------------------------------------------


def test_two_port_channels_are_one_link_of_layer_2() -> None:
    network = declared()
    (link,) = Layer2.of(network).links["acc"]
    assert link == Link(("acc", "Port-channel1"), ("dist", "Port-channel1"))
    assert NetworkView(network).links[0].near.port == "Port-channel1"
    assert carrying_ports(network.devices["acc"], 100) == ("Port-channel1",)
    assert not islands(network)


def test_a_vlan_goes_on_over_a_port_channel() -> None:
    network = when(declared(), c.CreateVlanOnSwitches(vlan=200, switches=("dist", "acc")))
    for switch in ("dist", "acc"):
        ports = network.devices[switch].switch_ports
        assert ports["Port-channel1"].switching == TrunkMode(allowed=frozenset({100, 200}))
    assert "GigabitEthernet1/0/2" not in network.devices["acc"].switch_ports


def test_a_vlan_for_a_server_behind_a_member_is_one_of_the_port_channel() -> None:
    asked = c.CreateVlanOnSwitches(vlan=200, switches=("acc",), ports=(Endpoint(device="acc", port="Gi1/0/6"),))
    ports = when(declared(), asked).devices["acc"].switch_ports
    assert ports["Port-channel5"].switching == TrunkMode(allowed=frozenset({1, 200}))


def test_a_container_network_comes_by_the_bond() -> None:
    network = declared(FILE + WEB)
    uplink = Uplink(interface="bond0", switch="acc", port="Port-channel5")
    assert network.container_networks["web"].uplinks == {"srv1": uplink}
    mode = network.devices["acc"].switch_ports["Port-channel5"].switching
    assert isinstance(mode, TrunkMode)
    assert mode.allowed == frozenset({1, 100})
    assert findings(network) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("eno1", "srv1 eno1 is in bond0, and no uplink by itself; take bond0"),
        ("eno9", "it has eno1, eno2, eno3, bond0"),
    ],
)
def test_only_the_bond_is_an_uplink(asked: str, said: str) -> None:
    web = WEB.replace("hosts: [srv1]", f"hosts: {{srv1: {{uplink: {asked}}}}}")
    assert any(said in problem for problem in problems_of(FILE + web))
    bond = WEB.replace("hosts: [srv1]", "hosts: {srv1: {uplink: bond0}}")
    assert "web" in declared(FILE + bond).container_networks


def test_a_bond_that_leads_to_two_ports_is_no_uplink() -> None:
    single = FILE.replace("      5: {members: Gi1/0/5-6}\n", "")
    (problem,) = problems_of(single + WEB)
    assert "srv1 bond0 leads to acc GigabitEthernet1/0/5 and acc GigabitEthernet1/0/6" in problem


def test_what_an_uplink_stands_on_does_not_go() -> None:
    network = declared(FILE + WEB)
    for command in (c.RemoveBond(device="srv1", name="bond0"), c.ResetPort(device="acc", port="Port-channel5")):
        with pytest.raises(NetworkInUse):
            when(network, command)
    with pytest.raises(NetworkInUse, match="the link of srv1 bond0 to acc Port-channel5"):
        when(network, c.ResetPort(device="acc", port="Po5"), c.RemovePortChannel(device="acc", number=5))
    ends = Endpoint(device="srv1", port="eno1"), Endpoint(device="acc", port=FIRST)
    # One of two cables is no way less.
    assert len(when(network, c.DisconnectLink(a=ends[0], b=ends[1])).links) == 3


def test_a_server_moves_from_a_card_to_a_bond_and_back_with_its_networks() -> None:
    single = FILE.replace("      5: {members: Gi1/0/5-6}\n", "").replace(
        "    bonds: {bond0: {members: [eno1, eno2]}}\n", ""
    )
    before = declared(single + WEB)
    assert before.container_networks["web"].uplinks["srv1"].interface == "eno1"
    bonded = declared(FILE + WEB, before)
    assert bonded.container_networks["web"].uplinks["srv1"].port == "Port-channel5"
    assert not {FIRST, SECOND} & bonded.devices["acc"].switch_ports.keys()
    again = declared(single + WEB, bonded, prune=True)
    assert again.container_networks["web"].uplinks["srv1"].interface == "eno1"
    assert not again.devices["srv1"].bonds
    assert 5 not in again.devices["acc"].port_channels


def test_a_declaration_without_the_port_keeps_the_vlan_of_the_server_on_it() -> None:
    network = declared(FILE + WEB)
    kept = declared(FILE + WEB, network, prune=True)
    assert differences(contents(network), contents(kept)) == ()


def test_changes_are_taken_back() -> None:
    before = declared()
    after = declared(FILE + WEB, before)
    made = differences(contents(before), contents(after))
    commands = compensation(after, before, after, made)
    assert not isinstance(commands, Blocked)
    assert differences(contents(before), contents(when(after, *commands))) == ()
    single = declared(FILE.replace("Gi1/0/5-6", "Gi1/0/5"))
    assert differences(contents(single), contents(when(before, *commands_to(before, single)))) == ()


# --- rules ------------------------------------------------------------------------------------------------------------


def test_what_fits_is_right() -> None:
    found = [item for item in findings(declared()) if "bundle" in item or "link" in item or "trunk" in item]
    assert found == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "members: Gi1/0/1-2}}",
            "members: Gi1/0/1-2, mode: passive}}",
            "bundle-mode: acc Port-channel1: its mode is passive, and that of dist Port-channel1 passive",
        ),
        (
            "members: Gi1/0/1-2}}",
            "members: Gi1/0/1-2, mode: on}}",
            "bundle-mode: acc Port-channel1: its mode is passive, and that of dist Port-channel1 on",
        ),
        (
            "members: Gi1/0/1-2}}",
            "members: Gi1/0/1-2, mode: desirable}}",
            "bundle-mode: acc Port-channel1: its mode is passive, and that of dist Port-channel1 desirable",
        ),
        (
            "[eno1, eno2]}}",
            "[eno1, eno2], mode: balance-xor}}",
            "bundle-mode: acc Port-channel5: its mode is active, and that of srv1 bond0 balance-xor",
        ),
        (
            "[eno1, eno2]}}",
            "[eno1, eno2], mode: active-backup}}",
            "bundle-mode: acc Port-channel5: its mode is active, and that of srv1 bond0 active-backup",
        ),
        (
            "members: [eno1, eno2]",
            "members: [eno1]",
            "bundle-ends: acc Port-channel5: its members lead to srv1 bond0 and srv1 eno2",
        ),
        (
            "    bonds: {bond0: {members: [eno1, eno2]}}\n",
            "",
            "bundle-ends: acc Port-channel5: its members lead to srv1 eno1 and srv1 eno2",
        ),
        (
            "      5: {members: Gi1/0/5-6}\n",
            "",
            "bundle-ends: srv1 bond0: its members lead to acc GigabitEthernet1/0/5 and acc GigabitEthernet1/0/6",
        ),
        (
            "  - [srv1 eno2, acc Gi1/0/6]\n",
            "",
            "bundle-uncabled: acc Port-channel5: GigabitEthernet1/0/6 has no cable, and other members have",
        ),
        (
            "      Port-channel1: {allowed: 100}\n  acc",
            "      Port-channel1: {vlan: 100}\n  acc",
            "trunk-meets-access: acc Port-channel1: acc Port-channel1 is a trunk, and dist Port-channel1 is an access",
        ),
    ],
)
def test_ends_that_do_not_agree_are_found(old: str, new: str, said: str) -> None:
    assert old in FILE
    found = findings(declared(FILE.replace(old, new, 1)))
    assert any(item.startswith(said) for item in found), found


def test_a_bond_with_one_card_at_a_time_may_lead_to_several_ports() -> None:
    text = FILE.replace("      5: {members: Gi1/0/5-6}\n", "").replace("eno2]}}", "eno2], mode: active-backup}}")
    assert [item for item in findings(declared(text)) if item.startswith("bundle")] == []


def test_a_port_channel_is_only_there_once_it_has_members() -> None:
    network = declared()
    trunk = PortConfiguration(switching=TrunkMode())
    with pytest.raises(PortNotFound, match="acc has no port-channel 9; give it members first"):
        when(network, c.ConfigurePort(device="acc", port="Po9", configuration=trunk))


# --- addresses of a host ----------------------------------------------------------------------------------------------


def own(interface: str, *addresses: str, mtu: int | None = None) -> c.ConfigureHostInterface:
    it = HostInterfaceConfiguration.model_validate({"addresses": addresses, "mtu": mtu})
    return c.ConfigureHostInterface(device="srv1", interface=interface, configuration=it)


def bond(name: str, *members: str) -> c.ConfigureBond:
    return c.ConfigureBond(device="srv1", name=name, bond=Bond(members=members))


def test_a_bond_has_addresses_like_a_card_and_goes_only_without_them() -> None:
    network = when(declared(), own("bond0", "192.0.2.5/24"))
    assert [str(address) for address in network.devices["srv1"].interfaces["bond0"].addresses] == ["192.0.2.5/24"]
    remove = c.RemoveBond(device="srv1", name="bond0")
    with pytest.raises(RuleViolated, match="srv1 bond0 is configured; remove that interface first"):
        when(network, remove)
    assert not when(network, c.RemoveHostInterface(device="srv1", interface="bond0"), remove).devices["srv1"].bonds
    with pytest.raises(PortNotFound, match="srv1 has no port bond1"):
        when(network, own("bond1", "192.0.2.6/24"))


def test_a_member_of_a_bond_gets_no_address() -> None:
    with pytest.raises(RuleViolated, match=r"^srv1 eno1 is in bond0 and can have no address; give it to bond0$"):
        when(declared(), own("eno1", "192.0.2.5/24"))
    assert when(declared(), own("eno1", mtu=9000)).devices["srv1"].interfaces["eno1"].addresses == ()


def test_a_card_with_an_address_joins_no_bond() -> None:
    addressed = when(declared(), own("eno3", "192.0.2.5/24"))
    with pytest.raises(RuleViolated, match=r"^srv1 eno3 is in bond1 and can have no address; give it to bond1$"):
        when(addressed, bond("bond1", "eno3"))
    passed = when(
        addressed,
        bond("bond1", "eno3"),
        c.RemoveHostInterface(device="srv1", interface="eno3"),
        own("bond1", "192.0.2.5/24"),
    )
    assert passed.devices["srv1"].interfaces.keys() == {"bond1"}


def test_an_address_moves_from_a_card_to_its_bond_and_back_by_the_file() -> None:
    single = FILE.replace("bonds: {bond0: {members: [eno1, eno2]}}", "interfaces: {eno1: {address: 192.0.2.5/24}}")
    bonded = FILE.replace("    bonds:", "    interfaces: {bond0: {address: 192.0.2.5/24}}\n    bonds:")
    network = declared(bonded, declared(single))
    assert network.devices["srv1"].interfaces.keys() == {"bond0"}
    again = declared(single, network, prune=True)
    assert again.devices["srv1"].interfaces.keys() == {"eno1"}
    assert not again.devices["srv1"].bonds
    assert differences(contents(declared(bonded, again, prune=True)), contents(network)) == ()


def test_a_bond_with_an_address_is_no_uplink_and_an_uplink_gets_none() -> None:
    addressed = FILE.replace("    bonds:", "    interfaces: {bond0: {address: 192.0.2.5/24}}\n    bonds:")
    (problem,) = problems_of(addressed + WEB)
    assert "srv1 bond0 has an address of the host's own and brings no VLAN 100; connect another card" in problem
    with pytest.raises(RuleViolated, match="srv1 bond0 brings the VLAN of the container network web and cannot have"):
        when(declared(FILE + WEB), own("bond0", "192.0.2.5/24"))


# --- the host side ----------------------------------------------------------------------------------------------------


def test_the_host_side_has_the_bond_with_the_vlan_on_it() -> None:
    side = host_side(declared(FILE + WEB), "srv1")
    assert side.bonds == (HostBond("bond0", ("eno1", "eno2"), "802.3ad"),)
    assert [(vlan.vlan, vlan.uplink) for vlan in side.vlans] == [(100, "bond0")]
    assert [card.name for card in side.cards] == ["eno1", "eno2"]


def test_the_topology_document_tells_of_both() -> None:
    document = topology_document(declared())
    assert document["devices"]["acc"]["portChannels"]["5"] == {"members": (FIRST, SECOND), "mode": "active"}  # type: ignore[index,call-overload]  # a plain document
    assert document["hosts"]["srv1"]["bonds"] == {"bond0": {"members": ("eno1", "eno2"), "mode": "802.3ad"}}  # type: ignore[index,call-overload]  # a plain document

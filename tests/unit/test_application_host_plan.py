"""A host's module as its configuration: what differs, line by line, and in which order hosts and switches go."""

import pytest

from cimnet_nornir.application.engines import Engines
from cimnet_nornir.application.host_plan import HostEngine, only_takes_away
from cimnet_nornir.application.order import host_turns, hosts_first, hosts_last
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.plan_words import by_how_much, order_words, tally, tally_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.values import Endpoint
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.nix import NixGenerator

ENGINE = HostEngine(NixGenerator())
MODULE = """\
# The networks of srv1 in net.
{ ... }:
{
  systemd.network = {
    enable = true;
    netdevs = {
      "40-vlan10" = {
        vlanConfig = { Id = 10; };
      };
    };
    networks = {
      "40-eno1" = {
        vlan = [ "vlan10" ];
      };
    };
  };
}
"""
MORE = MODULE.replace('[ "vlan10" ]', '[ "vlan10" "vlan20" ]').replace(
    "    };\n    networks",
    '      "40-vlan20" = {\n        vlanConfig = { Id = 20; };\n      };\n    };\n    networks',
)


@pytest.fixture
def served(small: NetworkService) -> NetworkService:
    """The small network with a server on sw1."""
    small.execute(
        c.AddHost(
            device="srv1", name="srv1", details=DeviceDetails(vendor="nixos", platform="nixos"), ports=("eno1", "eno2")
        ),
        c.ConnectLink(a=Endpoint(device="srv1", port="eno1"), b=Endpoint(device="sw1", port="GigabitEthernet0/2")),
    )
    return small


def test_lines_are_known_by_the_blocks_they_stand_in() -> None:
    paths = ENGINE.paths(MODULE)
    assert ("systemd.network = {", "netdevs = {", '"40-vlan10" = {', "vlanConfig = { Id = 10; };") in paths
    assert ("systemd.network = {", "enable = true;") in paths
    assert not any(path[-1] in ("{", "}", "};") for path in paths)


def test_what_differs_are_the_lines_that_go_and_come(served: NetworkService) -> None:
    device = served.network().devices["srv1"]
    found = ENGINE.compare(device, MODULE, MORE)
    assert [line.split(maxsplit=1) for line in found.commands] == [
        ["+", '"40-vlan20" = {'],
        ["+", "vlanConfig = { Id = 20; };"],
        ["-", 'vlan = [ "vlan10" ];'],
        ["+", 'vlan = [ "vlan10" "vlan20" ];'],
    ]
    assert found.changes[1].path[-2:] == ('"40-vlan20" = {', "vlanConfig = { Id = 20; };")
    assert [line[0] for line in found.inverse].count("-") == 3
    assert found.touched == MODULE
    assert '+        vlan = [ "vlan10" "vlan20" ];' in found.diff.splitlines()
    assert not found.diff.startswith("---")
    assert ENGINE.compare(device, MODULE, MODULE).in_sync


def test_a_host_that_nothing_was_deployed_to_gets_the_whole_module(served: NetworkService) -> None:
    found = ENGINE.compare(served.network().devices["srv1"], "", MODULE)
    assert all(change.adds for change in found.changes)
    assert len(found.diff.splitlines()) == len(MODULE.splitlines()) + 1


def test_two_modules_that_differ_in_nothing_but_the_end_of_a_block_differ(served: NetworkService) -> None:
    device = served.network().devices["srv1"]
    found = ENGINE.compare(device, MODULE, MODULE + "}\n")
    assert found.commands == ("+ }",)
    assert not ENGINE.compare(device, MODULE, MODULE + "\n").in_sync


@pytest.mark.parametrize(
    ("running", "intended", "takes_away"),
    [(MORE, MODULE, True), (MODULE, MORE, False), (MODULE, "", True), ("", MODULE, False)],
)
def test_a_change_that_only_takes_away_is_known_by_its_words(
    served: NetworkService, running: str, intended: str, takes_away: bool
) -> None:
    found = ENGINE.compare(served.network().devices["srv1"], running, intended)
    assert only_takes_away(found.commands) is takes_away


def test_a_change_that_moves_something_does_not_only_take_away() -> None:
    assert not only_takes_away(("- Id = 10;", "+ Id = 20;"))
    assert not only_takes_away(())


def test_each_device_has_the_engine_of_its_kind(served: NetworkService, engine: IosEngine) -> None:
    devices = served.network().devices
    both = Engines(engine, ENGINE)
    assert both.of(devices["srv1"]) is ENGINE
    assert both.of(devices["sw1"]) is engine
    assert Engines(engine).of(devices["srv1"]) is engine
    assert Engines(engine).templates == engine.templates != both.templates


def test_the_module_of_a_host_is_what_is_rendered_for_it(served: NetworkService) -> None:
    network = served.network()
    assert ENGINE.render(network.devices["srv1"], network).startswith("# The networks of srv1 in net.")


def test_what_is_no_host_has_no_module(served: NetworkService) -> None:
    network = served.network()
    with pytest.raises(RenderError, match="sw1 is a switch, not a host"):
        ENGINE.render(network.devices["sw1"], network)


# --- order ------------------------------------------------------------------------------------------------------------


def part(name: str, kind: str, *commands: str) -> DevicePlan:
    return DevicePlan.model_validate(
        {
            "device": name,
            "name": name,
            "kind": kind,
            "carries": (),
            "diff": "\n".join(commands),
            "running": "",
            "rendered": "",
        }
        | {"commands": commands}
    )


def plan_of(served: NetworkService, *parts: DevicePlan) -> Plan:
    return served.plan_of(*parts)


def test_switch_first_on_add_and_host_first_on_removal(served: NetworkService) -> None:
    switch = part("sw1", "switch", "vlan 20")
    adding = plan_of(served, switch, part("srv1", "host", "+ Id = 20;"))
    assert (hosts_first(adding), hosts_last(adding)) == ((), ("srv1",))
    turns = host_turns(adding, served.network())
    assert [turns.turn(name) for name in ("srv1", "sw1")] == [1, 0]
    assert turns.needs == {"srv1": {"sw1"}}
    removing = plan_of(served, switch, part("srv1", "host", "- Id = 20;"))
    turns = host_turns(removing, served.network())
    assert [turns.turn(name) for name in ("srv1", "sw1")] == [-1, 0]
    assert turns.needs == {"sw1": {"srv1"}}


def test_a_plan_says_its_order_in_words(served: NetworkService) -> None:
    switch = part("sw1", "switch", "vlan 20")
    add, remove = part("srv1", "host", "+ Id = 20;"), part("srv2", "host", "- Id = 20;")
    assert order_words(plan_of(served, switch, add)) == "order: switches and routers, then srv1"
    assert order_words(plan_of(served, switch, remove)) == "order: srv2 (taking away only), then switches and routers"
    assert order_words(plan_of(served, add, remove)) == "order: srv2 (taking away only), then srv1"
    assert order_words(plan_of(served, add)) == order_words(plan_of(served, switch)) == ""


def test_hosts_are_counted_beside_devices(served: NetworkService) -> None:
    switch, server = part("sw1", "switch", "vlan 20", "name x"), part("srv1", "host", "+ Id = 20;")
    assert tally([switch, switch]) == "2 devices"
    assert tally([switch, server]) == "1 device and 1 host"
    assert (tally_of([True, True]), tally_of([])) == ("2 hosts", "0 devices")
    assert by_how_much([switch]) == "1 device to change by 2 commands"
    assert by_how_much([switch, server]) == "1 device to change by 2 commands and 1 host by 1 line"
    assert by_how_much([server]) == "1 host to change by 1 line"

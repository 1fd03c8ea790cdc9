"""Whatever happened to a network, any moment of it comes back, and the last thing that happened can be taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import values as v
from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.contents import NOT_INTENT, Presence, contents, differences, fork, with_places
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.interfaces import Bandwidth
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.ntp import NtpServer
from cimnet_nornir.domain.features.ospf import OspfNetwork
from cimnet_nornir.domain.features.vrf import VrfDefinition
from cimnet_nornir.domain.hosting import values as h
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.restoring import Blocked, commands_to, compensation
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import CimnetError

IDS = ("d1", "d2", "d3", "h1")
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(3))
VLANS = (10, 20)

port = st.sampled_from(PORTS)
vlan = st.sampled_from(VLANS)
addresses = st.integers(0, 3).map(lambda block: IPv4Interface(f"10.0.0.{4 * block + 1}/30"))
ospf = st.builds(v.OspfInterface, process=st.just(1), area=st.integers(0, 1))
switching = st.builds(v.AccessMode, vlan=vlan) | st.builds(v.TrunkMode, native_vlan=st.just(1) | vlan)
neighbors = st.builds(
    BgpNeighbor,
    address=st.just(IPv4Address("203.0.113.9")),
    remote_as=st.just(65009),
    update_source=st.sampled_from((None, "Loopback0")),
).map(lambda one: (one,))


def access_list(name: str, action: Literal["permit", "deny"]) -> AccessList:
    return AccessList(name=name, kind="standard", entries=(AclRule(sequence=10, action=action),))


hosts = st.just("h1")
cards = st.sampled_from(("eno1", "eno2", "lo"))
own_addresses = st.builds(v.HostInterfaceConfiguration, mtu=st.sampled_from((None, 9000))) | st.builds(
    lambda address, reached, ospf: v.HostInterfaceConfiguration(
        addresses=(address,), gateway=address.ip + 1 if reached else None, ospf=ospf
    ),
    addresses,
    st.booleans(),
    st.none() | ospf,
)
OF_HOSTS_TOO = (c.EnableRouting, c.DisableRouting, c.ConfigureOspf, c.RemoveOspf, c.ConfigureBgp, c.AddStaticRoute)
bridges = st.builds(h.Bridge, mtu=st.sampled_from((None, 9000)))
container_networks = st.builds(
    h.ContainerNetworkWish,
    vlan=st.none() | vlan,
    driver=bridges | st.builds(h.Macvlan, parent=st.none() | st.just("eno1")),
    subnet=st.sampled_from((None, IPv4Network("10.1.0.0/24"))),
    hosts=st.dictionaries(hosts, st.just(h.HostWish()), min_size=1),
)
vm_networks = st.builds(
    h.VmNetworkWish,
    kind=st.just(h.Bridged()) | st.just(h.Nat(subnet=IPv4Network("192.168.122.0/24"))) | st.just(h.Internal()),
    vlan=st.none() | vlan,
    hosts=st.dictionaries(hosts, st.none(), min_size=1),
)
SETTINGS = h.ContainerNetworkSettings(
    driver=h.Bridge(name="br-web"),
    runtime="docker",
    subnet=IPv4Network("10.2.0.0/24"),
    pool=IPv4Network("10.2.0.0/24"),
    gateway=IPv4Address("10.2.0.1"),
    hosts={"h1": h.HostShare(range=h.AddressRange.parse("10.2.0.32-10.2.0.63"), number=1)},
)
VM_SETTINGS = h.VmNetworkSettings(hypervisor=h.Libvirt(), kind=h.Internal(), hosts={"h1": None})


# One that stands alone in two forms, one of an interface, and two that need what may not be there.
FEATURE_SETTINGS: tuple[Setting, ...] = (
    NtpServer(server="192.0.2.1"),
    NtpServer(server="192.0.2.1", prefer=True),
    Bandwidth(interface=PORTS[0], kilobits=1000),
    OspfNetwork(process=1, network=IPv4Network("10.0.0.0/8"), area=0),
    VrfDefinition(name="RED", rd="65000:1"),
)


FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    # Most of it happens to one device, so that one thing meets another.
    "device": st.sampled_from(("d1", "d1", "d1", "d2", "d3")),
    "AddRouter.device": st.just("d3"),
    "AddSwitch.device": st.just("d3"),
    "RemoveDevice.device": st.sampled_from(("d1", "d2", "d3", "d3")),
    "name": st.sampled_from(("one", "two", "three")),
    "details": st.sampled_from(("", "hq")).map(lambda site: DeviceDetails(vendor="cisco", platform="ios", site=site)),
    "ports": st.lists(port, unique=True, max_size=3).map(tuple),
    "routing": st.booleans(),
    "a": st.builds(v.Endpoint, device=st.sampled_from(IDS), port=port),
    "b": st.builds(v.Endpoint, device=st.sampled_from(IDS), port=port),
    "vlan": vlan,
    "port": port,
    "mode": st.sampled_from(("pvst", "rapid-pvst")),
    "priorities": st.dictionaries(vlan, st.sampled_from((0, 4096))),
    "interface": port | vlan.map("Vlan{}".format) | st.just("Loopback0") | st.just(f"{PORTS[0]}.10"),
    "route": st.builds(
        v.StaticRoute,
        prefix=st.just(IPv4Network("0.0.0.0/0")),
        next_hop=st.sampled_from((IPv4Address("203.0.113.1"), IPv4Address("203.0.113.2"))),
    ),
    "environment": st.just("lab"),
    "key": st.sampled_from(("ssh-ed25519 AAAA", "ssh-ed25519 BBBB")),
    "fingerprint": st.just("SHA256:x"),
    "ConfigurePort.configuration": st.builds(v.PortConfiguration, switching=st.none() | switching),
    "ConfigureRouterInterface.configuration": st.builds(
        v.RoutedInterface,
        addresses=addresses.map(lambda one: (one,)),
        ospf=st.none() | ospf,
        access_group_in=st.sampled_from((None, "inside")),
    ),
    "ConfigurePort.port": port | st.just("Port-channel1"),
    "ResetPort.port": port | st.just("Port-channel1"),
    "number": st.sampled_from((1, 1, 2)),
    "channel": st.builds(
        v.PortChannel,
        members=st.lists(port, unique=True, min_size=1).map(tuple),
        mode=st.sampled_from(("active", "on")),
    ),
    "bond": st.builds(v.Bond, members=st.sampled_from((("eno1",), ("eno1", "eno2")))),
    **{f"{kind.__name__}.device": st.sampled_from(("h1", "d3")) for kind in (c.ConfigureBond, c.RemoveBond)},
    **{f"{kind.__name__}.name": st.sampled_from(("bond0", "bond1")) for kind in (c.ConfigureBond, c.RemoveBond)},
    "ConfigureHostInterface.device": hosts,
    "RemoveHostInterface.device": hosts,
    "ConfigureHostInterface.interface": cards,
    "RemoveHostInterface.interface": cards,
    "ConfigureHostInterface.configuration": own_addresses,
    **{f"{kind.__name__}.device": st.sampled_from(("d1", "d2", "h1")) for kind in OF_HOSTS_TOO},
    "ConfigureOspf.process": st.builds(v.OspfProcess, process=st.just(1), router_id=st.just(IPv4Address("10.9.9.1"))),
    "RemoveOspf.process": st.just(1),
    "CreateVlan.name": st.sampled_from((None, "users", "voice")),
    "RenameVlan.name": st.sampled_from((None, "users", "voice")),
    "AddHost.device": st.sampled_from(("d3", "h1")),
    "AddHost.details": st.sampled_from((None, "vlan-aware")).map(
        lambda style: DeviceDetails(vendor="nixos", platform="nixos", bridges=style)
    ),
    "AddHost.ports": st.lists(st.sampled_from(("eno1", "eno2")), unique=True, max_size=2).map(tuple),
    **{f"{kind.__name__}.name": st.sampled_from(("web", "db")) for kind in get_args(c.HostingCommand)},
    **{f"{kind.__name__}.wish": container_networks for kind in (c.CreateContainerNetwork, c.ChangeContainerNetwork)},
    **{f"{kind.__name__}.wish": vm_networks for kind in (c.CreateVmNetwork, c.ChangeVmNetwork)},
    "RestoreContainerNetwork.settings": st.just(SETTINGS),
    "RestoreVmNetwork.settings": st.just(VM_SETTINGS),
    "container": st.sampled_from(("a", "b", "c")),
    "vm": st.sampled_from(("a", "b", "c")),
    "AttachContainer.wish": st.builds(
        h.ContainerWish,
        host=hosts,
        address=st.sampled_from((None, None, IPv4Address("10.1.0.33"), IPv4Address("10.0.0.1"))),
        image=st.sampled_from((None, "nginx")),
    ),
    "AttachVm.wish": st.builds(
        h.VmWish, host=hosts, address=st.sampled_from((None, IPv4Address("10.1.0.9"), IPv4Address("192.168.122.5")))
    ),
    "router": st.builds(BgpRouter, as_number=st.sampled_from((65001, 65002)), neighbors=st.just(()) | neighbors),
    "ConfigureEigrp.process": st.builds(
        EigrpProcess, as_number=st.sampled_from((1, 2)), passive_interfaces=st.just(()) | st.just((PORTS[0],))
    ),
    "as_number": st.sampled_from((1, 2)),
    "access_list": st.builds(access_list, st.sampled_from(("inside", "outside")), st.sampled_from(("permit", "deny"))),
    "RemoveAccessList.name": st.sampled_from(("inside", "outside")),
    "ConfigureFeature.setting": st.sampled_from(FEATURE_SETTINGS),
    "RemoveFeature.feature": st.sampled_from(sorted({setting.FEATURE for setting in FEATURE_SETTINGS})),
    "RemoveFeature.key": st.sampled_from(sorted({setting.own_key for setting in FEATURE_SETTINGS})),
    "switches": st.lists(st.sampled_from(IDS), unique=True, min_size=1).map(tuple),
    "CreateVlanOnSwitches.ports": st.just(()),
    "CreateVlanOnSwitches.name": st.sampled_from((None, "users")),
    "CreateNetwork.name": st.just("net"),
}
"""What the fields of commands can be, few values each, so that commands meet: by name, or by class and name."""


def command(kind: type[c.Command]) -> st.SearchStrategy[c.Command]:
    own = {name: f"{kind.__name__}.{name}" for name in kind.model_fields}
    return st.builds(kind, **{name: FIELDS[full if full in FIELDS else name] for name, full in own.items()})


def unknown(kind: type[c.Command]) -> set[str]:
    """Fields of a command that nothing above says what they can be."""
    return {f"{kind.__name__}.{name}" for name in kind.model_fields if name not in FIELDS} - FIELDS.keys()


# Networks are created once, and added to more often than taken from: else little comes to be.
KINDS = [kind for kind in get_args(c.Command) if not unknown(kind)]
ADDING = [kind for kind in KINDS if kind.__name__.startswith(("Add", "Create", "Configure", "Connect"))]
CONFIGURING = [kind for kind in ADDING if not kind.__name__.startswith("Create") and "Network" not in kind.__name__]
commands = st.one_of([command(kind) for kind in (*KINDS, *ADDING, *CONFIGURING, *CONFIGURING)])
histories = st.lists(commands, min_size=12, max_size=30)


class History:
    """A network, the events that made it, and what it was before and after each command that was not refused."""

    def __init__(self, asked: list[c.Command]) -> None:
        self.moments = [Network("net")]
        self.events: list[tuple[Event, ...]] = []
        first: list[c.Command] = [c.CreateNetwork(name="net")]
        first += [
            c.AddSwitch(
                device=identity,
                name=name,
                details=DeviceDetails(vendor="cisco", platform="ios"),
                ports=PORTS,
                routing=identity == "d1",
            )
            for identity, name in zip(IDS[:2], ("one", "two"), strict=True)
        ]
        server = DeviceDetails(vendor="nixos", platform="nixos")
        first += [
            c.AddHost(device="h1", name="server", details=server, ports=("eno1", "eno2")),
            c.ConnectLink(a=v.Endpoint(device="h1", port="eno1"), b=v.Endpoint(device="d1", port=PORTS[2])),
            c.CreateVlan(device="d1", vlan=10),
            c.ConfigureOspf(device="d1", process=v.OspfProcess(process=1, router_id=IPv4Address("10.9.9.2"))),
        ]
        for one in (*first, *asked):
            self._try(one)

    def _try(self, one: c.Command) -> None:
        working = Working(fork(self.moments[-1]))
        try:
            working.execute(one)
            working.finish()
        except CimnetError:
            return
        if working.events:
            self.moments.append(working.network)
            self.events.append(tuple(event for _, event in working.events))

    @property
    def now(self) -> Network:
        return self.moments[-1]


def carried_out(network: Network, commands: tuple[c.Command, ...]) -> Network:
    working = Working(fork(network))
    for one in commands:
        working.execute(one)
    working.finish()
    return working.network


def test_every_command_is_drawn() -> None:
    assert {field for kind in get_args(c.Command) for field in unknown(kind)} == set()


@given(histories, st.integers(0, 100))
@settings(max_examples=100)
def test_any_moment_of_any_history_comes_back(asked: list[c.Command], number: int) -> None:
    history = History(asked)
    then = history.moments[max(1, number % len(history.moments))]
    assert contents(carried_out(history.now, commands_to(history.now, then))) == contents(then)
    assert commands_to(then, then) == ()


@given(histories)
@settings(max_examples=100)
def test_the_last_change_is_taken_back_exactly(asked: list[c.Command]) -> None:
    history = History(asked)
    before, now = history.moments[-2:]
    places = differences(contents(before), contents(now))
    undoing = compensation(now, before, now, places)
    assert not isinstance(undoing, Blocked)
    assert contents(carried_out(now, undoing)) == contents(before)


@given(histories, st.integers(0, 100))
@settings(max_examples=100)
def test_an_older_change_is_taken_back_alone_or_what_stands_in_the_way_is_named(
    asked: list[c.Command], number: int
) -> None:
    history = History(asked)
    # The network itself is there to stay.
    index = 2 + number % (len(history.moments) - 2)
    before, after, now = history.moments[index - 1], history.moments[index], history.now
    places = differences(contents(before), contents(after))
    undoing = compensation(now, before, after, places)
    if isinstance(undoing, Blocked):
        later = differences(contents(after), contents(now))
        assert undoing.places or undoing.refusal
        assert set(undoing.places) <= set(later)
        return
    result = contents(carried_out(now, undoing))
    was = contents(before)
    assert all(result.get(place, Presence.ABSENT) == was.get(place, Presence.ABSENT) for place in places)
    others = set(differences(contents(now), result)) - set(places)
    assert others == set()


@pytest.mark.parametrize("ports", [(PORTS[0],), PORTS])
def test_what_a_device_had_does_not_come_back_where_the_device_has_gone_since(ports: tuple[str, ...]) -> None:
    history = History([c.RemovePorts(device="d1", ports=ports), c.RemoveDevice(device="d1")])
    before, after, now = history.moments[-3:]
    undoing = compensation(now, before, after, differences(contents(before), contents(after)))
    assert isinstance(undoing, Blocked)
    assert undoing.places == (("devices", "d1"),)


@given(histories, st.integers(0, 100))
@settings(max_examples=40)
def test_places_of_another_moment_are_taken_over_exactly(asked: list[c.Command], number: int) -> None:
    history = History(asked)
    then = history.moments[number % len(history.moments)]
    kept, now = contents(history.now), history.now
    places = differences(contents(now), contents(then))
    assert contents(with_places(now, then, places)) == contents(then)
    assert contents(now) == kept


def wishes(kind: type[Any]) -> Iterator[str]:
    return (item.name for item in fields(kind))


@pytest.mark.parametrize(("thing", "wish"), [(Network, DesiredNetwork), (Device, DesiredDevice)])
def test_every_field_of_intent_can_be_wished_for(thing: type[Any], wish: type[Any]) -> None:
    intent = {name for name in wishes(thing) if (thing.__name__, name) not in NOT_INTENT}
    given_by_existence = {"created"} if thing is Network else set()
    assert intent - given_by_existence <= set(wishes(wish))

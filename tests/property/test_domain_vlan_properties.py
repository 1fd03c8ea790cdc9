"""Over any connected switches a VLAN becomes one segment, and leaves no trace when it is removed."""

from copy import deepcopy
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import evolve
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.layer2 import Layer2
from cimnet_nornir.domain.network import Network, evolve_network
from cimnet_nornir.domain.values import Endpoint, PortConfiguration, TrunkMode
from cimnet_nornir.domain.working import Working

SWITCHES = tuple(f"sw{number}" for number in range(1, 7))
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 13))
DETAILS = DeviceDetails(vendor="cisco", platform="ios")
VLAN, OTHER, NATIVE = 100, 10, 999


@st.composite
def topologies(draw: DrawFn) -> Network:
    """Connected switches: a tree and some links more, each a pair of trunks or a pair of ports nobody configured."""
    names = SWITCHES[: draw(st.integers(2, len(SWITCHES)))]
    tree = [(draw(st.sampled_from(names[:index])), name) for index, name in enumerate(names) if index]
    more = draw(st.lists(st.sampled_from(list(combinations(names, 2))), max_size=4))
    commands: list[c.Command] = [c.CreateNetwork(name="net")]
    for name in draw(st.permutations(names)):
        commands.append(c.AddSwitch(device=name, name=name, details=DETAILS, ports=PORTS))
        commands += [c.CreateVlan(device=name, vlan=vlan) for vlan in (OTHER, NATIVE)]
    free = {name: iter(PORTS) for name in names}
    for a, b in (*tree, *more):
        ends = [Endpoint(device=name, port=next(free[name])) for name in (a, b)]
        commands.append(c.ConnectLink(a=ends[0], b=ends[1]))
        commands += draw(trunks(ends))
    return carried_out(Network("net"), commands).network


@st.composite
def trunks(draw: DrawFn, ends: list[Endpoint]) -> list[c.Command]:
    if draw(st.booleans()):
        return []
    native = draw(st.sampled_from((1, NATIVE)))
    # A bare trunk of VLAN 1 alone is what creation itself makes of a link, and so is taken back with it.
    allowed = st.sampled_from((None, frozenset(), frozenset({OTHER}), frozenset({1, OTHER})))
    modes = [TrunkMode(native_vlan=native, allowed=draw(allowed)) for _ in ends]
    return [
        c.ConfigurePort(device=end.device, port=end.port, configuration=PortConfiguration(switching=mode))
        for end, mode in zip(ends, modes, strict=True)
    ]


def carried_out(network: Network, commands: list[c.Command]) -> Working:
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()
    return working


def chosen(network: Network) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(network.devices)), min_size=1, unique=True).map(tuple)


@given(topologies(), st.data())
@settings(max_examples=150)
def test_all_chosen_switches_are_in_one_segment_of_the_vlan(network: Network, data: st.DataObject) -> None:
    switches = data.draw(chosen(network))
    carried_out(network, [c.CreateVlanOnSwitches(vlan=VLAN, switches=switches)])
    layer2 = Layer2.of(network)
    for one, other in combinations(switches, 2):
        assert other in layer2.segment(one, VLAN)
    assert all(VLAN in network.devices[name].vlans for name in switches)
    # What reaches further has the VLAN: no trunk leads it into a switch that drops it.
    assert all(VLAN in network.devices[name].vlans for name in layer2.segment(switches[0], VLAN))


@given(topologies(), st.data())
@settings(max_examples=100)
def test_creating_once_more_changes_nothing(network: Network, data: st.DataObject) -> None:
    command = c.CreateVlanOnSwitches(vlan=VLAN, switches=data.draw(chosen(network)))
    carried_out(network, [command])
    assert carried_out(network, [command]).events == []


@given(topologies(), st.data())
@settings(max_examples=150)
def test_removing_what_was_created_leaves_the_intent_as_before(network: Network, data: st.DataObject) -> None:
    before = deepcopy(network)
    carried_out(network, [c.CreateVlanOnSwitches(vlan=VLAN, switches=data.draw(chosen(network)))])
    carried_out(network, [c.RemoveVlanFromSwitches(vlan=VLAN)])
    assert network == before


@given(topologies(), st.data())
@settings(max_examples=100)
def test_what_a_second_creation_adds_never_parts_the_first(network: Network, data: st.DataObject) -> None:
    first, second = data.draw(chosen(network)), data.draw(chosen(network))
    carried_out(network, [c.CreateVlanOnSwitches(vlan=VLAN, switches=first)])
    carried_out(network, [c.CreateVlanOnSwitches(vlan=VLAN, switches=second)])
    layer2 = Layer2.of(network)
    assert all(set(names) <= layer2.segment(names[0], VLAN) for names in (first, second))


@given(topologies(), st.data())
@settings(max_examples=100)
def test_the_events_alone_tell_what_became_of_the_network(network: Network, data: st.DataObject) -> None:
    replayed = deepcopy(network)
    switches = data.draw(chosen(network))
    commands: list[c.Command] = [c.CreateVlanOnSwitches(vlan=VLAN, name="lab", switches=switches)]
    if data.draw(st.booleans()):
        commands.append(c.RemoveVlanFromSwitches(vlan=VLAN))
    for stream, event in carried_out(network, commands).events:
        again = type(event).model_validate_json(event.model_dump_json())
        if stream.startswith("network:"):
            evolve_network(replayed, again)  # type: ignore[arg-type]  # the stream says that it is the network's
        else:
            evolve(replayed.devices[stream.rpartition("/")[2]], again)  # type: ignore[arg-type]  # the stream says that it is a device's
    assert replayed == network

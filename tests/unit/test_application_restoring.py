"""Intent taken back: to a moment, by one event, by a whole request; what stands in the way is named."""

from collections.abc import Callable
from ipaddress import IPv4Interface, IPv4Network
from typing import get_args

import pytest

from cimnet_nornir.application.history import trace
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.addressing.pool import PoolEvent
from cimnet_nornir.domain.contents import contents
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, DeviceDetails, IntentRestored
from cimnet_nornir.domain.hosting.values import ContainerNetworkWish, ContainerWish, HostWish, Nat, VmNetworkWish
from cimnet_nornir.domain.undoable import REFUSALS, UNDOABLE, refusal_of
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface
from cimnet_nornir.errors import NotFound, RuleViolated, UndoRefused
from cimnet_nornir.projections.intent import INTENT_TYPES

ServiceMaker = Callable[..., NetworkService]
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(1, 5))


def desk(vlan: int) -> PortConfiguration:
    return PortConfiguration(switching=AccessMode(vlan=vlan))


def last(service: NetworkService, kind: str) -> StoredEvent:
    return next(iter(service.store.read_all(types=(kind,), newest_first=True)))


def kinds(service: NetworkService, error: UndoRefused) -> list[str]:
    """The types of the events that stand in the way."""
    found = [service.store.find(identity) for identity in error.dependents]
    return [stored.type for stored in found if stored is not None]


# --- rollback ---------------------------------------------------------------------------------------------------------


def test_a_rollback_restores_what_was_by_events_that_name_what_they_undo(small: NetworkService) -> None:
    then = small.store.head()
    was = contents(small.network())
    made = small.execute(
        c.CreateVlan(device="sw1", vlan=20), c.ConfigurePort(device="sw1", port=PORTS[0], configuration=desk(20))
    )
    back = small.rollback(then)
    assert contents(small.network()) == was
    assert back.undone == made.events[1:]
    request, restored, *events = back.result.events if back.result else ()
    assert request.event.model_dump() == {"command": "rollback", "arguments": {"to": then}}
    assert restored.event == IntentRestored(
        network="net", to=then, undone=tuple(stored.event_id for stored in made.events[1:])
    )
    assert restored.aggregate_id == request.aggregate_id
    assert [stored.type for stored in events] == ["PortConfigured", "VlanRemoved"]
    assert {stored.causation_id for stored in events} == {restored.event_id}
    assert small.store.verify().ok


def test_a_rollback_to_where_nothing_differs_records_nothing(small: NetworkService) -> None:
    head = small.store.head()
    back = small.rollback(head)
    assert (back.planned, back.undone) == ((), ())
    assert small.store.head() == head


def test_what_was_taken_back_already_is_not_undone_again(small: NetworkService) -> None:
    then = small.store.head()
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    small.execute(c.RemoveVlan(device="sw1", vlan=20))
    assert small.rollback(then).planned == ()


def test_checking_a_rollback_shows_it_and_records_nothing(small: NetworkService) -> None:
    then = small.store.head()
    made = small.execute(c.RemoveDevice(device="r1")).events
    head = small.store.head()
    back = small.rollback(then, check=True)
    assert [event.type_name() for _, event in back.planned] == [
        "RouterAdded",
        "RouterInterfaceConfigured",
        "LinkConnected",
    ]
    assert back.undone == made[1:]
    assert back.result is None
    assert small.store.head() == head


def test_a_rollback_of_some_devices_leaves_the_others(small: NetworkService) -> None:
    then = small.store.head()
    small.execute(c.CreateVlan(device="sw1", vlan=20), c.CreateVlan(device="sw2", vlan=20))
    back = small.rollback(then, devices=["sw2"])
    assert [stream for stream, _ in back.planned] == ["device:net/sw2"]
    assert len(back.undone) == 1
    assert 20 in small.network().devices["sw1"].vlans


def test_a_rollback_can_be_taken_back_itself(small: NetworkService) -> None:
    then = small.store.head()
    small.execute(c.CreateVlan(device="sw1", vlan=20, name="voice"))
    between = small.store.head()
    small.rollback(then)
    assert 20 not in small.network().devices["sw1"].vlans
    small.rollback(between)
    assert small.network().devices["sw1"].vlans[20] == "voice"


def test_a_pinned_key_stays_and_that_is_said(small: NetworkService) -> None:
    then = small.store.head()
    small.execute(
        c.CreateVlan(device="sw1", vlan=20),
        c.PinHostKey(device="sw1", environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"),
    )
    back = small.rollback(then)
    assert small.network().devices["sw1"].host_keys == {"lab": "ssh-ed25519 AAAA"}
    assert [line.split(":")[0] for line in back.left] == ["1 HostKeyPinned"]


def test_there_is_no_way_back_to_before_the_network(small: NetworkService) -> None:
    with pytest.raises(NotFound, match="at that moment"):
        small.rollback(1)


def test_a_trace_shows_the_rollback_above_its_events(small: NetworkService) -> None:
    then = small.store.head()
    small.execute(c.CreateVlan(device="sw2", vlan=20))
    small.rollback(then)
    found = trace(small.store, str(small.store.head()))
    assert found.root.event.type == "ChangeRequested"
    assert [child.event.type for child in found.root.caused] == ["IntentRestored"]


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undoing_one_event_leaves_what_came_later(small: NetworkService) -> None:
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    created = last(small, "VlanCreated")
    small.execute(c.CreateVlan(device="sw1", vlan=30))
    back = small.undo(str(created.position))
    assert [event.type_name() for _, event in back.planned] == ["VlanRemoved"]
    assert back.undone == (created,)
    assert set(small.network().devices["sw1"].vlans) == {10, 30}
    assert last(small, "IntentRestored").event.model_dump()["undone"] == (created.event_id,)


def test_undoing_a_change_brings_back_the_value_from_just_before(small: NetworkService) -> None:
    small.execute(c.RenameVlan(device="sw1", vlan=10, name="staff"))
    renamed = last(small, "VlanRenamed")
    small.undo(str(renamed.event_id)[:8])
    assert small.network().devices["sw1"].vlans[10] == "users"


def test_what_happened_before_an_undone_event_is_not_said_to_stay(small: NetworkService) -> None:
    """The last event of intent before it is older still; what lies between the two was there when it happened."""
    small.create_pool("campus", "10.0.0.0/16")
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    created = last(small, "VlanCreated")
    small.create_pool("labs", "10.1.0.0/16")
    back = small.undo(str(created.position))
    assert back.to == created.position - 1
    assert last(small, "IntentRestored").event.model_dump()["to"] == created.position - 1
    assert [line.split(":")[0] for line in back.left] == ["1 PoolCreated"]


def test_what_was_undone_is_not_undone_twice(small: NetworkService) -> None:
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    created = str(last(small, "VlanCreated").position)
    small.undo(created)
    head = small.store.head()
    assert small.undo(created).planned == ()
    assert small.store.head() == head


def test_a_vlan_in_use_is_kept_and_its_ports_are_named(small: NetworkService) -> None:
    small.execute(c.CreateVlan(device="sw1", vlan=20), c.CreateVlan(device="sw1", vlan=30))
    created = next(
        iter(small.store.read_all(types=("VlanCreated",), newest_first=True, limit=2, until=small.store.head() - 1))
    )
    small.execute(
        c.ConfigurePort(device="sw1", port=PORTS[1], configuration=desk(20)),
        c.ConfigurePort(device="sw1", port=PORTS[2], configuration=desk(30)),
        c.ConfigureRouterInterface(
            device="sw1", interface="Vlan20", configuration=RoutedInterface(addresses=(IPv4Interface("10.0.20.1/24"),))
        ),
    )
    with pytest.raises(UndoRefused, match="VLAN 20") as refused:
        small.undo(str(created.position))
    assert kinds(small, refused.value) == ["PortConfigured", "RouterInterfaceConfigured"]


def test_what_was_changed_again_is_not_overwritten(small: NetworkService) -> None:
    small.execute(c.ConfigurePort(device="sw1", port=PORTS[1], configuration=desk(10)))
    configured = last(small, "PortConfigured")
    small.execute(c.ConfigurePort(device="sw1", port=PORTS[1], configuration=PortConfiguration(enabled=False)))
    with pytest.raises(UndoRefused, match="undo first what came later") as refused:
        small.undo(str(configured.position))
    assert refused.value.dependents == (last(small, "PortConfigured").event_id,)


def test_a_long_list_of_what_depends_is_named_by_its_first(small: NetworkService) -> None:
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    created = last(small, "VlanCreated")
    small.execute(c.AddPorts(device="sw1", ports=tuple(f"GigabitEthernet1/{number}" for number in range(8))))
    ports = [f"GigabitEthernet1/{number}" for number in range(8)]
    small.execute(*(c.ConfigurePort(device="sw1", port=port, configuration=desk(20)) for port in ports))
    with pytest.raises(UndoRefused, match="and 3 more") as refused:
        small.undo(str(created.position))
    assert len(refused.value.dependents) == 8


def test_a_device_with_something_on_it_is_kept(small: NetworkService) -> None:
    added = next(stored for stored in small.store.read_all(types=("SwitchAdded",)))
    with pytest.raises(UndoRefused) as refused:
        small.undo(str(added.position))
    assert kinds(small, refused.value) == ["VlanCreated", "PortConfigured", "PortConfigured", "LinkConnected"]


def test_a_removed_device_comes_back_with_its_configuration_and_by_request_with_its_links(
    small: NetworkService,
) -> None:
    was = contents(small.network())
    small.execute(c.RemoveDevice(device="r1"))
    removed = last(small, "DeviceRemoved")
    assert len(small.undo(str(removed.position), check=True).planned) == 2
    small.undo(str(removed.position), request=True)
    assert contents(small.network()) == was


def test_a_name_that_is_taken_meanwhile_stands_in_the_way(small: NetworkService) -> None:
    small.execute(c.RenameDevice(device="sw1", name="acc1"))
    renamed = last(small, "DeviceRenamed")
    small.execute(c.RenameDevice(device="sw2", name="sw1"))
    with pytest.raises(UndoRefused, match="sw1") as refused:
        small.undo(str(renamed.position))
    assert refused.value.dependents == (last(small, "DeviceRenamed").event_id,)


def test_a_name_that_a_newer_device_has_stands_in_the_way_of_a_removed_one(small: NetworkService) -> None:
    removed = small.execute(c.RemoveDevice(device="r1"))
    details = DeviceDetails(vendor="cisco", platform="ios")
    added = small.execute(c.AddRouter(device="r7", name="r1", details=details))
    with pytest.raises(UndoRefused, match="the name 'r1'") as refused:
        small.undo(str(removed.correlation_id), request=True)
    assert refused.value.dependents == (added.events[1].event_id,)


def test_a_request_is_undone_as_a_whole(small: NetworkService) -> None:
    was = contents(small.network())
    made = small.execute(
        c.CreateVlan(device="sw2", vlan=20),
        c.ConfigurePort(device="sw2", port=PORTS[0], configuration=desk(20)),
        c.ConnectLink(a=Endpoint(device="sw1", port=PORTS[1]), b=Endpoint(device="sw2", port=PORTS[1])),
    )
    back = small.undo(str(made.correlation_id), request=True)
    assert contents(small.network()) == was
    assert back.undone == made.events[1:]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("ChangeRequested", "--request"), ("NetworkCreated", "there to stay"), ("HostKeyPinned", "trust")],
)
def test_what_is_no_change_of_intent_is_refused_with_the_reason(small: NetworkService, kind: str, words: str) -> None:
    small.execute(c.PinHostKey(device="sw1", environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"))
    with pytest.raises(RuleViolated, match=words):
        small.undo(str(last(small, kind).position))


def test_a_request_without_intent_has_nothing_to_undo(small: NetworkService) -> None:
    made = small.execute(c.PinHostKey(device="sw1", environment="lab", key="ssh-ed25519 AAAA", fingerprint="SHA256:x"))
    with pytest.raises(RuleViolated, match="nothing to undo"):
        small.undo(str(made.correlation_id), request=True)


def test_an_event_of_another_network_is_not_undone_here(small: NetworkService, service_of: ServiceMaker) -> None:
    other = service_of(small.store, network="other")
    details = DeviceDetails(vendor="cisco", platform="ios")
    other.execute(c.CreateNetwork(name="other"), c.AddRouter(device="r9", name="r9", details=details))
    with pytest.raises(NotFound, match="none of the network 'net'"):
        small.undo(str(small.store.head()))


# --- container and VM networks ----------------------------------------------------------------------------------------


@pytest.fixture
def hosted(small: NetworkService) -> NetworkService:
    """A server at sw1, and a container network on VLAN 10 with a container."""
    server = DeviceDetails(vendor="nixos", platform="nixos")
    small.execute(
        c.AddHost(device="h1", name="server", details=server, ports=("eno1",)),
        c.ConnectLink(a=Endpoint(device="h1", port="eno1"), b=Endpoint(device="sw1", port=PORTS[1])),
    )
    wish = ContainerNetworkWish(vlan=10, subnet=IPv4Network("10.1.0.0/24"), hosts={"h1": HostWish()})
    small.execute(c.CreateContainerNetwork(name="web", wish=wish))
    small.execute(c.AttachContainer(name="web", container="nginx", wish=ContainerWish(host="h1")))
    return small


def test_a_container_network_and_its_trunk_are_rolled_back_and_come_again(hosted: NetworkService) -> None:
    was = contents(hosted.network())
    created = last(hosted, "ContainerNetworkCreated")
    head = hosted.store.head()
    request = hosted.store.by_correlation(created.correlation_id)[0]
    hosted.rollback(request.position)
    assert hosted.network().container_networks == {}
    assert PORTS[1] not in hosted.network().devices["sw1"].switch_ports
    hosted.rollback(head)
    assert contents(hosted.network()) == was


def test_a_container_is_detached_by_undoing_and_its_network_not_before(hosted: NetworkService) -> None:
    created = last(hosted, "ContainerNetworkCreated")
    with pytest.raises(UndoRefused) as refused:
        hosted.undo(str(created.position), request=True)
    assert kinds(hosted, refused.value) == ["ContainerAttached"]
    hosted.undo(str(last(hosted, "ContainerAttached").position))
    assert hosted.network().container_networks["web"].containers == {}
    hosted.undo(str(created.position), request=True)
    assert hosted.network().container_networks == {}
    assert PORTS[1] not in hosted.network().devices["sw1"].switch_ports


def test_a_port_is_undone_with_the_container_network_of_its_request(hosted: NetworkService) -> None:
    configured = last(hosted, "PortConfigured")
    with pytest.raises(UndoRefused, match="or with --request"):
        hosted.undo(str(configured.position))


def test_networks_of_hosts_stand_in_the_way_of_the_vlan_that_they_are_on_alone(small: NetworkService) -> None:
    """The server, its cable and both networks came after the VLANs; that alone makes nothing depend on a VLAN."""
    small.execute(c.CreateVlan(device="sw1", vlan=20), c.CreateVlan(device="sw1", vlan=30))
    thirty = last(small, "VlanCreated")
    twenty = next(iter(small.store.read_stream(thirty.aggregate_id, after=thirty.version - 2)))
    small.execute(c.ConfigurePort(device="sw1", port=PORTS[2], configuration=desk(20)))
    small.execute(
        c.AddHost(device="h1", name="server", details=DeviceDetails(vendor="nixos", platform="nixos"), ports=("eno1",)),
        c.ConnectLink(a=Endpoint(device="h1", port="eno1"), b=Endpoint(device="sw1", port=PORTS[1])),
    )
    web = ContainerNetworkWish(vlan=30, subnet=IPv4Network("10.1.0.0/24"), hosts={"h1": HostWish()})
    build = VmNetworkWish(kind=Nat(subnet=IPv4Network("192.168.122.0/24")), hosts={"h1": None})
    small.execute(c.CreateContainerNetwork(name="web", wish=web), c.CreateVmNetwork(name="build", wish=build))
    small.execute(c.AttachContainer(name="web", container="nginx", wish=ContainerWish(host="h1")))
    with pytest.raises(UndoRefused, match="VLAN 20") as refused:
        small.undo(str(twenty.position))
    assert kinds(small, refused.value) == ["PortConfigured"]
    with pytest.raises(UndoRefused, match="VLAN 30") as refused:
        small.undo(str(thirty.position))
    assert kinds(small, refused.value) == ["ContainerNetworkCreated"]


def test_a_container_network_is_told_in_a_diff(hosted: NetworkService) -> None:
    created = last(hosted, "ContainerNetworkCreated")
    words = [item.words for group in hosted.diff(created.position - 1) for item in group.differences]
    assert "container network web" not in words
    assert "container network web: vlan 10, subnet 10.1.0.0/24, gateway 10.1.0.1, hosts h1" in words
    assert any(text.startswith("container nginx in web: host h1, address 10.1.0.") for text in words), words


def test_a_moved_cable_is_told_by_what_becomes_of_the_uplink(hosted: NetworkService) -> None:
    before = hosted.store.head()
    port, free = (Endpoint(device="sw1", port=PORTS[number]) for number in (1, 2))
    old, new = Endpoint(device="h1", port="eno1"), Endpoint(device="h1", port="eno2")
    wish = ContainerNetworkWish(vlan=10, subnet=IPv4Network("10.1.0.0/24"), hosts={"h1": HostWish()})
    hosted.execute(
        c.AddPorts(device="h1", ports=("eno2",)),
        c.ConnectLink(a=new, b=free),
        c.ChangeContainerNetwork(name="web", wish=wish.model_copy(update={"hosts": {"h1": HostWish(uplink="eno2")}})),
    )
    words = [item.words for group in hosted.diff(before) for item in group.differences]
    uplinks = [f"interface {nic}, switch sw1, port {end.port}" for nic, end in ((old.port, port), (new.port, free))]
    assert f"container network web: hosts h1 uplink {' -> '.join(uplinks)}" in words


def test_servers_have_no_configurations_that_differ(hosted: NetworkService) -> None:
    added = last(hosted, "HostAdded")
    assert [group.name for group in hosted.diff(added.position - 1, of="configuration")] == ["sw1"]
    assert hosted.diff(hosted.store.head(), of="configuration") == ()


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_event_can_be_taken_back_or_says_why_not() -> None:
    said = {kind for kind in EVENT_TYPES.values() if any(base in REFUSALS for base in kind.__mro__)}
    assert said | UNDOABLE == set(EVENT_TYPES.values())
    assert said & UNDOABLE == set()
    assert all(refusal_of(kind) is None for kind in UNDOABLE)


def test_what_can_be_taken_back_is_intent_or_of_a_pool() -> None:
    pools = {kind.type_name() for kind in get_args(PoolEvent)}
    assert {kind.type_name() for kind in UNDOABLE} <= INTENT_TYPES | pools

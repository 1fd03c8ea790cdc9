"""The fold of a network's events, and the rows that keep it."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Interface

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import device_stream, network_stream
from cimnet_nornir.domain.values import Endpoint, HostInterfaceConfiguration, RoutedInterface
from cimnet_nornir.errors import NotFound
from cimnet_nornir.projections import intent as projection
from cimnet_nornir.projections.hosts import load_hosts
from cimnet_nornir.projections.intent import Intent, fold, intent_events, load_intent, load_saved, open_intent, save
from cimnet_nornir.projections.inventory import hosts_of
from cimnet_nornir.store import EventStore, ProjectionRow

ServiceMaker = Callable[..., NetworkService]


def from_the_start(store: EventStore, name: str = "net", *, until: int | None = None) -> Intent:
    intent = Intent(Network(name))
    fold(intent, intent_events(store, until=until))
    return intent


def test_an_empty_store_has_an_empty_intent(store: EventStore) -> None:
    assert load_intent(store, "net") == Intent(Network("net"))


def test_the_fold_knows_versions_and_position(small: NetworkService) -> None:
    intent = small.intent()
    assert intent.position == small.store.head()
    assert intent.versions == {
        name: version
        for name, version in small.store.versions().items()
        if name.partition(":")[0] in ("network", "device")
    }
    assert set(intent.network.devices) == {"sw1", "sw2", "r1"}


def test_rows_and_newer_events_are_the_same_as_all_events(small: NetworkService) -> None:
    save(small.store, small.intent())
    small.execute(c.CreateVlan(device="sw2", vlan=30), c.RemoveDevice(device="sw1"))
    loaded = load_saved(small.store, "net")
    assert "sw1" in loaded.network.devices
    fold(loaded, intent_events(small.store, after=loaded.position))
    assert loaded == from_the_start(small.store) == small.intent()


def test_rows_are_written_after_enough_events(small: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_saved(small.store, "net").position == 0
    monkeypatch.setattr(projection, "_SAVE_AFTER", 5)
    assert small.intent() == from_the_start(small.store)
    assert load_saved(small.store, "net") == from_the_start(small.store)


def test_a_moment_in_the_past_writes_no_rows(small: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "_SAVE_AFTER", 1)
    small.intent(at=5)
    assert load_saved(small.store, "net").position == 0


def test_a_long_fold_of_the_past_is_kept_for_the_next_look(
    small: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "_SNAPSHOT_AFTER", 4)
    small.execute(c.RenameDevice(device="sw1", name="access1"), c.RemoveDevice(device="sw2"))
    store, head = small.store, small.store.head()

    def kept() -> set[int]:
        keys = store.load_rows(projection._PAST)
        return {int(key.removeprefix("net/")) for key in keys if not key.endswith("positions")}

    expected = {until: from_the_start(store, until=until) for until in range(head + 1)}
    for until in (head, 3, 7, head, *range(head + 1)):
        assert load_intent(store, "net", until=until) == expected[until]
    assert kept() == {5, 7, 12, head}
    store.drop_projection(projection._PAST)
    assert load_intent(store, "net", until=head) == expected[head]


def test_a_kept_fold_of_the_past_is_where_a_later_look_begins(
    small: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "_SNAPSHOT_AFTER", 4)
    load_intent(small.store, "net", until=6)
    begun: list[int] = []
    original = projection.intent_events

    def told(store: EventStore, *, after: int = 0, until: int | None = None) -> Iterable[StoredEvent]:
        begun.append(after)
        return original(store, after=after, until=until)

    monkeypatch.setattr(projection, "intent_events", told)
    load_intent(small.store, "net", until=8)
    load_intent(small.store, "net", until=5)
    assert begun == [6, 0]


def test_the_past_is_read_as_it_was(small: NetworkService) -> None:
    before = small.store.head()
    small.execute(c.RenameDevice(device="sw1", name="access1"))
    save(small.store, small.intent())
    assert small.network(at=before).devices["sw1"].name == "sw1"
    assert small.network().devices["sw1"].name == "access1"
    with pytest.raises(NotFound, match="there is no network 'net' at that moment"):
        small.network(at=1)


def test_a_removed_device_leaves_with_its_cables(small: NetworkService) -> None:
    save(small.store, small.intent())
    small.execute(c.RemoveDevice(device="sw1"))
    assert not small.network().links
    save(small.store, small.intent())
    loaded = load_saved(small.store, "net")
    assert loaded == from_the_start(small.store)
    assert "sw1" not in loaded.network.devices
    assert loaded.versions[device_stream("net", "sw1")] == small.store.versions()[device_stream("net", "sw1")]


def test_a_device_that_comes_back_is_new_and_its_stream_goes_on(small: NetworkService) -> None:
    old = small.network().devices["sw1"]
    stream = device_stream("net", "sw1")
    version = small.store.versions()[stream]
    small.execute(c.RemoveDevice(device="sw1"))
    save(small.store, small.intent())
    small.execute(c.AddSwitch(device="sw1", name="again", details=old.details, ports=old.ports))
    device = small.network().devices["sw1"]
    assert (device.name, device.vlans, device.removed) == ("again", {}, False)
    assert small.intent() == from_the_start(small.store)
    assert small.store.versions()[stream] == version + 2


def test_what_a_host_has_for_itself_is_read_back_from_its_row(small: NetworkService) -> None:
    own = {"addresses": ["203.0.113.9/24"], "gateway": "203.0.113.1", "mtu": 9000}
    small.execute(
        c.AddHost(
            device="h1", name="srv1", details=DeviceDetails(vendor="nixos", platform="nixos"), ports=("eno1", "eno2")
        ),
        c.ConfigureHostInterface(
            device="h1", interface="eno1", configuration=HostInterfaceConfiguration.model_validate(own)
        ),
        # Without what only hosts have, it is still the configuration of a host.
        c.ConfigureHostInterface(device="h1", interface="eno2", configuration=HostInterfaceConfiguration()),
    )
    save(small.store, small.intent())
    kept = load_saved(small.store, "net")
    assert kept == from_the_start(small.store)
    interfaces = kept.network.devices["h1"].interfaces
    assert {type(interface) for interface in interfaces.values()} == {HostInterfaceConfiguration}
    assert {type(interface) for interface in kept.network.devices["r1"].interfaces.values()} == {RoutedInterface}


def test_two_networks_in_one_store_do_not_mix(small: NetworkService, service_of: ServiceMaker) -> None:
    """The same ids, names and addresses, and a name that begins like the other's."""
    other = service_of(small.store, network="net2")
    details = small.network().devices["r1"].details
    other.execute(
        c.CreateNetwork(name="net2"),
        c.AddRouter(device="r1", name="r1", details=details, ports=("GigabitEthernet0/1",)),
        c.ConfigureRouterInterface(
            device="r1",
            interface="GigabitEthernet0/1",
            configuration=RoutedInterface(addresses=(IPv4Interface("192.0.2.1/24"),)),
        ),
    )
    save(small.store, small.intent())
    save(small.store, other.intent())
    small.execute(c.RemoveDevice(device="r1"))
    assert set(other.network().devices) == {"r1"}
    assert set(small.network().devices) == {"sw1", "sw2"}
    for name, service in (("net", small), ("net2", other)):
        save(service.store, service.intent())
        assert load_saved(small.store, name) == from_the_start(small.store, name)
    assert set(other.intent().versions) == {network_stream("net2"), device_stream("net2", "r1")}


def test_a_writer_who_was_overtaken_does_no_harm(small: NetworkService) -> None:
    """It folded before a device came and one went, and writes its rows last."""
    slow = small.intent()
    old = small.network().devices["sw2"]
    small.execute(
        c.RemoveDevice(device="sw2"),
        c.AddSwitch(device="sw3", name="sw3", details=old.details, ports=old.ports),
    )
    save(small.store, small.intent())
    save(small.store, slow)
    assert small.intent() == from_the_start(small.store)
    assert set(small.network().devices) == {"sw1", "sw3", "r1"}


def test_a_writer_who_was_overtaken_by_an_arrival_alone_does_no_harm(small: NetworkService) -> None:
    """The rows that are left are all of one position; only the new device's is missing."""
    slow = small.intent()
    router = small.network().devices["r1"]
    small.execute(c.AddRouter(device="r2", name="r2", details=router.details, ports=router.ports))
    save(small.store, small.intent())
    save(small.store, slow)
    assert "r2" in small.network().devices
    assert small.intent() == from_the_start(small.store)


def test_a_row_that_somebody_carried_on_is_folded_anew(small: NetworkService) -> None:
    save(small.store, small.intent())
    rows = small.store.load_rows(projection.PROJECTION)
    (key,) = (key for key in rows if key.endswith("/sw1"))
    small.execute(c.CreateVlan(device="sw1", vlan=30))
    small.store.save_rows(projection.PROJECTION, {key: ProjectionRow(position=small.store.head(), state=b"newer")})
    assert load_saved(small.store, "net") == from_the_start(small.store, until=load_saved(small.store, "net").position)
    assert small.intent() == from_the_start(small.store)


def test_the_fold_tells_of_each_event_of_its_own_network(small: NetworkService, service_of: ServiceMaker) -> None:
    service_of(small.store, network="other").execute(c.CreateNetwork(name="other"))
    seen: list[str] = []
    intent = Intent(Network("net"))
    number = fold(intent, intent_events(small.store), seen=lambda stored: seen.append(stored.type))
    assert number == len(seen) == 9
    assert intent.position == small.store.head()
    assert "ChangeRequested" not in seen


def test_links_survive_the_rows(small: NetworkService) -> None:
    save(small.store, small.intent())
    (link,) = load_saved(small.store, "net").network.links
    assert link.other_end("r1", "GigabitEthernet0/1") == ("sw1", "GigabitEthernet0/4")
    small.execute(
        c.DisconnectLink(
            a=Endpoint(device="r1", port="GigabitEthernet0/1"), b=Endpoint(device="sw1", port="GigabitEthernet0/4")
        )
    )
    assert not small.network().links


def test_the_networks_of_hosts_survive_the_rows(service: NetworkService) -> None:
    """They stand in the network's row; a host that comes and goes changes its switch too."""
    service.create_network("net")
    service.add_switch("sw1", ports=4, routing=True)
    service.create_vlan(100, "servers", on=["sw1"])
    service.add_interface("sw1", "Vlan100", "10.0.100.1/24")
    service.add_host("srv1", ports=("eno1",))
    service.connect("srv1 eno1", "sw1 Gi1/0/1")
    save(service.store, service.intent())
    service.create_container_network("web", hosts=["srv1"], vlan=100, dns=["10.0.100.1"])
    service.attach_container("web", "nginx", image="nginx:1.27")
    service.create_vm_network("vms", hosts=["srv1"], vlan=100, inbound_mbps=1000)
    service.attach_vm("vms", "vm1", address="10.0.100.9")
    save(service.store, open_intent(service.store, "net"))
    loaded, expected = load_saved(service.store, "net"), from_the_start(service.store)
    assert loaded == expected
    assert loaded.network.container_networks["web"].containers
    service.detach_container("web", "nginx")
    service.remove_container_network("web")
    opened, expected = open_intent(service.store, "net"), from_the_start(service.store)
    assert opened.network == expected.network
    assert {stream: opened.version_of(stream) for stream in expected.versions} == expected.versions
    assert load_hosts(service.store, "net", "lab") == hosts_of(expected.network, "lab")


def test_a_change_reads_the_rows_of_the_devices_it_touches(small: NetworkService) -> None:
    save(small.store, small.intent())
    opened = open_intent(small.store, "net")
    small.store.drop_projection(projection.PROJECTION)
    asked = opened.network.devices
    assert list(asked) == ["sw1", "sw2", "r1"]
    assert (len(asked), "sw1" in asked, "sw9" in asked, asked.get("sw9")) == (3, True, False, None)
    with pytest.raises(KeyError):
        asked["sw9"]
    # The row is gone: the device is folded from its stream, as of the moment the intent was opened at.
    small.execute(c.RenameDevice(device="sw1", name="access1"))
    assert asked["sw1"].name == "sw1"
    assert opened.version_of(device_stream("net", "sw1")) == 4
    del asked["sw1"]
    assert "sw1" not in asked
    assert {device.name for device in asked.values()} == {"sw2", "r1"}
    assert {name for name, _ in asked.items()} == {"sw2", "r1"}

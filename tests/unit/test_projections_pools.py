"""Pools as rows: what is kept is what the events tell, whoever keeps it, and little of it is read."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import IPv4Interface, IPv4Network, IPv6Network, ip_address, ip_network

import pytest

from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.pool import Pool
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.hosting.values import Libvirt, Nat, VmNetworkSettings
from cimnet_nornir.domain.streams import vm_network_stream
from cimnet_nornir.domain.values import HostInterfaceConfiguration, RoutedInterface
from cimnet_nornir.errors import ConcurrencyConflict, DomainError, StoreUnavailable
from cimnet_nornir.projections import addresses_in_use, pools
from cimnet_nornir.projections.addresses_in_use import load_addresses_in_use
from cimnet_nornir.projections.pools import PROJECTION, load_pool, open_pool, pool_names
from cimnet_nornir.store import EventStore

ServiceMaker = Callable[..., NetworkService]


@pytest.fixture
def campus(small: NetworkService) -> NetworkService:
    small.create_pool("campus", "10.0.0.0/16")
    return small


def told(pool: Pool | None) -> tuple[object, ...]:
    """All that a pool says, read from wherever."""
    assert pool is not None
    subnets = dict(sorted(pool.subnets.items(), key=lambda item: str(item[0])))
    return pool.prefix, pool.space, pool.utilisation(), subnets, dict(sorted(pool.names.items()))


def from_events(store: EventStore) -> Pool | None:
    return load_pool(store, "net", "campus", until=store.head()).pool


def rows_read(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each query answered from now on."""
    counts: list[int] = []
    load = store.load_rows

    def counted(*given: object, **named: object) -> Mapping[str, object]:
        found = load(*given, **named)  # type: ignore[arg-type]  # passed on as they are
        counts.append(len(found))
        return found

    monkeypatch.setattr(store, "load_rows", counted)
    return counts


def test_rows_tell_what_the_events_tell(campus: NetworkService) -> None:
    store = campus.store
    campus.allocate_subnet("campus", 24, name="web", vlan=100)
    campus.reserve_subnet("campus", "10.0.8.0/21", owner="ann")
    campus.assign_address("web", "container web1")
    load_pool(store, "net", "campus").save()
    campus.assign_address("web", "container web2")
    campus.allocate_subnet("campus", 30, name="link")
    assert told(open_pool(store, "net", "campus").pool) != told(from_events(store))
    assert told(load_pool(store, "net", "campus").pool) == told(from_events(store))
    load_pool(store, "net", "campus").save()
    assert told(open_pool(store, "net", "campus").pool) == told(from_events(store))


def test_what_is_released_goes_from_the_rows(campus: NetworkService) -> None:
    store = campus.store
    campus.allocate_subnet("campus", 24, name="web")
    load_pool(store, "net", "campus").save()
    campus.release_subnet("web")
    load_pool(store, "net", "campus").save()
    assert set(store.load_rows(PROJECTION)) == {"net/campus/pool"}
    campus.remove_pool("campus")
    load_pool(store, "net", "campus").save()
    assert open_pool(store, "net", "campus").present is None
    campus.create_pool("campus", "10.1.0.0/16")
    campus.allocate_subnet("campus", 24, name="web")
    assert told(load_pool(store, "net", "campus").pool) == told(from_events(store))


def test_rows_are_kept_by_themselves_after_many_events(campus: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_SAVE_AFTER", 10)
    for _ in range(25):
        campus.allocate_subnet("campus", 24)
    assert open_pool(campus.store, "net", "campus").version >= 20
    assert told(load_pool(campus.store, "net", "campus").pool) == told(from_events(campus.store))


def test_an_allocation_reads_none_of_the_other_subnets(
    campus: NetworkService, service_of: ServiceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        campus.allocate_subnet("campus", 24, name=f"s{number}")
    load_pool(campus.store, "net", "campus").save()
    counts = rows_read(campus.store, monkeypatch)
    assert service_of(campus.store).allocate_subnet("campus", 24, name="new") == ip_network("10.0.20.0/24")
    assert sum(counts) <= 3


def test_whoever_is_overtaken_by_rows_begins_at_them(campus: NetworkService) -> None:
    store = campus.store
    campus.allocate_subnet("campus", 24, name="web")
    load_pool(store, "net", "campus").save()
    behind = open_pool(store, "net", "campus")
    campus.assign_address("web", "container web1")
    load_pool(store, "net", "campus").save()
    with pytest.raises(ConcurrencyConflict, match="are ahead of position"):
        behind.refresh()
    with pytest.raises(ConcurrencyConflict, match="are ahead of position"):
        list(open_behind(store))
    assert told(load_pool(store, "net", "campus").pool) == told(from_events(store))


def open_behind(store: EventStore) -> Iterator[object]:
    """The subnets of a pool whose rows moved on after it was opened."""
    kept = open_pool(store, "net", "campus")
    kept.rows.position -= 1
    assert kept.pool is not None
    yield from kept.pool.subnets


def test_of_two_who_keep_rows_the_later_one_takes_over(campus: NetworkService) -> None:
    store = campus.store
    first, second = load_pool(store, "net", "campus"), load_pool(store, "net", "campus")
    campus.allocate_subnet("campus", 24, name="web")
    second.refresh()
    second.save()
    first.save()
    assert first.saved == second.saved
    campus.release_subnet("web")
    first.refresh()
    first.save()
    assert told(open_pool(store, "net", "campus").pool) == told(from_events(store))


def test_a_store_that_cannot_be_written_is_no_reason_to_refuse(
    campus: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("it is read-only")

    campus.allocate_subnet("campus", 24)
    monkeypatch.setattr(campus.store, "save_rows", fail)
    load_pool(campus.store, "net", "campus").save()
    assert open_pool(campus.store, "net", "campus").pool is None
    assert told(load_pool(campus.store, "net", "campus").pool) == told(from_events(campus.store))


def test_a_pool_that_never_was_has_nothing_to_keep(campus: NetworkService) -> None:
    nothing = load_pool(campus.store, "net", "nothing")
    nothing.save()
    assert (nothing.pool, nothing.present, len(nothing.subnets)) == (None, None, 0)
    assert pool_names(campus.store, "net") == ("campus",)


@contextmanager
def often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rows are kept after every few events."""
    with monkeypatch.context() as patch:
        patch.setattr(pools, "_SAVE_AFTER", 3)
        patch.setattr(addresses_in_use, "_SAVE_AFTER", 3)
        yield


def act(service: NetworkService, kind: int, subnet: IPv4Network | IPv6Network, number: int) -> None:
    match kind:
        case 0:
            service.allocate_subnet("campus", 28, name=f"s{number}")
        case 1:
            service.release_subnet(subnet)
        case 2:
            service.assign_address(subnet, f"container c{number}")
        case _:
            service.release_address(subnet, service.subnet(subnet).addresses[0][0])


@pytest.mark.parametrize("seed", range(4))
def test_several_programs_that_keep_rows_in_turn_agree_with_the_events(
    campus: NetworkService, service_of: ServiceMaker, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    services = [service_of(campus.store) for _ in range(3)]
    with often(monkeypatch):
        for number in range(60):
            service = chance.choice(services)
            subnets = campus.subnets()
            subnet = chance.choice(subnets).prefix if subnets else ip_network("10.0.0.0/28")
            try:
                act(service, chance.randrange(4), subnet, number)
            except (DomainError, IndexError):
                continue
    assert told(load_pool(campus.store, "net", "campus").pool) == told(from_events(campus.store))
    assert campus.store.verify().ok


# --- what devices use -------------------------------------------------------------------------------------------------


def uses(store: EventStore, until: int | None = None) -> dict[str, str]:
    found = load_addresses_in_use(store, "net", until=until).elsewhere().addresses
    return {str(address): f"{use.place} {use.subnet}" for address, use in found.items()}


def configure(service: NetworkService, interface: str, *addresses: str) -> None:
    routed = RoutedInterface(addresses=tuple(map(IPv4Interface, addresses)))
    service.execute(c.ConfigureRouterInterface(device="r1", interface=interface, configuration=routed))


def test_addresses_in_use_are_those_of_interfaces_and_of_management(
    small: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = uses(small.store)
    assert first == {
        "192.0.2.11": "sw1 management 192.0.2.11/32",
        "192.0.2.12": "sw2 management 192.0.2.12/32",
        "192.0.2.1": "r1 GigabitEthernet0/1 192.0.2.0/24",
    }
    then = small.store.head()
    with often(monkeypatch):
        configure(small, "Loopback0", "10.0.0.1/32", "10.0.1.1/24")
        details = DeviceDetails(vendor="cisco", platform="ios", management=ip_address("127.0.0.1"))
        small.execute(c.ChangeDeviceDetails(device="sw1", details=details))
        small.execute(c.RenameDevice(device="r1", name="core"))
        assert uses(small.store) == {
            "192.0.2.12": "sw2 management 192.0.2.12/32",
            "192.0.2.1": "core GigabitEthernet0/1 192.0.2.0/24",
            "10.0.0.1": "core Loopback0 10.0.0.1/32",
            "10.0.1.1": "core Loopback0 10.0.1.0/24",
        }
        assert small.store.load_rows(addresses_in_use.PROJECTION)
        small.execute(c.RemoveRouterInterface(device="r1", interface="Loopback0"), c.RemoveDevice(device="sw2"))
    assert uses(small.store) == {"192.0.2.1": "core GigabitEthernet0/1 192.0.2.0/24"}
    assert uses(small.store, then) == first
    assert uses(small.store, small.store.head()) == uses(small.store)


def vm_network(service: NetworkService, event: e.VmNetworkCreated | e.VmNetworkChanged | e.VmNetworkRemoved) -> None:
    """Append an event of the VM network "lab"."""
    stream = vm_network_stream("net", "lab")
    chain, request = open_request(service.actor, "test", {}, dict(service.store.versions(stream)))
    service.store.append(Append((request, chain.record(stream, event, cause=request.event_id))))


def test_networks_of_hosts_use_their_subnets(small: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    small.create_pool("campus", "10.0.0.0/16")
    details = DeviceDetails(vendor="nixos", platform="nixos", management=ip_address("10.0.0.9"))
    small.execute(c.AddHost(device="srv1", name="srv1", details=details))
    kind = Nat(subnet=IPv4Network("10.0.1.0/24"))
    settings = VmNetworkSettings(hypervisor=Libvirt(), kind=kind, subnet=kind.subnet)
    with often(monkeypatch):
        vm_network(small, e.VmNetworkCreated(network="net", name="lab", settings=settings))
        assert small.allocate_subnet("campus", 24) == ip_network("10.0.2.0/24")
        moved = settings.model_copy(update={"subnet": IPv4Network("10.0.3.0/24")})
        vm_network(small, e.VmNetworkChanged(settings=moved))
        assert [small.allocate_subnet("campus", 24) for _ in range(2)] == [
            ip_network("10.0.1.0/24"),
            ip_network("10.0.4.0/24"),
        ]
        vm_network(small, e.VmNetworkRemoved())
    assert load_addresses_in_use(small.store, "net").row.hosted == {}
    assert small.allocate_subnet("campus", 24) == ip_network("10.0.3.0/24")


def test_the_devices_of_another_network_are_not_ours(small: NetworkService) -> None:
    assert load_addresses_in_use(small.store, "other").elsewhere().addresses == {}


def test_addresses_of_hosts_are_in_use_until_their_interface_is_removed(small: NetworkService) -> None:
    details = DeviceDetails(vendor="nixos", platform="nixos")
    small.execute(c.AddHost(device="h1", name="srv1", details=details, ports=("eno1",)))
    own = HostInterfaceConfiguration(addresses=(IPv4Interface("203.0.113.9/24"),))
    small.execute(c.ConfigureHostInterface(device="h1", interface="eno1", configuration=own))
    assert uses(small.store)["203.0.113.9"] == "srv1 eno1 203.0.113.0/24"
    small.execute(c.RemoveHostInterface(device="h1", interface="eno1"))
    assert "203.0.113.9" not in uses(small.store)

"""The use cases of addressing over a store in memory: what is recorded, what is refused, what is read back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Interface, ip_address, ip_network

import pytest

from cimnet_nornir.application import pool_desk
from cimnet_nornir.application.pool_keys import pools_key
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.events import PoolCreated
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.errors import (
    AlreadyExists,
    CimnetError,
    ConcurrencyConflict,
    DeviceNotFound,
    DuplicateIpAddress,
    InvalidValue,
    NoAvailableAddress,
    NoAvailableSubnet,
    NotFound,
    PoolAlreadyExists,
    PoolNotFound,
    ReservationConflict,
    RuleViolated,
    StoreError,
    StoreUnavailable,
    SubnetInUse,
    SubnetNotFound,
    SubnetOverlap,
)
from cimnet_nornir.projections.pools import load_pool
from cimnet_nornir.store import EventStore, memory

ServiceMaker = Callable[..., NetworkService]


@pytest.fixture
def campus(small: NetworkService) -> NetworkService:
    """The small network, whose router has 192.0.2.1/24, with a pool."""
    small.create_pool("campus", "10.0.0.0/16", purpose="everything")
    return small


def configure(service: NetworkService, device: str, interface: str, *addresses: str) -> None:
    routed = RoutedInterface(addresses=tuple(map(IPv4Interface, addresses)))
    service.execute(c.ConfigureRouterInterface(device=device, interface=interface, configuration=routed))


def test_a_subnet_is_allocated_as_a_request_and_its_event(campus: NetworkService) -> None:
    before = campus.store.head()
    assert campus.allocate_subnet("campus", 24, name="web", vlan=100, purpose="shops") == ip_network("10.0.0.0/24")
    request, allocated = campus.store.read_all(after=before)
    assert request.type == "ChangeRequested"
    assert request.event.model_dump()["command"] == "allocate_subnet"
    assert request.event.model_dump()["arguments"] == {
        "pool": "campus",
        "length": 24,
        "name": "web",
        "vlan": 100,
        "purpose": "shops",
    }
    assert (allocated.type, allocated.aggregate_id, allocated.version) == ("SubnetAllocated", "pool:net/campus", 2)
    assert (allocated.correlation_id, allocated.causation_id) == (request.event_id, request.event_id)
    assert (allocated.actor, allocated.reason) == ("ann", "CHG-1")
    assert campus.store.verify().ok


def test_a_pool_and_its_subnets_are_read_back(campus: NetworkService) -> None:
    campus.create_pool("v6", "2001:db8::/32")
    campus.allocate_subnet("campus", 24, name="web", vlan=100)
    campus.reserve_subnet("campus", "10.0.8.0/21", name="later", owner="ann")
    campus.allocate_subnet("v6", 64)
    assert campus.assign_address("web", "container web1") == ip_address("10.0.0.2")
    assert campus.assign_address("10.0.0.0/24", "vm db", address="10.0.0.200") == ip_address("10.0.0.200")
    assert campus.assign_address("2001:db8::/64", "vm db") == ip_address("2001:db8::2")

    assert [(pool.name, pool.purpose) for pool in campus.pools()] == [("campus", "everything"), ("v6", "")]
    found = campus.utilisation("campus")
    assert (found.allocated, found.reserved, found.subnets, found.assigned) == (256, 2048, 2, 2)
    assert [str(subnet.prefix) for subnet in campus.subnets()] == ["10.0.0.0/24", "10.0.8.0/21", "2001:db8::/64"]
    web = campus.subnet("web")
    assert (web.pool, web.kind, web.vlan, web.gateway, web.capacity) == (
        "campus",
        "allocated",
        100,
        ip_address("10.0.0.1"),
        254,
    )
    assert web.addresses == ((ip_address("10.0.0.2"), "container web1"), (ip_address("10.0.0.200"), "vm db"))


def test_subnets_are_listed_by_cursor(campus: NetworkService) -> None:
    for _ in range(5):
        campus.allocate_subnet("campus", 24)
    campus.create_pool("other", "172.16.0.0/12")
    campus.allocate_subnet("other", 24)
    listed: list[str] = []
    after: str | None = None
    while page := campus.subnets(first=4, after=after):
        after = str(page[-1].prefix)
        listed += [str(subnet.prefix) for subnet in page]
    assert listed == [f"10.0.{number}.0/24" for number in range(5)] + ["172.16.0.0/24"]
    assert [subnet.pool for subnet in campus.subnets("other")] == ["other"]


def test_the_past_is_read_as_it_was(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24, name="web")
    campus.assign_address("web", "container web1")
    then = campus.store.head()
    campus.release_address("web", "10.0.0.2")
    campus.release_subnet("web")
    campus.remove_pool("campus")
    assert not campus.pools()
    assert not campus.subnets()
    assert campus.subnet("web", then).addresses == ((ip_address("10.0.0.2"), "container web1"),)
    assert campus.utilisation("campus", then).assigned == 1
    assert [pool.name for pool in campus.pools(then)] == ["campus"]
    with pytest.raises(PoolNotFound, match="there is no pool 'campus'"):
        campus.utilisation("campus")


def test_what_devices_use_is_not_handed_out(campus: NetworkService) -> None:
    configure(campus, "r1", "Loopback0", "10.0.0.1/32")
    configure(campus, "r1", "Loopback1", "10.0.2.1/24")
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.1.0/24")
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.3.0/24")
    campus.execute(c.RemoveRouterInterface(device="r1", interface="Loopback0"))
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_an_address_is_a_devices_or_a_containers_but_not_both(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24)
    configure(campus, "r1", "Loopback0", "10.0.0.1/24", "10.0.0.2/24")
    assert campus.assign_address("10.0.0.0/24", "container web1") == ip_address("10.0.0.3")
    with pytest.raises(DuplicateIpAddress, match=r"10\.0\.0\.2 is taken: r1 Loopback0 has it"):
        campus.assign_address("10.0.0.0/24", "container web2", address="10.0.0.2")
    with pytest.raises(DuplicateIpAddress, match=r"10\.0\.0\.3"):
        configure(campus, "r1", "Loopback0", "10.0.0.1/24", "10.0.0.3/24")
    campus.release_address("10.0.0.0/24", "10.0.0.3")
    configure(campus, "r1", "Loopback0", "10.0.0.1/24", "10.0.0.3/24")
    assert campus.assign_address("10.0.0.0/24", "container web1") == ip_address("10.0.0.2")


def test_an_address_whose_key_anybody_holds_is_passed_over(campus: NetworkService) -> None:
    """Whoever attaches a container may take the key alone, without the pool: the pool then gives the next one."""
    campus.allocate_subnet("campus", 24)
    for number in range(2, 60):
        hold(campus, f"address:net/10.0.0.{number}", "container-network:net/web")
    assert campus.assign_address("10.0.0.0/24", "container web1") == ip_address("10.0.0.60")
    with pytest.raises(DuplicateIpAddress, match=r"10\.0\.0\.2 is taken: the container network web has it") as refused:
        campus.assign_address("10.0.0.0/24", "container web1", address="10.0.0.2")
    assert refused.value.subject == "10.0.0.2"


def test_an_address_that_somebody_takes_at_the_last_moment_is_passed_over(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24)
    conflict = ReservationConflict("held", subject="address:net/10.0.0.2", owner="container-network:net/web")
    with overtaken(campus, 1, conflict):
        assert campus.assign_address("10.0.0.0/24", "container web1") == ip_address("10.0.0.3")


def hold(service: NetworkService, key: str, owner: str) -> None:
    """Claim a key for somebody, with some event."""
    from cimnet_nornir.application.changes import open_request

    _, request = open_request(service.actor, "hold", {})
    service.store.append(Append((request,), claim={key: owner}))


def test_an_interface_gets_its_address_from_the_pool_and_configures_it(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24)
    assert campus.assign_address("10.0.0.0/24", "interface r1 lo0", address="10.0.0.1") == ip_address("10.0.0.1")
    again = campus.store.head()
    assert campus.assign_address("10.0.0.0/24", "interface r1 Loopback0", address="10.0.0.1") == ip_address("10.0.0.1")
    assert campus.store.head() == again
    configure(campus, "r1", "Loopback0", "10.0.0.1/24")
    # The interface goes on to use it: the address is not free for others yet.
    campus.release_address("10.0.0.0/24", "10.0.0.1")
    assert campus.store.owner_of("address:net/10.0.0.1") == "device:net/r1"
    with pytest.raises(SubnetInUse, match=r"10\.0\.0\.1 r1 Loopback0"):
        campus.release_subnet("10.0.0.0/24")
    campus.execute(c.RemoveRouterInterface(device="r1", interface="Loopback0"))
    assert campus.store.owner_of("address:net/10.0.0.1") is None
    campus.release_subnet("10.0.0.0/24")


def test_a_released_address_is_free_for_devices(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24)
    campus.assign_address("10.0.0.0/24", "interface r1 Loopback0")
    campus.release_address("10.0.0.0/24", "10.0.0.2")
    assert campus.store.owner_of("address:net/10.0.0.2") is None


def test_a_released_address_that_another_has_by_now_stays_theirs(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 24)
    campus.assign_address("10.0.0.0/24", "interface r1 Loopback0")
    configure(campus, "r1", "Loopback0", "10.0.0.2/24")
    campus.execute(c.RemoveRouterInterface(device="r1", interface="Loopback0"))
    hold(campus, "address:net/10.0.0.2", "container-network:net/web")
    campus.release_address("10.0.0.0/24", "10.0.0.2")
    assert campus.store.owner_of("address:net/10.0.0.2") == "container-network:net/web"


Act = Callable[[NetworkService], object]
REFUSED: list[tuple[Act, type[CimnetError], str, str]] = [
    (lambda s: s.create_pool("campus", "10.9.0.0/16"), PoolAlreadyExists, "campus", "there is a pool 'campus' already"),
    (lambda s: s.create_pool("x", "10.0.0.0/8"), SubnetOverlap, "10.0.0.0/8", "overlaps the pool 'campus'"),
    (lambda s: s.create_pool("x", "10.0.0.1/8"), InvalidValue, "prefix", "prefix: '10.0.0.1/8' has bits set"),
    (lambda s: s.create_pool("x y", "11.0.0.0/8"), InvalidValue, "pool", "pool: 'x y' is no name"),
    (lambda s: s.allocate_subnet("x", 24), PoolNotFound, "x", "there is no pool 'x'"),
    (lambda s: s.allocate_subnet("campus", 15), NoAvailableSubnet, "campus", "has no free /15"),
    (lambda s: s.allocate_subnet("campus"), InvalidValue, "", "asked for by its length or by itself"),
    (lambda s: s.allocate_subnet("campus", 24, vlan=5000), InvalidValue, "vlan", "VLAN ids are 1 to 4094"),
    (lambda s: s.allocate_subnet("campus", 24, name="web"), AlreadyExists, "web", "has a subnet 'web'"),
    (lambda s: s.reserve_subnet("campus", "10.0.0.0/23"), SubnetOverlap, "10.0.0.0/23", "is not free"),
    (lambda s: s.release_subnet("10.0.0.0/25"), SubnetNotFound, "10.0.0.0/25", "has no subnet 10.0.0.0/25"),
    (lambda s: s.release_subnet("11.0.0.0/24"), PoolNotFound, "11.0.0.0/24", "is in no pool"),
    (lambda s: s.release_subnet("db"), SubnetNotFound, "db", "no pool has a subnet 'db'"),
    (lambda s: s.assign_address("web", "interface r9 lo0"), DeviceNotFound, "r9", "there is no device 'r9'"),
    (lambda s: s.assign_address("web", "interface r1 x"), InvalidValue, "interface", "'x' is no interface name"),
    (lambda s: s.assign_address("web", " "), InvalidValue, "owner", "one line"),
    (lambda s: s.release_address("web", "10.0.0.9"), NotFound, "10.0.0.9", "is not assigned"),
    (lambda s: s.remove_pool("campus"), RuleViolated, "campus", "has subnets: 10.0.0.0/24"),
]


@pytest.mark.parametrize(("act", "error", "subject", "message"), REFUSED)
def test_what_is_refused_leaves_nothing_behind(
    campus: NetworkService, act: Act, error: type[CimnetError], subject: str, message: str
) -> None:
    campus.allocate_subnet("campus", 24, name="web")
    before = campus.store.head()
    with pytest.raises(error, match=message) as refused:
        act(campus)
    assert type(refused.value) is error
    assert refused.value.subject == subject
    assert campus.store.head() == before


def test_a_name_that_two_pools_have_is_not_guessed(campus: NetworkService) -> None:
    campus.create_pool("dc", "172.16.0.0/12")
    campus.allocate_subnet("campus", 24, name="web")
    campus.allocate_subnet("dc", 24, name="web")
    with pytest.raises(InvalidValue, match=r"10\.0\.0\.0/24 of campus, 172\.16\.0\.0/24 of dc; name the prefix"):
        campus.release_subnet("web")


def test_a_pool_needs_its_network(service: NetworkService) -> None:
    with pytest.raises(NotFound, match="there is no network 'net' yet"):
        service.create_pool("campus", "10.0.0.0/8")


def test_pools_of_two_networks_may_overlap(campus: NetworkService, service_of: ServiceMaker) -> None:
    other = service_of(campus.store, network="lab-net")
    other.execute(c.CreateNetwork(name="lab-net"))
    other.create_pool("campus", "10.0.0.0/16")
    assert other.allocate_subnet("campus", 24) == campus.allocate_subnet("campus", 24)
    assert other.assign_address("10.0.0.0/24", "vm a") == campus.assign_address("10.0.0.0/24", "vm a")


def test_a_pool_that_was_removed_can_be_created_again(campus: NetworkService) -> None:
    campus.remove_pool("campus")
    campus.create_pool("campus", "10.0.0.0/8")
    assert campus.allocate_subnet("campus", 9) == ip_network("10.0.0.0/9")


def both(act: Callable[[int], object]) -> list[object]:
    """What becomes of two threads that do it at once."""
    told: list[object] = []

    def run(number: int) -> None:
        try:
            told.append(act(number))
        except CimnetError as error:
            told.append(type(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_of_two_who_create_overlapping_pools_at_once_one_is_refused(
    small: NetworkService, service_of: ServiceMaker
) -> None:
    services = (small, service_of(small.store))
    told = both(lambda number: len(services[number].create_pool(f"pool{number}", "10.0.0.0/8").events))
    assert sorted(map(str, told)) == sorted(map(str, (2, SubnetOverlap)))
    assert small.store.owner_of(pools_key("net")) is not None


FASTER = ConcurrencyConflict("somebody else was first", subject="pool:net/campus")


class Overtaken:
    """A store in which somebody else is always faster, or something else goes wrong, as often as it is told to."""

    def __init__(self, store: EventStore, times: int, wrong: BaseException) -> None:
        self._store = store
        self._wrong = wrong
        self.times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def append_all(self, batches: list[Append]) -> object:
        self.times -= 1
        if self.times < 0:
            return self._store.append_all(batches)
        if not isinstance(self._wrong, StoreError):
            raise self._wrong
        return tuple(self._wrong for _ in batches)


@contextmanager
def overtaken(service: NetworkService, times: int, wrong: BaseException = FASTER) -> Iterator[Overtaken]:
    store = service.store
    service.store = Overtaken(store, times, wrong)  # type: ignore[assignment]  # the rest of the store is the real one
    service._address_pools = None
    yield service.store  # type: ignore[misc]  # the same
    service.store = store
    service._address_pools = None


def test_a_conflict_is_decided_anew(campus: NetworkService) -> None:
    with overtaken(campus, 3) as store:
        assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")
        assert store.times == -1


def test_who_is_always_too_late_is_told_so_at_the_deadline(
    campus: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_desk, "DEADLINE_SECONDS", 0.02)
    with overtaken(campus, 10_000), pytest.raises(ConcurrencyConflict, match="somebody else was first"):
        campus.allocate_subnet("campus", 24)
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_what_the_store_will_never_take_is_told_at_once(campus: NetworkService) -> None:
    wrong = StoreError("an event names the cause 1, which is no stored event", subject="1")
    with overtaken(campus, 1, wrong), pytest.raises(StoreError, match="no stored event"):
        campus.allocate_subnet("campus", 24)
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_whoever_is_stopped_stops_and_the_pool_goes_on(campus: NetworkService) -> None:
    with overtaken(campus, 1, KeyboardInterrupt()):
        with pytest.raises(KeyboardInterrupt):
            campus.allocate_subnet("campus", 24)
        assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_a_turn_that_is_not_had_in_time_is_told(campus: NetworkService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_DEADLINE", 0.01)
    busy = pytest.raises(StoreUnavailable, match="is held by another thread")
    with campus.store.turn("pool:net/campus"), busy:
        campus.allocate_subnet("campus", 24)
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_a_program_whose_rows_were_overtaken_goes_on_from_them(
    campus: NetworkService, service_of: ServiceMaker
) -> None:
    store = campus.store
    campus.allocate_subnet("campus", 24, name="web")
    campus.allocate_subnet("campus", 24, name="db")
    load_pool(store, "net", "campus").save()
    asks, decides = service_of(store), service_of(store)
    asks.allocate_subnet("campus", 24)
    decides.allocate_subnet("campus", 24)
    # Neither has read these subnets; now they change, and their rows with them.
    campus.assign_address("web", "container a")
    campus.assign_address("db", "container b")
    load_pool(store, "net", "campus").save()
    assert asks.assign_address("web", "container c") == ip_address("10.0.0.3")
    command = c.AssignAddress(pool="campus", subnet="10.0.1.0/24", owner="container d")
    (_, assigned) = decides.address_pools.ask(decides.actor, command, name="assign_address").events
    assert assigned.event.model_dump()["address"] == ip_address("10.0.1.3")


def test_a_store_that_fails_is_told_and_nothing_is_taken(
    campus: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise StoreUnavailable("no space is left for it", subject="events.db")

    with monkeypatch.context() as patch:
        patch.setattr(campus.store, "append_all", fail)
        with pytest.raises(StoreUnavailable, match="no space"):
            campus.allocate_subnet("campus", 24)
    assert campus.allocate_subnet("campus", 24) == ip_network("10.0.0.0/24")


def test_many_threads_are_served_together_and_get_different_subnets(campus: NetworkService) -> None:
    found: list[str] = []

    def work() -> None:
        found.extend(str(campus.allocate_subnet("campus", 28)) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # No hole and none twice: the first fifty.
    assert sorted(found) == sorted(
        str(prefix) for prefix in list(ip_network("10.0.0.0/16").subnets(new_prefix=28))[:50]
    )
    assert campus.store.verify().ok


def test_of_threads_that_want_the_last_subnet_one_gets_it(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 17)
    told = both(lambda _: str(campus.allocate_subnet("campus", 17)))
    assert sorted(map(str, told)) == sorted(map(str, ("10.0.128.0/17", NoAvailableSubnet)))


def test_of_threads_that_want_the_last_address_one_gets_it(campus: NetworkService) -> None:
    campus.allocate_subnet("campus", 30)
    told = both(lambda number: str(campus.assign_address("10.0.0.0/30", f"container web{number}")))
    assert sorted(map(str, told)) == sorted(map(str, ("10.0.0.2", NoAvailableAddress)))


def test_the_network_and_the_pool_are_named_in_the_event(campus: NetworkService) -> None:
    (created,) = (stored.event for stored in campus.store.read_all(types=["PoolCreated"]))
    assert created == PoolCreated(network="net", pool="campus", prefix="10.0.0.0/16", purpose="everything")

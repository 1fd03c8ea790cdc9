"""Changes of address pools taken back, one by one."""

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import IntentRestored
from cimnet_nornir.errors import NotFound, UndoRefused
from cimnet_nornir.store import EventStore


@pytest.fixture
def pooled(small: NetworkService) -> NetworkService:
    """A pool with a subnet in use."""
    small.create_pool("campus", "10.0.0.0/16", purpose="offices")
    small.allocate_subnet("campus", 24, name="web", vlan=10, purpose="servers", gateway=None)
    small.assign_address("web", "vm a")
    return small


def last(service: NetworkService, kind: str) -> StoredEvent:
    return next(iter(service.store.read_all(types=(kind,), newest_first=True)))


def kinds(service: NetworkService, refused: UndoRefused) -> list[str]:
    found = [service.store.find(identity) for identity in refused.dependents]
    return [stored.type for stored in found if stored is not None]


def test_an_assignment_is_taken_back_and_the_event_that_does_it_says_so(pooled: NetworkService) -> None:
    assigned = last(pooled, "AddressAssigned")
    back = pooled.undo(str(assigned.position))
    assert [event.type_name() for _, event in back.planned] == ["AddressReleased"]
    assert pooled.subnet("web").addresses == ()
    assert back.result is not None
    request, restored, released = back.result.events
    assert restored.event == IntentRestored(network="net", to=assigned.position - 1, undone=(assigned.event_id,))
    assert released.causation_id == restored.event_id
    assert restored.causation_id == request.event_id
    assert pooled.store.verify().ok
    assert pooled.undo(str(assigned.position)).planned == ()


def test_what_was_released_comes_back_as_it_was(pooled: NetworkService) -> None:
    was = pooled.subnet("web")
    address = was.addresses[0][0]
    pooled.release_address("web", address)
    pooled.release_subnet("web")
    pooled.undo(str(last(pooled, "SubnetReleased").position))
    pooled.undo(str(last(pooled, "AddressReleased").position))
    assert pooled.subnet("web") == was


def test_a_subnet_whose_addresses_are_assigned_is_kept_and_they_are_named(pooled: NetworkService) -> None:
    allocated = last(pooled, "SubnetAllocated")
    with pytest.raises(UndoRefused, match="is in use") as refused:
        pooled.undo(str(allocated.position))
    assert kinds(pooled, refused.value) == ["AddressAssigned"]


def test_a_pool_that_is_used_is_kept(pooled: NetworkService) -> None:
    with pytest.raises(UndoRefused) as refused:
        pooled.undo(str(last(pooled, "PoolCreated").position))
    assert kinds(pooled, refused.value) == ["SubnetAllocated", "AddressAssigned"]


def test_a_prefix_that_is_taken_again_does_not_come_back(pooled: NetworkService) -> None:
    pooled.reserve_subnet("campus", "10.0.5.0/24", name="later")
    pooled.release_subnet("later")
    released = last(pooled, "SubnetReleased")
    pooled.allocate_subnet("campus", subnet="10.0.4.0/23")
    with pytest.raises(UndoRefused, match="is not free") as refused:
        pooled.undo(str(released.position))
    assert kinds(pooled, refused.value) == ["SubnetAllocated"]


def test_an_address_that_has_another_owner_now_is_not_taken_from_it(pooled: NetworkService) -> None:
    assigned = last(pooled, "AddressAssigned")
    address = pooled.subnet("web").addresses[0][0]
    pooled.release_address("web", address)
    pooled.assign_address("web", "vm b", address=address)
    with pytest.raises(UndoRefused) as refused:
        pooled.undo(str(assigned.position))
    assert kinds(pooled, refused.value) == ["AddressAssigned"]


def test_a_removed_pool_comes_back(small: NetworkService) -> None:
    small.create_pool("campus", "10.0.0.0/16", purpose="offices")
    small.remove_pool("campus")
    removed = last(small, "PoolRemoved")
    assert len(small.undo(str(removed.position), check=True).planned) == 1
    assert small.pools() == ()
    small.undo(str(removed.position), request=True)
    assert [(pool.name, pool.purpose) for pool in small.pools()] == [("campus", "offices")]


def test_a_pool_of_another_network_is_not_touched(pooled: NetworkService, store: EventStore) -> None:
    other = NetworkService(store, "other")
    other.execute(c.CreateNetwork(name="other"))
    other.create_pool("theirs", "10.9.0.0/16")
    with pytest.raises(NotFound, match="none of the network 'net'"):
        pooled.undo(str(store.head()))


def test_a_rollback_says_that_pools_stay(pooled: NetworkService) -> None:
    then = pooled.store.head()
    pooled.allocate_subnet("campus", 24, name="db")
    pooled.execute(c.CreateVlan(device="sw2", vlan=20))
    assert pooled.rollback(then).left == (
        "1 SubnetAllocated: address pools stay as they are; cimnet undo takes one allocation back",
    )
    assert pooled.subnet("db").kind == "allocated"

"""Address pools: given events, when a command, then events or a refusal."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.addressing.addresses import address_key, device_of, holder_of
from cimnet_nornir.domain.addressing.decide import decide_pool
from cimnet_nornir.domain.addressing.elsewhere import Elsewhere, Use
from cimnet_nornir.domain.addressing.fields import parse_address, parse_prefix
from cimnet_nornir.domain.addressing.pool import Pool, PoolEvent, evolve_pool
from cimnet_nornir.domain.addressing.subnet import Subnet, default_gateway, not_for_hosts
from cimnet_nornir.errors import (
    AlreadyExists,
    CimnetError,
    DuplicateIpAddress,
    InvalidValue,
    NoAvailableAddress,
    NoAvailableSubnet,
    NotFound,
    PoolAlreadyExists,
    PoolNotFound,
    RuleViolated,
    SubnetInUse,
    SubnetNotFound,
    SubnetOverlap,
)

CREATED = e.PoolCreated(network="net", pool="campus", prefix="10.0.0.0/16")
WEB = e.SubnetAllocated(subnet="10.0.0.0/24", name="web", vlan=100, gateway="10.0.0.1")
HELD = e.SubnetReserved(subnet="10.0.1.0/24", name="later")
ASSIGNED = e.AddressAssigned(subnet="10.0.0.0/24", address="10.0.0.2", owner="container web1")
ALLOCATE = c.AllocateSubnet(pool="campus", length=24)


def allocate(**fields: Any) -> c.AllocateSubnet:
    return c.AllocateSubnet.model_validate({"pool": "campus", **fields})


def assign(**fields: Any) -> c.AssignAddress:
    return c.AssignAddress.model_validate(
        {"pool": "campus", "subnet": "10.0.0.0/24", "owner": "container web2", **fields}
    )


def folded(events: Iterable[PoolEvent]) -> Pool | None:
    pool: Pool | None = None
    for event in events:
        pool = evolve_pool(pool, event)
    return pool


def used(*uses: str, pools: dict[str, str] | None = None) -> Elsewhere:
    """Interfaces of the router r1, each as "10.0.0.1/24"."""
    made = []
    for text in uses:
        address, _, length = text.partition("/")
        subnet = ip_network(text, strict=False) if length else ip_network(address)
        made.append(Use("r1", f"r1 {text}", ip_address(address), subnet))
    return Elsewhere.of(made, {name: ip_network(prefix) for name, prefix in (pools or {}).items()})


Case = tuple[list[PoolEvent], c.PoolCommand, Elsewhere, list[PoolEvent]]
MADE: list[Case] = [
    ([], c.CreatePool(pool="campus", prefix="10.0.0.0/16"), used(), [CREATED]),
    ([CREATED, e.PoolRemoved()], c.CreatePool(pool="campus", prefix="10.0.0.0/16"), used(), [CREATED]),
    ([CREATED], c.RemovePool(pool="campus"), used(), [e.PoolRemoved()]),
    ([CREATED, WEB, e.SubnetReleased(subnet=WEB.subnet)], c.RemovePool(pool="campus"), used(), [e.PoolRemoved()]),
    ([CREATED], allocate(length=24, name="web", vlan=100), used(), [WEB]),
    ([CREATED, WEB], ALLOCATE, used(), [e.SubnetAllocated(subnet="10.0.1.0/24", gateway="10.0.1.1")]),
    ([CREATED, WEB, HELD], ALLOCATE, used(), [e.SubnetAllocated(subnet="10.0.2.0/24", gateway="10.0.2.1")]),
    (
        [CREATED, WEB, HELD, e.SubnetReleased(subnet=WEB.subnet)],
        allocate(length=24, name="web", purpose="shops", owner="ann", routed=False),
        used(),
        [e.SubnetAllocated(subnet="10.0.0.0/24", name="web", purpose="shops", owner="ann")],
    ),
    ([CREATED], allocate(length=31), used(), [e.SubnetAllocated(subnet="10.0.0.0/31")]),
    (
        [CREATED],
        allocate(subnet="10.0.9.0/24", gateway="10.0.9.254"),
        used(),
        [e.SubnetAllocated(subnet="10.0.9.0/24", gateway="10.0.9.254")],
    ),
    # What devices use is as good as allocated, whatever the length of their subnets.
    (
        [CREATED],
        ALLOCATE,
        used("10.0.0.1/30", "10.0.1.9/23", "10.0.4.1", "2001:db8::1/64"),
        [e.SubnetAllocated(subnet="10.0.2.0/24", gateway="10.0.2.1")],
    ),
    (
        [CREATED],
        ALLOCATE,
        used("10.1.0.1/16", "9.0.0.1/8"),
        [e.SubnetAllocated(subnet="10.0.0.0/24", gateway="10.0.0.1")],
    ),
    # A subnet that devices live in already is taken in as it is.
    (
        [CREATED],
        allocate(subnet="10.0.5.0/24"),
        used("10.0.5.1/24", "10.0.5.9"),
        [e.SubnetAllocated(subnet="10.0.5.0/24", gateway="10.0.5.1")],
    ),
    ([CREATED, WEB], c.ReserveSubnet(pool="campus", subnet="10.0.1.0/24", name="later"), used(), [HELD]),
    (
        [CREATED, HELD],
        c.ReleaseSubnet(pool="campus", subnet=HELD.subnet),
        used("10.0.1.1/24"),
        [e.SubnetReleased(subnet=HELD.subnet)],
    ),
    ([CREATED, WEB], c.ReleaseSubnet(pool="campus", subnet=WEB.subnet), used(), [e.SubnetReleased(subnet=WEB.subnet)]),
    ([CREATED, WEB], assign(owner="container web1"), used(), [ASSIGNED]),
    ([CREATED, WEB, ASSIGNED], assign(owner="container web1", address="10.0.0.2"), used(), []),
    (
        [CREATED, WEB, ASSIGNED],
        assign(),
        used("10.0.0.3/24", "10.0.0.4/24"),
        [e.AddressAssigned(subnet=WEB.subnet, address="10.0.0.5", owner="container web2")],
    ),
    (
        [CREATED, WEB],
        assign(owner="interface r1 Vlan100", address="10.0.0.1"),
        used("10.0.0.1/24"),
        [e.AddressAssigned(subnet=WEB.subnet, address="10.0.0.1", owner="interface r1 Vlan100")],
    ),
    (
        [CREATED, WEB, ASSIGNED],
        c.ReleaseAddress(pool="campus", subnet=WEB.subnet, address="10.0.0.2"),
        used(),
        [e.AddressReleased(subnet=WEB.subnet, address="10.0.0.2")],
    ),
]


@pytest.mark.parametrize(("given", "command", "elsewhere", "expected"), MADE)
def test_a_command_makes_events(
    given: list[PoolEvent], command: c.PoolCommand, elsewhere: Elsewhere, expected: list[PoolEvent]
) -> None:
    assert list(decide_pool("net", folded(given), command, elsewhere=elsewhere)) == expected
    folded([*given, *expected])


Refusal = tuple[list[PoolEvent], c.PoolCommand, Elsewhere, type[CimnetError], str, str]
OF_WEB = {"pool": "campus", "subnet": WEB.subnet}
REFUSED: list[Refusal] = [
    (
        [CREATED],
        c.CreatePool(pool="campus", prefix="10.9.0.0/16"),
        used(),
        PoolAlreadyExists,
        "campus",
        "of 10.0.0.0/16",
    ),
    (
        [],
        c.CreatePool(pool="campus", prefix="10.0.0.0/16"),
        used(pools={"dc": "10.0.128.0/17"}),
        SubnetOverlap,
        "10.0.0.0/16",
        "10.0.0.0/16 overlaps the pool 'dc' of 10.0.128.0/17",
    ),
    ([], ALLOCATE, used(), PoolNotFound, "campus", "there is no pool 'campus' in network 'net'"),
    ([CREATED, e.PoolRemoved()], ALLOCATE, used(), PoolNotFound, "campus", "there is no pool"),
    (
        [CREATED, WEB, HELD],
        c.RemovePool(pool="campus"),
        used(),
        RuleViolated,
        "campus",
        "10.0.0.0/24, 10.0.1.0/24; release",
    ),
    ([CREATED], allocate(length=15), used(), NoAvailableSubnet, "campus", "the largest free block is a /16"),
    ([CREATED, WEB], allocate(length=16), used(), NoAvailableSubnet, "campus", "the largest free block is a /17"),
    ([CREATED], ALLOCATE, used("10.0.0.1/15"), NoAvailableSubnet, "campus", "devices use what is not allocated"),
    ([CREATED], ALLOCATE, used("10.0.0.1/16"), NoAvailableSubnet, "campus", "devices use what is not allocated"),
    (
        [CREATED, e.SubnetReserved(subnet="10.0.0.0/16")],
        ALLOCATE,
        used(),
        NoAvailableSubnet,
        "campus",
        "no free /24: nothing of it is free",
    ),
    ([CREATED], allocate(length=64), used(), InvalidValue, "length", "/64 is no length of IPv4"),
    ([CREATED, WEB], allocate(length=24, name="web"), used(), AlreadyExists, "web", "has a subnet 'web': 10.0.0.0/24"),
    ([CREATED, WEB], allocate(subnet="10.0.0.0/25"), used(), SubnetOverlap, "10.0.0.0/25", "not free.*: 10.0.0.0/24"),
    ([CREATED], allocate(subnet="10.1.0.0/24"), used(), RuleViolated, "10.1.0.0/24", "is not in the pool 'campus'"),
    ([CREATED], allocate(subnet="10.0.0.0/24"), used("10.0.0.1/25"), SubnetOverlap, "10.0.0.0/24", "10.0.0.0/25 on r1"),
    ([CREATED], allocate(subnet="10.0.0.0/24"), used("10.0.0.1/23"), SubnetOverlap, "10.0.0.0/24", "10.0.0.0/23 on r1"),
    ([CREATED], allocate(length=24, gateway="10.0.0.0"), used(), RuleViolated, "10.0.0.0", "is the network itself"),
    ([CREATED], allocate(length=24, gateway="10.0.0.255"), used(), RuleViolated, "10.0.0.255", "is the broadcast"),
    ([CREATED], allocate(length=24, gateway="10.0.1.1"), used(), RuleViolated, "10.0.1.1", "is not in 10.0.0.0/24"),
    (
        [CREATED, HELD],
        c.ReserveSubnet(pool="campus", subnet="10.0.0.0/23"),
        used(),
        SubnetOverlap,
        "10.0.0.0/23",
        "10.0.1.0/24",
    ),
    (
        [CREATED],
        c.ReleaseSubnet.model_validate(OF_WEB),
        used(),
        SubnetNotFound,
        "10.0.0.0/24",
        "has no subnet 10.0.0.0/24",
    ),
    (
        [CREATED, WEB, ASSIGNED],
        c.ReleaseSubnet.model_validate(OF_WEB),
        used("10.0.0.1/24"),
        SubnetInUse,
        "10.0.0.0/24",
        "in use: 10.0.0.2 container web1, 10.0.0.1 r1 10.0.0.1/24",
    ),
    ([CREATED], assign(), used(), SubnetNotFound, "10.0.0.0/24", "has no subnet"),
    ([CREATED, HELD], assign(subnet="10.0.1.0/24"), used(), RuleViolated, "10.0.1.0/24", "is reserved"),
    (
        [CREATED, WEB, ASSIGNED],
        assign(address="10.0.0.2"),
        used(),
        DuplicateIpAddress,
        "10.0.0.2",
        "container web1 has it",
    ),
    ([CREATED, WEB], assign(address="10.0.0.1"), used(), DuplicateIpAddress, "10.0.0.1", "the gateway of 10.0.0.0/24"),
    (
        [CREATED, WEB],
        assign(address="10.0.0.9"),
        used("10.0.0.9/24"),
        DuplicateIpAddress,
        "10.0.0.9",
        "r1 10.0.0.9/24 has",
    ),
    (
        [CREATED, WEB],
        assign(address="10.0.0.9", owner="interface r2 Vlan100"),
        used("10.0.0.9/24"),
        DuplicateIpAddress,
        "10.0.0.9",
        "r1 10.0.0.9/24 has it",
    ),
    ([CREATED, WEB], assign(address="10.0.0.0"), used(), RuleViolated, "10.0.0.0", "the network itself"),
    ([CREATED, WEB], assign(address="10.0.0.255"), used(), RuleViolated, "10.0.0.255", "the broadcast address"),
    ([CREATED, WEB], assign(address="10.0.1.5"), used(), RuleViolated, "10.0.1.5", "is not in 10.0.0.0/24"),
    (
        [CREATED, e.SubnetAllocated(subnet="10.0.0.0/30", gateway="10.0.0.1")],
        assign(subnet="10.0.0.0/30"),
        used("10.0.0.2/30"),
        NoAvailableAddress,
        "10.0.0.0/30",
        "no address of 10.0.0.0/30 is free",
    ),
    (
        [CREATED, WEB],
        c.ReleaseAddress.model_validate(OF_WEB | {"address": "10.0.0.2"}),
        used(),
        NotFound,
        "10.0.0.2",
        "not assigned",
    ),
    (
        [CREATED],
        c.ReleaseAddress.model_validate(OF_WEB | {"address": "10.0.0.2"}),
        used(),
        SubnetNotFound,
        "10.0.0.0/24",
        "no subnet",
    ),
]


@pytest.mark.parametrize(("given", "command", "elsewhere", "error", "subject", "message"), REFUSED)
def test_a_command_is_refused(
    given: list[PoolEvent],
    command: c.PoolCommand,
    elsewhere: Elsewhere,
    error: type[CimnetError],
    subject: str,
    message: str,
) -> None:
    with pytest.raises(error, match=message) as refused:
        decide_pool("net", folded(given), command, elsewhere=elsewhere)
    assert type(refused.value) is error
    assert refused.value.subject == subject


def test_who_uses_a_subnet_is_told_in_full() -> None:
    addresses = [
        e.AddressAssigned(subnet=WEB.subnet, address=f"10.0.0.{number}", owner=f"vm {number}")
        for number in range(9, 2, -1)
    ]
    with pytest.raises(SubnetInUse, match=r"10\.0\.0\.7 vm 7 and 2 more$") as refused:
        decide_pool("net", folded([CREATED, WEB, *addresses]), c.ReleaseSubnet(pool="campus", subnet=WEB.subnet))
    assert refused.value.users == tuple(f"10.0.0.{number} vm {number}" for number in range(3, 10))


@pytest.mark.parametrize(
    ("prefix", "refused", "gateway", "first", "number"),
    [
        ("10.0.0.0/24", ["10.0.0.0", "10.0.0.255"], "10.0.0.1", "10.0.0.2", 254),
        ("10.0.0.0/30", ["10.0.0.0", "10.0.0.3"], "10.0.0.1", "10.0.0.2", 2),
        ("10.0.0.0/31", [], None, "10.0.0.0", 2),
        ("10.0.0.9/32", [], None, "10.0.0.9", 1),
        ("2001:db8::/64", ["2001:db8::"], "2001:db8::1", "2001:db8::2", 2**64 - 1),
        ("2001:db8::/127", [], None, "2001:db8::", 2),
        ("2001:db8::5/128", [], None, "2001:db8::5", 1),
    ],
)
def test_hosts_get_the_addresses_that_the_standards_leave_them(
    prefix: str, refused: list[str], gateway: str | None, first: str, number: int
) -> None:
    network = ip_network(prefix)
    assert not_for_hosts(network) == tuple(map(ip_address, refused))
    assert default_gateway(network) == (None if gateway is None else ip_address(gateway))
    subnet = Subnet(network, "allocated", gateway=default_gateway(network))
    assert subnet.next_address() == ip_address(first)
    assert subnet.capacity() == number


def test_a_small_subnet_is_handed_out_to_its_last_address_and_taken_back() -> None:
    subnet = Subnet(ip_network("255.255.255.252/30"), "allocated", gateway=ip_address("255.255.255.253"))
    address = subnet.next_address()
    assert address == ip_address("255.255.255.254")
    subnet.assign(address, "vm a")
    subnet.assign(ip_address("255.255.255.253"), "interface r1 Vlan1")
    assert subnet.next_address() is None
    subnet.release(ip_address("255.255.255.253"))
    assert subnet.next_address() is None
    subnet.release(address)
    assert subnet.next_address(taken=[address]) is None
    assert subnet.next_address() == address


def test_the_last_address_there_is_can_be_taken_elsewhere() -> None:
    last = ip_address("255.255.255.255")
    assert Subnet(ip_network(last), "allocated").next_address(taken=[last]) is None


def test_an_address_that_is_to_be_avoided_is_left_out() -> None:
    avoided = {ip_address("10.0.0.2"), ip_address("10.0.0.3")}
    (event,) = decide_pool("net", folded([CREATED, WEB]), assign(), avoid=avoided)
    assert event == e.AddressAssigned(subnet=WEB.subnet, address="10.0.0.4", owner="container web2")


def test_utilisation_tells_what_is_in_use() -> None:
    pool = folded([CREATED, WEB, HELD, ASSIGNED])
    assert pool is not None
    found = pool.utilisation()
    assert (found.addresses, found.allocated, found.reserved, found.free) == (65536, 256, 256, 65024)
    assert (found.subnets, found.assigned, found.largest) == (2, 1, 17)
    assert found.share == 512 / 65536
    evolve_pool(pool, e.SubnetReleased(subnet=HELD.subnet))
    evolve_pool(pool, e.AddressReleased(subnet=WEB.subnet, address="10.0.0.2"))
    evolve_pool(pool, e.SubnetReleased(subnet=WEB.subnet))
    empty = folded([CREATED])
    assert empty is not None
    assert pool.utilisation() == empty.utilisation()
    assert pool == empty


def test_events_of_a_pool_that_was_never_created_are_refused() -> None:
    with pytest.raises(PoolNotFound, match="SubnetReleased stands in a stream whose pool was never created"):
        evolve_pool(None, e.SubnetReleased(subnet="10.0.0.0/24"))


@pytest.mark.parametrize(
    ("owner", "device", "holder"),
    [
        ("interface r1 Vlan10", "r1", "device:net/r1"),
        ("container web1", None, "pool:net/campus"),
        ("interface", None, "pool:net/campus"),
    ],
)
def test_the_key_of_an_interface_is_held_by_its_device(owner: str, device: str | None, holder: str) -> None:
    assert device_of(owner) == device
    assert holder_of("net", "campus", owner) == holder
    assert address_key("net", ip_address("10.0.0.2")) == "address:net/10.0.0.2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.0", "lacks its length"),
        ("10.0.0.1/24", r"is 10\.0\.0\.0/24 meant"),
        ("ten/8", "is no prefix"),
        ("10.0.0.0/33", "is no prefix"),
        ("", "is no prefix"),
    ],
)
def test_what_is_no_prefix_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        parse_prefix(text)
    with pytest.raises(ValidationError, match=message):
        c.CreatePool.model_validate({"pool": "campus", "prefix": text})


@pytest.mark.parametrize(("text", "message"), [("10.0.0", "is no address"), ("fe80::1%eth0", "names a zone")])
def test_what_is_no_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        parse_address(text)
    with pytest.raises(ValidationError, match=message):
        assign(address=text)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "one of both"),
        ({"length": 24, "subnet": "10.0.0.0/24"}, "one of both"),
        ({"length": 24, "gateway": "10.0.0.1", "routed": False}, r"cannot have the gateway 10\.0\.0\.1"),
    ],
)
def test_an_allocation_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        allocate(**fields)

"""What a list lets through is what a packet-by-packet reading of it lets through."""

from ipaddress import IPv4Address
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.access_list_parts import AclAddress, AclPorts
from cimnet_nornir.domain.access_lists import AccessList, AclRemark, AclRule, permits

BASE = int(IPv4Address("10.0.0.0"))
# Addresses that differ in their last three bits alone, so that all of them can be tried; ports up to five.
HOSTS = tuple(IPv4Address(BASE + number) for number in range(8))
PORTS = (None, 0, 1, 2, 3, 4)
PROTOCOLS = ("tcp", "udp", "icmp")

ADDRESSES = st.one_of(
    st.just(AclAddress.model_validate("any")),
    st.builds(AclAddress, address=st.sampled_from(HOSTS), wildcard=st.integers(0, 7).map(IPv4Address)),
)
MATCHES = st.one_of(
    st.builds(AclPorts, operator=st.sampled_from(("eq", "gt", "lt")), port=st.integers(1, 4)),
    st.tuples(st.integers(0, 2), st.integers(3, 4)).map(
        lambda ends: AclPorts(operator="range", port=ends[0], last=ends[1])
    ),
)


@st.composite
def rules(draw: st.DrawFn, sequence: int) -> AclRule:
    protocol = draw(st.sampled_from(("ip", *PROTOCOLS)))
    ports = st.none() | MATCHES if protocol in ("tcp", "udp") else st.none()
    return AclRule(
        sequence=sequence,
        action=draw(st.sampled_from(("permit", "deny"))),
        protocol=protocol,
        source=draw(ADDRESSES),
        source_ports=draw(ports),
        destination=draw(ADDRESSES),
        destination_ports=draw(ports),
        established=protocol == "tcp" and draw(st.booleans()),
    )


@st.composite
def lists(draw: st.DrawFn) -> AccessList:
    entries = [draw(rules(sequence)) for sequence in range(10, 10 * draw(st.integers(2, 6)), 10)]
    unique = {entry.model_copy(update={"sequence": 1}): entry for entry in reversed(entries)}
    kept = sorted(unique.values(), key=lambda entry: entry.sequence)
    remarks = [AclRemark(sequence=5, text="edge")] if draw(st.booleans()) else []
    return AccessList(name="EDGE", kind="extended", entries=(*remarks, *kept))


def among(address: AclAddress) -> frozenset[IPv4Address]:
    """The addresses that are meant, each bit looked at by itself."""
    want, free = f"{int(address.address):032b}", f"{int(address.wildcard):032b}"
    bits = {host: f"{int(host):032b}" for host in HOSTS}
    return frozenset(
        host for host in HOSTS if all(f == "1" or w == b for w, f, b in zip(want, free, bits[host], strict=True))
    )


def ports(match: AclPorts | None) -> frozenset[int | None]:
    if match is None:
        return frozenset(PORTS)
    numbers = {
        "eq": {match.port},
        "gt": set(range(match.port + 1, 5)),
        "lt": set(range(match.port)),
        "range": set(range(match.port, (match.last or 0) + 1)),
    }
    return frozenset(numbers[match.operator] - {5})


@given(lists(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_list_lets_through_what_reading_it_packet_by_packet_does(acl: AccessList, established: bool) -> None:
    """Each rule takes all that it is about out of what is undecided yet; in the end the rest is denied."""
    undecided = set(product(HOSTS[::3], HOSTS[::3], PROTOCOLS, PORTS[::2], PORTS[::2]))
    everything = frozenset(undecided)
    permitted = set()
    for entry in acl.entries:
        if isinstance(entry, AclRemark) or (entry.established and not established):
            continue
        protocols = set(PROTOCOLS) if entry.protocol == "ip" else {entry.protocol}
        meant = product(
            among(entry.source),
            among(entry.destination),
            protocols,
            ports(entry.destination_ports),
            ports(entry.source_ports),
        )
        taken = undecided.intersection(meant)
        undecided -= taken
        permitted |= taken if entry.action == "permit" else set()
    for source, destination, protocol, port, source_port in everything:
        found = permits(acl, source, destination, protocol, port, source_port=source_port, established=established)
        assert found is ((source, destination, protocol, port, source_port) in permitted)


@given(lists())
@settings(max_examples=40, deadline=None)
def test_a_list_is_the_same_after_json(acl: AccessList) -> None:
    assert AccessList.model_validate_json(acl.model_dump_json()) == acl


@given(ADDRESSES, ADDRESSES)
def test_addresses_overlap_where_one_of_them_is_in_both(one: AclAddress, other: AclAddress) -> None:
    assert one.overlaps(other) is bool(among(one) & among(other))


@given(ADDRESSES)
def test_addresses_are_the_same_after_they_were_written(address: AclAddress) -> None:
    assert AclAddress.model_validate(str(address)) == address

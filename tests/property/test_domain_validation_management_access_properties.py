"""What is said of an access list on a management interface holds for every source there is."""

from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.domain.access_lists import AccessList, permits
from cimnet_nornir.domain.validation.management_access import Door, passage_of

TARGET = IPv4Address("10.0.99.2")
# Few bits in use, so that prefixes meet; hosts of 10.0.0.0/28 and one elsewhere stand for all that can differ.
SOURCES = (
    *IPv4Network("10.0.0.0/28").hosts(),
    IPv4Address("10.0.0.15"),
    IPv4Address("10.0.0.0"),
    IPv4Address("9.9.9.9"),
)


@st.composite
def lists(draw: st.DrawFn) -> AccessList:
    entries: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 6))):
        length = draw(st.sampled_from((0, 28, 29, 30, 31, 32)))
        network = IPv4Network((f"10.0.0.{draw(st.integers(0, 15))}", length), strict=False)
        entry: dict[str, object] = {
            "sequence": number + 1,
            "action": draw(st.sampled_from(("permit", "deny"))),
            "protocol": draw(st.sampled_from(("ip", "tcp", "udp"))),
            "source": "any" if length == 0 else str(network),
        }
        if all({**entry, "sequence": other["sequence"]} != other for other in entries):
            entries.append(entry)
    return AccessList.model_validate({"name": "L", "kind": "extended", "entries": entries})


def lets_in(acl: AccessList, source: IPv4Address) -> bool:
    return permits(acl, source, TARGET, "tcp", 22, source_port=50_000)


@given(was=lists(), now=lists())
def test_a_source_that_is_lost_is_found_whichever_it_is(was: AccessList, now: AccessList) -> None:
    passage = passage_of("Vlan99", Door(was, TARGET), Door(now, TARGET))
    lost = {source for source in SOURCES if lets_in(was, source) and not lets_in(now, source)}
    assert (passage.lost is not None) == bool(lost)
    if passage.lost is not None:
        source = IPv4Address(passage.lost)
        assert lets_in(was, source)
        assert not lets_in(now, source)
    assert passage.now.shut == (not any(lets_in(now, source) for source in SOURCES))

"""Interface names and VLAN lists come back from every form in which they are written."""

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from cimnet_nornir.domain.interfaces import (
    INTERFACE_TYPES,
    canonical_interface,
    expand_interfaces,
    format_vlan_list,
    interface_sort_key,
    interface_type,
    is_interface,
    parse_vlan_list,
    short_interface,
)
from cimnet_nornir.errors import InvalidValue

TYPES = [full for full, _, _ in INTERFACE_TYPES]
SLOTTED = ("GigabitEthernet", "TenGigabitEthernet", "TwoGigabitEthernet", "TwentyFiveGigE", "FourHundredGigE", "Serial")
NAMES = st.builds("{}{}".format, st.sampled_from(TYPES), st.integers(1, 4094)) | st.builds(
    "{}{}/{}/{}{}".format,
    st.sampled_from(SLOTTED),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 99),
    st.sampled_from(("", ":15", ".10", ":0.5")),
)


@given(NAMES)
def test_a_canonical_name_comes_back_from_its_short_form_and_from_any_case(name: str) -> None:
    kind = interface_type(name)
    for form in (name, short_interface(name), name.upper(), name.lower(), f"{kind} {name.removeprefix(kind)}"):
        assert canonical_interface(form) == name


@given(st.text(max_size=20) | st.from_regex(r"[A-Za-z-]{1,8} ?[0-9/:.\-,]{1,8}", fullmatch=True))
@example("Vlan10.5")
def test_any_text_is_an_interface_or_is_refused_as_none(text: str) -> None:
    if is_interface(text):
        name = canonical_interface(text)
        assert canonical_interface(name) == name
        assert interface_type(name) in TYPES
        interface_sort_key(name)
    with contextlib.suppress(InvalidValue):
        assert all(is_interface(name) for name in expand_interfaces(text))


@given(st.frozensets(st.integers(1, 4094), min_size=1, max_size=60))
def test_a_vlan_list_comes_back_from_its_text(ids: frozenset[int]) -> None:
    assert parse_vlan_list(format_vlan_list(ids)) == ids


@given(st.text(max_size=12) | st.from_regex(r"[0-9, -]{0,12}", fullmatch=True))
def test_any_text_is_a_vlan_list_or_is_refused_as_none(text: str) -> None:
    with contextlib.suppress(InvalidValue):
        assert parse_vlan_list(format_vlan_list(parse_vlan_list(text))) == parse_vlan_list(text)


@given(st.lists(st.integers(0, 200), unique=True))
def test_interfaces_sort_as_their_numbers_do(numbers: list[int]) -> None:
    names = [f"GigabitEthernet1/0/{number}" for number in numbers]
    assert sorted(names, key=interface_sort_key) == [f"GigabitEthernet1/0/{number}" for number in sorted(numbers)]

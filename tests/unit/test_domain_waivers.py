"""Waivers: whom they are for, until when, and what a new one does to an old one."""

from datetime import date

import pytest

from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.validation import Finding
from cimnet_nornir.domain.waivers import Key, Waiver, evolve_waivers, waiver_of

LAST_DAY = date(2026, 6, 30)
FOUND = Finding("error", "native-vlan-mismatch", "acc1", "GigabitEthernet0/1", "the native VLAN is 1, and 2 on b")


def granted(device: str | None = "d1", path: str = "", reason: str = "CHG-1") -> e.WaiverGranted:
    return e.WaiverGranted(
        network="campus", rule="native-vlan-mismatch", device=device, path=path, reason=reason, expires=LAST_DAY
    )


def after(*events: e.WaiverGranted | e.WaiverRevoked) -> dict[Key, Waiver]:
    waivers: dict[Key, Waiver] = {}
    for event in events:
        evolve_waivers(waivers, event)
    return waivers


@pytest.mark.parametrize(
    ("device", "path", "covered"),
    [
        (None, "", True),
        ("d1", "", True),
        ("d1", "GigabitEthernet0/1", True),
        (None, "GigabitEthernet0/1", True),
        ("d2", "", False),
        ("d1", "GigabitEthernet0/2", False),
    ],
)
def test_a_waiver_is_for_the_rule_device_and_path_that_it_names(device: str | None, path: str, covered: bool) -> None:
    waivers = after(granted(device, path))
    assert (waiver_of(FOUND, "d1", waivers.values(), LAST_DAY) is not None) is covered


def test_a_waiver_is_not_for_another_rule() -> None:
    other = Finding("error", "ospf-area", "acc1", "GigabitEthernet0/1", "the OSPF area is 0, and 1 on b")
    assert waiver_of(other, "d1", after(granted(None)).values(), LAST_DAY) is None


def test_a_waiver_counts_until_the_end_of_its_last_day() -> None:
    waivers = after(granted()).values()
    assert waiver_of(FOUND, "d1", waivers, date(2026, 6, 30)) is not None
    assert waiver_of(FOUND, "d1", waivers, date(2026, 7, 1)) is None


def test_a_new_waiver_takes_the_place_of_one_for_the_same() -> None:
    (waiver,) = after(granted(reason="CHG-1"), granted(reason="CHG-2")).values()
    assert waiver.reason == "CHG-2"


def test_a_revoked_waiver_is_gone_and_others_stay() -> None:
    revoked = e.WaiverRevoked(network="campus", rule="native-vlan-mismatch", device="d1")
    assert after(granted(), granted(None), revoked).keys() == {("native-vlan-mismatch", "", "")}

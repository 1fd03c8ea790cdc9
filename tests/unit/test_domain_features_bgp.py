"""BGP as settings: what they refuse."""

from ipaddress import IPv4Address, IPv4Interface
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.bgp import BgpFamily, BgpFamilyNeighbor, BgpPeer, BgpPeerGroup, BgpProcess
from cimnet_nornir.domain.features.model import Setting, read_setting, told_setting
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter
from cimnet_nornir.domain.values import DeviceKind, RoutedInterface
from cimnet_nornir.errors import NotFound, RuleViolated

PLAIN = BgpNeighbor(address=IPv4Address("192.0.2.2"), remote_as=65002)


def router(*settings: Setting, bgp: bool = True) -> Device:
    device = Device(
        "campus", "r1", "r1", DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), routing=True
    )
    device.bgp = BgpRouter(as_number=65001, neighbors=(PLAIN,)) if bgp else None
    device.features = {setting.identity: setting for setting in settings}
    return device


def peer(address: str, **fields: Any) -> BgpPeer:
    return BgpPeer.model_validate({"address": address, **fields})


GROUP = BgpPeerGroup(name="OUTER", remote_as=65003, update_source="lo0")


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (BgpFamily, {"family": "ipv5"}, "is no family"),
        (BgpFamilyNeighbor, {"family": "ipv4", "neighbor": "10.0.0.300"}, "neither an address"),
        (
            BgpFamilyNeighbor,
            {"family": "ipv4", "neighbor": "G", "prefix_list_in": "A", "distribute_list_in": "B"},
            "exclude each other",
        ),
        (BgpFamilyNeighbor, {"family": "ipv4", "neighbor": "G", "remote_as": 1}, "told by bgp-neighbor"),
        (BgpPeerGroup, {"name": "G", "ebgp_multihop": 2, "ttl_security_hops": 1}, "exclude each other"),
        (BgpPeerGroup, {"name": "G", "local_as_options": "no-prepend"}, "needs local_as"),
        (BgpPeerGroup, {"name": "G", "password": "secret"}, "given by reference"),
        (BgpPeerGroup, {"name": "10.0.0.1"}, "pattern"),
    ],
)
def test_what_does_not_fit_is_refused(kind: type[Setting], fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(fields)


def test_a_family_of_a_vrf_tells_the_session_too() -> None:
    setting = BgpFamilyNeighbor.model_validate({"family": "ipv4 vrf RED", "neighbor": "192.0.2.9", "remote_as": "1.10"})
    assert (setting.remote_as, setting.active) == (65546, True)
    assert read_setting(told_setting(setting)) == setting


def test_unicast_is_what_a_family_is_without_a_word() -> None:
    assert BgpFamily(family="ipv6 unicast").identity == "bgp-family ipv6"


def test_a_group_is_not_active_by_itself() -> None:
    assert not BgpFamilyNeighbor(family="ipv4", neighbor="OUTER").active
    assert BgpFamilyNeighbor(family="ipv4", neighbor="OUTER", activate=True).active


@pytest.mark.parametrize("setting", [BgpProcess(), GROUP, BgpFamily(family="ipv4"), peer("192.0.2.9", remote_as=1)])
def test_nothing_is_said_of_a_process_that_is_not_there(setting: Setting) -> None:
    with pytest.raises(NotFound, match="runs no BGP"):
        setting.check(router(setting, bgp=False))
    setting.check(router(setting))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (peer("192.0.2.9", peer_group="NONE"), "no BGP peer group NONE"),
        (peer("192.0.2.9"), "is not told"),
        (peer("192.0.2.9", remote_as=1, peer_group="OUTER"), "told twice"),
        (peer("192.0.2.2", peer_group="OUTER"), "told twice"),
        (peer("192.0.2.2", remote_as=65002), "told twice"),
        (BgpFamilyNeighbor(family="ipv4", neighbor="192.0.2.9"), "no BGP neighbour or peer group"),
    ],
)
def test_a_neighbour_has_an_as_from_one_place(setting: Setting, words: str) -> None:
    with pytest.raises((NotFound, RuleViolated), match=words):
        setting.check(router(setting, *([GROUP] if "OUTER" in repr(setting) else [])))


def test_more_is_said_of_a_neighbour_of_the_base() -> None:
    more = (peer("192.0.2.2", shutdown=True), BgpFamilyNeighbor(family="ipv4", neighbor="192.0.2.2", weight=5))
    for setting in more:
        setting.check(router(*more))


def test_a_device_is_no_neighbour_of_itself() -> None:
    device = router(peer("192.0.2.1", remote_as=1))
    device.interfaces["GigabitEthernet0/0"] = RoutedInterface(addresses=(IPv4Interface("192.0.2.1/24"),))
    with pytest.raises(RuleViolated, match="is r1 GigabitEthernet0/0 itself"):
        peer("192.0.2.1", remote_as=1).check(device)


def in_red(neighbor: str, **fields: Any) -> BgpFamilyNeighbor:
    return BgpFamilyNeighbor.model_validate({"family": "ipv4 vrf RED", "neighbor": neighbor, **fields})


def test_a_neighbour_of_a_vrf_has_an_as_and_a_group_of_its_vrf() -> None:
    group, member = in_red("CE", group=True, remote_as=65010), in_red("192.0.2.11", peer_group="CE")
    member.check(router(group, member))
    with pytest.raises(NotFound, match="no BGP peer group CE in ipv4 vrf RED"):
        member.check(router(member))
    with pytest.raises(RuleViolated, match="nothing says the AS"):
        in_red("192.0.2.12").check(router(group))

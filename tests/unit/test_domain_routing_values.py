"""BGP and EIGRP as values: what they take and what they refuse."""

from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess


def bgp(*neighbors: dict[str, Any], **fields: Any) -> BgpRouter:
    return BgpRouter.model_validate({"as_number": 65001, "neighbors": neighbors, **fields})


PEER: dict[str, Any] = {"address": "192.0.2.1", "remote_as": 65002}


@pytest.mark.parametrize(
    ("written", "number"), [(1, 1), ("65001", 65001), ("1.10", 65546), ("0.5", 5), ("65535.65535", 4294967295)]
)
def test_an_as_number_is_plain_or_asdot(written: object, number: int) -> None:
    assert bgp(as_number=written).as_number == number


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (0, "1 to"),
        (4294967296, "1 to"),
        (1.1, "quotes"),
        (True, "quotes"),
        ("1.65536", "no AS"),
        ("x", "no AS"),
        ("-1", "no AS"),
    ],
)
def test_what_is_no_as_number_is_refused(written: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        bgp(as_number=written)


@pytest.mark.parametrize(
    ("router", "why"),
    [
        ({"neighbors": [PEER, {**PEER, "remote_as": 65003}]}, "192.0.2.1 stands here twice"),
        ({"networks": ["10.0.0.0/8", "10.0.0.0/8"]}, "10.0.0.0/8 stands here twice"),
        ({"neighbors": [{**PEER, "remote_as": 65001, "ebgp_multihop": 2}]}, "is in AS 65001 itself"),
        ({"neighbors": [{**PEER, "address": "224.0.0.5"}]}, "no address of a neighbour"),
        ({"neighbors": [{"address": "192.0.2.1"}]}, "remote_as"),
        ({"neighbors": [{**PEER, "ebgp_multihop": 256}]}, "255"),
        ({"neighbors": [{**PEER, "description": "x" * 81}]}, "80"),
        ({"networks": ["10.0.0.1/8"]}, "valid IPv4 network"),
    ],
)
def test_bgp_that_does_not_hold_together_is_refused(router: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        bgp(**router)


def test_a_bgp_router_without_an_as_is_none() -> None:
    with pytest.raises(ValidationError, match="as_number"):
        BgpRouter.model_validate({"neighbors": [PEER]})


def test_an_update_source_is_an_interface_in_its_full_name() -> None:
    assert BgpNeighbor.model_validate({**PEER, "update_source": "lo0"}).update_source == "Loopback0"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"as_number": 65536}, "65535"),
        ({"networks": ["10.0.0.0/8", "10.0.0.0/8"]}, "twice"),
        ({"passive_interfaces": ["Gi0/0", "GigabitEthernet0/0"]}, "twice"),
    ],
)
def test_eigrp_that_does_not_hold_together_is_refused(fields: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        EigrpProcess.model_validate({"as_number": 100, **fields})

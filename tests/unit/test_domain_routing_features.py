"""What intent for static routes, OSPF, EIGRP and RIP may say, and what of it must fit the rest of the device."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from cimnet_nornir.definition import check_definition
from cimnet_nornir.definition.features import feature_fields
from cimnet_nornir.domain.features import setting_class
from cimnet_nornir.errors import CimnetError
from tests.golden_features import network_of

HEAD = "network: n\ndefaults: {vendor: cisco, platform: ios}\ndevices:\n"
ROUTER = """  r1:
    kind: router
    ports: GigabitEthernet0/0-1
    ospf: {process: 1, default_originate: true}
    eigrp: {asn: 100, networks: [10.0.0.0/8], passive: [GigabitEthernet0/0]}
    interfaces:
      GigabitEthernet0/0: {address: 10.0.0.1/24, ospf: {area: 0, cost: 5, network: point-to-point}%s}
    routes: [{to: 0.0.0.0/0, via: 10.0.0.254}]
    features:
      %s
"""


def router(feature: str, interface: str = "") -> str:
    return HEAD + ROUTER % (f", features: {{{interface}}}" if interface else "", feature)


@pytest.mark.parametrize(
    ("feature", "fields", "words"),
    [
        ("static-route", {"prefix": "10.0.0.0/8", "via": "nowhere"}, "is no way"),
        ("static-route", {"prefix": "10.0.0.0/8", "via": "Null0 10.0.0.1"}, "is no way"),
        ("static-route", {"prefix": "10.0.0.0/8", "via": "10.0.0.1", "track": 1, "permanent": True}, "not permanent"),
        ("ipv6-static-route", {"prefix": "2001:db8::/32", "via": "10.0.0.1"}, "is no way"),
        (
            "ospf-process",
            {"process": 1, "passive_default": True, "passive_interfaces": ["Gi0/0"]},
            "name active_interfaces",
        ),
        ("ospf-process", {"process": 1, "active_interfaces": ["Gi0/0"]}, "passive_default: true"),
        ("ospf-process", {"process": 1, "distribute_lists": [{"direction": "in"}]}, "names one of"),
        (
            "ospf-process",
            {"process": 1, "distribute_lists": [{"direction": "in", "access_list": 10}] * 2},
            "one list filters",
        ),
        ("ospf-area", {"process": 1, "area": "0.0.0.0", "kind": "stub"}, "the backbone is neither"),
        ("ospf-area", {"process": 1, "area": 1, "no_summary": True}, "kind: stub or nssa"),
        ("ospf-area", {"process": 1, "area": 1, "kind": "stub", "default_route": {}}, "kind: nssa"),
        (
            "ospf-area",
            {"process": 1, "area": 1, "kind": "stub", "virtual_links": [{"router_id": "1.1.1.1"}]},
            "no stub",
        ),
        ("ospf-area", {"process": 1, "area": "1.1"}, "is no area"),
        ("ospf-redistribution", {"process": 1, "source": "isis"}, "is no source of routes"),
        ("ospf-redistribution", {"process": 1, "source": "bgp"}, "is no source of routes"),
        (
            "ospf-interface",
            {"interface": "Gi0/0", "hello_multiplier": 4, "dead_interval": 4},
            "leave the intervals out",
        ),
        ("ospf-interface", {"interface": "Gi0/0", "password": "word"}, "by reference"),
        (
            "ospf-interface",
            {"interface": "Gi0/0", "message_digest_keys": [{"number": 1, "secret": "env:A"}] * 2},
            "number of its own",
        ),
        ("ospfv3", {"process": 1, "areas": [{"area": 0, "kind": "stub"}]}, "the backbone is neither"),
        ("eigrp-process", {"as_number": 100, "stub": ["receive-only", "static"]}, "announces nothing"),
        ("rip", {"networks": ["10.1.0.0"]}, "10.0.0.0, not 10.1.0.0"),
    ],
)
def test_what_holds_within_a_setting(feature: str, fields: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        setting_class(feature).model_validate(fields)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ("static-route: [{prefix: 0.0.0.0/0, via: 10.0.0.254, track: 1}]", "has a route to 0.0.0.0/0 via 10.0.0.254"),
        ("static-route: [{prefix: 10.0.0.0/8, via: GigabitEthernet0/7}]", "no interface of it"),
        ("static-route: [{prefix: 10.0.0.0/8, via: 10.0.0.1}]", "is r1 GigabitEthernet0/0 itself"),
        ("static-route: [{vrf: blue, prefix: 10.0.0.0/8, via: Null0}]", "in the VRF blue, which r1 does not have"),
        ("ospf-process: {2: {bfd: true}}", "OSPF 2, which r1 does not have"),
        ("ospf-network: [{process: 2, network: 10.0.0.0/8, area: 0}]", "OSPF 2, which r1 does not have"),
        ("ospf-process: {1: {default_route: {always: true}}}", "default_originate and default_route; keep one"),
        ("ospf-process: {1: {passive_interfaces: [GigabitEthernet0/7]}}", "no interface of it"),
        ("ospf-redistribution: [{process: 1, source: ospf 1}]", "cannot redistribute itself"),
        ("eigrp-process: {7: {variance: 2}}", "EIGRP 7, which r1 does not have"),
        ("eigrp-process: {100: {passive_default: true}}", "leave its passive interfaces out"),
        ("ospfv3: {1: {}}", "say ipv6-routing too"),
        ("eigrp-redistribution: [{as_number: 100, source: eigrp 100}]", "cannot redistribute itself"),
    ],
)
def test_what_does_not_fit_the_device_is_refused(feature: str, words: str) -> None:
    with pytest.raises(CimnetError) as caught:
        network_of(router(feature), file="f")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("interface", "words"),
    [
        ("ospf-interface: {cost: 10}", "says its cost or network in ospf already"),
        ("ospf-interface: {network: broadcast}", "says its cost or network in ospf already"),
        ("ospfv3-interface: {area: 0}", "has no IPv6"),
        ("ospfv3-interface: {area: 0}, ipv6: {enabled: true}", "ospfv3 1, which r1 does not have"),
        ("eigrp-interface: {7: {hello_interval: 1}}", "EIGRP 7, which r1 does not have"),
    ],
)
def test_what_an_interface_says_fits_the_device(interface: str, words: str) -> None:
    with pytest.raises(CimnetError) as caught:
        network_of(router("rip: {networks: [10.0.0.0]}", interface), file="f")
    assert words in str(caught.value)


def test_one_process_for_ipv6_has_one_form() -> None:
    with pytest.raises(CimnetError, match="has one form"):
        network_of(router("ipv6-routing:\n      ospfv3: {1: {}}\n      ipv6-ospf: {1: {}}"), file="f")


def test_a_default_route_of_a_feature_makes_a_gateway() -> None:
    text = router("static-route: [{prefix: 0.0.0.0/0, via: GigabitEthernet0/1}]").replace(
        "routes: [{to", "routes: []  # [{to"
    )
    assert next(iter(network_of(text, file="f").devices.values())).has_default_route
    nowhere = text.replace("via: GigabitEthernet0/1", "via: Null0")
    assert not next(iter(network_of(nowhere, file="f").devices.values())).has_default_route


def test_a_key_without_a_vrf_is_written_without_it() -> None:
    route = setting_class("static-route").model_validate({"prefix": "10.0.0.0/8", "via": "gi0/0 10.0.0.1"})
    assert feature_fields([route]) == {
        "static-route": [{"prefix": "10.0.0.0/8", "via": "GigabitEthernet0/0 10.0.0.1"}],
    }


def test_an_area_is_written_as_a_number_or_like_an_address() -> None:
    area = setting_class("ospf-area")
    assert area.model_validate({"process": 1, "area": "0.0.1.0"}).own_key == "1 256"


def test_what_is_refused_of_a_setting_is_told_at_its_place() -> None:
    text = router("ospf-network: [{process: 2, network: 10.0.0.0/8, area: 0}]", "ospf-interface: {cost: 10}")
    _, problems = check_definition(text, file="f")
    assert [(problem.field, problem.line) for problem in problems] == [
        ("devices.r1.interfaces.GigabitEthernet0/0.features.ospf-interface", 10),
        ("devices.r1.features.ospf-network", 13),
    ]

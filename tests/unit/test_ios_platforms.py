"""The table of what images do otherwise than others, against the products that it speaks of."""

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.spanning_tree import SpanningTreeOptions
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind, PortConfiguration, TrunkMode
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.platforms.table import traits_of
from cimnet_nornir.ios.profiles import profile_for


@pytest.mark.parametrize(
    ("platform", "model", "several"),
    [
        ("ios", "WS-C3560X-24T-S", True),
        ("ios", "WS-C3560-24PS", True),
        ("ios", "WS-C3750G-12S", True),
        ("ios", "WS-C3550-24", True),
        ("ios", "vIOS_L2", True),
        ("ios", "IOSvL2", True),
        ("ios", "WS-C3560CX-8PC-S", False),
        ("ios", "WS-C2960X-24TS-L", False),
        ("iosxe", "C9300-24T", False),
        ("iosxe", "", False),
    ],
)
def test_a_trunk_is_told_its_encapsulation_where_it_has_a_choice(platform: str, model: str, several: bool) -> None:
    assert traits_of(platform, model).needs_encapsulation is several


@pytest.mark.parametrize(
    ("platform", "model", "version", "edge"),
    [
        ("ios", "WS-C2960X-24TS-L", "", True),
        ("ios", "WS-C2960-24TT-L", "", False),
        ("ios", "WS-C3750X-24T-S", "15.0(2)SE11", False),
        ("ios", "WS-C3750X-24T-S", "15.2(4)E10", True),
        ("ios", "WS-C3560CX-8PC-S", "", True),
        ("iosxe", "C9300-24T", "17.9.4a", False),
        ("iosxe", "WS-C3850-24T", "16.12.9", False),
    ],
)
def test_portfast_has_kinds_since_release_15_2_e(platform: str, model: str, version: str, edge: bool) -> None:
    assert traits_of(platform, model, version).portfast_edge is edge


def test_what_is_not_known_of_an_image_is_what_is_usual_on_its_platform() -> None:
    assert traits_of("ios", "no such model") == traits_of("ios")
    assert traits_of("iosxe").numbers_remarks
    assert not traits_of("ios").numbers_remarks
    assert "off" in traits_of("iosxe").vtp_modes
    assert "off" not in traits_of("ios", "WS-C4506").vtp_modes


def test_a_profile_has_the_traits_of_its_image_and_hides_what_that_does_anyway() -> None:
    switch = profile_for("ios", routes=False, switches=True, model="WS-C2960X-24TS-L")
    assert switch.traits.stacks
    assert switch is profile_for("ios", routes=False, switches=True, model="WS-C2960X-24TS-L")
    assert ("top", "port-channel load-balance src-mac") in switch.hidden
    assert ("top", "port-channel load-balance src-dst-ip") in profile_for(
        "ios", routes=True, switches=True, model="IOSvL2"
    ).hidden


def test_a_configuration_is_rendered_in_the_spelling_of_the_image() -> None:
    port = PortConfiguration(switching=TrunkMode(), portfast=True)
    guards = SpanningTreeOptions(portfast_default=True, bpduguard_default=True)
    for model, edge in (("WS-C2960X-24TS-L", " edge"), ("WS-C2960-24TT-L", "")):
        device = Device(
            "net",
            "s1",
            "s1",
            DeviceKind.SWITCH,
            DeviceDetails(vendor="cisco", platform="ios", model=model),
            ("GigabitEthernet0/1",),
            switch_ports={"GigabitEthernet0/1": port},
            features={guards.identity: guards},
        )
        lines = IosGenerator(TemplateBundle.load()).generate(device, Network("net", created=True)).splitlines()
        assert f" spanning-tree portfast{edge} trunk" in lines
        assert f"spanning-tree portfast{edge} default" in lines
        assert f"spanning-tree portfast{edge} bpduguard default" in lines

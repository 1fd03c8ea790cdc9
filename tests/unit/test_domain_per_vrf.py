"""Servers that are the same address in two VRFs: told apart, written, read in; and what was stored still loads."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from cimnet_nornir.definition.features import feature_fields
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, evolve
from cimnet_nornir.domain.features import setting_class
from cimnet_nornir.domain.features.model import read_setting, told_setting
from cimnet_nornir.domain.features.ntp import NtpServer
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.errors import DefinitionError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.reading import read_configuration

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
ROUTER = Device("net", "r1", "r1", DeviceKind.ROUTER, DETAILS, routing=True)
TWO = """devices:
  r1:
    kind: router
    features:
      ntp-server:
        192.0.2.9: {prefer: true}
        192.0.2.9 vrf RED: {iburst: true}
"""


def test_one_beside_another_is_written_with_its_vrf(network_of: Callable[[str], Network]) -> None:
    device = network_of(TWO).devices["r1"]
    assert sorted(device.features) == ["ntp-server 192.0.2.9", "ntp-server 192.0.2.9 vrf RED"]
    red = device.setting("ntp-server", "192.0.2.9 vrf RED")
    assert isinstance(red, NtpServer)
    assert (red.server, red.vrf, red.iburst) == ("192.0.2.9", "RED", True)
    assert feature_fields(device.features.values()) == {
        "ntp-server": {"192.0.2.9": {"prefer": True}, "192.0.2.9 vrf RED": {"iburst": True}}
    }
    assert [read_setting(told_setting(setting)) for setting in device.features.values()] == [*device.features.values()]


@pytest.mark.parametrize(
    ("feature", "fields", "said"),
    [
        ("ntp-server", {"server": "192.0.2.9 vrf RED", "vrf": "BLUE"}, "the VRF stands before the colon already"),
        ("ntp-server", {"server": "192.0.2.9", "by_vrf": True}, "without a VRF there is none"),
        ("logging-host", {"host": "192.0.2.9 vrf"}, "is not one word"),
    ],
)
def test_what_names_no_vrf_or_two_is_refused(feature: str, fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        setting_class(feature).model_validate(fields)


def test_one_address_is_said_once_in_a_vrf(network_of: Callable[[str], Network]) -> None:
    with pytest.raises(DefinitionError, match=r"r1 has ntp-server 192\.0\.2\.9 .*in VRF RED already"):
        network_of(TWO.replace("{prefer: true}", "{vrf: RED}"))


def test_what_was_stored_before_is_what_it_was() -> None:
    stored = {"feature": "logging-host", "host": "192.0.2.9", "vrf": "RED", "transport": "udp", "port": None}
    device = evolve(ROUTER, e.FeatureConfigured.model_validate({"setting": stored}))
    assert list(device.features) == ["logging-host 192.0.2.9"]
    device = evolve(device, e.FeatureConfigured.model_validate({"setting": {**stored, "vrf": "BLUE"}}))
    assert [setting.model_dump()["vrf"] for setting in device.features.values()] == ["BLUE"]
    assert evolve(device, e.FeatureRemoved(feature="logging-host", key="192.0.2.9")).features == {}


@pytest.mark.parametrize(
    "lines",
    [
        ("ntp server vrf RED 192.0.2.9", "ntp server 192.0.2.9 prefer", "ntp server vrf BLUE 192.0.2.9"),
        ("ntp peer 192.0.2.9", "ntp peer vrf RED 192.0.2.9"),
        ("logging host 192.0.2.9 vrf RED", "logging host 192.0.2.9"),
        ("logging host 192.0.2.9 vrf RED", "logging host 192.0.2.9 vrf BLUE transport tcp port 1514"),
        ("snmp-server host 192.0.2.9 vrf RED version 2c word", "snmp-server host 192.0.2.9 version 2c word"),
        ("ip dhcp excluded-address vrf RED 10.0.0.1 10.0.0.9", "ip dhcp excluded-address 10.0.0.1"),
    ],
)
def test_all_are_read_from_a_configuration(lines: tuple[str, ...]) -> None:
    text = "\n".join(("version 15.2", "hostname r1", *lines, "end\n"))
    reading = read_configuration(text, IosGenerator(TemplateBundle.load()), name="r1", details=DETAILS, place="file:")
    features = {setting.FEATURE for setting in reading.device.features.values()}
    assert "configuration-block" not in features
    assert len([setting for setting in reading.device.features.values() if hasattr(setting, "by_vrf")]) == len(lines)
    assert (reading.left, reading.surplus) == ((), ())

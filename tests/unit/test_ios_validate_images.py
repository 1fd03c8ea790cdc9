"""What IOS says of an intent that an image cannot have, or shows nobody."""

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.switching import StackMember, SwitchPort, Vtp
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView
from cimnet_nornir.domain.values import DeviceKind
from cimnet_nornir.ios.validate_images import ios_image, ios_vtp

PORT = "GigabitEthernet0/1"


def found(setting: Setting, model: str = "", platform: str = "ios") -> list[str]:
    """What both rules find."""
    device = Device(
        "net",
        "s1",
        "s1",
        DeviceKind.SWITCH,
        DeviceDetails(vendor="cisco", platform=platform, model=model),
        (PORT,),
        vlans={10: None},
        features={setting.identity: setting},
    )
    view = NetworkView(Network("net", created=True, devices={"s1": device}))
    return [finding.message for rule in (ios_image, ios_vtp) for finding in rule.check(view)]


@pytest.mark.parametrize(
    ("setting", "model", "said"),
    [
        (Vtp(mode="off"), "WS-C4506-E", "WS-C4506-E has no vtp mode off"),
        (StackMember(member=1, provision="x"), "WS-C3560X-24T-S", "WS-C3560X-24T-S has no stack: switch N provision"),
        (
            SwitchPort(interface=PORT, encapsulation="dot1q"),
            "WS-C2960X-24TS-L",
            "has no switchport trunk encapsulation",
        ),
    ],
)
def test_a_command_that_the_model_lacks_is_told_of(setting: Setting, model: str, said: str) -> None:
    assert [said in message for message in found(setting, model)] == [True]
    assert found(setting) == []


@pytest.mark.parametrize(
    ("setting", "model"),
    [
        (Vtp(mode="off"), "WS-C2960X-24TS-L"),
        (StackMember(member=1, provision="x"), "WS-C2960X-24TS-L"),
        (SwitchPort(interface=PORT, encapsulation="isl"), "WS-C3560X-24T-S"),
    ],
)
def test_a_command_that_the_model_has_is_not(setting: Setting, model: str) -> None:
    assert found(setting, model) == []


def test_vlans_that_a_client_would_refuse_are_told_of() -> None:
    assert found(Vtp(domain="LAB", mode="transparent")) == []
    assert found(Vtp(domain="LAB", version=2)) == []
    assert found(Vtp(mode="client")) == ["a VTP client refuses VLANs of its own, and s1 has 1"]

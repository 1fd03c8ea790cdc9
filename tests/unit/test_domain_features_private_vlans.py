"""Private VLANs: what they refuse by themselves, and what of them must fit the rest of the switch."""

import pytest
from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.private_vlans import PrivateVlan, PrivateVlanGateway, PrivateVlanPort
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortConfiguration, RoutedInterface
from cimnet_nornir.errors import RuleViolated, VlanNotFound

FREE, ACCESS = "GigabitEthernet0/1", "GigabitEthernet0/2"
PRIMARY = PrivateVlan(vlan=100, kind="primary", association=frozenset({201}))
PARTS = (PRIMARY, PrivateVlan(vlan=201, kind="isolated"), PrivateVlan(vlan=202, kind="isolated"))


def switch(*settings: Setting) -> Device:
    found = Device("net", "s1", "s1", DeviceKind.SWITCH, DeviceDetails(vendor="cisco", platform="ios"), (FREE, ACCESS))
    found.vlans = dict.fromkeys((100, 101, 201, 202))
    found.switch_ports = {ACCESS: PortConfiguration(switching=AccessMode(vlan=1))}
    found.interfaces = {"Vlan100": RoutedInterface(), "Loopback0": RoutedInterface()}
    found.features = {setting.identity: setting for setting in settings}
    return found


def test_only_a_primary_vlan_has_parts() -> None:
    with pytest.raises(ValidationError, match="only a primary VLAN has parts"):
        PrivateVlan(vlan=201, kind="isolated", association=frozenset({202}))


def test_a_host_is_in_one_part() -> None:
    with pytest.raises(ValidationError, match="in one secondary VLAN"):
        PrivateVlanPort(interface=FREE, mode="host", primary=100, secondary=frozenset({201, 202}))


@pytest.mark.parametrize(
    ("setting", "error", "words"),
    [
        (PrivateVlan(vlan=300, kind="primary"), VlanNotFound, "needs VLAN 300"),
        (PrivateVlan(vlan=101, kind="primary", association=frozenset({201})), RuleViolated, "part of another primary"),
        (PrivateVlan(vlan=101, kind="primary", association=frozenset({100})), RuleViolated, "neither isolated nor"),
        (PrivateVlan(vlan=100, kind="primary", association=frozenset({201, 202})), RuleViolated, "one isolated VLAN"),
        (
            PrivateVlanPort(interface=ACCESS, mode="host", primary=100, secondary=frozenset({201})),
            RuleViolated,
            "is an access port or a trunk",
        ),
        (
            PrivateVlanPort(interface=FREE, mode="host", primary=100, secondary=frozenset({202})),
            RuleViolated,
            "VLAN 100 has no part 202",
        ),
        (PrivateVlanGateway(interface="Loopback0", secondary=frozenset({201})), RuleViolated, "is no SVI"),
    ],
)
def test_what_does_not_fit_the_switch_is_refused(setting: Setting, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        setting.check(switch(*PARTS, setting))


def test_what_fits_is_taken() -> None:
    gateway = PrivateVlanGateway(interface="Vlan100", secondary=frozenset({201}))
    for each in (*PARTS, gateway):
        each.check(switch(*PARTS, gateway))

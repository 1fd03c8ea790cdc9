"""The commands that take the features of a device to what somebody wants of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device

if TYPE_CHECKING:
    from cimnet_nornir.domain.desired import DesiredDevice


def feature_changes(device: Device | None, wanted: "DesiredDevice") -> Iterator[c.DeviceCommand]:
    """Settings that are new or otherwise; what they name is looked at when all is decided."""
    present = device.features if device else {}
    for identity, setting in wanted.features.items():
        if present.get(identity) != setting:
            yield c.ConfigureFeature(device=wanted.id, setting=setting)


def feature_removals(device: Device, wanted: "DesiredDevice") -> Iterator[c.DeviceCommand]:
    """Settings that nobody wants any more."""
    for identity, setting in device.features.items():
        if identity not in wanted.features:
            yield c.RemoveFeature(device=wanted.id, feature=setting.FEATURE, key=setting.own_key)

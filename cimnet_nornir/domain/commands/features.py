"""What can be asked of the features of a device."""

from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.features.model import AnySetting


class ConfigureFeature(ForDevice):
    setting: AnySetting


class RemoveFeature(ForDevice):
    feature: str
    key: str = ""

"""What a command on a feature of a device becomes, and what of the features must fit the rest of the device."""

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, SettingEvent
from cimnet_nornir.domain.requirements import require_network_device

FeatureCommand = c.ConfigureFeature | c.RemoveFeature


def decide_features(device: Device, command: FeatureCommand) -> tuple[SettingEvent, ...]:
    """The events of the command; features are for routers and switches."""
    require_network_device(device, "features")
    if isinstance(command, c.ConfigureFeature):
        setting = command.setting
        same = device.setting(setting.FEATURE, setting.own_key) == setting
        return () if same else (e.FeatureConfigured(setting=setting),)
    present = device.setting(command.feature, command.key)
    return () if present is None else (e.FeatureRemoved(feature=command.feature, key=command.key),)


def refuse_misfit_features(device: Device) -> None:
    """Refuse settings that do not fit the rest of the device. Raises RuleViolated, NotFound or one of their kind."""
    for setting in device.features.values():
        setting.check(device)

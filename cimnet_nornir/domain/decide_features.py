"""What a command on a feature of a device becomes, and what of the features must fit the rest of the device."""

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.device import Device, SettingEvent
from cimnet_nornir.domain.requirements import require_network_device
from cimnet_nornir.errors import RuleViolated

_VLAN_TAGS = range(1, 4095)
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
    if not device.is_host:
        _refuse_untagged(device)


def _refuse_untagged(device: Device) -> None:
    """The number of a sub-interface is also the VLAN that it is tagged with, unless it is told another."""
    for name in device.interfaces:
        if "." in name and int(name.rpartition(".")[2]) not in _VLAN_TAGS and device.setting("dot1q", name) is None:
            raise RuleViolated(
                f"{device.name} {name}: the number of a sub-interface is its VLAN, 1 to 4094; tell another (dot1q)",
                subject=name,
            )

"""Rules about what an image of IOS has: commands that it does not know, and lines that it refuses."""

from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.switching import StackMember, SwitchPort, Vtp
from cimnet_nornir.domain.validation import Problem, device_rule
from cimnet_nornir.ios.platforms.table import Traits, traits_of


@device_rule("ios-image", "warning", "A setting needs a command that the model of the device does not have.")
def ios_image(device: Device) -> Iterator[Problem]:
    """A model that is not told may have every command."""
    if not device.details.model or device.is_host:
        return
    traits = traits_of(device.details.platform, device.details.model)
    for setting in device.features.values():
        missing = _missing(setting, traits)
        if missing:
            yield Problem(device.name, setting.identity, f"{device.details.model} has no {missing}", "leave it out")


def _missing(setting: Setting, traits: Traits) -> str:
    """The command of a setting that an image lacks."""
    match setting:
        case Vtp(mode=str(mode)) if mode not in traits.vtp_modes:
            return f"vtp mode {mode}"
        case StackMember() if not traits.stacks:
            return "stack: switch N provision"
        case SwitchPort(encapsulation=str()) if not traits.needs_encapsulation:
            return "switchport trunk encapsulation"
        case _:
            return ""


@device_rule("ios-vtp", "warning", "A VTP client is to have VLANs of its own, which it refuses.")
def ios_vtp(device: Device) -> Iterator[Problem]:
    """A client has the VLANs of the server of its domain."""
    told = device.setting(Vtp.FEATURE)
    if isinstance(told, Vtp) and told.mode == "client" and device.vlans:
        yield Problem(
            device.name,
            told.identity,
            f"a VTP client refuses VLANs of its own, and {device.name} has {len(device.vlans)}",
            "vlans: [] for the device, or another mode",
        )

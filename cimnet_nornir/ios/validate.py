"""Rules about what IOS accepts: names, lengths and characters."""

from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation import AnyRule, Problem, device_rule
from cimnet_nornir.ios.validate_images import ios_image, ios_vtp

# The names of the VLANs that are there by themselves (show vlan on IOS); another VLAN cannot take them.
_TAKEN_NAMES = {
    "default": 1,
    "fddi-default": 1002,
    "token-ring-default": 1003,
    "fddinet-default": 1004,
    "trnet-default": 1005,
}
_DIGITS_OF_A_DEFAULT_NAME = 4


@device_rule("ios-description", "error", "A description has characters that IOS cannot take.")
def ios_description(device: Device) -> Iterator[Problem]:
    """IOS takes "?" as a request for help, and characters beyond ASCII not at all."""
    for name, text in _descriptions(device):
        if not text.isascii() or "?" in text:
            odd = sorted({character for character in text if character == "?" or not character.isascii()})
            message = f"IOS cannot take {' '.join(odd)} in a description"
            yield Problem(device.name, name, message, 'ASCII characters without "?"')


def _descriptions(device: Device) -> Iterator[tuple[str, str]]:
    yield from ((name, port.description or "") for name, port in device.switch_ports.items())
    yield from ((name, interface.description or "") for name, interface in device.interfaces.items())
    neighbors = device.bgp.neighbors if device.bgp is not None else ()
    yield from ((f"BGP {neighbor.address}", neighbor.description or "") for neighbor in neighbors)
    told = ((setting.identity, getattr(setting, "description", None)) for setting in device.features.values())
    yield from ((identity, text) for identity, text in told if isinstance(text, str))


@device_rule("ios-vlan-name", "error", "A VLAN has a name that another VLAN of the switch has.")
def ios_vlan_name(device: Device) -> Iterator[Problem]:
    """IOS refuses a name twice ("VLAN name users already exists"); one without a name is called VLAN0010."""
    holders = dict(_TAKEN_NAMES)
    holders |= {_default_name(vlan): vlan for vlan, name in device.vlans.items() if name is None}
    for vlan, name in sorted(device.vlans.items()):
        holder = holders.setdefault(name, vlan) if name is not None else vlan
        if holder != vlan:
            yield Problem(
                device.name,
                f"VLAN {vlan}",
                f"its name {name} is that of VLAN {holder} of {device.name}",
                "a name that no other VLAN of the switch has",
            )


def _default_name(vlan: int) -> str:
    return f"VLAN{vlan:0{_DIGITS_OF_A_DEFAULT_NAME}}"


IOS_RULES: tuple[AnyRule, ...] = (ios_description, ios_vlan_name, ios_image, ios_vtp)
"""What IOS and IOS-XE ask of an intent besides what every network needs."""

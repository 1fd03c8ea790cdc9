"""What the generated flake is made of: the hosts, and the routers and switches with their configurations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.application.host_side import host_sides
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import DeviceKind

NIXOS = "nixos"


@dataclass(frozen=True, slots=True)
class FlakeDevice:
    """A router or switch; `configuration` is what it should run, its secrets masked: all can read the Nix store."""

    name: str
    kind: Literal["router", "switch"]
    vendor: str
    platform: str
    management: str | None
    configuration: str


@dataclass(frozen=True, slots=True)
class FlakeContents:
    """A network as a flake has it, by names in order; `position` is the event up to which its intent was read."""

    network: str
    position: int
    hosts: tuple[HostSide, ...]
    devices: tuple[FlakeDevice, ...]


def flake_contents(network: Network, position: int, render: Callable[[Device], str]) -> FlakeContents:
    """What is in the flake of a network. `render` gives a device's configuration without its secrets."""
    devices = (device for device in network.devices.values() if not device.is_host)
    ordered = sorted(devices, key=lambda device: (device.name, device.id))
    return FlakeContents(
        network.name, position, host_sides(network), tuple(_device(device, render(device)) for device in ordered)
    )


def _device(device: Device, configuration: str) -> FlakeDevice:
    details = device.details
    return FlakeDevice(
        device.name,
        "router" if device.kind is DeviceKind.ROUTER else "switch",
        details.vendor,
        details.platform,
        None if details.management is None else str(details.management),
        configuration,
    )

"""What a device comes up with: the defaults of its platform, and the configuration that it kept or is a copy of."""

import re
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.config import Section
from cimnet_nornir.lab.copied import learn
from cimnet_nornir.lab.features.interfaces import interface_line
from cimnet_nornir.lab.features.lines import vty_line
from cimnet_nornir.lab.features.vlans import DEFAULT_VLANS, vlan_line

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device

# What a device boots with that is declared to have an archive.
_ARCHIVE: Final = "archive\n path flash:archive\n maximum 5\n"


def configure(device: "Device") -> tuple[str, ...]:
    """Fill the empty running configuration of a device; the lines that were refused."""
    copied, saved = device.storage.read_copied(), device.startup
    if copied and not (saved and device.known):
        _copy(device, copied)
        if not saved:
            device.storage.write_startup(device.running_config())
            return ()
        device.running = Section()
    _defaults(device)
    text = saved or device.declared.startup or f"hostname {device.declared.name}\n"
    _open_interfaces(device, text)
    refused = device.load(text)
    if device.declared.archive and not saved:
        device.load(_ARCHIVE)
    if device.vtp_mode in {"server", "client"}:
        device.load(device.storage.read_vlans())
    return refused


def _copy(device: "Device", text: str) -> None:
    """What a real device runs, all of it; it saved that."""
    _defaults(device)
    _open_interfaces(device, text)
    learn(device, text)
    if device.declared.archive and not device.running.has("archive"):
        device.load(_ARCHIVE)


def _defaults(device: "Device") -> None:
    running, router = device.running, device.profile.is_router
    for name in device.declared.interfaces:
        running.put(interface_line(name, shut=router))
    if "switching" in device.profile.features:
        running.put(interface_line("Vlan1", shut=True))
        for number in DEFAULT_VLANS:
            running.put(vlan_line(number))
    for number in range(device.profile.vty_lines):
        running.put(vty_line(number))
    lines = [*device.profile.base]
    if "switching" in device.profile.features:
        lines.append(f"vtp mode {device.declared.vtp_mode}")
        lines += (line for line in device.storage.read_vlans().splitlines() if line.startswith("vtp "))
    device.load("\n".join(lines))


def _open_interfaces(device: "Device", text: str) -> None:
    """An interface that a startup configuration shows without `shutdown` is up, whatever its default is."""
    for found in re.finditer(r"^interface (\S+)", text, re.MULTILINE):
        line = device.running.get("interface", found[1])
        if line is not None:
            line.section.drop("shutdown")

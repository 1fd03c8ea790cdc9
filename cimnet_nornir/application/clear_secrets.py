"""Secrets that somebody wrote in clear into lines kept word for word: refused before they become events."""

from collections.abc import Iterable

from cimnet_nornir.application.ports import ConfigurationEngine
from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.errors import RuleViolated


def refuse_clear_secrets(devices: Iterable[DesiredDevice], engine: ConfigurationEngine | None) -> None:
    """Raise RuleViolated for the first line of a block in which an import would find a secret.

    What an import moves out must not come in by hand: an event is for ever. The subject is the device and the block.
    """
    if engine is None:
        return
    for device in devices:
        for block in device.features.values():
            if isinstance(block, ConfigurationBlock):
                _refuse(device, block, engine)


def _refuse(device: DesiredDevice, block: ConfigurationBlock, engine: ConfigurationEngine) -> None:
    for line in (*block.section, *block.lines):
        masked = engine.mask(line)
        if masked != line:
            raise RuleViolated(
                f"{device.name}: a secret stands in clear in {masked.strip()!r} ({engine.mask(block.name)}); "
                "right would be where it is found, such as <secret:env:NAME> or <secret:file:PATH>",
                subject=f"{device.name} {block.FEATURE} {block.name}",
            )

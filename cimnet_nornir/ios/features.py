"""A device's features as text: a template each, put together with the rest of the configuration section by section."""

from collections.abc import Callable, Iterable, Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features import FEATURES
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.interfaces import interface_sort_key, is_interface
from cimnet_nornir.ios.outline import Part, merge_outline, read_outline, write_outline

FeatureTemplate = Callable[[str, tuple[Setting, ...]], str]
"""Renders some settings of the feature of that name. Raises what templates raise."""


def with_features(text: str, device: Device, render: FeatureTemplate) -> str:
    """A rendered configuration with the lines of the device's features in it."""
    if not device.features:
        return text
    outline = read_outline(text)
    for part in feature_parts(device.features.values(), render):
        merge_outline(outline, part)
    return write_outline(outline)


def feature_parts(settings: Iterable[Setting], render: FeatureTemplate) -> Iterator[list[Part]]:
    """What each feature brings, in the order of a configuration."""
    by_feature: dict[str, list[Setting]] = {}
    for setting in settings:
        by_feature.setdefault(setting.FEATURE, []).append(setting)
    for feature in FEATURES:
        items = tuple(sorted(by_feature.get(feature, ()), key=_order))
        if feature == ConfigurationBlock.FEATURE:
            yield from (block_parts(item) for item in items if isinstance(item, ConfigurationBlock))
        elif items:
            yield read_outline(render(feature, items))


def block_parts(block: ConfigurationBlock) -> list[Part]:
    """An adopted block in the sections that it stands in."""
    parts = read_outline("\n".join(block.lines))
    for header in reversed(block.section):
        parts = [Part(header, parts)]
    return parts


def _order(setting: Setting) -> tuple[object, ...]:
    """By what tells settings apart: interfaces as a device shows them, numbers by their value."""
    return tuple(_sortable(getattr(setting, name)) for name in setting.KEY)


def _sortable(value: object) -> tuple[object, ...]:
    if isinstance(value, int):
        return (0, value, "")
    text = str(value)
    return (1, *interface_sort_key(text)) if is_interface(text) else (2, 0, text)

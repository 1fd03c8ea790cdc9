"""What two readings of a device differ in, taken over into its intent; all else of the intent stays as it is."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.model import Setting

Part = TypeVar("Part")

# What a reading does not tell, or what is not of the configuration.
_NOT_READ = frozenset({"network", "id", "kind", "details", "ports", "removed", "host_keys", "bonds", "features"})


def adopted(present: Device, before: Device, after: Device) -> Device:
    """The present intent with what differs between two readings: of what is intended, and of that with changes in it.

    Fields in which the readings agree keep what intent says, references to secrets too.
    """
    changes: dict[str, Any] = {
        part.name: _merged(getattr(present, part.name), getattr(before, part.name), getattr(after, part.name))
        for part in fields(Device)
        if part.name not in _NOT_READ
    }
    features = _without_blocks(present.features), _without_blocks(before.features), _without_blocks(after.features)
    blocks = _blocks(present.features, before.features, after.features)
    return replace(present, **changes, features={**_mapping(*features), **blocks})


def _merged(present: Any, before: Any, after: Any) -> Any:
    if before == after:
        return present
    if isinstance(present, dict) and isinstance(before, dict) and isinstance(after, dict):
        return _mapping(present, before, after)
    if isinstance(after, BaseModel) and type(present) is type(before) is type(after):
        return _model(present, before, after)
    return after


def _mapping(present: Mapping[Any, Any], before: Mapping[Any, Any], after: Mapping[Any, Any]) -> dict[Any, Any]:
    found = {key: value for key, value in present.items() if key in after or key not in before}
    for key, value in after.items():
        if before.get(key) != value:
            found[key] = _merged(present[key], before[key], value) if key in present and key in before else value
    return found


def _model(present: BaseModel, before: BaseModel, after: BaseModel) -> BaseModel:
    """Field by field, and checked as a whole again."""
    changed = {
        name: _merged(getattr(present, name), getattr(before, name), getattr(after, name))
        for name in type(after).model_fields
        if getattr(before, name) != getattr(after, name)
    }
    return type(after).model_validate({**dict(present), **changed})


# --- lines that no feature models -------------------------------------------------------------------------------------

_Block = tuple[tuple[str, ...], tuple[str, ...]]


def _without_blocks(features: Mapping[str, Setting]) -> dict[str, Setting]:
    return {name: each for name, each in features.items() if not isinstance(each, ConfigurationBlock)}


def _blocks(
    present: Mapping[str, Setting], before: Mapping[str, Setting], after: Mapping[str, Setting]
) -> dict[str, Setting]:
    """Blocks are told apart by where they stand and what stands in them: their names are only for people."""
    old, new = _contents(before), _contents(after)
    kept = {each.identity: each for content, each in _contents(present).items() if content in new or content not in old}
    for content, block in new.items():
        if content not in old and all(_content(each) != content for each in kept.values()):
            named = _renamed(block, kept)
            kept[named.identity] = named
    return dict(kept)


def _contents(features: Mapping[str, Setting]) -> dict[_Block, ConfigurationBlock]:
    return {_content(each): each for each in features.values() if isinstance(each, ConfigurationBlock)}


def _content(block: ConfigurationBlock) -> _Block:
    return block.section, block.lines


def _renamed(block: ConfigurationBlock, known: Mapping[str, Setting]) -> ConfigurationBlock:
    named, number = block, 1
    while named.identity in known:
        number += 1
        named = block.model_copy(update={"name": f"{block.name} #{number}"})
    return named

"""The JSON Schema of the settings of features, made from their classes."""

from typing import Any

from cimnet_nornir.definition.features import written_key
from cimnet_nornir.domain.features import all_features
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting

Schema = dict[str, Any]


def feature_schema(parts: Schema, *, of_interfaces: bool) -> Schema:
    """What may stand below `features` of a device, or of an interface; `parts` takes in what the fields refer to."""
    kinds = [kind for kind in all_features() if issubclass(kind, InterfaceSetting) == of_interfaces]
    properties = {kind.FEATURE: _feature(kind, parts) for kind in kinds}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _feature(kind: type[Setting], parts: Schema) -> Schema:
    schema = kind.model_json_schema()
    parts.update(schema.pop("$defs", {}))
    told = {"title": kind.__name__, "description": schema.get("description", "")}
    key = written_key(kind)
    below = {"interface"} if issubclass(kind, InterfaceSetting) else set()
    # A list holds whole settings; in a mapping the key stands before the colon.
    fields = _without(schema, below if len(key) > 1 else {*below, *key})
    match key:
        case ():
            return {**told, "anyOf": [fields, {"type": "null"}]}
        case (_,):
            return {**told, "type": "object", "additionalProperties": {"anyOf": [fields, {"type": "null"}]}}
        case _:
            return {**told, "type": "array", "items": fields}


def _without(schema: Schema, names: set[str]) -> Schema:
    properties = {name: _nullable(field) for name, field in schema.get("properties", {}).items() if name not in names}
    required = [name for name in schema.get("required", ()) if name not in names]
    fields: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**fields, "required": required} if required else fields


def _nullable(field: Schema) -> Schema:
    return field if "anyOf" in field or "default" in field else {"anyOf": [field, {"type": "null"}]}

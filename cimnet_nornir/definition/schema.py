"""The JSON Schema (2020-12) of definition files, for editors: made from the models, so that both say the same."""

from typing import Any

from cimnet_nornir.definition.feature_schema import feature_schema
from cimnet_nornir.definition.fields import INTERFACE_RANGE, LINUX_NAME
from cimnet_nornir.definition.interfaces import FIELDS_OF_MODE
from cimnet_nornir.definition.model import NetworkFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:cimnet:schema:network-definition:1"

# What may be a list of names instead of a mapping of them.
_LISTED_BY_NAME = (
    ("ContainerNetworkEntry", "hosts"),
    ("ContainerNetworkEntry", "containers"),
    ("VmNetworkEntry", "hosts"),
    ("VmNetworkEntry", "machines"),
)

_PORTS = (("router", INTERFACE_RANGE), ("switch", INTERFACE_RANGE), ("host", LINUX_NAME))

Schema = dict[str, Any]


def json_schema() -> Schema:
    """The schema of a definition file as plain data; keys of mappings are texts there, as everywhere in JSON."""
    schema = NetworkFile.model_json_schema()
    parts: dict[str, Schema] = schema["$defs"]
    for part in (schema, *parts.values()):
        _allow_nothing(part)
    for name in ("ospf", "eigrp"):
        field = parts["DeviceEntry"]["properties"][name]
        field["anyOf"].insert(0, field["anyOf"][0]["items"])
    for entry, name in _LISTED_BY_NAME:
        _allow_a_list(parts[entry]["properties"][name]["anyOf"])
    parts["FilterEntry"]["oneOf"] = _filter_rules()
    parts["DeviceEntry"]["allOf"] = [_ports_of(kind, pattern) for kind, pattern in _PORTS]
    parts["InterfaceEntry"]["allOf"] = _interface_rules()
    for entry, of_interfaces in (("DeviceEntry", False), ("InterfaceEntry", True)):
        parts[entry]["properties"]["features"]["anyOf"][0] = feature_schema(parts, of_interfaces=of_interfaces)
    return {"$schema": _DIALECT, "$id": _ID, **schema, "title": "cimnet network definition"}


def _allow_a_list(kinds: list[Schema]) -> None:
    """A list of names says nothing of each, as a mapping may."""
    kinds[0]["additionalProperties"] = {"anyOf": [kinds[0]["additionalProperties"], {"type": "null"}]}
    kinds.insert(0, {"type": "array", "items": {"type": "string"}})


def _allow_nothing(part: Schema) -> None:
    """A field with nothing after it counts as left out, unless it is required."""
    required = part.get("required", ())
    for name, field in part.get("properties", {}).items():
        if name not in required:
            part["properties"][name] = _nullable(field)


def _nullable(field: Schema) -> Schema:
    told: Schema = {key: field[key] for key in ("title", "description", "examples") if key in field}
    kinds = [{key: value for key, value in field.items() if key not in (*told, "default")}]
    if "anyOf" in kinds[0]:
        kinds = [kind for kind in kinds[0]["anyOf"] if kind != {"type": "null"}]
    return {**told, "anyOf": [*kinds, {"type": "null"}]}


def _ports_of(kind: str, pattern: str) -> Schema:
    """How the ports and interfaces of a kind of device are written."""
    port: Schema = {"type": "string", "pattern": pattern}
    ports: Schema = {"anyOf": [port, {"type": "array", "items": port}, {"type": "null"}]}
    interfaces: Schema = {"propertyNames": {"pattern": pattern}}
    return {
        "if": {"required": ["kind"], "properties": {"kind": {"const": kind}}},
        "then": {"properties": {"ports": ports, "interfaces": interfaces}},
    }


def _interface_rules() -> list[Schema]:
    """What fields of an interface do not go together."""
    address: Schema = {"required": ["address"], "properties": {"address": {"type": "string"}}}
    addresses: Schema = {"required": ["addresses"], "properties": {"addresses": {"type": "array", "minItems": 1}}}
    ospf: Schema = {"required": ["ospf"], "properties": {"ospf": {"type": "object"}}}
    profile: Schema = {"required": ["profile"], "properties": {"profile": {"type": "string"}}}
    access: Schema = {"required": ["mode"], "properties": {"mode": {"const": "access"}}}
    vlan: Schema = {"required": ["vlan"], "properties": {"vlan": {"type": "integer"}}}
    return [
        {"not": {"allOf": [address, addresses]}},
        {"if": ospf, "then": {"anyOf": [address, addresses]}},
        {"if": access, "then": {"anyOf": [vlan, profile]}},
        *(_only_of_mode(mode) for mode in FIELDS_OF_MODE),
    ]


def _filter_rules() -> list[Schema]:
    """An entry of an access list is a remark, which stands alone, or has an action."""
    alone: Schema = {"propertyNames": {"enum": ["remark", "sequence"]}}
    remark: Schema = {"required": ["remark"], "properties": {"remark": {"type": "string"}}, **alone}
    action: Schema = {
        "required": ["action"],
        "properties": {"action": {"type": "string"}, "remark": {"type": "null"}},
    }
    return [remark, action]


def _only_of_mode(mode: str) -> Schema:
    others = [name for other, names in FIELDS_OF_MODE.items() if other != mode for name in names]
    return {
        "if": {"required": ["mode"], "properties": {"mode": {"const": mode}}},
        "then": {"properties": {name: {"type": "null"} for name in others}},
    }

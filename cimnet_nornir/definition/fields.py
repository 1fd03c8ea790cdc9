"""The single values of a definition file: how each is written, read and described in the JSON Schema."""

from ipaddress import AddressValueError, IPv4Address, IPv4Interface, IPv4Network, NetmaskValueError
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from cimnet_nornir.domain.interfaces import parse_vlan_list
from cimnet_nornir.domain.values import BridgePriority, CreatableVlanId, VlanId, VlanName
from cimnet_nornir.errors import InvalidValue

_OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
ADDRESS = rf"{_OCTET}(\.{_OCTET}){{3}}"
LENGTH = r"(3[0-2]|[12]?[0-9])"
_VLAN = r"0{0,3}([1-9][0-9]{0,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-4])"
_VLAN_PART = rf"{_VLAN}( *- *{_VLAN})?"
_VLAN_LIST = rf"^ *{_VLAN_PART}( *, *{_VLAN_PART})* *$"
INTERFACE = r"[A-Za-z][A-Za-z-]* *[0-9]+(/[0-9]+)*(:[0-9]+)?(\.[0-9]+)?"
_LINUX_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}"
LINUX_NAME = rf"^{_LINUX_NAME}$"
_INTERFACE_PART = rf"{INTERFACE}( *- *[0-9]+)?"
INTERFACE_RANGE = rf"^ *{_INTERFACE_PART}( *, *{_INTERFACE_PART})* *$"
# Of a host's ports only the names are known, not ranges.
PORT_OR_RANGE = rf"{INTERFACE_RANGE}|{LINUX_NAME}"
HOST_NAME = r"^[A-Za-z]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$"
IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"
_RESERVED_VLANS = ["1", "1002", "1003", "1004", "1005"]
_PORT = rf"([A-Za-z][A-Za-z-]* *[0-9]+(/[0-9]+)*(:[0-9]+)?(\.[0-9]+)?|{_LINUX_NAME})"
_END = rf"^ *[A-Za-z][A-Za-z0-9_.-]* +{_PORT} *$"

VLAN_LIST_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 4094},
        {"type": "string", "pattern": _VLAN_LIST},
        {
            "type": "array",
            "items": {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": 4094},
                    {"type": "string", "pattern": _VLAN_LIST},
                ]
            },
        },
    ]
}
_ALL_OR_VLANS_SCHEMA = {"anyOf": [{"enum": ["all", "none"]}, *VLAN_LIST_SCHEMA["anyOf"]]}
_VLAN_NAMES_SCHEMA = {
    "type": "object",
    "propertyNames": {"pattern": f"^{_VLAN}$", "not": {"enum": _RESERVED_VLANS}},
    "additionalProperties": {
        "anyOf": [{"type": "string", "maxLength": 32, "pattern": IDENTIFIER}, {"type": "null"}],
    },
}


def _text(value: object, example: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"{value!r} stands where a text such as {example} is expected")
    return value


def _address(value: object) -> IPv4Address:
    text = _text(value, "10.0.0.1")
    try:
        return IPv4Address(text)
    except AddressValueError:
        hint = "; leave the prefix length out" if "/" in text else ""
        raise InvalidValue(f"{text!r} is no IPv4 address such as 10.0.0.1{hint}") from None


def _interface_address(value: object) -> IPv4Interface:
    text = _text(value, "10.0.0.1/24")
    address, slash, length = text.partition("/")
    try:
        parsed = IPv4Interface(text)
    except (AddressValueError, NetmaskValueError):
        raise InvalidValue(f"{text!r} is no address with its prefix length, such as 10.0.0.1/24") from None
    if not slash:
        raise InvalidValue(f"{text!r} has no prefix length; write it like {address}/24")
    if not length.isdecimal():
        raise InvalidValue(f"{text!r} has a mask; write the prefix length: {address}/{parsed.network.prefixlen}")
    return parsed


def prefix(value: object) -> IPv4Network:
    """A network with its prefix length. Raises InvalidValue for anything else, an address in a network included."""
    text = _text(value, "10.20.0.0/16")
    parsed = _interface_address(text)
    if parsed.ip != parsed.network.network_address:
        raise InvalidValue(f"{text!r} is an address in {parsed.network}; write the network: {parsed.network}")
    return parsed.network


def vlan_ids(value: object) -> frozenset[int]:
    """VLAN ids of 10, "10,20-29" or a list of those. Raises InvalidValue for anything else."""
    if isinstance(value, list):
        return frozenset().union(*(vlan_ids(item) for item in value if _no_list(item)))
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InvalidValue("VLANs are a number, a text such as 10,20-29, or a list of those")
    return parse_vlan_list(str(value))


def _no_list(item: object) -> bool:
    if isinstance(item, list):
        raise InvalidValue("VLANs are a number, a text such as 10,20-29, or a list of those")
    return True


def _all_or_vlans(value: object) -> object:
    if value is None:
        raise InvalidValue("nothing stands where VLANs are expected: all, or a list such as 10,20-29")
    if value == "none":
        return frozenset()
    return None if value == "all" else vlan_ids(value)


def _label(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    return value if value == "" else handler(value)


class _Creatable(BaseModel):
    vlans: frozenset[CreatableVlanId]


def _device_vlans(value: object) -> object:
    """All (None), or names by id; the empty name stands for the one of the catalogue."""
    if isinstance(value, dict):
        if "" in value.values():
            raise InvalidValue("a VLAN's name is empty; leave it out, or list the ids alone: [10, 20]")
        return value
    ids = _all_or_vlans(value)
    if ids is None:
        return None
    try:
        return dict.fromkeys(sorted(_Creatable.model_validate({"vlans": ids}).vlans), "")
    except ValidationError as error:
        raise InvalidValue(str(error.errors()[0]["ctx"]["error"])) from None


def _ports(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(_text(item, "GigabitEthernet0/0-3").strip() for item in items)


def _end(value: object) -> tuple[str, str]:
    host, _, port = _text(value, "r1 GigabitEthernet0/0").strip().partition(" ")
    if not port:
        raise InvalidValue(f"{value!r} is no end of a link; write host and port, like r1 GigabitEthernet0/0")
    return host, port.strip()


def _link(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or len(value) != 2:
        raise InvalidValue("a link is two ends: [r1 GigabitEthernet0/0, dist1 GigabitEthernet1/0/1]")
    return tuple(_end(end) for end in value)


def _priorities(value: object) -> object:
    if not isinstance(value, dict):
        return value
    found: dict[int, object] = {}
    for key, priority in value.items():
        for vlan in sorted(vlan_ids(key)):
            if vlan in found:
                raise InvalidValue(f"VLAN {vlan} has two priorities here")
            found[vlan] = priority
    return found


def as_tuple(value: object) -> object:
    """A list as a tuple; anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def one_or_many(value: object) -> object:
    """A single mapping as a tuple of one."""
    return (value,) if isinstance(value, dict) else as_tuple(value)


Address = Annotated[
    IPv4Address, BeforeValidator(_address), WithJsonSchema({"type": "string", "pattern": f"^{ADDRESS}$"})
]
InterfaceAddress = Annotated[
    IPv4Interface,
    BeforeValidator(_interface_address),
    WithJsonSchema({"type": "string", "pattern": f"^{ADDRESS}/{LENGTH}$"}),
]
Prefix = Annotated[
    IPv4Network,
    BeforeValidator(prefix),
    WithJsonSchema({"type": "string", "pattern": f"^{ADDRESS}/{LENGTH}$"}),
]
Allowed = Annotated[frozenset[VlanId] | None, BeforeValidator(_all_or_vlans), WithJsonSchema(_ALL_OR_VLANS_SCHEMA)]
VlanNames = dict[CreatableVlanId, VlanName | None]
DeviceVlans = Annotated[
    dict[CreatableVlanId, Annotated[VlanName | None, WrapValidator(_label)]] | None,
    BeforeValidator(_device_vlans),
    WithJsonSchema({"anyOf": [*_ALL_OR_VLANS_SCHEMA["anyOf"], _VLAN_NAMES_SCHEMA]}),
]
VlanCatalogue = Annotated[VlanNames, WithJsonSchema(_VLAN_NAMES_SCHEMA)]


def _ports_schema(pattern: str) -> dict[str, object]:
    port: dict[str, object] = {"type": "string", "pattern": pattern}
    return {"anyOf": [port, {"type": "array", "items": port}]}


Ports = Annotated[tuple[str, ...], BeforeValidator(_ports), WithJsonSchema(_ports_schema(PORT_OR_RANGE))]
SwitchPorts = Annotated[tuple[str, ...], BeforeValidator(_ports), WithJsonSchema(_ports_schema(INTERFACE_RANGE))]
LinkEnds = Annotated[
    tuple[tuple[str, str], ...],
    BeforeValidator(_link),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string", "pattern": _END}, "minItems": 2, "maxItems": 2},
    ),
]
Priorities = Annotated[
    dict[VlanId, BridgePriority],
    BeforeValidator(_priorities),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": _VLAN_LIST},
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 61440, "multipleOf": 4096},
        }
    ),
]

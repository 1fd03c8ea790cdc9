"""The single values of BGP, EIGRP and access lists in a definition file."""

from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError, WithJsonSchema

from cimnet_nornir.definition.fields import ADDRESS, INTERFACE, LENGTH, prefix
from cimnet_nornir.domain import routing_values
from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.access_list_parts import PROTOCOLS, AclAddress, AclPorts, Protocol
from cimnet_nornir.domain.interfaces import LINUX_LOOPBACK, canonical_interface
from cimnet_nornir.errors import InvalidValue

_ASDOT = r"^[0-9]{1,5}\.[0-9]{1,5}$"
_PLACES = rf"^ *(any|(host +)?{ADDRESS}|{ADDRESS}/{LENGTH}|{ADDRESS} +{ADDRESS}) *$"
_PORTS = r"^ *((eq|neq|gt|lt) +)?[0-9]{1,5}( +[0-9]{1,5})* *$|^ *range +[0-9]{1,5} +[0-9]{1,5} *$"
ACL_NAME = r"^([A-Za-z][A-Za-z0-9_.-]{0,62}|[1-9][0-9]{0,3})$"


def refusal(error: ValidationError) -> InvalidValue:
    """What a value of the domain refuses, in its own words; the first of several."""
    details = error.errors(include_url=False)[0]
    found = details.get("ctx", {}).get("error")
    return found if isinstance(found, InvalidValue) else InvalidValue(details["msg"])


def _of(model: type[BaseModel], form: str, *, numbers: bool = False) -> Callable[[object], object]:
    """A validator that reads a text, or a number where that is one of the forms, as a value of the domain."""

    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (int, str) if numbers else str):
            raise InvalidValue(f"{value!r} stands where {form} is expected")
        try:
            return model.model_validate(value)
        except ValidationError as error:
            raise refusal(error) from None

    return read


def _eigrp_network(value: object) -> IPv4Network:
    """A prefix, or a network and its wildcard as IOS takes them."""
    words = value.split() if isinstance(value, str) else []
    if len(words) != 2:
        return prefix(value)
    try:
        free = int(IPv4Address(words[1]))
        network = IPv4Address(words[0])
    except AddressValueError:
        raise InvalidValue(f"{value!r} is no network with its wildcard, such as 10.0.0.0 0.0.0.255") from None
    if free & (free + 1):
        raise InvalidValue(f"the wildcard {words[1]} has a gap; write several networks")
    return prefix(f"{network}/{32 - free.bit_length()}")


def _interface(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"{value!r} stands where an interface such as Loopback0 is expected")
    return canonical_interface(value)


def _update_source(value: object) -> str:
    return LINUX_LOOPBACK if value == LINUX_LOOPBACK else _interface(value)


AsNumber = Annotated[
    routing_values.AsNumber,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": routing_values.HIGHEST_AS},
                {"type": "string", "pattern": _ASDOT},
            ]
        }
    ),
]
EigrpNetwork = Annotated[
    IPv4Network,
    BeforeValidator(_eigrp_network),
    WithJsonSchema({"type": "string", "pattern": rf"^ *({ADDRESS}/{LENGTH}|{ADDRESS} +{ADDRESS}) *$"}),
]
InterfaceName = Annotated[
    str, BeforeValidator(_interface), WithJsonSchema({"type": "string", "pattern": f"^ *{INTERFACE} *$"})
]
UpdateSource = Annotated[
    str,
    BeforeValidator(_update_source),
    WithJsonSchema({"type": "string", "pattern": f"^ *({INTERFACE}|{LINUX_LOOPBACK}) *$"}),
]
FilterAddress = Annotated[
    AclAddress,
    BeforeValidator(_of(AclAddress, "any, an address or a prefix")),
    WithJsonSchema({"type": "string", "pattern": _PLACES}),
]
FilterPort = Annotated[
    AclPorts,
    BeforeValidator(_of(AclPorts, "a port", numbers=True)),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 65535}, {"type": "string", "pattern": _PORTS}]}
    ),
]
FilterProtocol = Annotated[
    Protocol,
    WithJsonSchema({"anyOf": [{"enum": ["ip", *PROTOCOLS]}, {"type": "integer", "minimum": 0, "maximum": 255}]}),
]
ListName = Annotated[
    AclName,
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": ACL_NAME}, {"type": "integer", "minimum": 1}]}),
]

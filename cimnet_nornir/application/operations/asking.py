"""Commands made of what a program or a person gave; what cannot be is refused in one line."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import DeviceNotFound, InvalidValue

Asked = TypeVar("Asked", bound=Value)


def asked(kind: type[Asked], /, **fields: Any) -> Asked:
    """A command, or another value object, of these fields. Raises InvalidValue with the first field that is wrong."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = str(first["msg"]).removeprefix("Value error, ")
        field = str(first["loc"][0]) if first["loc"] else ""
        raise InvalidValue(f"{field}: {message}" if field else message, subject=field) from error


def several(names: Iterable[str]) -> tuple[str, ...]:
    """Names that were given, in their order; a single text is one name, and not its letters."""
    return (names,) if isinstance(names, str) else tuple(names)


def device_id(network: Network, name: str) -> str:
    """The id of the device with this host name (or id). Raises DeviceNotFound."""
    device = network.device_named(name)
    if device is None:
        raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
    return device.id


def switch_ids(network: Network, names: Iterable[str] | None) -> tuple[str, ...]:
    """The ids of the devices with these host names; of all switches without names. Raises DeviceNotFound."""
    if names is not None:
        return tuple(device_id(network, name) for name in names)
    return tuple(sorted(device.id for device in network.devices.values() if device.switches))

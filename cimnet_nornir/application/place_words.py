"""What stands at a place of an intent, in words for people."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from cimnet_nornir.application.describe import (
    channel_words,
    interface_words,
    ospf_words,
    port_words,
    route_words,
    setting_words,
)
from cimnet_nornir.domain.contents import Place, Presence
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.hosting.values import AddressRange
from cimnet_nornir.domain.interfaces import short_interface
from cimnet_nornir.domain.values import DeviceKind

_NOTHING = "-"
_DEVICE_FIELD = 2
# Where the name of what is attached to a network stands: after the network's name and the field.
_ATTACHED = 3
_HOSTED: Mapping[str, str] = {"container_networks": "container", "vm_networks": "VM"}


def device_words(device: Device) -> str:
    """A device as a whole: "switch acc1 (WS-C3850, 48 ports)"."""
    kind = "layer-3 switch" if device.kind is DeviceKind.SWITCH and device.routing else device.kind.value
    ports = f"{len(device.ports)} port{'' if len(device.ports) == 1 else 's'}"
    return f"{kind} {device.name} ({device.details.model or device.details.platform}, {ports})"


def place_words(place: Place, value: object) -> str:
    """What stands at a place: "VLAN 10 (users)"."""
    if place[0] in _HOSTED:
        return f"{_hosted_name(place)}: {_hosted(value)}" if isinstance(value, BaseModel) else _hosted_name(place)
    field, key = _field_and_key(place)
    words = _WORDS.get(field)
    if words is not None:
        return words(key, value)
    name = field.replace("_", " ")
    if key is None:
        return f"{name}: {_brief(value)}"
    return f"{name} {key}" if value is Presence.THERE or value == key else f"{name} {key}: {_brief(value)}"


def changed_words(place: Place, before: object, after: object) -> str:
    """What became of what stands at a place: "Gi0/1: description 'desk' -> 'printer'"."""
    if place[0] in _HOSTED:
        return f"{_hosted_name(place)}: {_changes(before, after)}"
    field, key = _field_and_key(place)
    name = _NAMES.get(field, lambda key: f"{field.replace('_', ' ')}{'' if key is None else f' {key}'}")(key)
    return f"{name}: {_changes(before, after)}"


def _changes(before: object, after: object) -> str:
    """What became of a value, field by field where it has some, key by key in a mapping."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return "; ".join(_of_keys(before, after))
    if not isinstance(before, BaseModel) or not isinstance(after, BaseModel) or type(before) is not type(after):
        return f"{_brief(before)} -> {_brief(after)}"
    parts = (
        f"{part.replace('_', ' ')} {_of_field(getattr(before, part), getattr(after, part))}"
        for part in type(before).model_fields
        if getattr(before, part) != getattr(after, part)
    )
    return ", ".join(parts)


def _of_field(before: object, after: object) -> str:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _changes(before, after)
    return f"{_brief(before)} -> {_brief(after)}"


def _of_keys(before: Mapping[Any, object], after: Mapping[Any, object]) -> Iterator[str]:
    """What became of each key of a mapping that differs."""
    for key in {**before, **after}:
        if key not in before or key not in after or before[key] != after[key]:
            yield f"{key} {_changes(before.get(key), after.get(key))}"


def _hosted_name(place: Place) -> str:
    """A container or VM network, or what is attached to it: "container nginx in web"."""
    network = f"{_HOSTED[str(place[0])]} network {place[1]}"
    if len(place) > _ATTACHED:
        return f"{_HOSTED[str(place[0])]} {place[_ATTACHED]} in {place[1]}"
    return network


def _hosted(value: BaseModel) -> str:
    """Of a network its VLAN, subnet and hosts; of what is attached its host and address."""
    told = {name: item for name, item in value if name in ("vlan", "subnet", "gateway", "host", "address", "mac")}
    hosts = getattr(value, "hosts", None)
    return _brief({**told, "hosts": tuple(hosts)} if hosts else told)


def _field_and_key(place: Place) -> tuple[str, Any]:
    """The field of a device, or else of the network, and the key or member in it, None where it is one value."""
    depth = _DEVICE_FIELD if place[0] == "devices" and len(place) > _DEVICE_FIELD else 0
    return str(place[depth]), place[-1] if len(place) > depth + 1 else None


def _brief(value: object) -> str:
    """A value in few words."""
    if value is None or value == "" or value == ():
        return _NOTHING
    if isinstance(value, AddressRange):
        return str(value)
    if isinstance(value, BaseModel):
        said = (f"{name.replace('_', ' ')} {_brief(item)}" for name, item in value if item not in (None, (), "", False))
        return ", ".join(said)
    if isinstance(value, Mapping):
        said = (f"{key} {_brief(item)}" for key, item in value.items() if item is not None)
        return ", ".join(said) or _NOTHING
    if isinstance(value, tuple | list | set | frozenset):
        return (
            ", ".join(sorted(map(_brief, value)) if isinstance(value, set | frozenset) else map(_brief, value))
            or _NOTHING
        )
    if isinstance(value, bool):
        return "on" if value else "off"
    return repr(value) if isinstance(value, str) and " " in value else str(value)


def _vlan(key: Any, value: Any) -> str:
    return f"VLAN {key} ({value})" if value else f"VLAN {key}"


_WORDS: Mapping[str, Callable[[Any, Any], str]] = {
    "vlans": _vlan,
    "switch_ports": port_words,
    "interfaces": interface_words,
    "ospf": lambda _, value: ospf_words(value),
    "routes": lambda _, value: route_words(value),
    "ports": lambda key, _: f"port {short_interface(key)}",
    "port_channels": channel_words,
    "features": lambda _, value: setting_words(value),
    "bonds": lambda key, value: f"{key}: {value.mode}, {', '.join(value.members)}",
}
_NAMES: Mapping[str, Callable[[Any], str]] = {
    "vlans": lambda key: f"VLAN {key}",
    "switch_ports": short_interface,
    "interfaces": short_interface,
    "ospf": lambda key: f"OSPF {key}",
    "port_channels": lambda key: f"Po{key}",
    "bonds": str,
    "features": str,
    "spanning_tree": lambda _: "spanning tree",
    "facts": str,
}

"""Whether tracked objects are up: interfaces, probes, routes, and lists of other objects."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.features.addressing import addresses
from cimnet_nornir.lab.features.routes import static_routes
from cimnet_nornir.lab.links import is_up, section_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def is_tracked_up(device: "Device", number: str, asking: frozenset[str] = frozenset()) -> bool:
    """Whether an object is up; one that is not there is down, and so is one that rests on itself."""
    line = device.running.get("track", number)
    if line is None or number in asking:
        return False
    match line.text.split(" ")[2:]:
        case ["interface", *_]:
            return _interface_up(device, line)
        case ["ip", "sla", *_]:
            # Whoever is asked answers, as soon as the probe runs.
            return device.running.has("ip sla schedule", line.values["probe"])
        case ["ip", "route", *_]:
            wanted = f"{line.values['prefix']} {line.values['mask']}"
            return wanted in {route.with_netmask.replace("/", " ") for route in _unwatched(device)}
        case ["list", *_]:
            return _list_up(device, line, asking | {number})
        case _:
            return line.section.value("default-state", name="state") == "up"


def _interface_up(device: "Device", line: Line) -> bool:
    name = line.values["interface"]
    if not is_up(device, name):
        return False
    return line.values["what"] != "ip routing" or bool(addresses(section_of(device, name)))


def _unwatched(device: "Device") -> Iterator[IPv4Network]:
    """The static routes that rest on no object: those that do would ask for themselves."""
    return (prefix for prefix, values in static_routes(device.running) if "track" not in values)


def _list_up(device: "Device", line: Line, asking: frozenset[str]) -> bool:
    members = [
        (member, is_tracked_up(device, member.values["object"], asking) is not _inverted(member))
        for member in line.section.all("object")
    ]
    if line.values["how"] in {"and", "or"}:
        states = [state for _, state in members]
        return bool(states) and (all(states) if line.values["how"] == "and" else any(states))
    weights = [(int(member.values.get("weight", "10")), state) for member, state in members]
    reached = sum(weight for weight, state in weights if state)
    if line.values["how"] == "percentage":
        reached = 100 * sum(state for _, state in weights) // max(len(weights), 1)
    return reached >= int(line.section.value("threshold", name="up", default="0"))


def _inverted(member: Line) -> bool:
    return member.values.get("how") == "not"

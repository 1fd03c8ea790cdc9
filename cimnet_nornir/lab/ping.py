"""`ping`: what it prints, by whether the lab's links and routes carry a packet there and back."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from cimnet_nornir.lab.arguments import dotted
from cimnet_nornir.lab.names import canonical_interface
from cimnet_nornir.lab.routing import own_addresses, reaches

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


def ping_text(device: "Device", values: Mapping[str, str]) -> str:
    """The output of `ping HOST [repeat N] [size N] [timeout N] [source X]`."""
    host = values["host"]
    known = device.running.value("ip host", host, name="address", default=host)
    if dotted(known) is None:
        return "% Unrecognized host or address, or protocol not running.\n"
    count, size, seconds = (values.get(name, default) for name, default in _DEFAULTS)
    source = _source(device, values["source"]) if "source" in values else None
    if "source" in values and source is None:
        return "% Invalid source address- IP address not on any of our up interfaces"
    good = reaches(device, IPv4Address(known), source)
    lines = [
        "Type escape sequence to abort.",
        f"Sending {count}, {size}-byte ICMP Echos to {known}, timeout is {seconds} seconds:",
        *([f"Packet sent with a source address of {source} "] if source else []),
        *_marks("!" if good else ".", int(count)),
        _rate(int(count), good=good),
    ]
    return "\n".join(lines)


_DEFAULTS = (("repeat", "5"), ("size", "100"), ("timeout", "2"))
_WIDTH = 70


def _marks(mark: str, count: int) -> list[str]:
    return [mark * min(_WIDTH, count - start) for start in range(0, min(count, 1000), _WIDTH)]


def _rate(count: int, *, good: bool) -> str:
    if not good:
        return f"Success rate is 0 percent (0/{count})"
    return f"Success rate is 100 percent ({count}/{count}), round-trip min/avg/max = 1/1/2 ms"


def _source(device: "Device", text: str) -> IPv4Address | None:
    name = canonical_interface(text)
    for interface, address, _ in own_addresses(device):
        if interface == name or str(address) == text:
            return address
    return None

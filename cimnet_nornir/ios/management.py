"""The way by which a device is reached: a push that takes it away is told of before it is sent."""

from collections.abc import Iterator

from cimnet_nornir.domain.device import Device
from cimnet_nornir.ios.tree import Config, Node


def cuts_management(device: Device, running: Config, intended: Config) -> Iterator[str]:
    """A warning where the management address stands on an interface now, and on none, or a shut one, afterwards."""
    address = device.details.management
    if address is None:
        return
    now, then = (tuple(_holders(config, str(address))) for config in (running, intended))
    if not now:
        return
    if not then:
        yield f"this takes away {address} ({now[0].text}), the address by which {device.name} is reached"
    elif all(_is_shut(node) for node in then) and not all(_is_shut(node) for node in now):
        yield f"this shuts {then[0].text}, which has {address}, the address by which {device.name} is reached"


def _holders(config: Config, address: str) -> Iterator[Node]:
    for node in config.nodes:
        if any(child.text.startswith(f"ip address {address} ") for child in node.children):
            yield node


def _is_shut(node: Node) -> bool:
    return any(child.text == "shutdown" for child in node.children)

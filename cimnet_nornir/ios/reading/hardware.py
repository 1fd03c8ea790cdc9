"""The ports of a device, by the interfaces that its configuration has; and what the text says of itself at its top."""

import re

from cimnet_nornir.domain.interfaces import is_interface, is_logical
from cimnet_nornir.domain.reading import Identity
from cimnet_nornir.ios.capture import configuration_in
from cimnet_nornir.ios.reading.systems import system_of
from cimnet_nornir.ios.tree import Config

_HOSTNAME = re.compile(r"(?m)^hostname (\S.*?)\s*$")
_VERSION = re.compile(r"(?m)^version (\d+)\.\d")
# IOS ended with 15; IOS-XE, which began at 16, counts on.
_FIRST_XE = 16


def ports_of(config: Config) -> tuple[str, ...]:
    """The physical interfaces of a normalised configuration, in its order; the ports of sub-interfaces too."""
    headers = (node.text.removeprefix("interface ") for node in config.nodes if node.text.startswith("interface "))
    ports = (name.partition(".")[0] for name in headers if is_interface(name))
    return tuple(dict.fromkeys(port for port in ports if not is_logical(port)))


def identify(text: str) -> Identity:
    """Whose configuration it is, before anything of it is read."""
    alone = configuration_in(text)
    name, version = _HOSTNAME.search(alone), _VERSION.search(alone)
    is_xe = version is not None and int(version[1]) >= _FIRST_XE
    return Identity(name[1] if name else None, "iosxe" if is_xe else "ios", alone, system_of(alone))

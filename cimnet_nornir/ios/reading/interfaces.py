"""The base of interfaces that route: ports, sub-interfaces, SVIs, loopbacks, tunnels; and the ports of the hardware."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface

from pydantic import TypeAdapter, ValidationError

from cimnet_nornir.domain.decide_routing import unusable
from cimnet_nornir.domain.interfaces import is_interface, is_logical
from cimnet_nornir.domain.values import Description, RoutedInterface
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, sections

_DESCRIPTION: TypeAdapter[str] = TypeAdapter(Description)
_ADDRESS = re.compile(r"ip address (?P<address>\d\S*) (?P<mask>\d\S*)(?P<secondary> secondary)?")


def read(config: Config, draft: Draft) -> None:
    """Take in every interface that routes, also one that has nothing but defaults."""
    for name, said in interfaces(config):
        port = name.partition(".")[0]
        if not is_logical(port) and port not in draft.device.ports:
            draft.device.ports = (*draft.device.ports, port)
        if routes(name, said, draft):
            draft.device.interfaces[name] = RoutedInterface(
                description=_description(said),
                enabled=not said.has("shutdown"),
                addresses=_addresses(said),
            )


def interfaces(config: Config) -> Iterator[tuple[str, Said]]:
    """Each interface whose name is one, with its lines."""
    for node in sections(config, "interface "):
        name = node.text.removeprefix("interface ")
        if is_interface(name):
            yield name, Said.of(node.children)


def routes(name: str, said: Said, draft: Draft) -> bool:
    """Whether an interface routes: of a switch, a port or port-channel only where it is told not to switch."""
    switched = draft.device.switches and "." not in name and (not is_logical(name) or name.startswith("Port-channel"))
    return said.has("no switchport") if switched else True


def _description(said: Said) -> str | None:
    try:
        return _DESCRIPTION.validate_python(said.after("description"))
    except ValidationError:
        return None


def _addresses(said: Said) -> tuple[IPv4Interface, ...]:
    """The addresses, the primary one first; those that no host can have are left as they are."""
    matches = [match for line in said.lines if (match := _ADDRESS.fullmatch(line))]
    found: list[IPv4Interface] = []
    for match in sorted(matches, key=lambda match: match["secondary"] is not None):
        address = _address(match)
        if address is None or unusable(address) is not None or (match["secondary"] and not found):
            continue
        found.append(address)
    return tuple(found)


def _address(match: re.Match[str]) -> IPv4Interface | None:
    try:
        return IPv4Interface(f"{match['address']}/{match['mask']}")
    except ValueError:
        return None

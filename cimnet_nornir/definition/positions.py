"""Where something was written: the tree of the file, and the way from what the domain names back to line and field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.domain.features import FEATURES
from cimnet_nornir.domain.interfaces import canonical_interface, is_interface

Path = tuple[object, ...]
_LONGEST_NAME = 80
# Fields of a device that subjects of errors begin with: "bgp 192.0.2.1", "eigrp 100", "port_channels 1".
BUNDLES = ("port_channels", "bonds")
PROTOCOLS = ("bgp", "eigrp", "ospf", *BUNDLES)
# Sections of networks of hosts, each with what is attached to one: "web nginx" is a container of the network web.
_MEMBERS: Mapping[str, str] = {"container_networks": "containers", "vm_networks": "machines"}


@dataclass(slots=True)
class Node:
    """A part of the file: where it begins (line and column from 1), its plain data, and its parts by key or index.

    The position of a part of a mapping is that of its key. `size` counts it and all that is in it.
    """

    line: int
    column: int
    data: object = None
    children: dict[object, "Node"] = field(default_factory=dict)
    size: int = 1


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the file: line and column from 1, and the field, such as `devices.r2.interfaces.Vlan10.address`."""

    line: int
    column: int
    field: str


def field_path(path: Path) -> str:
    """A path as people write it: ("devices", "r1", "routes", 0) gives "devices.r1.routes[0]"."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{one_line(part)}" if shown else one_line(part)
    return shown


def one_line(part: object) -> str:
    """A name out of the file as a message can show it, whatever stands in it."""
    text = str(part)[:_LONGEST_NAME]
    return text if text.isprintable() else repr(text)[1:-1]


def place(root: Node, path: Path) -> Position:
    """Where the path leads; where it leads nowhere, the nearest place around, with the field as asked."""
    node = root
    shown: list[object] = []
    for part in path:
        child = node.children.get(part)
        mapping = not isinstance(node.data, list)
        if child is None and mapping and isinstance(part, int):
            continue  # a single thing may stand where a list is allowed
        shown.append(str(part) if mapping else part)
        node = child or Node(node.line, node.column)
    return Position(node.line, node.column, field_path(tuple(shown)))


def bundle_path(host: str, subject: str) -> Path:
    """The path of a bundle of a device: "port_channels 1", "bonds bond0"."""
    field, _, name = subject.partition(" ")
    return ("devices", host, field, int(name) if name.isdecimal() and field == BUNDLES[0] else name)


@dataclass(frozen=True, slots=True)
class Positions:
    """Finds in the file what the domain names: a device by its id or host name, "HOST INTERFACE", a port, a VLAN id.

    A container or machine is named by its network and its own name.

    `hosts` maps device id to host name; `interfaces` maps (host name, canonical interface) to the key it was written
    under, which may be a range.
    """

    root: Node
    hosts: Mapping[str, str] = field(default_factory=dict)
    interfaces: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def at(self, path: Path) -> Position:
        """The position of a path of keys and indexes."""
        return place(self.root, path)

    def has(self, path: Path) -> bool:
        """Whether something is written under the path."""
        node: Node | None = self.root
        for part in path:
            node = node.children.get(part) if node else None
        return node is not None

    def of(self, subject: str) -> Position:
        """The position of a subject of an error: a device, "HOST INTERFACE", or anything that `locate` finds."""
        host, _, rest = subject.partition(" ")
        return self.locate(host, rest or host)

    def locate(self, device: str, subject: str) -> Position:
        """The best match for a subject on a device (its id or host name); the beginning of the file at worst."""
        host = self.hosts.get(device, device)
        for path in self._candidates(host, subject.removeprefix(f"{host} ").removeprefix(f"{device} ")):
            if self.has(path):
                return self.at(path)
        return Position(1, 1, "")

    def interface_path(self, host: str, interface: str) -> Path:
        """The path of an interface of a host, by its canonical name."""
        return ("devices", host, "interfaces", self.interfaces.get((host, interface), interface))

    def _candidates(self, host: str, subject: str) -> Iterator[Path]:
        here = ("devices", host)
        if (host, subject) in self.interfaces or is_interface(subject):
            name = subject if (host, subject) in self.interfaces else canonical_interface(subject)
            entry = self.interface_path(host, name)
            yield from ((*entry, name) for name in ("address", "addresses"))
            yield entry
            yield (*here, "ports")
        protocol, _, key = subject.partition(" ")
        if protocol in FEATURES:
            yield from ((*here, "features", protocol, key), (*here, "features", protocol))
        if protocol in BUNDLES:
            yield bundle_path(host, subject)
        if protocol in PROTOCOLS:
            yield (*here, protocol)
        if subject.isdecimal():
            yield from self._uses_of_vlan(host, int(subject))
        for section, members in _MEMBERS.items():
            yield (section, host, members, subject, "address")
            yield (section, host, members, subject)
        if subject not in (host, ""):
            yield from ((*here, subject), ("defaults", subject), (subject,))
        yield here
        yield from ((section, host) for section in _MEMBERS)

    def _uses_of_vlan(self, host: str, vlan: int) -> Iterator[Path]:
        entries = ("devices", host, "interfaces")
        for (owner, _), key in self.interfaces.items():
            for name in ("vlan", "native"):
                if owner == host and self.written((*entries, key, name)) == vlan:
                    yield (*entries, key, name)
        yield self.interface_path(host, f"Vlan{vlan}")
        yield ("devices", host, "vlans", vlan)
        yield ("devices", host, "vlans")
        yield ("vlans", vlan)

    def written(self, path: Path) -> object:
        """What stands at a path; None where nothing does."""
        node: Node | None = self.root
        for part in path:
            node = node.children.get(part) if node else None
        return node.data if node else None

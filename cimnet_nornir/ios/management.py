"""The way by which a push arrives at a device: what cuts it is told of before it is sent.

Looked at from one device alone: where its management address stands, what leads there, how answers find back, and how
one logs in (`login_path`). What a push brings to a device that had none of it is no cut.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import interface_type, is_logical, parse_vlan_list
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.channels import memberships
from cimnet_nornir.ios.login_path import cuts_login, filtered_more
from cimnet_nornir.ios.normalise import ALL_VLANS
from cimnet_nornir.ios.tree import Config, Node, find, sections

_DEFAULT = "ip route 0.0.0.0 0.0.0.0 "
_PROTOCOLS = tuple(f"router {name}" for name in ("ospf", "eigrp", "bgp", "rip", "isis"))


def cuts_management(device: Device, running: Config, intended: Config, commands: Sequence[str] = ()) -> Iterator[str]:
    """A sentence for each thing that cuts the way by which the push arrives; all configurations are normalised.

    `intended` is what runs after the push: lines of nobody's intent stay. `commands` are what is sent, for what no
    configuration shows (keys).
    """
    yield from _address_cut(device, running, intended)
    yield from _routes_cut(running, intended)
    yield from cuts_login(device, running, intended, commands)


def _address_cut(device: Device, running: Config, intended: Config) -> Iterator[str]:
    address = device.details.management
    if address is None:
        return
    now, then = (tuple(_holders(config, address)) for config in (running, intended))
    if not now:
        return
    reached = f"the address by which {device.name} is reached"
    if not then:
        yield f"this takes away {address} ({now[0].text}), {reached}"
    elif not {node.text for node in now} & {node.text for node in then}:
        yield f"this moves {address} from {now[0].text} to {then[0].text}, {reached}"
    elif all(_is_shut(node) for node in then) and not all(_is_shut(node) for node in now):
        yield f"this shuts {then[0].text}, which has {address}, {reached}"
    else:
        for node in now:
            yield from _way_cut(device, address, node.text, running, intended)


def _holders(config: Config, address: IPv4Address) -> Iterator[Node]:
    for node in config.nodes:
        if any(child.text.startswith(f"ip address {address} ") for child in node.children):
            yield node


def _is_shut(node: Node) -> bool:
    return any(child.text == "shutdown" for child in node.children)


def _way_cut(device: Device, address: IPv4Address, header: str, running: Config, intended: Config) -> Iterator[str]:
    """What leads to an interface that keeps the address: the VLAN of an SVI, the port of a sub-interface, filters."""
    name = header.removeprefix("interface ")
    was, now = find(running, (header,)), find(intended, (header,))
    if was is None or now is None:
        return
    why = f"{address} of {device.name} is reached"
    if interface_type(name) == "Vlan":
        yield from _vlan_cut(int(name.removeprefix("Vlan")), f"by which {why}", running, intended)
    elif "." in name:
        parent = (f"interface {name.partition('.')[0]}",)
        before, after = find(running, parent), find(intended, parent)
        if before and after and _is_shut(after) and not _is_shut(before):
            yield f"this shuts {parent[0]}, over which {why}"
        if _line(was, "encapsulation ") != _line(now, "encapsulation "):
            yield f"this changes the encapsulation of {header}, over which {why}"
    if _table(was) != _table(now):
        yield f"this puts {header} into another VRF, over which {why}"
    yield from filtered_more(device, name, running, intended)


def _table(node: Node) -> str:
    return _line(node, "vrf forwarding ") or _line(node, "ip vrf forwarding ")


def _line(node: Node, beginning: str) -> str:
    return next((child.text for child in node.children if child.text.startswith(beginning)), "")


# --- the VLAN of the management address -------------------------------------------------------------------------------


def _vlan_cut(vlan: int, why: str, running: Config, intended: Config) -> Iterator[str]:
    """Of several trunks any may be the way, so that only the last one counts; other ports where there is no trunk."""
    before, after = (find(config, (f"vlan {vlan}",)) for config in (running, intended))
    if before is not None and after is None:
        yield f"this removes vlan {vlan}, {why}"
        return
    if after is not None and _is_down(after) and not (before is not None and _is_down(before)):
        yield f"this takes vlan {vlan} out of service, {why}"
    for trunks in (True, False):
        now, then = (tuple(_carriers(config, vlan, trunks=trunks)) for config in (running, intended))
        if now:
            ports = ", ".join(node.text.removeprefix("interface ") for node in now)
            kind = "trunk" if trunks else "port"
            if not then:
                yield f"this takes vlan {vlan} off {ports}, and no {kind} is left for it, {why}"
            elif not any(_stays_a_link(node, running, intended) for node in then):
                yield (
                    f"this makes a port-channel of {ports}, or ports of one, and no other {kind} is left for"
                    f" vlan {vlan} until the other end is the same, {why}"
                )
            return


def _stays_a_link(node: Node, running: Config, intended: Config) -> bool:
    """Whether a port is in no port-channel as before, or in the same by the same protocol.

    Else it passes nothing until the other end follows. Port-channels are looked at by their members, where these are
    known.
    """
    was, becomes = memberships(running), memberships(intended)
    number = node.text.removeprefix("interface Port-channel")
    if number != node.text and any(group == number for group, _ in becomes.values()):
        return False
    return was.get(node.text) == becomes.get(node.text)


def _is_down(node: Node) -> bool:
    return any(child.text in ("shutdown", "state suspend") for child in node.children)


def _carriers(config: Config, vlan: int, *, trunks: bool) -> Iterator[Node]:
    """The open ports that carry a VLAN: trunks, or ports in it."""
    for node in sections(config, "interface "):
        name = node.text.removeprefix("interface ")
        if (is_logical(name) and interface_type(name) != "Port-channel") or _is_shut(node):
            continue
        lines = {child.text for child in node.children}
        routed = "no switchport" in lines or bool(_line(node, "ip address "))
        if not routed and _is_trunk(lines) is trunks and vlan in _carried(node, trunks=trunks):
            yield node


def _is_trunk(lines: set[str]) -> bool:
    """Without a mode it is negotiated: a port with lines of a trunk is taken for one."""
    if "switchport mode access" in lines:
        return False
    return "switchport mode trunk" in lines or any(line.startswith("switchport trunk ") for line in lines)


def _carried(node: Node, *, trunks: bool) -> frozenset[int]:
    beginning = "switchport trunk allowed vlan " if trunks else "switchport access vlan "
    words = _line(node, beginning).removeprefix(beginning)
    if words == "none":
        return frozenset()
    try:
        return parse_vlan_list(words) if words else ALL_VLANS if trunks else frozenset({1})
    except InvalidValue:
        return ALL_VLANS  # what cannot be read is not held against anybody


# --- how answers find back --------------------------------------------------------------------------------------------


def _routes_cut(running: Config, intended: Config) -> Iterator[str]:
    """The last way out that goes; a routing protocol that stays may bring another."""
    if any(node.text.startswith(_PROTOCOLS) for node in intended.nodes):
        return
    left = tuple(_ways_out(intended))
    for kind, words in (("default", "default route"), ("gateway", "default gateway"), ("static", "static route")):
        gone = [text for found, text in _ways_out(running) if found == kind]
        if gone and not _replaced(kind, {found for found, _ in left}):
            yield f"this takes away the only {words} ({gone[0]}), by which answers find back"
            return
    gone = [node.text for node in running.nodes if node.text.startswith(_PROTOCOLS)]
    if gone and not left:
        yield f"this takes away {gone[0]}, and leaves no route by which answers find back"


def _replaced(kind: str, left: set[str]) -> bool:
    return bool(left & {"default", "gateway"}) or (kind == "static" and "static" in left)


def _ways_out(config: Config) -> Iterator[tuple[str, str]]:
    for node in config.nodes:
        if node.text.startswith(_DEFAULT):
            yield "default", node.text
        elif node.text.startswith("ip default-gateway "):
            yield "gateway", node.text
        elif node.text.startswith("ip route ") and not node.text.startswith("ip route vrf "):
            yield "static", node.text

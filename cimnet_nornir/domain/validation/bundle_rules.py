"""Rules over port-channels and bonds: their two ends must agree, or no frame passes, or a loop is made."""

from collections.abc import Iterator

from cimnet_nornir.domain.bundles import bundles_of, channel_number, logical_link
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.validation.findings import Problem
from cimnet_nornir.domain.validation.rules import AnyRule, link_rule, rule
from cimnet_nornir.domain.validation.view import End, LinkEnds, NetworkView

_ONE_CARD = "active-backup"
# What PAgP waits for is no matter of agreement.
_SILENCE = " non-silent"
# How a bond of Linux speaks (Documentation/networking/bonding.rst), in the words of port-channels.
_BONDS = {"802.3ad": "active", "balance-xor": "on", _ONE_CARD: _ONE_CARD}
# Which modes understand one another: two ends of the last kind of a protocol wait for one another.
_AGREE = ({"active"}, {"active", "passive"}, {"desirable"}, {"desirable", "auto"}, {"on"})


@rule("bundle-ends", "error", "The members of a bundle do not lead to the members of one bundle.")
def bundle_ends(network: NetworkView) -> Iterator[Problem]:
    """A bond of mode active-backup may lead to several switches: it uses one card at a time."""
    for device in network.devices.values():
        for name, members in bundles_of(device):
            far = _far_ends(network, device, members)
            if mode_of(device, name) == _ONE_CARD:
                continue
            if len(far) > 1:
                message = f"its members lead to {' and '.join(str(end) for end in far)}"
                yield _problem(device, name, far, message, "link them to the members of one bundle")
            elif far and _is_single(far[0]):
                message = f"it leads to {far[0]}, which is in no bundle"
                yield _problem(device, name, far, message, f"put {far[0]} into a {_kind(far[0].device)}")


def _far_ends(network: NetworkView, device: Device, members: tuple[str, ...]) -> tuple[End, ...]:
    """The other ends of the members' cables, bundles in place of their ports, in order."""
    own = {(device.id, port) for port in members}
    links = (link for link in network.network.links_of(device.id) if own & {link.a, link.b})
    logical = (logical_link(network.devices, link) for link in links)
    far = {link.b if link.a[0] == device.id else link.a for link in logical}
    return tuple(End(network.devices[name], port) for name, port in sorted(far) if name in network.devices)


def _is_single(end: End) -> bool:
    """Whether it is a port by itself; the bundles of a router are not known here."""
    return (end.device.switches or end.device.is_host) and mode_of(end.device, end.port) is None


def _kind(device: Device) -> str:
    return "bond" if device.is_host else "port-channel"


@rule("bundle-uncabled", "warning", "Some members of a bundle have a cable, and others have none.")
def bundle_uncabled(network: NetworkView) -> Iterator[Problem]:
    for device in network.devices.values():
        linked = {end[1] for link in network.network.links_of(device.id) for end in (link.a, link.b)}
        for name, members in bundles_of(device):
            loose = [port for port in members if port not in linked]
            if loose and len(loose) < len(members):
                message = f"{', '.join(loose)} {'has' if len(loose) == 1 else 'have'} no cable, and other members have"
                yield Problem(device.name, name, message, "link them, or take them out of it")


@link_rule("bundle-mode", "error", "The two ends of a bundle do not agree on the protocol (LACP, PAgP).")
def bundle_mode(ends: LinkEnds) -> Iterator[Problem]:
    """Two passive ends wait for one another; `on` speaks no protocol, and the ports of an end that does stay apart."""
    near, far = (mode_of(end.device, end.port) for end in (ends.near, ends.far))
    if near is None or far is None:
        return
    if {near.removesuffix(_SILENCE), far.removesuffix(_SILENCE)} not in _AGREE:
        message = f"its mode is {_told(ends.near)}, and that of {ends.far} {_told(ends.far)}"
        right = (
            "active at one end and active or passive at the other (PAgP: desirable, and desirable or auto), or on at"
            " both (a bond: 802.3ad, or balance-xor)"
        )
        yield _problem(ends.near.device, ends.near.port, (ends.far,), message, right)


def mode_of(device: Device, bundle: str) -> str | None:
    """How a bundle of a device speaks, in the words of port-channels; None where there is no such bundle."""
    if bundle in device.bonds:
        return _BONDS[device.bonds[bundle].mode]
    channel = device.port_channels.get(channel_number(bundle) or 0)
    return None if channel is None else channel.mode


def _told(end: End) -> str:
    """The mode as the definition says it."""
    bond = end.device.bonds.get(end.port)
    return bond.mode if bond is not None else mode_of(end.device, end.port) or ""


def _problem(device: Device, name: str, far: tuple[End, ...], message: str, right: str) -> Problem:
    return Problem(device.name, name, message, right, others=tuple(dict.fromkeys(end.device.name for end in far)))


BUNDLE_RULES: tuple[AnyRule, ...] = (bundle_ends, bundle_uncabled, bundle_mode)

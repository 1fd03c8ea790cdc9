"""What interfaces are told beyond their base: hardware, sizes, timers, tags, IPv4, policies."""

import re
from typing import Any

from cimnet_nornir.domain.features.interfaces import (
    Bandwidth,
    DhcpClient,
    Dot1q,
    Ethernet,
    HelperAddress,
    InterfaceTimers,
    IpOptions,
    Mtu,
    PolicyRouting,
    ServicePolicy,
    Unnumbered,
    VerifyUnicast,
)
from cimnet_nornir.domain.features.model import InterfaceSetting
from cimnet_nornir.domain.features.nat import NatInterface
from cimnet_nornir.domain.interfaces import interface_type, is_logical
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.interfaces import interfaces
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

Fields = dict[str, Any]
# Settings whose fields each stand behind their own words: a number, or a word as it is.
_PLAIN: tuple[tuple[type[InterfaceSetting], dict[str, str]], ...] = (
    (Mtu, {"bytes": "mtu", "ip": "ip mtu", "ipv6": "ipv6 mtu", "tcp_mss": "ip tcp adjust-mss"}),
    (Bandwidth, {"kilobits": "bandwidth", "delay": "delay"}),
    (PolicyRouting, {"route_map": "ip policy route-map"}),
    (Unnumbered, {"address_of": "ip unnumbered"}),
    (NatInterface, {"side": "ip nat"}),
)
_TAG = re.compile(r"encapsulation dot1Q (?P<vlan>\d+)(?P<native> native)?(?: second-dot1q (?P<second>\d+))?")
_LEASE = re.compile(r"ip address dhcp(?: client-id (?P<client_id>\S+))?(?: hostname (?P<hostname>\S+))?")
_HELPER = re.compile(r"ip helper-address (?:vrf (?P<vrf>\S+) )?(?P<address>\d\S+)")
_POLICY = re.compile(r"service-policy (?P<direction>input|output) (?P<policy>\S+)")
_VERIFY = re.compile(
    r"ip verify unicast source reachable-via (?P<reachable_via>rx|any)(?P<allow_default> allow-default)?"
    r"(?P<allow_self_ping> allow-self-ping)?(?: (?P<access_list>\S+))?"
)


def read(config: Config, draft: Draft) -> None:
    """Take in the settings of each interface."""
    for name, said in interfaces(config):
        for kind, places in _PLAIN:
            found = {field: number_or_word(said.after(words)) for field, words in places.items()}
            add_if_said(draft, kind, name, found)
        _ethernet(name, said, draft)
        _timers(name, said, draft)
        _options(name, said, draft)
        _tag(name, said, draft)
        for kind, pattern in ((HelperAddress, _HELPER), (ServicePolicy, _POLICY)):
            for match in (match for line in said.lines if (match := pattern.fullmatch(line))):
                draft.add(kind, interface=name, **match.groupdict())
        _leased_and_verified(name, said, draft)


def number_or_word(text: str | None) -> int | str | None:
    """A number as one; a word as it is."""
    return int(text) if text is not None and text.isdecimal() else text


def add_if_said(draft: Draft, kind: type[InterfaceSetting], name: str, fields: Fields) -> None:
    """Take in a setting of an interface where anything of it is said."""
    said = {field: value for field, value in fields.items() if value is not None and value is not False}
    if said:
        draft.add(kind, interface=name, **said)


def _ethernet(name: str, said: Said, draft: Draft) -> None:
    if is_logical(name) and not name.startswith("Port-channel"):
        return
    words = {"speed": "speed", "duplex": "duplex", "media_type": "media-type"}
    found: Fields = {field: number_or_word(said.after(before)) for field, before in words.items()}
    if said.has("negotiation auto", "no negotiation auto"):
        found["negotiation"] = said.has("negotiation auto")
    found = {field: value for field, value in found.items() if value is not None}
    if found:
        draft.add(Ethernet, interface=name, **found)


def _timers(name: str, said: Said, draft: Draft) -> None:
    delay = said.after("carrier-delay") or ""
    msec = delay.removeprefix("msec ")
    found: Fields = {
        "load_interval": number_or_word(said.after("load-interval")),
        "carrier_delay_msec" if delay != msec else "carrier_delay": number_or_word(msec or None),
    }
    if interface_type(name) != "Tunnel":
        found["keepalive"] = 0 if said.has("no keepalive") else number_or_word(said.after("keepalive"))
    found = {field: value for field, value in found.items() if value is not None}
    if found:
        draft.add(InterfaceTimers, interface=name, **found)


def _options(name: str, said: Said, draft: Draft) -> None:
    off = {
        "redirects": "no ip redirects",
        "unreachables": "no ip unreachables",
        "proxy_arp": "no ip proxy-arp",
    }
    found: Fields = {field: False for field, line in off.items() if said.has(line)}
    if said.has("ip directed-broadcast"):
        found["directed_broadcast"] = True
    if found:
        draft.add(IpOptions, interface=name, **found)


def _tag(name: str, said: Said, draft: Draft) -> None:
    """The tag of a sub-interface, where the base does not say it by its number."""
    if "." not in name:
        return
    match = next((match for line in said.lines if (match := _TAG.fullmatch(line))), None)
    if match is None:
        draft.add(Dot1q, interface=name)
    elif match[0] != f"encapsulation dot1Q {name.rpartition('.')[2]}":
        told = {"vlan": int(match["vlan"]), "native": match["native"] is not None}
        draft.add(Dot1q, interface=name, second=number_or_word(match["second"]), **told)


def _leased_and_verified(name: str, said: Said, draft: Draft) -> None:
    for line in said.lines:
        if (lease := _LEASE.fullmatch(line)) is not None:
            draft.add(DhcpClient, interface=name, **lease.groupdict())
        if (verify := _VERIFY.fullmatch(line)) is not None:
            flags = {flag: verify[flag] is not None for flag in ("allow_default", "allow_self_ping")}
            draft.add(VerifyUnicast, interface=name, **{**verify.groupdict(), **flags})

"""What switches and their ports are told besides their base: VTP, VLANs, modes, port-channels."""

from collections.abc import Iterator, Mapping

from cimnet_nornir.domain.bundles import bundle_of
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.features.switching import (
    ChannelProtocol,
    EtherChannel,
    Lacp,
    StackMember,
    SwitchPort,
    VlanGlobals,
    VlanOptions,
    Vtp,
)
from cimnet_nornir.domain.interfaces import is_interface
from cimnet_nornir.domain.values import AccessMode, TrunkMode
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switching import interfaces
from cimnet_nornir.ios.tree import Config, sections


def read(config: Config, draft: Draft) -> None:
    """Take in the settings of a switch and of its ports; LACP is of routers too."""
    said = Said.of(config.nodes)
    told(draft, EtherChannel, _etherchannel(said))
    for name, lines in interfaces(config):
        if is_interface(name):
            told(draft, Lacp, _lacp(lines), interface=name)
            if (protocol := lines.after("channel-protocol")) is not None:
                draft.add(ChannelProtocol, interface=name, protocol=protocol)
    if draft.device.switches:
        _switch(said, config, draft)


def told(draft: Draft, kind: type[Setting], fields: Mapping[str, object], **key: object) -> None:
    """Take in a setting where any of its fields is told: None, False and nothing are not."""
    said = {name: value for name, value in fields.items() if value is not False and value not in (None, "", ())}
    if said:
        draft.add(kind, **key, **said)


def number(text: str | None) -> int | str | None:
    """The text as a number; as it is where it is none, for the setting to refuse."""
    return int(text) if text is not None and text.isdecimal() else text


def _switch(said: Said, config: Config, draft: Draft) -> None:
    told(draft, Vtp, _vtp(said))
    told(draft, VlanGlobals, _vlan_globals(said))
    for member in said.each("switch"):
        place, word, model = (*member.split(" "), "", "")[:3]
        if word == "provision":
            draft.add(StackMember, member=number(place), provision=model)
    for vlan, lines in _vlans(config, draft):
        told(draft, VlanOptions, _options(lines), vlan=vlan)
    for name, lines in interfaces(config):
        if switches(draft, name):
            told(draft, SwitchPort, _switchport(lines, draft, name), interface=name)


def switches(draft: Draft, name: str) -> bool:
    """Whether an interface is a port or port-channel that switches."""
    return name in draft.device.switch_ports


def _etherchannel(said: Said) -> dict[str, object]:
    return {
        "load_balance": said.after("port-channel load-balance"),
        "lacp_system_priority": number(said.after("lacp system-priority")),
    }


def _vtp(said: Said) -> dict[str, object]:
    return {
        "mode": said.after("vtp mode"),
        "domain": said.after("vtp domain"),
        "version": number(said.after("vtp version")),
        "pruning": said.has("vtp pruning"),
    }


def _vlan_globals(said: Said) -> dict[str, object]:
    return {
        "internal_allocation": said.after("vlan internal allocation policy"),
        "tag_native": said.has("vlan dot1q tag native"),
    }


def _vlans(config: Config, draft: Draft) -> Iterator[tuple[int, Said]]:
    for node in sections(config, "vlan "):
        vlan = number(node.text.removeprefix("vlan "))
        if isinstance(vlan, int) and vlan in draft.device.vlans:
            yield vlan, Said.of(node.children)


def _options(lines: Said) -> dict[str, object]:
    return {
        "suspended": lines.has("state suspend"),
        "shutdown": lines.has("shutdown"),
        "remote_span": lines.has("remote-span"),
        "mtu": number(lines.after("mtu")),
    }


def _lacp(lines: Said) -> dict[str, object]:
    return {
        "fast_rate": lines.has("lacp rate fast"),
        "port_priority": number(lines.after("lacp port-priority")),
        "min_links": number(lines.after("port-channel min-links")),
        "max_bundle": number(lines.after("lacp max-bundle")),
        "fast_switchover": lines.has("lacp fast-switchover"),
    }


def _switchport(lines: Said, draft: Draft, name: str) -> dict[str, object]:
    """What the mode of the port, or of the port-channel that it is a member of, does not say."""
    base = draft.device.switch_ports[bundle_of(draft.device, name) or name].switching
    blocked = lines.each("switchport block")
    fields: dict[str, object] = {
        "voice_vlan": number(lines.after("switchport voice vlan")),
        "encapsulation": lines.after("switchport trunk encapsulation"),
        "nonegotiate": lines.has("switchport nonegotiate"),
        "protected": lines.has("switchport protected"),
        "block_unicast": "unicast" in blocked,
        "block_multicast": "multicast" in blocked,
    }
    if base is None:
        mode = lines.after("switchport mode")
        fields["mode"] = mode if mode is None or not mode.startswith("private-vlan ") else None
    if not isinstance(base, AccessMode):
        fields["access_vlan"] = number(lines.after("switchport access vlan"))
    if not isinstance(base, TrunkMode):
        fields["native_vlan"] = number(lines.after("switchport trunk native vlan"))
        fields["allowed_vlans"] = lines.after("switchport trunk allowed vlan")
    return fields
